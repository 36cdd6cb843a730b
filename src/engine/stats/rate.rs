//! How much happens in a second at the moment: the mean of sixteen samples a tenth of a second apart.
//!
//! Redis takes a sample whenever its timer comes round. Here no timer runs while nobody looks: the samples that would
//! have been taken since the last look are filled in at the next one, the first with what was counted, the others with
//! nothing.

const SAMPLES: usize = 16;
/// Milliseconds from one sample to the next.
const APART: u64 = 100;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// Per second.
    samples: [u64; SAMPLES],
    next: usize,
    /// When the running sample began.
    since: u64,
    /// What has been counted in it.
    counted: u64,
}

impl Rate {
    pub fn count(&mut self, now: u64) {
        if now >= self.since.saturating_add(APART) {
            self.catch_up(now);
        }
        self.counted += 1;
    }

    pub fn per_second(&self, now: u64) -> u64 {
        let mut rate = self.clone();
        rate.catch_up(now);
        rate.samples.iter().sum::<u64>() / SAMPLES as u64
    }

    fn catch_up(&mut self, now: u64) {
        let over = now.saturating_sub(self.since) / APART;
        for sample in 0..over.min(SAMPLES as u64 + 1) {
            let counted = if sample == 0 { std::mem::take(&mut self.counted) } else { 0 };
            if let Some(place) = self.samples.get_mut(self.next) {
                *place = counted.saturating_mul(1000 / APART);
            }
            self.next = (self.next + 1) % SAMPLES;
        }
        self.since = self.since.saturating_add(over * APART);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_rate_is_seen_and_forgotten() {
        let mut rate = Rate::default();
        let mut now = 1_767_225_600_000;
        for _ in 0..200 {
            for _ in 0..5 {
                rate.count(now);
            }
            now += 10;
        }
        assert_eq!(rate.per_second(now), 500);
        assert_eq!(rate.per_second(now + 800), 250);
        assert_eq!(rate.per_second(now + 10_000), 0);
        assert_eq!(rate.per_second(u64::MAX), 0);
    }
}
