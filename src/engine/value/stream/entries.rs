//! The entries of a stream: nodes in the order of their first IDs.
//!
//! A new entry goes into the last node until that is full; a deleted one is only marked, and a node goes when all its
//! entries are. Adding is O(1), finding an ID O(log n) in the nodes and a walk inside one, trimming by what is evicted.

use std::collections::btree_map;

use super::Fields;
use super::id::StreamId;
use super::id_map::IdMap;
use super::node::{Node, Slot};
use crate::value::listpack;

/// What Redis allocates for a new node, unless a node may not grow that far.
const ROOM: usize = 4096;

/// How full a node may be: the settings `stream-node-max-bytes` and `stream-node-max-entries`, 0 being no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub bytes: u64,
    pub entries: u64,
}

/// What a trimmed stream keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// At most so many entries.
    Newest(u64),
    /// Entries from an ID on.
    From(StreamId),
}

/// How exactly a stream is trimmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    Exact,
    /// Whole nodes only, and at most so many entries, 0 being no limit.
    Nodes {
        limit: u64,
    },
}

/// Entries in order.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    nodes: IdMap<Node>,
    len: usize,
    /// Bytes allocated for all nodes' listpacks.
    allocated: usize,
}

/// An entry that is there.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    node: &'a Node,
    slot: Slot,
}

impl Entry<'_> {
    pub fn id(&self) -> StreamId {
        self.slot.id
    }

    /// Fields and values.
    pub fn fields(&self) -> Fields {
        self.node.fields(&self.slot)
    }
}

impl Entries {
    /// Takes nodes from outside; `None` where they cannot be a stream's, whose IDs only ever grow.
    pub fn from_nodes(nodes: Vec<(StreamId, Vec<u8>)>) -> Option<Self> {
        let mut entries = Self::default();
        let mut before = None;
        for (master, bytes) in nodes {
            let node = Node::from_bytes(bytes)?;
            if before >= Some(master) || node.first(master)?.id < master {
                return None;
            }
            let mut next = node.first(master);
            before = None;
            while let Some(slot) = next {
                if before >= Some(slot.id) {
                    return None;
                }
                before = Some(slot.id);
                next = node.next(master, &slot);
            }
            entries.len += node.live();
            entries.allocated += node.allocated();
            entries.nodes.insert(master, node);
        }
        Some(entries)
    }

    /// The nodes' IDs and listpacks.
    pub fn nodes(&self) -> impl Iterator<Item = (StreamId, &[u8])> {
        self.nodes.iter().map(|(id, node)| (*id, node.as_bytes()))
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keys of the radix tree: how many nodes there are.
    pub fn tree_keys(&self) -> usize {
        self.nodes.len()
    }

    pub fn tree_nodes(&self) -> usize {
        self.nodes.tree_nodes()
    }

    /// What `MEMORY USAGE` counts for the tree and all listpacks.
    pub fn memory(&self) -> usize {
        self.nodes.tree_memory() + self.allocated
    }

    /// What of it the listpacks take.
    pub fn pack_bytes(&self) -> usize {
        self.allocated
    }

    /// What is really allocated.
    pub fn allocated(&self) -> usize {
        self.nodes.tree_allocated() + self.allocated
    }

    /// The same, reckoned anew.
    pub fn recount(&self) -> usize {
        self.nodes.recount() + self.nodes.iter().map(|(_, node)| node.allocated()).sum::<usize>()
    }

    // ---- looking -------------------------------------------------------------------------------------------------

    /// Entries between two IDs, both included, from the lower one up.
    pub fn range(&self, start: StreamId, end: StreamId) -> Range<'_> {
        let from = self.nodes.at_or_before(start).map_or(start, |(id, _)| id);
        let nodes = (start <= end).then(|| self.nodes.range(from..=end));
        Range { nodes, node: None, start, end }
    }

