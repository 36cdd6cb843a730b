//! The big encoding of a sorted set, which Redis calls `skiplist`: the members in order in a [`SkipList`], and a hash
//! table that finds a member's node in O(1).
//!
//! The table holds positions of nodes, so a member is stored once. A list of slots names every node in no particular
//! order but without gaps, the last one moving into the place of a removed one: that gives random members in O(1) and
//! a scan that walks the slots downwards and misses nobody. Beside these it keeps the sizes of what Redis would
//! allocate.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::FixedState;
use hashbrown::HashTable;

use super::skiplist::{MAX_HEIGHT, NONE, Node, SkipList};
use crate::rng::Rng;
use crate::value::alloc::{sds_size, size_class};
use crate::value::bytes::SmallBytes;
use crate::value::table_size::{self, ENTRY_SLACK, HEADER_ALLOCATED, TableSize};

/// A node without links, and one link.
const NODE_HEADER: usize = 24;
const NODE_LINK: usize = 16;
/// The pair of structures, the list's and the table's own headers.
const HEADERS: usize = 16 + 32 + table_size::HEADER;

/// A big sorted set.
#[derive(Clone, Debug, Default)]
pub struct Indexed {
    list: SkipList,
    index: HashTable<u32>,
    slots: Vec<u32>,
    node_bytes: usize,
    /// What of these the members' strings take.
    string_bytes: usize,
    table: TableSize,
}

impl Indexed {
    /// An empty one whose table has room for so many members, as Redis makes it when it knows how many will come.
    pub fn with_capacity(members: usize) -> Self {
        Self { table: TableSize::with_capacity(members), ..Self::default() }
    }

    pub fn list(&self) -> &SkipList {
        &self.list
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// The node of a member.
    pub fn find(&self, member: &[u8]) -> Option<&Node> {
        self.id(member).map(|id| self.list.node(id))
    }

    pub fn id(&self, member: &[u8]) -> Option<u32> {
        self.index.find(hash(member), |id| *self.list.node(*id).member == *member).copied()
    }

    /// The node in a slot.
    pub fn slot(&self, slot: usize) -> Option<&Node> {
        self.slots.get(slot).map(|id| self.list.node(*id))
    }

    /// Adds a member that is not there.
    pub fn insert(&mut self, member: &[u8], score: f64, rng: &mut Rng) {
        self.table.touch();
        self.table.before_insert(self.len());
        let height = random_height(rng);
        self.node_bytes += node_size(member.len(), height);
        self.string_bytes += sds_size(member.len());
        let id = self.list.insert(score, member.into(), self.slots.len() as u32, height);
        self.slots.push(id);
        let list = &self.list;
        self.index.insert_unique(hash(member), id, |id| hash(&list.node(*id).member));
    }

    pub fn rescore(&mut self, id: u32, score: f64) {
        self.table.touch();
        self.list.rescore(id, score);
    }

    pub fn remove(&mut self, member: &[u8]) -> bool {
        let list = &self.list;
        let Ok(found) = self.index.find_entry(hash(member), |id| *list.node(*id).member == *member) else {
            return false;
        };
        let (id, _) = found.remove();
        let member = self.list.remove(id);
        self.forget(id, member.len());
        self.table.shrink_if_sparse(self.len());
        true
    }

    /// Removes so many members from a rank on, and gives them in order.
    pub fn drain(&mut self, rank: usize, count: usize) -> Vec<(SmallBytes, f64)> {
        let mut removed = Vec::with_capacity(count.min(self.len()));
        let index = &mut self.index;
        self.list.remove_run(rank, count, |id, member| {
            if let Ok(found) = index.find_entry(hash(&member), |other| *other == id) {
                found.remove();
            }
            removed.push((id, member));
        });
        let told = |(id, member): (u32, SmallBytes)| {
            self.forget(id, member.len());
            let score = self.list.node(id).score;
            (member, score)
        };
        let removed = removed.into_iter().map(told).collect();
        self.table.shrink_if_sparse(self.len());
        removed
    }

    /// Closes the gap that a removed node leaves in the slots and in the sizes.
    fn forget(&mut self, id: u32, member_len: usize) {
        let (slot, height) = (self.list.node(id).slot, self.list.node(id).height());
        self.slots.swap_remove(slot as usize);
        if let Some(moved) = self.slots.get(slot as usize) {
            self.list.node_mut(*moved).slot = slot;
        }
        self.node_bytes -= node_size(member_len, height);
        self.string_bytes -= sds_size(member_len);
        self.table.touch();
    }

    /// What Redis has allocated for this, without the object's own header.
    pub fn allocated(&self) -> usize {
        let slack = HEADER_ALLOCATED - table_size::HEADER + ENTRY_SLACK * self.len();
        self.memory() + self.table.allocated() - self.table.bytes() + slack
    }

    pub fn node_bytes(&self) -> usize {
        self.node_bytes
    }

    pub fn string_bytes(&self) -> usize {
        self.string_bytes
    }

    pub fn table(&self) -> &TableSize {
        &self.table
    }

    /// What the structures take that are there once: the pair, the list with its front, the table.
    pub fn header_bytes() -> usize {
        HEADERS + size_class(NODE_HEADER + NODE_LINK * MAX_HEIGHT)
    }

    /// The same, reckoned anew.
    pub fn nodes_recounted(&self) -> usize {
        self.walk(0, self.len()).map(|node| node_size(node.member.len(), node.height())).sum()
    }

    /// What `MEMORY USAGE` counts for this, without the object's own header.
    pub fn memory(&self) -> usize {
        Self::header_bytes() + self.table.bytes() + self.node_bytes
    }

    /// Goes through the members of consecutive ranks.
    pub fn walk(&self, start: usize, count: usize) -> Walk<'_> {
        let count = count.min(self.len().saturating_sub(start));
        let node = |rank: usize| self.list.at(rank).unwrap_or(NONE);
        let (front, back) = if count == 0 { (NONE, NONE) } else { (node(start), node(start + count - 1)) };
        Walk { list: &self.list, front, back, left: count }
    }
}

/// Nodes of consecutive ranks, from both ends.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    list: &'a SkipList,
    front: u32,
    back: u32,
    left: usize,
}

impl<'a> Iterator for Walk<'a> {
    type Item = &'a Node;

    fn next(&mut self) -> Option<&'a Node> {
        self.left = self.left.checked_sub(1)?;
        let id = self.front;
        self.front = self.list.next(id);
        Some(self.list.node(id))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Walk<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let id = self.back;
        self.back = self.list.previous(id);
        Some(self.list.node(id))
    }
}

impl ExactSizeIterator for Walk<'_> {}

fn hash(member: &[u8]) -> u64 {
    let mut hasher = FixedState::default().build_hasher();
    hasher.write(member);
    hasher.finish()
}

/// One level, and one more with probability 1/4 each time: every two zero bits are a success.
fn random_height(rng: &mut Rng) -> usize {
    (1 + rng.next_u64().trailing_zeros() as usize / 2).min(MAX_HEIGHT)
}

/// A member's string, its node and its entry in the table.
fn node_size(member_len: usize, height: usize) -> usize {
    sds_size(member_len) + size_class(NODE_HEADER + NODE_LINK * height) + table_size::ENTRY
}
