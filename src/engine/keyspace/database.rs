//! One database: a table of keys, and the list of those with a deadline.
//!
//! The table is dense: every key has a position, so one can be drawn at random in O(1), and removal moves the last key
//! into the gap. `volatile` lists the positions of keys with a deadline and each such entry knows its place in it,
//! which gives the expire cycle the same O(1) sampling without storing a key twice. `SCAN` walks positions downwards,
//! as [`DenseTable`] describes.

use std::collections::BTreeSet;

use super::access::Access;
use super::buckets::Buckets;
use super::tables::{Overhead, Table};
use super::walk::Walk;
use crate::digest::Digest;
use crate::picture::{Part, Share};
use crate::value::alloc::sds_size;
use crate::value::bytes::SmallBytes;
use crate::value::dense::{DenseTable, Keyed};
use crate::value::table_size;
use crate::value::{Hash, Value, ValueType};

/// A key and what is behind it. There may be millions: it is kept to 56 bytes.
#[derive(Clone, Debug)]
pub struct Entry {
    key: SmallBytes,
    pub value: Value,
    pub access: Access,
    /// Position in [`Database::volatile`], or [`LASTING`].
    place: u32,
}

/// The place of a key without a deadline.
const LASTING: u32 = u32::MAX;

/// A key with a deadline.
#[derive(Clone, Copy, Debug)]
struct Volatile {
    /// Where its entry is.
    position: u32,
    /// Absolute milliseconds.
    deadline: u64,
}

impl Keyed for Entry {
    fn key(&self) -> &[u8] {
        &self.key
    }
}

/// A table of keys.
#[derive(Clone, Debug)]
pub struct Database {
    table: DenseTable<Entry>,
    volatile: Vec<Volatile>,
    /// Positions of the values that the expire cycle is to look into, by the moment it is to do so.
    waking: BTreeSet<(u64, u32)>,
    /// What is allocated for all keys, their entries and values, kept as they change.
    bytes: u64,
    /// The hash tables that the real server would have.
    keys: Table,
    deadlines: Table,
    /// What all of it may take before tables stop growing, where that is limited.
    ceiling: Option<u64>,
    /// Where the expire cycle goes on, walking through `volatile`.
    pub(super) expire_walk: Walk,
    /// No deadline is earlier than this: what lets the clock jump over idle time.
    pub(super) earliest_bound: u64,
    /// Samples the expire cycle took in vain since the bound was last exact.
    pub(super) vain_samples: usize,
    /// Where keys and keys with a deadline lie for those who draw samples, once somebody has.
    buckets: Drawable<Option<Box<Buckets>>>,
}

