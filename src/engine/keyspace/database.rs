//! One database: a table of keys, and the list of those with a deadline.
//!
//! The table is dense: every key has a position, so one can be drawn at random in O(1), and removal moves the last key
//! into the gap. `volatile` lists the positions of keys with a deadline and each such entry knows its place in it,
//! which gives the expire cycle the same O(1) sampling without storing a key twice.
//!
//! `SCAN` walks positions downwards. A key that a removal moves comes from above, where the walk has already been, so
//! a key that is there throughout is never missed; at worst it is returned twice, as Redis allows.

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use super::access::Access;
use crate::digest::Digest;
use crate::value::Value;
use crate::value::alloc::sds_size;

/// What Redis allocates for an entry of a hash table, and for its slot.
const TABLE_ENTRY: usize = 24;
const TABLE_SLOT: u64 = 8;
/// The smallest hash table.
const MIN_SLOTS: u64 = 4;

/// What is behind a key.
#[derive(Clone, Debug)]
pub struct Entry {
    pub value: Value,
    pub access: Access,
    /// Position in [`Database::volatile`] and the deadline.
    deadline: Option<(u32, u64)>,
}

impl Entry {
    /// When the key expires, in absolute milliseconds.
    pub fn deadline(&self) -> Option<u64> {
        self.deadline.map(|(_, at)| at)
    }

    pub fn is_expired(&self, now: u64) -> bool {
        self.deadline().is_some_and(|at| now > at)
    }
}

/// A table of keys.
#[derive(Clone, Debug)]
pub struct Database {
    table: IndexMap<Box<[u8]>, Entry, FixedState>,
    volatile: Vec<u32>,
    /// Bytes of all keys and values, kept as they change.
    bytes: u64,
    /// Where the expire cycle goes on, walking down `volatile`.
    pub(super) expire_cursor: usize,
    /// No deadline is earlier than this: what lets the clock jump over idle time.
    pub(super) earliest_bound: u64,
    /// Samples the expire cycle took in vain since the bound was last exact.
    pub(super) vain_samples: usize,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            table: IndexMap::with_hasher(FixedState::default()),
            volatile: Vec::new(),
            bytes: 0,
            expire_cursor: 0,
            earliest_bound: u64::MAX,
            vain_samples: 0,
        }
    }
}

impl Database {
    pub fn len(&self) -> usize {
        self.table.len()
    }

    pub fn is_empty(&self) -> bool {
        self.table.is_empty()
    }

    /// How many keys have a deadline.
    pub fn volatile_len(&self) -> usize {
        self.volatile.len()
    }

    pub fn get(&self, key: &[u8]) -> Option<&Entry> {
        self.table.get(key)
    }

    pub(super) fn get_mut(&mut self, key: &[u8]) -> Option<&mut Entry> {
        self.table.get_mut(key)
    }

    /// Key and entry at a position below [`Database::len`].
    pub fn at(&self, position: usize) -> Option<(&[u8], &Entry)> {
        self.table.get_index(position).map(|(key, entry)| (&**key, entry))
    }

