//! An ordered map from IDs, and the number of nodes that Redis's radix tree has for the same keys.
//!
//! Redis keeps a stream's listpacks and its pending entries in radix trees. `XINFO STREAM` shows how many nodes there
//! are, and `MEMORY USAGE` counts them. The number follows from the keys alone, all being 16 bytes long: a leaf for each
//! key, a node wherever keys part, and one for each stretch of bytes that is shared by all keys below it. Adding or
//! removing a key changes the tree in one place, which the key's neighbours tell: so the number is kept by a few
//! look-ups in the order of keys, and no tree is needed. What is allocated for the nodes follows in the same way, but for
//! the number of branches of each: that is kept.

use std::collections::{BTreeMap, btree_map};
use std::ops::RangeBounds;

use super::id::StreamId;
use super::tree;

/// Bytes of a key.
const KEY_LEN: i32 = 16;

/// A map in the order of IDs.
#[derive(Clone, Debug)]
pub struct IdMap<T> {
    map: BTreeMap<StreamId, T>,
    nodes: usize,
    /// What is allocated for them.
    bytes: usize,
    /// Where keys part: how many bytes they share, these bytes, and how many branches there are.
    branches: BTreeMap<(u8, u128), u16>,
}

/// How the tree grows with a key.
struct Growth {
    nodes: isize,
    bytes: isize,
    /// Where the key parts from its nearest neighbour.
    branch: Option<(u8, u128)>,
}

impl<T> Default for IdMap<T> {
    fn default() -> Self {
        // An empty tree has a root.
        Self { map: BTreeMap::new(), nodes: 1, bytes: tree::EMPTY, branches: BTreeMap::new() }
    }
}

impl<T> IdMap<T> {
    pub fn len(&self) -> usize {
        self.map.len()
    }

    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Nodes of the radix tree.
    pub fn tree_nodes(&self) -> usize {
        self.nodes
    }

    /// What Redis counts for the tree: an estimate with a fixed size a node, values not included.
    pub fn tree_memory(&self) -> usize {
        const KEY: usize = 16;
        const NODE: usize = 4 + 30 * 8;
        self.len() * KEY + self.nodes * NODE
    }

    /// What is allocated for the tree, values not included.
    pub fn tree_allocated(&self) -> usize {
        tree::TREE + self.bytes
    }

    /// The same, reckoned anew by adding all keys to an empty tree.
    pub fn recount(&self) -> usize {
        let mut again = IdMap::default();
        self.map.keys().for_each(|id| {
            again.insert(*id, ());
        });
        again.tree_allocated()
    }

    pub fn get(&self, id: StreamId) -> Option<&T> {
        self.map.get(&id)
    }

    pub fn get_mut(&mut self, id: StreamId) -> Option<&mut T> {
        self.map.get_mut(&id)
    }

    pub fn contains(&self, id: StreamId) -> bool {
        self.map.contains_key(&id)
    }

    /// Puts a value under a key and gives the one it replaces.
    pub fn insert(&mut self, id: StreamId, value: T) -> Option<T> {
        if !self.map.contains_key(&id) {
            let Growth { nodes, bytes, branch } = self.growth(id);
            self.nodes = self.nodes.saturating_add_signed(nodes);
            self.bytes = self.bytes.saturating_add_signed(bytes);
            if let Some(branch) = branch {
                self.branches.entry(branch).and_modify(|branches| *branches += 1).or_insert(2);
            }
        }
        self.map.insert(id, value)
    }

    pub fn remove(&mut self, id: StreamId) -> Option<T> {
        let removed = self.map.remove(&id)?;
        // One branch less first: the tree grows from what is left to what there was.
        let branch = self.parting(id).map(|shared| place(id, shared));
        if let Some(branch) = branch
            && let Some(branches) = self.branches.get_mut(&branch)
        {
            *branches -= 1;
            if *branches < 2 {
                self.branches.remove(&branch);
            }
        }
        let Growth { nodes, bytes, .. } = self.growth(id);
        self.nodes = self.nodes.saturating_add_signed(-nodes);
        self.bytes = self.bytes.saturating_add_signed(-bytes);
        Some(removed)
    }

