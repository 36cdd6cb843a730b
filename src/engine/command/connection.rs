//! The connection group: greeting the server and choosing a database.

use super::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "echo",
        group: Group::Connection,
        arity: 2,
        flags: Flags::LOADING.union(Flags::STALE).union(Flags::FAST),
        summary: "Sends a message back.",
        syntax: "message",
        example: "> ECHO \"hello there\"\n\"hello there\"",
        run: Some(echo),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "ping",
        group: Group::Connection,
        arity: -1,
        flags: Flags::FAST,
        tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
        summary: "Answers PONG, or the message given: is anybody there?",
        syntax: "[message]",
        example: "> PING\nPONG\n> PING hello\n\"hello\"",
        run: Some(ping),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "select",
        group: Group::Connection,
        arity: 2,
        flags: Flags::LOADING.union(Flags::STALE).union(Flags::FAST),
        summary: "Chooses the database that this connection's commands work on.",
        syntax: "index:integer",
        example: "> SELECT 1\nOK\n> SET k v\nOK\n> SELECT 0\nOK\n> EXISTS k\n(integer) 0",
        run: Some(select),
        ..CommandSpec::BASE
    },
];

fn echo(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    Ok(Reply::Bulk(args.take()?))
}

fn ping(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    match args.remaining() {
        0 => Ok(Reply::status("PONG")),
        1 => Ok(Reply::Bulk(args.take()?)),
        _ => Err(Error::WrongArity { command: context.name() }),
    }
}

fn select(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let index = args.database(context)?;
    context.session.db = index;
    Ok(Reply::OK)
}
