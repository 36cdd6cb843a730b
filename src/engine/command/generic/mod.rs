//! The generic group: commands on keys whatever their type.

use super::spec::CommandSpec;

pub const SPECS: &[CommandSpec] = &[];
