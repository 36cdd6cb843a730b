//! Lists: elements in an order, pushed and popped at both ends.
//!
//! A short list is one listpack; a long one is a row of nodes (Redis says `quicklist`). It becomes long when an element
//! is about to be added that would make the listpack too big, and short again when a removal leaves one node that is at
//! most half as big as it may be. Redis tries these conversions only in certain commands, before or after their work, so
//! callers ask for them: [`List::make_room`], [`List::shrink`]. Nothing here knows commands or replies.

mod edit;
mod fill;
mod iter;
mod look;
mod quick;
#[cfg(test)]
mod tests;

pub use fill::Fill;
pub use iter::Iter;
pub use quick::Node;

use super::Structure;
use super::alloc::{OBJECT, size_class};
use super::listpack::{Entry, Listpack, Needle, Position};
use crate::config::Config;
use crate::digest::Digest;
use crate::picture::{Inside, Lens, Limit, Share};
use crate::snapshot::{Conversion, ValueView};
use quick::Quicklist;

/// An end of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Head,
    Tail,
}

/// A side of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Before,
    After,
}

/// A list.
#[derive(Clone, Debug)]
pub struct List {
    encoding: Encoding,
}

#[derive(Clone, Debug)]
enum Encoding {
    Packed(Listpack),
    Quick(Box<Quicklist>),
}

/// Where an element is: the number of its node, its index there and, in a listpack, where it begins.
#[derive(Clone, Copy, Debug)]
struct Place {
    node: usize,
    offset: usize,
    position: Option<Position>,
}

/// A part of a list, to be written to a dump.
#[derive(Clone, Copy, Debug)]
pub enum NodeRef<'a> {
    Packed(&'a Listpack),
    Plain(&'a [u8]),
}

impl Default for List {
    /// An empty list in the small encoding.
    fn default() -> Self {
        Self { encoding: Encoding::Packed(Listpack::default()) }
    }
}

impl List {
    /// An empty list in the big encoding, to gather a result of unknown size in; see [`List::settle`].
    pub fn big(fill: Fill) -> Self {
        Self { encoding: Encoding::Quick(Box::new(Quicklist::new(fill))) }
    }

    /// A list in the big encoding, of parts that come from a dump; see [`List::settle`].
    pub fn from_nodes(fill: Fill, nodes: impl IntoIterator<Item = Node>) -> Self {
        let mut list = Quicklist::new(fill);
        for node in nodes.into_iter().filter(|node| !node.is_empty()) {
            list.insert_node(list.nodes().len(), node);
        }
        Self { encoding: Encoding::Quick(Box::new(list)) }
    }

    pub fn len(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(pack) => pack.len(),
            Encoding::Quick(list) => list.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    // ---- conversions ---------------------------------------------------------------------------------------------

    /// Before so many elements of so many bytes in all are added: becomes long if the listpack would get too big.
    pub fn make_room(&mut self, fill: Fill, elements: usize, bytes: usize) {
        if let Encoding::Packed(pack) = &mut self.encoding
            && fill.is_exceeded(pack.byte_len().saturating_add(bytes), pack.len().saturating_add(elements))
        {
            let mut list = Quicklist::new(fill);
            if !pack.is_empty() {
                list.insert_node(0, Node::Packed(std::mem::take(pack)));
            }
            self.encoding = Encoding::Quick(Box::new(list));
        }
    }

    /// After elements were removed: becomes short if little is left.
    pub fn shrink(&mut self, fill: Fill) {
        self.become_packed(fill, true);
    }

    /// Takes the encoding that a list of this size has when it is made at once.
    pub fn settle(&mut self, fill: Fill) {
        self.make_room(fill, 0, 0);
        self.become_packed(fill, false);
    }

    fn become_packed(&mut self, fill: Fill, shrunk: bool) {
        if let Encoding::Quick(list) = &mut self.encoding
            && let Some(pack) = list.give_up_pack(fill, shrunk)
        {
            self.encoding = Encoding::Packed(pack);
        }
    }

    // ---- the ends ------------------------------------------------------------------------------------------------

    pub fn push(&mut self, end: End, element: &[u8]) {
        match (&mut self.encoding, end) {
            (Encoding::Packed(pack), End::Head) => pack.push_front(element),
            (Encoding::Packed(pack), End::Tail) => pack.push_back(element),
            (Encoding::Quick(list), end) => list.push(end, element),
        }
    }

    pub fn pop(&mut self, end: End) -> Option<Vec<u8>> {
        match &mut self.encoding {
            Encoding::Packed(pack) => quick::take(pack, end),
            Encoding::Quick(list) => list.pop(end),
        }
    }

    /// Takes so many elements from an end, the outermost first.
    pub fn pop_many(&mut self, end: End, count: usize) -> Vec<Vec<u8>> {
        let count = count.min(self.len());
        let taken = self.iter_from(end).take(count).map(Entry::to_vec).collect();
        let start = if end == End::Head { 0 } else { self.len() - count };
        self.remove_range(start, count);
        taken
    }

    // ---- looking -------------------------------------------------------------------------------------------------

    /// All elements from the head.
    pub fn iter(&self) -> Iter<'_> {
        self.iter_from(End::Head)
    }

    /// All elements, walking from an end.
    pub fn iter_from(&self, end: End) -> Iter<'_> {
        Iter::from_end(self, end)
    }

    /// The elements from an index on, walking away from an end.
    pub fn iter_at(&self, index: usize, from: End) -> Iter<'_> {
        Iter::at(self, self.place(index), from)
    }

    /// The element at an index; a negative one counts from the tail.
    pub fn get(&self, index: i64) -> Option<Vec<u8>> {
        let place = self.place(self.index(index)?)?;
        match (self.node(place.node)?, place.position) {
            (NodeRef::Packed(pack), Some(position)) => Some(pack.get(position).to_vec()),
            (NodeRef::Plain(element), _) => Some(element.to_vec()),
            _ => None,
        }
    }

    /// The parts of the list as a dump has them.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeRef<'_>> {
        let count = match &self.encoding {
            Encoding::Packed(_) => 1,
            Encoding::Quick(list) => list.nodes().len(),
        };
        (0..count).map(|at| self.node(at).unwrap_or(NodeRef::Plain(&[])))
    }

    /// A short list is all one node.
    fn node(&self, at: usize) -> Option<NodeRef<'_>> {
        match &self.encoding {
            Encoding::Packed(pack) => (at == 0).then_some(NodeRef::Packed(pack)),
            Encoding::Quick(list) => list.node(at).map(|node| match node {
                Node::Packed(pack) => NodeRef::Packed(pack),
                Node::Plain(element) => NodeRef::Plain(element),
            }),
        }
    }

    /// An index that may count from the tail as one that counts from the head.
    fn index(&self, index: i64) -> Option<usize> {
        if index >= 0 {
            return usize::try_from(index).ok().filter(|index| *index < self.len());
        }
        self.len().checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
    }

    fn place(&self, index: usize) -> Option<Place> {
        let (node, offset) = match &self.encoding {
            Encoding::Packed(_) => (0, index),
            Encoding::Quick(list) => list.find(index)?,
        };
        match self.node(node)? {
            NodeRef::Plain(_) => Some(Place { node, offset, position: None }),
            NodeRef::Packed(pack) => {
                let position = Some(pack.seek(i64::try_from(offset).ok()?)?);
                Some(Place { node, offset, position })
            }
        }
    }

    /// The first element that reads so, from the head.
    fn find(&self, element: &[u8]) -> Option<Place> {
        let needle = Needle::new(element);
        let mut iter = self.iter();
        while let Some((place, found)) = iter.step() {
            if needle.is(found) {
                return Some(place);
            }
        }
        None
    }

    // ---- editing -------------------------------------------------------------------------------------------------

    /// Puts an element in the place of another; whether there was one.
    pub fn set(&mut self, index: i64, element: &[u8]) -> bool {
        let Some(place) = self.index(index).and_then(|index| self.place(index)) else { return false };
        match (&mut self.encoding, place.position) {
            (Encoding::Packed(pack), Some(position)) => pack.replace(position, element),
            (Encoding::Packed(_), None) => return false,
            (Encoding::Quick(list), _) => list.replace(place, element),
        }
        true
    }

    /// Puts an element beside the first one that reads like the pivot; whether there was one.
    pub fn insert(&mut self, side: Side, pivot: &[u8], element: &[u8]) -> bool {
        let Some(place) = self.find(pivot) else { return false };
        match &mut self.encoding {
            Encoding::Packed(pack) => edit::insert_beside(pack, place, side, element),
            Encoding::Quick(list) => list.insert(place, side, element),
        }
        true
    }

    /// Removes the elements that read so, at most `limit` of them, walking from an end; gives how many there were.
    pub fn remove(&mut self, from: End, limit: usize, element: &[u8]) -> usize {
        match &mut self.encoding {
            Encoding::Packed(pack) => edit::remove_from(pack, from, limit, element),
            Encoding::Quick(list) => list.remove_matching(from, limit, element),
        }
    }

    /// Removes so many elements from an index on, as far as there are any.
    pub fn remove_range(&mut self, start: usize, count: usize) {
        match &mut self.encoding {
            Encoding::Packed(pack) => {
                if let Ok(start) = i64::try_from(start) {
                    pack.remove_range(start, count);
                }
            }
            Encoding::Quick(list) => list.remove_range(start, count),
        }
    }
}