/// What there is of all keys, and of those with a deadline.
#[derive(Clone, Debug, Default)]
struct Drawable<T> {
    all: T,
    volatile: T,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            table: DenseTable::default(),
            volatile: Vec::new(),
            waking: BTreeSet::new(),
            bytes: 0,
            keys: Table::of_keys(),
            deadlines: Table::of_deadlines(),
            ceiling: None,
            expire_walk: Walk::default(),
            earliest_bound: u64::MAX,
            vain_samples: 0,
            buckets: Drawable::default(),
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
        self.table.at(position).map(|entry| (entry.key(), entry))
    }

    /// The key at a place in the list of keys with a deadline.
    pub(super) fn volatile_at(&self, place: usize) -> Option<(&[u8], &Entry)> {
        self.volatile.get(place).and_then(|volatile| self.at(volatile.position as usize))
    }

    /// When a key of this database expires, in absolute milliseconds.
    pub fn deadline(&self, entry: &Entry) -> Option<u64> {
        // Most keys have none, and need no second look.
        if entry.place == LASTING {
            None
        } else {
            self.volatile.get(entry.place as usize).map(|v| v.deadline)
        }
    }

    pub fn is_expired(&self, entry: &Entry, now: u64) -> bool {
        self.deadline(entry).is_some_and(|at| now > at)
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&[u8], &Entry)> {
        self.table.iter().map(|entry| (entry.key(), entry))
    }

    /// Sets a key to a value, replacing what it held but for its deadline, and gives its position.
    pub(super) fn upsert(&mut self, key: Vec<u8>, value: Value, access: Access) -> usize {
        self.bytes += value.allocated() as u64;
        let wake = value.wake();
        if let Some(position) = self.table.position(&key)
            && let Some(entry) = self.table.at_mut(position)
        {
            self.bytes -= entry.value.allocated() as u64;
            let before = entry.value.wake();
            entry.value = value;
            entry.access = access;
            self.note_wake(position, before, wake);
            return position;
        }
        let room = self.room();
        self.keys.before_insert(self.table.len(), room);
        self.bytes += allocated_for_key(&key) as u64;
        if let Some(buckets) = &mut self.buckets.all {
            buckets.push(&key);
        }
        let position = self.table.push(Entry { key: key.into(), value, access, place: LASTING });
        self.note_wake(position, None, wake);
        position
    }

    /// Removes a key and gives what it held.
    pub(super) fn remove(&mut self, key: &[u8]) -> Option<Entry> {
        let position = self.table.position(key)?;
        self.unlist(position);
        let entry = self.table.swap_remove(position)?;
        if let Some(buckets) = &mut self.buckets.all {
            buckets.swap_remove(position);
        }
        self.bytes -= allocated(key, &entry.value) as u64;
        let room = self.room();
        self.keys.after_removal(self.table.len(), room);
        self.note_wake(position, entry.value.wake(), None);
        // The key that filled the gap has a new position: tell the lists.
        if let Some(moved) = self.table.at(position) {
            if let Some(listed) = self.volatile.get_mut(moved.place as usize) {
                listed.position = position as u32;
            }
            let wake = moved.value.wake();
            self.note_wake(self.table.len(), wake, None);
            self.note_wake(position, None, wake);
        }
        Some(entry)
    }

    /// Sets or clears a key's deadline.
    pub(super) fn set_deadline(&mut self, key: &[u8], deadline: Option<u64>) {
        if let Some(position) = self.table.position(key) {
            self.set_deadline_at(position, deadline);
        }
    }

    /// As [`Database::set_deadline`], for the key at a position.
    pub(super) fn set_deadline_at(&mut self, position: usize, deadline: Option<u64>) {
        let Some(at) = deadline else { return self.unlist(position) };
        self.earliest_bound = self.earliest_bound.min(at);
        let Some(entry) = self.table.at_mut(position) else { return };
        if let Some(listed) = self.volatile.get_mut(entry.place as usize) {
            listed.deadline = at;
        } else {
            entry.place = self.volatile.len() as u32;
            if let Some(buckets) = &mut self.buckets.volatile {
                buckets.push(entry.key());
            }
            let room = self.room();
            self.deadlines.before_insert(self.volatile.len(), room);
            self.volatile.push(Volatile { position: position as u32, deadline: at });
        }
    }

    /// Takes the key at a position off the list of keys with a deadline.
    fn unlist(&mut self, position: usize) {
        let Some(entry) = self.table.at_mut(position).filter(|entry| entry.place != LASTING) else { return };
        let place = std::mem::replace(&mut entry.place, LASTING);
        self.volatile.swap_remove(place as usize);
        if let Some(buckets) = &mut self.buckets.volatile {
            buckets.swap_remove(place as usize);
        }
        let room = self.room();
        self.deadlines.after_removal(self.volatile.len(), room);
        let Some(moved) = self.volatile.get(place as usize) else { return };
        if let Some(entry) = self.table.at_mut(moved.position as usize) {
            entry.place = place;
        }
    }

    /// Lets a value be changed in place and keeps the count of bytes right.
    pub(super) fn edit<R>(&mut self, key: &[u8], change: impl FnOnce(&mut Entry) -> R) -> Option<R> {
        let position = self.table.position(key)?;
        let entry = self.table.at_mut(position)?;
        let (bytes, wake) = (entry.value.allocated(), entry.value.wake());
        let result = change(entry);
        self.bytes = self.bytes + entry.value.allocated() as u64 - bytes as u64;
        let renewed = entry.value.wake();
        self.note_wake(position, wake, renewed);
        Some(result)
    }

    /// Keeps the list of values to look into in step with the value at a position.
    fn note_wake(&mut self, position: usize, before: Option<u64>, after: Option<u64>) {
        if before != after {
            let position = position as u32;
            if let Some(at) = before {
                self.waking.remove(&(at, position));
            }
            self.waking.extend(after.map(|at| (at, position)));
        }
    }

    /// The value that the expire cycle is to look into first, by its key, and when.
    pub(super) fn first_waking(&self) -> Option<(u64, &[u8])> {
        let (at, position) = self.waking.first()?;
        self.at(*position as usize).map(|(key, _)| (*at, key))
    }

    /// The values that the expire cycle is to look into sooner or later.
    fn waking(&self) -> impl Iterator<Item = &Entry> {
        self.waking.iter().filter_map(|(_, position)| self.at(*position as usize)).map(|(_, entry)| entry)
    }

    /// How many of them there are.
    pub fn waking_len(&self) -> usize {
        self.waking.len()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    // ---- samples -------------------------------------------------------------------------------------------------

    /// Where samples are drawn from: as many slots as the table has. From now on that is kept, by a hash with this seed.
    pub(super) fn buckets(&mut self, volatile: bool, seed: u64) -> &Buckets {
        let (slots, buckets) = if volatile {
            let (table, listed) = (&self.table, &self.volatile);
            let keys = listed.iter().filter_map(|one| table.at(one.position as usize)).map(Entry::key);
            let buckets = self.buckets.volatile.get_or_insert_with(|| Box::new(Buckets::of(seed, keys)));
            (self.deadlines.width(), buckets)
        } else {
            let keys = self.table.iter().map(Entry::key);
            let buckets = self.buckets.all.get_or_insert_with(|| Box::new(Buckets::of(seed, keys)));
            (self.keys.width(), buckets)
        };
        buckets.fit(slots);
        buckets
    }

    /// Walks down from a cursor over about `count` keys and gives the next cursor, 0 at the end. A cursor of 0 begins.
    pub fn scan(&self, cursor: u64, count: usize, mut visit: impl FnMut(&[u8], &Entry)) -> u64 {
        self.table.scan(cursor, count, |entry| visit(entry.key(), entry))
    }

    /// The deadlines there are, in no order.
    pub fn deadlines(&self) -> impl Iterator<Item = u64> {
        self.volatile.iter().map(|volatile| volatile.deadline)
    }

    /// The earliest deadline of a key, by a look at every key that has one.
    pub(super) fn next_key_deadline(&self) -> Option<u64> {
        self.deadlines().min()
    }

    /// The earliest deadline of a key or a field, by a look at every key and hash that has one.
    pub fn next_deadline(&self) -> Option<u64> {
        let fields = self.waking().filter_map(|entry| Hash::of(&entry.value)?.earliest());
        self.deadlines().chain(fields).min()
    }

    // ---- memory --------------------------------------------------------------------------------------------------

    /// Bytes allocated for keys, values and tables.
    pub fn memory(&self) -> u64 {
        self.bytes + self.keys.allocated(self.table.len()) + self.deadlines.allocated(self.volatile.len())
    }

    /// The same, reckoned anew from every key and every element.
    pub fn recount(&self) -> u64 {
        let bytes = |(key, entry): (&[u8], &Entry)| allocated_for_key(key) + entry.value.recount();
        let bytes: u64 = self.iter().map(|one| bytes(one) as u64).sum();
        bytes + self.memory() - self.bytes
    }

    /// What of it `MEMORY STATS` counts for the table of keys and the table of deadlines; `None` where there never was a
    /// key.
    pub fn tables(&self) -> Option<(Overhead, Overhead)> {
        let (keys, deadlines) = (self.table.len(), self.volatile.len());
        self.keys.is_made().then(|| (self.keys.overhead(keys), self.deadlines.overhead(deadlines)))
    }

    /// Says what this database may take before its tables stop growing.
    pub(super) fn set_ceiling(&mut self, ceiling: Option<u64>) {
        self.ceiling = ceiling;
    }

    /// How many bytes there is room for.
    fn room(&self) -> u64 {
        self.ceiling.map_or(u64::MAX, |ceiling| ceiling.saturating_sub(self.memory()))
    }

    /// A key is looked up: tables that move go on.
    pub(super) fn look_up(&mut self) {
        self.keys.look_up();
        if !self.volatile.is_empty() {
            self.deadlines.look_up();
        }
    }

    /// So many ticks pass, at which tables grow and shrink that did not before, and go on moving.
    pub(super) fn tick(&mut self, ticks: u64) {
        let room = self.room();
        self.keys.tick(self.table.len(), ticks, room);
        self.deadlines.tick(self.volatile.len(), ticks, room);
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.table.len() as u64);
        for (key, entry) in self.iter() {
            digest.bytes(key);
            entry.value.digest(digest);
            digest.number(u64::from(entry.access.bits()));
            digest.number(self.deadline(entry).unwrap_or(u64::MAX));
        }
        self.expire_walk.state().into_iter().for_each(|number| digest.number(number));
        for buckets in [&self.buckets.all, &self.buckets.volatile].into_iter().flatten() {
            buckets.digest(digest);
        }
        digest.number(self.memory());
        self.keys.digest(digest);
        self.deadlines.digest(digest);
    }
}

/// What `MEMORY USAGE` answers for a key: its entry, its name and its value.
pub fn usage(key: &[u8], value: &Value) -> usize {
    usage_of_key(key) + value.memory()
}

/// Where these bytes go.
pub fn shares(key: &[u8], value: &Value) -> Vec<Share> {
    let own = [(Part::Entry, table_size::ENTRY), (Part::Name, sds_size(key.len()))];
    let own = own.into_iter().map(|(part, bytes)| Share { part, bytes });
    own.chain(value.shares()).filter(|share| share.bytes > 0).collect()
}

fn usage_of_key(key: &[u8]) -> usize {
    table_size::ENTRY + sds_size(key.len())
}

/// What is allocated for a key: its entry, its name and its value.
pub fn allocated(key: &[u8], value: &Value) -> usize {
    allocated_for_key(key) + value.allocated()
}

fn allocated_for_key(key: &[u8]) -> usize {
    table_size::ENTRY_ALLOCATED + sds_size(key.len())
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_small() {
        assert_eq!(size_of::<Value>(), 24);
        assert_eq!(size_of::<Entry>(), 56);
    }
}
