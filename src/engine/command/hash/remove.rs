//! Removing fields: HDEL, HGETDEL.

use super::{NOT_POSITIVE, check_type, named_fields, nils, value_or_nil};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::hash::Hash;

const REMOVER: CommandSpec =
    CommandSpec { group: Group::Hash, flags: Flags::WRITE.union(Flags::FAST), ..CommandSpec::BASE };

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hdel",
        since: "2.0.0",
        arity: -3,
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::DELETE))],
        summary: "Removes fields; the key goes with the last one.",
        complexity: "O(N), N being the fields to remove",
        syntax: "key:key#0 field*",
        example: "> HSET user:1 name Ann age 30\n(integer) 2\n> HDEL user:1 age city\n(integer) 1",
        run: Some(hdel),
        ..REMOVER
    },
    CommandSpec {
        name: "hgetdel",
        since: "8.0.0",
        arity: -5,
        keys: &[KeySpec::one(1, KeyFlags::TAKE)],
        summary: "Gives the values in fields and removes the fields; the key goes with the last one.",
        complexity: "O(N), N being the fields asked for",
        syntax: "key:key#0 fields{numfields:integer field*}=FIELDS",
        example: "> HSET user:1 name Ann token x7\n(integer) 2\n> HGETDEL user:1 FIELDS 2 token age\n1) \"x7\"\n2) (nil)\n\
            > HKEYS user:1\n1) \"name\"",
        run: Some(hgetdel),
        ..REMOVER
    },
];

fn hdel(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, fields) = (args.take()?, args.rest());
    let removed = context.db()?.edit(&key, |hash: &mut Hash, _| {
        let removed = fields.iter().filter(|field| hash.delete(field)).count();
        if removed > 0 { Edit::changed(removed, "hdel") } else { Edit::unchanged(0) }
    })?;
    Ok(Reply::count(removed.unwrap_or(0)))
}

fn hgetdel(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    check_type(&mut db, &key)?;
    let fields = named_fields(args, NOT_POSITIVE)?;
    db.expire_fields(&key, Some(&fields));
    let values = db.edit(&key, |hash: &mut Hash, _| {
        let mut removed = false;
        let mut take = |field: &Vec<u8>| {
            let value = value_or_nil(hash.get(field));
            removed |= hash.delete(field);
            value
        };
        let values = fields.iter().map(&mut take).collect();
        if removed { Edit::changed(values, "hdel") } else { Edit::unchanged(values) }
    })?;
    Ok(values.map_or_else(|| nils(&fields), Reply::Array))
}
