//! The modelled database behind the clients: so many queries are answered at once, the others wait in their order.
//!
//! It holds nothing. What matters to a lesson is how often it is asked, how long it takes and when it is overrun.

use std::collections::VecDeque;

/// Who asks, as the simulation knows him.
pub(crate) type Who = (usize, u32);

#[derive(Clone, Debug, Default)]
pub(crate) struct Database {
    running: usize,
    /// With the moments they came.
    waiting: VecDeque<(Who, u64)>,
}

impl Database {
    /// A query comes.
    pub fn ask(&mut self, who: Who, now: u64) {
        self.waiting.push_back((who, now));
    }

    /// The next query that begins to be answered, and when it came, where there is room among so many.
    pub fn begin(&mut self, at_once: usize) -> Option<(Who, u64)> {
        if self.running >= at_once.max(1) {
            return None;
        }
        let next = self.waiting.pop_front()?;
        self.running += 1;
        Some(next)
    }

    /// A query is answered.
    pub fn end(&mut self) {
        self.running = self.running.saturating_sub(1);
    }

    /// Those that are answered or wait for it.
    pub fn open(&self) -> usize {
        self.running + self.waiting.len()
    }
}
