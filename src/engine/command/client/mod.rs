//! CLIENT: what a connection tells of itself and of others, and what it may ask for.
//!
//! Nothing here knows a key; who is to be told of changed keys is kept by [`crate::tracking`], who is held up by
//! [`crate::pause`].

mod kill;
pub mod list;
mod pause;
mod settings;
mod tracking;

use super::spec::{CommandSpec, Flags, Group};
use super::{join, total};

/// What most of the subcommands have in common.
const COMMON: CommandSpec = CommandSpec {
    group: Group::Connection,
    arity: 2,
    flags: Flags::NOSCRIPT.union(Flags::LOADING).union(Flags::STALE),
    ..CommandSpec::BASE
};

/// Those that concern other clients.
const ADMIN: CommandSpec = CommandSpec { flags: COMMON.flags.union(Flags::ADMIN), ..COMMON };

const PARTS: &[&[CommandSpec]] = &[settings::SPECS, list::SPECS, kill::SPECS, pause::SPECS, tracking::SPECS];
const SUBCOMMANDS: &[CommandSpec] = &join::<{ total(PARTS) }>(PARTS);

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "client",
    group: Group::Connection,
    since: "2.4.0",
    arity: -2,
    summary: "Shows and steers the connections of clients.",
    complexity: "That of the subcommand",
    subcommands: SUBCOMMANDS,
    ..CommandSpec::BASE
}];

/// One of two words, which is no error of the subcommand's own.
fn on_or_off(args: &mut crate::args::Args) -> Result<bool, crate::Error> {
    match () {
        () if args.word("ON") => Ok(true),
        () if args.word("OFF") => Ok(false),
        () => Err(crate::Error::Syntax),
    }
}
