//! Walking over the entries of a listpack from both ends.

use super::{Entry, Position, View, code};

/// The entries that are left, from both ends.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    pack: View<'a>,
    front: Option<Position>,
    back: Option<Position>,
    left: usize,
}

impl<'a> Iter<'a> {
    pub(super) fn new(pack: View<'a>) -> Self {
        Self { pack, front: pack.first(), back: pack.last(), left: pack.len() }
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        self.left = self.left.checked_sub(1)?;
        let at = self.front?;
        self.front = self.pack.next(at);
        Some(code::entry(self.pack.room, at.0))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let at = self.back?;
        self.back = self.pack.previous(at);
        Some(code::entry(self.pack.room, at.0))
    }
}

impl ExactSizeIterator for Iter<'_> {}
