//! Editing a long list in its middle, so that the borders between nodes fall where Redis lets them fall.
//!
//! They can be seen in `MEMORY USAGE` and `DUMP`, so the rules are followed to the letter. An element goes into the node
//! it belongs to; if that is full and the place is at its edge, into the neighbour; if that is full as well, into a node
//! of its own. In the midst of a full node, the node is split, the element goes to the new part, and then the nodes
//! around are merged in pairs where two fit into one. An element too big for a node stands alone, splitting others.
//! Replacing an element by another that is not too big never looks at the limits.

use super::quick::{Node, Quicklist};
use super::{End, Place, Side};
use crate::value::listpack::{self, Listpack};

impl Quicklist {
    /// Puts an element beside another.
    pub(super) fn insert(&mut self, place: Place, side: Side, element: &[u8]) {
        let Some(len) = self.node(place.node).map(Node::len) else { return };
        let (at_edge, neighbour) = match side {
            Side::Before => (place.offset == 0, place.node.checked_sub(1)),
            Side::After => (place.offset + 1 == len, Some(place.node + 1)),
        };
        let neighbour = neighbour.filter(|neighbour| at_edge && self.has_room(*neighbour, element.len()));
        if self.has_room(place.node, element.len()) {
            self.edit(place.node, |pack| insert_beside(pack, place, side, element));
        } else if let Some(neighbour) = neighbour {
            self.edit(neighbour, |pack| match side {
                Side::Before => pack.push_back(element),
                Side::After => pack.push_front(element),
            });
        } else if at_edge {
            self.insert_node(place.node + usize::from(side == Side::After), self.alone(element));
        } else {
            self.insert_into_split(place, side, element);
        }
    }

    /// Splits a node and puts an element at the gap: into the new part, or, too big for that, between both.
    fn insert_into_split(&mut self, place: Place, side: Side, element: &[u8]) {
        let Some(mut new) = self.split(place, side) else { return };
        let beside = place.node + usize::from(side == Side::After);
        if self.fill().is_large(element.len()) {
            self.insert_node(beside, self.alone(element));
            self.insert_node(beside + usize::from(side == Side::After), Node::Packed(new));
            return;
        }
        match side {
            Side::Before => new.push_back(element),
            Side::After => new.push_front(element),
        }
        self.insert_node(beside, Node::Packed(new));
        self.merge_around(place.node + usize::from(side == Side::Before));
    }

    /// Takes the elements on one side of another out of its node.
    fn split(&mut self, place: Place, side: Side) -> Option<Listpack> {
        self.edit(place.node, |pack| match side {
            Side::After => pack.next(place.position?).map(|next| pack.split_off(next)),
            Side::Before => {
                let tail = pack.split_off(place.position?);
                Some(std::mem::replace(pack, tail))
            }
        })?
    }

    /// Puts an element in the place of another.
    pub(super) fn replace(&mut self, place: Place, element: &[u8]) {
        let large = self.fill().is_large(element.len());
        match (self.node(place.node), place.position) {
            (Some(Node::Packed(_)), Some(position)) if !large => {
                self.edit(place.node, |pack| pack.replace(position, element));
            }
            (Some(Node::Packed(pack)), _) => {
                let at_tail = place.offset + 1 == pack.len();
                self.replace_by_large(place, at_tail, element);
            }
            (Some(Node::Plain(_)), _) => {
                // Where it is not too big, it may find room in the node that follows.
                if large {
                    self.insert_node(place.node + 1, self.alone(element));
                } else {
                    self.insert(place, Side::After, element);
                }
                self.remove_node(place.node);
            }
            (None, _) => {}
        }
    }

    /// The node is split behind the replaced element, which then goes from the end of the first part.
    fn replace_by_large(&mut self, place: Place, at_tail: bool, element: &[u8]) {
        let rest = if at_tail { None } else { self.split(place, Side::After) };
        let new = place.node + 1;
        self.insert_node(new, self.alone(element));
        if let Some(rest) = rest {
            self.insert_node(new + 1, Node::Packed(rest));
        }
        if self.node(place.node).is_some_and(|node| node.len() == 1) {
            self.remove_node(place.node);
        } else {
            self.edit(place.node, |pack| pack.remove_range(-1, 1));
            self.merge_around(new);
        }
    }

    // ---- merging -------------------------------------------------------------------------------------------------

    /// Merges neighbours around a node: the two before it, the two behind it, then the node with either side.
    fn merge_around(&mut self, mut center: usize) {
        if center >= 2 && self.merge(center - 2) {
            center -= 1;
        }
        self.merge(center + 1);
        if center >= 1 && self.merge(center - 1) {
            center -= 1;
        }
        self.merge(center);
    }

    /// Merges a node with the next one, if both fit into one.
    fn merge(&mut self, left: usize) -> bool {
        let (Some(Node::Packed(a)), Some(Node::Packed(b))) = (self.node(left), self.node(left + 1)) else {
            return false;
        };
        let (bytes, count) = (a.byte_len() + b.byte_len() - listpack::EMPTY, a.len() + b.len());
        if self.fill().is_exceeded(bytes, count) {
            return false;
        }
        if let Some(Node::Packed(right)) = self.remove_node(left + 1) {
            self.edit(left, |pack| pack.append(&right));
        }
        true
    }

    // ---- removing by value ---------------------------------------------------------------------------------------

    /// Removes the elements that match, at most `limit` of them, walking from an end; gives how many there were.
    pub(super) fn remove_matching(&mut self, from: End, limit: usize, element: &[u8]) -> usize {
        let (nodes, mut removed, mut emptied) = (self.nodes().len(), 0, false);
        for step in 0..nodes {
            let at = if from == End::Head { step } else { nodes - 1 - step };
            if removed == limit {
                break;
            }
            match self.node(at) {
                Some(Node::Plain(found)) if **found == *element => {
                    self.clear_node(at);
                    removed += 1;
                }
                Some(Node::Packed(_)) => {
                    let found = self.edit(at, |pack| remove_from(pack, from, limit - removed, element));
                    removed += found.unwrap_or(0);
                }
                _ => {}
            }
            emptied |= self.node(at).is_some_and(Node::is_empty);
        }
        if emptied {
            self.drop_emptied();
        }
        removed
    }
}

pub(super) fn insert_beside(pack: &mut Listpack, place: Place, side: Side, element: &[u8]) {
    let before = match (side, place.position) {
        (Side::Before, position) => position,
        (Side::After, position) => position.and_then(|position| pack.next(position)),
    };
    pack.insert_before(before, element);
}

/// Removes the matching entries of a listpack, at most `limit`, walking from an end.
pub(super) fn remove_from(pack: &mut Listpack, from: End, limit: usize, element: &[u8]) -> usize {
    let mut removed = 0;
    let mut at = match from {
        End::Head => pack.first(),
        End::Tail => pack.last(),
    };
    let needle = listpack::Needle::new(element);
    while let Some(position) = at.filter(|_| removed < limit) {
        let matches = needle.is(pack.get(position));
        at = match from {
            End::Head if matches => pack.remove(position),
            End::Head => pack.next(position),
            End::Tail => {
                let previous = pack.previous(position);
                if matches {
                    pack.remove(position);
                }
                previous
            }
        };
        removed += usize::from(matches);
    }
    removed
}
