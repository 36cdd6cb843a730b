//! What a picture shows of a stream: entries from one down, the groups that read it, and where the bytes go.

use super::group::PENDING;
use super::{Entry, Group, HEAD, Stream, StreamId};
use crate::picture::{
    ConsumerPicture, EntryPicture, GroupPicture, Inside, Lens, Part, PendingPicture, Share, StreamPicture,
};
use crate::value::alloc::OBJECT;
use crate::value::share;

/// Groups, consumers of each, and pending entries of each that are shown.
const GROUPS: usize = 20;
const CONSUMERS: usize = 50;
const PENDING_SHOWN: usize = 50;
/// Fields of an entry.
const FIELDS: usize = 20;

pub fn shares(stream: &Stream) -> Vec<Share> {
    let (entries, groups) = (&stream.0.entries, stream.0.group_bytes.counted);
    let of_group = |group: &Group| group.pending().tree_memory() + group.pending().len() * PENDING;
    let pending: usize = stream.0.groups.values().map(of_group).sum();
    share::parts([
        (Part::Object, OBJECT),
        (Part::Headers, HEAD - OBJECT),
        (Part::Tree, entries.memory() - entries.pack_bytes()),
        (Part::Listpacks, entries.pack_bytes()),
        (Part::Groups, groups - pending),
        (Part::Pending, pending),
    ])
}

pub fn look(stream: &Stream, lens: &Lens) -> Inside {
    let until = lens.until.map_or(StreamId::MAX, |(ms, seq)| StreamId::new(ms, seq));
    let entries = stream.entries();
    let cut = |(field, value): (Vec<u8>, Vec<u8>)| (field.as_slice().into(), value.as_slice().into());
    let entry = |entry: Entry<'_>| EntryPicture {
        id: pair(entry.id()),
        fields: entry.fields().into_iter().take(FIELDS).map(cut).collect(),
        field_count: entry.fields().len(),
    };
    let ends = entries.first().zip(entries.last());
    Inside::Stream(Box::new(StreamPicture {
        entries: entries.range_down(StreamId::MIN, until).take(lens.len).map(entry).collect(),
        ends: ends.map(|(first, last)| (pair(first.id()), pair(last.id()))),
        last_id: pair(stream.last_id()),
        added: stream.progress().entries_added,
        groups: stream
            .groups()
            .take(GROUPS)
            .map(|(name, group)| group_picture(stream, name, group))
            .collect(),
        group_count: stream.groups().len(),
    }))
}

fn group_picture(stream: &Stream, name: &[u8], group: &Group) -> GroupPicture {
    let consumers = group.consumers().take(CONSUMERS).map(|consumer| ConsumerPicture {
        name: consumer.name().into(),
        pending: consumer.pending().len(),
        seen_at: consumer.seen_at,
        active_at: consumer.active_at,
    });
    let pending = group.pending().iter().take(PENDING_SHOWN).map(|(id, pending)| PendingPicture {
        id: pair(*id),
        consumer: group.consumer(pending.consumer).map(|consumer| consumer.name().into()).unwrap_or_default(),
        delivered_at: pending.delivered_at,
        deliveries: pending.deliveries,
    });
    GroupPicture {
        name: name.into(),
        last_id: pair(group.last_id),
        lag: group.lag(stream.progress()),
        consumers: consumers.collect(),
        consumer_count: group.consumer_count(),
        pending: pending.collect(),
        pending_count: group.pending().len(),
    }
}

fn pair(id: StreamId) -> (u64, u64) {
    (id.ms, id.seq)
}
