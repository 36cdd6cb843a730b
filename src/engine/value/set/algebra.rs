//! Union, intersection and difference of sets: which members come out, in which order, and how the result is kept.
//!
//! Order and encoding follow from how Redis goes about it. An intersection walks over the smallest set. A union or a
//! difference gathers members one by one in a set that starts out as integers if it is to be stored or if all sources
//! are, and as a table otherwise. A result that is stored converts on the way as any set that grows.

use super::{Limits, Member, Set};
use crate::number;

/// The members that all sets share, in the order of the smallest one; ends when `visit` says so.
fn each_shared<'a>(mut sets: Vec<&'a Set>, mut visit: impl FnMut(Member<'a>) -> bool) {
    sets.sort_by_key(|set| set.len());
    let Some((smallest, others)) = sets.split_first() else { return };
    for member in smallest.iter() {
        let shared = others.iter().all(|set| std::ptr::eq(*set, *smallest) || set.has(member));
        if shared && !visit(member) {
            return;
        }
    }
}

/// The members that all sets share.
pub fn intersection(sets: Vec<&Set>) -> Vec<Vec<u8>> {
    let mut members = Vec::new();
    each_shared(sets, |member| {
        members.push(member.to_vec());
        true
    });
    members
}

/// How many members all sets share, counted no further than `most`.
pub fn intersection_size(sets: Vec<&Set>, most: usize) -> usize {
    let mut size = 0;
    each_shared(sets, |_| {
        size += 1;
        size < most
    });
    size
}

/// The members that all sets share, as a set to store: kept as the smallest source is, but a table is tried as a
/// listpack, and nothing but integers becomes an intset.
pub fn stored_intersection(sets: Vec<&Set>, limits: Limits) -> Set {
    let smallest = sets.iter().min_by_key(|set| set.len());
    let mut result = match smallest {
        Some(set) if set.integers().is_none() => Set::packed(),
        _ => Set::default(),
    };
    let mut only_integers = true;
    each_shared(sets, |member| {
        let is_integer = match member {
            Member::Integer(_) => true,
            Member::Text(text) => only_integers && number::parse_i64(text).is_some(),
        };
        only_integers &= is_integer;
        result.add(&member.text(), limits);
        true
    });
    if only_integers {
        result.convert_to_integers(limits);
    }
    result
}

/// What of several sets is gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Union,
    /// The first less all others.
    Difference,
}

/// The members of a union or difference, for a reply. `None` is an empty set.
pub fn gathered(operation: Operation, sets: &[Option<&Set>], limits: Limits) -> Set {
    let only_integers = sets.iter().flatten().all(|set| set.integers().is_some());
    gather(operation, sets, if only_integers { Set::default() } else { Set::table(0) }, limits)
}

/// The same as a set to store.
pub fn stored(operation: Operation, sets: &[Option<&Set>], limits: Limits) -> Set {
    gather(operation, sets, Set::default(), limits)
}

fn gather(operation: Operation, sets: &[Option<&Set>], mut result: Set, limits: Limits) -> Set {
    match (operation, sets.split_first()) {
        (Operation::Union, _) => {
            for member in sets.iter().flatten().flat_map(|set| set.iter()) {
                result.add(&member.text(), limits);
            }
        }
        (Operation::Difference, Some((Some(first), others))) => {
            let others: Vec<&Set> = others.iter().copied().flatten().collect();
            if !others.iter().any(|other| std::ptr::eq(*other, *first)) {
                subtract(first, others, &mut result, limits);
            }
        }
        (Operation::Difference, _) => {}
    }
    result
}

/// Puts what is in the first set alone into an empty result, the cheaper way: either each member of the first set is
/// looked for in the others, or all members of the others are taken away from a copy of the first. The former counts
/// half, since it ends at the first set that has the member, and the bigger sets are asked first.
fn subtract(first: &Set, mut others: Vec<&Set>, result: &mut Set, limits: Limits) {
    let looking = first.len().saturating_mul(others.len() + 1) / 2;
    let taking = first.len() + others.iter().map(|set| set.len()).sum::<usize>();
    if looking <= taking {
        others.sort_by_key(|set| std::cmp::Reverse(set.len()));
        for member in first.iter().filter(|member| !others.iter().any(|set| set.has(*member))) {
            result.add(&member.text(), limits);
        }
        return;
    }
    for member in first.iter() {
        result.add(&member.text(), limits);
    }
    for other in others {
        for member in other.iter() {
            result.remove(&member.text());
        }
        if result.is_empty() {
            return;
        }
    }
}
