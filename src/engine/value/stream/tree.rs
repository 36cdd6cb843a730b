//! What the allocator hands out for the nodes of a radix tree: Redis keeps streams, pending entries, groups and consumers
//! in such trees.
//!
//! A node has a head of four bytes, a byte for each of its branches, room up to the next multiple of eight, and an address
//! for each branch. A stretch of bytes that all keys below it share is a node with one branch; what a key leads to stands
//! in one more address. Nothing here knows what is kept in a tree.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::value::alloc::size_class;

const HEAD: usize = 4;
const ADDRESS: usize = 8;

/// The tree's own record.
pub const TREE: usize = 32;
/// The root of an empty tree.
pub const EMPTY: usize = 8;
/// The end of a key, with what it leads to.
pub const LEAF: usize = 16;

/// A node with so many branches.
pub fn branching(branches: usize) -> usize {
    size_class((HEAD + branches).next_multiple_of(ADDRESS) + ADDRESS * branches)
}

/// A node for a stretch of bytes; none is needed for an empty one.
pub fn stretch(bytes: usize) -> usize {
    if bytes == 0 { 0 } else { size_class((HEAD + bytes).next_multiple_of(ADDRESS) + ADDRESS) }
}

/// What a tree of names gains by one that it does not have. Where branches lie close together this is an average.
pub fn gain<T>(names: &BTreeMap<Box<[u8]>, T>, name: &[u8]) -> isize {
    let range =
        |range: (Bound<&[u8]>, Bound<&[u8]>)| names.range::<[u8], _>(range).map(|(other, _)| &**other);
    let before = range((Bound::Unbounded, Bound::Excluded(name))).next_back();
    let after = range((Bound::Excluded(name), Bound::Unbounded)).next();
    let own = part(before, name);
    let other = after.map_or(0, |after| part(Some(name), after) - part(before, after));
    own + other - if names.is_empty() { EMPTY as isize } else { 0 }
}

/// What a name needs of its own behind the one before it: a branch, the bytes that the other does not have, and an end.
fn part(before: Option<&[u8]>, name: &[u8]) -> isize {
    const BRANCH: usize = 9;
    let bytes = match before {
        None => stretch(name.len()) + LEAF,
        Some(before) => {
            let shared = before.iter().zip(name).take_while(|(a, b)| a == b).count();
            BRANCH + stretch(name.len().saturating_sub(shared + 1)) + LEAF
        }
    };
    bytes as isize
}