    /// The key at a place in the list of keys with a deadline.
    pub(super) fn volatile_at(&self, place: usize) -> Option<(&[u8], &Entry)> {
        self.volatile.get(place).and_then(|position| self.at(*position as usize))
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], &Entry)> {
        self.table.iter().map(|(key, entry)| (&**key, entry))
    }

    /// Sets a key to a value, replacing what it held but for its deadline, and gives its position.
    pub(super) fn upsert(&mut self, key: Vec<u8>, value: Value, access: Access) -> usize {
        self.bytes += value.memory() as u64;
        if let Some((position, _, entry)) = self.table.get_full_mut(key.as_slice()) {
            self.bytes -= entry.value.memory() as u64;
            entry.value = value;
            entry.access = access;
            return position;
        }
        self.bytes += usage_of_key(&key) as u64;
        self.table.insert_full(key.into_boxed_slice(), Entry { value, access, deadline: None }).0
    }

    /// Removes a key and gives what it held.
    pub(super) fn remove(&mut self, key: &[u8]) -> Option<Entry> {
        let position = self.table.get_index_of(key)?;
        self.unlist(position);
        let (key, entry) = self.table.swap_remove_index(position)?;
        self.bytes -= usage(&key, &entry.value) as u64;
        // The key that filled the gap has a new position: tell the list.
        if let Some((_, Entry { deadline: Some((place, _)), .. })) = self.table.get_index(position) {
            self.volatile[*place as usize] = position as u32;
        }
        Some(entry)
    }

    /// Sets or clears a key's deadline.
    pub(super) fn set_deadline(&mut self, key: &[u8], deadline: Option<u64>) {
        if let Some(position) = self.table.get_index_of(key) {
            self.set_deadline_at(position, deadline);
        }
    }

    /// As [`Database::set_deadline`], for the key at a position.
    pub(super) fn set_deadline_at(&mut self, position: usize, deadline: Option<u64>) {
        let Some(at) = deadline else { return self.unlist(position) };
        self.earliest_bound = self.earliest_bound.min(at);
        let listed = self.volatile.len() as u32;
        let Some((_, entry)) = self.table.get_index_mut(position) else { return };
        if let Some((_, old)) = &mut entry.deadline {
            *old = at;
        } else {
            entry.deadline = Some((listed, at));
            self.volatile.push(position as u32);
        }
    }

    /// Takes the key at a position off the list of keys with a deadline.
    fn unlist(&mut self, position: usize) {
        let Some((_, entry)) = self.table.get_index_mut(position) else { return };
        let Some((place, _)) = entry.deadline.take() else { return };
        self.volatile.swap_remove(place as usize);
        let Some(moved) = self.volatile.get(place as usize) else { return };
        if let Some((_, Entry { deadline: Some((listed, _)), .. })) =
            self.table.get_index_mut(*moved as usize)
        {
            *listed = place;
        }
    }

    /// Lets a value be changed in place and keeps the count of bytes right.
    pub(super) fn edit<R>(&mut self, key: &[u8], change: impl FnOnce(&mut Entry) -> R) -> Option<R> {
        let entry = self.table.get_mut(key)?;
        let before = entry.value.memory();
        let result = change(entry);
        self.bytes = self.bytes + entry.value.memory() as u64 - before as u64;
        Some(result)
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Walks down from a cursor over about `count` keys and gives the next cursor, 0 at the end. A cursor of 0 begins.
    pub fn scan(&self, cursor: u64, count: usize, mut visit: impl FnMut(&[u8], &Entry)) -> u64 {
        let len = self.table.len();
        let from = if cursor == 0 { len } else { usize::try_from(cursor).map_or(len, |c| c.min(len)) };
        let to = from.saturating_sub(count);
        for (key, entry) in (to..from).rev().filter_map(|position| self.at(position)) {
            visit(key, entry);
        }
        to as u64
    }

    /// The deadlines there are, in no order.
    pub fn deadlines(&self) -> impl Iterator<Item = u64> {
        (0..self.volatile.len()).filter_map(|place| self.volatile_at(place)?.1.deadline())
    }

    /// The earliest deadline, by a look at every key that has one.
    pub fn next_deadline(&self) -> Option<u64> {
        self.deadlines().min()
    }

    /// Bytes of keys, values and tables.
    pub fn memory(&self) -> u64 {
        let volatile = self.volatile.len();
        self.bytes + table_size(self.table.len()) + table_size(volatile) + (volatile * TABLE_ENTRY) as u64
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.table.len() as u64);
        for (key, entry) in self.iter() {
            digest.bytes(key);
            entry.value.digest(digest);
            digest.number(u64::from(entry.access.bits()));
            digest.number(entry.deadline().unwrap_or(u64::MAX));
        }
        digest.number(self.expire_cursor as u64);
    }
}

/// What `MEMORY USAGE` answers for a key: its entry, its name and its value.
pub fn usage(key: &[u8], value: &Value) -> usize {
    usage_of_key(key) + value.memory()
}

fn usage_of_key(key: &[u8]) -> usize {
    TABLE_ENTRY + sds_size(key.len())
}

/// Slots of a hash table with this many entries: a power of two, none while it is empty.
fn table_size(entries: usize) -> u64 {
    if entries == 0 { 0 } else { (entries as u64).next_power_of_two().max(MIN_SLOTS) * TABLE_SLOT }
}
