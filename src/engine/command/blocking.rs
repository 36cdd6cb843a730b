//! What blocking commands share: the time they may wait, and how their session begins to wait.
//!
//! A blocking command first serves what is there, just as its plain sibling does. Where there is nothing, it ends in
//! [`wait`]. When there may be something, the engine has the whole command line tried again: what it finds, and whether
//! it has to wait once more, is its own business.

use super::spec::CommandResult;
use crate::dispatch::{self, Attempt, Context};
use crate::error::Error;
use crate::keyspace::Surroundings;
use crate::measure;
use crate::number::{self, Extended};
use crate::reply::Reply;
use crate::session::{Blocked, Cause, Request, Session};

/// Until when a session would wait: absolute milliseconds, or for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    pub until: Option<u64>,
}

/// A number of seconds, which may have decimals; zero is for ever.
pub fn seconds(context: &Context<'_>, text: &[u8]) -> Result<Patience, Error> {
    patience(context, Extended::parse(text).ok_or(Error::TimeoutNotAFloat)?.thousandfold())
}

/// A whole number of milliseconds; zero is for ever.
pub fn milliseconds(context: &Context<'_>, text: &[u8]) -> Result<Patience, Error> {
    patience(context, number::parse_i64(text).ok_or(Error::TimeoutNotAnInteger)?.into())
}

fn patience(context: &Context<'_>, millis: i128) -> Result<Patience, Error> {
    if millis < 0 {
        return Err(Error::TimeoutNegative);
    }
    let until = millis.saturating_add(context.now().into());
    if i64::try_from(until).is_err() {
        return Err(Error::TimeoutOutOfRange);
    }
    Ok(Patience { until: if millis == 0 { None } else { u64::try_from(until).ok() } })
}

/// Waits for a value of a type at one of some keys. `nothing` is the answer where nobody can wait; a session that has
/// waited in vain gets a null array whatever the command.
pub fn for_keys(
    context: &mut Context<'_>,
    kind: &'static str,
    keys: Vec<Vec<u8>>,
    patience: Patience,
    nothing: Reply,
) -> CommandResult {
    let cause = Cause::Keys { db: context.session.db, keys, kind, or_gone: false };
    Ok(wait(context, cause, patience, nothing, Reply::NilArray))
}

/// Begins to wait, or answers `at_once` where that cannot be. The session answers `in_vain` when its time is up.
pub fn wait(
    context: &mut Context<'_>,
    cause: Cause,
    patience: Patience,
    at_once: Reply,
    in_vain: Reply,
) -> Reply {
    let Some(request) = context.request.take() else { return at_once };
    let patience = if let Attempt::Again(left) = context.attempt { left } else { patience };
    let ticket = context.around.waiting.ticket();
    let blocked = Blocked { cause, ticket, deadline: patience.until, in_vain, request };
    context.around.waiting.enter(context.session.id, &blocked);
    context.session.blocked = Some(blocked);
    Reply::NOTHING
}

/// Has a command that has not begun wait for the end of `CLIENT PAUSE`.
pub fn postpone(context: &mut Context<'_>, request: Request) -> Reply {
    let ticket = context.around.waiting.ticket();
    let (cause, in_vain) = (Cause::Pause, Reply::NOTHING);
    let blocked = Blocked { cause, ticket, deadline: None, in_vain, request };
    context.around.waiting.enter(context.session.id, &blocked);
    context.session.blocked = Some(blocked);
    Reply::NOTHING
}

/// Ends a session's waiting in vain, with an answer other than its command's own, if there is one; whether it waited. A
/// command that is held up has not begun to, and can only be given up for something else.
pub fn give_up(session: &mut Session, around: &mut Surroundings, instead: Option<Reply>) -> bool {
    let may_end = |blocked: &Blocked| match blocked.cause {
        Cause::Pause => instead.is_some() && !around.pause.is_released(session.id),
        // It does not wait, it is at work.
        Cause::Script => false,
        _ => true,
    };
    let waits = session.blocked.as_ref().is_some_and(may_end);
    let Some(blocked) = waits.then(|| end(session, around)).flatten() else { return false };
    measure::in_vain(around, blocked.request.spec);
    let reply = session.heard(instead.unwrap_or(blocked.in_vain));
    around.send(session.id, reply);
    dispatch::command_over(session, around);
    true
}

/// Writes down for the next try what a word of the command line means now, counted from its end.
pub fn pin(context: &mut Context<'_>, from_end: usize, word: Vec<u8>) {
    let argv = context.request.as_mut().map(|request| &mut request.argv);
    if let Some(place) = argv.and_then(|argv| argv.iter_mut().rev().nth(from_end)) {
        *place = word;
    }
}

/// Ends a session's waiting, and gives what it was waiting for.
pub fn end(session: &mut Session, around: &mut Surroundings) -> Option<Blocked> {
    let blocked = leave(session, around)?;
    around.waiting.free(session.id);
    Some(blocked)
}

/// Takes a session out of the queues: to try again, or because it is going.
pub fn leave(session: &mut Session, around: &mut Surroundings) -> Option<Blocked> {
    let blocked = session.blocked.take()?;
    around.waiting.leave(session.id, &blocked);
    if blocked.cause == Cause::Pause {
        around.pause.forget(session.id);
    }
    Some(blocked)
}
