//! The door to one database's keys.
//!
//! Every look-up first expires the key if it is due (lazy expiry), every read counts a hit or a miss and records the
//! use, every write emits its event and keeps memory in step. A command says what it wants done and under which name
//! the world should hear of it; it cannot forget the rest.

use super::access::{Access, Used};
use super::{Database, Entry, Surroundings};
use crate::error::Error;
use crate::event::{EventKind, Expiry};
use crate::value::{StringValue, Structure, Value, ValueType};

/// What happens to a key's deadline when its value is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ttl {
    /// The new value lives for ever.
    Clear,
    Keep,
    /// Absolute milliseconds.
    At(u64),
}

/// What happens to a stream's groups or its last ID is announced, but to Redis no change of the key.
const GROUP_EVENTS: [&str; 6] = [
    "xgroup-create",
    "xgroup-createconsumer",
    "xgroup-delconsumer",
    "xgroup-destroy",
    "xgroup-setid",
    "xsetid",
];

/// What an edit did, as told by the code that made it.
#[derive(Clone, Copy, Debug)]
pub struct Edit<R> {
    pub result: R,
    /// The word of the notification; `None` where the value is as it was.
    pub event: Option<&'static str>,
    /// The word of a second notification behind the first.
    pub then: Option<&'static str>,
}

impl<R> Edit<R> {
    pub fn changed(result: R, event: &'static str) -> Self {
        Self { result, event: Some(event), then: None }
    }

    pub fn unchanged(result: R) -> Self {
        Self { result, event: None, then: None }
    }

    /// Two things happened, and are told of one after the other.
    #[must_use]
    pub fn then(self, event: &'static str) -> Self {
        Self { then: Some(event), ..self }
    }
}

/// A value that was put in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    position: usize,
    /// There was another.
    replaces: bool,
}

/// One database and what surrounds it.
#[derive(Debug)]
pub struct Db<'a> {
    pub(super) index: usize,
    pub(super) database: &'a mut Database,
    pub(super) around: &'a mut Surroundings,
}

impl<'a> Db<'a> {
    pub(super) fn new(index: usize, database: &'a mut Database, around: &'a mut Surroundings) -> Self {
        Self { index, database, around }
    }

    pub fn len(&self) -> usize {
        self.database.len()
    }

