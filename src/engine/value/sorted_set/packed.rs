//! The small encoding of a sorted set: one listpack with members and scores in turn, in order.
//!
//! Finding a member walks them all, which for the few there may be is as fast as anything. A whole score is stored as
//! an integer, any other as its text. It knows nothing of limits: its owner converts it.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::bound::{End, LexRange, ScoreRange};
use super::order;
use crate::number::double;
use crate::value::bytes::SmallBytes;
use crate::value::listpack::{Entry, Listpack, Position};

/// A member and its score, as they come out of the listpack.
pub type Pair<'a> = (Cow<'a, [u8]>, f64);

/// A small sorted set.
#[derive(Clone, Debug, Default)]
pub struct Packed {
    pack: Listpack,
}

impl Packed {
    /// Takes a listpack from outside: members and scores in turn, in order, no member twice.
    pub fn from_listpack(pack: Listpack) -> Option<Self> {
        let mut scores = pack.iter().skip(1).step_by(2).map(read_score);
        let sound =
            pack.len().is_multiple_of(2) && scores.all(|score| score.is_some_and(|score| !score.is_nan()));
        let packed = Self { pack };
        let pairs: Vec<_> = packed.iter().collect();
        let ordered = pairs.windows(2).all(|two| order(two[0].1, &two[0].0, two[1].1, &two[1].0).is_lt());
        let members: BTreeSet<_> = pairs.iter().map(|(member, _)| member).collect();
        (sound && ordered && members.len() == pairs.len()).then_some(packed)
    }

    pub fn listpack(&self) -> &Listpack {
        &self.pack
    }

    pub fn len(&self) -> usize {
        self.pack.len() / 2
    }

    /// The length of the listpack.
    pub fn bytes(&self) -> usize {
        self.pack.byte_len()
    }

    /// The score of a member, and where it stands.
    pub fn find(&self, member: &[u8]) -> Option<(Position, f64)> {
        let at = self.pack.find(member, 2)?;
        Some((at, self.score_behind(at)))
    }

    /// The rank and score of a member.
    pub fn rank(&self, member: &[u8]) -> Option<(usize, f64)> {
        let (found, score) = self.find(member)?;
        let mut rank = 0;
        let mut at = self.pack.first()?;
        while at < found {
            at = self.pair_after(at)?;
            rank += 1;
        }
        Some((rank, score))
    }

