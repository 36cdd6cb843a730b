//! Redis's active expire cycle: how keys leave that nobody asks for.
//!
//! `hz` times a second the cycle visits every database. In each it samples keys that have a deadline, 20 at a time
//! (more with `active-expire-effort`), removes those that are due, and goes on in the same database while more than
//! 10 % of the samples (less with more effort) were due. So at any moment about that share of expired keys may still
//! be in memory: the price of never stopping to look at all of them. The walk goes on where it last stopped; when it
//! has come round the database is done until the next tick.
//!
//! Redis also stops a cycle that takes a quarter of the processor's time; on a virtual clock a cycle takes no time.
//!
//! The cycle sees deadlines only. It knows nothing of commands.

use super::{Database, Keyspace, Surroundings};
use crate::event::Expiry;

/// Keys sampled in one loop at effort 1, and what each further step of effort adds.
const SAMPLES: usize = 20;
const SAMPLES_PER_EFFORT: usize = 5;
/// The percentage of due keys among the samples that is left alone at effort 1.
const ACCEPTABLE_STALE: usize = 10;

/// One tick: every database has its turn.
pub fn cycle(keyspace: &mut Keyspace, around: &mut Surroundings) {
    for (index, database) in keyspace.databases.iter_mut().enumerate() {
        cycle_database(index, database, around);
    }
}

/// The earliest moment at which a key can be found expired.
pub fn earliest_due(keyspace: &Keyspace) -> u64 {
    let bound = keyspace.databases.iter().map(|database| database.earliest_bound).min();
    bound.map_or(u64::MAX, |at| at.saturating_add(1))
}

fn cycle_database(index: usize, database: &mut Database, around: &mut Surroundings) {
    let now = around.clock.now();
    if database.earliest_bound >= now {
        return;
    }
    let effort = (around.config.active_expire_effort as usize).saturating_sub(1);
    let acceptable = ACCEPTABLE_STALE - effort.min(ACCEPTABLE_STALE - 1);
    let per_loop = SAMPLES + SAMPLES_PER_EFFORT * effort;
    loop {
        let samples = per_loop.min(database.volatile_len());
        if samples == 0 {
            break;
        }
        let Pass { sampled, expired, came_round } = pass(index, database, around, samples);
        database.vain_samples += sampled - expired;
        if came_round || expired * 100 <= acceptable * sampled {
            break;
        }
    }
    // Looking at every deadline is paid for by as many samples that found nothing.
    if database.vain_samples >= database.volatile_len() {
        database.vain_samples = 0;
        database.earliest_bound = database.next_key_deadline().unwrap_or(u64::MAX);
    }
}

/// What one loop found.
struct Pass {
    sampled: usize,
    expired: usize,
    came_round: bool,
}

/// Walks down the list of keys with a deadline over this many of them and removes those that are due.
fn pass(index: usize, database: &mut Database, around: &mut Surroundings, samples: usize) -> Pass {
    let now = around.clock.now();
    if database.expire_cursor == 0 || database.expire_cursor > database.volatile_len() {
        database.expire_cursor = database.volatile_len();
    }
    let (mut sampled, mut expired) = (0, 0);
    while sampled < samples && database.expire_cursor > 0 {
        database.expire_cursor -= 1;
        sampled += 1;
        let due = database
            .volatile_at(database.expire_cursor)
            .filter(|(_, entry)| database.is_expired(entry, now))
            .map(|(key, entry)| (key.to_vec(), database.deadline(entry).unwrap_or(now)));
        if let Some((key, deadline)) = due {
            database.remove(&key);
            expired += 1;
            around.expired(index, &key, Expiry::Active, now.saturating_sub(deadline));
        }
    }
    Pass { sampled, expired, came_round: database.expire_cursor == 0 }
}
