//! Values as dumps have them, without the footer.

use super::writer::Writer;
use super::{PACKED_NODE, PLAIN_NODE, kind};
use crate::value::list::{List, NodeRef};
use crate::value::listpack::Entry;
use crate::value::stream::{Group, Stream, StreamId};
use crate::value::{Hash, Set, SortedSet, StringValue, Value};

pub fn value(value: &Value, compress: bool) -> Vec<u8> {
    let writer = |kind| Writer::new(kind, compress);
    match value {
        Value::String(value) => string(value, writer(kind::STRING)),
        Value::List(list) => self::list(list, writer(kind::LIST_QUICKLIST_2)),
        Value::Set(set) => self::set(set, writer),
        Value::SortedSet(set) => sorted_set(set, writer),
        Value::Hash(hash) => self::hash(hash, writer),
        Value::Stream(stream) => self::stream(stream, writer(kind::STREAM_LISTPACKS_3)),
    }
}

fn string(value: &StringValue, mut to: Writer) -> Vec<u8> {
    match value {
        StringValue::Int { value, .. } => to.integer(*value),
        other => to.string(&other.bytes()),
    }
    to.finish()
}

/// A list in one listpack goes out as a quicklist of one node.
fn list(list: &List, mut to: Writer) -> Vec<u8> {
    let nodes = list.nodes();
    to.count(nodes.len());
    for node in nodes {
        match node {
            NodeRef::Packed(pack) => {
                to.length(PACKED_NODE);
                to.string(pack.as_bytes());
            }
            NodeRef::Plain(element) => {
                to.length(PLAIN_NODE);
                to.string(element);
            }
        }
    }
    to.finish()
}

fn set(set: &Set, writer: impl Fn(u8) -> Writer) -> Vec<u8> {
    if let Some(integers) = set.integers() {
        let mut to = writer(kind::SET_INTSET);
        to.string(&integers.to_bytes());
        return to.finish();
    }
    if let Some(pack) = set.listpack() {
        let mut to = writer(kind::SET_LISTPACK);
        to.string(pack.as_bytes());
        return to.finish();
    }
    let mut to = writer(kind::SET);
    to.count(set.len());
    for member in set.iter() {
        match member {
            Entry::Text(text) => to.string(text),
            Entry::Integer(integer) => to.integer(integer),
        }
    }
    to.finish()
}

/// A big sorted set goes out from the highest score down, which makes it quick to build again.
fn sorted_set(set: &SortedSet, writer: impl Fn(u8) -> Writer) -> Vec<u8> {
    if let Some(pack) = set.listpack() {
        let mut to = writer(kind::ZSET_LISTPACK);
        to.string(pack.as_bytes());
        return to.finish();
    }
    let mut to = writer(kind::ZSET_2);
    to.count(set.len());
    for (member, score) in set.iter().rev() {
        to.string(&member);
        to.double(score);
    }
    to.finish()
}

/// With a small hash that has deadlines goes when the first of them is due, as its note for the expire cycle has it; with
/// a big one, when that truly is, and each deadline counts from there.
fn hash(hash: &Hash, writer: impl Fn(u8) -> Writer) -> Vec<u8> {
    if let Some((pack, expiring)) = hash.listpack() {
        let mut to = writer(if expiring { kind::HASH_LISTPACK_EX } else { kind::HASH_LISTPACK });
        if expiring {
            to.moment(hash.wake().unwrap_or(0) as i64);
        }
        to.string(pack.as_bytes());
        return to.finish();
    }
    let earliest = hash.earliest();
    let mut to = writer(if earliest.is_some() { kind::HASH_METADATA } else { kind::HASH });
    if let Some(earliest) = earliest {
        to.moment(earliest as i64);
    }
    to.count(hash.len());
    for (field, content) in hash.iter() {
        if let Some(earliest) = earliest {
            to.length(content.expires_at.map_or(0, |at| at - earliest + 1));
        }
        to.string(&field);
        to.string(&content.value);
    }
    to.finish()
}

fn stream(stream: &Stream, mut to: Writer) -> Vec<u8> {
    to.count(stream.entries().nodes().count());
    for (first, pack) in stream.entries().nodes() {
        to.string(&raw_id(first));
        to.string(pack);
    }
    let progress = stream.progress();
    to.length(progress.len);
    for StreamId { ms, seq } in [progress.last_id, progress.first_id, progress.max_deleted_id] {
        to.length(ms);
        to.length(seq);
    }
    to.length(progress.entries_added);
    to.count(stream.groups().len());
    for (name, group) in stream.groups() {
        to.string(name);
        self::group(group, &mut to);
    }
    to.finish()
}

fn group(group: &Group, to: &mut Writer) {
    to.length(group.last_id.ms);
    to.length(group.last_id.seq);
    to.length(group.entries_read().unwrap_or(-1) as u64);
    to.count(group.pending().len());
    for (id, pending) in group.pending().iter() {
        to.raw(&raw_id(*id));
        to.moment(pending.delivered_at);
        to.length(pending.deliveries);
    }
    to.count(group.consumer_count());
    for consumer in group.consumers() {
        to.string(consumer.name());
        to.moment(consumer.seen_at);
        to.moment(consumer.active_at.unwrap_or(-1));
        to.count(consumer.pending().len());
        for (id, ()) in consumer.pending().iter() {
            to.raw(&raw_id(*id));
        }
    }
}

/// An ID as the keys of a radix tree have it, highest byte first.
fn raw_id(id: StreamId) -> [u8; 16] {
    (u128::from(id.ms) << 64 | u128::from(id.seq)).to_be_bytes()
}
