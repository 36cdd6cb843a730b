//! One bit: SETBIT, GETBIT.

use super::{Change, edit, offset};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::{StringValue, bits};

pub const SPECS: &[CommandSpec] = &[GETBIT, SETBIT];

const GETBIT: CommandSpec = CommandSpec {
    name: "getbit",
    group: Group::Bitmap,
    since: "2.2.0",
    arity: 3,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::READ)],
    summary: "Answers one bit of a string; beyond its end all bits are 0.",
    syntax: "key:key#0 offset:integer",
    example: "> SETBIT seen 7 1\n(integer) 0\n> GETBIT seen 7\n(integer) 1\n> GETBIT seen 100\n(integer) 0",
    run: Some(getbit),
    ..CommandSpec::BASE
};

fn getbit(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, offset) = (args.take()?, offset(context, &args.take()?, None)?);
    let mut db = context.db()?;
    let bit = db.read::<StringValue>(&key)?.is_some_and(|value| bits::get(&value.bytes(), offset));
    Ok(Reply::flag(bit))
}

const SETBIT: CommandSpec = CommandSpec {
    name: "setbit",
    group: Group::Bitmap,
    since: "2.2.0",
    arity: 4,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
    summary: "Sets one bit of a string to 0 or 1, padding with zero bytes; answers what the bit was.",
    complexity: "O(1); padding comes on top.",
    syntax: "key:key#0 offset:integer value:integer",
    example: "> SETBIT seen 7 1\n(integer) 0\n> SETBIT seen 7 0\n(integer) 1\n> GET seen\n\"\\x00\"",
    run: Some(setbit),
    ..CommandSpec::BASE
};

fn setbit(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    const NOT_A_BIT: Error = Error::Fixed("ERR bit is not an integer or out of range");
    let (key, offset) = (args.take()?, offset(context, &args.take()?, None)?);
    let on = match args.int() {
        Ok(0) => false,
        Ok(1) => true,
        _ => return Err(NOT_A_BIT),
    };
    let before = edit(context, key, offset, |bytes, grown| {
        let before = bits::set(bytes, offset, on);
        Change { result: before, altered: grown || before != on }
    })?;
    Ok(Reply::flag(before))
}