    /// The same entries from the higher ID down.
    pub fn range_down(&self, start: StreamId, end: StreamId) -> RangeDown<'_> {
        RangeDown(self.range(start, end))
    }

    pub fn get(&self, id: StreamId) -> Option<Entry<'_>> {
        let (master, node) = self.nodes.at_or_before(id)?;
        Some(Entry { node, slot: node.find(master, id)? })
    }

    pub fn contains(&self, id: StreamId) -> bool {
        self.get(id).is_some()
    }

    pub fn first(&self) -> Option<Entry<'_>> {
        self.range(StreamId::MIN, StreamId::MAX).next()
    }

    pub fn last(&self) -> Option<Entry<'_>> {
        self.range_down(StreamId::MIN, StreamId::MAX).next()
    }

    // ---- changing ------------------------------------------------------------------------------------------------

    /// Adds an entry behind all others, its fields and values in turn.
    pub fn append(&mut self, id: StreamId, pairs: &[Vec<u8>], limits: Limits) {
        let bytes = match limits.bytes {
            0 => listpack::SAFE_LIMIT,
            bytes => usize::try_from(bytes).unwrap_or(usize::MAX).min(listpack::SAFE_LIMIT),
        };
        let added = pairs.iter().map(Vec::len).sum::<usize>();
        let Self { nodes, allocated, len } = self;
        *len += 1;
        if let Some((master, node)) = nodes.last_mut() {
            let before = node.allocated();
            let entries = node.live() as u64 + node.deleted() as u64;
            let fits = node.byte_len().saturating_add(added) < bytes
                && (limits.entries == 0 || entries < limits.entries);
            if fits {
                node.append(master, id, pairs);
            } else {
                node.shrink();
            }
            *allocated = *allocated + node.allocated() - before;
            if fits {
                return;
            }
        }
        let mut node = Node::new(pairs, ROOM.min(bytes));
        node.append(id, id, pairs);
        *allocated += node.allocated();
        nodes.insert(id, node);
    }

    /// Deletes an entry; whether it was there.
    pub fn delete(&mut self, id: StreamId) -> bool {
        let Some((master, node)) = self.nodes.at_or_before_mut(id) else { return false };
        let Some(slot) = node.find(master, id) else { return false };
        self.len -= 1;
        if node.live() == 1 {
            self.allocated -= node.allocated();
            self.nodes.remove(master);
        } else {
            let before = node.allocated();
            node.delete(&slot);
            self.allocated = self.allocated + node.allocated() - before;
        }
        true
    }

    /// Evicts the oldest entries and tells how many.
    pub fn trim(&mut self, keep: Keep, precision: Precision) -> usize {
        let mut evicted = 0;
        while let Some((master, node)) = self.nodes.first_mut() {
            let (len, live) = (self.len as u64, node.live());
            let (enough, whole) = match keep {
                Keep::Newest(most) => (len <= most, len.saturating_sub(live as u64) >= most),
                Keep::From(id) => (false, node.last(master).is_none_or(|last| last.id < id)),
            };
            let spent = matches!(precision, Precision::Nodes { limit }
                if limit > 0 && (evicted + live) as u64 > limit);
            if enough || spent {
                break;
            }
            let before = node.allocated();
            if whole {
                evicted += live;
                self.len -= live;
                self.allocated -= before;
                self.nodes.remove(master);
                continue;
            }
            if precision == Precision::Exact {
                let marked = trim_node(node, master, len, keep);
                self.allocated = self.allocated + node.allocated() - before;
                self.len -= marked;
                evicted += marked;
            }
            break;
        }
        evicted
    }

    /// As after a copy: no listpack has anything in reserve.
    pub fn shrink(&mut self) {
        self.allocated = 0;
        for node in self.nodes.values_mut() {
            node.shrink();
            self.allocated += node.allocated();
        }
    }
}

/// Evicts the oldest entries of a node, of which some stay in a stream of `len` entries.
fn trim_node(node: &mut Node, master: StreamId, len: u64, keep: Keep) -> usize {
    match keep {
        Keep::Newest(most) => {
            let mut surplus = len.saturating_sub(most);
            node.trim(master, |slot| {
                let enough = surplus == 0;
                surplus -= u64::from(!enough && !slot.is_deleted());
                enough
            })
        }
        Keep::From(first) => node.trim(master, |slot| slot.id >= first),
    }
}

/// Walks over entries from the lower ID up.
#[derive(Clone, Debug)]
pub struct Range<'a> {
    /// The nodes that are still to come; `None` once nothing does.
    nodes: Option<btree_map::Range<'a, StreamId, Node>>,
    /// The node walked through: its ID, and the next of its entries.
    node: Option<(StreamId, &'a Node, Slot)>,
    start: StreamId,
    end: StreamId,
}

impl<'a> Iterator for Range<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            let Some((master, node, slot)) = self.node.take() else {
                let (master, node) = self.nodes.as_mut()?.next()?;
                self.node = node.first(*master).map(|slot| (*master, node, slot));
                continue;
            };
            if slot.id > self.end {
                self.nodes = None;
                return None;
            }
            self.node = node.next(master, &slot).map(|next| (master, node, next));
            if slot.id >= self.start && !slot.is_deleted() {
                return Some(Entry { node, slot });
            }
        }
    }
}

/// Walks over entries from the higher ID down.
#[derive(Clone, Debug)]
pub struct RangeDown<'a>(Range<'a>);

impl<'a> Iterator for RangeDown<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        let range = &mut self.0;
        loop {
            let Some((master, node, slot)) = range.node.take() else {
                let (master, node) = range.nodes.as_mut()?.next_back()?;
                range.node = node.last(*master).map(|slot| (*master, node, slot));
                continue;
            };
            if slot.id < range.start {
                range.nodes = None;
                return None;
            }
            range.node = node.previous(master, &slot).map(|next| (master, node, next));
            if slot.id <= range.end && !slot.is_deleted() {
                return Some(Entry { node, slot });
            }
        }
    }
}
