//! The points of the charts, and what the server tells of itself.

use playground_engine::{Engine, Reply};

use super::agenda::Event;
use super::{Advanced, Point, Workload};
use crate::metrics::Stretch;

/// Microseconds from one point to the next.
pub(super) const APART: u64 = 500_000;
/// So many points are kept.
const MOST_POINTS: usize = 2_000;

impl Workload {
    pub(super) fn point(&mut self, engine: &mut Engine, came: &mut Advanced) {
        let plan = self.plan.clone();
        self.figures(engine);
        for probe in &plan.probes {
            let outcome = engine.execute(self.operator, probe.argv.clone());
            came.events.extend(outcome.events);
            if let Some(level) = number(&outcome.reply) {
                self.tools.metrics.set_level(&probe.name, level);
            }
        }
        let metrics = &self.tools.metrics;
        let values = plan
            .charts
            .iter()
            .map(|chart| chart.terms.iter().map(|term| term.value(metrics, Stretch::Last)).collect());
        self.points.push_back(Point { at: self.elapsed(), values: values.collect() });
        if self.points.len() > MOST_POINTS {
            self.points.pop_front();
        }
        self.tools.metrics.next_stretch();
        self.after(APART, Event::Point);
    }

    /// What the server itself tells.
    pub(super) fn figures(&mut self, engine: &Engine) {
        let snapshot = engine.snapshot();
        let stats = engine.stats();
        let keys: usize = snapshot.databases.iter().map(|database| database.keys).sum();
        let metrics = &mut self.tools.metrics;
        metrics.set_level("redis.memory", snapshot.used_memory as f64);
        metrics.set_level("redis.keys", keys as f64);
        metrics.add("redis.evicted", stats.evicted.saturating_sub(self.evicted) as f64);
        metrics.add("redis.expired", stats.expired().saturating_sub(self.expired) as f64);
        (self.evicted, self.expired) = (stats.evicted, stats.expired());
        for (at, group) in self.plan.groups.iter().enumerate() {
            metrics.set_level(&format!("{}.busy", group.name), self.clients.busy(at).count() as f64);
        }
    }
}

/// A reply as a number.
fn number(reply: &Reply) -> Option<f64> {
    match reply {
        Reply::Integer(number) => Some(*number as f64),
        Reply::Double(number) => Some(*number),
        Reply::Bulk(text) => std::str::from_utf8(text).ok()?.trim().parse().ok(),
        Reply::Nil | Reply::NilArray => Some(0.0),
        _ => None,
    }
}
