//! The front door: sessions come in, commands are executed, time is moved.
//!
//! The engine owns everything (databases, clock, random source, settings, sessions) and asks the world for nothing:
//! time passes only when [`Engine::advance`] says so. Whoever embeds it brings the wires, the timer and the pictures.

use std::time::Duration;

use indexmap::IndexMap;

use crate::clock::{Clock, DEFAULT_START};
use crate::config::Config;
use crate::digest::Digest;
use crate::dispatch::{self, Context};
use crate::event::Event;
use crate::keyspace::{Database, Entry, Keyspace, Surroundings, expire, fields, usage};
use crate::reply::Reply;
use crate::rng::Rng;
use crate::session::{Session, SessionId};
use crate::snapshot::{DatabaseView, Inspection, KeyView, Snapshot};
use crate::stats::Stats;

/// What an engine starts from; the rest of its life follows from its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Seeds the random source.
    pub seed: u64,
    /// Where the clock starts, in milliseconds since the Unix epoch.
    pub start: u64,
    /// Whether to collect [`Event`]s. A server that nobody watches saves the copies.
    pub record_events: bool,
    pub config: Config,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 0, start: DEFAULT_START, record_events: true, config: Config::default() }
    }
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    pub reply: Reply,
    /// What happened to keys, in order; empty where events are not recorded.
    pub events: Vec<Event>,
}

/// A Redis.
#[derive(Clone, Debug)]
pub struct Engine {
    keyspace: Keyspace,
    around: Surroundings,
    sessions: IndexMap<SessionId, Session, foldhash::fast::FixedState>,
    next_session: u64,
    active_expire: bool,
    /// When the background cycle runs next.
    next_tick: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(Options::default())
    }
}

impl Engine {
    pub fn new(options: Options) -> Self {
        let clock = Clock::starting_at(options.start);
        let keyspace = Keyspace::new(options.config.databases);
        let around = Surroundings {
            clock,
            rng: Rng::seeded(options.seed),
            stats: Stats { started: clock.now(), ..Stats::default() },
            events: options.record_events.then(Vec::new),
            config: options.config,
        };
        let mut engine = Self {
            keyspace,
            around,
            sessions: IndexMap::default(),
            next_session: 1,
            active_expire: true,
            next_tick: 0,
        };
        engine.next_tick = clock.now().saturating_add(engine.tick_period());
        engine
    }

    // ---- sessions ------------------------------------------------------------------------------------------------

    /// A new connection.
    pub fn connect(&mut self) -> SessionId {
        let id = SessionId(self.next_session);
        self.next_session += 1;
        self.around.stats.connections += 1;
        self.sessions.insert(id, Session::new(id));
        id
    }

    /// Closes a connection and frees what it held.
    pub fn disconnect(&mut self, id: SessionId) {
        self.sessions.swap_remove(&id);
    }

    pub fn session(&self, id: SessionId) -> Option<&Session> {
        self.sessions.get(&id)
    }

    /// Pushes that wait for a session; they are taken once.
    pub fn take_outbox(&mut self, id: SessionId) -> Vec<Reply> {
        self.sessions.get_mut(&id).map(|session| std::mem::take(&mut session.outbox)).unwrap_or_default()
    }

    // ---- commands ------------------------------------------------------------------------------------------------

    /// Executes one command line, the command word first. The clock stands still meanwhile.
    pub fn execute(&mut self, id: SessionId, argv: Vec<Vec<u8>>) -> Outcome {
        let reply = self.reply_to(id, argv);
        let stats = &mut self.around.stats;
        stats.commands += 1;
        stats.error_replies += u64::from(reply.is_error());
        Outcome { reply, events: self.take_events() }
    }

    fn reply_to(&mut self, id: SessionId, argv: Vec<Vec<u8>>) -> Reply {
        let connections = self.sessions.len();
        let Some(session) = self.sessions.get_mut(&id) else {
            return crate::Error::Fixed("ERR the session is closed").into();
        };
        match dispatch::resolve(&argv) {
            Ok(resolved) => {
                let (keyspace, around) = (&mut self.keyspace, &mut self.around);
                let mut context = Context { keyspace, around, session, spec: resolved.spec, connections };
                dispatch::run(&mut context, argv, resolved.first_arg)
            }
            Err(error) => error.into(),
        }
    }

    // ---- time ----------------------------------------------------------------------------------------------------

    /// Milliseconds since the epoch.
    pub fn now(&self) -> u64 {
        self.around.clock.now()
    }

    /// Lets time pass: the background cycle runs at each tick on the way, and keys expire.
    pub fn advance(&mut self, by: Duration) -> Vec<Event> {
        let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        let target = self.now().saturating_add(by).min(Clock::END);
        while self.tick_before(target) {}
        self.around.clock.advance_to(target);
        self.take_events()
    }

