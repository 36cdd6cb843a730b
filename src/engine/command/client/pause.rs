//! CLIENT PAUSE, UNPAUSE and UNBLOCK: who has to wait, and who waits no more.

use super::ADMIN;
use crate::args::Args;
use crate::command::blocking::{self, Patience};
use crate::command::spec::{CommandResult, CommandSpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::session::SessionId;

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "client|pause",
        since: "3.0.0",
        arity: -3,
        summary: "Holds commands of all clients up for some milliseconds, or only those that write.",
        syntax: "timeout:integer [mode(write=WRITE | all=ALL)@6.2.0]",
        example: "> CLIENT PAUSE 10000 WRITE\nOK\n> GET greeting\n(nil)\n> CLIENT UNPAUSE\nOK\n\
            > SET greeting hello\nOK",
        run: Some(pause),
        ..ADMIN
    },
    CommandSpec {
        name: "client|unblock",
        since: "5.0.0",
        arity: -3,
        summary: "Ends the waiting of another connection's blocking command, as if its time were up or with an error.",
        complexity: "O(log N) for N connections",
        syntax: "client-id:integer [unblock-type(timeout=TIMEOUT | error=ERROR)]",
        example: "> CLIENT UNBLOCK 999\n(integer) 0",
        run: Some(unblock),
        ..ADMIN
    },
    CommandSpec {
        name: "client|unpause",
        since: "6.2.0",
        summary: "Ends what CLIENT PAUSE has begun.",
        complexity: "O(N) for N connections that were held up",
        example: "> CLIENT UNPAUSE\nOK",
        run: Some(unpause),
        ..ADMIN
    },
];

/// More words than there can be are found here, not by the arity.
fn at_most(count: usize, args: &Args) -> Result<(), Error> {
    if args.remaining() > count {
        return Err(Error::SubcommandSyntax { container: "client", name: args.subcommand().to_vec() });
    }
    Ok(())
}

fn pause(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    at_most(2, args)?;
    let time = args.take()?;
    let all = match () {
        () if args.is_empty() || args.word("ALL") => true,
        () if args.word("WRITE") => false,
        () => return Err(Error::Fixed("ERR CLIENT PAUSE mode must be WRITE or ALL")),
    };
    let Patience { until } = blocking::milliseconds(context, &time)?;
    let now = context.now();
    context.around.pause.begin(now, until.unwrap_or_default(), all);
    Ok(Reply::OK)
}

fn unpause(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    context.around.pause.end();
    Ok(Reply::OK)
}

fn unblock(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    at_most(2, args)?;
    let id = args.take()?;
    let error = match () {
        () if args.is_empty() || args.word("TIMEOUT") => None,
        () if args.word("ERROR") => {
            Some(Error::Fixed("UNBLOCKED client unblocked via CLIENT UNBLOCK").into())
        }
        () => return Err(Error::Fixed("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")),
    };
    let id = crate::number::parse_i64(&id).ok_or(Error::NotAnInteger)?;
    let target = u64::try_from(id).ok().and_then(|id| context.sessions.get_mut(SessionId(id)));
    Ok(Reply::flag(target.is_some_and(|session| blocking::give_up(session, context.around, error))))
}
