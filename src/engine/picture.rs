//! What a picture of one key shows: a window of its value, where its bytes go, and how far its encoding is from converting.
//!
//! A picture costs what it shows and not what is stored: the caller's [`Lens`] says which window, and what would take a
//! walk over everything is left out of big values. Looking changes nothing. Nothing here knows who draws it.

use crate::snapshot::KeyView;

/// What of a value to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Lens {
    /// The first element shown, or byte of a string.
    pub from: usize,
    /// How many elements.
    pub len: usize,
    /// How many bytes of a string.
    pub bytes: usize,
    /// Of a stream: the newest entry shown, by its milliseconds and number.
    pub until: Option<(u64, u64)>,
    /// Of a sorted set read as places: where to search.
    pub circle: Option<Circle>,
}

impl Default for Lens {
    fn default() -> Self {
        Self { from: 0, len: 100, bytes: 65_536, until: None, circle: None }
    }
}

/// A circle on the globe: degrees, and a radius in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Circle {
    pub longitude: f64,
    pub latitude: f64,
    pub radius: f64,
}

/// A key looked into.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub summary: KeyView,
    /// Where the bytes of `MEMORY USAGE key SAMPLES 0` go; their sum is `summary.memory`.
    pub shares: Vec<Share>,
    /// What the model of the allocator has handed out for the key, which `MEMORY USAGE` counts in part.
    pub allocated: usize,
    /// The limits of a compact encoding.
    pub limits: Vec<Limit>,
    pub inside: Inside,
}

/// A part of what a key takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    pub part: Part,
    pub bytes: usize,
}

/// What bytes are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The entry in the table of keys.
    Entry,
    /// The key's name, as a string.
    Name,
    /// The header of the value's object.
    Object,
    /// The headers of the value's own structures.
    Headers,
    /// What was stored.
    Content,
    /// Room that a string may grow into.
    Spare,
    /// A string's header, its closing zero, and what the allocator rounds up.
    Frame,
    /// What the allocator rounds up.
    Rounding,
    /// The slots of a hash table.
    Slots,
    /// The slots of a table that entries are moving out of.
    OldSlots,
    /// The entries of a hash table.
    Entries,
    /// The names of members, as strings.
    Members,
    /// Fields and their values, as strings.
    Fields,
    /// The nodes of a skip list, with their links.
    Links,
    /// The frames of a list's nodes.
    Nodes,
    /// Listpacks inside nodes.
    Listpacks,
    /// A radix tree, as Redis estimates it.
    Tree,
    /// Groups and their consumers.
    Groups,
    /// Entries pending in groups, and their trees.
    Pending,
}

/// A limit of a compact encoding, and how much of it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    pub measure: Measure,
    pub used: usize,
    pub limit: usize,
    /// The setting that has the limit; none where it is Redis's own.
    pub setting: Option<&'static str>,
    /// The encoding it converts to when there is more.
    pub next: &'static str,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Elements of a collection.
    Elements,
    /// Bytes of the longest element.
    Longest,
    /// Bytes of all.
    Bytes,
}

/// The inside of a value, as far as the lens reaches.
#[derive(Clone, Debug, PartialEq)]
pub enum Inside {
    String(Box<StringPicture>),
    List(ListPicture),
    Set(SetPicture),
    SortedSet(Box<SortedSetPicture>),
    Hash(HashPicture),
    Stream(Box<StreamPicture>),
}

/// An element, or as much of a long one as a picture can show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    pub bytes: Vec<u8>,
    /// How long the element is.
    pub len: usize,
}

/// Bytes of an element that are shown.
const PIECE: usize = 1024;

impl Piece {
    /// All of it, where it is not cut.
    pub fn whole(&self) -> Option<&[u8]> {
        (self.bytes.len() == self.len).then_some(&self.bytes)
    }
}

impl From<&[u8]> for Piece {
    fn from(element: &[u8]) -> Self {
        Self { bytes: element.get(..PIECE).unwrap_or(element).to_vec(), len: element.len() }
    }
}

