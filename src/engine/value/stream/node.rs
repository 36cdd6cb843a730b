//! A node of a stream: some entries in one listpack, byte for byte as Redis has them.
//!
//! The listpack begins with the master entry: how many entries are there and how many were there and are marked as
//! deleted, then the field names of the first entry, and a zero. An entry is its flags, its ID as the difference from
//! the node's (milliseconds, number), its values, and how many of the listpack's elements it took, so that one can walk
//! backwards. Field names that differ from the master's stand with the values, behind their count. Deleting an entry
//! only sets a flag. Which ID the node has, it is told by its owner.

use super::Fields;
use super::id::StreamId;
use crate::value::alloc::size_class;
use crate::value::listpack::{self, Listpack, Position};

/// The flags of an entry.
const DELETED: i64 = 1;
const SAME_FIELDS: i64 = 2;

/// Elements of the master entry before the field names: both counts and the number of names.
const MASTER_HEAD: i64 = 3;

/// Entries side by side.
#[derive(Clone, Debug)]
pub struct Node {
    pack: Listpack,
    /// Bytes that Redis's allocator holds for the listpack: a new node has some in reserve.
    allocated: usize,
}

/// Where an entry lies in its node, and what is known without reading its fields.
#[derive(Clone, Copy, Debug)]
pub struct Slot {
    pub id: StreamId,
    at: Position,
    flags: i64,
    /// The first value, or field name where the entry has its own.
    body: Position,
    fields: usize,
}

impl Slot {
    pub fn is_deleted(&self) -> bool {
        self.flags & DELETED != 0
    }

    fn has_master_fields(&self) -> bool {
        self.flags & SAME_FIELDS != 0
    }

    /// Elements of the listpack between the head and the closing count.
    fn width(&self) -> usize {
        if self.has_master_fields() { self.fields } else { self.fields.saturating_mul(2) }
    }
}

impl Node {
    /// A node for entries like the first one, whose fields and values stand in turn; `room` bytes are allocated.
    pub fn new(pairs: &[Vec<u8>], room: usize) -> Self {
        let mut node = Self { pack: Listpack::default(), allocated: size_class(room.max(listpack::EMPTY)) };
        node.push_int(0);
        node.push_int(0);
        node.push_int((pairs.len() / 2) as i64);
        for field in pairs.iter().step_by(2) {
            node.push(field);
        }
        node.push_int(0);
        node
    }

