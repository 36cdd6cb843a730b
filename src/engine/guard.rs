//! The gates of access control: who speaks, and what that user may do; what is refused is noted in the log.
//!
//! Joins sessions with [`crate::acl`], which knows none. Where nobody is restricted, the gates are not even asked.

use crate::acl::log::{Incident, Place, Reason};
use crate::acl::{Acl, DEFAULT_USER, Denied, User};
use crate::command::client::list::description;
use crate::command::{CommandSpec, Flags};
use crate::dispatch::Context;
use crate::error::Error;
use crate::pubsub::Kind;
use crate::session::{Session, SessionId};

/// Makes a session the default user's, as it is when the connection opens.
pub fn begin(session: &mut Session, acl: &Acl) {
    session.user = DEFAULT_USER.to_vec();
    session.authenticated = acl.default_is_open();
}

/// Whether the session has to say who it is before anything else.
pub fn must_authenticate(context: &Context<'_>) -> bool {
    !context.session.authenticated && !context.around.acl.default_is_open()
}

/// The first gate: before a client has said who it is, it can say nothing else.
pub fn known(context: &Context<'_>, spec: &CommandSpec) -> Result<(), Error> {
    if must_authenticate(context) && !spec.flags.contains(Flags::NO_AUTH) {
        Err(Error::NoAuth)
    } else {
        Ok(())
    }
}

/// The second gate: the user may run this command line.
pub fn permitted(
    context: &mut Context<'_>,
    spec: &'static CommandSpec,
    argv: &[Vec<u8>],
) -> Result<(), Error> {
    let Some(denied) = refusal(context, spec, argv) else { return Ok(()) };
    Err(match denied {
        Denied::Command => Error::DeniedCommand { user: context.session.user.clone(), command: spec.name },
        Denied::Key(_) => Error::DeniedKey,
        Denied::Channel(_) => Error::DeniedChannel,
    })
}

/// The same for a command that was queued, before `EXEC` runs it: what was permitted then may not be any more.
pub fn still_permitted(
    context: &mut Context<'_>,
    spec: &'static CommandSpec,
    argv: &[Vec<u8>],
) -> Result<(), Error> {
    match refusal(context, spec, argv) {
        Some(denied) => Err(Error::DeniedAtExec(denied)),
        None => Ok(()),
    }
}

fn refusal(context: &mut Context<'_>, spec: &'static CommandSpec, argv: &[Vec<u8>]) -> Option<Denied> {
    if context.around.acl.is_open() {
        return None;
    }
    let denied = user(context)?.check(spec, argv).err()?;
    let object = denied.position().and_then(|position| argv.get(position)).cloned();
    let object = object.unwrap_or_else(|| spec.name.into());
    let reason = match denied {
        Denied::Command => Reason::Command,
        Denied::Key(_) => Reason::Key,
        Denied::Channel(_) => Reason::Channel,
    };
    let user = context.session.user.clone();
    note(context, reason, object, user);
    Some(denied)
}

/// Whether the user may run this command line; to ask is not noted.
pub fn would_permit(context: &Context<'_>, spec: &'static CommandSpec, argv: &[Vec<u8>]) -> bool {
    context.around.acl.is_open() || user(context).is_none_or(|user| user.check(spec, argv).is_ok())
}

fn user<'a>(context: &'a Context<'_>) -> Option<&'a User> {
    context.around.acl.user(&context.session.user)
}

/// Whether the command that runs may read keys that its line does not name.
pub fn may_read_any_key(context: &Context<'_>, argv: &[Vec<u8>]) -> bool {
    context.around.acl.is_open() || user(context).is_none_or(|user| user.may_read_any_key(context.spec, argv))
}

/// Makes the session another user's, if the password is right.
pub fn authenticate(
    context: &mut Context<'_>,
    word: &[u8],
    name: Vec<u8>,
    password: &[u8],
) -> Result<(), Error> {
    if context.around.acl.lets_in(&name, password) {
        context.session.user = name;
        context.session.authenticated = true;
        return Ok(());
    }
    note(context, Reason::Auth, word.to_vec(), name);
    Err(Error::WrongPass)
}

/// Notes a refusal, and of the connection all that `CLIENT LIST` tells.
fn note(context: &mut Context<'_>, reason: Reason, object: Vec<u8>, user: Vec<u8>) {
    let in_multi = context.in_transaction || context.session.transaction.is_some();
    let place = match in_multi {
        _ if context.in_script => Place::Script,
        true => Place::Transaction,
        false => Place::Client,
    };
    let client = description(context.session, context.around);
    let incident = Incident { reason, place, object, user, client };
    let (now, max_len) = (context.now(), context.around.config.acllog_max_len);
    context.around.acl.log.add(incident, now, max_len);
}

/// Closes the connections of a user that is gone.
pub fn expel(context: &mut Context<'_>, name: &[u8]) {
    for id in sessions_of(context, name) {
        close(context, id);
    }
}

/// Closes the connections of a changed user that listen to what it may not hear any more.
pub fn silence(context: &mut Context<'_>, name: &[u8], before: &User) {
    let Some(user) = context.around.acl.user(name).filter(|user| user.lost_channels(before)) else { return };
    let pubsub = &context.around.pubsub;
    let hears_too_much = |id: SessionId| {
        let forbidden = |kind: Kind| {
            let is_pattern = kind == Kind::Pattern;
            pubsub.names_of(id, kind).iter().any(|name| !user.may_use_channel(name, is_pattern))
        };
        [Kind::Channel, Kind::Pattern, Kind::Shard].into_iter().any(forbidden)
    };
    let surplus: Vec<SessionId> =
        sessions_of(context, name).into_iter().filter(|id| hears_too_much(*id)).collect();
    for id in surplus {
        close(context, id);
    }
}

/// Who is connected as a user.
fn sessions_of(context: &Context<'_>, name: &[u8]) -> Vec<SessionId> {
    let all = std::iter::once(&*context.session).chain(context.sessions.iter());
    all.filter(|session| session.user == name).map(|session| session.id).collect()
}

/// Closes a connection: the one that runs this command after its reply, any other as soon as it is over.
fn close(context: &mut Context<'_>, id: SessionId) {
    if id == context.session.id {
        forget(context.session);
        context.session.closing = true;
    } else if let Some(session) = context.sessions.get_mut(id) {
        forget(session);
        context.around.killed.push(id);
    }
}

fn forget(session: &mut Session) {
    session.user = DEFAULT_USER.to_vec();
    session.authenticated = false;
}
