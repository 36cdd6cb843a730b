//! Hashes made of what comes from outside, all at once and checked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::packed::Edit;
use super::table::Table;
use super::{Content, Encoding, Hash, Limits, Touched};
use crate::value::listpack::{self, Entry, Listpack};

/// The latest deadline that Redis can keep with a field.
const LATEST: u64 = 0x0000_ffff_ffff_ffff;

/// A field with its value and perhaps a deadline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    pub field: Vec<u8>,
    pub value: Vec<u8>,
    /// Absolute milliseconds.
    pub expires_at: Option<u64>,
}

impl Owned {
    fn pair(&self) -> (Cow<'_, [u8]>, Content<'_>) {
        let content = Content { value: Cow::Borrowed(&*self.value), expires_at: self.expires_at };
        (Cow::Borrowed(&*self.field), content)
    }
}

impl Hash {
    /// A small hash out of its encoding: fields and values in turn, with `expiring` a deadline or 0 after each two. With
    /// more fields than a small hash may have it is a big one; `None` where the listpack is no hash.
    pub fn from_outside(pack: Listpack, expiring: bool, limits: Limits) -> Option<Self> {
        if !is_sound(&pack, if expiring { 3 } else { 2 }) {
            return None;
        }
        let mut hash = Self { encoding: Encoding::packed(pack, expiring) };
        if hash.len() > limits.entries {
            hash.enlarge();
        }
        hash.settle(Touched::default());
        Some(hash)
    }

    /// Gathers fields, with a place for deadlines or without; `None` where one comes twice or a
    /// deadline is too far off. The hash is small if it may be.
    pub fn from_fields(fields: &[Owned], expiring: bool, limits: Limits) -> Option<Self> {
        let names: BTreeSet<_> = fields.iter().map(|one| one.field.as_slice()).collect();
        let in_time = fields.iter().all(|one| one.expires_at.is_none_or(|at| at <= LATEST));
        if names.len() != fields.len() || !in_time {
            return None;
        }
        let encoding = match first_misfit(fields, limits) {
            None => gather(fields, expiring),
            Some(at) => spread(fields, at, expiring),
        };
        let mut hash = Self { encoding };
        hash.settle(Touched::default());
        Some(hash)
    }
}

/// The first field that a small hash cannot take. If they are too many, that is the very first.
fn first_misfit(fields: &[Owned], limits: Limits) -> Option<usize> {
    if fields.len() > limits.entries {
        return Some(0);
    }
    let mut bytes = 0;
    fields.iter().position(|one| {
        bytes += one.field.len() + one.value.len();
        one.field.len().max(one.value.len()) > limits.value || bytes > listpack::SAFE_LIMIT
    })
}

fn gather(fields: &[Owned], expiring: bool) -> Encoding {
    let mut listpack = Listpack::default();
    let mut hash = Edit { listpack: &mut listpack, expiring };
    for one in fields {
        hash.insert(&one.field, &one.value, one.expires_at);
    }
    Encoding::packed(listpack, expiring)
}

/// A big hash. Redis begins with a small one, up to the first field that does not fit, and then makes the table wide
/// enough for those that remain; but not where it begins with a big one and makes a place for deadlines.
fn spread(fields: &[Owned], misfit: usize, expiring: bool) -> Encoding {
    let (before, rest) = fields.split_at_checked(misfit).unwrap_or((fields, &[]));
    let mut table = Table::collect(before.iter().map(Owned::pair), before.len(), None);
    // Without deadlines, the first that did not fit is in the table before it is widened.
    let joined = usize::from(!expiring && misfit > 0);
    for one in rest.iter().take(joined) {
        table.add(one.pair());
    }
    if !(expiring && misfit == 0) {
        table.reserve(rest.len().saturating_sub(usize::from(misfit > 0)));
    }
    for one in rest.iter().skip(joined) {
        table.add(one.pair());
    }
    table.into()
}

/// Whether a listpack has whole fields of so many entries, no name twice, and the deadlines in order, none last.
fn is_sound(pack: &Listpack, width: usize) -> bool {
    let names: BTreeSet<_> = pack.iter().step_by(width).map(Entry::text).collect();
    let deadlines: Vec<_> = if width == 3 { pack.iter().skip(2).step_by(3).collect() } else { Vec::new() };
    let numbers = deadlines.iter().map(|entry| entry.as_int().filter(|at| (0..=LATEST as i64).contains(at)));
    // None at all comes after the latest.
    let order: Option<Vec<_>> = numbers.map(|at| Some(at?.wrapping_sub(1) as u64)).collect();
    pack.len().is_multiple_of(width)
        && names.len() * width == pack.len()
        && order.is_some_and(|order| order.is_sorted())
}
