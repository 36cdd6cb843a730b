//! The generic group: commands on keys whatever their type.

mod dump;
mod expire;
mod keys;
mod object;
mod scan;
mod sort;
mod transfer;
mod wait;

use super::join;
use super::spec::CommandSpec;

const PARTS: &[&[CommandSpec]] = &[
    keys::SPECS,
    transfer::SPECS,
    scan::SPECS,
    expire::SPECS,
    object::SPECS,
    sort::SPECS,
    wait::SPECS,
    dump::SPECS,
];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);
