//! Who is to be told that a key has changed: the memory behind client-side caching (`CLIENT TRACKING`).
//!
//! A session that tracks is remembered with every key it reads; the first change of such a key makes an invalidation for
//! it and forgets the pair. In broadcasting mode nothing is remembered: a session names prefixes, and at the end of a
//! command hears of all keys that changed under each. As in Redis, keys of all databases share one table. Nothing here
//! knows a value, a command or how a message is written.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::fast::FixedState;
use indexmap::{IndexMap, IndexSet};

use crate::digest::Digest;
use crate::rng::Rng;
use crate::session::SessionId;

/// Which keys a session is told of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Those it has read.
    #[default]
    Default,
    /// Those it has read right behind `CLIENT CACHING YES`.
    OptIn,
    /// Those it has read, but not right behind `CLIENT CACHING NO`.
    OptOut,
    /// All that begin with one of its prefixes.
    Broadcast,
}

/// A session that tracks.
#[derive(Clone, Debug, Default)]
pub struct Follower {
    pub mode: Mode,
    /// What it changes itself is no news to it.
    pub noloop: bool,
    /// Who gets its messages instead.
    pub redirect: Option<SessionId>,
    /// That session is gone.
    pub broken: bool,
    /// `CLIENT CACHING` was said, for the next command.
    pub caching: bool,
    pub prefixes: BTreeSet<Vec<u8>>,
}

/// News for a session that tracks: these keys have changed, or all (`None`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invalidation {
    pub to: SessionId,
    pub keys: Option<Vec<Vec<u8>>>,
}

/// Those who follow a prefix, and what has changed under it in this command: each key with who changed it last.
#[derive(Clone, Debug, Default)]
struct Prefix {
    followers: BTreeSet<SessionId>,
    changed: BTreeMap<Vec<u8>, Option<SessionId>>,
}

#[derive(Clone, Debug, Default)]
pub struct Tracking {
    followers: IndexMap<SessionId, Follower, FixedState>,
    /// By key: who has read it since it changed. Also those who have stopped to track: they may begin again.
    readers: IndexMap<Vec<u8>, IndexSet<SessionId, FixedState>, FixedState>,
    prefixes: BTreeMap<Vec<u8>, Prefix>,
}

impl Tracking {
    /// Whether no change is of interest to anybody.
    pub fn is_idle(&self) -> bool {
        self.followers.is_empty() && self.readers.is_empty()
    }

    pub fn follower(&self, id: SessionId) -> Option<&Follower> {
        self.followers.get(&id)
    }

    /// Who gets a session's messages, as Redis shows it: 0 is itself, -1 is that there are none.
    pub fn redirection(&self, id: SessionId) -> i64 {
        self.followers.get(&id).map_or(-1, |follower| follower.redirect.map_or(0, SessionId::shown))
    }

    pub fn follower_mut(&mut self, id: SessionId) -> Option<&mut Follower> {
        self.followers.get_mut(&id)
    }

    /// How many sessions track, keys are remembered, readers of keys, and prefixes: the figures of `INFO`.
    pub fn figures(&self) -> [usize; 4] {
        let items = self.readers.values().map(IndexSet::len).sum();
        [self.followers.len(), self.readers.len(), items, self.prefixes.len()]
    }

    // ---- following -----------------------------------------------------------------------------------------------

    /// A session tracks from now on, or does so otherwise than before. Prefixes come to those it has.
    pub fn follow(&mut self, id: SessionId, mut wanted: Follower) {
        for prefix in &wanted.prefixes {
            self.prefixes.entry(prefix.clone()).or_default().followers.insert(id);
        }
        let follower = self.followers.entry(id).or_default();
        wanted.prefixes.append(&mut follower.prefixes);
        wanted.caching = follower.caching;
        *follower = wanted;
    }

