//! That clients are held up for a while: the memory behind `CLIENT PAUSE`.
//!
//! While it lasts, commands that it concerns are postponed; their sessions wait as those of blocking commands do, and go
//! on in the order in which they came. Nothing here knows a command.

use std::collections::VecDeque;

use crate::session::SessionId;

#[derive(Clone, Debug, Default)]
pub struct Pause {
    /// Up to this moment.
    until: u64,
    /// All commands, not only those that write.
    all: bool,
    /// Whose commands are postponed, in order.
    postponed: VecDeque<SessionId>,
    /// Who was postponed, and may go on.
    released: VecDeque<SessionId>,
}

impl Pause {
    /// Begins a pause, or makes one that is there longer or stricter; it becomes neither shorter nor milder.
    pub fn begin(&mut self, now: u64, until: u64, all: bool) {
        let lasts = self.until > now;
        self.all = all || (lasts && self.all);
        self.until = self.until.max(until);
    }

    /// Ends it.
    pub fn end(&mut self) {
        (self.until, self.all) = (0, false);
        self.released.append(&mut self.postponed);
    }

    /// Ends it if its time is over.
    pub fn end_if_over(&mut self, now: u64) {
        if self.ends_at().is_some_and(|at| at <= now) {
            self.end();
        }
    }

    /// When it ends, if there is one.
    pub fn ends_at(&self) -> Option<u64> {
        (self.until > 0).then_some(self.until)
    }

    /// Whether nothing may be changed now.
    pub fn holds_writes(&self, now: u64) -> bool {
        self.until > now
    }

    /// Whether a command has to wait.
    pub fn concerns(&self, now: u64, writes: bool) -> bool {
        self.holds_writes(now) && (self.all || writes)
    }

    pub fn postpone(&mut self, id: SessionId) {
        self.postponed.push_back(id);
    }

    /// A session waits no more.
    pub fn forget(&mut self, id: SessionId) {
        self.postponed.retain(|postponed| *postponed != id);
    }

    /// Who may go on next; each is named once.
    pub fn next_released(&mut self) -> Option<SessionId> {
        self.released.pop_front()
    }

    /// Whether a session may go on, and has not done so.
    pub fn is_released(&self, id: SessionId) -> bool {
        self.released.contains(&id)
    }

    /// Whether nobody may go on who has not done so.
    pub fn is_settled(&self) -> bool {
        self.released.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_becomes_neither_shorter_nor_milder() {
        let mut pause = Pause::default();
        pause.begin(100, 500, true);
        pause.begin(150, 300, false);
        assert!(pause.concerns(499, false));
        assert_eq!(pause.ends_at(), Some(500));
        assert!(!pause.concerns(500, true));
        pause.begin(600, 700, false);
        assert!(pause.concerns(650, true) && !pause.concerns(650, false));
    }

    #[test]
    fn who_was_postponed_goes_on_in_order() {
        let mut pause = Pause::default();
        pause.begin(0, 10, true);
        for id in [3, 1, 2] {
            pause.postpone(SessionId(id));
        }
        pause.forget(SessionId(1));
        pause.end_if_over(9);
        assert!(pause.is_settled());
        pause.end_if_over(10);
        assert_eq!([pause.next_released(), pause.next_released()], [Some(SessionId(3)), Some(SessionId(2))]);
        assert!(pause.is_settled());
        assert_eq!(pause.ends_at(), None);
    }
}
