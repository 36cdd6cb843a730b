//! What happened to keys, for whoever draws or announces it.
//!
//! Events are emitted by the keyspace alone, so that no command can forget one. They carry the word Redis uses in its
//! keyspace notifications, and tell apart the two ways a key expires.

/// How an expired key, or field of a hash, was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// A command asked for it and met it past its deadline.
    Lazy,
    /// The background cycle sampled it.
    Active,
}

/// How a key stands when one to evict is wanted, in the words of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Seconds since its last use, or since its last change.
    Idle(u64),
    /// The logarithmic counter of its uses.
    Counter(u8),
    /// When it would expire, in absolute milliseconds.
    Deadline(u64),
    /// Not compared with any other.
    Chance,
}

impl Standing {
    /// The higher, the better a victim; for one policy at a time.
    pub fn rank(self) -> u64 {
        match self {
            Self::Idle(seconds) => seconds.saturating_mul(1000),
            Self::Counter(counter) => u64::from(u8::MAX - counter),
            Self::Deadline(at) => u64::MAX - at,
            Self::Chance => 0,
        }
    }
}

/// A key that may be evicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub db: usize,
    pub key: Vec<u8>,
    pub standing: Standing,
}

/// Why a key was evicted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eviction {
    /// The word of `maxmemory-policy`.
    pub policy: &'static str,
    /// How the victim stood.
    pub standing: Standing,
    /// What its going made free; below zero where a hash table became sparse by it, since the smaller one is made beside it.
    pub bytes: i64,
    /// Whom it was compared with: nobody under a random policy, and untold where very many keys go at once.
    pub compared: Option<Comparison>,
}

/// How a victim was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The keys drawn at random, in order.
    pub sampled: Vec<Candidate>,
    /// The pool before they were offered to it, and after the victim was taken out: the next victim last.
    pub before: Vec<Candidate>,
    pub after: Vec<Candidate>,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The key was written, renamed, removed …; the word of Redis's keyspace notification (`set`, `zadd`, `del`).
    Changed { name: &'static str },
    /// The key was removed because its time had come, `late_ms` after its deadline.
    Expired { how: Expiry, late_ms: u64 },
    /// The key was removed because there was no room.
    Evicted(Box<Eviction>),
    /// So many fields of the hash were removed because their time had come.
    FieldsExpired { how: Expiry, fields: usize },
    /// The whole database was emptied or exchanged (`flushdb`, `swapdb`): there is no single key.
    Database { name: &'static str },
}

/// One happening, at a moment of the virtual clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Milliseconds since the Unix epoch, on the virtual clock.
    pub at: u64,
    pub db: usize,
    /// Empty for [`EventKind::Database`].
    pub key: Vec<u8>,
    pub kind: EventKind,
}

impl EventKind {
    /// The word for it: a notification's name, the same for either way of expiring.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Changed { name } | Self::Database { name } => name,
            Self::Expired { .. } => "expired",
            Self::Evicted(_) => "evicted",
            Self::FieldsExpired { .. } => "hexpired",
        }
    }
}

impl Event {
    /// The word for it.
    pub fn name(&self) -> &'static str {
        self.kind.name()
    }
}
