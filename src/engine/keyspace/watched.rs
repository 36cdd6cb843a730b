//! Who watches which keys, and who has seen one touched: the memory behind `WATCH`.
//!
//! Keyspace tells of every touch; `EXEC` asks whether there was one. A key that was past its deadline already when it
//! was watched may be removed for that without counting as touched. Nothing here knows a value.

use foldhash::fast::FixedState;
use indexmap::{IndexMap, IndexSet};

use crate::session::SessionId;

/// A key of a database.
type Place = (usize, Vec<u8>);

#[derive(Clone, Debug, Default)]
pub struct Watched {
    /// By key: its watchers, each with whether the key was past its deadline when the watch began.
    keys: IndexMap<Place, IndexMap<SessionId, bool, FixedState>, FixedState>,
    sessions: IndexMap<SessionId, Session, FixedState>,
}

#[derive(Clone, Debug, Default)]
struct Session {
    places: IndexSet<Place, FixedState>,
    touched: bool,
}

impl Watched {
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Watches a key from now on; once is enough. Who has seen one touched need not watch any more.
    pub fn watch(&mut self, id: SessionId, db: usize, key: &[u8], expired: bool) {
        let place = (db, key.to_vec());
        if !self.is_touched(id) && self.sessions.entry(id).or_default().places.insert(place.clone()) {
            self.keys.entry(place).or_default().insert(id, expired);
        }
    }

    /// Ends all watches of a session, and forgets what it has seen.
    pub fn unwatch(&mut self, id: SessionId) {
        if let Some(session) = self.sessions.swap_remove(&id) {
            self.leave(id, session.places);
        }
    }

    fn leave(&mut self, id: SessionId, places: IndexSet<Place, FixedState>) {
        for place in places {
            if let Some(watchers) = self.keys.get_mut(&place) {
                watchers.swap_remove(&id);
                if watchers.is_empty() {
                    self.keys.swap_remove(&place);
                }
            }
        }
    }

    /// Whether a key that the session watches has been touched.
    pub fn is_touched(&self, id: SessionId) -> bool {
        self.sessions.get(&id).is_some_and(|session| session.touched)
    }

    /// How many sessions watch keys, and how many keys are watched.
    pub fn totals(&self) -> (usize, usize) {
        let watching = self.sessions.values().filter(|session| !session.places.is_empty());
        (watching.count(), self.keys.len())
    }

    /// How many keys a session watches.
    pub fn count(&self, id: SessionId) -> usize {
        self.sessions.get(&id).map_or(0, |session| session.places.len())
    }

    /// The keys a session watches that were not past their deadline when it began to.
    pub fn living(&self, id: SessionId) -> impl Iterator<Item = &Place> {
        let places = self.sessions.get(&id).into_iter().flat_map(|session| &session.places);
        places.filter(move |place| {
            self.keys.get(*place).and_then(|watchers| watchers.get(&id)).is_some_and(|expired| !expired)
        })
    }

    /// A key has changed.
    pub fn touch(&mut self, db: usize, key: &[u8]) {
        if self.is_empty() {
            return;
        }
        let watchers = self.keys.get(&(db, key.to_vec())).into_iter().flat_map(IndexMap::keys);
        self.tell(watchers.copied().collect());
    }

    /// These have seen a key touched, and watch no more: there is nothing left to see.
    fn tell(&mut self, watchers: Vec<SessionId>) {
        for id in watchers {
            if let Some(session) = self.sessions.get_mut(&id) {
                session.touched = true;
                let places = std::mem::take(&mut session.places);
                self.leave(id, places);
            }
        }
    }

    /// A key past its deadline has been removed: no news for who watched it when it was so already.
    pub fn expire(&mut self, db: usize, key: &[u8]) {
        if self.is_empty() {
            return;
        }
        let watchers = self.keys.get_mut(&(db, key.to_vec())).into_iter().flatten();
        let concerned = watchers.filter_map(|(id, expired)| (!std::mem::take(expired)).then_some(*id));
        let concerned = concerned.collect();
        self.tell(concerned);
    }

    /// A whole database is emptied or exchanged: whether the key was there, and whether one is there now that is past its
    /// deadline. As in Redis, who sees that goes on watching.
    pub fn replace(&mut self, db: usize, key: &[u8], was: bool, is: Option<bool>) {
        if !was && is.is_none() {
            return;
        }
        let Self { keys, sessions } = self;
        for (id, expired) in keys.get_mut(&(db, key.to_vec())).into_iter().flatten() {
            let no_news = match is {
                None => std::mem::take(expired),
                Some(true) => *expired || !was,
                Some(false) => false,
            };
            if !no_news && let Some(session) = sessions.get_mut(id) {
                session.touched = true;
            }
        }
    }

    /// The watched keys of a database.
    pub fn of_database(&self, db: usize) -> Vec<Vec<u8>> {
        self.keys.keys().filter(|place| place.0 == db).map(|(_, key)| key.clone()).collect()
    }
}
