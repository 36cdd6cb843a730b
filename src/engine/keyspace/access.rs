//! When, or how often, a key was used: the 24 bits Redis keeps with every value.
//!
//! Under most policies they hold the time of the last use in seconds; under an LFU policy 16 bits of minutes and an
//! 8-bit logarithmic counter. A change of policy leaves the old bits in place, as in Redis, so the numbers mislead for
//! a while.

use crate::config::Config;
use crate::rng::Rng;

const CLOCK_MASK: u32 = 0x00FF_FFFF;
/// New keys start above zero, or they would be evicted before they had a chance.
const INITIAL_COUNTER: u8 = 5;

/// What is known of the use of a key that comes from elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Used {
    #[default]
    Now,
    /// So many seconds ago; means nothing under an LFU policy.
    Ago(i64),
    /// So often, as the logarithmic counter counts; means something only under an LFU policy.
    Times(u8),
}

/// The bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access(u32);

impl Access {
    /// For a key that is created now.
    pub fn fresh(now: u64, config: &Config) -> Self {
        if config.maxmemory_policy.counts_frequency() {
            Self::frequency(minutes(now), INITIAL_COUNTER)
        } else {
            Self(seconds(now))
        }
    }

    /// For a key that comes from elsewhere.
    pub fn from_elsewhere(used: Used, now: u64, config: &Config) -> Self {
        match (used, config.maxmemory_policy.counts_frequency()) {
            (Used::Times(counter), true) => Self::frequency(minutes(now), counter),
            (Used::Ago(idle), false) => {
                // As in C: the product and the difference wrap, and a clock below zero goes round.
                let at = i64::from(seconds(now)).wrapping_sub(idle.wrapping_mul(1000) / 1000);
                let at = if at < 0 { at.wrapping_add(CLOCK_MASK.into()) } else { at };
                Self(at as u32 & CLOCK_MASK)
            }
            _ => Self::fresh(now, config),
        }
    }

    /// Records one use.
    pub fn touch(&mut self, now: u64, config: &Config, rng: &mut Rng) {
        if config.maxmemory_policy.counts_frequency() {
            let counter = self.counter(now, config);
            *self = Self::frequency(minutes(now), incremented(counter, config, rng));
        } else {
            *self = Self(seconds(now));
        }
    }

    /// Seconds since the last use; the clock wraps after 194 days.
    pub fn idle_seconds(self, now: u64) -> u64 {
        u64::from(seconds(now).wrapping_sub(self.0) & CLOCK_MASK)
    }

    /// The LFU counter after the decay that is due.
    pub fn counter(self, now: u64, config: &Config) -> u8 {
        let counter = (self.0 & 0xFF) as u8;
        let elapsed = u32::from(minutes(now).wrapping_sub((self.0 >> 8) as u16));
        match elapsed.checked_div(config.lfu_decay_time) {
            Some(periods) => counter.saturating_sub(u8::try_from(periods).unwrap_or(u8::MAX)),
            None => counter,
        }
    }

    /// The raw word, for a digest.
    pub fn bits(self) -> u32 {
        self.0
    }

    fn frequency(minutes: u16, counter: u8) -> Self {
        Self(u32::from(minutes) << 8 | u32::from(counter))
    }
}

/// Counts one more use with a probability that falls as the counter grows: 1 / (excess × log factor + 1).
fn incremented(counter: u8, config: &Config, rng: &mut Rng) -> u8 {
    let excess = f64::from(counter.saturating_sub(INITIAL_COUNTER));
    let chance = 1.0 / (excess * f64::from(config.lfu_log_factor) + 1.0);
    if counter < u8::MAX && rng.unit() < chance { counter + 1 } else { counter }
}

fn seconds(now: u64) -> u32 {
    (now / 1000) as u32 & CLOCK_MASK
}

fn minutes(now: u64) -> u16 {
    (now / 60_000) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::MaxmemoryPolicy;

    #[test]
    fn idle_time_survives_the_wrap_of_its_clock() {
        let config = Config::default();
        let just_before = u64::from(CLOCK_MASK) * 1000;
        let access = Access::fresh(just_before, &config);
        assert_eq!(access.idle_seconds(just_before + 3000), 3);
    }

    #[test]
    fn the_counter_grows_slowly_and_decays_by_the_minute() {
        let config = Config { maxmemory_policy: MaxmemoryPolicy::AllkeysLfu, ..Config::default() };
        let (mut rng, mut access) = (Rng::seeded(1), Access::fresh(0, &config));
        for _ in 0..1000 {
            access.touch(0, &config, &mut rng);
        }
        let counter = access.counter(0, &config);
        assert!((12..30).contains(&counter), "{counter}");
        assert_eq!(access.counter(4 * 60_000, &config), counter - 4);
    }
}
