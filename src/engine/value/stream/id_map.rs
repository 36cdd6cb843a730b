//! An ordered map from IDs, and the number of nodes that Redis's radix tree has for the same keys.
//!
//! Redis keeps a stream's listpacks and its pending entries in radix trees. `XINFO STREAM` shows how many nodes there
//! are, and `MEMORY USAGE` counts them. The number follows from the keys alone, all being 16 bytes long: a leaf for each
//! key, a node wherever keys part, and one for each stretch of bytes that is shared by all keys below it. Adding or
//! removing a key changes the tree in one place, which the key's neighbours tell: so the number is kept by a few
//! look-ups in the order of keys, and no tree is needed.

use std::collections::{BTreeMap, btree_map};
use std::ops::RangeBounds;

use super::id::StreamId;

/// Bytes of a key.
const KEY_LEN: i32 = 16;

/// A map in the order of IDs.
#[derive(Clone, Debug)]
pub struct IdMap<T> {
    map: BTreeMap<StreamId, T>,
    nodes: usize,
}

impl<T> Default for IdMap<T> {
    fn default() -> Self {
        // An empty tree has a root.
        Self { map: BTreeMap::new(), nodes: 1 }
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
            self.nodes = self.nodes.saturating_add_signed(self.growth(id));
        }
        self.map.insert(id, value)
    }

    pub fn remove(&mut self, id: StreamId) -> Option<T> {
        let removed = self.map.remove(&id)?;
        self.nodes = self.nodes.saturating_add_signed(-self.growth(id));
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
    fn growth(&self, id: StreamId) -> isize {
        let key = id.key();
        let before = self.before(key).map(|other| common(key, other));
        let after = self.after(key).map(|other| common(key, other));
        let Some(shared) = before.max(after) else {
            // The first key: the root becomes its stretch of bytes, and a leaf is added.
            return 1;
        };
        let (lowest, highest) = span(key, shared);
        let first = self.map.range(StreamId::from_key(lowest)..).next().map_or(key, |(id, _)| id.key());
        let last = self.map.range(..=StreamId::from_key(highest)).next_back().map_or(key, |(id, _)| id.key());
        let below = common(first, last);
        let leaf = 1 + stretch(shared, KEY_LEN);
        if below == shared {
            return leaf;
        }
        let above = self.before(first).map(|other| common(first, other));
        let above = above.max(self.after(last).map(|other| common(last, other))).unwrap_or(-1);
        let branch = 1;
        leaf + branch + stretch(above, shared) + stretch(shared, below) - stretch(above, below)
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

/// One node for the bytes between where keys part and where they part next, if there are any: the byte that tells the
/// branches apart stands in the upper node.
fn stretch(from: i32, to: i32) -> isize {
    isize::from(to - from > 1)
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

    /// The nodes of the tree below a number of bytes that all these keys share, found by building it.
    fn built(keys: &[u128], shared: i32) -> usize {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else { return 1 };
        let parting = common(*first, *last);
        let chain = usize::from(parting > shared);
        if parting == KEY_LEN {
            return chain + 1;
        }
        let byte = |key: &u128| key.to_be_bytes()[parting as usize];
        let branches = keys.chunk_by(|a, b| byte(a) == byte(b));
        chain + 1 + branches.map(|branch| built(branch, parting + 1)).sum::<usize>()
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
            assert_eq!(map.tree_nodes(), built(&keys, 0), "{keys:x?}");
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
