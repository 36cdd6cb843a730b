//! Looking fields up: HGET, HMGET, HEXISTS, HSTRLEN, HLEN.

use super::{LOOK_KEY, READ_KEY, nils, read, value_or_nil};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::hash::{Content, Hash};

const FAST_READ: CommandSpec = CommandSpec {
    group: Group::Hash,
    since: "2.0.0",
    arity: 3,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: READ_KEY,
    syntax: "key:key#0 field",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hexists",
        keys: LOOK_KEY,
        summary: "Tells whether a field is there.",
        example: "> HSET user:1 name Ann\n(integer) 1\n> HEXISTS user:1 name\n(integer) 1\n\
            > HEXISTS user:1 age\n(integer) 0",
        run: Some(hexists),
        ..FAST_READ
    },
    CommandSpec {
        name: "hget",
        summary: "Gives the value in a field.",
        example: "> HSET user:1 name Ann\n(integer) 1\n> HGET user:1 name\n\"Ann\"\n> HGET user:1 age\n(nil)",
        run: Some(hget),
        ..FAST_READ
    },
    CommandSpec {
        name: "hlen",
        arity: 2,
        keys: LOOK_KEY,
        summary: "Counts the fields, those not yet removed whose time has come included.",
        syntax: "key:key#0",
        example: "> HSET user:1 name Ann age 30\n(integer) 2\n> HLEN user:1\n(integer) 2",
        run: Some(hlen),
        ..FAST_READ
    },
    CommandSpec {
        name: "hmget",
        arity: -3,
        summary: "Gives the values in several fields, nil for those that are not there.",
        complexity: "O(N), N being the fields asked for",
        syntax: "key:key#0 field*",
        example: "> HSET user:1 name Ann age 30\n(integer) 2\n> HMGET user:1 age city\n1) \"30\"\n2) (nil)",
        run: Some(hmget),
        ..FAST_READ
    },
    CommandSpec {
        name: "hstrlen",
        since: "3.2.0",
        keys: LOOK_KEY,
        summary: "Counts the bytes of the value in a field.",
        example: "> HSET user:1 name Ann\n(integer) 1\n> HSTRLEN user:1 name\n(integer) 3",
        run: Some(hstrlen),
        ..FAST_READ
    },
];

/// Looks at the one field that is named.
fn one(
    context: &mut Context<'_>,
    args: &mut Args,
    answer: impl FnOnce(Option<Content<'_>>) -> Reply,
) -> Result<Reply, Error> {
    let (key, field) = (args.take()?, [args.take()?]);
    let mut db = context.db()?;
    let hash = read(&mut db, &key, &field)?;
    let [field] = field;
    Ok(answer(hash.and_then(|hash| hash.get(&field))))
}

fn hget(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    one(context, args, value_or_nil)
}

fn hexists(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    one(context, args, |content| Reply::flag(content.is_some()))
}

fn hstrlen(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    one(context, args, |content| Reply::count(content.map_or(0, |content| content.value.len())))
}

fn hmget(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, fields) = (args.take()?, args.rest());
    let mut db = context.db()?;
    let Some(hash) = read(&mut db, &key, &fields)? else { return Ok(nils(&fields)) };
    Ok(Reply::Array(fields.iter().map(|field| value_or_nil(hash.get(field))).collect()))
}

fn hlen(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    Ok(Reply::count(db.read::<Hash>(&key)?.map_or(0, Hash::len)))
}
