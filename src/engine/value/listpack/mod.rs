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
use std::fmt;

use super::alloc::room_for;
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
const UNCOUNTED: u16 = u16::MAX;

/// Entries in one piece of memory.
///
/// The piece is somewhat longer than what is in it; the header tells how much is used. So a listpack is two words where
/// it stands, and still need not move with every entry that is added. What is lent to be read only is a [`View`].
#[derive(Clone, Copy)]
pub struct Listpack<Room = Box<[u8]>> {
    room: Room,
}

/// A listpack in a piece of memory that someone else holds.
pub type View<'a> = Listpack<&'a [u8]>;

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
}

/// A text to be compared with many entries.
#[derive(Clone, Copy, Debug)]
pub struct Needle<'a> {
    text: &'a [u8],
    integer: Option<i64>,
}

impl<'a> Needle<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, integer: number::parse_i64(text) }
    }

    pub fn is(self, entry: Entry<'_>) -> bool {
        match entry {
            Entry::Integer(integer) => self.integer == Some(integer),
            Entry::Text(text) => self.text == text,
        }
    }
}

impl Default for Listpack {
    fn default() -> Self {
        let mut empty = Self { room: vec![0; room_for(EMPTY)].into() };
        empty.close(HEADER);
        empty
    }
}

impl<Room: AsRef<[u8]>> fmt::Debug for Listpack<Room> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Listpack {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Listpack {}

impl<Room: AsRef<[u8]>> Listpack<Room> {
    fn bytes(&self) -> &[u8] {
        self.room.as_ref()
    }

    /// The number of entries. As in Redis they are counted one by one where the header cannot tell.
    pub fn len(&self) -> usize {
        match self.counted() {
            UNCOUNTED => std::iter::successors(self.first(), |at| self.next(*at)).count(),
            counted => counted.into(),
        }
    }

    fn counted(&self) -> u16 {
        self.bytes().get(4..HEADER).and_then(|two| two.try_into().ok()).map_or(0, u16::from_le_bytes)
    }

    pub fn is_empty(&self) -> bool {
        self.end() == HEADER
    }

    /// The number of bytes.
    pub fn byte_len(&self) -> usize {
        self.bytes().first_chunk().map_or(0, |four| u32::from_le_bytes(*four) as usize)
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes().get(..self.byte_len()).unwrap_or_default()
    }

    pub fn first(&self) -> Option<Position> {
        (!self.is_empty()).then_some(Position(HEADER))
    }

    pub fn last(&self) -> Option<Position> {
        self.before(self.end())
    }

    pub fn next(&self, at: Position) -> Option<Position> {
        let next = at.0 + code::whole_len(self.bytes(), at.0);
        (next < self.end()).then_some(Position(next))
    }

    pub fn previous(&self, at: Position) -> Option<Position> {
        self.before(at.0)
    }

    fn before(&self, at: usize) -> Option<Position> {
        (at > HEADER).then(|| Position(at - code::len_before(self.bytes(), at)))
    }

    /// The entry at an index, negative ones counted from the end; walks from the nearer side.
    pub fn seek(&self, index: i64) -> Option<Position> {
        let len = self.len() as i64;
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
        code::entry(self.bytes(), at.0)
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
        Iter::new(Listpack { room: self.bytes() })
    }

    /// Where the end mark is.
    fn end(&self) -> usize {
        self.byte_len().saturating_sub(1)
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
        let (mut at, mut len) = (HEADER, 0);
        while at + 1 < bytes.len() {
            at = code::checked_end(&bytes, at)?;
            len += 1;
        }
        let fits = counted == UNCOUNTED || usize::from(counted) == len;
        (at + 1 == bytes.len() && fits).then(|| Self { room: bytes.into() })
    }

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
        self.count(1);
        Position(at)
    }

    /// Puts another text in the place of an entry.
    pub fn replace(&mut self, at: Position, text: &[u8]) {
        self.splice(at.0, code::whole_len(&self.room, at.0), text);
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
        let (mut upto, mut removed) = (at.0, 0);
        while removed < count && upto < self.end() {
            upto += code::whole_len(&self.room, upto);
            removed += 1;
        }
        let end = self.end();
        self.room.copy_within(upto..end, at.0);
        self.close(end - (upto - at.0));
        self.count(-(removed as i64));
        self.fit();
        (at.0 < self.end()).then_some(at)
    }

