//! MEMORY: what a key costs, as the memory model counts it.

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::usage as bytes_of;
use crate::number;
use crate::reply::Reply;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "memory",
    group: Group::Server,
    since: "4.0.0",
    arity: -2,
    summary: "Tells what memory is used for.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "memory|help",
            group: Group::Server,
            since: "4.0.0",
            arity: 2,
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..CommandSpec::BASE
        },
        CommandSpec {
            name: "memory|usage",
            group: Group::Server,
            since: "4.0.0",
            arity: -3,
            flags: Flags::READONLY,
            keys: &[KeySpec::one(2, KeyFlags::RO)],
            summary: "Bytes that a key takes: its name, its value and its entry in the table of keys.",
            complexity: "O(1); the real server looks at as many elements as SAMPLES says",
            syntax: "key:key#0 [count:integer=SAMPLES]",
            example: "> SET a 12\nOK\n> MEMORY USAGE a\n(integer) 48\n> APPEND a x\n(integer) 3\n> MEMORY USAGE a\n(integer) 64",
            run: Some(usage),
            ..CommandSpec::BASE
        },
    ],
    ..CommandSpec::BASE
}];

/// Every value keeps its own count, so no samples are taken: the answer is that for `SAMPLES 0`, all elements. A look
/// neither uses the key nor expires it.
fn usage(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    while !args.is_empty() {
        if !args.word("SAMPLES") || args.is_empty() {
            return Err(Error::Syntax);
        }
        number::to_count(args.int()?).ok_or(Error::Syntax)?;
    }
    let db = context.db()?;
    Ok(db.peek(&key).map_or(Reply::Nil, |value| Reply::count(bytes_of(&key, value))))
}