    /// A session tracks no more. What it has read stays known, as in Redis.
    pub fn unfollow(&mut self, id: SessionId) {
        let Some(follower) = self.followers.swap_remove(&id) else { return };
        for prefix in follower.prefixes {
            if let Some(there) = self.prefixes.get_mut(&prefix) {
                there.followers.remove(&id);
                if there.followers.is_empty() {
                    self.prefixes.remove(&prefix);
                }
            }
        }
    }

    /// A session is gone, and all that was known of it.
    pub fn forget(&mut self, id: SessionId) {
        self.unfollow(id);
        self.readers.retain(|_, readers| {
            readers.swap_remove(&id);
            !readers.is_empty()
        });
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    /// Whether what a session reads now is to be remembered.
    pub fn remembers(&self, id: SessionId) -> bool {
        self.followers.get(&id).is_some_and(|follower| match follower.mode {
            Mode::Default => true,
            Mode::OptIn => follower.caching,
            Mode::OptOut => !follower.caching,
            Mode::Broadcast => false,
        })
    }

    /// A session has read these keys.
    pub fn remember(&mut self, id: SessionId, keys: impl IntoIterator<Item = Vec<u8>>) {
        for key in keys {
            self.readers.entry(key).or_default().insert(id);
        }
    }

    // ---- changes -------------------------------------------------------------------------------------------------

    /// A key has changed, by a session's will or by itself, while a session's command was running.
    pub fn change(
        &mut self,
        key: &[u8],
        by: Option<SessionId>,
        running: Option<SessionId>,
    ) -> Vec<Invalidation> {
        for (prefix, there) in &mut self.prefixes {
            if key.starts_with(prefix) {
                there.changed.insert(key.to_vec(), by);
            }
        }
        self.invalidate(key, running)
    }

    fn invalidate(&mut self, key: &[u8], running: Option<SessionId>) -> Vec<Invalidation> {
        let Some(readers) = self.readers.swap_remove(key) else { return Vec::new() };
        let concerned = readers.into_iter().filter(|id| {
            self.followers.get(id).is_some_and(|follower| {
                follower.mode != Mode::Broadcast && !(follower.noloop && Some(*id) == running)
            })
        });
        concerned.map(|to| Invalidation { to, keys: Some(vec![key.to_vec()]) }).collect()
    }

    /// A database was emptied: everybody forgets everything.
    pub fn flush(&mut self) -> Vec<Invalidation> {
        self.readers.clear();
        self.followers.keys().map(|to| Invalidation { to: *to, keys: None }).collect()
    }

    /// What those who follow prefixes are to hear, once a command is over.
    pub fn broadcast(&mut self) -> Vec<Invalidation> {
        let mut news = Vec::new();
        for there in self.prefixes.values_mut() {
            let changed = std::mem::take(&mut there.changed);
            if changed.is_empty() {
                continue;
            }
            for to in &there.followers {
                let noloop = self.followers.get(to).is_some_and(|follower| follower.noloop);
                let concerns = |by: &Option<SessionId>| !noloop || *by != Some(*to);
                let keys: Vec<_> =
                    changed.iter().filter(|(_, by)| concerns(by)).map(|(key, _)| key.clone()).collect();
                if !keys.is_empty() {
                    news.push(Invalidation { to: *to, keys: Some(keys) });
                }
            }
        }
        news
    }

    /// Keeps the table to so many keys (0: to any number): some are forgotten, as if they had changed.
    pub fn limit(&mut self, most: usize, rng: &mut Rng) -> Vec<Invalidation> {
        let mut news = Vec::new();
        while most > 0 && self.readers.len() > most {
            let position = rng.below(self.readers.len());
            let Some(key) = self.readers.get_index(position).map(|(key, _)| key.clone()) else { break };
            news.extend(self.invalidate(&key, None));
        }
        news
    }

    /// All that decides what happens next.
    pub fn digest(&self, digest: &mut Digest) {
        for (id, follower) in &self.followers {
            digest.number(id.0);
            digest.number(follower.mode as u64);
            digest.number(u64::from(follower.noloop) | u64::from(follower.caching) << 1);
            digest.number(follower.redirect.map_or(0, |redirect| redirect.0));
            follower.prefixes.iter().for_each(|prefix| digest.bytes(prefix));
        }
        for (key, readers) in &self.readers {
            digest.bytes(key);
            readers.iter().for_each(|id| digest.number(id.0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SessionId = SessionId(1);
    const B: SessionId = SessionId(2);

    fn told(news: &[Invalidation]) -> Vec<(u64, String)> {
        let shown = |keys: &Option<Vec<Vec<u8>>>| match keys {
            Some(keys) => String::from_utf8_lossy(&keys.join(&b' ')).into_owned(),
            None => "all".into(),
        };
        news.iter().map(|news| (news.to.0, shown(&news.keys))).collect()
    }

    fn follower(mode: Mode, prefixes: &[&str]) -> Follower {
        let prefixes = prefixes.iter().map(|prefix| prefix.as_bytes().to_vec()).collect();
        Follower { mode, prefixes, ..Follower::default() }
    }

    #[test]
    fn a_change_is_told_once_to_each_reader() {
        let mut tracking = Tracking::default();
        for id in [A, B] {
            tracking.follow(id, Follower::default());
            tracking.remember(id, [b"k".to_vec()]);
        }
        assert_eq!(told(&tracking.change(b"k", Some(A), Some(A))), [(1, "k".into()), (2, "k".into())]);
        assert!(tracking.change(b"k", Some(A), Some(A)).is_empty());
    }

    #[test]
    fn own_changes_are_no_news_with_noloop() {
        let mut tracking = Tracking::default();
        tracking.follow(A, Follower { noloop: true, ..Follower::default() });
        tracking.remember(A, [b"k".to_vec()]);
        assert!(tracking.change(b"k", Some(A), Some(A)).is_empty());
        tracking.remember(A, [b"k".to_vec()]);
        assert_eq!(told(&tracking.change(b"k", Some(B), Some(B))), [(1, "k".into())]);
    }

    #[test]
    fn prefixes_hear_of_all_changes_at_once_and_in_order() {
        let mut tracking = Tracking::default();
        tracking.follow(A, follower(Mode::Broadcast, &["a", "b"]));
        tracking.follow(B, Follower { noloop: true, ..follower(Mode::Broadcast, &[""]) });
        for (key, by) in [("b2", A), ("b1", B), ("a", A), ("b2", B), ("c", B)] {
            assert!(tracking.change(key.as_bytes(), Some(by), Some(by)).is_empty());
        }
        let news = tracking.broadcast();
        assert_eq!(told(&news), [(2, "a".into()), (1, "a".into()), (1, "b1 b2".into())]);
        assert!(tracking.broadcast().is_empty());
    }

    #[test]
    fn the_table_is_kept_small_and_left_empty() {
        let mut tracking = Tracking::default();
        tracking.follow(A, Follower::default());
        tracking.remember(A, (0..10_u8).map(|n| vec![n]));
        let news = tracking.limit(4, &mut Rng::seeded(1));
        assert_eq!((news.len(), tracking.figures()), (6, [1, 4, 4, 0]));
        assert_eq!(told(&tracking.flush()), [(1, "all".into())]);
        tracking.remember(A, [b"k".to_vec()]);
        tracking.forget(A);
        assert!(tracking.is_idle());
    }

    #[test]
    fn who_opts_in_is_told_of_what_it_asked_for() {
        let mut tracking = Tracking::default();
        tracking.follow(A, follower(Mode::OptIn, &[]));
        tracking.follow(B, follower(Mode::OptOut, &[]));
        assert!(!tracking.remembers(A) && tracking.remembers(B));
        for id in [A, B] {
            tracking.follower_mut(id).expect("it follows").caching = true;
        }
        assert!(tracking.remembers(A) && !tracking.remembers(B));
    }
}