    pub fn is_empty(&self) -> bool {
        self.database.is_empty()
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    /// The value of a type at a key, as a read: counted, and recorded as a use.
    pub fn read<T: ValueType>(&mut self, key: &[u8]) -> Result<Option<&T>, Error> {
        self.read_value(key).map(|value| T::of(value).ok_or(Error::WrongType)).transpose()
    }

    /// The value at a key whatever its type, as a read: counted, and recorded as a use.
    pub fn read_value(&mut self, key: &[u8]) -> Option<&Value> {
        if !self.count_lookup(key) {
            self.around.notify(self.index, key, "keymiss");
            return None;
        }
        self.record_use(key);
        self.database.get(key).map(|entry| &entry.value)
    }

    /// A second look at what has just been read: neither counted nor recorded, and no key expires by it.
    pub fn peek(&self, key: &[u8]) -> Option<&Value> {
        self.database.get(key).map(|entry| &entry.value)
    }

    /// Looks at a key without using it, as `TTL`, `TYPE` and `EXISTS` do: counted, not recorded.
    pub fn inspect(&mut self, key: &[u8]) -> Option<&Entry> {
        if !self.count_lookup(key) {
            self.around.notify(self.index, key, "keymiss");
        }
        self.database.get(key)
    }

    /// The same as `OBJECT` does it, which announces no miss.
    pub fn inspect_quietly(&mut self, key: &[u8]) -> Option<&Entry> {
        if self.count_lookup(key) { self.database.get(key) } else { None }
    }

    /// The value of a type at a key that a write is about to replace or edit: recorded as a use, not counted.
    pub fn before_write<T: ValueType>(&mut self, key: &[u8]) -> Result<Option<&T>, Error> {
        if !self.contains(key) {
            return Ok(None);
        }
        self.record_use(key);
        self.database.get(key).map(|entry| T::of(&entry.value).ok_or(Error::WrongType)).transpose()
    }

    /// Whether a key is there, which keeps a write from being done: recorded as a use, not counted.
    pub fn is_in_the_way(&mut self, key: &[u8]) -> bool {
        let found = self.contains(key);
        self.record_use(key);
        found
    }

    /// Whether a key is there, uncounted and unrecorded; expires it if it is due.
    pub fn contains(&mut self, key: &[u8]) -> bool {
        self.expire_if_due(key);
        self.database.get(key).is_some()
    }

    /// When a key expires: `None` where there is no key or no deadline. Uncounted.
    pub fn deadline(&mut self, key: &[u8]) -> Option<u64> {
        self.expire_if_due(key);
        self.database.get(key).and_then(|entry| self.database.deadline(entry))
    }

    fn count_lookup(&mut self, key: &[u8]) -> bool {
        let found = self.contains(key);
        let stats = &mut self.around.stats;
        *(if found { &mut stats.keyspace_hits } else { &mut stats.keyspace_misses }) += 1;
        found
    }

    fn record_use(&mut self, key: &[u8]) {
        if self.around.leaves_no_trace || self.around.config.maxmemory_policy.ignores_reads() {
            return;
        }
        self.stamp(key);
    }

    /// Notes the moment, or the use, with the key.
    fn stamp(&mut self, key: &[u8]) {
        let Surroundings { clock, rng, config, .. } = &mut *self.around;
        if let Some(entry) = self.database.get_mut(key) {
            entry.access.touch(clock.now(), config, rng);
        }
    }

    // ---- writing -------------------------------------------------------------------------------------------------

    /// Sets a key to a value, replacing whatever was there; the key stays as much used as it was, and once more.
    pub fn set(&mut self, key: Vec<u8>, value: impl ValueType, ttl: Ttl, event: &'static str) {
        self.expire_if_due(&key);
        let mut access = self.fresh_access();
        // Without a counter of uses, once more is the same as for the first time.
        if self.around.config.maxmemory_policy.counts_frequency() {
            self.record_use(&key);
            access = self.database.get(&key).map_or(access, |entry| entry.access);
        }
        self.write(key, value.into_value(), access, ttl, false, event);
    }

    /// Stores what a command has made out of other keys: in the place of whatever the destination held, which is cleared
    /// if there is nothing to store. Gives the number of elements.
    pub fn store(
        &mut self,
        destination: Vec<u8>,
        result: impl ValueType + Structure,
        event: &'static str,
    ) -> usize {
        let size = result.elements();
        if size == 0 {
            self.remove(&destination, "del");
        } else {
            self.set(destination, result, Ttl::Clear, event);
        }
        size
    }

    /// Puts a value that comes from another key, as if nothing had been there.
    pub fn put(&mut self, key: Vec<u8>, value: Value, ttl: Ttl, event: &'static str) {
        self.expire_if_due(&key);
        self.write(key, value, self.fresh_access(), ttl, true, event);
    }

    /// Puts a value that comes from elsewhere, as much used as it was there.
    pub fn put_used(&mut self, key: Vec<u8>, value: Value, used: Used, ttl: Ttl, event: &'static str) {
        self.expire_if_due(&key);
        let access = Access::from_elsewhere(used, self.around.clock.now(), &self.around.config);
        self.write(key, value, access, ttl, true, event);
    }

    pub(super) fn fresh_access(&self) -> Access {
        Access::fresh(self.around.clock.now(), &self.around.config)
    }

    /// Puts a value in its place and makes it known; `anew` where the key comes as if nothing had been there.
    fn write(
        &mut self,
        key: Vec<u8>,
        value: Value,
        access: Access,
        ttl: Ttl,
        anew: bool,
        event: &'static str,
    ) {
        let placed = self.place(key, value, access, ttl);
        if anew || !placed.replaces {
            self.tell_of_new(placed);
        }
        self.tell_of(placed, event);
    }

    /// Puts a value in its place, and tells nobody.
    pub(super) fn place(&mut self, key: Vec<u8>, mut value: Value, access: Access, ttl: Ttl) -> Placed {
        if !self.around.config.shares_integers()
            && let Some(string) = StringValue::of_mut(&mut value)
        {
            string.unshare();
        }
        let before = self.database.len();
        let position = self.database.upsert(key, value, access);
        match ttl {
            Ttl::Keep => {}
            Ttl::Clear => self.database.set_deadline_at(position, None),
            Ttl::At(at) => self.database.set_deadline_at(position, Some(at)),
        }
        Placed { position, replaces: self.database.len() == before }
    }

    /// Announces that a key is new: no change of its own, so that there is no event of it.
    pub(super) fn tell_of_new(&mut self, placed: Placed) {
        if let Some((key, _)) = self.database.at(placed.position) {
            self.around.notify(self.index, key, "new");
        }
    }

    /// Makes known what was put in its place.
    pub(super) fn tell_of(&mut self, placed: Placed, event: &'static str) {
        let Some((key, _)) = self.database.at(placed.position) else { return };
        self.around.emit(self.index, key, EventKind::Changed { name: event });
        self.around.modified(self.index, key);
        if placed.replaces {
            self.around.waiting.signal_gone(self.index, key);
        } else {
            self.around.waiting.signal(self.index, key);
        }
    }

    /// Adds a key that is not there, and tells nobody but those who watch it: one of many that nobody asked for one by one.
    pub fn add_quietly(&mut self, key: Vec<u8>, value: impl ValueType) {
        if !self.contains(&key) {
            self.touch(&key);
            self.database.upsert(key, value.into_value(), self.fresh_access());
        }
    }

    /// A key's entry as it lies there: nothing is expired, counted or recorded by looking.
    pub fn entry(&self, key: &[u8]) -> Option<&Entry> {
        self.database.get(key)
    }

    /// Edits the value of a type at a key in place; `None` where there is no key. An emptied collection is removed.
    pub fn edit<T: ValueType, R>(
        &mut self,
        key: &[u8],
        change: impl FnOnce(&mut T, &mut Surroundings) -> Edit<R>,
    ) -> Result<Option<R>, Error> {
        if !self.contains(key) {
            return Ok(None);
        }
        self.record_use(key);
        let Self { database, around, .. } = self;
        let edited =
            database.edit(key, |entry| T::of_mut(&mut entry.value).map(|value| change(value, around)));
        let Edit { result, event, then } = edited.flatten().ok_or(Error::WrongType)?;
        for event in event.into_iter().chain(then) {
            self.changed(key, event);
        }
        if self.database.get(key).is_some_and(|entry| entry.value.is_vacant()) {
            self.remove(key, "del");
        }
        Ok(Some(result))
    }

    /// As [`Db::edit`], creating the value where there is none. What is still empty after the edit is not kept.
    pub fn edit_or_create<T: ValueType + Default, R>(
        &mut self,
        key: &[u8],
        change: impl FnOnce(&mut T, &mut Surroundings) -> Edit<R>,
    ) -> Result<R, Error> {
        if self.contains(key) {
            return self.edit(key, change)?.ok_or(Error::NoSuchKey);
        }
        let mut created = T::default();
        let Edit { result, event, then } = change(&mut created, self.around);
        let value = created.into_value();
        match event {
            Some(event) if !value.is_vacant() => {
                self.put(key.to_vec(), value, Ttl::Clear, event);
                if let Some(event) = then {
                    self.changed(key, event);
                }
            }
            // What was put in is gone already: a key that came and went.
            Some(event) => {
                self.around.notify(self.index, key, "new");
                for event in [Some(event), then, Some("del")].into_iter().flatten() {
                    self.changed(key, event);
                }
            }
            None => {}
        }
        Ok(result)
    }

    /// Changes what a value of a type keeps beside its content, such as a figure it remembers: no event tells of it, and
    /// it is no further use of the key.
    pub fn amend<T: ValueType, R>(&mut self, key: &[u8], change: impl FnOnce(&mut T) -> R) -> Option<R> {
        self.database.edit(key, |entry| T::of_mut(&mut entry.value).map(change)).flatten()
    }

    /// Removes a key and gives its value and deadline.
    pub fn remove(&mut self, key: &[u8], event: &'static str) -> Option<(Value, Option<u64>)> {
        self.expire_if_due(key);
        let deadline = self.database.get(key).and_then(|entry| self.database.deadline(entry));
        let entry = self.database.remove(key)?;
        self.changed(key, event);
        self.around.waiting.signal_gone(self.index, key);
        Some((entry.value, deadline))
    }

    /// Gives a key a deadline or takes it away; whether there was such a key.
    pub fn set_deadline(&mut self, key: &[u8], deadline: Option<u64>, event: &'static str) -> bool {
        if !self.contains(key) {
            return false;
        }
        self.database.set_deadline(key, deadline);
        self.changed(key, event);
        true
    }

    /// A change that is told to those who watch the key or have it in their caches, and to nobody else.
    pub fn touch(&mut self, key: &[u8]) {
        if self.around.config.maxmemory_policy.ignores_reads() {
            self.stamp(key);
        }
        self.around.modified(self.index, key);
    }

    /// The one place where a change becomes known.
    pub(super) fn changed(&mut self, key: &[u8], name: &'static str) {
        self.around.emit(self.index, key, EventKind::Changed { name });
        let is_of_interest =
            self.around.has_observers() || self.around.config.maxmemory_policy.ignores_reads();
        if is_of_interest && !GROUP_EVENTS.contains(&name) {
            self.touch(key);
        }
        match name {
            "xadd" => self.around.waiting.signal(self.index, key),
            "xgroup-destroy" => self.around.waiting.signal_gone(self.index, key),
            _ => {}
        }
    }

    // ---- many keys -----------------------------------------------------------------------------------------------

    /// All keys that are alive, with their entries; none is expired by looking.
    pub fn alive(&mut self) -> impl Iterator<Item = (&[u8], &Entry)> {
        self.around.stats.work.walk_keys(self.database.len());
        let now = self.around.clock.now();
        let database = &*self.database;
        database.iter().filter(move |(_, entry)| !database.is_expired(entry, now))
    }

    /// A key drawn at random, expired ones removed on the way; O(1) but for those.
    pub fn random_key(&mut self) -> Option<Vec<u8>> {
        loop {
            let position = self.around.rng.below(self.database.len());
            let key = self.database.at(position)?.0.to_vec();
            if self.contains(&key) {
                return Some(key);
            }
        }
    }

    /// One step of `SCAN`: visits keys that are alive and gives the next cursor. Expired ones are removed.
    pub fn scan(&mut self, cursor: u64, count: usize, mut visit: impl FnMut(&[u8], &Entry)) -> u64 {
        self.around.stats.work.walk_keys(count.min(self.database.len()));
        let now = self.around.clock.now();
        let mut expired = Vec::new();
        let database = &*self.database;
        let next = database.scan(cursor, count, |key, entry| {
            if database.is_expired(entry, now) {
                expired.push(key.to_vec());
            } else {
                visit(key, entry);
            }
        });
        for key in expired {
            self.expire_if_due(&key);
        }
        next
    }

    // ---- expiry --------------------------------------------------------------------------------------------------

    /// Lazy expiry: removes the key if its time has come. Every way to a key leads through here.
    fn expire_if_due(&mut self, key: &[u8]) {
        let now = self.around.clock.now();
        self.database.look_up();
        let entry = self.database.get(key);
        self.around.stats.work.look_up(entry.map(|entry| entry.value.elements()));
        let Some(at) = entry.and_then(|entry| self.database.deadline(entry)) else { return };
        if now > at {
            self.database.remove(key);
            self.around.expired(self.index, key, Expiry::Lazy, now - at);
        }
    }
}
