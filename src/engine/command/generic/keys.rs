//! Keys as such: whether they exist, what they are, and their removal.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::reply::Reply;

const MANY_READ: &[KeySpec] = &[KeySpec::range(1, -1, 1, KeyFlags::RO)];
const MANY_REMOVED: &[KeySpec] = &[KeySpec::range(1, -1, 1, KeyFlags::RM.union(KeyFlags::DELETE))];
const SUMMED: &[&str] = &["request_policy:multi_shard", "response_policy:agg_sum"];

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "del",
        group: Group::Generic,
        arity: -2,
        flags: Flags::WRITE,
        keys: MANY_REMOVED,
        acl: &["keyspace"],
        tips: SUMMED,
        summary: "Removes keys, whatever they hold, and counts those that were there.",
        complexity: "O(N) for N keys, and O(M) more for a collection of M elements",
        syntax: "key:key#0*",
        example: "> SET a 1\nOK\n> DEL a b\n(integer) 1",
        run: Some(del),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "exists",
        group: Group::Generic,
        arity: -2,
        flags: Flags::READONLY.union(Flags::FAST),
        keys: MANY_READ,
        acl: &["keyspace"],
        tips: SUMMED,
        summary: "Counts how many of the given keys exist; a key named twice counts twice.",
        complexity: "O(N) for N keys",
        syntax: "key:key#0*",
        example: "> SET a 1\nOK\n> EXISTS a a b\n(integer) 2",
        run: Some(exists),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "randomkey",
        group: Group::Generic,
        arity: 1,
        flags: Flags::READONLY,
        acl: &["keyspace"],
        tips: &["request_policy:all_shards", "response_policy:special", "nondeterministic_output"],
        summary: "Draws a key at random.",
        example: "> SET only 1\nOK\n> RANDOMKEY\n\"only\"",
        run: Some(randomkey),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "touch",
        group: Group::Generic,
        since: "3.2.1",
        arity: -2,
        flags: Flags::READONLY.union(Flags::FAST),
        keys: MANY_READ,
        acl: &["keyspace"],
        tips: SUMMED,
        summary: "Counts as a use of each key, so that eviction spares it, and returns how many exist.",
        complexity: "O(N) for N keys",
        syntax: "key:key#0*",
        example: "> SET a 1\nOK\n> TOUCH a b\n(integer) 1",
        run: Some(touch),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "type",
        group: Group::Generic,
        arity: 2,
        flags: Flags::READONLY.union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RO)],
        acl: &["keyspace"],
        summary: "Names the type of the value at a key, or none.",
        syntax: "key:key#0",
        example: "> SET a 1\nOK\n> TYPE a\nstring\n> TYPE b\nnone",
        run: Some(type_of),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "unlink",
        group: Group::Generic,
        since: "4.0.0",
        arity: -2,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: MANY_REMOVED,
        acl: &["keyspace"],
        tips: SUMMED,
        summary: "Removes keys as DEL does, leaving the work of freeing their memory for later.",
        complexity: "O(1) for each key; the memory is freed in the background",
        syntax: "key:key#0*",
        example: "> SET a 1\nOK\n> UNLINK a b\n(integer) 1",
        run: Some(del),
        ..CommandSpec::BASE
    },
];

/// Counts the keys for which something holds.
fn count(args: &mut Args, mut holds: impl FnMut(&[u8]) -> bool) -> CommandResult {
    Ok(Reply::count(args.rest().iter().filter(|key| holds(key)).count()))
}

fn del(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let mut db = context.db()?;
    count(args, |key| db.remove(key, "del").is_some())
}

fn exists(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let mut db = context.db()?;
    count(args, |key| db.inspect(key).is_some())
}

fn touch(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let mut db = context.db()?;
    count(args, |key| db.read_value(key).is_some())
}

fn randomkey(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::bulk_or_nil(context.db()?.random_key()))
}

fn type_of(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    Ok(Reply::status(context.db()?.inspect(&key).map_or("none", |entry| entry.value.kind())))
}
