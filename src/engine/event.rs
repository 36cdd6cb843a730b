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

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// The key was written, renamed, removed …; the word of Redis's keyspace notification (`set`, `zadd`, `del`).
    Changed { name: &'static str },
    /// The key was removed because its time had come, `late_ms` after its deadline.
    Expired { how: Expiry, late_ms: u64 },
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
