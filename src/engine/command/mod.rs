//! The one table of commands: every group's specs, found by name.
//!
//! A group's file holds its functions with their specs beside them and lists them in `SPECS`. This file only joins the
//! lists; it knows no command.

mod bitmap;
pub mod blocking;
pub mod client;
mod cluster;
pub mod connection;
mod cursor;
mod draw;
pub mod generic;
pub mod geo;
pub mod hash;
mod help;
mod hyperloglog;
pub mod keys;
pub mod list;
mod numkeys;
pub mod pubsub;
pub mod scripting;
pub mod server;
pub mod set;
mod span;
pub mod spec;
pub mod stream;
pub mod string;
pub mod syntax;
pub mod transactions;
mod unsupported;
pub mod zset;

use std::sync::OnceLock;

use foldhash::fast::FixedState;
use indexmap::IndexMap;

pub use spec::{
    BeginSearch, Channels, CommandResult, CommandSpec, Deprecated, FindKeys, Flags, Group, KeyFlags, KeySpec,
};
pub use unsupported::{UNSUPPORTED, Unsupported};

/// The groups, in the order of Redis's documentation.
const GROUPS: &[&[CommandSpec]] = &[
    connection::SPECS,
    client::SPECS,
    generic::SPECS,
    server::SPECS,
    transactions::SPECS,
    pubsub::SPECS,
    string::SPECS,
    bitmap::SPECS,
    hash::SPECS,
    hyperloglog::SPECS,
    list::SPECS,
    set::SPECS,
    zset::SPECS,
    stream::SPECS,
    geo::SPECS,
    cluster::SPECS,
    scripting::SPECS,
];

/// All specs of all groups, each with its number.
static ALL: [CommandSpec; total(GROUPS)] = numbered(join(GROUPS));

/// Numbers commands so that the subcommands of each fit in between.
const fn numbered<const N: usize>(mut specs: [CommandSpec; N]) -> [CommandSpec; N] {
    let (mut number, mut at) = (1, 0);
    while at < N {
        specs[at].number = number;
        number += 1 + specs[at].subcommands.len() as u16;
        at += 1;
    }
    specs
}

/// The number of a command or subcommand: less than [`numbers`], and no other's. O(1) for a command; a subcommand looks
/// for itself in its container.
pub fn number_of(spec: &CommandSpec) -> usize {
    if spec.number > 0 {
        return usize::from(spec.number);
    }
    let container = spec.name.split('|').next().and_then(|name| find(name.as_bytes()));
    container.map_or(0, |container| {
        let place = container.subcommands.iter().position(|sub| sub.name == spec.name);
        usize::from(container.number) + place.map_or(0, |place| place + 1)
    })
}

/// One more than the highest number.
pub fn numbers() -> usize {
    all().map(|spec| 1 + spec.subcommands.len()).sum::<usize>() + 1
}

/// Every supported command and subcommand.
pub fn every() -> impl Iterator<Item = &'static CommandSpec> {
    all().flat_map(|spec| std::iter::once(spec).chain(spec.subcommands))
}

/// How many specs a group's files hold together.
const fn total(parts: &[&[CommandSpec]]) -> usize {
    let (mut total, mut part) = (0, 0);
    while part < parts.len() {
        total += parts[part].len();
        part += 1;
    }
    total
}

/// Joins the specs of a group's files into its one list, at compile time.
const fn join<const N: usize>(parts: &[&[CommandSpec]]) -> [CommandSpec; N] {
    let mut joined = [CommandSpec::BASE; N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let mut index = 0;
        while index < parts[part].len() {
            joined[at] = parts[part][index];
            at += 1;
            index += 1;
        }
        part += 1;
    }
    joined
}

/// Every supported command; subcommands are inside their containers.
pub fn all() -> impl Iterator<Item = &'static CommandSpec> {
    ALL.iter()
}

/// How many commands there are, subcommands not counted.
pub fn count() -> usize {
    ALL.len()
}

/// A command by its name, in any case.
pub fn find(name: &[u8]) -> Option<&'static CommandSpec> {
    // No command's name is longer; a huge one is not worth copying.
    const LONGEST: usize = 32;
    static INDEX: OnceLock<IndexMap<&'static [u8], &'static CommandSpec, FixedState>> = OnceLock::new();
    let index = INDEX.get_or_init(|| all().map(|spec| (spec.name.as_bytes(), spec)).collect());
    let mut lower = [0; LONGEST];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    index.get(&*lower).copied()
}

/// A command by its full name as `COMMAND INFO` takes it: `get`, `config|set`.
pub fn find_full(name: &[u8]) -> Option<&'static CommandSpec> {
    let mut parts = name.splitn(2, |b| *b == b'|');
    let container = find(parts.next()?)?;
    match parts.next() {
        Some(sub) => container.subcommand(sub),
        None => Some(container),
    }
}

/// The name of a command of Redis 8.0 that the playground does not have.
pub fn find_unsupported(name: &[u8]) -> Option<&'static str> {
    UNSUPPORTED.iter().map(|u| u.name).find(|known| known.as_bytes().eq_ignore_ascii_case(name))
}

/// The same for a subcommand.
pub fn find_unsupported_sub(container: &str, word: &[u8]) -> Option<&'static str> {
    UNSUPPORTED.iter().map(|u| u.name).find(|known| {
        known
            .split_once('|')
            .is_some_and(|(outer, inner)| outer == container && inner.as_bytes().eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spec_is_documented() {
        for spec in every() {
            assert!(!spec.summary.is_empty(), "{} has no summary", spec.name);
            assert!(
                spec.subcommands.is_empty() == spec.run.is_some() || spec.name == "command",
                "{}",
                spec.name
            );
            assert!(syntax::parse(spec.syntax).is_some(), "{}: {}", spec.name, spec.syntax);
            if spec.subcommands.is_empty() && spec.short_name() != "help" {
                assert!(!spec.example.is_empty(), "{} has no example", spec.name);
            }
        }
    }

    #[test]
    fn every_number_is_given_once() {
        let numbers: Vec<usize> = every().map(number_of).collect();
        assert_eq!(numbers, (1..super::numbers()).collect::<Vec<_>>());
    }

    #[test]
    fn no_command_is_both_supported_and_not() {
        for spec in every() {
            assert!(find_unsupported(spec.name.as_bytes()).is_none(), "{}", spec.name);
        }
    }
}
