//! The three encodings of a hash in two words, since there may be a key for each of a million small hashes.
//!
//! A small hash without deadlines is a listpack in place; anything else is behind a box. When to convert is the owner's
//! to decide.

use super::packed::{Edit, View};
use super::table::Table;
use crate::value::listpack::Listpack;

/// A hash in one of its encodings.
#[derive(Clone, Debug)]
pub(super) enum Encoding {
    Plain(Listpack),
    Other(Box<Other>),
}

#[derive(Clone, Debug)]
pub(super) enum Other {
    Expiring(Expiring),
    Table(Table),
}

/// A listpack with deadlines.
#[derive(Clone, Debug)]
pub(super) struct Expiring {
    listpack: Listpack,
    /// When the expire cycle is to look in.
    wake: Option<u64>,
}

/// Which encoding it is, to read.
#[derive(Debug)]
pub(super) enum Ref<'a> {
    Packed(View<'a>),
    Table(&'a Table),
}

/// The same, to write to.
#[derive(Debug)]
pub(super) enum Mut<'a> {
    Packed(Edit<'a>),
    Table(&'a mut Table),
}

impl Encoding {
    pub(super) fn packed(listpack: Listpack, expiring: bool) -> Self {
        if expiring {
            Other::Expiring(Expiring { listpack, wake: None }).into()
        } else {
            Self::Plain(listpack)
        }
    }

    pub(super) fn get(&self) -> Ref<'_> {
        match self {
            Self::Plain(listpack) => Ref::Packed(View { listpack, expiring: false }),
            Self::Other(other) => match &**other {
                Other::Expiring(hash) => Ref::Packed(View { listpack: &hash.listpack, expiring: true }),
                Other::Table(hash) => Ref::Table(hash),
            },
        }
    }

    pub(super) fn get_mut(&mut self) -> Mut<'_> {
        match self {
            Self::Plain(listpack) => Mut::Packed(Edit { listpack, expiring: false }),
            Self::Other(other) => match &mut **other {
                Other::Expiring(hash) => Mut::Packed(Edit { listpack: &mut hash.listpack, expiring: true }),
                Other::Table(hash) => Mut::Table(hash),
            },
        }
    }

    /// When the expire cycle is to look in.
    pub(super) fn wake(&self) -> Option<u64> {
        match self {
            Self::Plain(_) => None,
            Self::Other(other) => match &**other {
                Other::Expiring(hash) => hash.wake,
                Other::Table(hash) => hash.wake,
            },
        }
    }

    /// Without deadlines there is nothing to look in for.
    pub(super) fn set_wake(&mut self, wake: Option<u64>) {
        if let Self::Other(other) = self {
            match &mut **other {
                Other::Expiring(hash) => hash.wake = wake,
                Other::Table(hash) => hash.wake = wake,
            }
        }
    }
}

impl From<Other> for Encoding {
    fn from(other: Other) -> Self {
        Self::Other(Box::new(other))
    }
}

impl From<Table> for Encoding {
    fn from(table: Table) -> Self {
        Other::Table(table).into()
    }
}
