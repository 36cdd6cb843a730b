//! What a workload counts and measures, by name: counts of what happened, levels of what there is, samples of how long or
//! how much something was. Each for the stretch of time since the last point of a chart, and since the start.
//!
//! Samples go into buckets a sixty-fourth wide, so that a million of them take no more room than a thousand, and a
//! quantile is right to about one percent. Knows nothing of clients or charts.

use std::collections::BTreeMap;

/// Which time figures are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// Since the last point.
    Last,
    Start,
}

/// Names beyond this are not kept: a program that makes them up has gone wrong.
const MOST: usize = 200;
/// Buckets to a doubling.
const FINE: u64 = 64;
/// No count goes further.
const LARGEST: f64 = 1e300;

/// How often samples of each size came.
#[derive(Clone, Debug, Default, PartialEq)]
struct Samples {
    /// By bucket.
    counts: BTreeMap<u32, u64>,
    all: u64,
    longest: u64,
}

impl Samples {
    fn add(&mut self, thousandths: u64) {
        *self.counts.entry(bucket(thousandths)).or_default() += 1;
        self.all += 1;
        self.longest = self.longest.max(thousandths);
    }

    /// The sample below which so many of all lie.
    fn quantile(&self, share: f64) -> Option<u64> {
        let wanted = ((self.all as f64 * share).ceil() as u64).clamp(1, self.all.max(1));
        let mut seen = 0;
        for (bucket, count) in &self.counts {
            seen += count;
            if seen >= wanted {
                return Some(if seen == self.all { self.longest } else { middle(*bucket) });
            }
        }
        None
    }
}

fn bucket(value: u64) -> u32 {
    if value < FINE {
        return value as u32;
    }
    let shift = value.ilog2() - FINE.ilog2();
    shift * FINE as u32 + (value >> shift) as u32
}

fn middle(bucket: u32) -> u64 {
    let fine = FINE as u32;
    if bucket < 2 * fine {
        return u64::from(bucket);
    }
    let shift = bucket / fine - 1;
    let least = u64::from(bucket - shift * fine) << shift;
    least + (1 << shift) / 2
}

/// One figure of each stretch.
#[derive(Clone, Debug, Default, PartialEq)]
struct Both<T> {
    last: T,
    start: T,
}

impl<T> Both<T> {
    fn of(&self, stretch: Stretch) -> &T {
        match stretch {
            Stretch::Last => &self.last,
            Stretch::Start => &self.start,
        }
    }
}

/// All figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    counts: BTreeMap<String, Both<f64>>,
    levels: BTreeMap<String, Both<f64>>,
    samples: BTreeMap<String, Both<Samples>>,
    /// Microseconds on the workload's clock.
    now: u64,
    last: u64,
}

fn entry<'m, T: Default>(map: &'m mut BTreeMap<String, T>, name: &str) -> Option<&'m mut T> {
    if !map.contains_key(name) {
        if map.len() >= MOST {
            return None;
        }
        map.insert(name.to_owned(), T::default());
    }
    map.get_mut(name)
}

impl Metrics {
    pub(crate) fn add(&mut self, name: &str, times: f64) {
        if !times.is_finite() {
            return;
        }
        if let Some(count) = entry(&mut self.counts, name) {
            count.last = (count.last + times).clamp(-LARGEST, LARGEST);
            count.start = (count.start + times).clamp(-LARGEST, LARGEST);
        }
    }

    pub(crate) fn set_level(&mut self, name: &str, level: f64) {
        if !level.is_finite() {
            return;
        }
        if let Some(known) = entry(&mut self.levels, name) {
            known.last = level;
            known.start = known.start.max(level);
        }
    }

    /// A sample of at least 0.
    pub(crate) fn sample(&mut self, name: &str, value: f64) {
        if !value.is_finite() {
            return;
        }
        let thousandths = (value * 1000.0).clamp(0.0, 1e15).round() as u64;
        if let Some(samples) = entry(&mut self.samples, name) {
            samples.last.add(thousandths);
            samples.start.add(thousandths);
        }
    }

    pub(crate) fn set_now(&mut self, micros: u64) {
        self.now = micros;
    }

    /// A point of the charts was made: the next stretch begins.
    pub(crate) fn next_stretch(&mut self) {
        self.last = self.now;
        self.counts.values_mut().for_each(|count| count.last = 0.0);
        self.samples.values_mut().for_each(|samples| samples.last = Samples::default());
    }

    /// How long a stretch is so far.
    pub fn seconds(&self, stretch: Stretch) -> f64 {
        let from = if stretch == Stretch::Last { self.last } else { 0 };
        (self.now - from) as f64 / 1e6
    }

    pub fn count(&self, name: &str, stretch: Stretch) -> f64 {
        self.counts.get(name).map_or(0.0, |count| *count.of(stretch))
    }

    /// A count since the start.
    pub fn total(&self, name: &str) -> f64 {
        self.count(name, Stretch::Start)
    }

    pub fn level(&self, name: &str) -> Option<f64> {
        self.levels.get(name).map(|level| level.last)
    }

    /// The highest level there was.
    pub fn peak(&self, name: &str) -> Option<f64> {
        self.levels.get(name).map(|level| level.start)
    }

    /// The value below which so many of the samples lie.
    pub fn quantile(&self, name: &str, stretch: Stretch, share: f64) -> Option<f64> {
        let samples = self.samples.get(name)?.of(stretch);
        samples.quantile(share).map(|thousandths| thousandths as f64 / 1000.0)
    }

    /// Whether there is anything of this name.
    pub fn knows(&self, name: &str) -> bool {
        self.counts.contains_key(name) || self.levels.contains_key(name) || self.samples.contains_key(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_right_to_about_a_percent() {
        let mut metrics = Metrics::default();
        for n in 1..=10_000 {
            metrics.sample("x", f64::from(n) / 10.0);
        }
        for (share, expected) in [(0.5, 500.0), (0.9, 900.0), (0.99, 990.0), (1.0, 1000.0)] {
            let found = metrics.quantile("x", Stretch::Start, share).expect("samples");
            assert!((found - expected).abs() <= expected * 0.01, "{share}: {found}");
        }
        assert_eq!(metrics.quantile("x", Stretch::Start, 1.0), Some(1000.0));
        metrics.next_stretch();
        assert_eq!(metrics.quantile("x", Stretch::Last, 0.5), None);
    }

    #[test]
    fn buckets_are_in_order_and_hold_their_middle() {
        for value in 0..5_000 {
            assert!(bucket(value) <= bucket(value + 1), "{value}");
        }
        for value in (0..5_000).chain((0..50).map(|n| 1 << n)) {
            let middle = middle(bucket(value));
            assert!(middle.abs_diff(value) <= value / 64 + 1, "{value} {middle}");
        }
    }
}