/// Bytes, and what they may be read as.
#[derive(Clone, Debug, PartialEq)]
pub struct StringPicture {
    pub from: usize,
    pub bytes: Vec<u8>,
    pub number: Option<Numeric>,
    /// `BITCOUNT` of the whole string; not told of a very long one.
    pub bits: Option<u64>,
    pub registers: Option<RegistersPicture>,
}

/// A string that is a number to `INCR` or to `INCRBYFLOAT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numeric {
    Integer(i64),
    Float,
}

/// The registers of a HyperLogLog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegistersPicture {
    pub dense: bool,
    /// One value each; none where the string is corrupted.
    pub values: Vec<u8>,
    pub estimate: i64,
    /// Whether the header holds the estimate, or `PFCOUNT` will have to reckon it.
    pub cached: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPicture {
    pub from: usize,
    pub elements: Vec<Piece>,
    /// The last elements, where the window does not reach them.
    pub tail: Vec<Piece>,
    /// The first nodes.
    pub nodes: Vec<NodePicture>,
    /// How many there are in all.
    pub node_count: usize,
}

/// A node of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NodePicture {
    pub elements: usize,
    pub bytes: usize,
    /// One element too big to stand with others.
    pub plain: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetPicture {
    pub from: usize,
    pub members: Vec<Piece>,
    /// Of integers alone: the bits that each is kept in.
    pub integer_bits: Option<usize>,
}

/// Members by rank, the highest score first, and how all scores are spread.
#[derive(Clone, Debug, PartialEq)]
pub struct SortedSetPicture {
    pub from: usize,
    pub members: Vec<(Piece, f64)>,
    pub spread: Spread,
    pub places: Option<PlacesPicture>,
}

/// How scores lie between the lowest and the highest one that are finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    pub low: f64,
    pub high: f64,
    /// How many fall into each of equal stretches; the last holds its end.
    pub counts: Vec<usize>,
    pub below: usize,
    pub above: usize,
}

/// A sorted set whose scores all look like places.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacesPicture {
    /// All, or as many of them at equal distances by score.
    pub places: Vec<PlacePicture>,
    /// What is found in the lens's circle, the nearest first.
    pub found: Vec<FoundPicture>,
    /// There are more that were not looked for.
    pub more: bool,
    /// Whether scores are so high that numbers of another kind are unlikely.
    pub likely: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PlacePicture {
    pub member: Piece,
    pub longitude: f64,
    pub latitude: f64,
    /// Whether it lies in the lens's circle.
    pub hit: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FoundPicture {
    pub member: Piece,
    /// Metres from the middle.
    pub distance: f64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HashPicture {
    pub from: usize,
    /// Fields, their values, and when they expire, which may be past while nobody has met the field.
    pub fields: Vec<(Piece, Piece, Option<u64>)>,
}

/// Entries from the newest down, and who reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamPicture {
    pub entries: Vec<EntryPicture>,
    /// The first and the last entry that are there.
    pub ends: Option<((u64, u64), (u64, u64))>,
    /// The last ID given, and how many entries were ever added.
    pub last_id: (u64, u64),
    pub added: u64,
    pub groups: Vec<GroupPicture>,
    pub group_count: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryPicture {
    pub id: (u64, u64),
    pub fields: Vec<(Piece, Piece)>,
    /// How many there are.
    pub field_count: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupPicture {
    pub name: Piece,
    /// Entries up to here were delivered.
    pub last_id: (u64, u64),
    /// Entries that are still to be delivered, where that can be told.
    pub lag: Option<i64>,
    pub consumers: Vec<ConsumerPicture>,
    pub consumer_count: usize,
    /// The oldest of those delivered and not acknowledged.
    pub pending: Vec<PendingPicture>,
    pub pending_count: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerPicture {
    pub name: Piece,
    pub pending: usize,
    /// When it last asked for something, in milliseconds.
    pub seen_at: i64,
    /// When it last got something.
    pub active_at: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingPicture {
    pub id: (u64, u64),
    pub consumer: Piece,
    pub delivered_at: i64,
    pub deliveries: u64,
}
