//! Fields of hashes that expire: how they leave when a command meets them, and Redis's cycle for those nobody meets.
//!
//! At each tick the cycle takes as many turns as there are databases, going from one to the next. In its turn a
//! database gives up the fields that are due, at most so many that ten thousand leave in a second; if that was not
//! enough, the next turn is the same database's. Hashes are taken in the order of the moments they asked to be looked
//! into, which the database keeps in a list, so nothing that is not due is touched.
//!
//! Unlike keys, fields past their deadline are not gone for everybody: what looks at a whole hash passes over them,
//! `HLEN` counts them, and only some commands remove them.

use super::{Database, Db, Keyspace, Surroundings};
use crate::event::{EventKind, Expiry};
use crate::value::{Hash, ValueType};

/// Fields that may leave in a second, shared out over the ticks.
const FIELDS_PER_SECOND: usize = 10_000;
/// A database that has given up so many fields without coming to an end may give up more at once, …
const PERSISTENT: usize = 1_000_000;
/// … up to so many times as many.
const MOST_FACTOR: usize = 32;

/// Where the cycle is.
#[derive(Clone, Copy, Debug, Default)]
pub struct FieldCycle {
    database: usize,
    /// Fields that the database has given up in turns that were not enough.
    sequence: usize,
}

impl FieldCycle {
    /// What decides how it goes on.
    pub fn state(self) -> [u64; 2] {
        [self.database as u64, self.sequence as u64]
    }
}

/// One tick.
pub fn cycle(keyspace: &mut Keyspace, around: &mut Surroundings) {
    if around.pause.holds_writes(around.clock.now()) {
        return;
    }
    for _ in 0..keyspace.databases.len() {
        turn(keyspace, around);
    }
}

/// The moment from which on the cycle finds something to look into.
pub fn earliest_due(keyspace: &Keyspace) -> u64 {
    let first = keyspace.databases.iter().filter_map(|database| database.first_waking()).map(|(at, _)| at);
    first.min().map_or(u64::MAX, |at| at.saturating_add(1))
}

fn turn(keyspace: &mut Keyspace, around: &mut Surroundings) {
    let databases = keyspace.databases.len();
    let FieldCycle { database: index, sequence } = keyspace.field_cycle;
    let Some(database) = keyspace.databases.get_mut(index) else { return };
    let factor = (sequence / PERSISTENT).clamp(1, MOST_FACTOR);
    let most = FIELDS_PER_SECOND / around.config.hz.max(1) as usize * factor;
    keyspace.field_cycle = if expire_in(index, database, around, most) == most {
        FieldCycle { database: index, sequence: sequence + most }
    } else {
        FieldCycle { database: (index + 1) % databases, sequence: 0 }
    };
}

/// Removes up to `most` fields that are due from a database, and gives their number.
fn expire_in(index: usize, database: &mut Database, around: &mut Surroundings, most: usize) -> usize {
    let now = around.clock.now();
    let mut removed = 0;
    while removed < most {
        let Some(key) = database.first_waking().filter(|(at, _)| *at < now).map(|(_, key)| key.to_vec())
        else {
            break;
        };
        let expired = database.edit(&key, |entry| {
            Hash::of_mut(&mut entry.value).map_or(0, |hash| hash.expire(now, most - removed))
        });
        let expired = expired.unwrap_or(0);
        around.stats.fields_expired_actively += expired as u64;
        removed += expired;
        tell(index, database, around, &key, expired, Expiry::Active);
    }
    removed
}

/// Tells that so many fields of a hash have expired, and removes what has none left.
fn tell(
    index: usize,
    database: &mut Database,
    around: &mut Surroundings,
    key: &[u8],
    fields: usize,
    how: Expiry,
) {
    if fields == 0 {
        return;
    }
    around.emit(index, key, EventKind::FieldsExpired { how, fields });
    around.modified(index, key);
    if database.get(key).is_some_and(|entry| entry.value.is_vacant()) {
        database.remove(key);
        around.emit(index, key, EventKind::Changed { name: "del" });
    }
}

impl Db<'_> {
    /// Lazy expiry of fields: removes those of a hash's fields that are due among the ones named, or, where none are
    /// named, all. The key goes with the last field.
    pub fn expire_fields(&mut self, key: &[u8], named: Option<&[Vec<u8>]>) {
        let now = self.around.clock.now();
        let hash = self.database.get(key).and_then(|entry| Hash::of(&entry.value));
        if hash.and_then(Hash::earliest).is_none_or(|at| at >= now) {
            return;
        }
        let expired = self.database.edit(key, |entry| {
            let Some(hash) = Hash::of_mut(&mut entry.value) else { return 0 };
            match named {
                Some(fields) => fields.iter().filter(|field| hash.remove_due(field, now)).count(),
                None => hash.expire(now, usize::MAX),
            }
        });
        let expired = expired.unwrap_or(0);
        self.around.stats.fields_expired_lazily += expired as u64;
        tell(self.index, self.database, self.around, key, expired, Expiry::Lazy);
    }
}
