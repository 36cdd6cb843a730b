//! The keyspace: every database, and the only door to keys.
//!
//! Commands reach keys through [`Db`], which expires what is due, records use, counts memory and emits events; no
//! command does any of that by hand. [`Database`] is the table behind the door, [`expire`] Redis's background cycle.
//! Nothing here knows a command's arguments or replies.

pub mod access;
mod buckets;
mod database;
mod db;
pub mod evict;
pub mod expire;
pub mod fields;
mod relocate;
mod tables;
#[cfg(test)]
mod tests;
pub mod waiting;
mod walk;
pub mod watched;

pub use access::Used;
pub use database::{Database, Entry, allocated, shares, usage};
pub use db::{Db, Edit, Ttl};
use evict::Evictor;
use expire::ExpireCycle;
use fields::FieldCycle;
use foldhash::fast::FixedState;
use indexmap::IndexSet;
pub use tables::Overhead;
use waiting::Waiting;
use watched::Watched;

use crate::acl::Acl;
use crate::clock::Clock;
use crate::config::Config;
use crate::event::{Event, EventKind, Eviction, Expiry};
use crate::memory;
use crate::pause::Pause;
use crate::pubsub::PubSub;
use crate::reply::Reply;
use crate::rng::Rng;
use crate::scripting::Scripts;
use crate::session::SessionId;
use crate::stats::Stats;
use crate::tracking::{Invalidation, Tracking};
use crate::value::ValueType;

/// Something for a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Letter {
    Reply(Reply),
    /// These keys have changed, or all. How that is said depends on who gets it.
    Invalidation {
        keys: Option<Vec<Vec<u8>>>,
        /// To whom it was redirected when it came up: that holds for one who does not track any more when it is said.
        redirect: Option<SessionId>,
    },
}

impl From<Reply> for Letter {
    fn from(reply: Reply) -> Self {
        Self::Reply(reply)
    }
}

/// What surrounds the data: everything a write may need besides the key itself.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub acl: Acl,
    pub clock: Clock,
    pub rng: Rng,
    pub config: Config,
    pub stats: Stats,
    /// `None` where nobody listens: a busy server need not copy each key's name.
    pub events: Option<Vec<Event>>,
    pub watched: Watched,
    pub waiting: Waiting,
    pub evictor: Evictor,
    /// Bytes of the command that asks for room.
    pub words: u64,
    /// How many are connected.
    pub clients: usize,
    /// What is allocated for that which clients have not fetched yet.
    pub output_memory: u64,
    pub pubsub: PubSub,
    /// Whether the background cycle removes keys whose time has come.
    pub active_expire: bool,
    /// Milliseconds that the running command sleeps; the clock moves by them when it is over.
    pub slept: u64,
    pub tracking: Tracking,
    pub pause: Pause,
    /// Who sees all commands, in the order in which they asked for it.
    pub monitors: IndexSet<SessionId, FixedState>,
    pub scripts: Scripts,
    /// Whose command runs.
    pub running: Option<SessionId>,
    /// A script runs commands for it.
    pub is_scripted: bool,
    /// What is looked up now is not used by that.
    pub leaves_no_trace: bool,
    /// What is to be delivered to sessions when the command is over, in order.
    pub mail: Vec<(SessionId, Letter)>,
    /// Sessions that are to be closed when the command is over.
    pub killed: Vec<SessionId>,
}

impl Surroundings {
    pub fn new(clock: Clock, rng: Rng, config: Config) -> Self {
        Self {
            acl: Acl::new(&config),
            clock,
            rng,
            config,
            stats: Stats { started: clock.now(), ..Stats::default() },
            events: Some(Vec::new()),
            watched: Watched::default(),
            waiting: Waiting::default(),
            evictor: Evictor::default(),
            words: 0,
            clients: 0,
            output_memory: 0,
            pubsub: PubSub::default(),
            active_expire: true,
            slept: 0,
            tracking: Tracking::default(),
            pause: Pause::default(),
            monitors: IndexSet::default(),
            scripts: Scripts::default(),
            running: None,
            is_scripted: false,
            leaves_no_trace: false,
            mail: Vec::new(),
            killed: Vec::new(),
        }
    }

    /// Has something delivered to a session when the command is over: behind the reply, where it is its own.
    pub fn send(&mut self, to: SessionId, reply: Reply) {
        if reply != Reply::NOTHING {
            self.mail.push((to, Letter::Reply(reply)));
        }
    }

