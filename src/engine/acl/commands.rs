//! What rules can name: every command and subcommand of Redis 8.0 with its categories, and sets of them.
//!
//! Read from the command specs, and from the list of commands that the playground does not have: a rule may name those
//! too. Knows no users.

use std::sync::OnceLock;

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use crate::command::spec::ACL_CATEGORIES;
use crate::command::{self, UNSUPPORTED};

/// A command's place in the [`Table`].
pub type CommandId = usize;

/// A command as rules see it.
#[derive(Debug, Default)]
pub struct Known {
    /// One bit a category, in the order of `ACL CAT`.
    categories: u32,
    /// `true` for `config|get`: it has no subcommands of its own.
    pub is_subcommand: bool,
    pub subcommands: Vec<CommandId>,
}

/// Every command and subcommand by its full name, in lower case.
#[derive(Debug)]
pub struct Table {
    known: IndexMap<&'static str, Known, FixedState>,
}

/// The one table.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(Table::read)
}

impl Table {
    fn read() -> Self {
        let mut table = Self { known: IndexMap::default() };
        let specs = command::all().flat_map(|spec| std::iter::once(spec).chain(spec.subcommands));
        for spec in specs {
            table.add(spec.name, spec.acl_categories().into_iter());
        }
        for gap in UNSUPPORTED {
            table.add(gap.name, gap.acl.split(' '));
        }
        table.link();
        table
    }

    fn add(&mut self, name: &'static str, categories: impl Iterator<Item = &'static str>) {
        let categories =
            categories.filter_map(|word| category(word.as_bytes())).fold(0, |bits, bit| bits | bit);
        self.known.insert(name, Known { categories, ..Known::default() });
    }

    /// Tells the containers which subcommands they have.
    fn link(&mut self) {
        for id in 0..self.known.len() {
            let Some((container, _)) = self.known.get_index(id).and_then(|(name, _)| name.split_once('|'))
            else {
                continue;
            };
            if let Some(container) = self.known.get_mut(container) {
                container.subcommands.push(id);
                if let Some((_, subcommand)) = self.known.get_index_mut(id) {
                    subcommand.is_subcommand = true;
                }
            }
        }
    }

    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// A command by its full name in any case: `get`, `config|set`.
    pub fn find(&self, name: &[u8]) -> Option<(CommandId, &'static str, &Known)> {
        let name = std::str::from_utf8(name).ok()?.to_ascii_lowercase();
        self.known.get_full(name.as_str()).map(|(id, name, known)| (id, *name, known))
    }

    /// The place of a command whose name is written as in its spec.
    pub fn id(&self, name: &str) -> Option<CommandId> {
        self.known.get_index_of(name)
    }

    pub fn get(&self, id: CommandId) -> Option<&Known> {
        self.known.get_index(id).map(|(_, known)| known)
    }

    /// The commands of a category, which is one bit.
    pub fn of_category(&self, category: u32) -> impl Iterator<Item = (CommandId, &'static str)> {
        let all = self.known.iter().enumerate();
        all.filter(move |(_, (_, known))| known.categories & category != 0).map(|(id, (name, _))| (id, *name))
    }
}

/// The bit of a category by its name, in any case.
pub fn category(name: &[u8]) -> Option<u32> {
    let at = ACL_CATEGORIES.iter().position(|word| word.as_bytes().eq_ignore_ascii_case(name))?;
    Some(1 << at)
}

/// A set of commands: one bit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandSet {
    words: Vec<u64>,
}

impl CommandSet {
    pub fn empty() -> Self {
        Self { words: vec![0; table().len().div_ceil(64)] }
    }

    pub fn full() -> Self {
        Self { words: vec![u64::MAX; table().len().div_ceil(64)] }
    }

    pub fn contains(&self, id: CommandId) -> bool {
        self.words.get(id / 64).is_some_and(|word| word >> (id % 64) & 1 == 1)
    }

    pub fn set(&mut self, id: CommandId, member: bool) {
        if let Some(word) = self.words.get_mut(id / 64) {
            let bit = 1 << (id % 64);
            *word = if member { *word | bit } else { *word & !bit };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_knows_containers_and_their_subcommands() {
        let table = table();
        let (_, name, config) = table.find(b"CONFIG").unwrap();
        assert_eq!(name, "config");
        let set = table.id("config|set").unwrap();
        assert!(config.subcommands.contains(&set));
        assert!(table.get(set).unwrap().is_subcommand);
        assert!(table.find(b"config|nothing").is_none());
        assert!(table.find(b"\xFF").is_none());
    }

    #[test]
    fn every_category_has_commands() {
        for word in ACL_CATEGORIES {
            assert!(table().of_category(category(word.as_bytes()).unwrap()).next().is_some(), "{word}");
        }
        assert_eq!(category(b"nothing"), None);
    }

    #[test]
    fn sets_hold_what_was_put_in() {
        let mut set = CommandSet::empty();
        set.set(65, true);
        assert!(set.contains(65) && !set.contains(64) && !set.contains(1 << 40));
        set.set(65, false);
        assert_eq!(set, CommandSet::empty());
        assert!(CommandSet::full().contains(0));
    }
}
