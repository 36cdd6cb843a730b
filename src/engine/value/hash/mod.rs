//! Hashes: fields, each with a value and perhaps a deadline of its own.
//!
//! A small hash is [`Packed`] (Redis says `listpack`, or `listpackex` once deadlines were asked for), a big one a
//! [`Table`] (`hashtable`); it converts when it grows past the limits it is given, and never back.
//!
//! A field past its deadline stays until somebody removes it: the commands that meet it, or the expire cycle. When the
//! cycle is to look in, the hash says itself ([`Hash::wake`]). As in Redis that is a note, set when deadlines change by
//! much and not with every removal, so it may be some seconds off either way. Nothing here knows commands or replies,
//! and the moment is always given.

mod encoding;
mod look;
mod outside;
mod packed;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use encoding::{Encoding, Mut, Ref};
pub use outside::Owned;
use table::Table;

use super::Structure;
use super::alloc::{OBJECT, size_class};
use super::listpack::{self, Listpack};
use crate::config::Config;
use crate::digest::Digest;
use crate::picture::{Inside, Lens, Limit, Share};
use crate::snapshot::{Conversion, ValueView};

/// What Redis keeps beside a listpack with deadlines.
const EXPIRING_HEADER: usize = 32;
/// What the list of hashes for the expire cycle takes for each: sixteen share a bucket in a radix tree.
const LISTED: usize = 6;
/// The note for the cycle is left as it is while the next deadline is less than so many milliseconds off.
const WAKE_TOLERANCE: u64 = 4000;

/// Up to where a hash stays small: the settings `hash-max-listpack-entries` and `hash-max-listpack-value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub entries: usize,
    pub value: usize,
}

impl Limits {
    /// As the settings have them.
    pub fn of(config: &Config) -> Self {
        Self { entries: config.hash_max_listpack_entries, value: config.hash_max_listpack_value }
    }
}

/// What is in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content<'a> {
    pub value: Cow<'a, [u8]>,
    /// Absolute milliseconds.
    pub expires_at: Option<u64>,
}

impl Content<'_> {
    pub fn is_due(&self, now: u64) -> bool {
        self.expires_at.is_some_and(|at| at < now)
    }
}

/// What becomes of a field's deadline when its value is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    Clear,
    Keep,
}

/// When a new deadline is taken. A field without one counts as living for ever, but for `Nx` and `Xx`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Always,
    Nx,
    Xx,
    Gt,
    Lt,
}

impl Condition {
    fn allows(self, before: Option<u64>, at: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Nx => before.is_none(),
            Self::Xx => before.is_some(),
            Self::Gt => before.is_some_and(|before| at > before),
            Self::Lt => before.is_none_or(|before| at < before),
        }
    }
}

/// What came of giving a field a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheduled {
    NoField,
    /// The condition did not hold.
    Refused,
    Set,
    /// The deadline had passed: the field is gone.
    Deleted,
}

/// The earliest deadline that a command took away or gave; [`Hash::settle`] asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Touched(u64);

impl Default for Touched {
    fn default() -> Self {
        Self(u64::MAX)
    }
}

/// A hash.
#[derive(Clone, Debug)]
pub struct Hash {
    encoding: Encoding,
}

impl Default for Hash {
    /// An empty hash in the small encoding.
    fn default() -> Self {
        Self { encoding: Encoding::Plain(Listpack::default()) }
    }
}

impl Hash {
    /// The encoding of a small hash, and whether it has deadlines in it.
    pub fn listpack(&self) -> Option<(&Listpack, bool)> {
        match self.encoding.get() {
            Ref::Packed(hash) => Some((hash.listpack, hash.expiring)),
            Ref::Table(_) => None,
        }
    }

    /// How many fields there are, those past their deadline counted.
    pub fn len(&self) -> usize {
        match self.encoding.get() {
            Ref::Packed(hash) => hash.len(),
            Ref::Table(hash) => hash.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn is_packed(&self) -> bool {
        matches!(self.encoding.get(), Ref::Packed(_))
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    /// A copy as `COPY` makes it: a big hash gets a table of just the right size.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self.encoding.get() {
            Ref::Packed(_) => self.clone(),
            Ref::Table(hash) => Self { encoding: hash.duplicate().into() },
        }
    }

    /// What is in a field, past its deadline or not.
    pub fn get(&self, field: &[u8]) -> Option<Content<'_>> {
        match self.encoding.get() {
            Ref::Packed(hash) => hash.get(field),
            Ref::Table(hash) => hash.get(field).map(table::Row::content),
        }
    }

