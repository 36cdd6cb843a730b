//! Delivers what sessions are to get once a command is over, and finds the words for invalidations.
//!
//! An invalidation is a push in RESP3. A client that speaks RESP2 can be told only on a channel of another connection, to
//! which it has redirected its own. Nothing here decides who is to be told.

use crate::closing;
use crate::keyspace::{Letter, Surroundings};
use crate::reply::Reply;
use crate::session::{Protocol, SessionId};
use crate::sessions::Sessions;

/// Where clients of RESP2 listen for invalidations.
const CHANNEL: &str = "__redis__:invalidate";

/// Puts all mail into the outboxes, in order. Who has too much there is closed.
pub fn deliver(sessions: &mut Sessions, around: &mut Surroundings) {
    for (id, letter) in std::mem::take(&mut around.mail) {
        let delivery = match letter {
            Letter::Reply(reply) => Some((id, reply)),
            Letter::Invalidation(keys) => invalidation(id, keys, sessions, around),
        };
        if let Some((to, reply)) = delivery {
            sessions.deliver(to, reply, around);
            closing::limit_output(to, sessions, around);
        }
    }
    closing::limit_all(sessions, around);
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
