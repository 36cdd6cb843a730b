//! The listpack: the flat encoding that Redis uses for small collections and for the nodes of lists and streams.
//!
//! Six bytes of header (all bytes, number of entries), the entries, and an end mark. Each entry is a header with its
//! kind and length, the bytes, and its length once more, so that one can walk backwards. A text that reads as a 64-bit
//! integer is stored as one, in the smallest form that holds it. The bytes are Redis's own: `MEMORY USAGE` counts
//! them and `DUMP` writes them as they are. What the entries mean, a listpack does not know.

mod code;
mod iter;
pub mod size;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use super::alloc::size_class;
use crate::number;
pub use iter::Iter;
pub use size::{entry, integer_entry};

/// Total length and number of entries in front.
const HEADER: usize = 6;
const END: u8 = 0xFF;
/// The length of an empty listpack: the header and the end mark.
pub const EMPTY: usize = HEADER + 1;
/// Redis lets no listpack grow beyond this.
pub const SAFE_LIMIT: usize = 1 << 30;
/// From so many entries on, the header no longer tells how many there are.
const UNCOUNTED: u32 = 65_535;

/// Entries in one piece of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listpack {
    bytes: Vec<u8>,
    len: u32,
}

/// Where an entry begins. It is good until the listpack changes before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position(usize);

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    Integer(i64),
    Text(&'a [u8]),
}

impl<'a> Entry<'a> {
    /// The text that was put in.
    pub fn text(self) -> Cow<'a, [u8]> {
        match self {
            Self::Integer(integer) => Cow::Owned(integer.to_string().into_bytes()),
            Self::Text(text) => Cow::Borrowed(text),
        }
    }

    pub fn to_vec(self) -> Vec<u8> {
        self.text().into_owned()
    }

    /// Whether this is what was put in.
    pub fn is(self, text: &[u8]) -> bool {
        Needle::new(text).is(self)
    }

    /// The entry as an integer, if it reads as one.
    pub fn as_int(self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(integer),
            Self::Text(text) => number::parse_i64(text),
        }
    }

    /// The length of the text.
    pub fn text_len(self) -> usize {
        match self {
            Self::Integer(integer) => {
                let digits = integer.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
                digits + usize::from(integer < 0)
            }
            Self::Text(text) => text.len(),
        }
    }
}

/// A text to be compared with many entries.
#[derive(Clone, Copy, Debug)]
struct Needle<'a> {
    text: &'a [u8],
    integer: Option<i64>,
}

impl<'a> Needle<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self { text, integer: number::parse_i64(text) }
    }

    fn is(self, entry: Entry<'_>) -> bool {
        match entry {
            Entry::Integer(integer) => self.integer == Some(integer),
            Entry::Text(text) => self.text == text,
        }
    }
}

impl Default for Listpack {
    fn default() -> Self {
        let mut bytes = vec![0; EMPTY];
        bytes[HEADER] = END;
        let mut empty = Self { bytes, len: 0 };
        empty.write_header();
        empty
    }
}

