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
    write_out(sessions, around);
    for (to, letter) in std::mem::take(&mut around.mail) {
        if let Letter::Reply(reply) = letter {
            sessions.deliver(to, reply, around.clock.now());
            closing::limit_output(to, sessions, around);
        }
    }
}

/// Finds the words for the invalidations of a command: a later one may change who is told, and how.
pub fn write_out(sessions: &Sessions, around: &mut Surroundings) {
    if !around.mail.iter().any(|(_, letter)| matches!(letter, Letter::Invalidation(_))) {
        return;
    }
    for (id, letter) in std::mem::take(&mut around.mail) {
        let written = match letter {
            Letter::Reply(reply) => Some((id, reply)),
            Letter::Invalidation(keys) => invalidation(id, keys, sessions, around),
        };
        around.mail.extend(written.map(|(to, reply)| (to, Letter::Reply(reply))));
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

/// How a session that tracks, or the one that listens in its place, is told which keys have changed.
fn invalidation(
    id: SessionId,
    keys: Option<Vec<Vec<u8>>>,
    sessions: &Sessions,
    around: &mut Surroundings,
) -> Option<(SessionId, Reply)> {
    let follower = around.tracking.follower_mut(id)?;
    let redirect = follower.redirect;
    let to = redirect.unwrap_or(id);
    let protocol = |id: SessionId| sessions.get(id).map(|session| session.protocol);
    let keys = keys.map_or(Reply::Nil, |keys| Reply::Array(keys.into_iter().map(Reply::Bulk).collect()));
    let (to, message) = match protocol(to) {
        Some(Protocol::Resp3) => (to, vec![Reply::bulk("invalidate"), keys]),
        Some(Protocol::Resp2) if redirect.is_some() && around.pubsub.is_listening(to) => {
            (to, vec![Reply::bulk("message"), Reply::bulk(CHANNEL), keys])
        }
        Some(Protocol::Resp2) => return None,
        None => {
            follower.broken = true;
            if protocol(id) != Some(Protocol::Resp3) {
                return None;
            }
            (id, vec![Reply::bulk("tracking-redir-broken"), Reply::Integer(to.shown())])
        }
    };
    Some((to, Reply::push(message)))
}
