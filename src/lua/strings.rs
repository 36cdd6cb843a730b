//! All strings, each kept once: equal strings have one place, so that comparing them is comparing two numbers.
//!
//! It knows nothing of who holds a string; the heap says which may go.

use crate::arena::Arena;
use crate::value::Str;

#[derive(Clone, Debug, Default)]
struct Entry {
    bytes: Box<[u8]>,
    hash: u32,
    /// The next string of the same bucket.
    next: Option<u32>,
}

/// The strings of one heap.
#[derive(Clone, Debug)]
pub struct Strings {
    entries: Arena<Entry>,
    buckets: Vec<Option<u32>>,
}

/// The hash of a string as Redis has it. Tables are walked in an order that follows from it, and scripts' answers from that.
/// Lua's own reads about 32 bytes of a long string only, evenly spread; Redis's reads all of them.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(bytes.len() as u32, |hash, byte| {
        hash ^ (hash << 5).wrapping_add(hash >> 2).wrapping_add(u32::from(*byte))
    })
}

impl Strings {
    pub fn new() -> Self {
        Self { entries: Arena::default(), buckets: vec![None; 64] }
    }

    /// The string's place, where it exists.
    fn find(&self, bytes: &[u8], hash: u32) -> Option<u32> {
        let mut at = self.buckets[hash as usize & (self.buckets.len() - 1)];
        while let Some(index) = at {
            let entry = self.entries.get(index as usize);
            if entry.hash == hash && *entry.bytes == *bytes {
                return Some(index);
            }
            at = entry.next;
        }
        None
    }

    /// The string, and whether it is new.
    pub fn intern(&mut self, bytes: &[u8]) -> (Str, bool) {
        let hash = hash(bytes);
        match self.find(bytes, hash) {
            Some(index) => (Str { index, hash }, false),
            None => (self.add(bytes.into(), hash), true),
        }
    }

    /// The same for bytes that are owned already.
    pub fn intern_owned(&mut self, bytes: Vec<u8>) -> (Str, bool) {
        let hash = hash(&bytes);
        match self.find(&bytes, hash) {
            Some(index) => (Str { index, hash }, false),
            None => (self.add(bytes.into_boxed_slice(), hash), true),
        }
    }

    fn add(&mut self, bytes: Box<[u8]>, hash: u32) -> Str {
        if self.entries.len() >= self.buckets.len() {
            self.rebuild(self.buckets.len() * 2);
        }
        let bucket = hash as usize & (self.buckets.len() - 1);
        let index = self.entries.insert(Entry { bytes, hash, next: self.buckets[bucket] }) as u32;
        self.buckets[bucket] = Some(index);
        Str { index, hash }
    }

    fn rebuild(&mut self, size: usize) {
        let old = std::mem::replace(&mut self.buckets, vec![None; size]);
        for mut at in old {
            while let Some(index) = at {
                let entry = self.entries.get_mut(index as usize);
                let bucket = entry.hash as usize & (size - 1);
                at = std::mem::replace(&mut entry.next, self.buckets[bucket]);
                self.buckets[bucket] = Some(index);
            }
        }
    }

    pub fn bytes(&self, string: Str) -> &[u8] {
        &self.entries.get(string.index as usize).bytes
    }

    pub fn mark(&mut self, string: Str) {
        self.entries.mark(string.index as usize);
    }

    pub fn is_marked(&self, string: Str) -> bool {
        self.entries.is_marked(string.index as usize)
    }

    /// Drops the strings without a mark and gives the length of each to `dropped`.
    pub fn sweep(&mut self, mut dropped: impl FnMut(usize)) {
        // First out of their buckets, while their hash is still known.
        for bucket in 0..self.buckets.len() {
            let mut at = std::mem::take(&mut self.buckets[bucket]);
            while let Some(index) = at {
                let is_marked = self.entries.is_marked(index as usize);
                let entry = self.entries.get_mut(index as usize);
                at = entry.next;
                if is_marked {
                    entry.next = self.buckets[bucket].replace(index);
                }
            }
        }
        self.entries.sweep(|_, entry| dropped(entry.bytes.len()));
    }
}
