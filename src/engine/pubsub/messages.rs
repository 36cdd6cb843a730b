//! Publishing: a message becomes a push to everybody who listens, and goes out with the mail.
//!
//! All who hear of it in the same way share one push, so that many listeners cost no more memory than few; where nobody
//! listens, none is made.

use super::Name;
use crate::keyspace::Surroundings;
use crate::reply::Reply;

impl Surroundings {
    /// Sends a message to all who listen to a channel or to a pattern that its name matches, and gives their number.
    pub fn publish(&mut self, channel: &[u8], message: &[u8]) -> usize {
        let Self { pubsub, mail, .. } = self;
        let mut shared: Option<(Option<Name>, Reply)> = None;
        pubsub.publish(channel, |id, pattern| {
            let same = shared.take().filter(|(other, _)| other.as_ref() == pattern);
            let fresh = || (pattern.cloned(), push(pattern, channel, message));
            let (_, push) = shared.insert(same.unwrap_or_else(fresh));
            mail.push((id, push.clone().into()));
        })
    }

    /// The same for a shard channel.
    pub fn publish_to_shard(&mut self, channel: &[u8], message: &[u8]) -> usize {
        let Self { pubsub, mail, .. } = self;
        let mut shared = None;
        pubsub.publish_to_shard(channel, |id| {
            let fresh = || Reply::push(["smessage".as_bytes(), channel, message].map(Reply::bulk));
            mail.push((id, shared.get_or_insert_with(fresh).clone().into()));
        })
    }
}

fn push(pattern: Option<&Name>, channel: &[u8], message: &[u8]) -> Reply {
    match pattern {
        None => Reply::push(["message".as_bytes(), channel, message].map(Reply::bulk)),
        Some(pattern) => Reply::push(["pmessage".as_bytes(), pattern, channel, message].map(Reply::bulk)),
    }
}
