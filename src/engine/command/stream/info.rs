//! What is known of a stream, its groups and their consumers: XINFO.

use super::{entry_reply, id_reply, most, now};
use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::reply::Reply;
use crate::value::stream::{self, Consumer, Stream, StreamId};

/// What the subcommands share.
const SUB: CommandSpec = CommandSpec {
    group: Group::Stream,
    since: "5.0.0",
    flags: Flags::READONLY,
    keys: &[KeySpec::one(2, KeyFlags::READ)],
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xinfo",
    group: Group::Stream,
    since: "5.0.0",
    arity: -2,
    summary: "Tells what is known of a stream, its groups and their consumers.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "xinfo|consumers",
            arity: 4,
            tips: &["nondeterministic_output"],
            summary: "Lists a group's consumers, with what is pending for each and how long each has been idle.",
            complexity: "O(C), C being the consumers",
            syntax: "key:key#0 group",
            example: "> XGROUP CREATE jobs workers $ MKSTREAM\nOK\n> XINFO CONSUMERS jobs workers\n(empty array)",
            run: Some(consumers),
            ..SUB
        },
        CommandSpec {
            name: "xinfo|groups",
            arity: 3,
            summary: "Lists a stream's groups, with what is pending in each and how far behind each is.",
            complexity: "O(G), G being the groups",
            syntax: "key:key#0",
            example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers 0\nOK\n> XINFO GROUPS jobs\n\
                1)  1) \"name\"\n    2) \"workers\"\n    3) \"consumers\"\n    4) (integer) 0\n    5) \"pending\"\n    6) (integer) 0\n    \
                7) \"last-delivered-id\"\n    8) \"0-0\"\n    9) \"entries-read\"\n   10) (nil)\n   11) \"lag\"\n   12) (integer) 1",
            run: Some(groups),
            ..SUB
        },
        CommandSpec {
            name: "xinfo|help",
            arity: 2,
            flags: Flags::LOADING.union(Flags::STALE),
            keys: &[],
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..SUB
        },
        CommandSpec {
            name: "xinfo|stream",
            arity: -3,
            summary: "Tells how long a stream is, how it is kept and where it begins and ends; in full with FULL.",
            complexity: "O(1); with FULL O(N), N being what is listed",
            syntax: "key:key#0 [full-block{full=FULL [count:integer=COUNT]}]",
            example: "> XGROUP CREATE jobs workers $ MKSTREAM\nOK\n> XINFO STREAM jobs\n 1) \"length\"\n 2) (integer) 0\n \
                3) \"radix-tree-keys\"\n 4) (integer) 0\n 5) \"radix-tree-nodes\"\n 6) (integer) 1\n 7) \"last-generated-id\"\n \
                8) \"0-0\"\n 9) \"max-deleted-entry-id\"\n10) \"0-0\"\n11) \"entries-added\"\n12) (integer) 0\n\
                13) \"recorded-first-entry-id\"\n14) \"0-0\"\n15) \"groups\"\n16) (integer) 1\n17) \"first-entry\"\n18) (nil)\n\
                19) \"last-entry\"\n20) (nil)",
            run: Some(stream_info),
            ..SUB
        },
    ],
    ..CommandSpec::BASE
}];

fn named(pairs: Vec<(&'static str, Reply)>) -> Reply {
    Reply::Map(pairs.into_iter().map(|(name, reply)| (Reply::bulk(name), reply)).collect())
}

fn int_or_nil(number: Option<i64>) -> Reply {
    number.map_or(Reply::Nil, Reply::Integer)
}

fn consumers(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, name) = (args.take()?, args.take()?);
    let now = now(context);
    let mut db = context.db()?;
    let stream = db.read::<Stream>(&key)?.ok_or(Error::NoSuchKey)?;
    let group = stream.group(&name).ok_or(Error::NoGroupForKey { key, group: name })?;
    let row = |consumer: &Consumer| {
        named(vec![
            ("name", Reply::bulk(consumer.name())),
            ("pending", Reply::count(consumer.pending().len())),
            ("idle", Reply::Integer(now.wrapping_sub(consumer.seen_at).max(0))),
            ("inactive", Reply::Integer(consumer.active_at.map_or(-1, |at| now.wrapping_sub(at)))),
        ])
    };
    Ok(Reply::Array(group.consumers().map(row).collect()))
}

