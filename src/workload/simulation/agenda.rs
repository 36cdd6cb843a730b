//! What is arranged to happen, in its order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use playground_engine::Reply;

use crate::database::Who;

/// Something that is arranged.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    /// One of a group comes; the number is of the arrangement, of which a newer one may be made.
    Comes {
        group: usize,
        arrangement: u32,
    },
    /// A client begins its program.
    Begins(usize),
    /// What it sent is at the server.
    Reaches(Who, Vec<Vec<Vec<u8>>>, bool),
    /// The server may serve the next.
    Free,
    Answered(Who, Vec<Reply>, bool),
    /// The database has answered a query that came then.
    Found(Who, u64),
    Wakes(Who),
    /// Nobody has sent a message for long enough.
    Unheard(Who, u32),
    Message(Who, Reply),
    Dies(usize),
    Returns(usize),
    Point,
}

/// By moment, then by the order in which it was arranged.
#[derive(Clone, Debug, Default)]
pub(super) struct Agenda {
    heap: BinaryHeap<Reverse<(u64, u64)>>,
    events: BTreeMap<u64, Event>,
    next: u64,
}

impl Agenda {
    pub fn put(&mut self, at: u64, event: Event) {
        self.heap.push(Reverse((at, self.next)));
        self.events.insert(self.next, event);
        self.next += 1;
    }

    pub fn next(&self) -> Option<u64> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    pub fn take(&mut self) -> Option<(u64, Event)> {
        let Reverse((at, number)) = self.heap.pop()?;
        Some((at, self.events.remove(&number)?))
    }
}
