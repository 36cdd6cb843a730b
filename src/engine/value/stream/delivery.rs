//! Reading for a group: entries handed to consumers, handed over from one to another, and acknowledged.

use super::entries::Entries;
use super::group::{ConsumerKey, Group, Pending};
use super::id::StreamId;
use super::{Fields, Message, Stream};

/// How entries are claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub consumer: ConsumerKey,
    pub now: i64,
    /// Entries delivered less than so many milliseconds ago are left alone.
    pub min_idle: i64,
    /// When the entries shall count as delivered.
    pub delivered_at: i64,
    /// How often they shall count as delivered; `None` counts once more.
    pub deliveries: Option<u64>,
    /// The entries are only named, which is no delivery to be counted.
    pub just_id: bool,
    /// Entries that nobody was given are claimed as well.
    pub force: bool,
}

/// What a walk over pending entries claimed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AutoClaim {
    /// Where the next walk goes on; 0-0 at the end.
    pub next: StreamId,
    pub claimed: Vec<StreamId>,
    /// Pending entries that were no longer in the stream, and are now not pending either.
    pub deleted: Vec<StreamId>,
}

impl Stream {
    /// Hands a group's next entries to a consumer, at most `count`. Without `acknowledged` they become pending.
    pub fn deliver(
        &mut self,
        group: &[u8],
        consumer: ConsumerKey,
        count: usize,
        now: i64,
        acknowledged: bool,
    ) -> Vec<Message> {
        self.with_group(group, |group, entries, progress| {
            let Some(start) = group.last_id.next() else { return Vec::new() };
            let mut messages = Vec::new();
            for entry in entries.range(start, StreamId::MAX).take(count) {
                group.advance(entry.id(), progress);
                if !acknowledged {
                    group.set_pending(entry.id(), Pending { delivered_at: now, deliveries: 1, consumer });
                    group.activate(consumer, now);
                }
                messages.push((entry.id(), entry.fields()));
            }
            messages
        })
        .unwrap_or_default()
    }

    /// Shows a consumer what is pending for it from an ID on; entries that were deleted meanwhile have no fields.
    pub fn redeliver(
        &mut self,
        group: &[u8],
        consumer: ConsumerKey,
        start: StreamId,
        count: usize,
        now: i64,
    ) -> Vec<(StreamId, Option<Fields>)> {
        self.with_group(group, |group, entries, _| {
            let pending = group.consumer(consumer).map(|consumer| consumer.pending().range(start..));
            let ids: Vec<StreamId> = pending.into_iter().flatten().map(|(id, ())| *id).take(count).collect();
            let shown = ids.into_iter().map(|id| {
                let fields = entries.get(id).map(|entry| entry.fields());
                if fields.is_some() {
                    group.redeliver(id, now);
                }
                (id, fields)
            });
            shown.collect()
        })
        .unwrap_or_default()
    }

    /// Gives pending entries to a consumer and names those it got. What is no longer in the stream stops being pending.
    pub fn claim(&mut self, group: &[u8], ids: &[StreamId], claim: &Claim) -> Vec<StreamId> {
        self.with_group(group, |group, entries, _| {
            ids.iter().copied().filter(|id| claim.take(group, entries, *id)).collect()
        })
        .unwrap_or_default()
    }

    /// As [`Stream::claim`], for whatever is pending from an ID on: at most `count` entries, looking at ten times as many.
    pub fn auto_claim(&mut self, group: &[u8], start: StreamId, count: usize, claim: &Claim) -> AutoClaim {
        const LOOKS: usize = 10;
        let claimed = self.with_group(group, |group, entries, _| {
            let mut walk = AutoClaim::default();
            let mut next = following(group, start);
            for _ in 0..count.saturating_mul(LOOKS) {
                let Some(id) = next.filter(|_| walk.claimed.len() + walk.deleted.len() < count) else {
                    break;
                };
                next = id.next().and_then(|id| following(group, id));
                if !entries.contains(id) {
                    group.acknowledge(id);
                    walk.deleted.push(id);
                } else if claim.take(group, entries, id) {
                    walk.claimed.push(id);
                }
            }
            walk.next = next.unwrap_or_default();
            walk
        });
        claimed.unwrap_or_default()
    }
}

impl Claim {
    /// Claims one entry; whether it was to be had.
    fn take(&self, group: &mut Group, entries: &Entries, id: StreamId) -> bool {
        if !entries.contains(id) {
            group.acknowledge(id);
            return false;
        }
        let before = group.pending().get(id).copied();
        let deliveries = match before {
            Some(pending) => {
                let idle = self.now.wrapping_sub(pending.delivered_at);
                if self.min_idle != 0 && idle < self.min_idle {
                    return false;
                }
                pending.deliveries
            }
            // An entry that nobody was given counts as delivered once, before this delivery.
            None if self.force => 1,
            None => return false,
        };
        let once_more = deliveries.wrapping_add(u64::from(!self.just_id));
        let deliveries = self.deliveries.unwrap_or(once_more);
        let (consumer, delivered_at) = (self.consumer, self.delivered_at);
        group.set_pending(id, Pending { delivered_at, deliveries, consumer });
        group.activate(consumer, self.now);
        true
    }
}

/// The first pending entry from an ID on.
fn following(group: &Group, from: StreamId) -> Option<StreamId> {
    group.pending().range(from..).next().map(|(id, _)| *id)
}
