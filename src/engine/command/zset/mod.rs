//! The sorted-set group: members ranked by score.
//!
//! A file a concern: adding, looking up, ranges, removing, popping, algebra of sets, drawing at random, scanning. What
//! several of them share is here: the settings that choose an encoding, replies with scores.

mod add;
mod algebra;
mod blocking;
mod bounds;
mod legacy;
mod lookup;
mod pop;
mod random;
mod range;
mod remove;
mod scan;

pub(in crate::command) use add::{Options as AddOptions, add as add_members};

use super::join;
use super::spec::{CommandSpec, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::reply::Reply;
use crate::value::sorted_set::Limits;

const PARTS: &[&[CommandSpec]] = &[
    add::SPECS,
    lookup::SPECS,
    range::SPECS,
    legacy::SPECS,
    remove::SPECS,
    pop::SPECS,
    blocking::SPECS,
    algebra::SPECS,
    random::SPECS,
    scan::SPECS,
];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);

/// The key right behind the command word, whose members are read.
const READ_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::READ)];
/// The key right behind the command word, from which members are removed without being shown.
const REMOVE_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::DELETE))];

/// Up to where a sorted set keeps its small encoding.
pub(super) fn limits(context: &Context<'_>) -> Limits {
    Limits::of(&context.around.config)
}

/// Members in the order given, each with its score if asked for.
fn members<M: Into<Vec<u8>>>(pairs: impl Iterator<Item = (M, f64)>, with_scores: bool) -> Reply {
    if with_scores {
        Reply::Pairs(pairs.map(|(member, score)| (Reply::bulk(member), Reply::Double(score))).collect())
    } else {
        Reply::Array(pairs.map(|(member, _)| Reply::bulk(member)).collect())
    }
}
