//! A consumer group: where it reads, who reads for it, and what was delivered but not acknowledged.
//!
//! A pending entry belongs to one consumer. The group keeps what is known of it, the consumer only its ID, so that
//! either can be listed in order. All time is told by the caller, in milliseconds since the Unix epoch.

use std::collections::BTreeMap;

use super::id::StreamId;
use super::id_map::IdMap;
use super::progress::Progress;
use super::{Sizes, tree};
use crate::value::alloc::{sds_size, size_class};

/// What Redis allocates for a group, a consumer and a pending entry, their trees not included.
const GROUP: usize = 40;
const CONSUMER: usize = 32;
pub(super) const PENDING: usize = 24;

/// A consumer of a group for as long as it is there; never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConsumerKey(u64);

/// An entry that was delivered and not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pending {
    /// When it was delivered last.
    pub delivered_at: i64,
    /// How often it was delivered.
    pub deliveries: u64,
    pub consumer: ConsumerKey,
}

/// One of those who share the work.
#[derive(Clone, Debug)]
pub struct Consumer {
    name: Box<[u8]>,
    /// When it last asked for something.
    pub seen_at: i64,
    /// When it last got something; `None` before that.
    pub active_at: Option<i64>,
    pending: IdMap<()>,
}

impl Consumer {
    pub fn name(&self) -> &[u8] {
        &self.name
    }

    /// The entries that wait for its acknowledgement.
    pub fn pending(&self) -> &IdMap<()> {
        &self.pending
    }

    fn sizes(&self) -> Sizes {
        Sizes {
            counted: CONSUMER + self.name.len() + self.pending.tree_memory(),
            allocated: CONSUMER + sds_size(self.name.len()) + self.pending.tree_allocated(),
        }
    }
}

/// A consumer group.
#[derive(Clone, Debug)]
pub struct Group {
    /// Entries up to here were delivered to somebody.
    pub last_id: StreamId,
    /// How many entries of the stream that is; negative where it cannot be told.
    entries_read: i64,
    pending: IdMap<Pending>,
    names: BTreeMap<Box<[u8]>, ConsumerKey>,
    consumers: BTreeMap<ConsumerKey, Consumer>,
    next_key: u64,
    /// Bytes of all consumers.
    consumer_bytes: Sizes,
    /// What is allocated for the tree of their names.
    name_bytes: isize,
}

impl Group {
    pub fn new(last_id: StreamId, entries_read: Option<i64>) -> Self {
        Self {
            last_id,
            entries_read: entries_read.unwrap_or(-1),
            pending: IdMap::default(),
            names: BTreeMap::new(),
            consumers: BTreeMap::new(),
            next_key: 0,
            consumer_bytes: Sizes::default(),
            name_bytes: 0,
        }
    }

    /// How many entries of the stream were delivered; `None` where it cannot be told.
    pub fn entries_read(&self) -> Option<i64> {
        (self.entries_read != -1).then_some(self.entries_read)
    }

    /// Moves the place where the group reads.
    pub fn set_position(&mut self, last_id: StreamId, entries_read: Option<i64>) {
        self.last_id = last_id;
        self.entries_read = entries_read.unwrap_or(-1);
    }

    /// Notes that an entry was delivered, if it is a new one.
    pub fn advance(&mut self, id: StreamId, stream: &Progress) {
        if id <= self.last_id {
            return;
        }
        let last = self.last_id;
        if self.entries_read != -1 && last >= stream.first_id && !stream.has_gap_after(last) {
            self.entries_read = self.entries_read.wrapping_add(1);
        } else if stream.entries_added > 0 {
            self.entries_read = stream.added_up_to(id).map_or(-1, |read| read as i64);
        }
        self.last_id = id;
    }

    /// How many entries are still to be delivered; `None` where it cannot be told.
    pub fn lag(&self, stream: &Progress) -> Option<i64> {
        if stream.entries_added == 0 || stream.len == 0 {
            return Some(0);
        }
        if self.last_id < stream.first_id && stream.max_deleted_id < stream.first_id {
            return Some(stream.len as i64);
        }
        let read = match self.entries_read() {
            Some(read) if !stream.has_gap_after(self.last_id) => Some(read),
            _ => stream.added_up_to(self.last_id).map(|read| read as i64),
        };
        read.map(|read| (stream.entries_added as i64).wrapping_sub(read))
    }

