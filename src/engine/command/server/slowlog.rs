//! SLOWLOG: the commands that took long, as [`crate::slowlog`] keeps them.

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::slowlog::SlowEntry;

/// How many entries GET shows unless it is told.
const SHOWN: usize = 10;

/// What the subcommands share.
const ABOUT: CommandSpec = CommandSpec {
    group: Group::Server,
    since: "2.2.12",
    arity: 2,
    flags: Flags::ADMIN.union(Flags::LOADING).union(Flags::STALE),
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "slowlog",
    group: Group::Server,
    since: "2.2.12",
    arity: -2,
    summary: "Shows which commands took long.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "slowlog|get",
            arity: -2,
            tips: &["request_policy:all_nodes", "nondeterministic_output"],
            summary: "The latest slow commands: number, time, microseconds, command line, client.",
            complexity: "O(N) for N entries shown",
            syntax: "[count:integer]",
            example: "> PING\nPONG\n> SLOWLOG GET\n(empty array)",
            run: Some(get),
            ..ABOUT
        },
        CommandSpec {
            name: "slowlog|help",
            since: "6.2.0",
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..ABOUT
        },
        CommandSpec {
            name: "slowlog|len",
            tips: &["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"],
            summary: "Counts the entries of the slow log.",
            example: "> CONFIG SET slowlog-log-slower-than 0\nOK\n> PING\nPONG\n> SLOWLOG LEN\n(integer) 2",
            run: Some(len),
            ..ABOUT
        },
        CommandSpec {
            name: "slowlog|reset",
            tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
            summary: "Empties the slow log.",
            complexity: "O(N) for N entries",
            example: "> SLOWLOG RESET\nOK\n> SLOWLOG LEN\n(integer) 0",
            run: Some(reset),
            ..ABOUT
        },
    ],
    ..CommandSpec::BASE
}];

fn get(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if args.remaining() > 1 {
        return Err(Error::SubcommandSyntax { container: "slowlog", name: args.subcommand().to_vec() });
    }
    let log = &context.around.stats.slowlog;
    let count = if args.is_empty() {
        SHOWN
    } else {
        let count = args.int().ok().filter(|count| *count >= -1);
        let count = count.ok_or(Error::Fixed("ERR count should be greater than or equal to -1"))?;
        // All, where it is negative.
        usize::try_from(count).unwrap_or(usize::MAX)
    };
    Ok(Reply::Array(log.entries().take(count).map(entry).collect()))
}

fn entry(entry: &SlowEntry) -> Reply {
    let number = |number: u64| Reply::Integer(i64::try_from(number).unwrap_or(i64::MAX));
    Reply::Array(vec![
        number(entry.id),
        number(entry.at / 1000),
        number(entry.micros),
        Reply::Array(entry.argv.iter().cloned().map(Reply::Bulk).collect()),
        Reply::Bulk(entry.address.clone()),
        Reply::Bulk(entry.name.clone()),
    ])
}

fn len(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::count(context.around.stats.slowlog.len()))
}

fn reset(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    context.around.stats.slowlog.reset();
    Ok(Reply::OK)
}
