//! Redis's active expire cycle: how keys leave that nobody asks for.
//!
//! `hz` times a second the cycle visits the databases, going on where it last stopped. In each it samples keys that have a
//! deadline, 20 at a time (more with `active-expire-effort`), removes those that are due, and goes on in the same database
//! while more than 10 % of the samples (less with more effort) were due. So at any moment about that share of expired keys
//! may still be in memory: the price of never stopping to look at all of them. The walk through a database goes on where
//! it last stopped, in an order in which old keys and new ones are mixed; when it has come round the database is done until
//! the next tick.
//!
//! A cycle also ends when it has taken a quarter of the time between two ticks, which is looked at after every sixteenth
//! sample of 20: a hundred thousand keys with the same deadline leave in several ticks. While that is so, short fast
//! cycles help out, after each tick and between commands, at most one in two milliseconds. How long a cycle takes is
//! reckoned by the cost model, since the clock stands still meanwhile.
//!
//! The cycle sees deadlines only. It knows nothing of commands.

use super::{Database, Keyspace, Surroundings};
use crate::cost;
use crate::event::Expiry;

/// Keys sampled in one loop at effort 1, and what each further step of effort adds.
const SAMPLES: usize = 20;
const SAMPLES_PER_EFFORT: usize = 5;
/// The percentage of due keys among the samples that is left alone at effort 1.
const ACCEPTABLE_STALE: usize = 10;
/// The percentage of the time between two ticks that a cycle may take at effort 1, and what each further step adds.
const SLOW_SHARE: u64 = 25;
const SLOW_SHARE_PER_EFFORT: u64 = 2;
/// What a fast cycle may take, in nanoseconds.
const FAST: u64 = 1_000_000;
const FAST_PER_EFFORT: u64 = 250_000;
/// Time is looked at once in so many loops.
const LOOPS_BETWEEN_LOOKS: usize = 16;
/// How much of the estimated share of stale keys the latest cycle makes up.
const LATEST: f64 = 0.05;
const NANOS_IN_MILLI: u64 = 1_000_000;

/// Where the cycle is, and what it has found so far.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ExpireCycle {
    /// The database that comes next.
    database: usize,
    /// The last one ended because its time was up.
    behind: bool,
    /// No fast cycle begins before this moment.
    fast_from: u64,
    /// An estimate of the share of keys that are past their deadline and still there, among those that have one.
    stale: f64,
    /// How often the time was up.
    pub capped: u64,
    /// How long all cycles took, in nanoseconds.
    pub nanos: u64,
}

impl ExpireCycle {
    /// The share of keys with a deadline that are past it and still there, in percent, as far as samples tell.
    pub fn stale_percent(&self) -> f64 {
        self.stale * 100.0
    }

    /// Begins to count anew.
    pub fn reset(&mut self) {
        (self.stale, self.capped, self.nanos) = (0.0, 0, 0);
    }

    /// So many ticks pass at which nothing can be due.
    pub fn skip(&mut self, ticks: u64) {
        const UNTIL_NOTHING_IS_LEFT: u64 = 1000;
        for _ in 0..ticks.min(UNTIL_NOTHING_IS_LEFT) {
            if self.stale == 0.0 {
                break;
            }
            self.estimate(0.0);
        }
        self.behind &= ticks == 0;
    }

    fn estimate(&mut self, share: f64) {
        self.stale = share * LATEST + self.stale * (1.0 - LATEST);
    }

    /// What decides how it goes on.
    pub fn state(self) -> [u64; 3] {
        [self.database as u64, u64::from(self.behind), self.fast_from]
    }
}

/// How much one cycle does.
struct Bounds {
    samples: usize,
    acceptable: usize,
    /// In nanoseconds.
    time: u64,
}

/// A cycle under way.
#[derive(Default)]
struct Pace {
    nanos: u64,
    loops: usize,
    sampled: usize,
    expired: usize,
    /// Its time is up.
    is_over: bool,
}

/// One tick: every database has its turn.
pub fn cycle(keyspace: &mut Keyspace, around: &mut Surroundings) {
    let effort = effort(around);
    let share = SLOW_SHARE + SLOW_SHARE_PER_EFFORT * effort;
    let time = share * 1000 * NANOS_IN_MILLI / u64::from(around.config.hz.max(1)) / 100;
    run(keyspace, around, time);
    fast_cycle(keyspace, around);
}

