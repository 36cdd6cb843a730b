//! Sets: members without an order of their own, each there once.
//!
//! A set of integers alone is an [`IntSet`] (Redis says `intset`), a small one a [`Listpack`], a big one a [`Table`]
//! (`hashtable`). It converts when it outgrows the limits it is given, and when an integer's neighbour is none; it
//! never converts back, but what a command stores anew may come out smaller. Nothing here knows commands or replies.

pub mod algebra;
mod draw;
mod encoding;
mod intset;
mod look;
mod outside;
mod table;
#[cfg(test)]
mod tests;

use encoding::{Encoding, Mut, Ref};
pub use intset::IntSet;
use table::Table;

use super::Structure;
use super::alloc::{OBJECT, size_class};
pub use super::listpack::Entry as Member;
use super::listpack::{self, Listpack};
use crate::config::Config;
use crate::digest::Digest;
use crate::number;
use crate::picture::{Inside, Lens, Limit, Share};
use crate::snapshot::{Conversion, ValueView};

/// Redis lets no intset hold more, whatever the settings say.
const MOST_INTEGERS: usize = 1 << 30;

/// Up to where a set stays small: the settings `set-max-intset-entries`, `set-max-listpack-entries` and
/// `set-max-listpack-value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub integers: usize,
    pub entries: usize,
    pub value: usize,
}

impl Limits {
    /// As the settings have them.
    pub fn of(config: &Config) -> Self {
        Self {
            integers: config.set_max_intset_entries,
            entries: config.set_max_listpack_entries,
            value: config.set_max_listpack_value,
        }
    }

    /// How many integers an intset may hold.
    fn intset(self) -> usize {
        self.integers.min(MOST_INTEGERS)
    }
}

/// A set.
#[derive(Clone, Debug)]
pub struct Set {
    encoding: Encoding,
}

impl Default for Set {
    /// An empty set of integers.
    fn default() -> Self {
        Self { encoding: IntSet::default().into() }
    }
}

impl Set {
    /// An empty set in the encoding that suits its first member and the number of members that are about to come.
    pub fn for_first(member: &[u8], expected: usize, limits: Limits) -> Self {
        if expected <= limits.integers && number::parse_i64(member).is_some() {
            Self::default()
        } else if expected <= limits.entries {
            Self::packed()
        } else {
            Self::table(expected)
        }
    }

    /// An empty listpack.
    fn packed() -> Self {
        Self { encoding: Listpack::default().into() }
    }

    /// An empty table with slots for so many members.
    fn table(members: usize) -> Self {
        Self { encoding: Table::for_members(members).into() }
    }