fn groups(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    let stream = db.read::<Stream>(&key)?.ok_or(Error::NoSuchKey)?;
    let row = |(name, group): (&[u8], &stream::Group)| {
        named(vec![
            ("name", Reply::bulk(name)),
            ("consumers", Reply::count(group.consumer_count())),
            ("pending", Reply::count(group.pending().len())),
            ("last-delivered-id", id_reply(group.last_id)),
            ("entries-read", int_or_nil(group.entries_read())),
            ("lag", int_or_nil(group.lag(stream.progress()))),
        ])
    };
    Ok(Reply::Array(stream.groups().map(row).collect()))
}

fn stream_info(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    let stream = db.read::<Stream>(&key)?.ok_or(Error::NoSuchKey)?;
    let full = full_count(args)?;
    let (entries, progress) = (stream.entries(), stream.progress());
    let mut pairs = vec![
        ("length", Reply::count(entries.len())),
        ("radix-tree-keys", Reply::count(entries.tree_keys())),
        ("radix-tree-nodes", Reply::count(entries.tree_nodes())),
        ("last-generated-id", id_reply(progress.last_id)),
        ("max-deleted-entry-id", id_reply(progress.max_deleted_id)),
        ("entries-added", Reply::Integer(progress.entries_added as i64)),
        ("recorded-first-entry-id", id_reply(progress.first_id)),
    ];
    if let Some(count) = full {
        let listed = entries.range(StreamId::MIN, StreamId::MAX).take(count);
        pairs.push(("entries", Reply::Array(listed.map(|entry| entry_reply(&entry)).collect())));
        let groups = stream.groups().map(|(name, group)| full_group(stream, name, group, count));
        pairs.push(("groups", Reply::Array(groups.collect())));
    } else {
        let shown = |entry: Option<stream::Entry<'_>>| entry.map_or(Reply::Nil, |entry| entry_reply(&entry));
        pairs.push(("groups", Reply::count(stream.groups().len())));
        pairs.push(("first-entry", shown(entries.first())));
        pairs.push(("last-entry", shown(entries.last())));
    }
    Ok(named(pairs))
}

/// With FULL, how many entries of each kind are listed: 10 unless COUNT says otherwise.
fn full_count(args: &mut Args) -> Result<Option<usize>, Error> {
    const DEFAULT: usize = 10;
    if args.is_empty() {
        return Ok(None);
    }
    let words = args.remaining();
    let is_full = (words == 1 || words == 3) && args.word("FULL");
    if is_full && words == 1 {
        return Ok(Some(DEFAULT));
    }
    if !is_full || !args.word("COUNT") {
        return Err(Error::SubcommandSyntax { container: "xinfo", name: args.subcommand().to_vec() });
    }
    let count = number::parse_i64(&args.take()?).ok_or(Error::NotAnInteger)?;
    Ok(Some(if count < 0 { DEFAULT } else { most(count) }))
}

fn full_group(stream: &Stream, name: &[u8], group: &stream::Group, count: usize) -> Reply {
    let pending = group.pending().iter().take(count).map(|(id, pending)| {
        let owner = group.consumer(pending.consumer).map(|consumer| consumer.name().to_vec());
        Reply::Array(vec![
            id_reply(*id),
            Reply::Bulk(owner.unwrap_or_default()),
            Reply::Integer(pending.delivered_at),
            Reply::Integer(pending.deliveries as i64),
        ])
    });
    named(vec![
        ("name", Reply::bulk(name)),
        ("last-delivered-id", id_reply(group.last_id)),
        ("entries-read", int_or_nil(group.entries_read())),
        ("lag", int_or_nil(group.lag(stream.progress()))),
        ("pel-count", Reply::count(group.pending().len())),
        ("pending", Reply::Array(pending.collect())),
        ("consumers", Reply::Array(group.consumers().map(|one| full_consumer(group, one, count)).collect())),
    ])
}

fn full_consumer(group: &stream::Group, consumer: &Consumer, count: usize) -> Reply {
    let pending = consumer.pending().iter().take(count).filter_map(|(id, ())| {
        let pending = group.pending().get(*id)?;
        let (at, deliveries) = (pending.delivered_at, pending.deliveries as i64);
        Some(Reply::Array(vec![id_reply(*id), Reply::Integer(at), Reply::Integer(deliveries)]))
    });
    named(vec![
        ("name", Reply::bulk(consumer.name())),
        ("seen-time", Reply::Integer(consumer.seen_at)),
        ("active-time", Reply::Integer(consumer.active_at.unwrap_or(-1))),
        ("pel-count", Reply::count(consumer.pending().len())),
        ("pending", Reply::Array(pending.collect())),
    ])
}
