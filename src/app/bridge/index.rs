//! All keys by name, kept in step with the engine by its events.
//!
//! The engine's table has no order that a reader would recognise, and sorting a hundred thousand names for each picture
//! would freeze the page. So the names are sorted once and each event moves one of them; a window of rows is then a
//! slice. The index also remembers what only a witness can know: how long a key was given to live, what changed last.

use std::collections::BTreeMap;
use std::rc::Rc;

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

/// The keys of each database, sorted by name.
#[derive(Debug, Default)]
pub(super) struct KeyIndex {
    databases: BTreeMap<usize, Vec<Tracked>>,
    /// Counts operations that changed something.
    pub operation: u64,
}

impl KeyIndex {
    /// The keys of a database.
    pub fn keys(&self, db: usize) -> &[Tracked] {
        self.databases.get(&db).map_or(&[], Vec::as_slice)
    }

    /// Takes note of what happened.
    pub fn follow(&mut self, events: &[Event], engine: &Engine) {
        self.operation += 1;
        if events.iter().any(|event| matches!(event.kind, EventKind::Database { .. })) {
            self.rebuild(engine);
            return;
        }
        for event in events {
            self.update(event, engine);
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
                let Some(known) = keys.get_mut(at) else { return };
                // Made and then changed within one operation is still new.
                known.fresh &= known.changed == self.operation;
                known.changed = self.operation;
                if known.deadline.map(|(at, _)| at) != deadline {
                    known.deadline = deadline.map(|at| (at, at.saturating_sub(event.at)));
                }
            }
            Err(at) => {
                let key = Rc::from(event.key.as_slice());
                let deadline = deadline.map(|at| (at, at.saturating_sub(event.at)));
                keys.insert(at, Tracked { key, deadline, changed: self.operation, fresh: true });
            }
        }
    }

    /// After a database was emptied or exchanged: everything anew.
    fn rebuild(&mut self, engine: &Engine) {
        let snapshot = engine.snapshot();
        self.databases.clear();
        for database in snapshot.databases {
            let tracked = |view: playground_engine::snapshot::KeyView| Tracked {
                key: view.key.into(),
                deadline: view.expires_at.map(|at| (at, at.saturating_sub(snapshot.now))),
                changed: self.operation,
                fresh: false,
            };
            let mut keys: Vec<_> =
                engine.keys(database.index, 0, database.keys).into_iter().map(tracked).collect();
            keys.sort_unstable_by(|a, b| a.key.cmp(&b.key));
            self.databases.insert(database.index, keys);
        }
    }
}
