//! Walking over a list in one direction, node by node.

use super::{End, Entry, List, NodeRef, Place};
use crate::value::listpack::Position;

/// The elements from a place on, walking away from an end.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    list: &'a List,
    /// The element that comes next.
    place: Option<Place>,
    node: Option<NodeRef<'a>>,
    from: End,
}

impl<'a> Iter<'a> {
    pub(super) fn from_end(list: &'a List, from: End) -> Self {
        let at = match from {
            End::Head => 0,
            End::Tail => list.nodes().len().saturating_sub(1),
        };
        let mut iter = Self { list, place: None, node: None, from };
        iter.enter(Some(at));
        iter
    }

    pub(super) fn at(list: &'a List, place: Option<Place>, from: End) -> Self {
        let node = place.and_then(|place| list.node(place.node));
        Self { list, place, node, from }
    }

    /// The next element and where it is.
    pub(super) fn step(&mut self) -> Option<(Place, Entry<'a>)> {
        let (place, node) = (self.place?, self.node?);
        let (entry, next) = match (node, place.position) {
            (NodeRef::Packed(pack), Some(position)) => {
                let next = match self.from {
                    End::Head => pack.next(position),
                    End::Tail => pack.previous(position),
                };
                (pack.get(position), next)
            }
            (NodeRef::Plain(element), _) => (Entry::Text(element), None),
            (NodeRef::Packed(_), None) => return None,
        };
        self.advance(place, next);
        Some((place, entry))
    }

    fn advance(&mut self, place: Place, next: Option<Position>) {
        match (next, self.from) {
            (Some(_), End::Head) => {
                self.place = Some(Place { offset: place.offset + 1, position: next, ..place });
            }
            (Some(_), End::Tail) => {
                self.place = Some(Place { offset: place.offset.saturating_sub(1), position: next, ..place });
            }
            (None, End::Head) => self.enter(Some(place.node + 1)),
            (None, End::Tail) => self.enter(place.node.checked_sub(1)),
        }
    }

    /// Goes on to the first element of a node, as seen from the end; no node is empty, but for that of an empty list.
    fn enter(&mut self, at: Option<usize>) {
        let node = at.and_then(|at| self.list.node(at));
        self.node = node;
        self.place = match (node, at) {
            (Some(NodeRef::Plain(_)), Some(at)) => Some(Place { node: at, offset: 0, position: None }),
            (Some(NodeRef::Packed(pack)), Some(at)) => {
                let (position, offset) = match self.from {
                    End::Head => (pack.first(), 0),
                    End::Tail => (pack.last(), pack.len().saturating_sub(1)),
                };
                position.map(|_| Place { node: at, offset, position })
            }
            _ => None,
        };
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        self.step().map(|(_, entry)| entry)
    }
}
