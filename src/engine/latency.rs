//! The latency monitor: events that took `latency-monitor-threshold` milliseconds or more, by the cost model.
//!
//! Each kind of event keeps its worst time in each of the latest 160 seconds in which it was slow. What took long, and
//! whether it was long enough, the caller knows.

use std::collections::{BTreeMap, VecDeque};

/// Seconds remembered of each event.
const SAMPLES: usize = 160;

/// One second in which an event was slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Seconds since the epoch.
    pub at: u64,
    /// The worst time in it, in milliseconds.
    pub millis: u64,
}

/// What is known of one event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    samples: VecDeque<Sample>,
    /// The worst time ever, in milliseconds.
    pub worst: u64,
}

impl History {
    /// From the oldest on.
    pub fn samples(&self) -> impl DoubleEndedIterator<Item = Sample> + ExactSizeIterator {
        self.samples.iter().copied()
    }

    fn add(&mut self, at: u64, millis: u64) {
        self.worst = self.worst.max(millis);
        match self.samples.back_mut() {
            Some(last) if last.at == at => last.millis = last.millis.max(millis),
            _ => {
                if self.samples.len() == SAMPLES {
                    self.samples.pop_front();
                }
                self.samples.push_back(Sample { at, millis });
            }
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LatencyMonitor {
    events: BTreeMap<&'static str, History>,
}

impl LatencyMonitor {
    fn add(&mut self, event: &'static str, at: u64, millis: u64) {
        self.events.entry(event).or_default().add(at, millis);
    }

    /// Adds what took so many nanoseconds at a moment in milliseconds, if that is as long as the threshold.
    pub fn add_if_slow(&mut self, event: &'static str, now: u64, nanos: u64, threshold_ms: u64) {
        let millis = nanos / 1_000_000;
        if threshold_ms > 0 && millis >= threshold_ms {
            self.add(event, now / 1000, millis);
        }
    }

    pub fn event(&self, name: &[u8]) -> Option<(&'static str, &History)> {
        self.iter().find(|(event, _)| event.as_bytes() == name)
    }

    /// By name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &History)> {
        self.events.iter().map(|(name, history)| (*name, history))
    }

    /// Forgets one event; whether there was such a one.
    pub fn forget(&mut self, name: &[u8]) -> bool {
        let Some((event, _)) = self.event(name) else { return false };
        self.events.remove(event).is_some()
    }

    /// Forgets all; how many there were.
    pub fn forget_all(&mut self) -> usize {
        std::mem::take(&mut self.events).len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_a_second_is_kept_and_so_many_seconds() {
        let mut monitor = LatencyMonitor::default();
        for second in 0..200 {
            monitor.add("command", second, 10);
            monitor.add("command", second, 30);
            monitor.add("command", second, 20);
        }
        let (_, history) = monitor.event(b"command").expect("slow");
        assert_eq!(history.samples().next(), Some(Sample { at: 40, millis: 30 }));
        assert_eq!(history.samples().len(), SAMPLES);
        assert!(!monitor.forget(b"fast-command"));
        assert_eq!(monitor.forget_all(), 1);
    }
}
