//! What `INFO`, `SLOWLOG` and `LATENCY` tell. Plain figures; nothing here decides anything.

mod commands;
mod errors;
mod histogram;
mod rate;

pub use commands::{CommandFigures, CommandStats};
pub use errors::ErrorStats;
pub use histogram::Histogram;
pub use rate::Rate;

use crate::cost::Work;
use crate::latency::LatencyMonitor;
use crate::slowlog::Slowlog;

/// Running totals since the engine started or `CONFIG RESETSTAT`, and the logs of what was slow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// When the engine started, on the virtual clock.
    pub started: u64,
    /// Commands that ran, those that failed among them; what a gate refused is not.
    pub commands: u64,
    pub connections: u64,
    /// Connections that were refused, because there are as many as there may be.
    pub refused_connections: u64,
    /// Clients that were closed because they had too much to fetch, they alone or all together.
    pub closed_by_output: u64,
    pub evicted_clients: u64,
    pub keyspace_hits: u64,
    pub keyspace_misses: u64,
    pub expired_lazily: u64,
    pub expired_actively: u64,
    /// Fields of hashes, those of them counted that were given a deadline in the past.
    pub fields_expired_lazily: u64,
    pub fields_expired_actively: u64,
    pub evicted: u64,
    pub error_replies: u64,
    /// How many of them belong to commands that have begun or are over.
    pub errors_laid_to: u64,
    /// The highest `used_memory` there was after a command.
    pub peak_memory: u64,
    pub by_command: CommandStats,
    /// How many commands have a histogram of latencies.
    pub histograms: u64,
    pub by_error: ErrorStats,
    /// Commands a second.
    pub rate: Rate,
    /// What the running command has met so far.
    pub work: Work,
    pub slowlog: Slowlog,
    pub latency: LatencyMonitor,
}

impl Stats {
    pub fn expired(&self) -> u64 {
        self.expired_lazily + self.expired_actively
    }

    pub fn expired_fields(&self) -> u64 {
        self.fields_expired_lazily + self.fields_expired_actively
    }

    /// Keys and fields that the background cycle has removed.
    pub fn removed_by_cycle(&self) -> u64 {
        self.expired_actively + self.fields_expired_actively
    }

    /// As `CONFIG RESETSTAT`: the totals begin again at zero. The slow log, the latency events and the highest memory
    /// stay, and so does what the running command has met.
    pub fn reset(&mut self) {
        *self = Self {
            started: self.started,
            peak_memory: self.peak_memory,
            work: std::mem::take(&mut self.work),
            slowlog: std::mem::take(&mut self.slowlog),
            latency: std::mem::take(&mut self.latency),
            ..Self::default()
        };
    }
}