impl Structure for List {
    fn kind(&self) -> &'static str {
        "list"
    }

    fn encoding(&self) -> &'static str {
        match self.encoding {
            Encoding::Packed(_) => "listpack",
            Encoding::Quick(_) => "quicklist",
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    fn memory(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(pack) => OBJECT + size_class(pack.byte_len()),
            Encoding::Quick(list) => list.memory(),
        }
    }

    fn allocated(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(_) => self.memory(),
            Encoding::Quick(list) => list.allocated(),
        }
    }

    fn recount(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(_) => self.allocated(),
            Encoding::Quick(list) => list.recount(),
        }
    }

    fn shares(&self) -> Vec<Share> {
        look::shares(self)
    }

    fn limits(&self, config: &Config) -> Vec<Limit> {
        look::limits(self, config)
    }

    fn look(&self, lens: &Lens) -> Inside {
        look::look(self, lens)
    }

    /// From the head on.
    fn view(&self, limit: usize) -> ValueView {
        ValueView::List { elements: self.iter().take(limit).map(Entry::to_vec).collect() }
    }

    fn conversion(&self, config: &Config) -> Option<Conversion> {
        match (&self.encoding, config.list_max_listpack_size.counted()) {
            (Encoding::Packed(pack), Some(limit)) => Some(Conversion { entries: pack.len(), limit }),
            _ => None,
        }
    }

    /// Feeds all that tells two lists apart, the borders of the nodes included.
    fn digest(&self, digest: &mut Digest) {
        if let Encoding::Quick(list) = &self.encoding {
            digest.number(i64::from(list.fill().setting()) as u64);
        }
        digest.number(self.nodes().len() as u64);
        for node in self.nodes() {
            match node {
                NodeRef::Packed(pack) => digest.bytes(pack.as_bytes()),
                NodeRef::Plain(element) => digest.bytes(element),
            }
        }
    }
}
