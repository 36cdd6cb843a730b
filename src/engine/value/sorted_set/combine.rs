//! Union, intersection and difference of sorted sets: which members come out, and with which scores. A plain set takes
//! part as one whose members all have the score 1.
//!
//! The order in which scores are added up can show in their last digit, so it is Redis's: the smaller sets first. A sum
//! or product that is no number (infinities cancelling out) counts as 0.

use std::borrow::Cow;

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use super::SortedSet;
use crate::value::{Set, Value};

/// What all members of a plain set have.
const PLAIN_SCORE: f64 = 1.0;

/// What is done with the sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Union,
    Intersection,
    /// The first less all others.
    Difference,
}

/// How a member's scores become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    Sum,
    Min,
    Max,
}

impl Aggregate {
    fn join(self, score: f64, other: f64) -> f64 {
        match self {
            Self::Sum => number_or_zero(score + other),
            Self::Min if other < score => other,
            Self::Max if other > score => other,
            Self::Min | Self::Max => score,
        }
    }
}

/// A set of either kind.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    Sorted(&'a SortedSet),
    Plain(&'a Set),
}

impl<'a> Source<'a> {
    /// The set that a value is, if it is one.
    pub fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::SortedSet(set) => Some(Self::Sorted(set)),
            Value::Set(set) => Some(Self::Plain(set)),
            _ => None,
        }
    }

    fn len(self) -> usize {
        match self {
            Self::Sorted(set) => set.len(),
            Self::Plain(set) => set.len(),
        }
    }

    fn score(self, member: &[u8]) -> Option<f64> {
        match self {
            Self::Sorted(set) => set.score(member),
            Self::Plain(set) => set.contains(member).then_some(PLAIN_SCORE),
        }
    }

    fn members(self) -> impl Iterator<Item = (Cow<'a, [u8]>, f64)> {
        let (sorted, plain) = match self {
            Self::Sorted(set) => (Some(set), None),
            Self::Plain(set) => (None, Some(set)),
        };
        let plain = plain.into_iter().flat_map(Set::iter).map(|member| (member.text(), PLAIN_SCORE));
        sorted.into_iter().flatten().chain(plain)
    }
}

/// A set to be combined; `None` is an empty one.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub set: Option<Source<'a>>,
    /// Multiplies the set's scores.
    pub weight: f64,
}

impl<'a> Input<'a> {
    fn len(&self) -> usize {
        self.set.map_or(0, Source::len)
    }