    /// In order; both ends can be walked from. The range must not be upside down.
    pub fn range(&self, range: impl RangeBounds<StreamId>) -> btree_map::Range<'_, StreamId, T> {
        self.map.range(range)
    }

    pub fn iter(&self) -> btree_map::Iter<'_, StreamId, T> {
        self.map.iter()
    }

    pub fn values_mut(&mut self) -> btree_map::ValuesMut<'_, StreamId, T> {
        self.map.values_mut()
    }

    /// The last key that is not behind an ID, and its value.
    pub fn at_or_before(&self, id: StreamId) -> Option<(StreamId, &T)> {
        self.map.range(..=id).next_back().map(|(id, value)| (*id, value))
    }

    pub fn at_or_before_mut(&mut self, id: StreamId) -> Option<(StreamId, &mut T)> {
        self.map.range_mut(..=id).next_back().map(|(id, value)| (*id, value))
    }

    pub fn first(&self) -> Option<(StreamId, &T)> {
        self.map.first_key_value().map(|(id, value)| (*id, value))
    }

    pub fn first_mut(&mut self) -> Option<(StreamId, &mut T)> {
        self.map.iter_mut().next().map(|(id, value)| (*id, value))
    }

    pub fn last(&self) -> Option<(StreamId, &T)> {
        self.map.last_key_value().map(|(id, value)| (*id, value))
    }

    pub fn last_mut(&mut self) -> Option<(StreamId, &mut T)> {
        self.map.iter_mut().next_back().map(|(id, value)| (*id, value))
    }

    /// How many nodes the tree gains when a key joins those that are there, which it must not be among.
    ///
    /// The key shares `shared` bytes with its nearest neighbour. Where keys part there already, it only adds a branch.
    /// Else it cuts the stretch that all keys with those bytes have in common, which reaches from where keys parted
    /// `above` to where they part `below`.
    fn growth(&self, id: StreamId) -> Growth {
        let key = id.key();
        let Some(shared) = self.parting(id) else {
            // The first key: the root becomes its stretch of bytes, and a leaf is added.
            let bytes = tree::stretch(KEY_LEN as usize) + tree::LEAF - tree::EMPTY;
            return Growth { nodes: 1, bytes: bytes as isize, branch: None };
        };
        let (lowest, highest) = span(key, shared);
        let first = self.map.range(StreamId::from_key(lowest)..).next().map_or(key, |(id, _)| id.key());
        let last = self.map.range(..=StreamId::from_key(highest)).next_back().map_or(key, |(id, _)| id.key());
        let below = common(first, last);
        let branch = place(id, shared);
        let leaf = Part { nodes: 1, bytes: tree::LEAF as isize } + stretch(shared, KEY_LEN);
        if below == shared {
            let branches = self.branches.get(&branch).copied().map_or(1, usize::from);
            let bytes = tree::branching(branches + 1) as isize - tree::branching(branches) as isize;
            let grown = leaf + Part { nodes: 0, bytes };
            return Growth { nodes: grown.nodes, bytes: grown.bytes, branch: Some(branch) };
        }
        let above = self.before(first).map(|other| common(first, other));
        let above = above.max(self.after(last).map(|other| common(last, other))).unwrap_or(-1);
        let parting = Part { nodes: 1, bytes: tree::branching(2) as isize };
        let cut = stretch(above, below);
        let grown = leaf + parting + stretch(above, shared) + stretch(shared, below);
        Growth { nodes: grown.nodes - cut.nodes, bytes: grown.bytes - cut.bytes, branch: Some(branch) }
    }

    /// How many bytes a key shares with the nearest of its neighbours; `None` where there are none.
    fn parting(&self, id: StreamId) -> Option<i32> {
        let key = id.key();
        let before = self.before(key).map(|other| common(key, other));
        before.max(self.after(key).map(|other| common(key, other)))
    }

    fn before(&self, key: u128) -> Option<u128> {
        self.map.range(..StreamId::from_key(key)).next_back().map(|(id, _)| id.key())
    }

    fn after(&self, key: u128) -> Option<u128> {
        let next = StreamId::from_key(key).next()?;
        self.map.range(next..).next().map(|(id, _)| id.key())
    }
}

