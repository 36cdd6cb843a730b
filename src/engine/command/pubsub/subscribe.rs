//! SUBSCRIBE, UNSUBSCRIBE and the same for patterns and for shard channels.
//!
//! Each name is acknowledged by a push of its own, so that one command gives several replies.

use crate::args::Args;
use crate::command::spec::{Channels, CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::pubsub::Kind;
use crate::reply::Reply;

const LISTENS: CommandSpec = CommandSpec {
    group: Group::PubSub,
    since: "2.0.0",
    flags: Flags::PUBSUB.union(Flags::NOSCRIPT).union(Flags::LOADING).union(Flags::STALE),
    ..CommandSpec::BASE
};
const SHARD_CHANNELS: &[KeySpec] = &[KeySpec::range(1, -1, 1, KeyFlags::NOT_KEY)];

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "psubscribe",
        arity: -2,
        channels: Some(Channels::AllPatterns),
        summary: "Listens to all channels whose names match a pattern.",
        complexity: "O(1) for each pattern",
        syntax: "pattern:pattern*",
        example: "> PSUBSCRIBE news.*\n1) \"psubscribe\"\n2) \"news.*\"\n3) (integer) 1",
        run: Some(|context, args| subscribe(context, args, Kind::Pattern)),
        ..LISTENS
    },
    CommandSpec {
        name: "punsubscribe",
        arity: -1,
        summary: "Stops listening to patterns: those named, or all.",
        complexity: "O(1) for each pattern",
        syntax: "[pattern:pattern*]",
        example: "> PUNSUBSCRIBE news.*\n1) \"punsubscribe\"\n2) \"news.*\"\n3) (integer) 0",
        run: Some(|context, args| unsubscribe(context, args, Kind::Pattern)),
        ..LISTENS
    },
    CommandSpec {
        name: "ssubscribe",
        since: "7.0.0",
        arity: -2,
        channels: Some(Channels::All),
        keys: SHARD_CHANNELS,
        summary: "Listens to shard channels, whose messages stay within one shard of a cluster.",
        complexity: "O(1) for each channel",
        syntax: "shardchannel*",
        example: "> SSUBSCRIBE orders\n1) \"ssubscribe\"\n2) \"orders\"\n3) (integer) 1",
        run: Some(ssubscribe),
        ..LISTENS
    },
    CommandSpec {
        name: "subscribe",
        arity: -2,
        channels: Some(Channels::All),
        summary: "Listens to channels: what others publish on them is pushed to this connection.",
        complexity: "O(1) for each channel",
        syntax: "channel*",
        example: "> SUBSCRIBE news\n1) \"subscribe\"\n2) \"news\"\n3) (integer) 1",
        run: Some(|context, args| subscribe(context, args, Kind::Channel)),
        ..LISTENS
    },
    CommandSpec {
        name: "sunsubscribe",
        since: "7.0.0",
        arity: -1,
        keys: SHARD_CHANNELS,
        summary: "Stops listening to shard channels: those named, or all.",
        complexity: "O(1) for each channel",
        syntax: "[shardchannel*]",
        example: "> SUNSUBSCRIBE orders\n1) \"sunsubscribe\"\n2) \"orders\"\n3) (integer) 0",
        run: Some(|context, args| unsubscribe(context, args, Kind::Shard)),
        ..LISTENS
    },
    CommandSpec {
        name: "unsubscribe",
        arity: -1,
        summary: "Stops listening to channels: those named, or all.",
        complexity: "O(1) for each channel",
        syntax: "[channel*]",
        example: "> UNSUBSCRIBE news\n1) \"unsubscribe\"\n2) \"news\"\n3) (integer) 0",
        run: Some(|context, args| unsubscribe(context, args, Kind::Channel)),
        ..LISTENS
    },
];

/// The words of the acknowledgements.
fn words(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Channel => ("subscribe", "unsubscribe"),
        Kind::Pattern => ("psubscribe", "punsubscribe"),
        Kind::Shard => ("ssubscribe", "sunsubscribe"),
    }
}

fn subscribe(context: &mut Context<'_>, args: &mut Args, kind: Kind) -> CommandResult {
    let mut replies = Vec::with_capacity(args.remaining());
    for name in args.rest() {
        context.around.pubsub.subscribe(context.session.id, kind, &name);
        replies.push(acknowledgement(context, kind, words(kind).0, Reply::Bulk(name)));
    }
    Ok(Reply::Several(replies))
}

/// A cluster may end a subscription to a shard channel at any time, which a transaction could not bear.
fn ssubscribe(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if context.in_transaction {
        return Err(Error::Fixed("ERR SSUBSCRIBE isn't allowed for a DENY BLOCKING client"));
    }
    subscribe(context, args, Kind::Shard)
}

fn unsubscribe(context: &mut Context<'_>, args: &mut Args, kind: Kind) -> CommandResult {
    let id = context.session.id;
    let mut names: Vec<Vec<u8>> = args.rest();
    if names.is_empty() {
        names = context.around.pubsub.names_of(id, kind).iter().map(|name| name.to_vec()).collect();
    }
    let word = words(kind).1;
    if names.is_empty() {
        return Ok(acknowledgement(context, kind, word, Reply::Nil));
    }
    let mut replies = Vec::with_capacity(names.len());
    for name in names {
        context.around.pubsub.unsubscribe(id, kind, &name);
        replies.push(acknowledgement(context, kind, word, Reply::Bulk(name)));
    }
    Ok(Reply::Several(replies))
}

/// Which name came or went, and how many subscriptions there are now: shard channels are counted by themselves.
fn acknowledgement(context: &Context<'_>, kind: Kind, word: &'static str, name: Reply) -> Reply {
    let count = |kind| context.around.pubsub.count(context.session.id, kind);
    let total = match kind {
        Kind::Shard => count(Kind::Shard),
        Kind::Channel | Kind::Pattern => count(Kind::Channel) + count(Kind::Pattern),
    };
    Reply::push([Reply::bulk(word), name, Reply::count(total)])
}
