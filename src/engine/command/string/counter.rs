//! Values that are numbers, and counting with them.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Edit, Ttl};
use crate::number::Extended;
use crate::reply::Reply;
use crate::value::StringValue;

pub const SPECS: &[CommandSpec] = &[DECR, DECRBY, INCR, INCRBY, INCRBYFLOAT];

/// What the five counters have in common.
const COUNTER: CommandSpec = CommandSpec {
    group: Group::String,
    arity: 2,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
    ..CommandSpec::BASE
};

const INCR: CommandSpec = CommandSpec {
    name: "incr",
    summary: "Adds one to the integer at a key, from 0 where there is none; answers the sum.",
    syntax: "key:key#0",
    example: "> INCR visits\n(integer) 1\n> INCR visits\n(integer) 2",
    run: Some(|context, args| add(context, args, 1)),
    ..COUNTER
};

const DECR: CommandSpec = CommandSpec {
    name: "decr",
    summary: "Takes one from the integer at a key, from 0 where there is none; answers the rest.",
    syntax: "key:key#0",
    example: "> SET left 3\nOK\n> DECR left\n(integer) 2",
    run: Some(|context, args| add(context, args, -1)),
    ..COUNTER
};

/// Adds to the integer at the key that is the next argument.
fn add(context: &mut Context<'_>, args: &mut Args, delta: i64) -> CommandResult {
    let key = args.take()?;
    add_to(context, key, delta)
}

fn add_to(context: &mut Context<'_>, key: Vec<u8>, delta: i64) -> CommandResult {
    const OVERFLOW: Error = Error::Fixed("ERR increment or decrement would overflow");
    let mut db = context.db()?;
    let sum = db.edit::<StringValue, _>(&key, |value, around| {
        let sum = value.as_int().ok_or(Error::NotAnInteger);
        match sum.and_then(|old| old.checked_add(delta).ok_or(OVERFLOW)) {
            Ok(sum) => {
                *value = StringValue::integer(sum);
                if !around.config.shares_integers() {
                    value.unshare();
                }
                Edit::changed(Ok(sum), "incrby")
            }
            Err(error) => Edit::unchanged(Err(error)),
        }
    })?;
    if let Some(sum) = sum {
        return sum.map(Reply::Integer);
    }
    db.set(key, StringValue::integer(delta), Ttl::Clear, "incrby");
    Ok(Reply::Integer(delta))
}

const INCRBY: CommandSpec = CommandSpec {
    name: "incrby",
    arity: 3,
    summary: "Adds an integer to the one at a key, from 0 where there is none; answers the sum.",
    syntax: "key:key#0 increment:integer",
    example: "> INCRBY visits 10\n(integer) 10\n> INCRBY visits -3\n(integer) 7",
    run: Some(incrby),
    ..COUNTER
};

fn incrby(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, increment) = (args.take()?, args.int()?);
    add_to(context, key, increment)
}

const DECRBY: CommandSpec = CommandSpec {
    name: "decrby",
    arity: 3,
    summary: "Takes an integer from the one at a key, from 0 where there is none; answers the rest.",
    syntax: "key:key#0 decrement:integer",
    example: "> SET left 30\nOK\n> DECRBY left 8\n(integer) 22",
    run: Some(decrby),
    ..COUNTER
};

fn decrby(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, decrement) = (args.take()?, args.int()?);
    let increment = decrement.checked_neg().ok_or(Error::Fixed("ERR decrement would overflow"))?;
    add_to(context, key, increment)
}

const INCRBYFLOAT: CommandSpec = CommandSpec {
    name: "incrbyfloat",
    since: "2.6.0",
    arity: 3,
    summary: "Adds a decimal number to the one at a key, from 0 where there is none; answers the sum.",
    syntax: "key:key#0 increment:double",
    example: "> SET price 10.5\nOK\n> INCRBYFLOAT price 0.1\n\"10.6\"\n> INCRBYFLOAT price -5e-1\n\"10.1\"",
    run: Some(incrbyfloat),
    ..COUNTER
};

fn incrbyfloat(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, increment) = (args.take()?, args.take()?);
    let mut db = context.db()?;
    let sum = db.edit::<StringValue, _>(&key, |value, _| match sum_text(&value.bytes(), &increment) {
        Ok(text) => {
            *value = StringValue::text(text.clone().into_bytes());
            Edit::changed(Ok(text), "incrbyfloat")
        }
        Err(error) => Edit::unchanged(Err(error)),
    })?;
    if let Some(text) = sum {
        return text.map(Reply::bulk);
    }
    let text = sum_text(b"0", &increment)?;
    db.set(key, StringValue::text(text.clone().into_bytes()), Ttl::Clear, "incrbyfloat");
    Ok(Reply::bulk(text))
}

/// The sum of two decimal numbers, written as one.
fn sum_text(old: &[u8], increment: &[u8]) -> Result<String, Error> {
    const NOT_FINITE: Error = Error::Fixed("ERR increment would produce NaN or Infinity");
    let number = |text: &[u8]| Extended::parse(text).ok_or(Error::NotAFloat);
    number(old)?.plus(number(increment)?).to_text().ok_or(NOT_FINITE)
}