    pub fn len(&self) -> usize {
        match self.encoding.get() {
            Ref::Integers(set) => set.len(),
            Ref::Packed(list) => list.len(),
            Ref::Table(table) => table.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The integers of a set that holds nothing else.
    pub fn integers(&self) -> Option<intset::View<'_>> {
        if let Ref::Integers(set) = self.encoding.get() { Some(set) } else { None }
    }

    pub fn is_packed(&self) -> bool {
        matches!(self.encoding.get(), Ref::Packed(_))
    }

    pub fn is_table(&self) -> bool {
        matches!(self.encoding.get(), Ref::Table(_))
    }

    pub fn contains(&self, member: &[u8]) -> bool {
        match self.encoding.get() {
            Ref::Integers(set) => number::parse_i64(member).is_some_and(|integer| set.contains(integer)),
            Ref::Packed(list) => list.find(member, 1).is_some(),
            Ref::Table(table) => table.contains(member),
        }
    }

    /// As [`Set::contains`], for a member of another set.
    fn has(&self, member: Member<'_>) -> bool {
        match (self.encoding.get(), member) {
            (Ref::Integers(set), Member::Integer(integer)) => set.contains(integer),
            (_, member) => self.contains(&member.text()),
        }
    }

    /// Whether the member is new.
    pub fn add(&mut self, member: &[u8], limits: Limits) -> bool {
        match self.encoding.get_mut() {
            Mut::Integers(set) => {
                let Some(integer) = number::parse_i64(member) else {
                    self.leave_integers(member, limits);
                    return self.add_converted(member);
                };
                let (added, len) = set.edit(|set| (set.add(integer), set.len()));
                if len > limits.intset() {
                    self.convert_to_table(0);
                }
                added
            }
            Mut::Packed(list) => {
                let fits = list.edit(|list| Self::add_to_listpack(list, member, limits));
                fits.unwrap_or_else(|| {
                    self.convert_to_table(1);
                    self.add_converted(member)
                })
            }
            Mut::Table(table) => table.add(member),
        }
    }

    /// Whether the member is new; `None` if it is, and does not fit.
    fn add_to_listpack(list: &mut Listpack, member: &[u8], limits: Limits) -> Option<bool> {
        if list.find(member, 1).is_some() {
            return Some(false);
        }
        let fits = list.len() < limits.entries
            && member.len() <= limits.value
            && list.byte_len() + member.len() <= listpack::SAFE_LIMIT;
        fits.then(|| {
            list.push_back(member);
            true
        })
    }

    /// Adds a member that is not there to a set that has just been made ready for it.
    fn add_converted(&mut self, member: &[u8]) -> bool {
        match self.encoding.get_mut() {
            Mut::Integers(_) => false,
            Mut::Packed(list) => {
                list.edit(|list| list.push_back(member));
                true
            }
            Mut::Table(table) => table.add(member),
        }
    }

    /// Makes an intset ready for a member that is no integer: a listpack where all will fit, else a table. Redis
    /// reckons with as many of the longest integer as there are integers.
    fn leave_integers(&mut self, member: &[u8], limits: Limits) {
        let Ref::Integers(set) = self.encoding.get() else { return };
        let ends = [set.first(), set.last()].into_iter().flatten();
        let longest = ends.clone().map(|end| end.to_string().len()).max().unwrap_or(0);
        let bytes = ends.map(|end| listpack::integer_entry(end).saturating_mul(set.len())).max().unwrap_or(0);
        let fits = set.len() < limits.entries
            && member.len().max(longest) <= limits.value
            && bytes.saturating_add(member.len()) <= listpack::SAFE_LIMIT;
        if !fits {
            return self.convert_to_table(1);
        }
        let mut list = Listpack::default();
        for integer in set.iter() {
            list.push_back(integer.to_string().as_bytes());
        }
        self.encoding = list.into();
    }

    /// Converts to a table if so many members are about to come that they may not fit.
    pub fn expect(&mut self, members: usize, limits: Limits) {
        let outgrown = match self.encoding.get() {
            Ref::Integers(_) => members > limits.integers,
            Ref::Packed(_) => members > limits.entries,
            Ref::Table(_) => false,
        };
        if outgrown {
            self.convert_to_table(members.saturating_sub(self.len()));
        }
    }

    /// Converts to a table with slots for the members there are and so many more.
    fn convert_to_table(&mut self, more: usize) {
        let mut table = Table::for_members(self.len() + more);
        for member in self.iter() {
            table.add(&member.text());
        }
        self.encoding = table.into();
    }

    /// Converts a set whose members are all integers to an intset, unless it is too big for one.
    fn convert_to_integers(&mut self, limits: Limits) {
        if self.integers().is_some() || self.len() > limits.intset() {
            return;
        }
        let mut integers = IntSet::default();
        for integer in self.iter().filter_map(|member| number::parse_i64(&member.text())) {
            integers.add(integer);
        }
        self.encoding = integers.into();
    }

    pub fn remove(&mut self, member: &[u8]) -> bool {
        match self.encoding.get_mut() {
            Mut::Integers(set) => {
                number::parse_i64(member).is_some_and(|integer| set.edit(|set| set.remove(integer)))
            }
            Mut::Packed(list) => list.edit(|list| {
                let found = list.find(member, 1);
                found.inspect(|position| {
                    list.remove(*position);
                });
                found.is_some()
            }),
            Mut::Table(table) => table.remove(member),
        }
    }

    /// All members: integers in order, a listpack in the order of coming, a table in none.
    pub fn iter(&self) -> impl Iterator<Item = Member<'_>> {
        let (integers, entries, names) = match self.encoding.get() {
            Ref::Integers(set) => (Some(set.lent()), None, None),
            Ref::Packed(list) => (None, Some(list.lent()), None),
            Ref::Table(table) => (None, None, Some(table.iter())),
        };
        let integers = integers.into_iter().flatten().map(Member::Integer);
        let entries = entries.into_iter().flatten();
        integers.chain(entries).chain(names.into_iter().flatten().map(Member::Text))
    }

    /// A step of an iteration; gives the next cursor. A small set comes whole, whatever the cursor.
    pub fn scan(&self, cursor: u64, count: usize, mut visit: impl FnMut(&[u8])) -> u64 {
        if let Ref::Table(table) = self.encoding.get() {
            return table.scan(cursor, count, visit);
        }
        self.iter().for_each(|member| visit(&member.text()));
        0
    }

    /// A copy as `COPY` makes it.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self.encoding.get() {
            Ref::Table(table) => Self { encoding: table.duplicate().into() },
            _ => self.clone(),
        }
    }
}

impl Structure for Set {
    fn kind(&self) -> &'static str {
        "set"
    }

    fn encoding(&self) -> &'static str {
        match self.encoding.get() {
            Ref::Integers(_) => "intset",
            Ref::Packed(_) => "listpack",
            Ref::Table(_) => "hashtable",
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    fn memory(&self) -> usize {
        OBJECT
            + match self.encoding.get() {
                Ref::Integers(set) => set.memory(),
                Ref::Packed(list) => size_class(list.byte_len()),
                Ref::Table(table) => table.memory(),
            }
    }

    fn allocated(&self) -> usize {
        match self.encoding.get() {
            Ref::Table(table) => OBJECT + table.allocated(),
            _ => self.memory(),
        }
    }

    fn recount(&self) -> usize {
        match self.encoding.get() {
            Ref::Table(table) => self.allocated() + table.strings_recounted() - table.string_bytes(),
            _ => self.allocated(),
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

    fn view(&self, limit: usize) -> ValueView {
        ValueView::Set {
            members: self.iter().take(limit).map(Member::to_vec).collect(),
            integer_bits: self.integers().map(|set| set.width() * 8),
        }
    }

    fn conversion(&self, config: &Config) -> Option<Conversion> {
        let limit = match self.encoding.get() {
            Ref::Integers(_) => config.set_max_intset_entries,
            Ref::Packed(_) => config.set_max_listpack_entries,
            Ref::Table(_) => return None,
        };
        Some(Conversion { entries: self.len(), limit })
    }

    fn digest(&self, digest: &mut Digest) {
        for member in self.iter() {
            digest.bytes(&member.text());
        }
        digest.number(self.memory() as u64);
    }
}
