//! A long list: a row of nodes, each a listpack of some elements, or a single element too big for one.
//!
//! Redis calls it a quicklist and links the nodes; here they stand in a double-ended queue, which gives the same O(1) at
//! both ends and lets a node be found by its number. How full a node gets is said by [`Fill`], which a list keeps from its
//! beginning, whatever the setting becomes. The bytes of all nodes are counted as they change.
//!
//! Elements in the middle are edited in [`super::edit`].

use std::collections::VecDeque;

use super::End;
use super::fill::Fill;
use crate::value::alloc::{OBJECT, size_class};
use crate::value::listpack::{Entry, Listpack};

/// What Redis allocates for the list itself and for each node's frame.
pub(super) const LIST: usize = 40;
pub(super) const FRAME: usize = 40;

/// A part of a list.
#[derive(Clone, Debug)]
pub enum Node {
    Packed(Listpack),
    /// One element, too big to stand with others.
    Plain(Box<[u8]>),
}

impl Node {
    /// The number of elements.
    pub fn len(&self) -> usize {
        match self {
            Self::Packed(pack) => pack.len(),
            Self::Plain(_) => 1,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn byte_len(&self) -> usize {
        match self {
            Self::Packed(pack) => pack.byte_len(),
            Self::Plain(element) => element.len(),
        }
    }

    fn holding(element: &[u8]) -> Self {
        let mut pack = Listpack::default();
        pack.push_back(element);
        Self::Packed(pack)
    }
}

/// A list of nodes, none of them empty.
#[derive(Clone, Debug)]
pub struct Quicklist {
    fill: Fill,
    nodes: VecDeque<Node>,
    count: usize,
    /// The allocations of all nodes' contents.
    bytes: usize,
}

impl Quicklist {
    pub(super) fn new(fill: Fill) -> Self {
        Self { fill: fill.kept(), nodes: VecDeque::new(), count: 0, bytes: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    pub(super) fn fill(&self) -> Fill {
        self.fill
    }

    pub(super) fn nodes(&self) -> &VecDeque<Node> {
        &self.nodes
    }

    /// The allocations of all nodes' contents.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    pub(super) fn node(&self, at: usize) -> Option<&Node> {
        self.nodes.get(at)
    }

    /// Redis reckons the nodes as a mean for each element times their number, in floating point.
    pub(super) fn memory(&self) -> usize {
        let (all, count) = (self.bytes + self.nodes.len() * FRAME, self.count.max(1) as f64);
        ((OBJECT + LIST) as f64 + all as f64 / count * count) as usize
    }

    /// What is allocated, frames being rounded up by the allocator.
    pub(super) fn allocated(&self) -> usize {
        OBJECT + size_class(LIST) + self.bytes + self.nodes.len() * size_class(FRAME)
    }

    /// The same, reckoned anew.
    pub(super) fn recount(&self) -> usize {
        let bytes: usize = self.nodes.iter().map(|node| size_class(node.byte_len())).sum();
        self.allocated() + bytes - self.bytes
    }

    /// Takes the one listpack out, if that is all there is and it is small enough.
    pub(super) fn give_up_pack(&mut self, fill: Fill, shrunk: bool) -> Option<Listpack> {
        match self.nodes.front() {
            Some(Node::Packed(pack)) if self.nodes.len() == 1 => {
                fill.is_met(pack.byte_len(), self.count, shrunk).then_some(())?;
            }
            _ => return None,
        }
        match self.remove_node(0) {
            Some(Node::Packed(pack)) => Some(pack),
            _ => None,
        }
    }

    // ---- nodes ---------------------------------------------------------------------------------------------------

    /// The number of the node that holds an element, and the element's index in it; walks from the nearer end.
    pub(super) fn find(&self, index: usize) -> Option<(usize, usize)> {
        if index >= self.count {
            return None;
        }
        if index <= self.count / 2 {
            let mut before = 0;
            for (at, node) in self.nodes.iter().enumerate() {
                if index < before + node.len() {
                    return Some((at, index - before));
                }
                before += node.len();
            }
        } else {
            let mut before = self.count;
            for (at, node) in self.nodes.iter().enumerate().rev() {
                before -= node.len();
                if index >= before {
                    return Some((at, index - before));
                }
            }
        }
        None
    }

    pub(super) fn insert_node(&mut self, at: usize, node: Node) {
        self.count += node.len();
        self.bytes += size_class(node.byte_len());
        self.nodes.insert(at.min(self.nodes.len()), node);
    }

    pub(super) fn remove_node(&mut self, at: usize) -> Option<Node> {
        let node = self.nodes.remove(at)?;
        self.count -= node.len();
        self.bytes -= size_class(node.byte_len());
        Some(node)
    }

    /// Lets the listpack of a node be changed and keeps the counts right; `None` where the node has none.
    pub(super) fn edit<R>(&mut self, at: usize, change: impl FnOnce(&mut Listpack) -> R) -> Option<R> {
        let Some(Node::Packed(pack)) = self.nodes.get_mut(at) else { return None };
        let (len, bytes) = (pack.len(), size_class(pack.byte_len()));
        let result = change(pack);
        self.count = self.count + pack.len() - len;
        self.bytes = self.bytes + size_class(pack.byte_len()) - bytes;
        Some(result)
    }

    /// Takes all elements out of a node and leaves it to [`Quicklist::drop_emptied`].
    pub(super) fn clear_node(&mut self, at: usize) {
        let Some(node) = self.nodes.get_mut(at) else { return };
        self.count -= node.len();
        self.bytes -= size_class(node.byte_len());
        *node = Node::Packed(Listpack::default());
        self.bytes += size_class(node.byte_len());
    }

    /// Removes the nodes that an edit has emptied.
    pub(super) fn drop_emptied(&mut self) {
        let bytes = &mut self.bytes;
        self.nodes.retain(|node| {
            if node.is_empty() {
                *bytes -= size_class(node.byte_len());
            }
            !node.is_empty()
        });
    }

    /// Whether there is such a node and it takes one more element of so many bytes.
    pub(super) fn has_room(&self, at: usize, element: usize) -> bool {
        match self.nodes.get(at) {
            Some(Node::Packed(pack)) => {
                !self.fill.is_large(element) && !self.fill.is_full(pack.byte_len(), pack.len(), element)
            }
            _ => false,
        }
    }

    /// The node that an element gets for itself.
    pub(super) fn alone(&self, element: &[u8]) -> Node {
        if self.fill.is_large(element.len()) { Node::Plain(element.into()) } else { Node::holding(element) }
    }

    // ---- the ends ------------------------------------------------------------------------------------------------

    pub(super) fn push(&mut self, end: End, element: &[u8]) {
        let at = match end {
            End::Head => 0,
            End::Tail => self.nodes.len().saturating_sub(1),
        };
        if !self.has_room(at, element.len()) {
            let at = if end == End::Head { 0 } else { self.nodes.len() };
            return self.insert_node(at, self.alone(element));
        }
        self.edit(at, |pack| match end {
            End::Head => pack.push_front(element),
            End::Tail => pack.push_back(element),
        });
    }

    pub(super) fn pop(&mut self, end: End) -> Option<Vec<u8>> {
        let at = match end {
            End::Head => 0,
            End::Tail => self.nodes.len().checked_sub(1)?,
        };
        if self.nodes.get(at)?.len() > 1 {
            return self.edit(at, |pack| take(pack, end))?;
        }
        match self.remove_node(at)? {
            Node::Packed(pack) => pack.iter().next().map(Entry::to_vec),
            Node::Plain(element) => Some(element.into_vec()),
        }
    }

    /// Removes a run of elements: whole nodes at once, and parts of the first and the last.
    pub(super) fn remove_range(&mut self, start: usize, count: usize) {
        let Some((first, mut offset)) = self.find(start) else { return };
        let (mut at, mut left) = (first, count.min(self.count - start));
        let mut whole = first..first;
        while let Some(len) = self.nodes.get(at).map(Node::len).filter(|_| left > 0) {
            let removed = left.min(len - offset);
            if removed == len {
                whole = if whole.is_empty() { at..at + 1 } else { whole.start..at + 1 };
            } else {
                self.edit(at, |pack| pack.remove_range(offset as i64, removed));
            }
            left -= removed;
            offset = 0;
            at += 1;
        }
        for node in self.nodes.drain(whole) {
            self.count -= node.len();
            self.bytes -= size_class(node.byte_len());
        }
    }
}

/// Takes the element at an end out of a listpack.
pub(super) fn take(pack: &mut Listpack, end: End) -> Option<Vec<u8>> {
    let at = match end {
        End::Head => pack.first(),
        End::Tail => pack.last(),
    }?;
    let element = pack.get(at).to_vec();
    pack.remove(at);
    Some(element)
}