impl Listpack {
    /// Takes bytes from outside; `None` where they are no listpack through and through.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let told = u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?);
        let counted = u16::from_le_bytes(bytes.get(4..HEADER)?.try_into().ok()?);
        if told as usize != bytes.len() || bytes.last() != Some(&END) || bytes.len() < EMPTY {
            return None;
        }
        let mut pack = Self { bytes, len: 0 };
        let mut at = HEADER;
        while at + 1 < pack.bytes.len() {
            at = code::checked_end(&pack.bytes, at)?;
            pack.len = pack.len.checked_add(1)?;
        }
        let fits = u32::from(counted) == pack.len || u32::from(counted) == UNCOUNTED;
        (at + 1 == pack.bytes.len() && fits).then_some(pack)
    }

    /// The number of entries.
    pub fn len(&self) -> usize {
        self.len as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of bytes.
    pub fn byte_len(&self) -> usize {
        self.bytes.len()
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    // ---- looking -------------------------------------------------------------------------------------------------

    pub fn first(&self) -> Option<Position> {
        (!self.is_empty()).then_some(Position(HEADER))
    }

    pub fn last(&self) -> Option<Position> {
        self.before(self.end())
    }

    pub fn next(&self, at: Position) -> Option<Position> {
        let next = at.0 + code::whole_len(&self.bytes, at.0);
        (next < self.end()).then_some(Position(next))
    }

    pub fn previous(&self, at: Position) -> Option<Position> {
        self.before(at.0)
    }

    fn before(&self, at: usize) -> Option<Position> {
        (at > HEADER).then(|| Position(at - code::len_before(&self.bytes, at)))
    }

    /// The entry at an index, negative ones counted from the end; walks from the nearer side.
    pub fn seek(&self, index: i64) -> Option<Position> {
        let len = i64::from(self.len);
        let index = if index < 0 { index + len } else { index };
        if !(0..len).contains(&index) {
            return None;
        }
        if index <= len / 2 {
            (0..index).try_fold(self.first()?, |at, _| self.next(at))
        } else {
            (index..len - 1).try_fold(self.last()?, |at, _| self.previous(at))
        }
    }

    pub fn get(&self, at: Position) -> Entry<'_> {
        code::entry(&self.bytes, at.0)
    }

    /// The first entry with this text among every `step`th one.
    pub fn find(&self, text: &[u8], step: usize) -> Option<Position> {
        self.find_from(self.first()?, text, step)
    }

    /// As [`Listpack::find`], from an entry on.
    pub fn find_from(&self, from: Position, text: &[u8], step: usize) -> Option<Position> {
        let needle = Needle::new(text);
        let mut at = from;
        loop {
            if needle.is(self.get(at)) {
                return Some(at);
            }
            for _ in 0..step.max(1) {
                at = self.next(at)?;
            }
        }
    }

    /// All entries, from both ends.
    pub fn iter(&self) -> Iter<'_> {
        Iter::new(self)
    }

    // ---- changing ------------------------------------------------------------------------------------------------

    pub fn push_back(&mut self, text: &[u8]) {
        self.insert_before(None, text);
    }

    pub fn push_front(&mut self, text: &[u8]) {
        self.insert_before(Some(Position(HEADER)), text);
    }

    /// Puts an entry before another, or at the end, and gives its place.
    pub fn insert_before(&mut self, before: Option<Position>, text: &[u8]) -> Position {
        let at = before.map_or(self.end(), |before| before.0.min(self.end()));
        self.splice(at, 0, text);
        self.len += 1;
        self.write_header();
        Position(at)
    }

    /// Puts another text in the place of an entry.
    pub fn replace(&mut self, at: Position, text: &[u8]) {
        self.splice(at.0, code::whole_len(&self.bytes, at.0), text);
        self.write_header();
    }

    /// Removes an entry and gives the place of the one that followed it.
    pub fn remove(&mut self, at: Position) -> Option<Position> {
        self.remove_run(at, 1)
    }

    /// Removes so many entries from an index on, as far as there are any.
    pub fn remove_range(&mut self, index: i64, count: usize) {
        if let Some(at) = self.seek(index) {
            self.remove_run(at, count);
        }
    }

    /// Removes so many entries from one on, as far as there are any, and gives the place of the one that followed.
    pub fn remove_run(&mut self, at: Position, count: usize) -> Option<Position> {
        let (mut end, mut removed) = (at.0, 0);
        while removed < count && end < self.end() {
            end += code::whole_len(&self.bytes, end);
            removed += 1;
        }
        self.bytes.drain(at.0..end);
        self.len -= removed as u32;
        self.give_back();
        self.write_header();
        (at.0 < self.end()).then_some(at)
    }

    /// Adds all entries of another listpack behind the own ones.
    pub fn append(&mut self, other: &Self) {
        let entries = other.bytes.get(HEADER..other.end()).unwrap_or_default();
        self.reserve(entries.len());
        self.bytes.pop();
        self.bytes.extend_from_slice(entries);
        self.bytes.push(END);
        self.len += other.len;
        self.write_header();
    }

    /// Keeps the entries before one; gives those from it on.
    #[must_use]
    pub fn split_off(&mut self, at: Position) -> Self {
        let mut tail = Self::default();
        let mut from = at.0.min(self.end());
        let entries = self.bytes.get(from..self.end()).unwrap_or_default();
        tail.reserve(entries.len());
        tail.bytes.pop();
        tail.bytes.extend_from_slice(entries);
        tail.bytes.push(END);
        while from < self.end() {
            from += code::whole_len(&self.bytes, from);
            tail.len += 1;
        }
        self.bytes.truncate(at.0);
        self.bytes.push(END);
        self.len -= tail.len;
        self.give_back();
        self.write_header();
        tail.write_header();
        tail
    }

    fn end(&self) -> usize {
        self.bytes.len() - 1
    }

    /// Writes an entry over `old` bytes.
    fn splice(&mut self, at: usize, old: usize, text: &[u8]) {
        let code = code::Code::of(text);
        let (new, len) = (code.len(), self.bytes.len());
        if new > old {
            self.reserve(new - old);
            self.bytes.resize(len + new - old, 0);
        }
        self.bytes.copy_within(at + old..len, at + new);
        self.bytes.truncate(len + new - old);
        if let Some(place) = self.bytes.get_mut(at..at + new) {
            code.write(place);
        }
        if new < old {
            self.give_back();
        }
    }

    /// Room grows by size classes, as Redis's does: some slack, never twice what is needed.
    fn reserve(&mut self, more: usize) {
        let needed = self.bytes.len() + more;
        if needed > self.bytes.capacity() {
            self.bytes.reserve_exact(size_class(needed) - self.bytes.len());
        }
    }

    fn give_back(&mut self) {
        if self.bytes.capacity() > 2 * size_class(self.bytes.len()) {
            self.bytes.shrink_to(size_class(self.bytes.len()));
        }
    }

    fn write_header(&mut self) {
        let (bytes, len) = (self.bytes.len() as u32, self.len.min(UNCOUNTED) as u16);
        if let Some(header) = self.bytes.first_chunk_mut::<HEADER>() {
            header[..4].copy_from_slice(&bytes.to_le_bytes());
            header[4..].copy_from_slice(&len.to_le_bytes());
        }
    }
}

impl<'a> IntoIterator for &'a Listpack {
    type Item = Entry<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
