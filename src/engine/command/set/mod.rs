//! The set group: members that are in or not.
//!
//! A file a concern: adding, asking and removing, algebra of sets, drawing at random, scanning. What several of them
//! share is here.

mod algebra;
mod members;
mod random;
mod scan;

use super::join;
use super::spec::{CommandSpec, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::set::Limits;

const PARTS: &[&[CommandSpec]] = &[members::SPECS, algebra::SPECS, random::SPECS, scan::SPECS];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);

/// The key right behind the command word, whose members are shown.
const READ_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::READ)];

/// Up to where a set keeps its small encodings.
fn limits(context: &Context<'_>) -> Limits {
    Limits::of(&context.around.config)
}

/// Members as a set.
fn reply(members: Vec<Vec<u8>>) -> Reply {
    Reply::Set(members.into_iter().map(Reply::Bulk).collect())
}

/// An edit of so many members, which tells of itself only if there were any.
fn told(members: usize, event: &'static str) -> Edit<usize> {
    if members > 0 { Edit::changed(members, event) } else { Edit::unchanged(members) }
}
