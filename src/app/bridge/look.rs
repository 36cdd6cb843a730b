//! How the bridge looks at the engine: the rows on the screen, the selected key, the lesson's picture and exercise.
//!
//! Looking changes nothing and costs what is on the screen, not what is stored: it happens ten times a second.

use std::rc::Rc;

use playground_engine::picture::{Lens, Picture};
use playground_engine::snapshot::Inspection;
use playground_engine::{SessionId, print};
use playground_scenarios::Check;

use super::Bridge;
use super::world::Connection;
use crate::format;
use crate::state::sessions::{SessionView, TabId};
use crate::state::view::{Blocked, Checked, LongScript, Unmet, View};

/// Bytes of a string and members of a collection that a lesson's picture gets.
const INSPECTED: usize = 1_000;

impl Bridge {
    pub(super) fn look(&self) -> View {
        let snapshot = self.world.engine.snapshot();
        let db = self.db();
        let elsewhere = snapshot.databases.iter().filter(|other| other.index != db);
        let (config, stats) = (self.world.engine.config(), self.world.engine.stats());
        View {
            now: snapshot.now,
            workload: self.look_at_workload(),
            race: self.look_at_race(),
            commands: stats.commands,
            used_memory: snapshot.used_memory,
            peak_memory: snapshot.peak_memory,
            dataset: snapshot.dataset,
            overhead: snapshot.overhead,
            maxmemory: snapshot.maxmemory,
            policy: config.maxmemory_policy.word(),
            samples: config.maxmemory_samples,
            evicted: snapshot.evicted,
            hits: stats.keyspace_hits,
            misses: stats.keyspace_misses,
            db,
            sessions: self.look_at_sessions(),
            keys: self.index.keys(db).len(),
            elsewhere: elsewhere.map(|other| (other.index, other.keys)).collect(),
            next_expiry: snapshot.next_expiry,
            next_timeout: self.next_timeout(),
            expired_lazily: snapshot.expired_lazily,
            expired_actively: snapshot.expired_actively,
            listing: self.listing(),
            selected: self.selected.clone(),
            inspection: self.selected.as_deref().and_then(|key| self.look_into(key)),
            picture: self.watch.picture.as_deref().and_then(|key| self.inspect(key)),
            checked: self.checked.clone(),
            travel: self.look_at_travel(),
        }
    }

    /// The key that the reader looks into, as the reader wants it.
    fn look_into(&self, key: &[u8]) -> Option<Rc<Picture>> {
        let (of, lens) = &self.lens;
        let (lens, plain) = (lens, Lens::default());
        let lens = if **of == *key { lens } else { &plain };
        self.world.engine.look(self.db(), key, lens).map(Rc::new)
    }

    fn inspect(&self, key: &[u8]) -> Option<Rc<Inspection>> {
        self.world.engine.inspect(self.db(), key, INSPECTED).map(Rc::new)
    }

    fn look_at_sessions(&self) -> Vec<SessionView> {
        let look = |tab: TabId| {
            let id = self.world.id(tab)?;
            Some(SessionView { tab, prompt: self.prompt(id), blocked: self.blocked(id).map(Rc::new) })
        };
        self.clients.tabs().filter_map(look).collect()
    }

    fn blocked(&self, id: SessionId) -> Option<Blocked> {
        let written = |argv: &[Vec<u8>]| {
            argv.iter().map(|word| format::name(word)).collect::<Vec<_>>().join(" ").into()
        };
        if let Some(blocked) = &self.world.engine.session(id)?.blocked {
            let script = self.long_script(id).filter(|script| script.is_own);
            return Some(Blocked {
                command: written(&blocked.request.argv),
                until: blocked.deadline,
                script,
            });
        }
        let (_, argv) = self.world.engine.held_by_script().find(|(of, _)| *of == id)?;
        Some(Blocked { command: written(argv), until: None, script: self.long_script(id) })
    }

    /// The script that has begun and not ended, as a session sees it.
    fn long_script(&self, id: SessionId) -> Option<LongScript> {
        let engine = &self.world.engine;
        let running = engine.running_script()?;
        let of = self.world.connections.iter().find(|connection| connection.id == running.session);
        Some(LongScript {
            is_own: running.session == id,
            of: of.map(|connection| connection.name.clone()),
            began: running.began,
            busy_from: engine.busy_from(),
            instructions: running.instructions,
            has_written: running.has_written,
        })
    }

    /// The prompt as redis-cli shows it.
    pub(super) fn prompt(&self, id: SessionId) -> Rc<str> {
        let session = self.world.engine.session(id);
        let db = match session.map_or(0, |session| session.db) {
            0 => String::new(),
            db => format!("[{db}]"),
        };
        let transaction = session.is_some_and(|session| session.transaction.is_some());
        let transaction = if transaction { "(TX)" } else { "" };
        let listens = if self.world.engine.is_listening(id) { "(subscribed mode)" } else { "" };
        format!("127.0.0.1:6379{db}{transaction}{listens}> ").into()
    }

    /// When the next session gives up waiting.
    pub(super) fn next_timeout(&self) -> Option<u64> {
        let waits = |connection: &Connection| self.world.session(connection.tab)?.blocked.as_ref()?.deadline;
        self.world.connections.iter().filter_map(waits).min()
    }

    /// Looks whether the exercise of the lesson's current step is passed.
    pub(super) fn check(&mut self) {
        if self.is_in_past() {
            return;
        }
        let step = self.watch.step;
        self.checked = self.watch.check.as_ref().map(|check| Checked { step, unmet: self.unmet(check) });
    }

    /// Even reading leaves traces, so the questions are put to a copy.
    fn unmet(&self, check: &Check) -> Option<Unmet> {
        let mut copy = self.world.engine.clone();
        let session = copy.connect();
        let ask = |argv: &[Vec<u8>]| print::redis_cli(&copy.execute(session, argv.to_vec()).reply);
        let (probe, answered) = check.first_unmet(ask)?;
        Some(Unmet { command: probe.text.clone(), expected: probe.expected.text.clone(), answered })
    }
}
