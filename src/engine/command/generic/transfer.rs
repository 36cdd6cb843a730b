//! Giving a value another name or another database: RENAME, RENAMENX, COPY and MOVE.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Ttl;
use crate::reply::Reply;

const SOURCE: KeySpec = KeySpec::one(1, KeyFlags::TAKE);

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "copy",
        group: Group::Generic,
        since: "6.2.0",
        arity: -3,
        flags: Flags::WRITE.union(Flags::DENYOOM),
        keys: &[KeySpec::one(1, KeyFlags::READ), KeySpec::one(2, KeyFlags::STORE)],
        acl: &["keyspace"],
        summary: "Copies a value and its time to live to another key, here or in another database.",
        complexity: "O(1) for a string, O(N) for a collection of N elements",
        syntax: "source:key#0 destination:key#1 [destination-db:integer=DB] [replace=REPLACE]",
        example: "> SET a 1\nOK\n> COPY a b\n(integer) 1\n> GET b\n\"1\"",
        run: Some(copy),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "move",
        group: Group::Generic,
        arity: 3,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
        acl: &["keyspace"],
        summary: "Moves a key to another database, unless that has a key of the name.",
        syntax: "key:key#0 db:integer",
        example: "> SET a 1\nOK\n> MOVE a 1\n(integer) 1\n> EXISTS a\n(integer) 0",
        run: Some(move_key),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "rename",
        group: Group::Generic,
        arity: 3,
        flags: Flags::WRITE,
        keys: &[SOURCE, KeySpec::one(2, KeyFlags::STORE)],
        acl: &["keyspace"],
        summary: "Gives a key another name; a key that has the name already is replaced.",
        complexity: "O(1), and O(N) to free a replaced collection of N elements",
        syntax: "key:key#0 newkey:key#1",
        example: "> SET a 1\nOK\n> RENAME a b\nOK\n> GET b\n\"1\"",
        run: Some(rename),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "renamenx",
        group: Group::Generic,
        arity: 3,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: &[SOURCE, KeySpec::one(2, KeyFlags::OW.union(KeyFlags::INSERT))],
        acl: &["keyspace"],
        summary: "Gives a key another name, unless that name is taken.",
        syntax: "key:key#0 newkey:key#1",
        example: "> MSET a 1 b 2\nOK\n> RENAMENX a b\n(integer) 0",
        run: Some(renamenx),
        ..CommandSpec::BASE
    },
];

fn rename(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    rename_if(context, args, true).map(|_| Reply::OK)
}

fn renamenx(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    rename_if(context, args, false).map(Reply::flag)
}

/// Whether the key was renamed.
fn rename_if(context: &mut Context<'_>, args: &mut Args, replace: bool) -> Result<bool, Error> {
    let (from, to) = (args.take()?, args.take()?);
    let mut db = context.db()?;
    if !db.contains(&from) {
        return Err(Error::NoSuchKey);
    }
    // Asked even if it will be replaced: a target that is due expires before the source goes.
    let taken = db.contains(&to);
    if from == to || (taken && !replace) {
        return Ok(false);
    }
    let (db, words) = (context.session.db, ["rename_from", "rename_to"]);
    Ok(context.keyspace.relocate((db, &from), (db, to), words, context.around))
}

fn copy(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (from, to) = (args.take()?, args.take()?);
    let here = context.session.db;
    let (mut there, mut replace) = (here, false);
    while !args.is_empty() {
        if args.word("REPLACE") {
            replace = true;
        } else if args.remaining() >= 2 && args.word("DB") {
            there = args.database(context)?;
        } else {
            return Err(Error::Syntax);
        }
    }
    if here == there && from == to {
        return Err(Error::SameObject);
    }
    let mut source = context.db()?;
    let Some(value) = source.read_value(&from).map(crate::value::Value::duplicate) else {
        return Ok(Reply::flag(false));
    };
    let deadline = source.deadline(&from);
    let mut target = context.db_at(there)?;
    if !replace && target.contains(&to) {
        return Ok(Reply::flag(false));
    }
    target.put(to, value, deadline.map_or(Ttl::Clear, Ttl::At), "copy_to");
    Ok(Reply::flag(true))
}

fn move_key(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let there = args.database(context)?;
    if there == context.session.db {
        return Err(Error::SameObject);
    }
    if !context.db()?.contains(&key) || context.db_at(there)?.contains(&key) {
        return Ok(Reply::flag(false));
    }
    let (here, words) = (context.session.db, ["move_from", "move_to"]);
    let moved = context.keyspace.relocate((here, &key), (there, key.clone()), words, context.around);
    Ok(Reply::flag(moved))
}
