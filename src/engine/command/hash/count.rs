//! Numbers in fields: HINCRBY, HINCRBYFLOAT.

use super::limits;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::number::{self, Extended};
use crate::reply::Reply;
use crate::value::hash::{Hash, Lifetime};

const COUNTER: CommandSpec = CommandSpec {
    group: Group::Hash,
    since: "2.0.0",
    arity: 4,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hincrby",
        summary: "Adds an integer to the one in a field, from 0 where there is none; answers the sum.",
        syntax: "key:key#0 field increment:integer",
        example: "> HINCRBY page:1 views 10\n(integer) 10\n> HINCRBY page:1 views -3\n(integer) 7",
        run: Some(hincrby),
        ..COUNTER
    },
    CommandSpec {
        name: "hincrbyfloat",
        since: "2.6.0",
        summary: "Adds a decimal number to the one in a field, from 0 where there is none; answers the sum.",
        syntax: "key:key#0 field increment:double",
        example: "> HSET item:1 price 10.5\n(integer) 1\n> HINCRBYFLOAT item:1 price 0.1\n\"10.6\"",
        run: Some(hincrbyfloat),
        ..COUNTER
    },
];

/// Puts in a field what `add` makes of what is in it. The field keeps its lifetime.
fn change<T>(
    context: &mut Context<'_>,
    key: &[u8],
    field: Vec<u8>,
    event: &'static str,
    add: impl FnOnce(Option<&[u8]>) -> Result<(T, String), Error>,
) -> Result<T, Error> {
    let limits = limits(context);
    let field = [field];
    let mut db = context.db()?;
    db.expire_fields(key, Some(&field));
    let [field] = field;
    db.edit_or_create(key, |hash: &mut Hash, _| {
        let sum = add(hash.get(&field).as_ref().map(|content| &*content.value));
        match sum {
            Ok((sum, text)) => {
                hash.set(&field, text.as_bytes(), Lifetime::Keep, limits);
                Edit::changed(Ok(sum), event)
            }
            Err(error) => Edit::unchanged(Err(error)),
        }
    })?
}

fn hincrby(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, field, increment) = (args.take()?, args.take()?, args.int()?);
    let sum = change(context, &key, field, "hincrby", |old| {
        let old = match old {
            Some(text) => number::parse_i64(text).ok_or(Error::Fixed("ERR hash value is not an integer"))?,
            None => 0,
        };
        let sum = old.checked_add(increment);
        let sum = sum.ok_or(Error::Fixed("ERR increment or decrement would overflow"))?;
        Ok((sum, sum.to_string()))
    })?;
    Ok(Reply::Integer(sum))
}

fn hincrbyfloat(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, field) = (args.take()?, args.take()?);
    let increment = Extended::parse(&args.take()?).ok_or(Error::NotAFloat)?;
    if increment.to_text().is_none() {
        return Err(Error::Fixed("ERR value is NaN or Infinity"));
    }
    let sum = change(context, &key, field, "hincrbyfloat", |old| {
        let old = Extended::parse(old.unwrap_or(b"0"));
        let sum = old.ok_or(Error::Fixed("ERR hash value is not a float"))?.plus(increment);
        let text = sum.to_text().ok_or(Error::Fixed("ERR increment would produce NaN or Infinity"))?;
        Ok((text.clone(), text))
    })?;
    Ok(Reply::bulk(sum))
}