    /// Has those who track told that keys have changed.
    pub fn invalidate(&mut self, news: Vec<Invalidation>) {
        for Invalidation { to, keys } in news {
            let redirect = self.tracking.follower(to).and_then(|follower| follower.redirect);
            self.mail.push((to, Letter::Invalidation { keys, redirect }));
        }
    }

    /// What those who track are to hear when a command is over: of the keys that changed under their prefixes, and of
    /// those for which the table has no room.
    pub fn invalidate_at_end(&mut self) {
        let most = self.config.tracking_table_max_keys;
        let dropped = self.tracking.limit(most, &mut self.rng);
        self.invalidate(dropped);
        let changed = self.tracking.broadcast();
        self.invalidate(changed);
    }

    /// Whether anybody is to be told of changes.
    fn has_observers(&self) -> bool {
        !self.watched.is_empty() || !self.tracking.is_idle()
    }

    /// A key has changed: those who watch it and those who have it in their caches are to know.
    fn modified(&mut self, db: usize, key: &[u8]) {
        self.watched.touch(db, key);
        if !self.tracking.is_idle() {
            // To those who follow prefixes, what a script changes is changed by nobody: in Redis it has a client of its own.
            let by = self.running.filter(|_| !self.is_scripted);
            let news = self.tracking.change(key, by, self.running);
            self.invalidate(news);
        }
    }

    /// A key went away by itself.
    fn vanished(&mut self, key: &[u8]) {
        if !self.tracking.is_idle() {
            let news = self.tracking.change(key, None, self.running);
            self.invalidate(news);
        }
    }

    /// A key was removed because its time had come.
    fn expired(&mut self, db: usize, key: &[u8], how: Expiry, late_ms: u64) {
        *match how {
            Expiry::Lazy => &mut self.stats.expired_lazily,
            Expiry::Active => &mut self.stats.expired_actively,
        } += 1;
        self.watched.expire(db, key);
        self.vanished(key);
        self.waiting.signal_gone(db, key);
        self.emit(db, key, EventKind::Expired { how, late_ms });
    }

    /// A key was removed because there was no room.
    fn evicted(&mut self, db: usize, key: &[u8], why: Eviction) {
        self.stats.evicted += 1;
        self.watched.touch(db, key);
        self.vanished(key);
        self.waiting.signal_gone(db, key);
        self.emit(db, key, EventKind::Evicted(Box::new(why)));
    }

    /// Notes that something happened to a key, and tells those who listen to such notes.
    pub(crate) fn emit(&mut self, db: usize, key: &[u8], kind: EventKind) {
        // What happens to a whole database is not announced; that a key is new has been.
        if !matches!(kind, EventKind::Database { .. } | EventKind::Changed { name: "new" }) {
            self.notify(db, key, kind.name());
        }
        let at = self.clock.now();
        if let Some(events) = &mut self.events {
            events.push(Event { at, db, key: key.to_vec(), kind });
        }
    }
}

/// All databases.
#[derive(Clone, Debug)]
pub struct Keyspace {
    databases: Vec<Database>,
    expire_cycle: ExpireCycle,
    field_cycle: FieldCycle,
}

impl Keyspace {
    pub fn new(databases: usize) -> Self {
        Self {
            databases: vec![Database::default(); databases],
            expire_cycle: ExpireCycle::default(),
            field_cycle: FieldCycle::default(),
        }
    }

    pub fn len(&self) -> usize {
        self.databases.len()
    }

    pub fn is_empty(&self) -> bool {
        self.databases.is_empty()
    }

    pub fn databases(&self) -> &[Database] {
        &self.databases
    }

    /// The value of a type at a key that has been read through the door already: expired if it was due, counted, and
    /// known to be of the type. Unlike the door, this leaves the surroundings free to be used beside the value.
    pub fn peek<T: ValueType>(&self, db: usize, key: &[u8]) -> Option<&T> {
        T::of(&self.databases.get(db)?.get(key)?.value)
    }

    /// The door to one database; `None` for an index that does not exist.
    pub fn db<'a>(&'a mut self, index: usize, around: &'a mut Surroundings) -> Option<Db<'a>> {
        let ceiling = self.ceiling(index, around);
        let database = self.databases.get_mut(index)?;
        database.set_ceiling(ceiling);
        Some(Db::new(index, database, around))
    }

