//! The three encodings of a set in two words, since there may be a key for each of a million small sets.
//!
//! A listpack stands in place; what is bigger, or is no listpack, is behind a box. Which encoding suits a set is its
//! owner's to decide.

use super::{IntSet, Table};
use crate::value::listpack::Listpack;

/// A set in one of its encodings.
#[derive(Clone, Debug)]
pub(super) enum Encoding {
    Packed(Listpack),
    Other(Box<Other>),
}

#[derive(Clone, Debug)]
pub(super) enum Other {
    Integers(IntSet),
    /// In a box of its own, so that an intset need not be given its room.
    Table(Box<Table>),
}

/// Which encoding it is, to look into.
#[derive(Debug)]
pub(super) enum Ref<'a> {
    Integers(&'a IntSet),
    Packed(&'a Listpack),
    Table(&'a Table),
}

/// The same to change.
#[derive(Debug)]
pub(super) enum Mut<'a> {
    Integers(&'a mut IntSet),
    Packed(&'a mut Listpack),
    Table(&'a mut Table),
}

impl Encoding {
    pub(super) fn get(&self) -> Ref<'_> {
        match self {
            Self::Packed(list) => Ref::Packed(list),
            Self::Other(other) => match &**other {
                Other::Integers(set) => Ref::Integers(set),
                Other::Table(table) => Ref::Table(table),
            },
        }
    }

    pub(super) fn get_mut(&mut self) -> Mut<'_> {
        match self {
            Self::Packed(list) => Mut::Packed(list),
            Self::Other(other) => match &mut **other {
                Other::Integers(set) => Mut::Integers(set),
                Other::Table(table) => Mut::Table(table),
            },
        }
    }
}

impl From<IntSet> for Encoding {
    fn from(set: IntSet) -> Self {
        Self::Other(Box::new(Other::Integers(set)))
    }
}

impl From<Listpack> for Encoding {
    fn from(list: Listpack) -> Self {
        Self::Packed(list)
    }
}

impl From<Table> for Encoding {
    fn from(table: Table) -> Self {
        Self::Other(Box::new(Other::Table(Box::new(table))))
    }
}
