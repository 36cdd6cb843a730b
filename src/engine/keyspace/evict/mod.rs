//! Eviction: how keys leave because there is no room for them.
//!
//! When more memory is in use than `maxmemory` allows, keys are evicted before a command runs, one after the other, until
//! what they took makes up for what is too much. A victim by idle time, frequency or deadline is found as Redis finds it:
//! from every database that has any, `maxmemory-samples` keys are drawn and offered to the [`Pool`]; the best candidate of
//! the pool that still exists is the victim. With a random policy the databases take turns, and a key of the next one is
//! drawn. What is drawn lies behind a random slot of a hash table, as [`Buckets`](super::buckets::Buckets) tells.
//!
//! A command does not wait for all of it: after each sixteenth victim it is asked whether this has taken longer than
//! `maxmemory-eviction-tenacity` grants, half a millisecond by default. Then the command goes on, and so does eviction,
//! whenever time passes, until enough is free. How long a victim takes is reckoned by the cost model, since the clock
//! stands still. Lowering `maxmemory` itself sets eviction going in the same way.
//!
//! Every victim is an event that tells which candidates there were and why this one was chosen. Nothing here knows a
//! command; which of them is refused when nothing can be evicted, the gates know.

mod pool;
#[cfg(test)]
mod tests;

pub use pool::Pool;

use super::{Database, Entry, Keyspace, Surroundings};
use crate::config::Criterion;
use crate::cost;
use crate::event::{Candidate, Comparison, Eviction, Standing};
use crate::memory;

/// The most keys a sample may have: the bound of `maxmemory-samples`.
const MOST_SAMPLES: usize = 64;
/// Time is looked at once for so many victims.
const VICTIMS_BETWEEN_LOOKS: usize = 16;
const NANOS_IN_MILLI: u64 = 1_000_000;

/// What eviction remembers.
#[derive(Clone, Debug, Default)]
pub struct Evictor {
    pool: Pool,
    /// The database that a random policy has drawn from last.
    last_db: usize,
    /// More is to be evicted than a command had to wait for; it goes on when time passes.
    running: bool,
    /// Since when there has been too much in use, in milliseconds of the clock.
    exceeded_since: Option<u64>,
    /// How long that was the case before, in milliseconds.
    exceeded_before: u64,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is room.
    Enough,
    /// There will be: the time was up.
    Running,
    /// Nothing can be evicted.
    Failed,
}

/// Comparisons are told of so many victims that nobody has been told of yet: of a hundred thousand at once they would take
/// more memory than the keys did.
const COMPARISONS_TOLD: usize = 1000;

/// A key that has been chosen, and for those who listen, out of whom.
struct Victim {
    chosen: Candidate,
    compared: Option<Comparison>,
}

impl Evictor {
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// Whether it goes on when time passes.
    pub fn is_running(&self) -> bool {
        self.running
    }

    /// Has it go on when time passes, if there is too much in use.
    pub fn start(&mut self) {
        self.running = true;
    }

    /// For how many milliseconds there was too much in use: in all, and this time.
    pub fn exceeded(&self, now: u64) -> (u64, u64) {
        let current = self.exceeded_since.map_or(0, |since| now.saturating_sub(since));
        (self.exceeded_before + current, current)
    }

    /// Begins to count that time anew.
    pub fn reset_exceeded(&mut self) {
        (self.exceeded_since, self.exceeded_before) = (None, 0);
    }

    /// What decides how it goes on.
    pub fn state(&self) -> impl Iterator<Item = u64> + '_ {
        let ranks = self.pool.candidates().iter().map(|candidate| candidate.standing.rank());
        [self.last_db as u64, u64::from(self.running)].into_iter().chain(ranks)
    }

    fn note(&mut self, outcome: Outcome, now: u64) {
        if outcome != Outcome::Enough {
            self.exceeded_since = self.exceeded_since.or(Some(now));
        } else if let Some(since) = self.exceeded_since.take() {
            self.exceeded_before += now.saturating_sub(since);
        }
    }
}

/// Makes room before a command, for as long as one waits for it.
pub fn make_room(keyspace: &mut Keyspace, around: &mut Surroundings) -> Outcome {
    evict(keyspace, around).0
}

