//! The stream group: an ever-growing log of entries, and the groups that share its reading.
//!
//! A file a concern: adding, trimming, looking, reading, groups, pending entries, claiming, inspection. What several of
//! them share is here: the settings of nodes, replies with entries, errors about groups.

mod add;
mod claim;
mod group;
mod ids;
mod info;
mod pending;
mod range;
mod read;
mod read_group;
mod remove;
mod setid;
mod trim;

use super::spec::{CommandSpec, KeyFlags, KeySpec};
use super::{join, keys};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::stream::{Entry, Fields, Limits, Stream, StreamId};

const PARTS: &[&[CommandSpec]] = &[
    add::SPECS,
    trim::SPECS,
    range::SPECS,
    remove::SPECS,
    setid::SPECS,
    read::SPECS,
    read_group::SPECS,
    group::SPECS,
    pending::SPECS,
    claim::SPECS,
    info::SPECS,
];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);

/// The key right behind the command word, whose entries are read.
const READ_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::READ)];
/// The key right behind the command word, which is changed.
const UPDATE_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::UPDATE))];
/// The key right behind the command word, from which something is removed.
const REMOVE_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::DELETE))];

/// Keys behind `STREAMS`, which may also be the name of a group or a consumer.
const NOT_ANY_WORD: KeyFlags = KeyFlags::READ.union(KeyFlags::INCOMPLETE);

/// The first half of the words behind the option `STREAMS`, if there is one and they can be halved. Redis looks for them
/// only where the word stands from a position on, be it as an option or not.
fn keys_to_read(argv: &[Vec<u8>], from: i32) -> Option<Vec<(usize, KeyFlags)>> {
    keys::behind("STREAMS", from, argv)?;
    let mut at = 1;
    loop {
        let word = argv.get(at)?;
        let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
        at += match () {
            () if is(b"STREAMS") => break,
            () if is(b"BLOCK") || is(b"COUNT") => 2,
            () if is(b"GROUP") => 3,
            () if is(b"NOACK") => 1,
            () => return None,
        };
    }
    let words = argv.len() - at - 1;
    let can_be_halved = words > 0 && words.is_multiple_of(2);
    can_be_halved.then(|| (at + 1..=at + words / 2).map(|at| (at, KeyFlags::READ)).collect())
}

/// How full a node may be.
fn limits(context: &Context<'_>) -> Limits {
    let config = &context.around.config;
    Limits { bytes: config.stream_node_max_bytes, entries: config.stream_node_max_entries }
}

/// Now, as the streams count time.
fn now(context: &Context<'_>) -> i64 {
    context.now() as i64
}

/// A count of which 0, and whatever is below it, means all there is.
fn most(count: i64) -> usize {
    match usize::try_from(count) {
        Ok(0) | Err(_) => usize::MAX,
        Ok(count) => count,
    }
}

fn id_reply(id: StreamId) -> Reply {
    Reply::bulk(id.to_string())
}

fn fields_reply(fields: Fields) -> Reply {
    let flat = fields.into_iter().flat_map(|(field, value)| [Reply::Bulk(field), Reply::Bulk(value)]);
    Reply::Array(flat.collect())
}

/// An entry's ID, and its fields and values in turn.
fn message_reply(id: StreamId, fields: Fields) -> Reply {
    Reply::Array(vec![id_reply(id), fields_reply(fields)])
}

fn entry_reply(entry: &Entry<'_>) -> Reply {
    message_reply(entry.id(), entry.fields())
}

/// The error of commands that need a group, said of one that is not there, or whose stream is not.
fn need_group(stream: Option<&Stream>, key: &[u8], group: &[u8]) -> Result<(), Error> {
    if stream.is_some_and(|stream| stream.group(group).is_some()) {
        Ok(())
    } else {
        Err(Error::NoStreamGroup { key: key.to_vec(), group: group.to_vec(), reading: false })
    }
}
