//! What `INFO` counts. Plain figures; nothing here decides anything.

/// Running totals since the engine started or `CONFIG RESETSTAT`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// When the engine started, on the virtual clock.
    pub started: u64,
    pub commands: u64,
    pub connections: u64,
    pub keyspace_hits: u64,
    pub keyspace_misses: u64,
    pub expired_lazily: u64,
    pub expired_actively: u64,
    /// Fields of hashes, those of them counted that were given a deadline in the past.
    pub fields_expired_lazily: u64,
    pub fields_expired_actively: u64,
    pub error_replies: u64,
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
}
