//! Sorted sets: members, each with a score, in order of score and then of bytes.
//!
//! A small set is [`Packed`] (Redis says `listpack`), a big one [`Indexed`] (`skiplist`); it converts when it grows past
//! the limits it is given and never back, except when a command stores a fresh result. Callers see ranks: a range of
//! scores or of members is first turned into a range of ranks, and everything else works on those. Scores are never
//! NaN. Nothing here knows commands or replies.

mod bound;
pub mod combine;
mod indexed;
mod look;
mod packed;
mod skiplist;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use ordered_float::OrderedFloat;

pub use bound::{End, LexBound, LexRange, ScoreBound, ScoreRange};
use indexed::Indexed;
use packed::Packed;
use skiplist::Node;

use super::Structure;
use super::alloc::{OBJECT, size_class};
use super::bytes::SmallBytes;
use super::listpack::{self, Listpack};
use crate::config::Config;
use crate::digest::Digest;
use crate::picture::{Inside, Lens, Limit, Share};
use crate::rng::Rng;
use crate::snapshot::{Conversion, ValueView};

/// Up to where a set stays small: the settings `zset-max-listpack-entries` and `zset-max-listpack-value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub entries: usize,
    pub value: usize,
}

impl Limits {
    /// As the settings have them.
    pub fn of(config: &Config) -> Self {
        Self { entries: config.zset_max_listpack_entries, value: config.zset_max_listpack_value }
    }
}

/// A member's score before and after; `None` where it was not, or is not, in the set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    pub before: Option<f64>,
    pub after: Option<f64>,
}

/// A sorted set.
#[derive(Clone, Debug)]
pub struct SortedSet {
    encoding: Encoding,
}

#[derive(Clone, Debug)]
enum Encoding {
    Packed(Packed),
    Indexed(Box<Indexed>),
}

impl Default for SortedSet {
    /// An empty set in the small encoding.
    fn default() -> Self {
        Self { encoding: Encoding::Packed(Packed::default()) }
    }
}

/// The one order of a sorted set.
fn order(score: f64, member: &[u8], other_score: f64, other_member: &[u8]) -> Ordering {
    OrderedFloat(score).cmp(&OrderedFloat(other_score)).then_with(|| member.cmp(other_member))
}

impl SortedSet {
    /// An empty set in the big encoding, to gather a result of unknown size in.
    pub fn big() -> Self {
        Self { encoding: Encoding::Indexed(Box::default()) }
    }

    /// Takes the small encoding from outside; `None` where it is no sorted set.
    pub fn from_listpack(pack: Listpack) -> Option<Self> {
        Packed::from_listpack(pack).map(|set| Self { encoding: Encoding::Packed(set) })
    }

    /// Gathers members that come in any order; `None` where one comes twice. The set is as small as it can be.
    pub fn from_pairs(pairs: &[(SmallBytes, f64)], limits: Limits, rng: &mut Rng) -> Option<Self> {
        let mut set = Indexed::with_capacity(pairs.len());
        for (member, score) in pairs {
            if set.id(member).is_some() {
                return None;
            }
            set.insert(member, *score, rng);
        }
        let mut set = Self { encoding: Encoding::Indexed(Box::new(set)) };
        set.compact(limits);
        Some(set)
    }

    /// The small encoding.
    pub fn listpack(&self) -> Option<&Listpack> {
        match &self.encoding {
            Encoding::Packed(set) => Some(set.listpack()),
            Encoding::Indexed(_) => None,
        }
    }

