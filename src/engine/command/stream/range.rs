//! Looking at entries: XLEN, XRANGE, XREVRANGE.

use super::{READ_KEY, entry_reply, ids, most};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::stream::Stream;

const RANGE: CommandSpec = CommandSpec {
    group: Group::Stream,
    since: "5.0.0",
    arity: -4,
    flags: Flags::READONLY,
    keys: READ_KEY,
    complexity: "O(log(N)+M), N being the nodes of the stream and M the entries listed",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "xlen",
        arity: 2,
        flags: Flags::READONLY.union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RO)],
        summary: "Counts the entries of a stream.",
        complexity: "O(1)",
        syntax: "key:key#0",
        example: "> XADD log 1-0 step start\n\"1-0\"\n> XLEN log\n(integer) 1\n> XLEN none\n(integer) 0",
        run: Some(xlen),
        ..RANGE
    },
    CommandSpec {
        name: "xrange",
        summary: "Lists the entries between two IDs, the oldest first.",
        syntax: "key:key#0 start end [count:integer=COUNT]",
        example: "> XADD log 1-0 step start\n\"1-0\"\n> XADD log 2-0 step stop\n\"2-0\"\n> XRANGE log - + COUNT 1\n\
            1) 1) \"1-0\"\n   2) 1) \"step\"\n      2) \"start\"\n> XRANGE log (1-0 +\n\
            1) 1) \"2-0\"\n   2) 1) \"step\"\n      2) \"stop\"",
        run: Some(|context, args| range(context, args, false)),
        ..RANGE
    },
    CommandSpec {
        name: "xrevrange",
        summary: "Lists the entries between two IDs, the newest first; the higher ID is given first.",
        syntax: "key:key#0 end start [count:integer=COUNT]",
        example: "> XADD log 1-0 step start\n\"1-0\"\n> XADD log 2-0 step stop\n\"2-0\"\n> XREVRANGE log + - COUNT 1\n\
            1) 1) \"2-0\"\n   2) 1) \"step\"\n      2) \"stop\"",
        run: Some(|context, args| range(context, args, true)),
        ..RANGE
    },
];

fn xlen(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let stream = context.db()?.read::<Stream>(&key)?.map(|stream| stream.entries().len());
    Ok(Reply::count(stream.unwrap_or(0)))
}

fn range(context: &mut Context<'_>, args: &mut Args, down: bool) -> CommandResult {
    let (key, first, second) = (args.take()?, args.take()?, args.take()?);
    let (start, end) = if down { (second, first) } else { (first, second) };
    let (start, end) = (ids::start(&start)?, ids::end(&end)?);
    let mut count = None;
    while !args.is_empty() {
        if args.remaining() < 2 || !args.word("COUNT") {
            return Err(Error::Syntax);
        }
        count = Some(args.int()?.max(0));
    }
    let mut db = context.db()?;
    let Some(stream) = db.read::<Stream>(&key)? else { return Ok(Reply::Array(Vec::new())) };
    if count == Some(0) {
        return Ok(Reply::NilArray);
    }
    let (entries, count) = (stream.entries(), most(count.unwrap_or(0)));
    Ok(Reply::Array(if down {
        entries.range_down(start, end).take(count).map(|entry| entry_reply(&entry)).collect()
    } else {
        entries.range(start, end).take(count).map(|entry| entry_reply(&entry)).collect()
    }))
}
