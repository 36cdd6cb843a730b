//! All keys by name, kept in step with the engine by its events.
//!
//! The engine's table has no order that a reader would recognise, and sorting a hundred thousand names for each picture
//! would freeze the page. So the names are sorted once and each event moves one of them. The index also remembers what
//! only a witness can know: how long a key was given to live, what changed last and by how many bytes. And it knows which
//! keys of the shown database are listed, so that those of any namespace are counted without being met.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

use playground_engine::snapshot::{Glance, KeyView};
use playground_engine::{Engine, Event, EventKind, glob};

use super::chunked::{Chunked, Spot, Weighted, minus};
use crate::state::keys::{Filter, Order};
use crate::state::memory::Share;

/// Types with their encodings.
pub type Classes = Vec<(&'static str, &'static str)>;

/// A key that the index knows. There may be a million.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    pub key: Rc<[u8]>,
    /// The deadline, and how far away it was when it was set.
    deadline: u64,
    lifetime: u64,
    /// The operation that changed it last, and by how many bytes.
    pub changed: u64,
    pub delta: i64,
    /// What it is arranged by: as it was when the list was.
    pub value: u64,
    memory: u32,
    /// The second of its last use.
    used: u32,
    /// Type and encoding, by their place among the classes.
    class: u8,
    /// The operation that changed it last made it.
    pub fresh: bool,
    pub listed: bool,
}

const NEVER: u64 = u64::MAX;

impl Weighted for Tracked {
    fn weight(&self) -> Share {
        if self.listed { Share { keys: 1, bytes: u64::from(self.memory) } } else { Share::default() }
    }
}

impl Tracked {
    fn new(key: Rc<[u8]>, operation: u64, glance: &Glance, class: u8, now: u64) -> Self {
        let deadline = glance.expires_at.unwrap_or(NEVER);
        let mut tracked = Self {
            key,
            deadline,
            lifetime: deadline.saturating_sub(now),
            changed: operation,
            delta: 0,
            value: 0,
            memory: 0,
            used: 0,
            class,
            fresh: true,
            listed: false,
        };
        tracked.look(glance, class, now);
        tracked.delta = i64::from(tracked.memory);
        tracked
    }

    /// What it is now, whether or not somebody told.
    fn look(&mut self, glance: &Glance, class: u8, now: u64) {
        self.memory = u32::try_from(glance.memory).unwrap_or(u32::MAX);
        self.used = u32::try_from((now / 1_000).saturating_sub(glance.idle)).unwrap_or(u32::MAX);
        self.class = class;
    }

    fn touch(&mut self, operation: u64, glance: &Glance, class: u8, now: u64) {
        if self.changed != operation {
            // Made and then changed within one operation is still new.
            (self.fresh, self.delta) = (false, 0);
        }
        self.changed = operation;
        let before = i64::from(self.memory);
        self.look(glance, class, now);
        self.delta += i64::from(self.memory) - before;
        let deadline = glance.expires_at.unwrap_or(NEVER);
        if self.deadline != deadline {
            (self.deadline, self.lifetime) = (deadline, deadline.saturating_sub(now));
        }
    }

    pub fn lifetime(&self) -> Option<u64> {
        (self.deadline != NEVER).then_some(self.lifetime)
    }

    fn value(&self, order: Order) -> u64 {
        match order {
            Order::Name => 0,
            Order::Memory => u64::from(self.memory),
            Order::TimeToLive => self.deadline,
            // The longer ago, the more.
            Order::Idle => u64::MAX - u64::from(self.used),
        }
    }
}

/// Which keys are listed, and by what.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    glob: Vec<u8>,
    filter: Filter,
    order: Order,
}

impl Sieve {
    pub fn new(filter: &Filter, order: Order) -> Self {
        Self { glob: filter.glob(), filter: filter.clone(), order }
    }

