//! Real time, as the engine's clock is to follow it.
//!
//! The engine's clock starts at the time of day and is then moved by what has really passed, so that setting the
//! machine's clock back cannot make a key live longer.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where the engine's clock should be.
#[derive(Debug)]
pub struct RealTime {
    /// Up to this moment time has been passed on: always whole milliseconds after the start.
    passed_on: Instant,
}

impl RealTime {
    pub fn start() -> Self {
        Self { passed_on: Instant::now() }
    }

    /// Milliseconds since the Unix epoch, by the machine's clock.
    pub fn time_of_day() -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    }

    /// Whole milliseconds that have passed since they were last asked for; `None` while there is none.
    pub fn take_elapsed(&mut self) -> Option<Duration> {
        let elapsed = self.passed_on.elapsed();
        let whole = Duration::from_millis(u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX));
        if whole.is_zero() {
            return None;
        }
        self.passed_on += whole;
        Some(whole)
    }
}
