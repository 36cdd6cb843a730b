//! Listing a whole hash: HGETALL, HKEYS, HVALS.

use super::READ_KEY;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::hash::Hash;

const LISTING: CommandSpec = CommandSpec {
    group: Group::Hash,
    since: "2.0.0",
    arity: 2,
    flags: Flags::READONLY,
    keys: READ_KEY,
    tips: &["nondeterministic_output_order"],
    complexity: "O(N), N being the fields in the hash",
    syntax: "key:key#0",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hgetall",
        summary: "Lists all fields with their values.",
        example: "> HSET user:1 name Ann age 30\n(integer) 2\n\
            > HGETALL user:1\n1) \"name\"\n2) \"Ann\"\n3) \"age\"\n4) \"30\"",
        run: Some(hgetall),
        ..LISTING
    },
    CommandSpec {
        name: "hkeys",
        summary: "Lists all fields.",
        example: "> HSET user:1 name Ann age 30\n(integer) 2\n> HKEYS user:1\n1) \"name\"\n2) \"age\"",
        run: Some(hkeys),
        ..LISTING
    },
    CommandSpec {
        name: "hvals",
        summary: "Lists the values in all fields.",
        example: "> HSET user:1 name Ann age 30\n(integer) 2\n> HVALS user:1\n1) \"Ann\"\n2) \"30\"",
        run: Some(hvals),
        ..LISTING
    },
];

/// All fields that are alive, each with its value, as the command shows them.
fn all<T>(
    context: &mut Context<'_>,
    args: &mut Args,
    show: impl Fn(Vec<u8>, Vec<u8>) -> T,
) -> Result<Vec<T>, Error> {
    let (key, now) = (args.take()?, context.now());
    let mut db = context.db()?;
    let Some(hash) = db.read::<Hash>(&key)? else { return Ok(Vec::new()) };
    Ok(hash.alive(now).map(|(field, value)| show(field.into_owned(), value.into_owned())).collect())
}

fn hgetall(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    all(context, args, |field, value| (Reply::Bulk(field), Reply::Bulk(value))).map(Reply::Map)
}

fn hkeys(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    all(context, args, |field, _| Reply::Bulk(field)).map(Reply::Array)
}

fn hvals(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    all(context, args, |_, value| Reply::Bulk(value)).map(Reply::Array)
}
