//! The list group: elements in an order, pushed and popped at both ends.
//!
//! A file a concern: pushing, popping, moving between lists, reading, editing in the middle, and the forms that wait. What
//! several of them share is here.

mod blocking;
mod edit;
mod pop;
mod push;
mod read;
mod transfer;

use super::join;
use super::spec::{CommandSpec, KeyFlags, KeySpec};
use crate::args::Args;
use crate::error::Error;
use crate::keyspace::Surroundings;
use crate::value::list::{End, Fill};

const PARTS: &[&[CommandSpec]] =
    &[push::SPECS, pop::SPECS, transfer::SPECS, read::SPECS, edit::SPECS, blocking::SPECS];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);

/// Elements are taken from one key and added to another.
const MOVE_KEYS: &[KeySpec] = &[KeySpec::one(1, KeyFlags::TAKE), KeySpec::one(2, INSERT_FLAGS)];
const INSERT_FLAGS: KeyFlags = KeyFlags::RW.union(KeyFlags::INSERT);

/// How much a node of a list holds.
fn fill(around: &Surroundings) -> Fill {
    around.config.list_max_listpack_size
}

/// The next argument as an end of a list.
fn end(args: &mut Args) -> Result<End, Error> {
    if args.word("LEFT") {
        Ok(End::Head)
    } else if args.word("RIGHT") {
        Ok(End::Tail)
    } else {
        Err(Error::Syntax)
    }
}

/// The word of the notification that an element was pushed.
fn pushed(end: End) -> &'static str {
    if end == End::Head { "lpush" } else { "rpush" }
}

/// The word of the notification that elements were popped.
fn popped(end: End) -> &'static str {
    if end == End::Head { "lpop" } else { "rpop" }
}
