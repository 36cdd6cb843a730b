//! All keys by name, kept in step with the engine by its events.
//!
//! The engine's table has no order that a reader would recognise, and sorting a hundred thousand names for each picture
//! would freeze the page. So the names are sorted once and each event moves one of them; a window of rows is then a
//! slice. The index also remembers what only a witness can know: how long a key was given to live, what changed last.

use std::collections::BTreeMap;
use std::rc::Rc;

use playground_engine::snapshot::KeyView;
use playground_engine::{Engine, Event, EventKind};

/// A key that the index knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tracked {
    pub key: Rc<[u8]>,
    /// The deadline, and how far away it was when it was set.
    pub deadline: Option<(u64, u64)>,
    /// The operation that changed it last, and whether that one made it.
    pub changed: u64,
    pub fresh: bool,
}

impl Tracked {
    fn new(key: &[u8], operation: u64, deadline: Option<u64>, now: u64) -> Self {
        let deadline = deadline.map(|at| (at, at.saturating_sub(now)));
        Self { key: key.into(), deadline, changed: operation, fresh: true }
    }

    fn touch(&mut self, operation: u64, deadline: Option<u64>, now: u64) {
        // Made and then changed within one operation is still new.
        self.fresh &= self.changed == operation;
        self.changed = operation;
        if self.deadline.map(|(at, _)| at) != deadline {
            self.deadline = deadline.map(|at| (at, at.saturating_sub(now)));
        }
    }
}

/// From so many events on, one pass over all names is cheaper than a move for each.
const MANY: usize = 256;

/// The keys of each database, sorted by name.
#[derive(Debug, Default)]
pub(super) struct KeyIndex {
    databases: BTreeMap<usize, Vec<Tracked>>,
    /// Counts operations that changed something.
    pub operation: u64,
}

impl KeyIndex {
    /// The keys that an engine has; `operation` is the count to go on from.
    pub fn of(engine: &Engine, operation: u64) -> Self {
        let mut index = Self { operation, ..Self::default() };
        index.rebuild(engine);
        index
    }

    /// The keys of a database.
    pub fn keys(&self, db: usize) -> &[Tracked] {
        self.databases.get(&db).map_or(&[], Vec::as_slice)
    }

    /// Where a key stands among those of its database.
    pub fn place(&self, db: usize, key: &[u8]) -> Option<usize> {
        self.keys(db).binary_search_by(|known| (*known.key).cmp(key)).ok()
    }

    /// Takes note of what happened.
    pub fn follow(&mut self, events: &[Event], engine: &Engine) {
        self.operation += 1;
        if events.iter().any(|event| matches!(event.kind, EventKind::Database { .. })) {
            self.rebuild(engine);
            return;
        }
        if events.len() >= MANY {
            self.update_many(events, engine);
        } else {
            for event in events {
                self.update(event, engine);
            }
        }
    }

    /// One pass over the names instead of a move of half of them for each event: a thousand keys may expire at once.
    fn update_many(&mut self, events: &[Event], engine: &Engine) {
        let mut touched: BTreeMap<usize, BTreeMap<&[u8], u64>> = BTreeMap::new();
        for event in events {
            touched.entry(event.db).or_default().insert(&event.key, event.at);
        }
        let operation = self.operation;
        let look = |db, key: &[u8]| engine.inspect(db, key, 0).map(|found| found.summary.expires_at);
        for (db, mut touched) in touched {
            let keys = self.databases.entry(db).or_default();
            keys.retain_mut(|known| {
                let Some(at) = touched.remove(&*known.key) else { return true };
                let found = look(db, &known.key);
                if let Some(deadline) = found {
                    known.touch(operation, deadline, at);
                }
                found.is_some()
            });
            let new = |(key, at)| look(db, key).map(|deadline| Tracked::new(key, operation, deadline, at));
            keys.extend(touched.into_iter().filter_map(new));
            keys.sort_unstable_by(|a, b| a.key.cmp(&b.key));
        }
    }

