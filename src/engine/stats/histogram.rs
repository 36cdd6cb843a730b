//! How long a command took, call by call: a histogram whose places grow with the value, as Gil Tene's HDR histogram.
//!
//! Redis keeps nanoseconds with two significant digits. Below 256 each value has a place of its own; above, each
//! doubling is divided into 128 places of the same width, so that a value is never off by more than 1 %. Times here take
//! few different values, so only places that have something in them are kept.

/// Longer times count as this: a second.
const LONGEST: u64 = 1_000_000_000;
/// Places in one doubling.
const PLACES: u32 = 128;
/// The shortest time of the table that `LATENCY HISTOGRAM` shows, about a microsecond; each further one is the double.
const FIRST_BAR: u64 = 1024;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    /// The lowest value of each place, with its count; sorted.
    counts: Vec<(u64, u64)>,
}

impl Histogram {
    /// Counts a call that took so many nanoseconds.
    pub fn record(&mut self, nanos: u64) {
        let place = lowest(nanos.clamp(1, LONGEST));
        match self.counts.binary_search_by_key(&place, |(place, _)| *place) {
            Ok(at) => self.counts[at].1 += 1,
            Err(at) => self.counts.insert(at, (place, 1)),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    pub fn total(&self) -> u64 {
        self.counts.iter().map(|(_, count)| count).sum()
    }

    /// The nanoseconds that so many percent of the calls did not exceed.
    pub fn percentile(&self, percent: f64) -> u64 {
        let wanted = ((percent / 100.0 * self.total() as f64) + 0.5) as u64;
        let mut seen = 0;
        for (place, count) in &self.counts {
            seen += count;
            if seen >= wanted.max(1) {
                return if percent == 0.0 { *place } else { highest(*place) };
            }
        }
        0
    }

    /// Microseconds, each about the double of the one before, with the number of calls that took no longer; only where
    /// that number grows.
    pub fn bars(&self) -> Vec<(u64, u64)> {
        let mut bars: Vec<(u64, u64)> = Vec::new();
        let (mut bar, mut seen) = (FIRST_BAR, 0);
        for (place, count) in &self.counts {
            while *place > bar {
                bar *= 2;
            }
            seen += count;
            let micros = highest(bar) / 1000;
            match bars.last_mut() {
                Some(last) if last.0 == micros => last.1 = seen,
                _ => bars.push((micros, seen)),
            }
        }
        bars
    }
}

/// How many values share a place with this one.
fn width(value: u64) -> u64 {
    let top = value.checked_ilog2().unwrap_or(0);
    1 << top.saturating_sub(PLACES.ilog2())
}

fn lowest(value: u64) -> u64 {
    value - value % width(value)
}

fn highest(value: u64) -> u64 {
    lowest(value) + width(value) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from Redis 8.0: `INFO latencystats` after calls of so many microseconds.
    #[test]
    fn percentiles_are_those_of_redis() {
        for (micros, low, high) in
            [(1, 1000, 1003), (2, 2000, 2007), (6, 5984, 6015), (15, 14976, 15039), (57, 56832, 57087)]
        {
            let mut histogram = Histogram::default();
            histogram.record(micros * 1000);
            assert_eq!((histogram.percentile(0.0), histogram.percentile(50.0)), (low, high), "{micros}");
        }
        let mut two = Histogram::default();
        for micros in [1, 29] {
            two.record(micros * 1000);
        }
        assert_eq!([50.0, 99.0, 99.9].map(|p| two.percentile(p)), [1003, 29055, 29055]);
        assert_eq!(Histogram::default().percentile(99.0), 0);
    }

    /// Recorded from Redis 8.0: `LATENCY HISTOGRAM`.
    #[test]
    fn bars_are_those_of_redis() {
        let mut histogram = Histogram::default();
        for micros in [1, 2, 2, 11, 19, 57, 10_092, 20_100] {
            histogram.record(micros * 1000);
        }
        assert_eq!(histogram.bars(), [(1, 1), (2, 3), (16, 4), (33, 5), (66, 6), (16908, 7), (33816, 8)]);
    }

    #[test]
    fn no_time_is_too_long() {
        let mut histogram = Histogram::default();
        histogram.record(0);
        histogram.record(u64::MAX);
        assert_eq!(histogram.total(), 2);
        assert!(histogram.percentile(100.0) >= LONGEST);
    }
}