/// Goes on with what commands did not wait for: once between two commands, and then for so many milliseconds of the clock.
pub fn go_on(keyspace: &mut Keyspace, around: &mut Surroundings, millis: u64) {
    let (mut taken, limit) = (0, millis.saturating_mul(NANOS_IN_MILLI));
    while around.evictor.running {
        let (outcome, nanos) = evict(keyspace, around);
        around.evictor.running = outcome == Outcome::Running;
        taken += nanos;
        if taken >= limit {
            break;
        }
    }
}

/// One run, and how long it took.
fn evict(keyspace: &mut Keyspace, around: &mut Surroundings) -> (Outcome, u64) {
    // What is evicted could not be told to replicas while a pause lasts: nothing is, and there counts as being room.
    let now = around.clock.now();
    if around.pause.holds_writes(now) {
        return (Outcome::Enough, 0);
    }
    let mut nanos = 0;
    let outcome = match memory::excess(keyspace, around) {
        None => Outcome::Enough,
        Some(excess) => free(excess, keyspace, around, &mut nanos),
    };
    around.evictor.note(outcome, now);
    around.stats.latency.add_if_slow("eviction-cycle", now, nanos, around.config.latency_monitor_threshold);
    (outcome, nanos)
}

fn free(excess: u64, keyspace: &mut Keyspace, around: &mut Surroundings, nanos: &mut u64) -> Outcome {
    let limit = time_limit(around.config.maxmemory_eviction_tenacity);
    // Signed, as in Redis: what a victim makes free may be less than nothing.
    let (mut freed, mut victims) = (0_i64, 0);
    while freed < excess as i64 {
        let Some(victim) = choose(keyspace, around) else { return Outcome::Failed };
        let cost;
        (freed, cost) = remove(victim, freed, keyspace, around);
        *nanos = nanos.saturating_add(cost);
        victims += 1;
        if victims % VICTIMS_BETWEEN_LOOKS == 0 && limit.is_some_and(|limit| *nanos > limit) {
            around.evictor.running = true;
            break;
        }
    }
    if around.evictor.running { Outcome::Running } else { Outcome::Enough }
}

/// How long a command waits, in nanoseconds: up to 10 in steps of 50 microseconds, above that 15 % more with each step.
fn time_limit(tenacity: u32) -> Option<u64> {
    const STEP: u64 = 50_000;
    match tenacity {
        0..=10 => Some(STEP * u64::from(tenacity)),
        // Multiplied step by step: the platform's power function may differ from one to the next.
        11..100 => Some((10..tenacity).fold(10.0 * STEP as f64, |limit, _| limit * 1.15) as u64),
        _ => None,
    }
}

/// Removes a victim and tells of it. Gives the bytes that are free now, and how long it took.
fn remove(victim: Victim, freed: i64, keyspace: &mut Keyspace, around: &mut Surroundings) -> (i64, u64) {
    let Victim { chosen, compared } = victim;
    let Some(database) = keyspace.databases.get_mut(chosen.db) else { return (freed, 0) };
    let used = database.memory();
    let elements = database.remove(&chosen.key).map_or(0, |entry| entry.value.elements());
    let bytes = used as i64 - database.memory() as i64;
    let nanos = cost::eviction(around.config.maxmemory_samples, elements);
    around.stats.latency.add_if_slow(
        "eviction-del",
        around.clock.now(),
        nanos,
        around.config.latency_monitor_threshold,
    );
    let (policy, standing) = (around.config.maxmemory_policy.word(), chosen.standing);
    around.evicted(chosen.db, &chosen.key, Eviction { policy, standing, bytes, compared });
    (freed + bytes, nanos)
}

// ---- whom ------------------------------------------------------------------------------------------------------------

fn choose(keyspace: &mut Keyspace, around: &mut Surroundings) -> Option<Victim> {
    let criterion = around.config.maxmemory_policy.criterion()?;
    let mut evictor = std::mem::take(&mut around.evictor);
    let victim = match criterion {
        Criterion::Chance => evictor.draw(keyspace, around),
        _ => evictor.best(criterion, keyspace, around),
    };
    around.evictor = evictor;
    victim
}

