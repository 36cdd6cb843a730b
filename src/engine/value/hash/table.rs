//! The big encoding of a hash, which Redis calls `hashtable`: rows found by their field, and those with a deadline
//! listed once more in the order of their deadlines.
//!
//! It keeps the sizes of what Redis would allocate: a field that once had a deadline keeps the room for one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Content, Lifetime};
use crate::value::alloc::{OBJECT, sds_size, size_class};
use crate::value::bytes::SmallBytes;
use crate::value::dense::{DenseTable, Keyed};
use crate::value::table_size::{self, ENTRY_SLACK, HEADER_ALLOCATED, TableSize};

/// A deadline beside a field, with the flags that tell of it.
const DEADLINE: usize = 16 + 2;

/// When a field expires, and whether there is room for a deadline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Expiry(u64);

impl Expiry {
    /// No deadline has ever been set.
    const NEVER: Self = Self(u64::MAX);
    /// A deadline was taken away.
    const PERSISTED: Self = Self(u64::MAX - 1);

    fn at(at: u64) -> Self {
        Self(at.min(Self::PERSISTED.0 - 1))
    }

    fn deadline(self) -> Option<u64> {
        (self.0 < Self::PERSISTED.0).then_some(self.0)
    }
}

/// A field and what is in it.
#[derive(Clone, Debug)]
pub struct Row {
    pub field: SmallBytes,
    value: SmallBytes,
    expiry: Expiry,
}

impl Keyed for Row {
    fn key(&self) -> &[u8] {
        &self.field
    }
}

impl Row {
    pub fn content(&self) -> Content<'_> {
        Content { value: Cow::Borrowed(&self.value), expires_at: self.expiry.deadline() }
    }

    pub fn pair(&self) -> (Cow<'_, [u8]>, Content<'_>) {
        (Cow::Borrowed(&self.field), self.content())
    }

    /// The entry in the table, the field and its value.
    fn size(&self) -> usize {
        let has_room = self.expiry != Expiry::NEVER;
        table_size::ENTRY + field_size(self.field.len(), has_room) + sds_size(self.value.len())
    }
}

/// What a field's name takes, with or without room for a deadline.
fn field_size(len: usize, has_room: bool) -> usize {
    let header = match len {
        0..32 => 1,
        32..65_536 => 3,
        _ => 9,
    };
    size_class(header + len + 1 + if has_room { DEADLINE } else { 0 })
}

/// A big hash.
#[derive(Clone, Debug, Default)]
pub struct Table {
    rows: DenseTable<Row>,
    /// Deadlines and the positions of their rows.
    deadlines: BTreeSet<(u64, u32)>,
    /// How many different moments there are among them.
    moments: usize,
    row_bytes: usize,
    size: TableSize,
    /// When the expire cycle is to look in.
    pub wake: Option<u64>,
}

