//! What `ACL LOG` shows: the latest refusals, the newest first; the same again within a minute is counted, not listed.
//!
//! Time comes in with each incident. Knows no replies.

use std::collections::VecDeque;

use crate::digest::Digest;

/// How far back the log looks for the same incident: so many entries, and so many milliseconds.
const GROUPED_ENTRIES: usize = 10;
pub(super) const GROUPED_FOR: u64 = 60_000;

/// What was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    Command,
    Key,
    Channel,
    /// A wrong password.
    Auth,
}

impl Reason {
    pub fn word(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Key => "key",
            Self::Channel => "channel",
            Self::Auth => "auth",
        }
    }
}

/// Where a command came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Client,
    Transaction,
    Script,
}

impl Place {
    pub fn word(self) -> &'static str {
        match self {
            Self::Client => "toplevel",
            Self::Transaction => "multi",
            Self::Script => "lua",
        }
    }
}

/// A refusal as it happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub reason: Reason,
    pub place: Place,
    /// The command, key or channel.
    pub object: Vec<u8>,
    pub user: Vec<u8>,
    /// The connection, as `CLIENT LIST` describes it.
    pub client: Vec<u8>,
}

impl Incident {
    fn is_like(&self, other: &Self) -> bool {
        self.reason == other.reason
            && self.place == other.place
            && self.object == other.object
            && self.user == other.user
    }
}

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub id: u64,
    /// How often it happened.
    pub count: u64,
    /// The latest one.
    pub incident: Incident,
    pub created: u64,
    pub updated: u64,
}

/// The newest entry first.
#[derive(Clone, Debug, Default)]
pub struct Log {
    entries: VecDeque<Entry>,
    next_id: u64,
    /// How often each reason was given, since the engine started.
    totals: [u64; 4],
}

impl Log {
    /// Notes an incident; what makes the log longer than allowed is forgotten.
    pub fn add(&mut self, incident: Incident, now: u64, max_len: usize) {
        let like = |entry: &Entry| {
            now.saturating_sub(entry.updated) <= GROUPED_FOR && entry.incident.is_like(&incident)
        };
        self.totals[incident.reason as usize] += 1;
        let known = self.entries.iter().take(GROUPED_ENTRIES).position(like);
        let entry = if let Some(entry) = known.and_then(|at| self.entries.remove(at)) {
            Entry { count: entry.count + 1, incident, updated: now, ..entry }
        } else {
            let id = self.next_id;
            self.next_id += 1;
            Entry { id, count: 1, incident, created: now, updated: now }
        };
        let is_new = entry.count == 1;
        self.entries.push_front(entry);
        if is_new {
            self.entries.truncate(max_len);
        }
    }

    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// How often this was the reason, whatever the log still holds.
    pub fn total(&self, reason: Reason) -> u64 {
        self.totals[reason as usize]
    }

    /// Forgets all entries; their numbers go on.
    pub fn reset(&mut self) {
        self.entries.clear();
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.number(self.next_id);
        self.totals.iter().for_each(|total| digest.number(*total));
        for entry in &self.entries {
            for number in [entry.id, entry.count, entry.created, entry.updated] {
                digest.number(number);
            }
            digest.word(entry.incident.reason.word());
            digest.number(entry.incident.place as u64);
            for bytes in [&entry.incident.object, &entry.incident.user, &entry.incident.client] {
                digest.bytes(bytes);
            }
        }
    }
}