    fn members(&self) -> impl Iterator<Item = (Cow<'a, [u8]>, f64)> + use<'a> {
        self.set.into_iter().flat_map(Source::members)
    }

    fn score(&self, member: &[u8]) -> Option<f64> {
        self.set?.score(member)
    }
}

fn number_or_zero(score: f64) -> f64 {
    if score.is_nan() { 0.0 } else { score }
}

/// The members that come out, in no particular order.
pub fn combine(
    mut inputs: Vec<Input<'_>>,
    operation: Operation,
    aggregate: Aggregate,
) -> Vec<(Vec<u8>, f64)> {
    if operation == Operation::Difference {
        return difference(&inputs);
    }
    inputs.sort_by_key(Input::len);
    match operation {
        Operation::Union => union(&inputs, aggregate),
        _ => intersection(&inputs, aggregate),
    }
}

fn union(inputs: &[Input<'_>], aggregate: Aggregate) -> Vec<(Vec<u8>, f64)> {
    let mut scores: IndexMap<Cow<'_, [u8]>, f64, FixedState> = IndexMap::default();
    for input in inputs {
        for (member, score) in input.members() {
            let score = number_or_zero(input.weight * score);
            scores.entry(member).and_modify(|sum| *sum = aggregate.join(*sum, score)).or_insert(score);
        }
    }
    scores.into_iter().map(|(member, score)| (member.into_owned(), score)).collect()
}

fn intersection(inputs: &[Input<'_>], aggregate: Aggregate) -> Vec<(Vec<u8>, f64)> {
    let Some((smallest, others)) = inputs.split_first() else { return Vec::new() };
    let common = smallest.members().filter_map(|(member, score)| {
        let start = number_or_zero(smallest.weight * score);
        let score = others.iter().try_fold(start, |score, other| {
            other.score(&member).map(|found| aggregate.join(score, other.weight * found))
        });
        score.map(|score| (member.into_owned(), score))
    });
    common.collect()
}

fn difference(inputs: &[Input<'_>]) -> Vec<(Vec<u8>, f64)> {
    let Some((first, others)) = inputs.split_first() else { return Vec::new() };
    let alone = |member: &[u8]| others.iter().all(|other| other.score(member).is_none());
    first
        .members()
        .filter(|(member, _)| alone(member))
        .map(|(member, score)| (member.into_owned(), score))
        .collect()
}

/// How many members all sets share, counted no further than `most`.
pub fn intersection_size(mut inputs: Vec<Input<'_>>, most: usize) -> usize {
    inputs.sort_by_key(Input::len);
    let Some((smallest, others)) = inputs.split_first() else { return 0 };
    let shared = |member: &[u8]| others.iter().all(|other| other.score(member).is_some());
    smallest.members().filter(|(member, _)| shared(member)).take(most).count()
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;
    use crate::rng::Rng;

    fn set(pairs: &[(&str, f64)]) -> SortedSet {
        let (mut set, mut rng) = (SortedSet::big(), Rng::seeded(1));
        for (member, score) in pairs {
            set.set(member.as_bytes(), *score, Limits { entries: 0, value: 0 }, &mut rng);
        }
        set
    }

    fn result(
        inputs: &[(&SortedSet, f64)],
        operation: Operation,
        aggregate: Aggregate,
    ) -> Vec<(String, f64)> {
        let inputs = inputs
            .iter()
            .map(|(set, weight)| Input { set: Some(Source::Sorted(set)), weight: *weight })
            .collect();
        let mut result: Vec<_> = combine(inputs, operation, aggregate)
            .into_iter()
            .map(|(member, score)| (String::from_utf8_lossy(&member).into_owned(), score))
            .collect();
        result.sort_by(|a, b| a.0.cmp(&b.0));
        result
    }

    #[test]
    fn members_and_scores_combine() {
        let (a, b) = (set(&[("x", 1.0), ("y", 2.0), ("z", 3.0)]), set(&[("y", 10.0), ("z", 1.0)]));
        let both = [(&a, 1.0), (&b, 2.0)];
        let named =
            |pairs: &[(&str, f64)]| pairs.iter().map(|(m, s)| ((*m).to_owned(), *s)).collect::<Vec<_>>();
        assert_eq!(
            result(&both, Operation::Union, Aggregate::Sum),
            named(&[("x", 1.0), ("y", 22.0), ("z", 5.0)])
        );
        assert_eq!(result(&both, Operation::Intersection, Aggregate::Min), named(&[("y", 2.0), ("z", 2.0)]));
        assert_eq!(result(&both, Operation::Intersection, Aggregate::Max), named(&[("y", 20.0), ("z", 3.0)]));
        assert_eq!(result(&both, Operation::Difference, Aggregate::Sum), named(&[("x", 1.0)]));
        let inputs = || {
            both.iter()
                .map(|(set, weight)| Input { set: Some(Source::Sorted(set)), weight: *weight })
                .collect()
        };
        assert_eq!((intersection_size(inputs(), usize::MAX), intersection_size(inputs(), 1)), (2, 1));
    }

    #[test]
    fn members_of_a_plain_set_have_the_score_one() {
        let (sorted, mut plain) = (set(&[("x", 10.0), ("7", 3.0)]), Set::default());
        for member in ["7", "x", "y"] {
            plain
                .add(member.as_bytes(), crate::value::set::Limits { integers: 512, entries: 128, value: 64 });
        }
        let combined = |operation| {
            let sources = [(Source::Sorted(&sorted), 1.0), (Source::Plain(&plain), 5.0)];
            let inputs = sources.map(|(set, weight)| Input { set: Some(set), weight });
            let mut result = combine(inputs.to_vec(), operation, Aggregate::Sum);
            result.sort_by(|a, b| a.0.cmp(&b.0));
            result
        };
        let named = |pairs: &[(&str, f64)]| {
            pairs.iter().map(|(member, score)| (member.as_bytes().to_vec(), *score)).collect::<Vec<_>>()
        };
        assert_eq!(combined(Operation::Union), named(&[("7", 8.0), ("x", 15.0), ("y", 5.0)]));
        assert_eq!(combined(Operation::Intersection), named(&[("7", 8.0), ("x", 15.0)]));
        assert_eq!(combined(Operation::Difference), named(&[]));
    }

    #[test]
    fn infinities_that_cancel_out_count_as_zero() {
        let (up, down) = (set(&[("x", f64::INFINITY)]), set(&[("x", f64::NEG_INFINITY)]));
        for operation in [Operation::Union, Operation::Intersection] {
            assert_eq!(
                result(&[(&up, 1.0), (&down, 1.0)], operation, Aggregate::Sum),
                [("x".to_owned(), 0.0)]
            );
            assert_eq!(result(&[(&up, 0.0)], operation, Aggregate::Sum), [("x".to_owned(), 0.0)]);
        }
    }
}
