//! Streams: entries that are only ever added behind the last, each with an ID and fields, and the groups that read them.
//!
//! [`Entries`] keeps the entries in nodes as Redis does, [`Group`] who was given what, [`Progress`] the figures from which
//! a group's lag follows. Time is told by the caller. Nothing here knows commands or replies, or how an ID is written by
//! a client.

mod delivery;
mod entries;
mod group;
mod id;
mod id_map;
mod look;
mod node;
mod parts;
mod progress;
#[cfg(test)]
mod tests;
mod tree;

use std::collections::BTreeMap;

pub use delivery::{AutoClaim, Claim};
pub use entries::{Entries, Entry, Keep, Limits, Precision};
pub use group::{Consumer, ConsumerKey, Group, Pending};
pub use id::StreamId;
pub use id_map::IdMap;
pub use parts::{ConsumerParts, GroupParts, StreamParts};
pub use progress::Progress;

use super::Structure;
use super::alloc::OBJECT;
use crate::digest::Digest;
use crate::picture::{Inside, Lens, Share};
use crate::snapshot::{EntryView, GroupView, ValueView};

/// The object header and the structure that Redis allocates for every stream.
const HEAD: usize = OBJECT + 80;

/// Fields and their values, as they were given.
pub type Fields = Vec<(Vec<u8>, Vec<u8>)>;
/// An entry taken out.
pub type Message = (StreamId, Fields);

/// A stream.
#[derive(Clone, Debug, Default)]
pub struct Stream(Box<Inner>);

#[derive(Clone, Debug, Default)]
struct Inner {
    entries: Entries,
    progress: Progress,
    groups: BTreeMap<Box<[u8]>, Group>,
    /// Bytes of all groups.
    group_bytes: Sizes,
    /// What is allocated for the tree of their names.
    name_bytes: isize,
}

/// What `MEMORY USAGE` counts, and what is allocated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sizes {
    counted: usize,
    allocated: usize,
}

impl std::ops::AddAssign for Sizes {
    fn add_assign(&mut self, other: Self) {
        self.counted += other.counted;
        self.allocated += other.allocated;
    }
}

impl std::ops::SubAssign for Sizes {
    fn sub_assign(&mut self, other: Self) {
        self.counted -= other.counted;
        self.allocated -= other.allocated;
    }
}

impl Stream {
    pub fn entries(&self) -> &Entries {
        &self.0.entries
    }

    pub fn progress(&self) -> &Progress {
        &self.0.progress
    }

    pub fn last_id(&self) -> StreamId {
        self.0.progress.last_id
    }

    /// The last entry that is there; 0-0 where there is none.
    pub fn last_live_id(&self) -> StreamId {
        self.entries().last().map_or(StreamId::MIN, |entry| entry.id())
    }

    // ---- entries -------------------------------------------------------------------------------------------------

    /// Adds an entry, its fields and values in turn. Its ID must be behind [`Stream::last_id`].
    pub fn append(&mut self, id: StreamId, pairs: &[Vec<u8>], limits: Limits) {
        let Inner { entries, progress, .. } = &mut *self.0;
        entries.append(id, pairs, limits);
        progress.entries_added = progress.entries_added.wrapping_add(1);
        progress.last_id = id;
        progress.len += 1;
        if progress.len == 1 {
            progress.first_id = id;
        }
    }

    /// Deletes an entry; whether it was there.
    pub fn delete(&mut self, id: StreamId) -> bool {
        let deleted = self.0.entries.delete(id);
        if deleted {
            let progress = &mut self.0.progress;
            progress.max_deleted_id = progress.max_deleted_id.max(id);
            self.recount(id == self.0.progress.first_id);
        }
        deleted
    }

    /// Evicts the oldest entries and tells how many.
    pub fn trim(&mut self, keep: Keep, precision: Precision) -> usize {
        let evicted = self.0.entries.trim(keep, precision);
        if evicted > 0 {
            self.recount(true);
        }
        evicted
    }

    /// Brings the figures up to date after a removal.
    fn recount(&mut self, first_is_gone: bool) {
        let Inner { entries, progress, .. } = &mut *self.0;
        progress.len = entries.len() as u64;
        if first_is_gone || entries.is_empty() {
            progress.first_id = entries.first().map_or(StreamId::MIN, |entry| entry.id());
        }
    }

