//! The string group: values that are bytes, and numbers written as such.
//!
//! This file only joins the lists of its concerns; each command stands beside its spec there. What a string
//! looks like inside is [`StringValue`](crate::value::StringValue)'s business.

mod counter;
mod get;
mod lcs;
mod lifetime;
mod many;
mod range;
mod set;
mod subsequence;

use super::join;
use super::spec::CommandSpec;

const PARTS: &[&[CommandSpec]] =
    &[get::SPECS, set::SPECS, many::SPECS, range::SPECS, counter::SPECS, lcs::SPECS];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);
