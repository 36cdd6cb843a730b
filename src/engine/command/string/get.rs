//! Reading one whole value, and reading it while doing something else to its key.

use super::lifetime::{Lifetime, Word};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Db, Ttl};
use crate::reply::Reply;
use crate::value::StringValue;

pub const SPECS: &[CommandSpec] = &[GET, GETDEL, GETEX, GETSET];

const GET: CommandSpec = CommandSpec {
    name: "get",
    group: Group::String,
    arity: 2,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::READ)],
    summary: "Answers the value of a key.",
    syntax: "key:key#0",
    example: "> SET greeting hello\nOK\n> GET greeting\n\"hello\"\n> GET nothing\n(nil)",
    run: Some(get),
    ..CommandSpec::BASE
};

fn get(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    value_of(&mut context.db()?, &key)
}

/// The value at a key as a reply.
pub(super) fn value_of(db: &mut Db<'_>, key: &[u8]) -> CommandResult {
    Ok(Reply::bulk_or_nil(db.read::<StringValue>(key)?.map(StringValue::to_vec)))
}

const GETDEL: CommandSpec = CommandSpec {
    name: "getdel",
    group: Group::String,
    since: "6.2.0",
    arity: 2,
    flags: Flags::WRITE.union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::TAKE)],
    summary: "Answers the value of a key and deletes the key.",
    syntax: "key:key#0",
    example: "> SET token abc\nOK\n> GETDEL token\n\"abc\"\n> GETDEL token\n(nil)",
    run: Some(getdel),
    ..CommandSpec::BASE
};

fn getdel(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    let value = value_of(&mut db, &key)?;
    db.remove(&key, "del");
    Ok(value)
}

const GETEX: CommandSpec = CommandSpec {
    name: "getex",
    group: Group::String,
    since: "6.2.0",
    arity: -2,
    flags: Flags::WRITE.union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
    summary: "Answers the value of a key and sets or takes away its deadline.",
    syntax: "key:key#0 [expiration(seconds:integer=EX | milliseconds:integer=PX | \
        unix-time-seconds:unix-time=EXAT | unix-time-milliseconds:unix-time=PXAT | persist=PERSIST)]",
    example: "> SET session abc\nOK\n> GETEX session EX 60\n\"abc\"\n> TTL session\n(integer) 60\n\
        > GETEX session PERSIST\n\"abc\"\n> TTL session\n(integer) -1",
    run: Some(getex),
    ..CommandSpec::BASE
};

fn getex(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut lifetime: Option<Lifetime> = None;
    while !args.is_empty() {
        lifetime = Some(Lifetime::take(args, lifetime.as_ref(), ("PERSIST", Word::Persist))?);
    }
    let value = value_of(&mut context.db()?, &key)?;
    // Of a wrong amount Redis complains only where there is a value.
    if let (Some(lifetime), Reply::Bulk(_)) = (lifetime, &value) {
        prolong(context, &key, &lifetime)?;
    }
    Ok(value)
}

fn prolong(context: &mut Context<'_>, key: &[u8], lifetime: &Lifetime) -> Result<(), Error> {
    let deadline = lifetime.deadline(context)?;
    let now = context.now();
    let mut db = context.db()?;
    match deadline {
        Some(at) if at <= now => {
            db.remove(key, "del");
        }
        Some(at) => {
            db.set_deadline(key, Some(at), "expire");
        }
        None => {
            if db.deadline(key).is_some() {
                db.set_deadline(key, None, "persist");
            }
        }
    }
    Ok(())
}

const GETSET: CommandSpec = CommandSpec {
    name: "getset",
    group: Group::String,
    arity: 3,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
    deprecated: Some(Deprecated { since: "6.2.0", replaced_by: "`SET` with `GET`" }),
    summary: "Stores a value and answers the one before; SET with GET says the same.",
    syntax: "key:key#0 value",
    example: "> SET light red\nOK\n> GETSET light green\n\"red\"\n> GET light\n\"green\"",
    run: Some(getset),
    ..CommandSpec::BASE
};

fn getset(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, value) = (args.take()?, args.take()?);
    let mut db = context.db()?;
    let old = value_of(&mut db, &key)?;
    db.set(key, StringValue::encode(value), Ttl::Clear, "set");
    Ok(old)
}