    pub fn len(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(set) => set.len(),
            Encoding::Indexed(set) => set.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn is_packed(&self) -> bool {
        matches!(self.encoding, Encoding::Packed(_))
    }

    pub fn score(&self, member: &[u8]) -> Option<f64> {
        match &self.encoding {
            Encoding::Packed(set) => set.find(member).map(|(_, score)| score),
            Encoding::Indexed(set) => set.find(member).map(|node| node.score),
        }
    }

    /// Where the member stands, counted from the lowest score, and its score.
    pub fn rank(&self, member: &[u8]) -> Option<(usize, f64)> {
        match &self.encoding {
            Encoding::Packed(set) => set.rank(member),
            Encoding::Indexed(set) => {
                let id = set.id(member)?;
                Some((set.list().rank(id), set.list().node(id).score))
            }
        }
    }

    /// Adds a member or gives it another score.
    pub fn set(&mut self, member: &[u8], score: f64, limits: Limits, rng: &mut Rng) -> Change {
        self.set_with(member, |_| Some(score), limits, rng)
    }

    /// Shows the member's score to `decide` and gives it the score that comes back; on `None` all stays as it is.
    pub fn set_with(
        &mut self,
        member: &[u8],
        decide: impl FnOnce(Option<f64>) -> Option<f64>,
        limits: Limits,
        rng: &mut Rng,
    ) -> Change {
        match &mut self.encoding {
            Encoding::Packed(set) => {
                let found = set.find(member);
                let before = found.map(|(_, score)| score);
                let Some(score) = decide(before) else { return Change { before, after: before } };
                match found {
                    Some((at, _)) if before != Some(score) => set.rescore(at, score),
                    Some(_) => {}
                    None => self.add(member, score, limits, rng),
                }
                Change { before, after: Some(score) }
            }
            Encoding::Indexed(set) => {
                let id = set.id(member);
                let before = id.map(|id| set.list().node(id).score);
                let Some(score) = decide(before) else { return Change { before, after: before } };
                match id {
                    Some(id) if before != Some(score) => set.rescore(id, score),
                    Some(_) => {}
                    None => set.insert(member, score, rng),
                }
                Change { before, after: Some(score) }
            }
        }
    }

    /// Adds a member that is not there.
    fn add(&mut self, member: &[u8], score: f64, limits: Limits, rng: &mut Rng) {
        if let Encoding::Packed(set) = &self.encoding {
            let fits = set.len() < limits.entries
                && member.len() <= limits.value
                && set.bytes() + member.len() <= listpack::SAFE_LIMIT;
            if !fits {
                self.enlarge(set.len() + 1, rng);
            }
        }
        match &mut self.encoding {
            Encoding::Packed(set) => set.insert(member, score),
            Encoding::Indexed(set) => set.insert(member, score, rng),
        }
    }

    /// Converts to the big encoding if so many members are about to come that they may not fit. An empty
    /// set also looks at the length of the first of them, as Redis does.
    pub fn expect(&mut self, members: usize, first_len: usize, limits: Limits, rng: &mut Rng) {
        if members > limits.entries || (self.is_empty() && first_len > limits.value) {
            self.enlarge(members, rng);
        }
    }

    /// Converts to the big encoding, its table made for so many members.
    pub fn enlarge(&mut self, members: usize, rng: &mut Rng) {
        if let Encoding::Packed(set) = &mut self.encoding {
            let mut big = Indexed::with_capacity(members);
            for (member, score) in set.iter() {
                big.insert(&member, score, rng);
            }
            self.encoding = Encoding::Indexed(Box::new(big));
        }
    }

    /// Converts to the small encoding if it fits: what Redis does with a result before it stores it.
    pub fn compact(&mut self, limits: Limits) {
        let Encoding::Indexed(set) = &self.encoding else { return };
        let lengths = || set.walk(0, set.len()).map(|node| node.member.len());
        let fits = set.len() <= limits.entries
            && lengths().all(|len| len <= limits.value)
            && lengths().sum::<usize>() <= listpack::SAFE_LIMIT;
        if fits {
            let mut small = Packed::default();
            for node in set.walk(0, set.len()) {
                small.insert(&node.member, node.score);
            }
            self.encoding = Encoding::Packed(small);
        }
    }

    pub fn remove(&mut self, member: &[u8]) -> bool {
        match &mut self.encoding {
            Encoding::Packed(set) => {
                let found = set.find(member);
                found.inspect(|(at, _)| set.remove(*at)).is_some()
            }
            Encoding::Indexed(set) => set.remove(member),
        }
    }

    /// Removes the members of these ranks, as far as they exist, and gives them in order.
    pub fn drain(&mut self, ranks: Range<usize>) -> Vec<(SmallBytes, f64)> {
        let ranks = self.existing(ranks);
        match &mut self.encoding {
            Encoding::Packed(set) => set.drain(ranks),
            Encoding::Indexed(set) => set.drain(ranks.start, ranks.len()),
        }
    }

    /// Removes up to so many members from one end and gives them, the outermost first.
    pub fn pop(&mut self, end: End, count: usize) -> Vec<(SmallBytes, f64)> {
        match end {
            End::First => self.drain(0..count),
            End::Last => {
                let mut popped = self.drain(self.len().saturating_sub(count)..self.len());
                popped.reverse();
                popped
            }
        }
    }

    /// The ranks of the members within a range of scores.
    pub fn ranks_by_score(&self, range: &ScoreRange) -> Range<usize> {
        match &self.encoding {
            Encoding::Packed(set) => set.ranks_by_score(range),
            Encoding::Indexed(set) => {
                let start = set.list().count_while(|node| range.starts_after(node.score));
                let end = set.list().count_while(|node| !range.ends_before(node.score));
                start..end.max(start)
            }
        }
    }

    /// The ranks of the members within a range of members, `skip` of them left out at the end it is walked from. Which
    /// these are is certain only where all scores are equal.
    pub fn ranks_by_member(&self, range: &LexRange, from: End, skip: usize) -> Range<usize> {
        match &self.encoding {
            Encoding::Packed(set) => set.ranks_by_member(range, from, skip),
            Encoding::Indexed(set) => {
                let start = set.list().count_while(|node| range.starts_after(&node.member));
                let end = set.list().count_while(|node| !range.ends_before(&node.member)).max(start);
                let skip = skip.min(end - start);
                if from == End::First { start + skip..end } else { start..end - skip }
            }
        }
    }

    /// Members and scores of these ranks, as far as they exist, from both ends.
    pub fn range(&self, ranks: Range<usize>) -> Iter<'_> {
        let ranks = self.existing(ranks);
        Iter {
            inner: match &self.encoding {
                Encoding::Packed(set) => Inner::Packed(set.walk(ranks)),
                Encoding::Indexed(set) => Inner::Indexed(set.walk(ranks.start, ranks.len())),
            },
        }
    }

