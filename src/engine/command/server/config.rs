//! CONFIG: reading and changing settings at run time. What a setting is and may be, [`crate::config`] knows.

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::config::{SETTINGS, Setting};
use crate::dispatch::Context;
use crate::error::Error;
use crate::glob;
use crate::memory;
use crate::reply::Reply;

/// What the subcommands share.
const ADMIN: CommandSpec = CommandSpec {
    group: Group::Server,
    since: "2.0.0",
    flags: Flags::ADMIN.union(Flags::NOSCRIPT).union(Flags::LOADING).union(Flags::STALE),
    ..CommandSpec::BASE
};
const EVERYWHERE: &[&str] = &["request_policy:all_nodes", "response_policy:all_succeeded"];

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "config",
    group: Group::Server,
    since: "2.0.0",
    arity: -2,
    summary: "Reads and changes settings while the server runs.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "config|get",
            arity: -3,
            summary: "Shows the settings whose names match any of the patterns.",
            complexity: "O(N) for N settings",
            syntax: "parameter*",
            example: "> CONFIG GET hz\n1) \"hz\"\n2) \"10\"",
            run: Some(get),
            ..ADMIN
        },
        CommandSpec {
            name: "config|help",
            since: "5.0.0",
            arity: 2,
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..ADMIN
        },
        CommandSpec {
            name: "config|resetstat",
            arity: 2,
            tips: EVERYWHERE,
            summary: "Sets the counters of INFO back to zero.",
            example: "> GET nothing\n(nil)\n> CONFIG RESETSTAT\nOK",
            run: Some(resetstat),
            ..ADMIN
        },
        CommandSpec {
            name: "config|rewrite",
            since: "2.8.0",
            arity: 2,
            tips: EVERYWHERE,
            summary: "Writes the settings to the file they were read from; there is none.",
            complexity: "O(N) for N settings",
            example: "> CONFIG REWRITE\n(error) ERR The server is running without a config file",
            run: Some(rewrite),
            ..ADMIN
        },
        CommandSpec {
            name: "config|set",
            arity: -4,
            tips: EVERYWHERE,
            summary: "Changes settings: all of them, or none if one is refused.",
            complexity: "O(N) for N settings",
            syntax: "data{parameter value}*",
            example: "> CONFIG SET zset-max-listpack-entries 2\nOK\n> ZADD z 1 a 2 b 3 c\n(integer) 3\n\
                > OBJECT ENCODING z\n\"skiplist\"",
            run: Some(set),
            ..ADMIN
        },
    ],
    ..CommandSpec::BASE
}];

fn get(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let config = &context.around.config;
    let mut found: Vec<(Vec<u8>, &Setting)> = Vec::new();
    for pattern in args.rest() {
        for (name, setting) in named(pattern) {
            if !found.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name)) {
                found.push((name, setting));
            }
        }
    }
    let shown =
        |(name, setting): (Vec<u8>, &Setting)| (Reply::Bulk(name), Reply::bulk((setting.get)(config)));
    Ok(Reply::Map(found.into_iter().map(shown).collect()))
}

/// The settings of a name or pattern. A plain name is answered as the client wrote it.
fn named(pattern: Vec<u8>) -> Vec<(Vec<u8>, &'static Setting)> {
    if !pattern.iter().any(|byte| b"*?[".contains(byte)) {
        return Setting::named(&pattern).map(|setting| (pattern, setting)).into_iter().collect();
    }
    let names =
        SETTINGS.iter().flat_map(|s| [Some(s.name), s.alias].into_iter().flatten().map(move |n| (n, s)));
    let matching = names.filter(|(name, _)| glob::matches_ignoring_case(&pattern, name.as_bytes()));
    matching.map(|(name, setting)| (name.as_bytes().to_vec(), setting)).collect()
}

fn set(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if args.remaining() % 2 == 1 {
        return Err(Error::Syntax);
    }
    let mut pairs = Vec::with_capacity(args.remaining() / 2);
    while !args.is_empty() {
        pairs.push((args.take()?, args.take()?));
    }
    let password = context.around.config.requirepass.clone();
    context.around.config.set_all(&pairs)?;
    let limits_memory = pairs.iter().any(|(name, _)| name.eq_ignore_ascii_case(b"maxmemory"));
    if limits_memory && memory::excess(context.keyspace, context.around).is_some() {
        context.around.evictor.start();
    }
    let (config, acl) = (&context.around.config, &mut context.around.acl);
    if config.requirepass != password {
        acl.set_default_password(&config.requirepass);
    }
    Ok(Reply::OK)
}

fn resetstat(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    context.around.stats.reset();
    context.around.evictor.reset_exceeded();
    context.keyspace.expire_cycle_mut().reset();
    Ok(Reply::OK)
}

fn rewrite(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Err(Error::Fixed("ERR The server is running without a config file"))
}
