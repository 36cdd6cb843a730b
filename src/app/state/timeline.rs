//! The timeline: what happened to keys and what the reader did to the clock, newest last.

use std::collections::VecDeque;
use std::rc::Rc;

use playground_engine::Event;

use super::clock::{ClockMode, Move};

const KEPT: usize = 200;

/// Something on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Something happened to a key or a database; how many times in a row.
    Key(Event, usize),
    /// The reader moved the clock.
    Clock(Move),
    /// The reader let the clock run or stopped it.
    Mode(ClockMode),
}

/// A mark on the timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub id: u64,
    pub at: u64,
    pub what: What,
}

/// The marks, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    pub marks: VecDeque<Rc<Mark>>,
    next_id: u64,
}

impl Timeline {
    pub fn happened(&mut self, events: Vec<Event>) {
        for event in events {
            if !self.joins_last(&event) {
                self.push(event.at, What::Key(event, 1));
            }
        }
    }

    /// The same thing again, to the same key at the same moment, is counted instead of drawn again.
    fn joins_last(&mut self, event: &Event) -> bool {
        let Some(last) = self.marks.back_mut() else { return false };
        let What::Key(known, _) = &last.what else { return false };
        if (known.db, &known.key, &known.kind, known.at) != (event.db, &event.key, &event.kind, event.at) {
            return false;
        }
        if let What::Key(_, times) = &mut Rc::make_mut(last).what {
            *times += 1;
        }
        true
    }

    pub fn moved(&mut self, moved: Move) {
        self.push(moved.from, What::Clock(moved));
    }

    pub fn mode(&mut self, now: u64, mode: ClockMode) {
        // Turning a knob to and fro is one change of mind.
        if self.marks.back().is_some_and(|mark| mark.at == now && matches!(mark.what, What::Mode(_))) {
            self.marks.pop_back();
        }
        self.push(now, What::Mode(mode));
    }

    fn push(&mut self, at: u64, what: What) {
        let id = self.next_id;
        self.next_id += 1;
        self.marks.push_back(Rc::new(Mark { id, at, what }));
        if self.marks.len() > KEPT {
            self.marks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::EventKind;

    #[test]
    fn repeats_are_counted_and_the_rest_is_capped() {
        let set =
            |key: &[u8]| Event { at: 1, db: 0, key: key.to_vec(), kind: EventKind::Changed { name: "set" } };
        let mut timeline = Timeline::default();
        timeline.happened(vec![set(b"a"), set(b"a"), set(b"b")]);
        assert_eq!(timeline.marks.len(), 2);
        assert!(matches!(timeline.marks[0].what, What::Key(_, 2)));
        for n in 0..300_u32 {
            timeline.happened(vec![set(&n.to_be_bytes())]);
        }
        assert_eq!(timeline.marks.len(), KEPT);
    }
}