    /// Says where the stream goes on, and perhaps how many entries it had and up to where some were deleted.
    pub fn set_id(&mut self, last_id: StreamId, added: Option<u64>, max_deleted: Option<StreamId>) {
        let progress = &mut self.0.progress;
        progress.last_id = last_id;
        progress.entries_added = added.unwrap_or(progress.entries_added);
        progress.max_deleted_id = max_deleted.unwrap_or(progress.max_deleted_id);
    }

    // ---- groups --------------------------------------------------------------------------------------------------

    pub fn group(&self, name: &[u8]) -> Option<&Group> {
        self.0.groups.get(name)
    }

    /// In the order of their names.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = (&[u8], &Group)> {
        self.0.groups.iter().map(|(name, group)| (&**name, group))
    }

    /// Adds a group; whether the name was free.
    pub fn create_group(&mut self, name: &[u8], last_id: StreamId, entries_read: Option<i64>) -> bool {
        self.add_group(name, Group::new(last_id, entries_read))
    }

    fn add_group(&mut self, name: &[u8], group: Group) -> bool {
        let Inner { groups, group_bytes, name_bytes, .. } = &mut *self.0;
        if groups.contains_key(name) {
            return false;
        }
        *group_bytes += group.sizes();
        *name_bytes += tree::gain(groups, name);
        groups.insert(name.into(), group);
        true
    }

    /// Removes a group; whether there was one.
    pub fn remove_group(&mut self, name: &[u8]) -> bool {
        let Some(removed) = self.0.groups.remove(name) else { return false };
        self.0.group_bytes -= removed.sizes();
        self.0.name_bytes -= tree::gain(&self.0.groups, name);
        true
    }

    /// Lets a group be changed; `None` where there is no such group.
    pub fn edit_group<R>(&mut self, name: &[u8], change: impl FnOnce(&mut Group) -> R) -> Option<R> {
        self.with_group(name, |group, _, _| change(group))
    }

    /// As [`Stream::edit_group`], with a look at what the group reads.
    fn with_group<R>(
        &mut self,
        name: &[u8],
        change: impl FnOnce(&mut Group, &Entries, &Progress) -> R,
    ) -> Option<R> {
        let Inner { groups, group_bytes, entries, progress, .. } = &mut *self.0;
        let group = groups.get_mut(name)?;
        *group_bytes -= group.sizes();
        let result = change(group, entries, progress);
        *group_bytes += group.sizes();
        Some(result)
    }

    /// A copy as `COPY` makes it: without what the listpacks have in reserve.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        let mut copy = self.clone();
        copy.0.entries.shrink();
        copy
    }
}

impl Structure for Stream {
    fn kind(&self) -> &'static str {
        "stream"
    }

    fn encoding(&self) -> &'static str {
        "stream"
    }

    fn elements(&self) -> usize {
        self.entries().len()
    }

    /// An empty stream stays: it remembers its last ID and its groups.
    fn is_vacant(&self) -> bool {
        false
    }

    fn memory(&self) -> usize {
        HEAD + self.0.entries.memory() + self.0.group_bytes.counted
    }

    fn allocated(&self) -> usize {
        let names = match self.0.groups.len() {
            0 => 0,
            _ => (tree::TREE + tree::EMPTY).saturating_add_signed(self.0.name_bytes),
        };
        HEAD + self.0.entries.allocated() + self.0.group_bytes.allocated + names
    }

    fn recount(&self) -> usize {
        let groups: usize = self.0.groups.values().map(Group::recount).sum();
        self.allocated() - self.0.entries.allocated() + self.0.entries.recount() + groups
            - self.0.group_bytes.allocated
    }

    fn shares(&self) -> Vec<Share> {
        look::shares(self)
    }

    fn look(&self, lens: &Lens) -> Inside {
        look::look(self, lens)
    }

    /// The newest entries.
    fn view(&self, limit: usize) -> ValueView {
        let newest = self.entries().range_down(StreamId::MIN, StreamId::MAX).take(limit);
        let group_view = |(name, group): (&[u8], &Group)| GroupView {
            name: name.to_vec(),
            last_id: group.last_id.to_string(),
            pending: group.pending().len(),
            consumers: group
                .consumers()
                .take(limit)
                .map(|consumer| (consumer.name().to_vec(), consumer.pending().len()))
                .collect(),
        };
        ValueView::Stream {
            entries: newest
                .map(|entry| EntryView { id: entry.id().to_string(), fields: entry.fields() })
                .collect(),
            groups: self.groups().take(limit).map(group_view).collect(),
        }
    }

    fn digest(&self, digest: &mut Digest) {
        parts::digest(self, digest);
    }
}