    fn takes(&self, tracked: &Tracked, classes: &Classes) -> bool {
        let Filter { pattern, kinds, encoding, volatile } = &self.filter;
        if volatile.is_some_and(|volatile| volatile != (tracked.deadline != NEVER)) {
            return false;
        }
        if !kinds.is_empty() || encoding.is_some() {
            let Some((kind, known)) = classes.get(usize::from(tracked.class)) else { return false };
            let fits =
                (kinds.is_empty() || kinds.contains(kind)) && encoding.is_none_or(|word| word == *known);
            if !fits {
                return false;
            }
        }
        pattern.is_empty() || glob::chooses(&self.glob, &tracked.key)
    }

    fn sift(&self, tracked: &mut Tracked, classes: &Classes) {
        tracked.listed = self.takes(tracked, classes);
        tracked.value = tracked.value(self.order);
    }
}

/// What became of the list of the shown database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moved {
    Came {
        key: Rc<[u8]>,
        value: u64,
    },
    Gone {
        key: Rc<[u8]>,
        value: u64,
    },
    /// Too much to tell: arrange all of it anew.
    All,
}

/// From so many events on, if that is not few beside the keys, one pass over all is cheaper than a search for each.
const MANY: usize = 1_000;
/// Of more changed keys it is not told by how much their namespaces changed.
const MOST_TOUCHED: usize = 4_096;

/// The keys of each database, sorted by name.
#[derive(Debug)]
pub struct KeyIndex {
    databases: BTreeMap<usize, Chunked<Tracked>>,
    none: Chunked<Tracked>,
    pub classes: Classes,
    pub sieve: Sieve,
    /// The database that is listed.
    pub shown: usize,
    /// Counts operations that changed something.
    pub operation: u64,
    /// Keys of the shown database that the last operation changed, and by how many bytes.
    touched: BTreeMap<Rc<[u8]>, i64>,
}

impl Default for KeyIndex {
    fn default() -> Self {
        Self {
            databases: BTreeMap::new(),
            none: Chunked::default(),
            classes: Vec::new(),
            sieve: Sieve::new(&Filter::default(), Order::default()),
            shown: 0,
            operation: 0,
            touched: BTreeMap::new(),
        }
    }
}

fn class(classes: &mut Classes, glance: &Glance) -> u8 {
    let found = (glance.kind, glance.encoding);
    let at = classes.iter().position(|known| *known == found).unwrap_or_else(|| {
        classes.push(found);
        classes.len() - 1
    });
    u8::try_from(at).unwrap_or(u8::MAX)
}

/// By the order of names.
fn named(key: &[u8]) -> impl Fn(&Tracked) -> Ordering {
    move |known| (*known.key).cmp(key)
}

impl KeyIndex {
    /// The keys that an engine has, sifted as another index sifts, and with its count of operations gone on.
    pub fn of(engine: &Engine, other: &Self) -> Self {
        let mut index = Self::default();
        index.go_on_from(other);
        index.rebuild(engine);
        index
    }

    /// Takes over how another index sifts, and counts operations on from it.
    pub fn go_on_from(&mut self, other: &Self) {
        self.sieve = other.sieve.clone();
        self.shown = other.shown;
        self.operation = self.operation.max(other.operation) + 1;
        self.touched.clear();
    }

    /// The keys of a database.
    pub fn keys(&self, db: usize) -> &Chunked<Tracked> {
        self.databases.get(&db).unwrap_or(&self.none)
    }

    /// Those of the database that is listed.
    pub fn here(&self) -> &Chunked<Tracked> {
        self.keys(self.shown)
    }

    pub fn get(&self, key: &[u8]) -> Option<&Tracked> {
        let keys = self.here();
        keys.get(keys.find(named(key)).ok()?)
    }

