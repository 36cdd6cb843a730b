//! What is drawn of what was measured: a term makes one number of some metrics, for a stretch of time or for all of it.

use crate::metrics::{Metrics, Stretch};

/// What a term does with its metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// A count, for each second.
    Rate,
    /// A count since the start.
    Total,
    /// How much there is of something at the moment.
    Level,
    /// The highest level since the start.
    Peak,
    /// A hundredth of samples lie above the 99th percentile.
    P50,
    P90,
    P99,
    Max,
    /// The first count of all counts, in percent.
    Percent,
}

impl Function {
    pub const ALL: [(&'static str, Self); 9] = [
        ("rate", Self::Rate),
        ("total", Self::Total),
        ("level", Self::Level),
        ("peak", Self::Peak),
        ("p50", Self::P50),
        ("p90", Self::P90),
        ("p99", Self::P99),
        ("max", Self::Max),
        ("percent", Self::Percent),
    ];
}

/// A function of metrics, as in `percent(hits, misses)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    pub function: Function,
    pub metrics: Vec<String>,
}

impl Term {
    /// Reads `function(metric, …)`; the error is a reason.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shape = || {
            let names = Function::ALL.map(|(name, _)| name).join(", ");
            format!("{text:?} is no figure; it is written FUNCTION(METRIC), with one of {names}")
        };
        let inner = text.trim().strip_suffix(')').and_then(|text| text.split_once('('));
        let (name, metrics) = inner.ok_or_else(shape)?;
        let found = Function::ALL.into_iter().find(|(known, _)| *known == name.trim());
        let (_, function) = found.ok_or_else(shape)?;
        let metrics: Vec<String> = metrics.split(',').map(|metric| metric.trim().to_owned()).collect();
        let is_name = |name: &String| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'))
        };
        let fits = if function == Function::Percent { metrics.len() > 1 } else { metrics.len() == 1 };
        if fits && metrics.iter().all(is_name) { Ok(Self { function, metrics }) } else { Err(shape()) }
    }

    /// Its number for a stretch of time, or since the start; none where nothing was measured that it could be made of.
    pub fn value(&self, metrics: &Metrics, stretch: Stretch) -> Option<f64> {
        let name = self.metrics.first()?;
        match self.function {
            Function::Rate => {
                let seconds = metrics.seconds(stretch);
                (seconds > 0.0).then(|| metrics.count(name, stretch) / seconds)
            }
            Function::Total => Some(metrics.total(name)),
            Function::Level => metrics.level(name),
            Function::Peak => metrics.peak(name),
            Function::P50 => metrics.quantile(name, stretch, 0.50),
            Function::P90 => metrics.quantile(name, stretch, 0.90),
            Function::P99 => metrics.quantile(name, stretch, 0.99),
            Function::Max => metrics.quantile(name, stretch, 1.0),
            Function::Percent => {
                let all: f64 = self.metrics.iter().map(|name| metrics.count(name, stretch)).sum();
                (all > 0.0).then(|| 100.0 * metrics.count(name, stretch) / all)
            }
        }
    }

    /// What was measured, in words: `worker.deaths` is `worker deaths`.
    fn name(&self) -> String {
        self.metrics.first().map_or("", String::as_str).replace(['.', '_'], " ")
    }

    /// What the function makes of it, where that is not plain from the chart's title.
    fn kind(&self) -> Option<&'static str> {
        match self.function {
            Function::P50 => Some("median"),
            Function::P90 => Some("90th percentile"),
            Function::P99 => Some("99th percentile"),
            Function::Max => Some("longest"),
            Function::Peak => Some("highest"),
            Function::Rate | Function::Total | Function::Level | Function::Percent => None,
        }
    }
}

/// What the lines of a chart are called: what was measured, unless that is the same for all, and what is made of it.
pub fn labels(terms: &[Term]) -> Vec<String> {
    let is_same = terms.windows(2).all(|pair| pair[0].metrics.first() == pair[1].metrics.first());
    let label = |term: &Term| match term.kind() {
        Some(kind) if is_same => kind.to_owned(),
        Some(kind) => format!("{}, {kind}", term.name()),
        None => term.name(),
    };
    terms.iter().map(label).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_by_what_tells_them_apart() {
        let named =
            |terms: &[&str]| labels(&terms.iter().map(|term| Term::parse(term).unwrap()).collect::<Vec<_>>());
        assert_eq!(named(&["p50(visitor.latency)", "p99(visitor.latency)"]), ["median", "99th percentile"]);
        assert_eq!(
            named(&["max(heard_after)", "max(read_after)"]),
            ["heard after, longest", "read after, longest"]
        );
        assert_eq!(named(&["total(worker.deaths)", "total(rescued)"]), ["worker deaths", "rescued"]);
        assert_eq!(named(&["percent(hits, misses)"]), ["hits"]);
        assert!(named(&[]).is_empty());
    }
}