    /// Exchanges the contents of two databases that exist; sessions keep their index and see the other's keys.
    pub fn swap(&mut self, a: usize, b: usize, around: &mut Surroundings) {
        if a != b && a < self.databases.len() && b < self.databases.len() {
            for (from, to) in [(a, b), (b, a)] {
                self.tell_watchers(from, Some(to), around);
            }
            self.databases.swap(a, b);
            for index in [a, b] {
                for key in around.waiting.of_database(index) {
                    around.waiting.signal(index, &key);
                }
                around.emit(index, b"", EventKind::Database { name: "swapdb" });
            }
        }
    }

    /// Those who watch keys of a database see them go, and perhaps others come in their place from another one.
    fn tell_watchers(&self, from: usize, to: Option<usize>, around: &mut Surroundings) {
        let now = around.clock.now();
        let is_there = |db: usize, key: &[u8]| {
            let database = self.databases.get(db)?;
            database.get(key).map(|entry| database.is_expired(entry, now))
        };
        for key in around.watched.of_database(from) {
            let is = to.and_then(|to| is_there(to, &key));
            around.watched.replace(from, &key, is_there(from, &key).is_some(), is);
        }
    }

    /// Empties a database.
    pub fn flush(&mut self, db: usize, around: &mut Surroundings) {
        let news = around.tracking.flush();
        around.invalidate(news);
        self.empty(db, "flushdb", around);
    }

    /// Empties all databases.
    pub fn flush_all(&mut self, around: &mut Surroundings) {
        let news = around.tracking.flush();
        around.invalidate(news);
        for db in 0..self.databases.len() {
            match self.databases.get_mut(db) {
                Some(database) if !database.is_empty() => self.empty(db, "flushall", around),
                // Nobody need be told, but what tables it has go.
                Some(database) => database.clear(),
                None => {}
            }
        }
    }

    fn empty(&mut self, db: usize, event: &'static str, around: &mut Surroundings) {
        self.tell_watchers(db, None, around);
        for key in around.waiting.of_database(db) {
            around.waiting.signal_gone(db, &key);
        }
        if let Some(database) = self.databases.get_mut(db) {
            around.stats.work.walk_keys(database.len());
            database.clear();
            around.emit(db, b"", EventKind::Database { name: event });
        }
    }

    /// Whether a key is past its deadline and nobody has met it since.
    pub fn is_expired(&self, db: usize, key: &[u8], now: u64) -> bool {
        let Some(database) = self.databases.get(db) else { return false };
        database.get(key).is_some_and(|entry| database.is_expired(entry, now))
    }

    /// The type at a key, without using it: none where there is no key, or one past its deadline.
    pub fn kind(&self, db: usize, key: &[u8], now: u64) -> Option<&'static str> {
        let database = self.databases.get(db)?;
        let alive = database.get(key).filter(|entry| !database.is_expired(entry, now));
        alive.map(|entry| entry.value.kind())
    }

    /// Bytes the memory model counts, over all databases.
    pub fn used_memory(&self) -> u64 {
        self.databases.iter().map(Database::memory).sum()
    }

    /// Where the cycle is that removes keys, and what it has found.
    pub fn expire_cycle(&self) -> &ExpireCycle {
        &self.expire_cycle
    }

    pub fn expire_cycle_mut(&mut self) -> &mut ExpireCycle {
        &mut self.expire_cycle
    }

    /// The same, reckoned anew from every key and every element: what tests hold the running total against.
    pub fn recount(&self) -> u64 {
        self.databases.iter().map(Database::recount).sum()
    }

    /// What a database may take before its tables stop growing: all that `maxmemory` leaves beside what else is in use.
    fn ceiling(&self, db: usize, around: &Surroundings) -> Option<u64> {
        let most = around.config.maxmemory;
        if most == 0 {
            return None;
        }
        let own = self.databases.get(db).map_or(0, Database::memory);
        Some(most.saturating_sub(memory::used(self, around).saturating_sub(own)))
    }

    /// So many ticks pass for the tables of all databases.
    pub fn tick_tables(&mut self, ticks: u64, around: &Surroundings) {
        for index in 0..self.databases.len() {
            let ceiling = self.ceiling(index, around);
            if let Some(database) = self.databases.get_mut(index) {
                database.set_ceiling(ceiling);
                database.tick(ticks);
            }
        }
    }

    /// Where the cycle is that removes fields of hashes.
    pub fn field_cycle(&self) -> FieldCycle {
        self.field_cycle
    }

    /// The earliest deadline of any key, or field of a hash.
    pub fn next_deadline(&self) -> Option<u64> {
        self.databases.iter().filter_map(Database::next_deadline).min()
    }
}
