//! Who listens to what: the registry behind pub/sub.
//!
//! A session subscribes to channels, to patterns of channels' names, and to shard channels, which are a world of their
//! own. Whoever publishes learns at once who is to hear of it; bringing it to them is the business of others. A publication
//! costs by its listeners and by how many patterns there are; subscribing and unsubscribing cost O(1) for each name.
//! Nothing here knows a command or a message.

mod messages;
mod ordered;

use std::sync::Arc;

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use crate::digest::Digest;
use crate::glob;
use crate::session::SessionId;
use ordered::Ordered;

/// The name of a channel or a pattern; all who listen to it share one.
pub type Name = Arc<[u8]>;

/// What can be subscribed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Channel,
    Pattern,
    Shard,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Channel, Self::Pattern, Self::Shard];
}

/// Something for each kind.
#[derive(Clone, Debug, Default)]
struct Each<T> {
    channel: T,
    pattern: T,
    shard: T,
}

impl<T> Each<T> {
    fn of(&self, kind: Kind) -> &T {
        match kind {
            Kind::Channel => &self.channel,
            Kind::Pattern => &self.pattern,
            Kind::Shard => &self.shard,
        }
    }

    fn of_mut(&mut self, kind: Kind) -> &mut T {
        match kind {
            Kind::Channel => &mut self.channel,
            Kind::Pattern => &mut self.pattern,
            Kind::Shard => &mut self.shard,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub struct PubSub {
    /// By name: who listens.
    listeners: Each<Ordered<Name, Ordered<SessionId>>>,
    /// By session: what it listens to. One that listens to nothing is not listed.
    sessions: IndexMap<SessionId, Each<Ordered<Name>>, FixedState>,
}

impl PubSub {
    /// Subscribes a session to a name, which it may be already.
    pub fn subscribe(&mut self, id: SessionId, kind: Kind, name: &[u8]) {
        let listeners = self.listeners.of_mut(kind);
        let name: Name = listeners.kept(name).cloned().unwrap_or_else(|| name.into());
        listeners.enter(Arc::clone(&name)).enter(id);
        self.sessions.entry(id).or_default().of_mut(kind).enter(name);
    }

    /// Ends a subscription, if there is one.
    pub fn unsubscribe(&mut self, id: SessionId, kind: Kind, name: &[u8]) {
        let Some(own) = self.sessions.get_mut(&id) else { return };
        own.of_mut(kind).remove(name);
        if Kind::ALL.iter().all(|kind| own.of(*kind).is_empty()) {
            self.sessions.swap_remove(&id);
        }
        self.strike(id, kind, name);
    }

    /// Ends all of a session's subscriptions.
    pub fn leave(&mut self, id: SessionId) {
        let Some(own) = self.sessions.swap_remove(&id) else { return };
        for kind in Kind::ALL {
            own.of(kind).sorted().for_each(|name| self.strike(id, kind, name));
        }
    }

    /// Takes a session off the list of a name's listeners.
    fn strike(&mut self, id: SessionId, kind: Kind, name: &[u8]) {
        let names = self.listeners.of_mut(kind);
        let Some(listeners) = names.get_mut(name) else { return };
        listeners.remove(&id);
        if listeners.is_empty() {
            names.remove(name);
        }
    }

    /// Whether a session is subscribed to anything.
    pub fn is_listening(&self, id: SessionId) -> bool {
        !self.sessions.is_empty() && self.sessions.contains_key(&id)
    }

    /// How many names of a kind a session listens to.
    pub fn count(&self, id: SessionId, kind: Kind) -> usize {
        self.sessions.get(&id).map_or(0, |own| own.of(kind).len())
    }

    /// What a session listens to, in the order of its subscriptions.
    pub fn names_of(&self, id: SessionId, kind: Kind) -> Vec<Name> {
        let own = self.sessions.get(&id);
        own.map(|own| own.of(kind).sorted().cloned().collect()).unwrap_or_default()
    }

    /// All names of a kind that somebody listens to, in the order in which they came up.
    pub fn names(&self, kind: Kind) -> impl Iterator<Item = &Name> {
        self.listeners.of(kind).sorted()
    }

    /// How many names of a kind somebody listens to.
    pub fn len(&self, kind: Kind) -> usize {
        self.listeners.of(kind).len()
    }

    /// How many sessions listen to a name.
    pub fn listeners(&self, kind: Kind, name: &[u8]) -> usize {
        self.listeners.of(kind).get(name).map_or(0, Ordered::len)
    }

    /// How many sessions listen to anything.
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Names those who are to hear what is published on a channel, in the order of their subscriptions: those who listen
    /// to the channel itself first, then pattern by pattern. Gives their number.
    pub fn publish(&mut self, channel: &[u8], mut tell: impl FnMut(SessionId, Option<&Name>)) -> usize {
        let mut told = self.publish_to(Kind::Channel, channel, |id| tell(id, None));
        for (pattern, listeners) in self.listeners.of_mut(Kind::Pattern).in_order() {
            if glob::matches(pattern, channel) {
                listeners.in_order().for_each(|(id, ())| tell(*id, Some(pattern)));
                told += listeners.len();
            }
        }
        told
    }

    /// The same for a shard channel, which no pattern matches.
    pub fn publish_to_shard(&mut self, channel: &[u8], tell: impl FnMut(SessionId)) -> usize {
        self.publish_to(Kind::Shard, channel, tell)
    }

    fn publish_to(&mut self, kind: Kind, name: &[u8], mut tell: impl FnMut(SessionId)) -> usize {
        let Some(listeners) = self.listeners.of_mut(kind).get_mut(name) else { return 0 };
        listeners.in_order().for_each(|(id, ())| tell(*id));
        listeners.len()
    }

    pub fn digest(&self, digest: &mut Digest) {
        for kind in Kind::ALL {
            for name in self.names(kind) {
                digest.bytes(name);
                let listeners = self.listeners.of(kind).get(name);
                listeners.into_iter().flat_map(Ordered::sorted).for_each(|id| digest.number(id.0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: SessionId = SessionId(1);
    const B: SessionId = SessionId(2);
    const C: SessionId = SessionId(3);

    fn told(pubsub: &mut PubSub, channel: &str) -> Vec<(u64, Option<String>)> {
        let mut told = Vec::new();
        let count = pubsub.publish(channel.as_bytes(), |id, pattern| {
            told.push((id.0, pattern.map(|pattern| String::from_utf8_lossy(pattern).into_owned())));
        });
        assert_eq!(count, told.len());
        told
    }

    #[test]
    fn listeners_hear_in_the_order_of_their_subscriptions() {
        let mut pubsub = PubSub::default();
        for id in [B, A, C] {
            pubsub.subscribe(id, Kind::Channel, b"news");
        }
        pubsub.subscribe(A, Kind::Pattern, b"n*");
        pubsub.subscribe(B, Kind::Pattern, b"*s");
        pubsub.subscribe(C, Kind::Shard, b"news");
        pubsub.unsubscribe(B, Kind::Channel, b"news");
        let pattern = |text: &str| Some(text.to_owned());
        let expected = [(1, None), (3, None), (1, pattern("n*")), (2, pattern("*s"))];
        assert_eq!(told(&mut pubsub, "news"), expected);
        assert_eq!(pubsub.publish_to_shard(b"news", |id| assert_eq!(id, C)), 1);
        assert!(told(&mut pubsub, "other").is_empty());
    }

    #[test]
    fn subscribing_twice_is_subscribing_once() {
        let mut pubsub = PubSub::default();
        for name in ["b", "a", "b"] {
            pubsub.subscribe(A, Kind::Channel, name.as_bytes());
        }
        assert_eq!(pubsub.count(A, Kind::Channel), 2);
        assert_eq!(pubsub.names_of(A, Kind::Channel), [Name::from(*b"b"), Name::from(*b"a")]);
        assert_eq!(pubsub.listeners(Kind::Channel, b"b"), 1);
    }

    #[test]
    fn who_leaves_leaves_nothing_behind() {
        let mut pubsub = PubSub::default();
        for kind in Kind::ALL {
            pubsub.subscribe(A, kind, b"x");
            pubsub.subscribe(A, kind, b"y");
        }
        pubsub.subscribe(B, Kind::Channel, b"x");
        pubsub.leave(A);
        assert!(!pubsub.is_listening(A) && pubsub.is_listening(B));
        assert_eq!(Kind::ALL.map(|kind| pubsub.len(kind)), [1, 0, 0]);
        pubsub.unsubscribe(B, Kind::Channel, b"x");
        assert_eq!((pubsub.sessions(), pubsub.len(Kind::Channel)), (0, 0));
    }
}