    /// Lets time pass until the background cycle removes a key or a field of a hash; nothing happens where none has a
    /// deadline.
    pub fn advance_to_next_expiry(&mut self) -> Vec<Event> {
        let expired = self.around.stats.removed_by_cycle();
        while self.around.stats.removed_by_cycle() == expired && self.keyspace.next_deadline().is_some() {
            if !self.tick_before(Clock::END) {
                break;
            }
        }
        self.take_events()
    }

    /// When the next key or field expires, which may be past while nobody has met it.
    pub fn next_expiry(&self) -> Option<u64> {
        self.keyspace.next_deadline()
    }

    /// Switches the background cycle off or on, as `DEBUG SET-ACTIVE-EXPIRE` does: keys then go only when met.
    pub fn set_active_expire(&mut self, on: bool) {
        self.active_expire = on;
    }

    /// Moves to the next tick that may find something, and runs the cycle; `false` where none comes before `target`.
    fn tick_before(&mut self, target: u64) -> bool {
        let period = self.tick_period();
        if !self.active_expire {
            self.next_tick = self.next_tick.max(target.saturating_add(1));
            return false;
        }
        let due = expire::earliest_due(&self.keyspace).min(fields::earliest_due(&self.keyspace));
        if due > self.next_tick {
            // Ticks on which nothing can be due change nothing: skip them.
            let first = due.min(target.saturating_add(1));
            let skipped = (first - self.next_tick.min(first)).div_ceil(period);
            self.next_tick = self.next_tick.saturating_add(skipped.saturating_mul(period));
        }
        if self.next_tick > target {
            return false;
        }
        self.around.clock.advance_to(self.next_tick);
        self.next_tick = self.next_tick.saturating_add(period);
        fields::cycle(&mut self.keyspace, &mut self.around);
        expire::cycle(&mut self.keyspace, &mut self.around);
        true
    }

    /// Milliseconds between two runs of the background cycle: how often an embedder with a real clock should advance.
    pub fn tick_period(&self) -> u64 {
        (1000 / u64::from(self.around.config.hz.max(1))).max(1)
    }

    fn take_events(&mut self) -> Vec<Event> {
        self.around.events.as_mut().map(std::mem::take).unwrap_or_default()
    }

    // ---- looking in ----------------------------------------------------------------------------------------------

    /// The settings as they are now.
    pub fn config(&self) -> &Config {
        &self.around.config
    }

    /// The state at a glance.
    pub fn snapshot(&self) -> Snapshot {
        let stats = &self.around.stats;
        let non_empty = |(index, database): (usize, &Database)| {
            let (keys, volatile) = (database.len(), database.volatile_len());
            (keys > 0).then_some(DatabaseView { index, keys, volatile })
        };
        Snapshot {
            now: self.now(),
            used_memory: self.keyspace.used_memory(),
            databases: self.keyspace.databases().iter().enumerate().filter_map(non_empty).collect(),
            next_expiry: self.next_expiry(),
            expired_lazily: stats.expired_lazily,
            expired_actively: stats.expired_actively,
        }
    }

    /// Up to `limit` keys of a database, from a position in its table on.
    pub fn keys(&self, db: usize, from: usize, limit: usize) -> Vec<KeyView> {
        let Some(database) = self.keyspace.databases().get(db) else { return Vec::new() };
        let to = from.saturating_add(limit).min(database.len());
        (from..to)
            .filter_map(|at| database.at(at))
            .map(|(key, entry)| self.key_view(database, key, entry))
            .collect()
    }

    /// The inside of a key, cut to `limit` elements; it does not count as a use.
    pub fn inspect(&self, db: usize, key: &[u8], limit: usize) -> Option<Inspection> {
        let database = self.keyspace.databases().get(db)?;
        let entry = database.get(key)?;
        Some(Inspection {
            summary: self.key_view(database, key, entry),
            value: entry.value.view(limit),
            conversion: entry.value.conversion(&self.around.config),
        })
    }

    fn key_view(&self, database: &Database, key: &[u8], entry: &Entry) -> KeyView {
        KeyView {
            key: key.to_vec(),
            kind: entry.value.kind(),
            encoding: entry.value.encoding(),
            len: entry.value.elements(),
            memory: usage(key, &entry.value),
            expires_at: database.deadline(entry),
            idle: entry.access.idle_seconds(self.now()),
        }
    }

    /// A fingerprint of all that decides what happens next: two runs with the same input have the same.
    pub fn digest(&self) -> u64 {
        let mut digest = Digest::default();
        digest.number(self.now());
        digest.number(u64::from(self.active_expire));
        digest.number(self.next_tick);
        digest.number(self.around.rng.state());
        for number in self.keyspace.field_cycle().state() {
            digest.number(number);
        }
        for database in self.keyspace.databases() {
            database.digest(&mut digest);
        }
        for session in self.sessions.values() {
            digest.number(session.id.0);
            digest.number(session.db as u64);
        }
        digest.finish()
    }
}
