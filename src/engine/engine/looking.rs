//! Looking into the engine: what pictures show, and what tests compare. Nothing changes by it.

use super::Engine;
use crate::config::Config;
use crate::digest::Digest;
use crate::keyspace::{self, Database, Entry, usage};
use crate::memory::{self, Breakdown};
use crate::picture::{Lens, Picture};
use crate::session::SessionId;
use crate::snapshot::{DatabaseView, Glance, Inspection, KeyView, Snapshot};
use crate::stats::Stats;

impl Engine {
    /// The settings as they are now.
    pub fn config(&self) -> &Config {
        &self.around.config
    }

    /// What has been counted since the engine started or `CONFIG RESETSTAT`.
    pub fn stats(&self) -> &Stats {
        &self.around.stats
    }

    /// Whether a session is subscribed to anything.
    pub fn is_listening(&self, id: SessionId) -> bool {
        self.around.pubsub.is_listening(id)
    }

    /// The state at a glance.
    pub fn snapshot(&self) -> Snapshot {
        let stats = &self.around.stats;
        let non_empty = |(index, database): (usize, &Database)| {
            let (keys, volatile) = (database.len(), database.volatile_len());
            (keys > 0).then_some(DatabaseView { index, keys, volatile })
        };
        let memory = Breakdown::of(&self.keyspace, &self.around);
        Snapshot {
            now: self.now(),
            used_memory: memory.used,
            peak_memory: memory.peak,
            dataset: memory.dataset(),
            overhead: memory.overhead,
            maxmemory: self.around.config.maxmemory,
            databases: self.keyspace.databases().iter().enumerate().filter_map(non_empty).collect(),
            next_expiry: self.next_expiry(),
            expired_lazily: stats.expired_lazily,
            expired_actively: stats.expired_actively,
            evicted: stats.evicted,
        }
    }

    /// Bytes in use, as kept up to date and as reckoned anew from every key and every element: tests hold the one against
    /// the other.
    pub fn recount(&self) -> (u64, u64) {
        let (used, kept) = (memory::used(&self.keyspace, &self.around), self.keyspace.used_memory());
        let outputs: u64 = self.sessions.iter().map(|session| session.output.allocated()).sum();
        (used, used - kept - self.around.output_memory + self.keyspace.recount() + outputs)
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

    /// What of [`Engine::inspect`] costs least.
    pub fn glance(&self, db: usize, key: &[u8]) -> Option<Glance> {
        let database = self.keyspace.databases().get(db)?;
        let entry = database.get(key)?;
        Some(Glance {
            kind: entry.value.kind(),
            encoding: entry.value.encoding(),
            memory: usage(key, &entry.value),
            expires_at: database.deadline(entry),
            idle: entry.access.idle_seconds(self.now()),
        })
    }

    /// How many keys a database holds.
    pub fn size(&self, db: usize) -> usize {
        self.keyspace.databases().get(db).map_or(0, Database::len)
    }

    /// What a lens shows of a key; it does not count as a use.
    pub fn look(&self, db: usize, key: &[u8], lens: &Lens) -> Option<Picture> {
        let database = self.keyspace.databases().get(db)?;
        let entry = database.get(key)?;
        Some(Picture {
            summary: self.key_view(database, key, entry),
            shares: keyspace::shares(key, &entry.value),
            allocated: keyspace::allocated(key, &entry.value),
            limits: entry.value.limits(&self.around.config),
            inside: entry.value.look(lens),
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
        digest.number(u64::from(self.around.active_expire));
        digest.number(self.next_tick);
        digest.number(self.around.rng.state());
        let cycles = (self.keyspace.expire_cycle().state(), self.keyspace.field_cycle().state());
        cycles.0.into_iter().chain(cycles.1).for_each(|number| digest.number(number));
        self.around.evictor.state().for_each(|number| digest.number(number));
        self.around.acl.digest(&mut digest);
        for database in self.keyspace.databases() {
            database.digest(&mut digest);
        }
        self.sessions.iter().for_each(|session| session.digest(&mut digest));
        self.around.pubsub.digest(&mut digest);
        self.around.tracking.digest(&mut digest);
        self.around.scripts.digest(&mut digest);
        digest.number(self.around.pause.ends_at().unwrap_or_default());
        digest.finish()
    }
}
