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

/// What a tree of names gains by one that it does not have. Each name is looked at beside the two before it, so that two
/// more behind the new one change: where branches lie close together this is an average.
pub fn gain<T>(names: &BTreeMap<Box<[u8]>, T>, name: &[u8]) -> isize {
    let range =
        |range: (Bound<&[u8]>, Bound<&[u8]>)| names.range::<[u8], _>(range).map(|(other, _)| &**other);
    let mut before = range((Bound::Unbounded, Bound::Excluded(name))).rev();
    let mut after = range((Bound::Excluded(name), Bound::Unbounded));
    let (last, last_but_one) = (before.next(), before.next());
    let mut gain = part(last_but_one, last, name) - if names.is_empty() { EMPTY as isize } else { 0 };
    if let Some(next) = after.next() {
        gain += part(last, Some(name), next) - part(last_but_one, last, next);
        if let Some(next_but_one) = after.next() {
            gain += part(Some(name), Some(next), next_but_one) - part(last, Some(next), next_but_one);
        }
    }
    gain
}

/// What a name needs behind two others: a branch, where it parts from the one before it; the bytes that the other does not
/// have; and an end. Where no branch is yet, the stretch of the one before is cut by a node with two.
fn part(earlier: Option<&[u8]>, before: Option<&[u8]>, name: &[u8]) -> isize {
    const BRANCH: usize = 9;
    let Some(before) = before else { return (stretch(name.len()) + LEAF) as isize };
    let shared = common(before, name);
    let own = (LEAF + stretch(name.len().saturating_sub(shared + 1))) as isize;
    // Bytes that lie above the stretch.
    let above = earlier.map_or(0, |earlier| common(earlier, before) + 1);
    if shared < above {
        return own + BRANCH as isize;
    }
    let cut = stretch(shared - above) + stretch(before.len().saturating_sub(shared + 1));
    own + (branching(2) + cut) as isize - stretch(before.len().saturating_sub(above)) as isize
}

fn common(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[String]) -> (BTreeMap<Box<[u8]>, usize>, isize) {
        let (mut map, mut bytes) = (BTreeMap::new(), EMPTY as isize);
        for name in names {
            bytes += gain(&map, name.as_bytes());
            map.insert(name.as_bytes().into(), map.len());
        }
        (map, bytes)
    }

    /// Recorded from Redis 8.0, as what `used_memory` gained by the first consumer of a group, less the consumer itself.
    #[test]
    fn the_first_name_is_a_stretch_and_an_end() {
        assert_eq!(names(&["c1".to_owned()]).1, 8 + 24);
    }

    #[test]
    fn the_order_in_which_names_come_and_go_does_not_matter() {
        let mut all: Vec<String> = (0..40).map(|n| format!("worker-{}", n * 379 % 1000)).collect();
        let forwards = names(&all).1;
        all.reverse();
        let (mut map, mut bytes) = names(&all);
        assert_eq!(bytes, forwards);
        for name in &all[7..] {
            if map.remove(name.as_bytes()).is_some() {
                bytes -= gain(&map, name.as_bytes());
            }
        }
        assert_eq!(bytes, names(&all[..7]).1);
    }
}