    pub fn get(&self, rank: usize) -> Option<Pair<'_>> {
        self.pair_at(rank).map(|at| (self.pack.get(at).text(), self.score_behind(at)))
    }

    /// Members and scores in order, from both ends.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Pair<'_>> {
        self.walk(0..self.len())
    }

    /// The pairs of these ranks, which must exist.
    pub fn walk(&self, ranks: Range<usize>) -> Walk<'_> {
        let front = self.pair_at(ranks.start);
        let back = ranks.end.checked_sub(1).and_then(|last| self.pair_at(last));
        Walk { set: self, front, back, left: ranks.len() }
    }

    fn pair_at(&self, rank: usize) -> Option<Position> {
        self.pack.seek(rank as i64 * 2)
    }

    fn pair_after(&self, at: Position) -> Option<Position> {
        self.pack.next(at).and_then(|score| self.pack.next(score))
    }

    fn score_behind(&self, member: Position) -> f64 {
        self.pack.next(member).and_then(|at| read_score(self.pack.get(at))).unwrap_or_default()
    }

    /// Adds a member that is not there.
    pub fn insert(&mut self, member: &[u8], score: f64) {
        let mut before = self.pack.first();
        while let Some(at) = before {
            let other = self.score_behind(at);
            if other > score || (other == score && *self.pack.get(at).text() > *member) {
                break;
            }
            before = self.pair_after(at);
        }
        let text = match double::as_integer(score) {
            Some(integer) => integer.to_string(),
            None => double::format(score),
        };
        let at = self.pack.insert_before(before, text.as_bytes());
        self.pack.insert_before(Some(at), member);
    }

    /// Gives the member that stands here a new score, and so perhaps a new rank.
    pub fn rescore(&mut self, at: Position, score: f64) {
        let member = self.pack.get(at).to_vec();
        self.remove(at);
        self.insert(&member, score);
    }

    pub fn remove(&mut self, at: Position) {
        self.pack.remove_run(at, 2);
    }

    /// Removes the members of these ranks, which must exist, and gives them.
    pub fn drain(&mut self, ranks: Range<usize>) -> Vec<(SmallBytes, f64)> {
        let drained = self.walk(ranks.clone()).map(|(member, score)| (SmallBytes::from(&*member), score));
        let drained = drained.collect();
        self.pack.remove_range(ranks.start as i64 * 2, ranks.len() * 2);
        drained
    }

    /// The ranks of the members within a range of scores.
    pub fn ranks_by_score(&self, range: &ScoreRange) -> Range<usize> {
        let start = self.iter().take_while(|(_, score)| range.starts_after(*score)).count();
        let end = self.iter().take_while(|(_, score)| !range.ends_before(*score)).count();
        start..end.max(start)
    }

    /// The ranks of the members within a range of members, `skip` of them left out at the end it is walked from.
    ///
    /// That makes sense where all scores are equal. Where they are not, Redis still walks from the end asked for to the
    /// first member inside, passes over as many as are to be skipped without a look, and goes on to the first member
    /// outside; so does this.
    pub fn ranks_by_member(&self, range: &LexRange, from: End, skip: usize) -> Range<usize> {
        let members: Vec<_> = self.iter().map(|(member, _)| member).collect();
        let below = |member: &[u8]| range.starts_after(member);
        let above = |member: &[u8]| range.ends_before(member);
        if members.last().is_none_or(|last| below(last)) || members.first().is_none_or(|first| above(first)) {
            return 0..0;
        }
        match from {
            End::First => walk(members.iter(), below, above, skip),
            End::Last => {
                let Range { start, end } = walk(members.iter().rev(), above, below, skip);
                members.len() - end..members.len() - start
            }
        }
    }
}

/// The places, in the order of the walk, from `skip` past the first member inside up to the first one beyond.
fn walk<'a>(
    members: impl Iterator<Item = &'a Cow<'a, [u8]>> + Clone,
    before: impl Fn(&[u8]) -> bool,
    beyond: impl Fn(&[u8]) -> bool,
    skip: usize,
) -> Range<usize> {
    let first = members.clone().take_while(|member| before(member)).count();
    if members.clone().nth(first).is_none_or(|member| beyond(member)) {
        return 0..0;
    }
    let start = first.saturating_add(skip).min(members.clone().count());
    start..start + members.skip(start).take_while(|member| !beyond(member)).count()
}

fn read_score(entry: Entry<'_>) -> Option<f64> {
    match entry {
        Entry::Integer(integer) => Some(integer as f64),
        Entry::Text(text) => double::parse_score(text),
    }
}

/// Pairs of consecutive ranks, from both ends.
#[derive(Clone, Debug)]
pub struct Walk<'a> {
    set: &'a Packed,
    front: Option<Position>,
    back: Option<Position>,
    left: usize,
}

impl<'a> Walk<'a> {
    fn pair(&self, at: Position) -> Pair<'a> {
        (self.set.pack.get(at).text(), self.set.score_behind(at))
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Pair<'a>;

    fn next(&mut self) -> Option<Pair<'a>> {
        self.left = self.left.checked_sub(1)?;
        let at = self.front?;
        self.front = self.set.pair_after(at);
        Some(self.pair(at))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl DoubleEndedIterator for Walk<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let at = self.back?;
        self.back = self.set.pack.previous(at).and_then(|score| self.set.pack.previous(score));
        Some(self.pair(at))
    }
}

impl ExactSizeIterator for Walk<'_> {}