/// How many bytes two keys have in common from their beginning.
fn common(a: u128, b: u128) -> i32 {
    ((a ^ b).leading_zeros() / 8) as i32
}

/// A part of a tree.
#[derive(Clone, Copy)]
struct Part {
    nodes: isize,
    bytes: isize,
}

impl std::ops::Add for Part {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { nodes: self.nodes + other.nodes, bytes: self.bytes + other.bytes }
    }
}

/// One node for the bytes between where keys part and where they part next, if there are any: the byte that tells the
/// branches apart stands in the upper node.
fn stretch(from: i32, to: i32) -> Part {
    let bytes = tree::stretch((to - from - 1).max(0) as usize);
    Part { nodes: isize::from(bytes > 0), bytes: bytes as isize }
}

/// Where a key parts from others with which it shares so many bytes.
fn place(id: StreamId, shared: i32) -> (u8, u128) {
    (shared as u8, span(id.key(), shared).0)
}

/// The lowest and the highest key that begin with the same bytes.
fn span(key: u128, bytes: i32) -> (u128, u128) {
    let rest = u128::MAX.checked_shr(bytes.unsigned_abs() * 8).unwrap_or(0);
    (key & !rest, key | rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;

    /// The nodes of the tree below a number of bytes that all these keys share, and their bytes, found by building it.
    fn built(keys: &[u128], shared: i32) -> (usize, usize) {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return (1, tree::EMPTY) };
        let parting = common(*first, *last);
        let chain = (usize::from(parting > shared), tree::stretch((parting - shared) as usize));
        if parting == KEY_LEN {
            return (chain.0 + 1, chain.1 + tree::LEAF);
        }
        let byte = |key: &u128| key.to_be_bytes()[parting as usize];
        let branches: Vec<_> = keys.chunk_by(|a, b| byte(a) == byte(b)).collect();
        let node = (chain.0 + 1, chain.1 + tree::branching(branches.len()));
        let below = branches.iter().map(|branch| built(branch, parting + 1));
        below.fold(node, |sum, below| (sum.0 + below.0, sum.1 + below.1))
    }

    #[test]
    fn the_count_of_nodes_is_that_of_the_tree() {
        let mut rng = Rng::seeded(3);
        let mut map = IdMap::default();
        let id = |rng: &mut Rng| {
            let scale = [1, 1 << 8, 1 << 20, 1 << 56];
            let (ms, seq) =
                (scale[rng.below(4)] * rng.below(3) as u64, scale[rng.below(4)] * rng.below(4) as u64);
            StreamId::new(ms, seq)
        };
        for _ in 0..3000 {
            let id = id(&mut rng);
            if rng.below(2) == 0 {
                map.insert(id, ());
            } else {
                map.remove(id);
            }
            let keys: Vec<u128> = map.iter().map(|(id, ())| id.key()).collect();
            assert_eq!((map.tree_nodes(), map.bytes), built(&keys, 0), "{keys:x?}");
        }
    }

    #[test]
    fn a_million_neighbours_are_counted_as_they_come() {
        let mut map = IdMap::default();
        for seq in 0..65_536 {
            map.insert(StreamId::new(1_700_000_000_000, seq), ());
        }
        // A stretch, a node with 256 branches, 256 with as many each, and the leaves.
        assert_eq!(map.tree_nodes(), 1 + 1 + 256 + 65_536);
        while let Some((id, ())) = map.first() {
            map.remove(id);
        }
        assert_eq!(map.tree_nodes(), 1);
    }
}