    /// Before the first key of a namespace, and behind its last.
    pub fn range(&self, prefix: &[u8]) -> (Spot, Spot) {
        let edge = |is_before: &dyn Fn(&Tracked) -> bool| {
            let order = |known: &Tracked| if is_before(known) { Ordering::Less } else { Ordering::Greater };
            self.here().find(order).unwrap_or_else(|spot| spot)
        };
        let first = edge(&|known| *known.key < *prefix);
        (first, edge(&|known| *known.key < *prefix || known.key.starts_with(prefix)))
    }

    /// Keys of a database whose names begin so, in order.
    pub fn beginning_with<'a>(&'a self, db: usize, prefix: &'a [u8]) -> impl Iterator<Item = &'a Tracked> {
        let keys = self.keys(db);
        let first = keys.find(named(prefix)).unwrap_or_else(|spot| spot);
        keys.iter_from(first).take_while(move |known| known.key.starts_with(prefix))
    }

    /// The listed keys of a namespace.
    pub fn extent(&self, prefix: &[u8]) -> Share {
        let (first, end) = self.range(prefix);
        minus(self.here().before(end), self.here().before(first))
    }

    /// By how many bytes the last operation changed a namespace.
    pub fn delta(&self, prefix: &[u8]) -> Option<i64> {
        let from = std::ops::Bound::Included(prefix);
        let mut inside = self
            .touched
            .range::<[u8], _>((from, std::ops::Bound::Unbounded))
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(_, delta)| *delta)
            .peekable();
        inside.peek()?;
        Some(inside.sum())
    }

    /// Takes note of what happened, and tells what that does to the list.
    pub fn follow(&mut self, events: &[Event], engine: &Engine) -> Vec<Moved> {
        self.operation += 1;
        self.touched.clear();
        if events.iter().any(|event| matches!(event.kind, EventKind::Database { .. })) {
            self.rebuild(engine);
            return vec![Moved::All];
        }
        let known: usize = self.databases.values().map(Chunked::len).sum();
        if events.len() >= MANY && events.len() * 16 > known {
            self.update_many(events, engine);
            return vec![Moved::All];
        }
        let mut moved = Vec::new();
        for event in events {
            self.update(event, engine, &mut moved);
        }
        if self.touched.len() > MOST_TOUCHED {
            self.touched.clear();
        }
        moved
    }

    /// Whether the engine holds keys that no event told of.
    pub fn is_behind(&self, engine: &Engine) -> bool {
        let mut databases = engine.snapshot().databases;
        databases.extend(
            self.databases
                .keys()
                .filter(|db| engine.size(**db) == 0)
                .map(|db| playground_engine::snapshot::DatabaseView { index: *db, keys: 0, volatile: 0 }),
        );
        databases.iter().any(|database| self.keys(database.index).len() != database.keys)
    }

    /// One pass over the names instead of a search for each event: a hundred thousand keys may expire at once.
    fn update_many(&mut self, events: &[Event], engine: &Engine) {
        let mut touched: BTreeMap<usize, BTreeMap<&[u8], u64>> = BTreeMap::new();
        for event in events {
            touched.entry(event.db).or_default().insert(&event.key, event.at);
        }
        let operation = self.operation;
        for (db, mut touched) in touched {
            let classes = &mut self.classes;
            let mut keys: Vec<Tracked> =
                self.databases.remove(&db).unwrap_or_default().into_items().collect();
            keys.retain_mut(|known| {
                let Some(at) = touched.remove(&*known.key) else { return true };
                let found = engine.glance(db, &known.key);
                if let Some(glance) = &found {
                    known.touch(operation, glance, class(classes, glance), at);
                }
                found.is_some()
            });
            for (key, at) in touched {
                if let Some(glance) = engine.glance(db, key) {
                    keys.push(Tracked::new(key.into(), operation, &glance, class(classes, &glance), at));
                }
            }
            // Stable sorting makes use of what is sorted already.
            keys.sort_by(|a, b| a.key.cmp(&b.key));
            self.databases.insert(db, Chunked::of(keys));
        }
    }

    fn update(&mut self, event: &Event, engine: &Engine, moved: &mut Vec<Moved>) {
        let (operation, is_shown) = (self.operation, event.db == self.shown);
        let keys = self.databases.entry(event.db).or_default();
        let place = keys.find(named(&event.key));
        let Some(glance) = engine.glance(event.db, &event.key) else {
            if let Ok(at) = place
                && let Some(gone) = keys.remove(at)
                && is_shown
            {
                let bytes = -i64::from(gone.memory);
                *self.touched.entry(gone.key.clone()).or_default() += bytes;
                if gone.listed {
                    moved.push(Moved::Gone { value: gone.value, key: gone.key });
                }
            }
            return;
        };
        let class = class(&mut self.classes, &glance);
        let (classes, sieve) = (&self.classes, &self.sieve);
        let told = match place {
            Ok(at) => keys.edit(at, |known| {
                let (was_listed, was) = (known.listed, known.delta);
                let is_same = known.changed == operation;
                known.touch(operation, &glance, class, event.at);
                let more = known.delta - if is_same { was } else { 0 };
                if is_shown {
                    known.listed = sieve.takes(known, classes);
                    if known.listed && !was_listed {
                        sieve.sift(known, classes);
                    }
                }
                (known.key.clone(), more, was_listed, known.listed, known.value)
            }),
            Err(at) => {
                let mut new = Tracked::new((&*event.key).into(), operation, &glance, class, event.at);
                if is_shown {
                    sieve.sift(&mut new, classes);
                }
                let told = (new.key.clone(), new.delta, false, new.listed, new.value);
                keys.insert(at, new);
                Some(told)
            }
        };
        if let Some((key, delta, was, is, value)) = told.filter(|_| is_shown) {
            *self.touched.entry(key.clone()).or_default() += delta;
            match (was, is) {
                (false, true) => moved.push(Moved::Came { key, value }),
                (true, false) => moved.push(Moved::Gone { key, value }),
                _ => {}
            }
        }
    }

    /// After a database was filled untold.
    pub fn catch_up(&mut self, engine: &Engine) {
        self.operation += 1;
        self.touched.clear();
        self.rebuild(engine);
    }

    /// Everything anew, after a database was emptied or exchanged.
    fn rebuild(&mut self, engine: &Engine) {
        let snapshot = engine.snapshot();
        self.databases.clear();
        for database in snapshot.databases {
            let classes = &mut self.classes;
            let tracked = |view: KeyView| {
                let KeyView { kind, encoding, memory, expires_at, idle, .. } = view;
                let glance = Glance { kind, encoding, memory, expires_at, idle };
                let class = class(classes, &glance);
                let new = Tracked::new(view.key.into(), self.operation, &glance, class, snapshot.now);
                Tracked { fresh: false, changed: 0, delta: 0, ..new }
            };
            let mut keys: Vec<_> =
                engine.keys(database.index, 0, database.keys).into_iter().map(tracked).collect();
            keys.sort_unstable_by(|a, b| a.key.cmp(&b.key));
            self.databases.insert(database.index, Chunked::of(keys));
        }
    }

    /// Looks at some keys of the shown database again, from a place on: not all that changes is told. Gives the place to
    /// go on from.
    pub fn refresh(&mut self, from: usize, least: usize, engine: &Engine) -> Option<usize> {
        let (db, now, classes) = (self.shown, engine.now(), &mut self.classes);
        let keys = self.databases.get_mut(&db)?;
        keys.edit_from(from, least, |known| {
            if let Some(glance) = engine.glance(db, &known.key) {
                known.look(&glance, class(classes, &glance), now);
            }
        })
    }

    /// Decides of every key of the shown database whether it is listed, and by what it is arranged.
    pub fn sift(&mut self) {
        let (sieve, classes) = (&self.sieve, &self.classes);
        if let Some(keys) = self.databases.get_mut(&self.shown) {
            keys.edit_from(0, usize::MAX, |known| sieve.sift(known, classes));
        }
    }
}
