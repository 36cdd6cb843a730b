//! Scripts and functions: `EVAL` and its kin, `SCRIPT`, `FCALL`, `FUNCTION`.

mod eval;
mod function;
mod script;

use super::join;
use super::spec::CommandSpec;

pub use eval::flags_of;

const PARTS: &[&[CommandSpec]] = &[eval::SPECS, script::SPECS, function::SPECS];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);
