//! Several keys at once.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Db, Ttl};
use crate::reply::Reply;
use crate::value::{StringValue, ValueType};

pub const SPECS: &[CommandSpec] = &[MGET, MSET, MSETNX];

const MGET: CommandSpec = CommandSpec {
    name: "mget",
    group: Group::String,
    arity: -2,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: &[KeySpec::range(1, -1, 1, KeyFlags::READ)],
    tips: &["request_policy:multi_shard"],
    summary: "Answers the values of several keys, nil for each that holds no string.",
    complexity: "O(N), N being the number of keys.",
    syntax: "key:key#0*",
    example: "> MSET a 1 b 2\nOK\n> MGET a nothing b\n1) \"1\"\n2) (nil)\n3) \"2\"",
    run: Some(mget),
    ..CommandSpec::BASE
};

fn mget(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let mut db = context.db()?;
    let value = |key: Vec<u8>| {
        let string = db.read_value(&key).and_then(StringValue::of);
        Reply::bulk_or_nil(string.map(StringValue::to_vec))
    };
    Ok(Reply::Array(args.rest().into_iter().map(value).collect()))
}

const MSET: CommandSpec = CommandSpec {
    name: "mset",
    group: Group::String,
    since: "1.0.1",
    arity: -3,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::range(1, -1, 2, KeyFlags::STORE)],
    tips: &["request_policy:multi_shard", "response_policy:all_succeeded"],
    summary: "Stores several values, each under its key, at once.",
    complexity: "O(N), N being the number of keys.",
    syntax: "data{key:key#0 value}*",
    example: "> MSET a 1 b 2\nOK\n> GET b\n\"2\"",
    run: Some(mset),
    ..CommandSpec::BASE
};

fn mset(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let pairs = pairs(context, args)?;
    store(&mut context.db()?, pairs);
    Ok(Reply::OK)
}

const MSETNX: CommandSpec = CommandSpec {
    name: "msetnx",
    group: Group::String,
    since: "1.0.1",
    arity: -3,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::range(1, -1, 2, KeyFlags::OW.union(KeyFlags::INSERT))],
    summary: "Stores several values if none of the keys is there yet, or else nothing.",
    complexity: "O(N), N being the number of keys.",
    syntax: "data{key:key#0 value}*",
    example: "> MSETNX a 1 b 2\n(integer) 1\n> MSETNX b 3 c 4\n(integer) 0\n> MGET a b c\n1) \"1\"\n2) \"2\"\n3) (nil)",
    run: Some(msetnx),
    ..CommandSpec::BASE
};

fn msetnx(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let pairs = pairs(context, args)?;
    let mut db = context.db()?;
    if pairs.iter().any(|(key, _)| db.is_in_the_way(key)) {
        return Ok(Reply::flag(false));
    }
    store(&mut db, pairs);
    Ok(Reply::flag(true))
}

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// All arguments as keys with their values.
fn pairs(context: &Context<'_>, args: &mut Args) -> Result<Pairs, Error> {
    if !args.remaining().is_multiple_of(2) {
        return Err(Error::WrongArity { command: context.name() });
    }
    let mut pairs = Vec::with_capacity(args.remaining() / 2);
    while !args.is_empty() {
        pairs.push((args.take()?, args.take()?));
    }
    Ok(pairs)
}

fn store(db: &mut Db<'_>, pairs: Pairs) {
    for (key, value) in pairs {
        db.set(key, StringValue::encode(value), Ttl::Clear, "set");
    }
}
