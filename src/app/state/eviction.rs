//! Keys that left by themselves: the last victims of eviction with whom they were compared, and the last that expired.
//!
//! Bounded, newest first. Why a key was chosen is told by its event and not decided here.

use std::collections::VecDeque;
use std::rc::Rc;

use playground_engine::{Event, EventKind, Eviction, Expiry};

const KEPT_VICTIMS: usize = 50;
const KEPT_EXPIRED: usize = 8;

/// A key that was evicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Victim {
    pub id: u64,
    pub at: u64,
    pub db: usize,
    pub key: Vec<u8>,
    pub why: Eviction,
}

/// A key that expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expired {
    pub id: u64,
    pub at: u64,
    pub key: Vec<u8>,
    pub how: Expiry,
    pub late_ms: u64,
}

/// Keys that left by themselves, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Departures {
    pub victims: VecDeque<Rc<Victim>>,
    pub expired: VecDeque<Expired>,
    /// The victim that is looked into.
    pub chosen: Option<u64>,
    next_id: u64,
}

impl Departures {
    /// Whether any key left by itself.
    pub fn learns_from<'a>(mut events: impl Iterator<Item = &'a Event>) -> bool {
        events.any(|event| matches!(event.kind, EventKind::Evicted(_) | EventKind::Expired { .. }))
    }

    pub fn happened<'a>(&mut self, events: impl Iterator<Item = &'a Event>) {
        for event in events {
            let id = self.next_id;
            match &event.kind {
                EventKind::Evicted(why) => {
                    let (key, why) = (event.key.clone(), (**why).clone());
                    self.victims.push_front(Rc::new(Victim { id, at: event.at, db: event.db, key, why }));
                    self.victims.truncate(KEPT_VICTIMS);
                }
                EventKind::Expired { how, late_ms } => {
                    let (key, how, late_ms) = (event.key.clone(), *how, *late_ms);
                    self.expired.push_front(Expired { id, at: event.at, key, how, late_ms });
                    self.expired.truncate(KEPT_EXPIRED);
                }
                _ => continue,
            }
            self.next_id += 1;
        }
    }

    /// Forgets what left after a moment.
    pub fn cut(&mut self, at: u64) {
        self.victims.retain(|victim| victim.at <= at);
        self.expired.retain(|expired| expired.at <= at);
    }

    pub fn choose(&mut self, id: Option<u64>) {
        self.chosen = id;
    }

    /// The victim that is looked into, as long as it is kept.
    pub fn chosen(&self) -> Option<&Rc<Victim>> {
        self.victims.iter().find(|victim| Some(victim.id) == self.chosen)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::Standing;

    fn evicted(key: &[u8]) -> Event {
        let why = Eviction { policy: "allkeys-lru", standing: Standing::Idle(3), bytes: 80, compared: None };
        Event { at: 1, db: 0, key: key.to_vec(), kind: EventKind::Evicted(Box::new(why)) }
    }

    #[test]
    fn the_newest_victims_are_kept_and_the_chosen_one_as_long_as_it_is_among_them() {
        let mut departures = Departures::default();
        departures.happened([evicted(b"a"), evicted(b"b")].iter());
        assert_eq!(departures.victims[0].key, b"b");
        departures.choose(Some(departures.victims[1].id));
        assert_eq!(departures.chosen().map(|victim| victim.key.clone()), Some(b"a".to_vec()));
        let many: Vec<Event> = (0..100_u8).map(|n| evicted(&[n])).collect();
        departures.happened(many.iter());
        assert_eq!((departures.victims.len(), departures.chosen()), (KEPT_VICTIMS, None));
    }

    #[test]
    fn changes_are_no_departures() {
        let set = Event { at: 1, db: 0, key: b"k".to_vec(), kind: EventKind::Changed { name: "set" } };
        assert!(!Departures::learns_from(std::iter::once(&set)));
        let mut departures = Departures::default();
        let events =
            [set, Event { kind: EventKind::Expired { how: Expiry::Active, late_ms: 40 }, ..evicted(b"k") }];
        departures.happened(events.iter());
        assert_eq!((departures.expired.len(), departures.expired[0].late_ms), (1, 40));
    }
}
