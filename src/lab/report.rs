//! What came of a run: figures of each policy, at the end and over time. Plain data, also of a run that was ended early.

use serde::Serialize;

/// The same requests under every policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// What was played, in words.
    pub workload: String,
    /// Requests played, and planned; fewer where the run was ended early.
    pub requests: u64,
    pub planned: u64,
    /// Virtual time that passed, in seconds.
    pub seconds: f64,
    /// The setting; 0 for no limit.
    pub maxmemory: u64,
    /// What was in use before the first request.
    pub base_memory: u64,
    pub samples: usize,
    /// In the order of the plan.
    pub policies: Vec<PolicyReport>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PolicyReport {
    /// The word of `maxmemory-policy`.
    pub policy: &'static str,
    /// It came after Redis 8.0.
    pub newer: bool,
    pub hits: u64,
    pub misses: u64,
    /// Hits among all requests.
    pub hit_ratio: f64,
    pub evicted: u64,
    /// Keys past their time that a request met, and that the background cycle found.
    pub expired_lazily: u64,
    pub expired_actively: u64,
    /// Values that were not cached, because nothing could be evicted for them.
    pub refused: u64,
    /// Keys in the end.
    pub keys: u64,
    pub used_memory: u64,
    pub peak_memory: u64,
    pub series: Vec<Point>,
}

/// A stretch of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Point {
    /// How many requests have been played at its end, and virtual seconds have passed.
    pub requests: u64,
    pub seconds: f64,
    /// Hits among the requests of the stretch.
    pub hit_ratio: f64,
    /// At its end.
    pub used_memory: u64,
    pub keys: u64,
    /// In the stretch.
    pub evicted: u64,
    pub expired_lazily: u64,
    pub expired_actively: u64,
    pub refused: u64,
}

impl PolicyReport {
    pub fn expired(&self) -> u64 {
        self.expired_lazily + self.expired_actively
    }
}

impl Report {
    /// Whether all was played that was planned.
    pub fn is_complete(&self) -> bool {
        self.requests == self.planned
    }

    pub fn of(&self, policy: &str) -> Option<&PolicyReport> {
        self.policies.iter().find(|report| report.policy == policy)
    }

    /// The best hit ratio first; equals stay in the order of the plan.
    pub fn ranking(&self) -> Vec<&PolicyReport> {
        let mut ranking: Vec<_> = self.policies.iter().collect();
        ranking.sort_by(|a, b| b.hit_ratio.total_cmp(&a.hit_ratio));
        ranking
    }
}

/// A share, 0 where there is nothing to share.
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
