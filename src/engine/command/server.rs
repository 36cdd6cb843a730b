//! The server group.

use super::spec::CommandSpec;

pub const SPECS: &[CommandSpec] = &[];
