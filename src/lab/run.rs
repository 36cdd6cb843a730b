//! One policy's run: an engine of its own, and a client that uses it as a cache.
//!
//! `GET`, and where there is nothing, `SET` with what would have been fetched. All figures but one are the engine's own;
//! how many writes it refused, its client counts.

use std::time::Duration;

use playground_engine::config::{Config, MaxmemoryPolicy};
use playground_engine::{Engine, Options, Reply, SessionId};

use crate::report::{Point, PolicyReport, ratio};
use crate::workload::Request;

/// How an engine is set up.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    pub policy: MaxmemoryPolicy,
    pub maxmemory: u64,
    pub samples: usize,
    pub seed: u64,
    /// Where the clock starts, in milliseconds since the epoch.
    pub start: u64,
}

#[derive(Clone, Debug)]
pub struct Run {
    policy: MaxmemoryPolicy,
    engine: Engine,
    client: SessionId,
    start: u64,
    refused: u64,
    /// As it stood at the last point.
    last: Totals,
    series: Vec<Point>,
}

/// Running totals, and what is there now.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    hits: u64,
    misses: u64,
    evicted: u64,
    expired_lazily: u64,
    expired_actively: u64,
    refused: u64,
    keys: u64,
    used_memory: u64,
    peak_memory: u64,
}

impl Run {
    pub fn new(setup: &Setup) -> Self {
        let config = Config {
            maxmemory: setup.maxmemory,
            maxmemory_policy: setup.policy,
            maxmemory_samples: setup.samples,
            // Nobody asks how long commands took.
            latency_tracking: false,
            slowlog_log_slower_than: -1,
            ..Config::default()
        };
        let options = Options { seed: setup.seed, start: setup.start, record_events: false, config };
        let mut engine = Engine::new(options);
        let client = engine.connect();
        let start = engine.now();
        let last = Totals::default();
        Self { policy: setup.policy, engine, client, start, refused: 0, last, series: Vec::new() }
    }

    /// What is in use, as `INFO` tells it.
    pub fn used_memory(&self) -> u64 {
        self.engine.snapshot().used_memory
    }

    pub fn play(&mut self, request: &Request) {
        self.advance_to(request.at);
        let get = vec![b"GET".to_vec(), request.key.clone()];
        if self.engine.execute(self.client, get).reply != Reply::Nil {
            return;
        }
        let mut set = Vec::with_capacity(5);
        set.extend([b"SET".to_vec(), request.key.clone(), vec![b'x'; request.size]]);
        if let Some(millis) = request.lives {
            set.extend([b"PX".to_vec(), millis.to_string().into_bytes()]);
        }
        if matches!(self.engine.execute(self.client, set).reply, Reply::Error(_)) {
            self.refused += 1;
        }
    }

    /// To so many milliseconds after the first request.
    pub fn advance_to(&mut self, at: u64) {
        let wait = self.start.saturating_add(at).saturating_sub(self.engine.now());
        if wait > 0 {
            self.engine.advance(Duration::from_millis(wait));
        }
    }

    /// Ends a stretch.
    pub fn mark(&mut self, requests: u64, seconds: f64) {
        let point = self.point(requests, seconds);
        self.last = self.totals();
        self.series.push(point);
    }

    fn point(&self, requests: u64, seconds: f64) -> Point {
        let (now, last) = (self.totals(), &self.last);
        let hits = now.hits - last.hits;
        Point {
            requests,
            seconds,
            hit_ratio: ratio(hits, hits + now.misses - last.misses),
            used_memory: now.used_memory,
            keys: now.keys,
            evicted: now.evicted - last.evicted,
            expired_lazily: now.expired_lazily - last.expired_lazily,
            expired_actively: now.expired_actively - last.expired_actively,
            refused: now.refused - last.refused,
        }
    }

    fn totals(&self) -> Totals {
        let (snapshot, stats) = (self.engine.snapshot(), self.engine.stats());
        Totals {
            hits: stats.keyspace_hits,
            misses: stats.keyspace_misses,
            evicted: stats.evicted,
            expired_lazily: stats.expired_lazily,
            expired_actively: stats.expired_actively,
            refused: self.refused,
            keys: snapshot.databases.iter().map(|database| database.keys as u64).sum(),
            used_memory: snapshot.used_memory,
            peak_memory: stats.peak_memory,
        }
    }

    /// The figures so far. A stretch under way is the last point.
    pub fn report(&self, requests: u64, seconds: f64) -> PolicyReport {
        let totals = self.totals();
        let mut series = self.series.clone();
        if series.last().map_or(0, |point| point.requests) < requests {
            series.push(self.point(requests, seconds));
        }
        PolicyReport {
            policy: self.policy.word(),
            newer: MaxmemoryPolicy::NEWER.iter().any(|(_, policy)| *policy == self.policy),
            hits: totals.hits,
            misses: totals.misses,
            hit_ratio: ratio(totals.hits, totals.hits + totals.misses),
            evicted: totals.evicted,
            expired_lazily: totals.expired_lazily,
            expired_actively: totals.expired_actively,
            refused: totals.refused,
            keys: totals.keys,
            used_memory: totals.used_memory,
            peak_memory: totals.peak_memory,
            series,
        }
    }

    /// A fingerprint of the engine.
    pub fn digest(&self) -> u64 {
        self.engine.digest()
    }
}
