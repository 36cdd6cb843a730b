//! What the bridge saw in the engine, cut to what is on the screen, and the expired keys that still fade away.

use std::rc::Rc;

use playground_engine::picture::Picture;
use playground_engine::snapshot::{Inspection, KeyView};
use playground_engine::{Event, EventKind, Expiry, Standing};

use super::keys::Listing;
use super::living::{RaceView, WorkloadView};
use super::sessions::{SessionView, TabId};
use super::travel::Travel;

/// A row of the list of keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub summary: KeyView,
    /// How long the key was given to live when its deadline was set.
    pub lifetime: Option<u64>,
    /// The last operation changed it; the number grows with each operation, so that each flashes once.
    pub changed: Option<u64>,
    /// The last operation made it.
    pub fresh: bool,
    /// The last operation, and by how many bytes it changed the key, if it did.
    pub delta: Option<(u64, i64)>,
}

impl Row {
    pub fn remaining(&self, now: u64) -> Option<u64> {
        self.summary.expires_at.map(|at| at.saturating_sub(now))
    }
}

/// A session that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The line that waits.
    pub command: Rc<str>,
    /// When it gives up, on the virtual clock.
    pub until: Option<u64>,
    /// The script that keeps it waiting, where one does.
    pub script: Option<LongScript>,
}

/// A script that takes long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LongScript {
    /// It is this session's own; else the session waits for its turn.
    pub is_own: bool,
    /// What the session that runs it is called, while it is there.
    pub of: Option<Rc<str>>,
    /// When it began, and from when on others are refused, on the virtual clock.
    pub began: u64,
    pub busy_from: Option<u64>,
    pub instructions: u64,
    /// Nobody can stop it any more.
    pub has_written: bool,
}

/// How an exercise stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub step: usize,
    /// What does not hold yet; `None` when the exercise is passed.
    pub unmet: Option<Unmet>,
}

/// A condition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    pub command: String,
    pub expected: String,
    pub answered: String,
}

/// The engine as the page sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct View {
    /// Milliseconds since the epoch on the virtual clock.
    pub now: u64,
    /// Simulated clients and the race of the lesson's step, where there are any.
    pub workload: Option<Rc<WorkloadView>>,
    pub race: Option<Rc<RaceView>>,
    /// Commands that were run, as Redis counts them.
    pub commands: u64,
    pub used_memory: u64,
    pub peak_memory: u64,
    pub dataset: u64,
    pub overhead: u64,
    /// How much memory there may be; 0 is no limit.
    pub maxmemory: u64,
    /// The word of `maxmemory-policy`.
    pub policy: &'static str,
    pub samples: usize,
    /// Totals: keys evicted, keys looked up that were there, and that were not.
    pub evicted: u64,
    pub hits: u64,
    pub misses: u64,
    /// The sessions, in the order of their tabs.
    pub sessions: Vec<SessionView>,
    /// The database that the shown session is in.
    pub db: usize,
    /// Keys in that database.
    pub keys: usize,
    /// Other databases that hold keys: index and count.
    pub elsewhere: Vec<(usize, usize)>,
    pub next_expiry: Option<u64>,
    /// When the next session gives up waiting.
    pub next_timeout: Option<u64>,
    pub expired_lazily: u64,
    pub expired_actively: u64,
    /// The list of keys, as far as it is on the screen.
    pub listing: Listing,
    /// The key that is looked into; there may be none of that name any more.
    pub selected: Option<Rc<[u8]>>,
    pub inspection: Option<Rc<Picture>>,
    /// The key that the lesson draws.
    pub picture: Option<Rc<Inspection>>,
    pub checked: Option<Checked>,
    pub travel: Travel,
}

impl View {
    pub fn session(&self, tab: TabId) -> Option<&SessionView> {
        self.sessions.iter().find(|session| session.tab == tab)
    }
}

/// Why a key left that nobody deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaving {
    Expired(Expiry),
    /// For want of room, and how it stood then.
    Evicted(Standing),
}

/// An expired or evicted key on its way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Ghost {
    pub id: u64,
    pub row: Rc<Row>,
    pub why: Leaving,
    /// Where it was in the list, and how deep.
    pub at: usize,
    pub depth: usize,
    pub from: usize,
}

/// Expired and evicted keys that still fade away.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ghosts {
    pub list: Vec<Ghost>,
    next_id: u64,
}

/// More would only be noise: a thousand keys that expire at once simply leave.
const MOST_GHOSTS: usize = 40;

impl Ghosts {
    /// Keys that were on the screen and left by themselves fade from where they were.
    pub fn left<'a>(&mut self, events: impl Iterator<Item = &'a Event>, seen: &View) {
        for event in events {
            let why = match &event.kind {
                EventKind::Expired { how, .. } => Leaving::Expired(*how),
                EventKind::Evicted(why) => Leaving::Evicted(why.standing),
                _ => continue,
            };
            if self.list.len() >= MOST_GHOSTS || event.db != seen.db {
                continue;
            }
            let mut lines = seen.listing.lines.iter().enumerate();
            let found = lines.find(|(_, line)| line.key().is_some_and(|row| row.summary.key == event.key));
            if let Some((at, line)) = found
                && let Some(row) = line.key()
            {
                let (at, depth, from) = (seen.listing.first + at, line.depth, line.from);
                self.list.push(Ghost { id: self.next_id, row: row.clone(), why, at, depth, from });
                self.next_id += 1;
            }
        }
    }

    pub fn gone(&mut self, up_to: u64) {
        self.list.retain(|ghost| ghost.id > up_to);
    }

    pub fn newest(&self) -> Option<u64> {
        self.list.last().map(|ghost| ghost.id)
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{Entry, Line};
    use super::*;

    #[test]
    fn only_what_was_on_the_screen_leaves_a_ghost() {
        let summary = KeyView {
            key: b"k".to_vec(),
            kind: "string",
            encoding: "int",
            len: 1,
            memory: 56,
            expires_at: Some(10),
            idle: 0,
        };
        let row = Rc::new(Row { summary, lifetime: Some(10), changed: None, fresh: false, delta: None });
        let line = Line { depth: 0, from: 0, among: (1, 1), entry: Entry::Key(row) };
        let listing = Listing { lines: vec![line], ..Listing::default() };
        let view = View { listing, ..View::default() };
        let event = |key: &[u8]| Event {
            at: 11,
            db: 0,
            key: key.to_vec(),
            kind: EventKind::Expired { how: Expiry::Active, late_ms: 1 },
        };
        let mut ghosts = Ghosts::default();
        ghosts.left([event(b"k"), event(b"far away")].iter(), &view);
        assert_eq!(ghosts.list.len(), 1);
        ghosts.gone(0);
        assert!(ghosts.list.is_empty());
    }
}
