//! BITOP: whole strings combined bit by bit.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::bits::{self, Operation};
use crate::value::{StringValue, ValueType};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "bitop",
    group: Group::Bitmap,
    since: "2.6.0",
    arity: -4,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(2, KeyFlags::STORE), KeySpec::range(3, -1, 1, KeyFlags::READ)],
    summary: "Combines strings bit by bit and stores the result; answers its length in bytes.",
    complexity: "O(N*K), N being the bytes of the longest source and K the sources",
    syntax: "operation(and=AND | or=OR | xor=XOR | not=NOT) destkey:key#0 key:key#1*",
    example: "> SETBIT monday 1 1\n(integer) 0\n> SETBIT tuesday 1 1\n(integer) 0\n> SETBIT tuesday 2 1\n(integer) 0\n\
        > BITOP AND both monday tuesday\n(integer) 1\n> BITCOUNT both\n(integer) 1",
    run: Some(bitop),
    ..CommandSpec::BASE
}];

fn bitop(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let operation = operation(args)?;
    let (destination, keys) = (args.take()?, args.rest());
    if operation == Operation::Not && keys.len() != 1 {
        return Err(Error::Fixed("ERR BITOP NOT must be called with a single source key."));
    }
    let mut db = context.db()?;
    for key in &keys {
        db.read::<StringValue>(key)?;
    }
    let values: Vec<_> = keys
        .iter()
        .map(|key| db.peek(key).and_then(StringValue::of).map(StringValue::bytes).unwrap_or_default())
        .collect();
    let result = bits::combine(operation, values.iter().map(AsRef::as_ref));
    Ok(Reply::count(db.store(destination, StringValue::raw(result), "set")))
}

fn operation(args: &mut Args) -> Result<Operation, Error> {
    Ok(match () {
        () if args.word("AND") => Operation::And,
        () if args.word("OR") => Operation::Or,
        () if args.word("XOR") => Operation::Xor,
        () if args.word("NOT") => Operation::Not,
        () => return Err(Error::Syntax),
    })
}