    /// What it takes.
    pub(super) fn sizes(&self) -> Sizes {
        let (tree, pending, consumers) = (&self.pending, self.pending.len(), self.consumer_bytes);
        let names = (tree::TREE + tree::EMPTY).saturating_add_signed(self.name_bytes);
        Sizes {
            counted: GROUP + tree.tree_memory() + pending * PENDING + consumers.counted,
            allocated: size_class(GROUP)
                + tree.tree_allocated()
                + pending * size_class(PENDING)
                + consumers.allocated
                + names,
        }
    }

    /// What is allocated, reckoned anew.
    pub(super) fn recount(&self) -> usize {
        let trees = |consumer: &Consumer| {
            consumer.sizes().allocated - consumer.pending.tree_allocated() + consumer.pending.recount()
        };
        let consumers: usize = self.consumers.values().map(trees).sum();
        self.sizes().allocated - self.pending.tree_allocated() - self.consumer_bytes.allocated
            + self.pending.recount()
            + consumers
    }

    // ---- consumers -----------------------------------------------------------------------------------------------

    /// How many there are.
    pub fn consumer_count(&self) -> usize {
        self.consumers.len()
    }

    /// In the order of their names.
    pub fn consumers(&self) -> impl Iterator<Item = &Consumer> {
        self.names.values().filter_map(|key| self.consumers.get(key))
    }

    pub fn key_of(&self, name: &[u8]) -> Option<ConsumerKey> {
        self.names.get(name).copied()
    }

    pub fn consumer(&self, key: ConsumerKey) -> Option<&Consumer> {
        self.consumers.get(&key)
    }

    /// A consumer of this name, created if there is none; whether it was created.
    pub fn create_consumer(&mut self, name: &[u8], now: i64) -> (ConsumerKey, bool) {
        if let Some(key) = self.key_of(name) {
            return (key, false);
        }
        let key = ConsumerKey(self.next_key);
        self.next_key += 1;
        let consumer =
            Consumer { name: name.into(), seen_at: now, active_at: None, pending: IdMap::default() };
        self.consumer_bytes += consumer.sizes();
        self.name_bytes += tree::gain(&self.names, name);
        self.consumers.insert(key, consumer);
        self.names.insert(name.into(), key);
        (key, true)
    }

    /// Removes a consumer and all that was pending for it; tells how many entries those were.
    pub fn remove_consumer(&mut self, name: &[u8]) -> Option<usize> {
        let consumer = self.consumers.remove(&self.names.remove(name)?)?;
        self.consumer_bytes -= consumer.sizes();
        self.name_bytes -= tree::gain(&self.names, name);
        for (id, ()) in consumer.pending.iter() {
            self.pending.remove(*id);
        }
        Some(consumer.pending.len())
    }

    /// Notes that a consumer asked for something.
    pub fn see(&mut self, consumer: ConsumerKey, now: i64) {
        if let Some(consumer) = self.consumers.get_mut(&consumer) {
            consumer.seen_at = now;
        }
    }

    /// Notes that a consumer got something.
    pub fn activate(&mut self, consumer: ConsumerKey, now: i64) {
        if let Some(consumer) = self.consumers.get_mut(&consumer) {
            consumer.active_at = Some(now);
        }
    }

    // ---- pending entries -----------------------------------------------------------------------------------------

    /// All entries that wait for an acknowledgement.
    pub fn pending(&self) -> &IdMap<Pending> {
        &self.pending
    }

    /// Makes an entry pending, or changes what is known of it, its consumer included.
    pub fn set_pending(&mut self, id: StreamId, pending: Pending) {
        if let Some(before) = self.pending.insert(id, pending)
            && before.consumer != pending.consumer
        {
            self.edit_list(before.consumer, |list| list.remove(id));
        }
        self.edit_list(pending.consumer, |list| list.insert(id, ()));
    }

    /// Takes an entry off all lists; whether it was pending.
    pub fn acknowledge(&mut self, id: StreamId) -> bool {
        let Some(pending) = self.pending.remove(id) else { return false };
        self.edit_list(pending.consumer, |list| list.remove(id));
        true
    }

    /// Counts one more delivery of a pending entry to the same consumer.
    pub fn redeliver(&mut self, id: StreamId, now: i64) {
        if let Some(pending) = self.pending.get_mut(id) {
            pending.delivered_at = now;
            pending.deliveries = pending.deliveries.wrapping_add(1);
        }
    }

    fn edit_list<R>(&mut self, key: ConsumerKey, edit: impl FnOnce(&mut IdMap<()>) -> R) {
        if let Some(consumer) = self.consumers.get_mut(&key) {
            self.consumer_bytes -= consumer.sizes();
            edit(&mut consumer.pending);
            self.consumer_bytes += consumer.sizes();
        }
    }
}
