//! The small encoding of a sorted set, which Redis calls `listpack`: members in order, one after the other.
//!
//! Finding a member walks them all, which for the few there may be is as fast as anything. Beside the members it keeps
//! the number of bytes that Redis's flat encoding of them takes. It knows nothing of limits: its owner converts it.

use std::ops::Range;

use super::bound::{End, LexRange, ScoreRange};
use super::order;
use crate::number::double;
use crate::value::listpack;

/// A member and its score.
#[derive(Clone, Debug)]
pub struct Pair {
    pub member: Box<[u8]>,
    pub score: f64,
}

/// A small sorted set.
#[derive(Clone, Debug)]
pub struct Packed {
    pairs: Vec<Pair>,
    bytes: usize,
}

impl Default for Packed {
    fn default() -> Self {
        Self { pairs: Vec::new(), bytes: listpack::EMPTY }
    }
}

impl Packed {
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// The length of the listpack.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    pub fn position(&self, member: &[u8]) -> Option<usize> {
        self.pairs.iter().position(|pair| *pair.member == *member)
    }

    pub fn get(&self, rank: usize) -> Option<&Pair> {
        self.pairs.get(rank)
    }

    pub fn slice(&self, ranks: Range<usize>) -> &[Pair] {
        self.pairs.get(ranks).unwrap_or(&[])
    }

    pub fn into_pairs(self) -> Vec<Pair> {
        self.pairs
    }

    /// Adds a member that is not there.
    pub fn insert(&mut self, member: &[u8], score: f64) {
        self.place(Pair { member: member.into(), score });
    }

    /// Gives the member at this rank a new score, and so perhaps a new rank.
    pub fn rescore(&mut self, rank: usize, score: f64) {
        if rank < self.pairs.len() {
            let mut pair = self.pairs.remove(rank);
            self.bytes -= size(&pair);
            pair.score = score;
            self.place(pair);
        }
    }

    fn place(&mut self, mut pair: Pair) {
        // The flat encoding stores whole scores as integers, so a zero loses its sign. Adding zero does the same.
        pair.score += 0.0;
        let rank = self
            .pairs
            .partition_point(|other| order(other.score, &other.member, pair.score, &pair.member).is_lt());
        self.bytes += size(&pair);
        self.pairs.insert(rank, pair);
    }

    /// Removes the members of these ranks, which must exist, and gives them.
    pub fn drain(&mut self, ranks: Range<usize>) -> impl Iterator<Item = Pair> {
        self.bytes -= self.slice(ranks.clone()).iter().map(size).sum::<usize>();
        self.pairs.drain(ranks)
    }

    /// The ranks of the members within a range of scores.
    pub fn ranks_by_score(&self, range: &ScoreRange) -> Range<usize> {
        let start = self.pairs.partition_point(|pair| range.starts_after(pair.score));
        let end = self.pairs.partition_point(|pair| !range.ends_before(pair.score));
        start..end.max(start)
    }

    /// The ranks of the members within a range of members, `skip` of them left out at the end it is walked from.
    ///
    /// That makes sense where all scores are equal. Where they are not, Redis still walks from the end asked for to the
    /// first member inside, passes over as many as are to be skipped without a look, and goes on to the first member
    /// outside; so does this.
    pub fn ranks_by_member(&self, range: &LexRange, from: End, skip: usize) -> Range<usize> {
        let below = |pair: &Pair| range.starts_after(&pair.member);
        let above = |pair: &Pair| range.ends_before(&pair.member);
        if self.pairs.last().is_none_or(below) || self.pairs.first().is_none_or(above) {
            return 0..0;
        }
        match from {
            End::First => walk(self.pairs.iter(), below, above, skip),
            End::Last => {
                let Range { start, end } = walk(self.pairs.iter().rev(), above, below, skip);
                self.pairs.len() - end..self.pairs.len() - start
            }
        }
    }
}

/// The places, in the order of the walk, from `skip` past the first pair inside up to the first one beyond.
fn walk<'a>(
    pairs: impl Iterator<Item = &'a Pair> + Clone,
    before: impl Fn(&Pair) -> bool,
    beyond: impl Fn(&Pair) -> bool,
    skip: usize,
) -> Range<usize> {
    let first = pairs.clone().take_while(|pair| before(pair)).count();
    if pairs.clone().nth(first).is_none_or(&beyond) {
        return 0..0;
    }
    let start = first.saturating_add(skip).min(pairs.clone().count());
    start..start + pairs.skip(start).take_while(|pair| !beyond(pair)).count()
}

/// What the pair takes in the listpack: an entry each.
fn size(pair: &Pair) -> usize {
    let score = match double::as_integer(pair.score) {
        Some(integer) => listpack::integer_entry(integer),
        None => listpack::entry(double::format(pair.score).as_bytes()),
    };
    listpack::entry(&pair.member) + score
}
