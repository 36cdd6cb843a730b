//! The three encodings of a set in two words, since there may be a key for each of a million small sets.
//!
//! An intset and a listpack are each one piece of memory, whose beginning tells which it is; a table is behind a box.
//! Which encoding suits a set is its owner's to decide.

use std::marker::PhantomData;

use super::{IntSet, Table, intset};
use crate::value::listpack::{Listpack, View};

/// A set in one of its encodings.
#[derive(Clone, Debug)]
pub(super) enum Encoding {
    /// An intset or a listpack.
    Small(Box<[u8]>),
    Table(Box<Table>),
}

/// Which encoding it is, to look into.
#[derive(Debug)]
pub(super) enum Ref<'a> {
    Integers(intset::View<'a>),
    Packed(View<'a>),
    Table(&'a Table),
}

/// The same to change.
#[derive(Debug)]
pub(super) enum Mut<'a> {
    Integers(Lent<'a, IntSet>),
    Packed(Lent<'a, Listpack>),
    Table(&'a mut Table),
}

/// A piece of memory that can be changed as what is in it.
#[derive(Debug)]
pub(super) struct Lent<'a, Kind> {
    room: &'a mut Box<[u8]>,
    kind: PhantomData<Kind>,
}

impl<'a, Kind: From<Box<[u8]>> + Into<Box<[u8]>>> Lent<'a, Kind> {
    fn new(room: &'a mut Box<[u8]>) -> Self {
        Self { room, kind: PhantomData }
    }

    pub(super) fn edit<Answer>(self, change: impl FnOnce(&mut Kind) -> Answer) -> Answer {
        let mut kind = Kind::from(std::mem::take(self.room));
        let answer = change(&mut kind);
        *self.room = kind.into();
        answer
    }
}

impl Encoding {
    pub(super) fn get(&self) -> Ref<'_> {
        match self {
            Self::Small(room) => match intset::View::of(room) {
                Some(set) => Ref::Integers(set),
                None => Ref::Packed(View::from(&**room)),
            },
            Self::Table(table) => Ref::Table(table),
        }
    }

    pub(super) fn get_mut(&mut self) -> Mut<'_> {
        match self {
            Self::Small(room) => match intset::View::of(room) {
                Some(_) => Mut::Integers(Lent::new(room)),
                None => Mut::Packed(Lent::new(room)),
            },
            Self::Table(table) => Mut::Table(table),
        }
    }
}

impl From<IntSet> for Encoding {
    fn from(set: IntSet) -> Self {
        Self::Small(set.into())
    }
}

impl From<Listpack> for Encoding {
    fn from(list: Listpack) -> Self {
        Self::Small(list.into())
    }
}

impl From<Table> for Encoding {
    fn from(table: Table) -> Self {
        Self::Table(Box::new(table))
    }
}
