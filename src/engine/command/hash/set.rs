//! Setting fields: HSET, HMSET, HSETNX.

use super::{UPDATE_KEY, limits, pairs};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::hash::{Hash, Lifetime};

const SETTER: CommandSpec = CommandSpec {
    group: Group::Hash,
    since: "2.0.0",
    arity: -4,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: UPDATE_KEY,
    complexity: "O(N), N being the fields to set",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hset",
        summary: "Sets fields to values and takes their lifetimes away; answers how many fields are new.",
        syntax: "key:key#0 data{field value}*",
        example: "> HSET user:1 name Ann age 30\n(integer) 2\n> HSET user:1 age 31 city Oslo\n(integer) 1\n\
            > HGETALL user:1\n1) \"name\"\n2) \"Ann\"\n3) \"age\"\n4) \"31\"\n5) \"city\"\n6) \"Oslo\"",
        run: Some(hset),
        ..SETTER
    },
    CommandSpec {
        name: "hmset",
        deprecated: Some(Deprecated {
            since: "4.0.0",
            replaced_by: "`HSET` with multiple field-value pairs",
        }),
        summary: "Sets fields to values; HSET does the same and tells how many are new.",
        syntax: "key:key#0 data{field value}*",
        example: "> HMSET user:1 name Ann age 30\nOK\n> HGET user:1 age\n\"30\"",
        run: Some(hmset),
        ..SETTER
    },
    CommandSpec {
        name: "hsetnx",
        arity: 4,
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::INSERT))],
        summary: "Sets a field to a value unless the field is there.",
        complexity: "O(1)",
        syntax: "key:key#0 field value",
        example: "> HSETNX user:1 name Ann\n(integer) 1\n> HSETNX user:1 name Bob\n(integer) 0\n\
            > HGET user:1 name\n\"Ann\"",
        run: Some(hsetnx),
        ..SETTER
    },
];

fn hset(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    set_all(context, args).map(Reply::count)
}

fn hmset(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    set_all(context, args).map(|_| Reply::OK)
}

/// Sets all fields and gives the number of new ones.
fn set_all(context: &mut Context<'_>, args: &mut Args) -> Result<usize, Error> {
    let (key, words) = (args.take()?, args.rest());
    if !words.len().is_multiple_of(2) {
        return Err(Error::WrongArity { command: context.name() });
    }
    let limits = limits(context);
    context.db()?.edit_or_create(&key, |hash: &mut Hash, _| {
        hash.make_room(&words, limits);
        let mut created = 0;
        for (field, value) in pairs(&words) {
            created += usize::from(!hash.set(field, value, Lifetime::Clear, limits));
        }
        Edit::changed(created, "hset")
    })
}

fn hsetnx(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, words) = (args.take()?, args.rest());
    let limits = limits(context);
    let mut db = context.db()?;
    db.expire_fields(&key, words.get(..1));
    let set = db.edit_or_create(&key, |hash: &mut Hash, _| match pairs(&words).next() {
        Some((field, value)) if hash.get(field).is_none() => {
            hash.make_room(&words, limits);
            hash.set(field, value, Lifetime::Clear, limits);
            Edit::changed(true, "hset")
        }
        _ => Edit::unchanged(false),
    })?;
    Ok(Reply::flag(set))
}
