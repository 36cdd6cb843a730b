//! Read-only views for pictures: what the engine holds, without touching it.
//!
//! Looking must not change anything: a snapshot expires no key, moves no idle time and counts no hit. Big collections
//! are cut to what a picture can show. Snapshots know nothing of the page that draws them.

/// The state at a glance.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Milliseconds since the Unix epoch, on the virtual clock.
    pub now: u64,
    /// Bytes in use, as `INFO` tells them.
    pub used_memory: u64,
    /// The most there ever was.
    pub peak_memory: u64,
    /// What of it is data, and what is not: server, clients and tables of keys.
    pub dataset: u64,
    pub overhead: u64,
    /// How much there may be; 0 is no limit.
    pub maxmemory: u64,
    /// Only databases that hold keys.
    pub databases: Vec<DatabaseView>,
    /// The earliest deadline of any key, which may be past while nobody has met the key.
    pub next_expiry: Option<u64>,
    pub expired_lazily: u64,
    pub expired_actively: u64,
    pub evicted: u64,
}

/// One database's figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseView {
    pub index: usize,
    pub keys: usize,
    pub volatile: usize,
}

/// A key in the list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyView {
    pub key: Vec<u8>,
    /// `string`, `zset` …: the word of `TYPE`.
    pub kind: &'static str,
    /// The word of `OBJECT ENCODING`.
    pub encoding: &'static str,
    /// Elements of a collection, bytes of a string.
    pub len: usize,
    /// Bytes, as `MEMORY USAGE key SAMPLES 0` counts them.
    pub memory: usize,
    /// The deadline on the virtual clock; it may be past while nobody has met the key.
    pub expires_at: Option<u64>,
    /// Seconds since somebody used it.
    pub idle: u64,
}

/// What can be told of a key at little cost, for whoever asks many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glance {
    pub kind: &'static str,
    pub encoding: &'static str,
    pub memory: usize,
    pub expires_at: Option<u64>,
    pub idle: u64,
}

/// The inside of a value, cut to a number of elements.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueView {
    /// The first bytes of a string.
    String { bytes: Vec<u8> },
    /// Members, integers in order; `integer_bits` for a set of integers alone: the 16, 32 or 64 that each is kept in.
    Set { members: Vec<Vec<u8>>, integer_bits: Option<usize> },
    /// Elements from the head on.
    List { elements: Vec<Vec<u8>> },
    /// Members from the highest score down.
    SortedSet { members: Vec<(Vec<u8>, f64)> },
    /// Fields, their values, and when they expire, which may be past while nobody has met the field.
    Hash { fields: Vec<(Vec<u8>, Vec<u8>, Option<u64>)> },
    /// The newest entries of a stream, the last first, and the groups that read it.
    Stream { entries: Vec<EntryView>, groups: Vec<GroupView> },
}

/// An entry of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryView {
    pub id: String,
    pub fields: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A consumer group of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    pub name: Vec<u8>,
    /// Entries up to here were delivered.
    pub last_id: String,
    /// Entries delivered and not acknowledged.
    pub pending: usize,
    /// Consumers by name, each with the number of entries pending for it.
    pub consumers: Vec<(Vec<u8>, usize)>,
}

/// A key looked into.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    pub summary: KeyView,
    pub value: ValueView,
    /// For encodings that convert when they grow: how much of the limit is used, for example 97 of 128 entries.
    pub conversion: Option<Conversion>,
}

/// How far a compact encoding is from converting to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    pub entries: usize,
    pub limit: usize,
}