    /// All members and scores in order, from both ends.
    pub fn iter(&self) -> Iter<'_> {
        self.range(0..self.len())
    }

    /// The member in a slot below [`Self::len`]. Slots are in no order, but every member has one, and a removal moves
    /// only the member of the last slot, downwards: so a walk down the slots meets everyone who is there throughout.
    pub fn slot(&self, slot: usize) -> Option<(Cow<'_, [u8]>, f64)> {
        match &self.encoding {
            Encoding::Packed(set) => set.get(slot),
            Encoding::Indexed(set) => set.slot(slot).map(Node::pair),
        }
    }

    fn existing(&self, ranks: Range<usize>) -> Range<usize> {
        let end = ranks.end.min(self.len());
        ranks.start.min(end)..end
    }
}

impl Structure for SortedSet {
    fn kind(&self) -> &'static str {
        "zset"
    }

    fn encoding(&self) -> &'static str {
        match self.encoding {
            Encoding::Packed(_) => "listpack",
            Encoding::Indexed(_) => "skiplist",
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    fn memory(&self) -> usize {
        OBJECT
            + match &self.encoding {
                Encoding::Packed(set) => size_class(set.bytes()),
                Encoding::Indexed(set) => set.memory(),
            }
    }

    fn allocated(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(_) => self.memory(),
            Encoding::Indexed(set) => OBJECT + set.allocated(),
        }
    }

    fn recount(&self) -> usize {
        match &self.encoding {
            Encoding::Packed(_) => self.allocated(),
            Encoding::Indexed(set) => self.allocated() + set.nodes_recounted() - set.node_bytes(),
        }
    }

    fn shares(&self) -> Vec<Share> {
        look::shares(self)
    }

    fn limits(&self, config: &Config) -> Vec<Limit> {
        look::limits(self, config)
    }

    fn look(&self, lens: &Lens) -> Inside {
        look::look(self, lens)
    }

    /// From the highest score down.
    fn view(&self, limit: usize) -> ValueView {
        let highest = self.iter().rev().take(limit);
        ValueView::SortedSet { members: highest.map(|(member, score)| (member.to_vec(), score)).collect() }
    }

    fn conversion(&self, config: &Config) -> Option<Conversion> {
        let limit = config.zset_max_listpack_entries;
        self.is_packed().then(|| Conversion { entries: self.len(), limit })
    }

    /// Feeds all that tells two sets apart, the order of the slots included.
    fn digest(&self, digest: &mut Digest) {
        let mut tell = |(member, score): (Cow<'_, [u8]>, f64)| {
            digest.bytes(&member);
            digest.double(score);
        };
        match &self.encoding {
            Encoding::Packed(set) => set.iter().for_each(tell),
            Encoding::Indexed(set) => {
                (0..set.len()).filter_map(|slot| set.slot(slot)).for_each(|node| tell(node.pair()));
            }
        }
        digest.number(self.memory() as u64);
    }
}

/// Members and scores of consecutive ranks.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    inner: Inner<'a>,
}

#[derive(Clone, Debug)]
enum Inner<'a> {
    Packed(packed::Walk<'a>),
    Indexed(indexed::Walk<'a>),
}

impl<'a> Iterator for Iter<'a> {
    type Item = (Cow<'a, [u8]>, f64);

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.inner {
            Inner::Packed(pairs) => pairs.next(),
            Inner::Indexed(walk) => walk.next().map(Node::pair),
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.inner {
            Inner::Packed(pairs) => pairs.size_hint(),
            Inner::Indexed(walk) => walk.size_hint(),
        }
    }
}

impl DoubleEndedIterator for Iter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        match &mut self.inner {
            Inner::Packed(pairs) => pairs.next_back(),
            Inner::Indexed(walk) => walk.next_back().map(Node::pair),
        }
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a SortedSet {
    type Item = (Cow<'a, [u8]>, f64);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}