    /// Adds all entries of another listpack behind the own ones.
    pub fn append(&mut self, other: &Self) {
        let entries = other.as_bytes().get(HEADER..other.end()).unwrap_or_default();
        self.extend(entries, other.len());
    }

    /// Keeps the entries before one; gives those from it on.
    #[must_use]
    pub fn split_off(&mut self, at: Position) -> Self {
        let (from, mut upto, mut moved) = (at.0.min(self.end()), at.0, 0);
        while upto < self.end() {
            upto += code::whole_len(&self.room, upto);
            moved += 1;
        }
        let mut tail = Self::default();
        tail.extend(self.room.get(from..self.end()).unwrap_or_default(), moved);
        self.close(from);
        self.count(-(moved as i64));
        self.fit();
        tail
    }

    fn extend(&mut self, entries: &[u8], count: usize) {
        let end = self.end();
        self.make_room(end + entries.len() + 1);
        if let Some(place) = self.room.get_mut(end..end + entries.len()) {
            place.copy_from_slice(entries);
        }
        self.close(end + entries.len());
        self.count(count as i64);
    }

    /// Writes an entry over `old` bytes.
    fn splice(&mut self, at: usize, old: usize, text: &[u8]) {
        let code = code::Code::of(text);
        let (new, end) = (code.len(), self.end());
        self.make_room(end + new - old + 1);
        self.room.copy_within(at + old..end, at + new);
        if let Some(place) = self.room.get_mut(at..at + new) {
            code.write(place);
        }
        self.close(end + new - old);
        if new < old {
            self.fit();
        }
    }

    /// Puts the end mark and the length it makes.
    fn close(&mut self, end: usize) {
        if let Some(mark) = self.room.get_mut(end) {
            *mark = END;
        }
        if let Some(told) = self.room.first_chunk_mut() {
            *told = (end as u32 + 1).to_le_bytes();
        }
    }

    /// Corrects the number of entries in the header, as far as it has one.
    fn count(&mut self, more: i64) {
        let counted = self.counted();
        // Once lost the number stays so: to find it again would cost a walk with every change.
        if counted == UNCOUNTED {
            return;
        }
        let counted = u16::try_from(i64::from(counted) + more).unwrap_or(UNCOUNTED);
        if let Some(told) = self.room.get_mut(4..HEADER) {
            told.copy_from_slice(&counted.to_le_bytes());
        }
    }

    fn make_room(&mut self, needed: usize) {
        if needed > self.room.len() {
            self.resize(needed);
        }
    }

    /// Gives back what is no longer needed.
    fn fit(&mut self) {
        if room_for(self.byte_len()) < self.room.len() {
            self.resize(self.byte_len());
        }
    }

    fn resize(&mut self, needed: usize) {
        let wanted = room_for(needed);
        let mut room = std::mem::take(&mut self.room).into_vec();
        room.reserve_exact(wanted.saturating_sub(room.len()));
        room.resize(wanted, 0);
        self.room = room.into();
    }
}

impl From<Listpack> for Box<[u8]> {
    fn from(list: Listpack) -> Self {
        list.room
    }
}

/// Takes back what has been a listpack before; bytes from elsewhere are for [`Listpack::from_bytes`] to check.
impl<Room: AsRef<[u8]>> From<Room> for Listpack<Room> {
    fn from(room: Room) -> Self {
        Self { room }
    }
}

impl<'a> View<'a> {
    /// The entry at an index, for as long as the bytes are lent.
    pub fn entry(self, index: i64) -> Option<Entry<'a>> {
        self.seek(index).map(|at| code::entry(self.room, at.0))
    }

    /// All entries, for as long as the bytes are lent.
    pub fn lent(self) -> Iter<'a> {
        Iter::new(self)
    }
}

impl<'a> IntoIterator for &'a Listpack {
    type Item = Entry<'a>;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
