//! Delivers what sessions are to get once a command is over, and finds the words for invalidations.
//!
//! An invalidation is a push in RESP3. A client that speaks RESP2 can be told only on a channel of another connection, to
//! which it has redirected its own. Nothing here decides who is to be told.

use crate::closing;
use crate::keyspace::{Letter, Surroundings};
use crate::reply::Reply;
use crate::session::{Protocol, Session, SessionId};
use crate::sessions::Sessions;

/// Where clients of RESP2 listen for invalidations.
const CHANNEL: &str = "__redis__:invalidate";

/// Puts all mail into the outboxes, in order. Who has too much there is closed.
pub fn deliver(sessions: &mut Sessions, around: &mut Surroundings) {
    write_out(0, sessions, None, around);
    for (to, letter) in std::mem::take(&mut around.mail) {
        if let Letter::Reply(reply) = letter {
            sessions.deliver(to, reply, around);
            closing::limit_output(to, sessions, around);
        }
    }
    closing::limit_all(sessions, around);
}

/// Finds the words for the invalidations of a command, whose mail begins at `from`: a later one may change who is told,
/// and how. Those for the session that is `amid` a transaction wait for its end.
pub fn write_out(from: usize, sessions: &Sessions, amid: Option<&Session>, around: &mut Surroundings) {
    let new = around.mail.get(from..).unwrap_or_default();
    if !new.iter().any(|(_, letter)| matches!(letter, Letter::Invalidation { .. })) {
        return;
    }
    let protocol = |id: SessionId| {
        let session = amid.filter(|session| session.id == id).or_else(|| sessions.get(id));
        session.map(|session| session.protocol)
    };
    for (id, letter) in around.mail.split_off(from) {
        let waits = amid.is_some_and(|session| session.id == id);
        let written = match letter {
            Letter::Invalidation { keys, redirect } if !waits => {
                let redirect = around.tracking.follower(id).map_or(redirect, |follower| follower.redirect);
                invalidation(id, keys, redirect, protocol, around)
                    .map(|(to, reply)| (to, Letter::Reply(reply)))
            }
            letter => Some((id, letter)),
        };
        around.mail.extend(written);
    }
}

/// A session is about to speak another protocol than before: what is on its way to it stays in that one.
pub fn pin(session: &mut Session, before: Protocol, around: &mut Surroundings) {
    session.outbox.iter_mut().for_each(|reply| reply.pin(before));
    for (to, letter) in &mut around.mail {
        if let Letter::Reply(reply) = letter
            && *to == session.id
        {
            reply.pin(before);
        }
    }
}

/// How a session that tracks, or the one that listens in its place, is told which keys have changed. It may have stopped to
/// track since, in the same transaction.
fn invalidation(
    id: SessionId,
    keys: Option<Vec<Vec<u8>>>,
    redirect: Option<SessionId>,
    protocol: impl Fn(SessionId) -> Option<Protocol>,
    around: &mut Surroundings,
) -> Option<(SessionId, Reply)> {
    let to = redirect.unwrap_or(id);
    let keys = keys.map_or(Reply::Nil, |keys| Reply::Array(keys.into_iter().map(Reply::Bulk).collect()));
    let (to, message) = match protocol(to) {
        Some(Protocol::Resp3) => (to, vec![Reply::bulk("invalidate"), keys]),
        Some(Protocol::Resp2) if redirect.is_some() && around.pubsub.is_listening(to) => {
            (to, vec![Reply::bulk("message"), Reply::bulk(CHANNEL), keys])
        }
        Some(Protocol::Resp2) => return None,
        None => {
            around.tracking.follower_mut(id)?.broken = true;
            if protocol(id) != Some(Protocol::Resp3) {
                return None;
            }
            (id, vec![Reply::bulk("tracking-redir-broken"), Reply::Integer(to.shown())])
        }
    };
    Some((to, Reply::push(message)))
}
