//! Streams out of dumps, in the three forms there were: the later ones tell more of what once was in the stream, and when
//! consumers last succeeded.

use super::super::reader::Reader;
use crate::value::stream::{ConsumerParts, GroupParts, Stream, StreamId, StreamParts};

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    First,
    /// With the figures that a group's lag follows from.
    Second,
    /// With the time a consumer last got something.
    Third,
}

pub fn stream(from: &mut Reader<'_>, form: Form) -> Option<Stream> {
    // A node has a key of 16 bytes and a listpack.
    let count = from.count(18)?;
    let nodes = (0..count).map(|_| node(from)).collect::<Option<Vec<_>>>()?;
    let mut parts = StreamParts { nodes, len: from.length()?, last_id: id(from)?, ..StreamParts::default() };
    if form == Form::First {
        parts.entries_added = parts.len;
    } else {
        // The first entry's ID follows from the entries.
        id(from)?;
        parts.max_deleted_id = id(from)?;
        parts.entries_added = from.length()?;
    }
    let count = from.count(6)?;
    let groups = (0..count).map(|_| group(from, form)).collect::<Option<Vec<_>>>()?;
    if form == Form::First {
        let bare = Stream::from_parts(parts.clone())?;
        let read = |group: &GroupParts| bare.progress().added_up_to(group.last_id).map(|read| read as i64);
        parts.groups =
            groups.into_iter().map(|group| GroupParts { entries_read: read(&group), ..group }).collect();
    } else {
        parts.groups = groups;
    }
    Stream::from_parts(parts)
}

/// The ID of a node, highest byte first, and its listpack.
fn node(from: &mut Reader<'_>) -> Option<(StreamId, Vec<u8>)> {
    let key = from.string()?;
    Some((raw_id(key.try_into().ok()?), from.string()?))
}

fn group(from: &mut Reader<'_>, form: Form) -> Option<GroupParts> {
    let (name, last_id) = (from.string()?, id(from)?);
    let read = if form == Form::First { 0 } else { from.length()? as i64 };
    let count = from.count(25)?;
    let pending = (0..count).map(|_| Some((raw_id(from.chunk()?), from.moment()?, from.length()?)));
    let pending = pending.collect::<Option<Vec<_>>>()?;
    let count = from.count(10)?;
    let consumers = (0..count).map(|_| consumer(from, form)).collect::<Option<Vec<_>>>()?;
    // How many were read is -1 where nobody knows.
    Some(GroupParts {
        name,
        last_id,
        entries_read: Some(read).filter(|read| *read != -1),
        pending,
        consumers,
    })
}

fn consumer(from: &mut Reader<'_>, form: Form) -> Option<ConsumerParts> {
    let (name, seen_at) = (from.string()?, from.moment()?);
    let active_at = if form == Form::Third { from.moment()? } else { seen_at };
    let count = from.count(16)?;
    let pending = (0..count).map(|_| from.chunk().map(raw_id)).collect::<Option<Vec<_>>>()?;
    // Somebody who never got anything has -1.
    Some(ConsumerParts { name, seen_at, active_at: Some(active_at).filter(|at| *at != -1), pending })
}

fn id(from: &mut Reader<'_>) -> Option<StreamId> {
    Some(StreamId { ms: from.length()?, seq: from.length()? })
}

fn raw_id(bytes: [u8; 16]) -> StreamId {
    let both = u128::from_be_bytes(bytes);
    StreamId { ms: (both >> 64) as u64, seq: both as u64 }
}
