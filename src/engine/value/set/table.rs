//! The big encoding of a set, which Redis calls `hashtable`: members in no particular order, each found in O(1).
//!
//! Beside the members it keeps the sizes of what Redis would allocate for them. It never turns back into a smaller
//! encoding; what a command stores anew may.

use crate::value::alloc::sds_size;
use crate::value::bytes::SmallBytes;
use crate::value::dense::{DenseTable, Keyed};
use crate::value::table_size::{self, TableSize};

#[derive(Clone, Debug)]
struct Member(SmallBytes);

impl Keyed for Member {
    fn key(&self) -> &[u8] {
        &self.0
    }
}

/// Members by name and by position.
#[derive(Clone, Debug, Default)]
pub struct Table {
    members: DenseTable<Member>,
    size: TableSize,
    /// What the strings of all members take.
    string_bytes: usize,
}

impl Table {
    /// An empty one with slots for so many members, as Redis makes it when it knows how many will come.
    pub fn for_members(members: usize) -> Self {
        Self { size: TableSize::with_capacity(members), ..Self::default() }
    }

    pub fn len(&self) -> usize {
        self.members.len()
    }

    pub fn memory(&self) -> usize {
        table_size::HEADER + self.size.bytes() + table_size::ENTRY * self.len() + self.string_bytes
    }

    pub fn contains(&self, member: &[u8]) -> bool {
        self.members.contains(member)
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.members.iter().map(Keyed::key)
    }

    /// The member at a position.
    pub fn get(&self, position: usize) -> Option<&[u8]> {
        self.members.at(position).map(Keyed::key)
    }

    /// Whether the member is new. Redis makes room before it looks.
    pub fn add(&mut self, member: &[u8]) -> bool {
        self.size.before_insert(self.len());
        if self.members.contains(member) {
            return false;
        }
        self.string_bytes += sds_size(member.len());
        self.members.push(Member(member.into()));
        true
    }

    pub fn remove(&mut self, member: &[u8]) -> bool {
        if let Some(position) = self.members.position(member) {
            return self.remove_at(position).is_some();
        }
        self.size.touch();
        false
    }

    /// Removes the member at a position; the last one moves there.
    pub fn remove_at(&mut self, position: usize) -> Option<SmallBytes> {
        let Member(member) = self.members.swap_remove(position)?;
        self.string_bytes -= sds_size(member.len());
        self.size.touch();
        self.size.shrink_if_sparse(self.len());
        Some(member)
    }

    /// A copy as `COPY` makes it: the table is made anew, with slots for the members there are.
    pub fn duplicate(&self) -> Self {
        Self { size: TableSize::with_capacity(self.len()), ..self.clone() }
    }

    /// A step of an iteration over the positions downwards; gives the next cursor.
    pub fn scan(&self, cursor: u64, count: usize, mut visit: impl FnMut(&[u8])) -> u64 {
        self.members.scan(cursor, count, |member| visit(&member.0))
    }
}