    fn update(&mut self, event: &Event, engine: &Engine) {
        let keys = self.databases.entry(event.db).or_default();
        let place = keys.binary_search_by(|known| (*known.key).cmp(&event.key));
        let Some(found) = engine.inspect(event.db, &event.key, 0) else {
            if let Ok(at) = place {
                keys.remove(at);
            }
            return;
        };
        let deadline = found.summary.expires_at;
        match place {
            Ok(at) => {
                if let Some(known) = keys.get_mut(at) {
                    known.touch(self.operation, deadline, event.at);
                }
            }
            Err(at) => keys.insert(at, Tracked::new(&event.key, self.operation, deadline, event.at)),
        }
    }

    /// After a database was emptied or exchanged: everything anew.
    fn rebuild(&mut self, engine: &Engine) {
        let snapshot = engine.snapshot();
        self.databases.clear();
        for database in snapshot.databases {
            let tracked = |view: KeyView| Tracked {
                fresh: false,
                ..Tracked::new(&view.key, self.operation, view.expires_at, snapshot.now)
            };
            let mut keys: Vec<_> =
                engine.keys(database.index, 0, database.keys).into_iter().map(tracked).collect();
            keys.sort_unstable_by(|a, b| a.key.cmp(&b.key));
            self.databases.insert(database.index, keys);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::{Options, SessionId, parse};
    use std::time::Duration;

    fn run(engine: &mut Engine, session: SessionId, index: &mut KeyIndex, line: &str) {
        let argv = parse::split_line(line.as_bytes()).expect("well-formed");
        let events = engine.execute(session, argv).events;
        index.follow(&events, engine);
    }

    fn names(index: &KeyIndex, db: usize) -> Vec<String> {
        index.keys(db).iter().map(|known| String::from_utf8_lossy(&known.key).into_owned()).collect()
    }

    #[test]
    fn names_stay_sorted_and_in_step_with_the_engine() {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        let mut index = KeyIndex::default();
        for line in
            ["SET c 1", "SET a 1 EX 10", "MSET b 1 d 1", "RENAME c e", "DEL b", "MOVE d 1", "SET a 2 KEEPTTL"]
        {
            run(&mut engine, session, &mut index, line);
        }
        assert_eq!((names(&index, 0), names(&index, 1)), (vec!["a".into(), "e".into()], vec!["d".into()]));
        assert_eq!(index.keys(0)[0].deadline.map(|(_, lifetime)| lifetime), Some(10_000));
        run(&mut engine, session, &mut index, "SWAPDB 0 1");
        assert_eq!((names(&index, 0), names(&index, 1)), (vec!["d".into()], vec!["a".into(), "e".into()]));
        run(&mut engine, session, &mut index, "FLUSHALL");
        assert!(names(&index, 0).is_empty() && names(&index, 1).is_empty());
    }

    #[test]
    fn many_events_at_once_give_the_same_as_one_by_one() {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        let mut index = KeyIndex::default();
        let pairs: Vec<String> = (0..1_000).map(|n| format!("k{} v", n * 7 % 1_000)).collect();
        run(&mut engine, session, &mut index, &format!("MSET {}", pairs.join(" ")));
        assert_eq!(index.keys(0).len(), 1_000);
        assert!(index.keys(0).is_sorted_by(|a, b| a.key < b.key));
        let mut events = Vec::new();
        for n in 0..600 {
            let argv = parse::split_line(format!("PEXPIRE k{n} 5").as_bytes()).expect("well-formed");
            events.extend(engine.execute(session, argv).events);
        }
        index.follow(&events, &engine);
        assert_eq!(index.keys(0).iter().filter(|known| known.deadline.is_some()).count(), 600);
        let events = engine.advance(Duration::from_mins(1));
        index.follow(&events, &engine);
        assert_eq!(index.keys(0).len(), 400);
    }
}