impl Evictor {
    /// The best candidate of the pool, once samples of all databases have been offered to it.
    fn best(
        &mut self,
        criterion: Criterion,
        keyspace: &mut Keyspace,
        around: &mut Surroundings,
    ) -> Option<Victim> {
        let spares_lasting = around.config.maxmemory_policy.spares_lasting();
        let listens = around.events.as_ref().is_some_and(|events| events.len() < COMPARISONS_TOLD);
        let mut compared = listens.then(|| Comparison {
            sampled: Vec::new(),
            before: self.pool.candidates().to_vec(),
            after: Vec::new(),
        });
        loop {
            let mut any = false;
            for (db, database) in keyspace.databases.iter_mut().enumerate() {
                let mut drawn = [0; MOST_SAMPLES];
                let sample = sample(database, &mut drawn, around);
                any |= size(database, around) > 0;
                for place in sample {
                    let found =
                        if spares_lasting { database.volatile_at(*place) } else { database.at(*place) };
                    let Some((key, entry)) = found else { continue };
                    let standing = standing(criterion, database, entry, around);
                    self.pool.offer(standing, db, key);
                    if let Some(compared) = &mut compared {
                        compared.sampled.push(Candidate { db, key: key.to_vec(), standing });
                    }
                }
            }
            if !any {
                return None;
            }
            while let Some(chosen) = self.pool.take_best() {
                let database = keyspace.databases().get(chosen.db);
                let entry = database.and_then(|database| Some((database, database.get(&chosen.key)?)));
                let may_go = entry
                    .is_some_and(|(database, entry)| !spares_lasting || database.deadline(entry).is_some());
                if may_go {
                    if let Some(compared) = &mut compared {
                        compared.after = self.pool.candidates().to_vec();
                    }
                    return Some(Victim { chosen, compared });
                }
            }
        }
    }

    /// A key by chance, of the next database that has any.
    fn draw(&mut self, keyspace: &mut Keyspace, around: &mut Surroundings) -> Option<Victim> {
        let spares_lasting = around.config.maxmemory_policy.spares_lasting();
        for _ in 0..keyspace.len() {
            self.last_db = (self.last_db + 1) % keyspace.len();
            let Some(database) = keyspace.databases.get_mut(self.last_db) else { continue };
            if size(database, around) == 0 {
                continue;
            }
            let rng = &mut around.rng;
            let seed = rng.state();
            let Some(place) = database.buckets(spares_lasting, seed).draw_one(rng) else { continue };
            let found = if spares_lasting { database.volatile_at(place) } else { database.at(place) };
            if let Some((key, _)) = found {
                let chosen = Candidate { db: self.last_db, key: key.to_vec(), standing: Standing::Chance };
                return Some(Victim { chosen, compared: None });
            }
        }
        None
    }
}

/// How many keys of a database may be evicted.
fn size(database: &Database, around: &Surroundings) -> usize {
    if around.config.maxmemory_policy.spares_lasting() { database.volatile_len() } else { database.len() }
}

/// Draws as many different places as a sample has, as they lie behind a random slot.
fn sample<'a>(
    database: &mut Database,
    drawn: &'a mut [usize; MOST_SAMPLES],
    around: &mut Surroundings,
) -> &'a [usize] {
    if size(database, around) == 0 {
        return &[];
    }
    let (config, rng) = (&around.config, &mut around.rng);
    let seed = rng.state();
    let samples = config.maxmemory_samples.clamp(1, MOST_SAMPLES);
    let wanted = drawn.get_mut(..samples).unwrap_or_default();
    let count = database.buckets(config.maxmemory_policy.spares_lasting(), seed).draw(rng, wanted);
    wanted.get(..count).unwrap_or_default()
}

fn standing(criterion: Criterion, database: &Database, entry: &Entry, around: &Surroundings) -> Standing {
    let now = around.clock.now();
    match criterion {
        Criterion::Idle => Standing::Idle(entry.access.idle_seconds(now)),
        Criterion::Frequency => Standing::Counter(entry.access.counter(now, &around.config)),
        Criterion::Deadline => Standing::Deadline(database.deadline(entry).unwrap_or(u64::MAX)),
        Criterion::Chance => Standing::Chance,
    }
}
