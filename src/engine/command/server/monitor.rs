//! MONITOR: a connection that sees what all others send.
//!
//! What a line looks like, [`crate::monitor`] knows.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "monitor",
    group: Group::Server,
    flags: Flags::ADMIN.union(Flags::NOSCRIPT).union(Flags::LOADING).union(Flags::STALE),
    summary: "Shows this connection every command that clients send from now on.",
    complexity: "O(1), and then a line for each command",
    example: "> MONITOR\nOK",
    run: Some(monitor),
    ..CommandSpec::BASE
}];

fn monitor(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    if context.in_transaction {
        return Err(Error::Fixed("ERR MONITOR isn't allowed for DENY BLOCKING client"));
    }
    // Said twice, it is answered once.
    if context.session.monitors {
        return Ok(Reply::NOTHING);
    }
    context.session.monitors = true;
    context.around.monitors.insert(context.session.id);
    Ok(Reply::OK)
}
