//! PUBSUB: who listens to what.

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::glob;
use crate::pubsub::Kind;
use crate::reply::Reply;

const LOOKS: CommandSpec = CommandSpec {
    group: Group::PubSub,
    since: "2.8.0",
    flags: Flags::PUBSUB.union(Flags::LOADING).union(Flags::STALE),
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "pubsub",
    group: Group::PubSub,
    since: "2.8.0",
    arity: -2,
    summary: "Shows who listens to what.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "pubsub|channels",
            arity: -2,
            summary: "Lists the channels that somebody listens to; patterns do not count.",
            complexity: "O(N) for N channels",
            syntax: "[pattern:pattern]",
            example: "> PUBSUB CHANNELS\n(empty array)",
            run: Some(|context, args| channels(context, args, Kind::Channel)),
            ..LOOKS
        },
        CommandSpec {
            name: "pubsub|help",
            since: "6.2.0",
            arity: 2,
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..LOOKS
        },
        CommandSpec {
            name: "pubsub|numpat",
            arity: 2,
            summary: "Counts the patterns that somebody listens to.",
            example: "> PUBSUB NUMPAT\n(integer) 0",
            run: Some(numpat),
            ..LOOKS
        },
        CommandSpec {
            name: "pubsub|numsub",
            arity: -2,
            summary: "Counts the listeners of channels; those who listen by a pattern do not count.",
            complexity: "O(N) for N channels named",
            syntax: "[channel*]",
            example: "> PUBSUB NUMSUB news\n1) \"news\"\n2) (integer) 0",
            run: Some(|context, args| numsub(context, args, Kind::Channel)),
            ..LOOKS
        },
        CommandSpec {
            name: "pubsub|shardchannels",
            since: "7.0.0",
            arity: -2,
            summary: "Lists the shard channels that somebody listens to.",
            complexity: "O(N) for N shard channels",
            syntax: "[pattern:pattern]",
            example: "> PUBSUB SHARDCHANNELS\n(empty array)",
            run: Some(|context, args| channels(context, args, Kind::Shard)),
            ..LOOKS
        },
        CommandSpec {
            name: "pubsub|shardnumsub",
            since: "7.0.0",
            arity: -2,
            summary: "Counts the listeners of shard channels.",
            complexity: "O(N) for N channels named",
            syntax: "[shardchannel*]",
            example: "> PUBSUB SHARDNUMSUB orders\n1) \"orders\"\n2) (integer) 0",
            run: Some(|context, args| numsub(context, args, Kind::Shard)),
            ..LOOKS
        },
    ],
    ..CommandSpec::BASE
}];

fn channels(context: &mut Context<'_>, args: &mut Args, kind: Kind) -> CommandResult {
    if args.remaining() > 1 {
        return Err(Error::SubcommandSyntax { container: "pubsub", name: args.subcommand().to_vec() });
    }
    let pattern = args.rest().pop();
    let wanted = |name: &[u8]| pattern.as_ref().is_none_or(|pattern| glob::matches(pattern, name));
    let names = context.around.pubsub.names(kind).filter(|name| wanted(name));
    Ok(Reply::Array(names.map(|name| Reply::bulk(&**name)).collect()))
}

fn numpat(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::count(context.around.pubsub.len(Kind::Pattern)))
}

fn numsub(context: &mut Context<'_>, args: &mut Args, kind: Kind) -> CommandResult {
    let count = |name: Vec<u8>| {
        let listeners = context.around.pubsub.listeners(kind, &name);
        [Reply::Bulk(name), Reply::count(listeners)]
    };
    Ok(Reply::Array(args.rest().into_iter().flat_map(count).collect()))
}
