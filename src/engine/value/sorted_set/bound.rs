//! The ends of a range of scores, and of a range of members in byte order.
//!
//! What a client writes as `(1.5` or `[alpha` is one of these once parsed; how it is written is no concern here.

use std::cmp::Ordering;

/// One end of a range of scores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreBound {
    pub score: f64,
    pub exclusive: bool,
}

/// Scores from `min` to `max`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreRange {
    pub min: ScoreBound,
    pub max: ScoreBound,
}

impl ScoreRange {
    /// Whether the score lies below the range.
    pub fn starts_after(&self, score: f64) -> bool {
        score < self.min.score || (self.min.exclusive && score == self.min.score)
    }

    /// Whether the score lies above the range.
    pub fn ends_before(&self, score: f64) -> bool {
        score > self.max.score || (self.max.exclusive && score == self.max.score)
    }
}

/// One end of a range of members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LexBound {
    /// Before every member.
    Least,
    /// After every member.
    Greatest,
    Included(Vec<u8>),
    Excluded(Vec<u8>),
}

impl LexBound {
    fn compare(&self, member: &[u8]) -> Ordering {
        match self {
            Self::Least => Ordering::Less,
            Self::Greatest => Ordering::Greater,
            Self::Included(bound) | Self::Excluded(bound) => bound.as_slice().cmp(member),
        }
    }
}

/// Members from `min` to `max`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexRange {
    pub min: LexBound,
    pub max: LexBound,
}

impl LexRange {
    /// Whether the member lies below the range.
    pub fn starts_after(&self, member: &[u8]) -> bool {
        match self.min.compare(member) {
            Ordering::Less => false,
            Ordering::Equal => matches!(self.min, LexBound::Excluded(_)),
            Ordering::Greater => true,
        }
    }

    /// Whether the member lies above the range.
    pub fn ends_before(&self, member: &[u8]) -> bool {
        match self.max.compare(member) {
            Ordering::Less => true,
            Ordering::Equal => matches!(self.max, LexBound::Excluded(_)),
            Ordering::Greater => false,
        }
    }
}

/// The end of a sorted set that something starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The lowest score.
    First,
    /// The highest score.
    Last,
}
