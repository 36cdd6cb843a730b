//! The keyspace: every database, and the only door to keys.
//!
//! Commands reach keys through [`Db`], which expires what is due, records use, counts memory and emits events; no
//! command does any of that by hand. [`Database`] is the table behind the door, [`expire`] Redis's background cycle.
//! Nothing here knows a command's arguments or replies.

pub mod access;
mod database;
mod db;
pub mod expire;
pub mod fields;
#[cfg(test)]
mod tests;

pub use access::Used;
pub use database::{Database, Entry, usage};
pub use db::{Db, Edit, Ttl};
use fields::FieldCycle;

use crate::clock::Clock;
use crate::config::Config;
use crate::event::{Event, EventKind};
use crate::rng::Rng;
use crate::stats::Stats;
use crate::value::ValueType;

/// What surrounds the data: everything a write may need besides the key itself.
#[derive(Clone, Debug)]
pub struct Surroundings {
    pub clock: Clock,
    pub rng: Rng,
    pub config: Config,
    pub stats: Stats,
    /// `None` where nobody listens: a busy server need not copy each key's name.
    pub events: Option<Vec<Event>>,
}

impl Surroundings {
    /// Notes that something happened to a key.
    pub(crate) fn emit(&mut self, db: usize, key: &[u8], kind: EventKind) {
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
    field_cycle: FieldCycle,
}

impl Keyspace {
    pub fn new(databases: usize) -> Self {
        Self { databases: vec![Database::default(); databases], field_cycle: FieldCycle::default() }
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
        let database = self.databases.get_mut(index)?;
        Some(Db::new(index, database, around))
    }

    /// Exchanges the contents of two databases that exist; sessions keep their index and see the other's keys.
    pub fn swap(&mut self, a: usize, b: usize, around: &mut Surroundings) {
        if a != b && a < self.databases.len() && b < self.databases.len() {
            self.databases.swap(a, b);
            for index in [a, b] {
                around.emit(index, b"", EventKind::Database { name: "swapdb" });
            }
        }
    }

    /// Bytes the memory model counts, over all databases.
    pub fn used_memory(&self) -> u64 {
        self.databases.iter().map(Database::memory).sum()
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
