//! Who waits for which keys, in which order, and until when: the memory behind the blocking commands.
//!
//! Keyspace tells which keys may have what somebody waits for; the engine lets those who wait try again once the command
//! that brought it is over. Nothing here knows a value or a command.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use foldhash::fast::FixedState;
use indexmap::{IndexMap, IndexSet};

use crate::session::{Blocked, Cause, SessionId};

/// A key of a database.
pub type Place = (usize, Vec<u8>);

#[derive(Clone, Debug, Default)]
pub struct Waiting {
    queues: IndexMap<Place, Queue, FixedState>,
    deadlines: BTreeSet<(u64, SessionId)>,
    next_ticket: u64,
    /// Keys to look at, each once, in the order in which they were told of.
    ready: IndexSet<Place, FixedState>,
    /// Sessions that wait no more, and may have a backlog, in the order in which they were freed.
    freed: VecDeque<SessionId>,
}

/// Those who wait for a key, by ticket.
#[derive(Clone, Debug, Default)]
struct Queue {
    sessions: BTreeMap<u64, SessionId>,
    /// How many of them also wait for the key to go.
    or_gone: usize,
}

impl Waiting {
    /// Whether nobody waits for any key.
    pub fn is_empty(&self) -> bool {
        self.queues.is_empty()
    }

    /// A place at the end of every queue.
    pub fn ticket(&mut self) -> u64 {
        self.next_ticket += 1;
        self.next_ticket
    }

    pub fn enter(&mut self, id: SessionId, blocked: &Blocked) {
        if let Cause::Keys { db, keys, or_gone, .. } = &blocked.cause {
            for key in keys {
                let queue = self.queues.entry((*db, key.clone())).or_default();
                // A key may be named twice.
                if queue.sessions.insert(blocked.ticket, id).is_none() {
                    queue.or_gone += usize::from(*or_gone);
                }
            }
        }
        if let Some(deadline) = blocked.deadline {
            self.deadlines.insert((deadline, id));
        }
    }

    pub fn leave(&mut self, id: SessionId, blocked: &Blocked) {
        if let Cause::Keys { db, keys, or_gone, .. } = &blocked.cause {
            for key in keys {
                let place = (*db, key.clone());
                let Some(queue) = self.queues.get_mut(&place) else { continue };
                if queue.sessions.remove(&blocked.ticket).is_some() {
                    queue.or_gone -= usize::from(*or_gone);
                }
                if queue.sessions.is_empty() {
                    self.queues.swap_remove(&place);
                }
            }
        }
        if let Some(deadline) = blocked.deadline {
            self.deadlines.remove(&(deadline, id));
        }
    }

    /// The next time-out.
    pub fn next_deadline(&self) -> Option<u64> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// Who has waited long enough.
    pub fn first_due(&self, now: u64) -> Option<SessionId> {
        self.deadlines.first().filter(|(at, _)| *at <= now).map(|(_, id)| *id)
    }

    /// A key is there that was not, or has more in it.
    pub fn signal(&mut self, db: usize, key: &[u8]) {
        if self.is_empty() {
            return;
        }
        let place = (db, key.to_vec());
        if self.queues.contains_key(&place) {
            self.ready.insert(place);
        }
    }

    /// A key, or what was waited for inside it, is gone.
    pub fn signal_gone(&mut self, db: usize, key: &[u8]) {
        if self.is_empty() {
            return;
        }
        let place = (db, key.to_vec());
        if self.queues.get(&place).is_some_and(|queue| queue.or_gone > 0) {
            self.ready.insert(place);
        }
    }

    /// The keys of a database that somebody waits for.
    pub fn of_database(&self, db: usize) -> Vec<Vec<u8>> {
        self.queues.keys().filter(|place| place.0 == db).map(|(_, key)| key.clone()).collect()
    }

    /// Whether there is nobody to be served, and nobody has been freed.
    pub fn is_settled(&self) -> bool {
        self.ready.is_empty() && self.freed.is_empty()
    }

    /// The keys told of since this was last asked.
    pub fn take_ready(&mut self) -> Vec<Place> {
        if self.ready.is_empty() { Vec::new() } else { std::mem::take(&mut self.ready).into_iter().collect() }
    }

    /// Who is next in the queue for a key behind a ticket, and its ticket.
    pub fn next_after(&self, place: &Place, ticket: u64) -> Option<(u64, SessionId)> {
        let queue = self.queues.get(place)?;
        queue.sessions.range(ticket + 1..).next().map(|(ticket, id)| (*ticket, *id))
    }

    /// The ticket given last: who comes later stands behind it.
    pub fn last_ticket(&self) -> u64 {
        self.next_ticket
    }

    /// Whether somebody waits for the key to go.
    pub fn awaits_going(&self, place: &Place) -> bool {
        self.queues.get(place).is_some_and(|queue| queue.or_gone > 0)
    }

    /// Notes that a session that was waiting is free to do what it was sent meanwhile.
    pub fn free(&mut self, id: SessionId) {
        self.freed.push_back(id);
    }

    /// Whether a session waits no more, and has not gone on.
    pub fn is_freed(&self, id: SessionId) -> bool {
        self.freed.contains(&id)
    }

    /// Who was freed first; told once.
    pub fn next_freed(&mut self) -> Option<SessionId> {
        self.freed.pop_front()
    }

    /// How many sessions wait with a deadline.
    pub fn timed(&self) -> usize {
        self.deadlines.len()
    }

    /// How many keys somebody waits for, and how many of those also until they are gone.
    pub fn keys(&self) -> (usize, usize) {
        let or_gone = self.queues.values().filter(|queue| queue.or_gone > 0).count();
        (self.queues.len(), or_gone)
    }
}