impl Table {
    /// A table of so many fields and no wider than needed.
    pub fn collect<'a>(
        pairs: impl Iterator<Item = (Cow<'a, [u8]>, Content<'a>)>,
        len: usize,
        wake: Option<u64>,
    ) -> Self {
        let mut table = Self { size: TableSize::with_capacity(len.max(1)), wake, ..Self::default() };
        for pair in pairs {
            table.add(pair);
        }
        table
    }

    /// Adds a field that is not there, with its deadline.
    pub fn add(&mut self, (field, Content { value, expires_at }): (Cow<'_, [u8]>, Content<'_>)) {
        let expiry = expires_at.map_or(Expiry::NEVER, Expiry::at);
        self.push(Row { field: (&*field).into(), value: (&*value).into(), expiry });
    }

    pub fn duplicate(&self) -> Self {
        Self::collect(self.iter().map(Row::pair), self.len(), self.wake)
    }

    /// Makes the table wide enough for so many fields.
    pub fn reserve(&mut self, fields: usize) {
        self.size.expand(self.rows.len(), fields);
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn get(&self, field: &[u8]) -> Option<&Row> {
        self.rows.get(field)
    }

    /// The row at a place below [`Table::len`].
    pub fn at(&self, place: usize) -> Option<&Row> {
        self.rows.at(place)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter()
    }

    pub fn scan(&self, cursor: u64, count: usize, visit: impl FnMut(&Row)) -> u64 {
        self.rows.scan(cursor, count, visit)
    }

    /// Adds a field that is not there.
    fn push(&mut self, row: Row) {
        self.size.before_insert(self.rows.len());
        self.row_bytes += row.size();
        let deadline = row.expiry.deadline();
        let position = self.rows.push(row) as u32;
        if let Some(at) = deadline {
            self.list(at, position);
        }
    }

    /// Sets a field; whether it was there.
    pub fn set(&mut self, field: &[u8], value: &[u8], lifetime: Lifetime) -> bool {
        self.size.touch();
        let Some(position) = self.rows.position(field) else {
            self.push(Row { field: field.into(), value: value.into(), expiry: Expiry::NEVER });
            return false;
        };
        if lifetime == Lifetime::Clear {
            self.change_expiry(position, |expiry| match expiry {
                Expiry::NEVER => Expiry::NEVER,
                _ => Expiry::PERSISTED,
            });
        }
        if let Some(row) = self.rows.at_mut(position) {
            self.row_bytes -= row.size();
            row.value = value.into();
            self.row_bytes += row.size();
        }
        true
    }

    pub fn remove(&mut self, field: &[u8]) -> bool {
        self.size.touch();
        let position = self.rows.position(field);
        let removed = position.is_some_and(|position| self.remove_at(position));
        if removed {
            self.size.shrink_if_sparse(self.rows.len());
        }
        removed
    }

    /// Removes a row and tells the list of deadlines where the row went that took its place.
    fn remove_at(&mut self, position: usize) -> bool {
        let Some(row) = self.rows.swap_remove(position) else { return false };
        self.row_bytes -= row.size();
        if let Some(at) = row.expiry.deadline() {
            self.unlist(at, position as u32);
        }
        let moved = self.rows.at(position).and_then(|row| row.expiry.deadline());
        if let Some(at) = moved {
            self.deadlines.remove(&(at, self.rows.len() as u32));
            self.deadlines.insert((at, position as u32));
        }
        true
    }

    fn list(&mut self, at: u64, position: u32) {
        self.moments += usize::from(!self.is_moment(at));
        self.deadlines.insert((at, position));
    }

    fn unlist(&mut self, at: u64, position: u32) {
        self.deadlines.remove(&(at, position));
        self.moments -= usize::from(!self.is_moment(at));
    }

    /// Whether a field expires at a moment.
    fn is_moment(&self, at: u64) -> bool {
        self.deadlines.range((at, 0)..=(at, u32::MAX)).next().is_some()
    }

    pub fn earliest(&self) -> Option<u64> {
        self.deadlines.first().map(|(at, _)| *at)
    }

    /// Gives a field a deadline or takes it away.
    pub fn set_deadline(&mut self, field: &[u8], at: Option<u64>) {
        self.size.touch();
        if let Some(position) = self.rows.position(field) {
            self.change_expiry(position, |_| at.map_or(Expiry::PERSISTED, Expiry::at));
        }
    }

    fn change_expiry(&mut self, position: usize, change: impl FnOnce(Expiry) -> Expiry) {
        let Some(row) = self.rows.at_mut(position) else { return };
        let before = row.expiry.deadline();
        self.row_bytes -= row.size();
        row.expiry = change(row.expiry);
        self.row_bytes += row.size();
        let after = row.expiry.deadline();
        if let Some(at) = before {
            self.unlist(at, position as u32);
        }
        if let Some(at) = after {
            self.list(at, position as u32);
        }
    }

    /// Removes up to `most` fields whose time has come, the earliest first.
    pub fn expire(&mut self, now: u64, most: usize) -> usize {
        let mut removed = 0;
        while removed < most
            && let Some((at, position)) = self.deadlines.first().copied()
            && at < now
            && self.remove_at(position as usize)
        {
            removed += 1;
            self.size.touch();
            self.size.shrink_if_sparse(self.rows.len());
        }
        removed
    }

    /// What `MEMORY USAGE key SAMPLES 0` counts. The real server takes the mean of all rows, in floating point, and as
    /// many times that as there are rows, which now and then makes a byte less than there is.
    pub fn memory(&self) -> usize {
        let fixed = OBJECT + table_size::HEADER + self.size.bytes();
        let rows = self.rows.len().max(1) as f64;
        (fixed as f64 + self.row_bytes as f64 / rows * rows) as usize
    }

    /// What is allocated, without the rounding of that mean.
    pub fn allocated(&self) -> usize {
        OBJECT
            + HEADER_ALLOCATED
            + self.size.allocated()
            + self.row_bytes
            + ENTRY_SLACK * self.rows.len()
            + self.order_of_deadlines()
    }

    /// Fields with a deadline are strung together; from the seventeenth on they lie in buckets that a radix tree orders. Up
    /// to sixteen share a bucket, eight to eleven in the mean, but all of one moment the same, in segments of sixteen.
    fn order_of_deadlines(&self) -> usize {
        const HEADER: usize = 32;
        const TREE: usize = 48;
        const BUCKET: usize = 60;
        const FIELDS_IN_BUCKET: usize = 9;
        const FIELDS_IN_SEGMENT: usize = 16;
        // A segment's head is 32 bytes for sixteen fields.
        const FURTHER_FIELD: usize = 2;
        let fields = self.deadlines.len();
        match fields {
            0 => 0,
            1..=FIELDS_IN_SEGMENT => HEADER,
            _ => {
                let buckets = self.moments.min(fields.div_ceil(FIELDS_IN_BUCKET));
                let further = fields.saturating_sub(FIELDS_IN_SEGMENT * self.moments);
                HEADER + TREE + BUCKET * buckets + FURTHER_FIELD * further
            }
        }
    }

    pub fn size(&self) -> &TableSize {
        &self.size
    }

    pub fn row_bytes(&self) -> usize {
        self.row_bytes
    }

    /// The same, reckoned anew.
    pub fn rows_recounted(&self) -> usize {
        self.rows.iter().map(Row::size).sum()
    }
}
