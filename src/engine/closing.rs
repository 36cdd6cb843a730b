//! Who is closed without having asked for it: those who do not fetch what they are sent, and those who say nothing.
//!
//! Whoever speaks for such a session finds it gone. Nothing here knows a socket or a command.

use crate::keyspace::Surroundings;
use crate::memory;
use crate::output::Limit;
use crate::session::{Session, SessionId};
use crate::sessions::Sessions;

/// Closes a session that has too much to fetch, as `client-output-buffer-limit` says.
pub fn limit_output(id: SessionId, sessions: &mut Sessions, around: &mut Surroundings) {
    let limit = output_limit(id, around);
    let Some(session) = sessions.get_mut(id) else { return };
    let too_much = session.output.is_too_much(limit, around.clock.now());
    let slow = session.output.patience_ends(limit).is_some();
    match () {
        () if too_much => {
            sessions.kill(id, around);
            around.stats.closed_by_output += 1;
        }
        () if slow => {
            sessions.slow.insert(id);
        }
        () => {
            sessions.slow.remove(&id);
        }
    }
}

/// Closes sessions, those with the most to fetch first, while all together take as much as `maxmemory-clients` says; not
/// those that have asked for `CLIENT NO-EVICT`.
pub fn limit_all(sessions: &mut Sessions, around: &mut Surroundings) {
    let Some(limit) = around.config.maxmemory_clients.bytes(around.config.maxmemory) else { return };
    while memory::of_clients(around) >= limit {
        let has_some = |session: &&Session| !session.no_evict && session.output.bytes() > 0;
        let evictable = sessions.iter().filter(has_some);
        let Some(session) = evictable.max_by_key(|session| session.output.bytes()) else { return };
        let id = session.id;
        sessions.kill(id, around);
        around.stats.evicted_clients += 1;
    }
}

/// Closes those who have had much to fetch for too long.
pub fn limit_slow(sessions: &mut Sessions, around: &mut Surroundings) {
    for id in sessions.slow.clone() {
        limit_output(id, sessions, around);
    }
}

/// When the next session will have been too slow for too long.
pub fn next_too_slow(sessions: &Sessions, around: &Surroundings) -> Option<u64> {
    let ends = |id: &SessionId| sessions.get(*id)?.output.patience_ends(output_limit(*id, around));
    sessions.slow.iter().filter_map(ends).min()
}

fn output_limit(id: SessionId, around: &Surroundings) -> Limit {
    let limits = around.config.client_output_buffer_limit;
    if around.pubsub.is_listening(id) { limits.pubsub } else { limits.normal }
}

/// Closes sessions that have been silent for longer than `timeout` says; not those who wait, listen or monitor.
pub fn close_idle(sessions: &mut Sessions, around: &mut Surroundings) {
    let (now, patience) = (around.clock.now() / 1000, around.config.timeout);
    if patience == 0 {
        return;
    }
    let is_idle = |session: &&Session| {
        let exempt = session.is_blocked() || session.monitors || around.pubsub.is_listening(session.id);
        !exempt && now.saturating_sub(session.last_interaction / 1000) > patience
    };
    let idle: Vec<_> = sessions.iter().filter(is_idle).map(|session| session.id).collect();
    for id in idle {
        sessions.kill(id, around);
    }
}
