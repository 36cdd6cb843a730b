//! OBJECT: how a value is kept inside. Looking does not count as a use.

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Entry;
use crate::reply::Reply;

/// What the subcommands that look at a key share.
const LOOK: CommandSpec = CommandSpec {
    group: Group::Generic,
    since: "2.2.3",
    arity: 3,
    flags: Flags::READONLY,
    keys: &[KeySpec::one(2, KeyFlags::RO)],
    acl: &["keyspace"],
    tips: &["nondeterministic_output"],
    syntax: "key:key#0",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "object",
    group: Group::Generic,
    since: "2.2.3",
    arity: -2,
    summary: "Looks at how a value is kept inside.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "object|encoding",
            summary: "The encoding a value has at the moment, such as int, embstr, raw, listpack or skiplist.",
            example: "> SET a 12\nOK\n> OBJECT ENCODING a\n\"int\"\n> APPEND a x\n(integer) 3\n> OBJECT ENCODING a\n\"raw\"",
            run: Some(encoding),
            ..LOOK
        },
        CommandSpec {
            name: "object|freq",
            since: "4.0.0",
            summary: "How often a value is used, as a logarithmic counter; only under an LFU maxmemory-policy.",
            example: "> CONFIG SET maxmemory-policy allkeys-lfu\nOK\n> SET a x\nOK\n> OBJECT FREQ a\n(integer) 5",
            run: Some(freq),
            ..LOOK
        },
        CommandSpec {
            name: "object|help",
            group: Group::Generic,
            since: "6.2.0",
            arity: 2,
            flags: Flags::LOADING.union(Flags::STALE),
            acl: &["keyspace"],
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..CommandSpec::BASE
        },
        CommandSpec {
            name: "object|idletime",
            summary: "Seconds since a value was last used; not under an LFU maxmemory-policy.",
            example: "> SET a x\nOK\n@advance 2s\n> OBJECT IDLETIME a\n(integer) 2",
            run: Some(idletime),
            ..LOOK
        },
        CommandSpec {
            name: "object|refcount",
            summary: "How many references a value has: 1, or 2147483647 for the small integers Redis shares.",
            example: "> SET a hello\nOK\n> OBJECT REFCOUNT a\n(integer) 1",
            run: Some(refcount),
            ..LOOK
        },
    ],
    ..CommandSpec::BASE
}];

/// Looks at the key's entry; nil where there is none.
fn look(
    context: &mut Context<'_>,
    args: &mut Args,
    show: impl FnOnce(&Entry) -> CommandResult,
) -> CommandResult {
    let key = args.take()?;
    context.db()?.inspect_quietly(&key).map_or(Ok(Reply::Nil), show)
}

fn encoding(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    look(context, args, |entry| Ok(Reply::bulk(entry.value.encoding())))
}

fn refcount(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    look(context, args, |entry| Ok(Reply::Integer(entry.value.refcount())))
}

fn idletime(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (now, lfu) = (context.now(), context.around.config.maxmemory_policy.counts_frequency());
    look(context, args, |entry| {
        let seconds = entry.access.idle_seconds(now) as i64;
        if lfu { Err(Error::LruNotTracked) } else { Ok(Reply::Integer(seconds)) }
    })
}

fn freq(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (now, config) = (context.now(), context.around.config.clone());
    look(context, args, |entry| {
        if !config.maxmemory_policy.counts_frequency() {
            return Err(Error::LfuNotSelected);
        }
        Ok(Reply::Integer(i64::from(entry.access.counter(now, &config))))
    })
}