    /// The same, for those that are to see only what is alive.
    pub fn get_alive(&self, field: &[u8], now: u64) -> Option<Content<'_>> {
        self.get(field).filter(|content| !content.is_due(now))
    }

    /// All fields: a small hash's in their order, the earliest deadline first; a big one's in no order.
    pub fn iter(&self) -> Box<dyn Iterator<Item = (Cow<'_, [u8]>, Content<'_>)> + '_> {
        match self.encoding.get() {
            Ref::Packed(hash) => Box::new(hash.iter()),
            Ref::Table(hash) => Box::new(hash.iter().map(table::Row::pair)),
        }
    }

    /// All fields that are alive.
    pub fn alive(&self, now: u64) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
        let alive = move |(_, content): &(_, Content<'_>)| !content.is_due(now);
        self.iter().filter(alive).map(|(field, content)| (field, content.value))
    }

    /// The fields at these places, each below [`Hash::len`]. A small hash is walked through once for all of them.
    pub fn pick(&self, places: &[usize]) -> Vec<(Cow<'_, [u8]>, Cow<'_, [u8]>)> {
        match self.encoding.get() {
            Ref::Packed(hash) => hash.pick(places),
            Ref::Table(hash) => places
                .iter()
                .filter_map(|place| hash.at(*place).map(table::Row::pair))
                .map(|(field, content)| (field, content.value))
                .collect(),
        }
    }

    /// A step of an iteration: shows about `count` fields and gives the next cursor; a small hash comes whole.
    pub fn scan(&self, cursor: u64, count: usize, mut visit: impl FnMut(&[u8], &Content<'_>)) -> u64 {
        match self.encoding.get() {
            Ref::Packed(hash) => {
                hash.iter().for_each(|(field, content)| visit(&field, &content));
                0
            }
            Ref::Table(hash) => hash.scan(cursor, count, |row| visit(&row.field, &row.content())),
        }
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    /// Converts if these words, fields and values in turn, would not fit: what Redis looks at before it writes any.
    pub fn make_room(&mut self, words: &[Vec<u8>], limits: Limits) {
        let Ref::Packed(hash) = self.encoding.get() else { return };
        let fields = words.len() / 2;
        if fields > limits.entries {
            self.enlarge();
            if let Mut::Table(hash) = self.encoding.get_mut() {
                hash.reserve(fields);
            }
            return;
        }
        let too_long = words.iter().any(|word| word.len() > limits.value);
        let total: usize = words.iter().map(Vec::len).sum();
        if too_long || hash.listpack.byte_len().saturating_add(total) > listpack::SAFE_LIMIT {
            self.enlarge();
        }
    }

    /// Sets a field; whether it was there.
    pub fn set(&mut self, field: &[u8], value: &[u8], lifetime: Lifetime, limits: Limits) -> bool {
        if self.is_packed() && (field.len() > limits.value || value.len() > limits.value) {
            self.enlarge();
        }
        let replaced = match self.encoding.get_mut() {
            Mut::Packed(mut hash) => hash.set(field, value, lifetime),
            Mut::Table(hash) => hash.set(field, value, lifetime),
        };
        if self.is_packed() && self.len() > limits.entries {
            self.enlarge();
        }
        replaced
    }

    pub fn remove(&mut self, field: &[u8]) -> bool {
        match self.encoding.get_mut() {
            Mut::Packed(mut hash) => hash.remove(field),
            Mut::Table(hash) => hash.remove(field),
        }
    }

    /// Removes a field, and with the last deadline the note for the cycle.
    pub fn delete(&mut self, field: &[u8]) -> bool {
        let had = self.earliest().is_some();
        let removed = self.remove(field);
        if had && self.earliest().is_none() {
            self.set_wake(None);
        }
        removed
    }

    fn enlarge(&mut self) {
        if let Ref::Packed(hash) = self.encoding.get() {
            self.encoding = Table::collect(hash.iter(), hash.len(), self.wake()).into();
        }
    }

    // ---- deadlines -----------------------------------------------------------------------------------------------

    /// The earliest deadline of a field.
    pub fn earliest(&self) -> Option<u64> {
        match self.encoding.get() {
            Ref::Packed(hash) => hash.earliest(),
            Ref::Table(hash) => hash.earliest(),
        }
    }

    /// When the expire cycle is to look in.
    pub fn wake(&self) -> Option<u64> {
        self.encoding.wake()
    }

    pub fn set_wake(&mut self, wake: Option<u64>) {
        self.encoding.set_wake(wake);
    }

    /// Makes a place for deadlines beside the fields of a small hash, whether one is going to be set or not.
    pub fn expect_deadlines(&mut self) {
        if let Ref::Packed(hash) = self.encoding.get()
            && !hash.expiring
        {
            self.encoding = Encoding::packed(hash.widened(), true);
        }
    }

    /// Gives a field a deadline if the condition holds. One that has passed removes the field.
    pub fn schedule(
        &mut self,
        field: &[u8],
        at: u64,
        condition: Condition,
        now: u64,
        touched: &mut Touched,
    ) -> Scheduled {
        let Some(before) = self.get(field).map(|content| content.expires_at) else {
            return Scheduled::NoField;
        };
        if !condition.allows(before, at) {
            return Scheduled::Refused;
        }
        touched.0 = touched.0.min(before.unwrap_or(u64::MAX));
        if at <= now {
            self.remove(field);
            return Scheduled::Deleted;
        }
        touched.0 = touched.0.min(at);
        self.set_deadline(field, Some(at));
        Scheduled::Set
    }

    /// Takes a field's deadline away; whether there was one.
    pub fn persist(&mut self, field: &[u8]) -> bool {
        let had = self.get(field).is_some_and(|content| content.expires_at.is_some());
        if had {
            self.set_deadline(field, None);
        }
        had
    }

    fn set_deadline(&mut self, field: &[u8], at: Option<u64>) {
        self.expect_deadlines();
        match self.encoding.get_mut() {
            Mut::Packed(mut hash) => hash.set_deadline(field, at),
            Mut::Table(hash) => hash.set_deadline(field, at),
        }
    }

    /// To be called after deadlines were set: renews the note for the cycle if the next deadline moved by much.
    pub fn settle(&mut self, touched: Touched) {
        let wake = self.wake();
        if self.is_empty() || wake.is_some_and(|wake| wake < touched.0) {
            return;
        }
        let earliest = self.earliest();
        let moved_little = match (wake, earliest) {
            (None, None) => true,
            (Some(wake), Some(earliest)) => wake.abs_diff(earliest) < WAKE_TOLERANCE,
            _ => false,
        };
        if !moved_little {
            self.set_wake(earliest);
        }
    }

    /// Removes a field if its time has come.
    pub fn remove_due(&mut self, field: &[u8], now: u64) -> bool {
        self.get(field).is_some_and(|content| content.is_due(now)) && self.remove(field)
    }

    /// Removes up to `most` fields whose time has come, the earliest first, notes when the cycle is to look in again,
    /// and gives their number.
    pub fn expire(&mut self, now: u64, most: usize) -> usize {
        let removed = match self.encoding.get_mut() {
            Mut::Packed(mut hash) => hash.expire(now, most),
            Mut::Table(hash) => hash.expire(now, most),
        };
        self.set_wake(self.earliest());
        removed
    }
}

impl Structure for Hash {
    fn kind(&self) -> &'static str {
        "hash"
    }

    fn encoding(&self) -> &'static str {
        match self.encoding.get() {
            Ref::Packed(hash) if hash.expiring => "listpackex",
            Ref::Packed(_) => "listpack",
            Ref::Table(_) => "hashtable",
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    fn memory(&self) -> usize {
        match self.encoding.get() {
            Ref::Packed(hash) => {
                let header = if hash.expiring { EXPIRING_HEADER } else { 0 };
                OBJECT + size_class(hash.listpack.byte_len()) + header
            }
            Ref::Table(hash) => hash.memory(),
        }
    }

    fn allocated(&self) -> usize {
        // Every hash with deadlines is listed once more for the cycle.
        let listed = self.wake().map_or(0, |_| LISTED);
        listed
            + match self.encoding.get() {
                Ref::Packed(_) => self.memory(),
                Ref::Table(hash) => hash.allocated(),
            }
    }

    fn recount(&self) -> usize {
        match self.encoding.get() {
            Ref::Packed(_) => self.allocated(),
            Ref::Table(hash) => self.allocated() + hash.rows_recounted() - hash.row_bytes(),
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
        let shown = self.iter().take(limit);
        let fields = shown.map(|(field, Content { value, expires_at })| {
            (field.into_owned(), value.into_owned(), expires_at)
        });
        ValueView::Hash { fields: fields.collect() }
    }

    fn conversion(&self, config: &Config) -> Option<Conversion> {
        let limit = config.hash_max_listpack_entries;
        self.is_packed().then(|| Conversion { entries: self.len(), limit })
    }

    fn wake(&self) -> Option<u64> {
        self.wake()
    }

    fn digest(&self, digest: &mut Digest) {
        for (field, content) in self.iter() {
            digest.bytes(&field);
            digest.bytes(&content.value);
            digest.number(content.expires_at.unwrap_or(u64::MAX));
        }
        digest.number(self.memory() as u64);
        digest.number(self.wake().unwrap_or(u64::MAX));
    }
}
