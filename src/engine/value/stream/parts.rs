//! A stream taken apart and put together again: what a dump writes and reads, and what a digest takes in.
//!
//! What comes from outside is checked through and through; what is put together from it holds everything that the
//! commands rely on.

use super::entries::Entries;
use super::group::{Group, Pending};
use super::id::StreamId;
use super::progress::Progress;
use super::{Inner, Stream};
use crate::digest::Digest;
use crate::value::Structure;

/// A stream from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamParts {
    /// Nodes in order: the ID and the bytes of the listpack.
    pub nodes: Vec<(StreamId, Vec<u8>)>,
    pub len: u64,
    pub last_id: StreamId,
    pub max_deleted_id: StreamId,
    pub entries_added: u64,
    pub groups: Vec<GroupParts>,
}

/// A group from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupParts {
    pub name: Vec<u8>,
    pub last_id: StreamId,
    pub entries_read: Option<i64>,
    /// ID, time of the last delivery, number of deliveries.
    pub pending: Vec<(StreamId, i64, u64)>,
    pub consumers: Vec<ConsumerParts>,
}

/// A consumer from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsumerParts {
    pub name: Vec<u8>,
    pub seen_at: i64,
    pub active_at: Option<i64>,
    /// Which of the group's pending entries are its own.
    pub pending: Vec<StreamId>,
}

impl Stream {
    /// Puts a stream together; `None` where the parts do not fit.
    pub fn from_parts(parts: StreamParts) -> Option<Self> {
        let entries = Entries::from_nodes(parts.nodes)?;
        let last = entries.last().map_or(StreamId::MIN, |entry| entry.id());
        if entries.len() as u64 != parts.len || last > parts.last_id {
            return None;
        }
        let progress = Progress {
            len: parts.len,
            entries_added: parts.entries_added,
            first_id: entries.first().map_or(StreamId::MIN, |entry| entry.id()),
            last_id: parts.last_id,
            max_deleted_id: parts.max_deleted_id,
        };
        let mut stream = Self(Box::new(Inner { entries, progress, ..Inner::default() }));
        for parts in parts.groups {
            let group = Group::from_parts(&parts)?;
            if !stream.add_group(&parts.name, group) {
                return None;
            }
        }
        Some(stream)
    }
}

impl Group {
    /// Each pending entry belongs to one consumer, and no consumer to another group's.
    fn from_parts(parts: &GroupParts) -> Option<Self> {
        let mut group = Self::new(parts.last_id, parts.entries_read);
        let mut known: std::collections::BTreeMap<_, _> =
            parts.pending.iter().map(|(id, at, deliveries)| (*id, (*at, *deliveries))).collect();
        if known.len() != parts.pending.len() {
            return None;
        }
        for consumer in &parts.consumers {
            let (key, created) = group.create_consumer(&consumer.name, consumer.seen_at);
            if !created {
                return None;
            }
            if let Some(at) = consumer.active_at {
                group.activate(key, at);
            }
            for id in &consumer.pending {
                let (delivered_at, deliveries) = known.remove(id)?;
                group.set_pending(*id, Pending { delivered_at, deliveries, consumer: key });
            }
        }
        known.is_empty().then_some(group)
    }
}

/// Everything that decides what happens next.
pub(super) fn digest(stream: &Stream, digest: &mut Digest) {
    let Progress { len, entries_added, first_id, last_id, max_deleted_id } = *stream.progress();
    let id = |digest: &mut Digest, id: StreamId| {
        digest.number(id.ms);
        digest.number(id.seq);
    };
    // What the listpacks have in reserve shows in no other figure.
    digest.number(stream.memory() as u64);
    digest.number(len);
    digest.number(entries_added);
    for one in [first_id, last_id, max_deleted_id] {
        id(digest, one);
    }
    for (master, bytes) in stream.entries().nodes() {
        id(digest, master);
        digest.bytes(bytes);
    }
    for (name, group) in stream.groups() {
        digest.bytes(name);
        id(digest, group.last_id);
        digest.number(group.entries_read().unwrap_or(-1) as u64);
        for consumer in group.consumers() {
            digest.bytes(consumer.name());
            digest.number(consumer.seen_at as u64);
            digest.number(consumer.active_at.unwrap_or(-1) as u64);
            for (entry, ()) in consumer.pending().iter() {
                id(digest, *entry);
                let pending = group.pending().get(*entry);
                digest.number(pending.map_or(0, |pending| pending.delivered_at as u64));
                digest.number(pending.map_or(0, |pending| pending.deliveries));
            }
        }
    }
}