    /// Takes a listpack from outside; `None` where it is no node. The node is as small as it can be.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let pack = Listpack::from_bytes(bytes)?;
        let allocated = size_class(pack.byte_len());
        let node = Self { pack, allocated };
        node.is_whole().then_some(node)
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.pack.as_bytes()
    }

    pub fn byte_len(&self) -> usize {
        self.pack.byte_len()
    }

    pub fn allocated(&self) -> usize {
        self.allocated
    }

    /// Gives back what is in reserve.
    pub fn shrink(&mut self) {
        self.allocated = size_class(self.pack.byte_len());
    }

    /// Entries that are there.
    pub fn live(&self) -> usize {
        self.head(0) as usize
    }

    /// Entries that are marked as deleted.
    pub fn deleted(&self) -> usize {
        self.head(1) as usize
    }

    /// One of the numbers that the master entry begins with.
    fn head(&self, index: i64) -> i64 {
        self.pack.seek(index).and_then(|at| self.pack.get(at).as_int()).unwrap_or(0).max(0)
    }

    // ---- walking -------------------------------------------------------------------------------------------------

    /// The first entry, deleted or not. `master` is the node's ID, here and below.
    pub fn first(&self, master: StreamId) -> Option<Slot> {
        let zero = self.skip(self.pack.seek(MASTER_HEAD)?, self.head(2) as usize)?;
        self.slot(master, self.pack.next(zero)?)
    }

    pub fn last(&self, master: StreamId) -> Option<Slot> {
        self.ending_at(master, self.pack.last()?)
    }

    pub fn next(&self, master: StreamId, slot: &Slot) -> Option<Slot> {
        let count = self.skip(slot.body, slot.width())?;
        self.slot(master, self.pack.next(count)?)
    }

    pub fn previous(&self, master: StreamId, slot: &Slot) -> Option<Slot> {
        self.ending_at(master, self.pack.previous(slot.at)?)
    }

    /// The entry with an ID, if it is there and not deleted.
    pub fn find(&self, master: StreamId, id: StreamId) -> Option<Slot> {
        let mut slot = self.first(master)?;
        while slot.id < id || slot.is_deleted() {
            slot = self.next(master, &slot)?;
        }
        (slot.id == id).then_some(slot)
    }

    /// Fields and values.
    pub fn fields(&self, slot: &Slot) -> Fields {
        let mut values = self.texts(Some(slot.body));
        let mut pairs = Vec::with_capacity(slot.fields.min(self.pack.len()));
        if slot.has_master_fields() {
            pairs.extend(self.texts(self.pack.seek(MASTER_HEAD)).zip(values).take(slot.fields));
        } else {
            pairs.extend(std::iter::from_fn(|| values.next().zip(values.next())).take(slot.fields));
        }
        pairs
    }

    fn texts(&self, from: Option<Position>) -> impl Iterator<Item = Vec<u8>> {
        let mut next = from;
        std::iter::from_fn(move || {
            let at = next?;
            next = self.pack.next(at);
            Some(self.pack.get(at).to_vec())
        })
    }

    /// The entry that begins at its flags.
    fn slot(&self, master: StreamId, at: Position) -> Option<Slot> {
        let int = |at| self.pack.get(at).as_int();
        let ms = self.pack.next(at)?;
        let seq = self.pack.next(ms)?;
        let mut body = self.pack.next(seq)?;
        let flags = int(at)?;
        let fields = if flags & SAME_FIELDS == 0 {
            let count = int(body)?;
            body = self.pack.next(body)?;
            count
        } else {
            self.head(2)
        };
        let id = master.offset(int(ms)?, int(seq)?);
        Some(Slot { id, at, flags, body, fields: usize::try_from(fields).ok()? })
    }

    /// The entry whose closing count stands here; the zero behind the master entry closes none.
    fn ending_at(&self, master: StreamId, count: Position) -> Option<Slot> {
        let elements = usize::try_from(self.pack.get(count).as_int()?).ok()?;
        if elements == 0 {
            return None;
        }
        let at = (0..elements).try_fold(count, |at, _| self.pack.previous(at))?;
        self.slot(master, at)
    }

    fn skip(&self, from: Position, elements: usize) -> Option<Position> {
        (0..elements).try_fold(from, |at, _| self.pack.next(at))
    }

    // ---- changing ------------------------------------------------------------------------------------------------

    /// Adds an entry behind all others, its fields and values in turn.
    pub fn append(&mut self, master: StreamId, id: StreamId, pairs: &[Vec<u8>]) {
        self.count(1, 0);
        let (ms, seq) = id.offset_from(master);
        let (same, fields) = (self.has_fields(pairs), pairs.len() / 2);
        self.push_int(if same { SAME_FIELDS } else { 0 });
        self.push_int(ms);
        self.push_int(seq);
        if !same {
            self.push_int(fields as i64);
        }
        for (index, text) in pairs.iter().enumerate() {
            // Where the fields are the master's, only the values are kept.
            if !same || index % 2 == 1 {
                self.push(text);
            }
        }
        self.push_int(if same { fields + 3 } else { 2 * fields + 4 } as i64);
    }

    /// Marks an entry as deleted.
    pub fn delete(&mut self, slot: &Slot) {
        self.mark(slot);
        self.count(-1, 1);
    }

    /// Marks entries from the first on until `stop` says so, and tells how many were still there.
    pub fn trim(&mut self, master: StreamId, mut stop: impl FnMut(&Slot) -> bool) -> usize {
        let (mut next, mut marked) = (self.first(master), 0);
        while let Some(slot) = next.filter(|slot| !stop(slot)) {
            next = self.next(master, &slot);
            if !slot.is_deleted() {
                self.mark(&slot);
                marked += 1;
            }
        }
        self.count(-(marked as i64), marked as i64);
        marked
    }

    /// Whether the master entry has just these field names.
    fn has_fields(&self, pairs: &[Vec<u8>]) -> bool {
        if self.head(2) as usize != pairs.len() / 2 {
            return false;
        }
        let mut at = self.pack.seek(MASTER_HEAD);
        pairs.iter().step_by(2).all(|field| {
            let here = at;
            at = here.and_then(|here| self.pack.next(here));
            here.is_some_and(|here| self.pack.get(here).is(field))
        })
    }

    /// The flags take one byte whatever they are, so that nothing moves.
    fn mark(&mut self, slot: &Slot) {
        self.set_int(slot.at, slot.flags | DELETED);
    }

    fn count(&mut self, live: i64, deleted: i64) {
        for (index, change) in [(0, live), (1, deleted)] {
            if let Some(at) = self.pack.seek(index)
                && change != 0
            {
                self.set_int(at, self.head(index) + change);
            }
        }
    }

    fn push(&mut self, text: &[u8]) {
        self.pack.push_back(text);
        self.allocated = self.grown();
    }

    fn push_int(&mut self, number: i64) {
        self.push(number.to_string().as_bytes());
    }

    fn set_int(&mut self, at: Position, number: i64) {
        let before = self.pack.byte_len();
        self.pack.replace(at, number.to_string().as_bytes());
        // A listpack that becomes shorter gives back its reserve.
        self.allocated =
            if self.pack.byte_len() < before { size_class(self.pack.byte_len()) } else { self.grown() };
    }

    fn grown(&self) -> usize {
        let len = self.pack.byte_len();
        if len > self.allocated { size_class(len) } else { self.allocated }
    }

    // ---- checking ------------------------------------------------------------------------------------------------

    /// Whether a listpack from outside is built as a node is, each count being that of what is there.
    fn is_whole(&self) -> bool {
        let int = |index| self.pack.seek(index).and_then(|at| self.pack.get(at).as_int());
        let (Some(live), Some(deleted), Some(fields)) = (int(0), int(1), int(2)) else { return false };
        let zero = fields.checked_add(MASTER_HEAD).and_then(int);
        if live < 0 || deleted < 0 || fields < 0 || zero != Some(0) {
            return false;
        }
        let (mut at, mut counts) = (self.pack.seek(fields + MASTER_HEAD), [0, 0]);
        while let Some(start) = at.and_then(|at| self.pack.next(at)) {
            let Some((deleted, end)) = self.whole_entry(start) else { return false };
            counts[usize::from(deleted)] += 1;
            at = Some(end);
        }
        counts == [live, deleted]
    }

    /// Whether the entry that begins here is deleted, and where its closing count stands, which must be right.
    fn whole_entry(&self, start: Position) -> Option<(bool, Position)> {
        let slot = self.slot(StreamId::MIN, start)?;
        let end = self.skip(slot.body, slot.width())?;
        let head = if slot.has_master_fields() { 3 } else { 4 };
        let closing = self.pack.get(end).as_int()?;
        (closing == (slot.width() + head) as i64).then_some((slot.is_deleted(), end))
    }
}
