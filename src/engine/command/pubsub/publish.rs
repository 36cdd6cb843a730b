//! PUBLISH and SPUBLISH.

use crate::args::Args;
use crate::command::spec::{Channels, CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::reply::Reply;

const PUBLISHES: CommandSpec = CommandSpec {
    group: Group::PubSub,
    arity: 3,
    channels: Some(Channels::First),
    flags: Flags::PUBSUB.union(Flags::LOADING).union(Flags::STALE).union(Flags::FAST),
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "publish",
        since: "2.0.0",
        summary: "Sends a message to all who listen to a channel, and tells how many they are.",
        complexity: "O(N+M) for N listeners of the channel and M patterns that anybody listens to",
        syntax: "channel message",
        example: "> PUBLISH news \"nobody is listening\"\n(integer) 0",
        run: Some(publish),
        ..PUBLISHES
    },
    CommandSpec {
        name: "spublish",
        since: "7.0.0",
        keys: &[KeySpec::one(1, KeyFlags::NOT_KEY)],
        summary: "Sends a message to all who listen to a shard channel.",
        complexity: "O(N) for N listeners of the channel",
        syntax: "shardchannel message",
        example: "> SPUBLISH orders \"nobody is listening\"\n(integer) 0",
        run: Some(spublish),
        ..PUBLISHES
    },
];

fn publish(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (channel, message) = (args.take()?, args.take()?);
    Ok(Reply::count(context.around.publish(&channel, &message)))
}

fn spublish(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (channel, message) = (args.take()?, args.take()?);
    Ok(Reply::count(context.around.publish_to_shard(&channel, &message)))
}
