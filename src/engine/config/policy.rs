//! What `maxmemory-policy` may say: which keys may be evicted, and by what they are compared.
//!
//! Knows neither keys nor how a victim is found.

/// Which keys are evicted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxmemoryPolicy {
    VolatileLru,
    VolatileLfu,
    VolatileRandom,
    VolatileTtl,
    VolatileLrm,
    AllkeysLru,
    AllkeysLfu,
    AllkeysRandom,
    AllkeysLrm,
    Noeviction,
}

/// What tells a victim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Criterion {
    /// The time since its last use, or since its last change.
    Idle,
    /// How rarely it is used.
    Frequency,
    /// How soon it would expire anyway.
    Deadline,
    Chance,
}

impl MaxmemoryPolicy {
    /// The words of Redis 8.0, in the order in which it lists them.
    pub const ALL: [(&'static str, Self); 8] = [
        ("volatile-lru", Self::VolatileLru),
        ("volatile-lfu", Self::VolatileLfu),
        ("volatile-random", Self::VolatileRandom),
        ("volatile-ttl", Self::VolatileTtl),
        ("allkeys-lru", Self::AllkeysLru),
        ("allkeys-lfu", Self::AllkeysLfu),
        ("allkeys-random", Self::AllkeysRandom),
        ("noeviction", Self::Noeviction),
    ];

    /// Words that came with Redis 8.6: least recently modified.
    pub const NEWER: [(&'static str, Self); 2] =
        [("volatile-lrm", Self::VolatileLrm), ("allkeys-lrm", Self::AllkeysLrm)];

    /// Every policy there is.
    pub fn every() -> impl Iterator<Item = (&'static str, Self)> {
        Self::ALL.into_iter().chain(Self::NEWER)
    }

    pub fn word(self) -> &'static str {
        Self::every().find(|(_, policy)| *policy == self).map_or("", |(word, _)| word)
    }

    /// What victims are told by; `None` where there are none.
    pub fn criterion(self) -> Option<Criterion> {
        match self {
            Self::VolatileLru | Self::AllkeysLru | Self::VolatileLrm | Self::AllkeysLrm => {
                Some(Criterion::Idle)
            }
            Self::VolatileLfu | Self::AllkeysLfu => Some(Criterion::Frequency),
            Self::VolatileTtl => Some(Criterion::Deadline),
            Self::VolatileRandom | Self::AllkeysRandom => Some(Criterion::Chance),
            Self::Noeviction => None,
        }
    }

    /// Whether only keys with a deadline may be evicted.
    pub fn spares_lasting(self) -> bool {
        matches!(
            self,
            Self::VolatileLru
                | Self::VolatileLfu
                | Self::VolatileRandom
                | Self::VolatileTtl
                | Self::VolatileLrm
        )
    }

    /// Whether keys carry a use counter instead of the time of their last use.
    pub fn counts_frequency(self) -> bool {
        self.criterion() == Some(Criterion::Frequency)
    }

    /// Whether a key's time is that of its last change, which reading does not renew.
    pub fn ignores_reads(self) -> bool {
        matches!(self, Self::VolatileLrm | Self::AllkeysLrm)
    }
}