/// A short cycle, if the last one could not do all it had to.
pub fn fast_cycle(keyspace: &mut Keyspace, around: &mut Surroundings) {
    let (now, time) = (around.clock.now(), FAST + FAST_PER_EFFORT * effort(around));
    let ExpireCycle { behind, fast_from, .. } = &mut keyspace.expire_cycle;
    if *behind && now >= *fast_from && around.active_expire {
        *fast_from = now.saturating_add(2 * time / NANOS_IN_MILLI);
        run(keyspace, around, time);
    }
}

/// Steps of effort beyond the first.
fn effort(around: &Surroundings) -> u64 {
    u64::from(around.config.active_expire_effort.saturating_sub(1))
}

/// The earliest moment at which a key can be found expired.
pub fn earliest_due(keyspace: &Keyspace) -> u64 {
    let bound = keyspace.databases.iter().map(|database| database.earliest_bound).min();
    bound.map_or(u64::MAX, |at| at.saturating_add(1))
}

fn run(keyspace: &mut Keyspace, around: &mut Surroundings, time: u64) {
    if around.pause.holds_writes(around.clock.now()) {
        return;
    }
    let effort = effort(around) as usize;
    let acceptable = ACCEPTABLE_STALE - effort.min(ACCEPTABLE_STALE - 1);
    let bounds = Bounds { samples: SAMPLES + SAMPLES_PER_EFFORT * effort, acceptable, time };
    let (mut pace, databases) = (Pace::default(), keyspace.databases.len());
    for _ in 0..databases {
        if pace.is_over {
            break;
        }
        let index = keyspace.expire_cycle.database % databases;
        keyspace.expire_cycle.database = (index + 1) % databases;
        if let Some(database) = keyspace.databases.get_mut(index) {
            cycle_database(index, database, around, &bounds, &mut pace);
        }
    }
    let cycle = &mut keyspace.expire_cycle;
    cycle.behind = pace.is_over;
    cycle.capped += u64::from(pace.is_over);
    cycle.nanos = cycle.nanos.saturating_add(pace.nanos);
    cycle.estimate(if pace.sampled == 0 { 0.0 } else { pace.expired as f64 / pace.sampled as f64 });
    let (now, threshold) = (around.clock.now(), around.config.latency_monitor_threshold);
    around.stats.latency.add_if_slow("expire-cycle", now, pace.nanos, threshold);
}

fn cycle_database(
    index: usize,
    database: &mut Database,
    around: &mut Surroundings,
    bounds: &Bounds,
    pace: &mut Pace,
) {
    if database.earliest_bound >= around.clock.now() {
        // None is due, as a sample would show.
        pace.sampled += bounds.samples.min(database.volatile_len());
        return;
    }
    loop {
        let samples = bounds.samples.min(database.volatile_len());
        if samples == 0 {
            break;
        }
        let Pass { sampled, expired, came_round } = pass(index, database, around, samples, &mut pace.nanos);
        pace.sampled += sampled;
        pace.expired += expired;
        pace.loops += 1;
        database.vain_samples += sampled - expired;
        if came_round || expired * 100 / sampled.max(1) <= bounds.acceptable {
            break;
        }
        if pace.loops.is_multiple_of(LOOPS_BETWEEN_LOOKS) && pace.nanos > bounds.time {
            pace.is_over = true;
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

/// Walks on over this many keys with a deadline and removes those that are due.
fn pass(
    index: usize,
    database: &mut Database,
    around: &mut Surroundings,
    samples: usize,
    nanos: &mut u64,
) -> Pass {
    let now = around.clock.now();
    let mut walk = database.expire_walk.over(database.volatile_len());
    let (mut sampled, mut expired) = (0, 0);
    // What fills the gap of a key that was removed lies where the walk was: it is looked at there.
    let mut fills_a_gap = false;
    while sampled < samples {
        let Some(place) = walk.place() else { break };
        let found = database.volatile_at(place).map(|(key, entry)| {
            let due = database.is_expired(entry, now);
            due.then(|| (key.to_vec(), database.deadline(entry).unwrap_or(now)))
        });
        let is_sample = found.as_ref().is_some_and(|due| due.is_some() || !fills_a_gap);
        sampled += usize::from(is_sample);
        *nanos += cost::SAMPLE * u64::from(is_sample);
        fills_a_gap = false;
        if let Some(Some((key, deadline))) = found {
            let elements = database.remove(&key).map_or(0, |entry| entry.value.elements());
            *nanos = nanos.saturating_add(cost::expiry(elements));
            expired += 1;
            around.expired(index, &key, Expiry::Active, now.saturating_sub(deadline));
            fills_a_gap = true;
        } else {
            walk.step();
        }
    }
    database.expire_walk = walk;
    Pass { sampled, expired, came_round: walk.place().is_none() }
}
