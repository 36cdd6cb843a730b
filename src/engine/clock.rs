//! The one clock: virtual milliseconds since the Unix epoch.
//!
//! TTLs, `TIME`, idle times and time-outs all read it, and only [`Engine::advance`](crate::Engine::advance) moves it,
//! so it stands still during a command. It knows nothing of real time.

/// 2026-01-01 00:00:00 UTC: where a playground's time starts unless the caller says otherwise.
pub const DEFAULT_START: u64 = 1_767_225_600_000;

/// A moment, as absolute milliseconds: deadlines are stored, never remaining times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    now: u64,
}

impl Clock {
    /// The last moment the clock can show: beyond it, `i64` milliseconds (Redis's own type) would overflow.
    pub const END: u64 = i64::MAX as u64;

    pub fn starting_at(now: u64) -> Self {
        Self { now: now.min(Self::END) }
    }

    /// Milliseconds since the epoch.
    pub fn now(self) -> u64 {
        self.now
    }

    /// Shows a moment for a while: a script sees the time at which it began.
    pub fn set(&mut self, moment: u64) {
        self.now = moment.min(Self::END);
    }

    /// Moves forward to a moment; the past is ignored.
    pub fn advance_to(&mut self, moment: u64) {
        self.now = self.now.max(moment.min(Self::END));
    }
}
