//! MEMORY: what a key and all of them cost, as the memory model counts it.

mod stats;

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::usage as bytes_of;
use crate::number;
use crate::reply::Reply;

/// What the subcommands share.
const ABOUT: CommandSpec =
    CommandSpec { group: Group::Server, since: "4.0.0", arity: 2, ..CommandSpec::BASE };
const UNSURE: &[&str] = &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"];

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "memory",
    group: Group::Server,
    since: "4.0.0",
    arity: -2,
    summary: "Tells what memory is used for.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "memory|doctor",
            tips: UNSURE,
            summary: "Tells in words what is remarkable about the memory.",
            example: "@differs our own words\n> MEMORY DOCTOR\n0 bytes of data are too little to tell anything from them.",
            run: Some(stats::doctor),
            ..ABOUT
        },
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
            name: "memory|purge",
            tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
            summary: "Asks the allocator to give back what it does not need; here there is none.",
            complexity: "O(1); depends on the allocator of a real server",
            example: "> MEMORY PURGE\nOK",
            run: Some(stats::purge),
            ..ABOUT
        },
        CommandSpec {
            name: "memory|stats",
            tips: UNSURE,
            summary: "What the memory is used for, as a table.",
            example: "> MEMORY STATS x\n(error) ERR wrong number of arguments for 'memory|stats' command",
            run: Some(stats::stats),
            ..ABOUT
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
