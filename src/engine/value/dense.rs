//! A hash table whose entries lie one after the other: what keys, sets, hashes and sorted sets are found in.
//!
//! Every entry has a position, so one can be drawn at random in O(1). Removing an entry moves the last one into the
//! gap. The index beside the entries holds nothing but their positions, so a name is stored once. What an entry is,
//! the table does not know, but for the name it is found by.
//!
//! An iteration walks positions downwards. An entry that a removal moves comes from above, where the walk has already
//! been, so whatever is there throughout is never missed; at worst it is shown twice, as Redis allows.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

/// An entry that is found by name.
pub trait Keyed {
    fn key(&self) -> &[u8];
}

/// Entries by name and by position.
#[derive(Clone, Debug)]
pub struct DenseTable<T> {
    entries: Vec<T>,
    index: HashTable<u32>,
}

impl<T> Default for DenseTable<T> {
    fn default() -> Self {
        Self { entries: Vec::new(), index: HashTable::new() }
    }
}

impl<T: Keyed> DenseTable<T> {
    pub fn with_capacity(entries: usize) -> Self {
        Self { entries: Vec::with_capacity(entries), index: HashTable::with_capacity(entries) }
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub fn position(&self, key: &[u8]) -> Option<usize> {
        let is_it = |at: &u32| self.entries.get(*at as usize).is_some_and(|entry| entry.key() == key);
        self.index.find(hash(key), is_it).map(|at| *at as usize)
    }

    pub fn contains(&self, key: &[u8]) -> bool {
        self.position(key).is_some()
    }

    pub fn get(&self, key: &[u8]) -> Option<&T> {
        self.position(key).and_then(|position| self.entries.get(position))
    }

    /// The name of what comes back must stay as it is; so it must in [`DenseTable::at_mut`].
    pub fn get_mut(&mut self, key: &[u8]) -> Option<&mut T> {
        self.position(key).and_then(|position| self.entries.get_mut(position))
    }

    /// The entry at a position below [`DenseTable::len`].
    pub fn at(&self, position: usize) -> Option<&T> {
        self.entries.get(position)
    }

    pub fn at_mut(&mut self, position: usize) -> Option<&mut T> {
        self.entries.get_mut(position)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.entries.iter()
    }

    /// Puts an entry in the place of the one with its name, which comes back, or behind all others.
    pub fn insert(&mut self, entry: T) -> Option<T> {
        if let Some(place) = self.get_mut(entry.key()) {
            return Some(std::mem::replace(place, entry));
        }
        self.push(entry);
        None
    }

    /// Adds an entry whose name is not there and gives its position.
    pub fn push(&mut self, entry: T) -> usize {
        let position = self.entries.len();
        let hash_of_entry = hash(entry.key());
        self.entries.push(entry);
        let entries = &self.entries;
        let rehash = |at: &u32| entries.get(*at as usize).map_or(0, |entry| hash(entry.key()));
        self.index.insert_unique(hash_of_entry, position as u32, rehash);
        position
    }

    pub fn remove(&mut self, key: &[u8]) -> Option<T> {
        self.position(key).and_then(|position| self.swap_remove(position))
    }

    /// Removes the entry at a position and moves the last one there.
    pub fn swap_remove(&mut self, position: usize) -> Option<T> {
        let removed = hash(self.entries.get(position)?.key());
        if let Ok(found) = self.index.find_entry(removed, |at| *at as usize == position) {
            found.remove();
        }
        let last = self.entries.len() - 1;
        if position < last {
            let moved = hash(self.entries.get(last)?.key());
            if let Some(at) = self.index.find_mut(moved, |at| *at as usize == last) {
                *at = position as u32;
            }
        }
        let entry = self.entries.swap_remove(position);
        self.give_back();
        Some(entry)
    }

    /// After many removals, room for twice what is left is enough.
    fn give_back(&mut self) {
        const WORTH_IT: usize = 64;
        let len = self.entries.len();
        if self.entries.capacity() > WORTH_IT && len * 4 <= self.entries.capacity() {
            self.entries.shrink_to(len * 2);
            let entries = &self.entries;
            let rehash = |at: &u32| entries.get(*at as usize).map_or(0, |entry| hash(entry.key()));
            self.index.shrink_to(len * 2, rehash);
        }
    }

    /// Walks down from a cursor over `count` entries and gives the next cursor, 0 at the end. A cursor of 0 begins.
    pub fn scan(&self, cursor: u64, count: usize, mut visit: impl FnMut(&T)) -> u64 {
        let len = self.entries.len();
        let from = if cursor == 0 { len } else { usize::try_from(cursor).map_or(len, |c| c.min(len)) };
        let to = from.saturating_sub(count);
        for entry in self.entries.get(to..from).unwrap_or_default().iter().rev() {
            visit(entry);
        }
        to as u64
    }
}

fn hash(key: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(key);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Pair(Vec<u8>, u32);

    impl Keyed for Pair {
        fn key(&self) -> &[u8] {
            &self.0
        }
    }

    fn pair(n: u32) -> Pair {
        Pair(format!("key{n}").into_bytes(), n)
    }

    fn table(n: u32) -> DenseTable<Pair> {
        let mut table = DenseTable::default();
        for n in 0..n {
            assert_eq!(table.insert(pair(n)), None);
        }
        table
    }

    #[test]
    fn what_was_put_is_found_and_what_was_removed_is_not() {
        let mut table = table(1000);
        for n in (0..1000).step_by(3) {
            assert_eq!(table.remove(&pair(n).0), Some(pair(n)));
        }
        for n in 0..1000 {
            let expected = (n % 3 != 0).then(|| pair(n));
            assert_eq!(table.get(&pair(n).0), expected.as_ref(), "{n}");
            assert_eq!(table.position(&pair(n).0).and_then(|at| table.at(at)), expected.as_ref(), "{n}");
        }
        assert_eq!(table.insert(Pair(b"key1".to_vec(), 7)), Some(pair(1)));
        assert_eq!(table.get(b"key1").map(|pair| pair.1), Some(7));
    }

    #[test]
    fn room_is_given_back() {
        let mut table = table(10_000);
        for n in 10..10_000 {
            table.remove(&pair(n).0);
        }
        assert!(table.entries.capacity() < 200, "{}", table.entries.capacity());
        assert!((0..10).all(|n| table.contains(&pair(n).0)));
    }

    #[test]
    fn a_scan_misses_nobody_who_stays() {
        let mut table = table(500);
        let (mut cursor, mut seen, mut gone) = (0, BTreeSet::new(), 0);
        loop {
            cursor = table.scan(cursor, 10, |pair| {
                seen.insert(pair.1);
            });
            if cursor == 0 {
                break;
            }
            // Even ones leave while the scan is on its way.
            table.remove(&pair(gone).0);
            gone += 2;
        }
        assert!((0..500).filter(|n| n % 2 == 1).all(|n| seen.contains(&n)));
    }
}
