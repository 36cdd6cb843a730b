//! The list of keys: how the reader wants it arranged, and what of it is on the screen.
//!
//! The arranging is the bridge's, which holds the keys; nothing here knows the engine, and nothing knows how tall a row is.

use std::rc::Rc;

use super::memory::Share;
use super::view::Row;

/// What the reader wants of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysIntent {
    /// List other keys, or in another way.
    Arrange(Arrangement),
    /// Go on renewing the order and the figures, a slice at a time.
    Refresh,
    /// Open a namespace, or close it.
    Toggle(Rc<[u8]>),
    /// From a namespace into it: open it, or go to the first in it.
    In,
    /// Out of it: close it, or go to the namespace around.
    Out,
    /// Look at a namespace as a whole.
    Choose(Rc<[u8]>),
    /// Choose the next row whose own part of the name begins so; the chosen one, too, unless it is to be another.
    Find { begins: String, another: bool },
    /// Look into a key, and have the list show it whatever hides it.
    Reveal(Rc<[u8]>),
    /// Prepare the commands that delete the chosen namespace, to be seen first; or forget them.
    Plan(bool),
    /// Run what was prepared.
    Delete,
}

/// How the list is ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    Memory,
    TimeToLive,
    Idle,
}

impl Order {
    pub const ALL: [Self; 4] = [Self::Name, Self::Memory, Self::TimeToLive, Self::Idle];

    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Memory => "memory",
            Self::TimeToLive => "time to live",
            Self::Idle => "idle time",
        }
    }

    /// As the value of a control.
    pub fn token(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Memory => "memory",
            Self::TimeToLive => "ttl",
            Self::Idle => "idle",
        }
    }

    pub fn from_token(token: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.token() == token)
    }

    /// Whether one looks for the greatest first, as a rule.
    pub fn begins_high(self) -> bool {
        matches!(self, Self::Memory | Self::Idle)
    }
}

/// Which keys are listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// A pattern, or a piece of a name, as it was typed.
    pub pattern: String,
    /// Only these types; none means any.
    pub kinds: Vec<&'static str>,
    pub encoding: Option<&'static str>,
    /// With a time to live, or without.
    pub volatile: Option<bool>,
}

impl Filter {
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// How many conditions there are besides the name.
    pub fn conditions(&self) -> usize {
        usize::from(!self.kinds.is_empty())
            + usize::from(self.encoding.is_some())
            + usize::from(self.volatile.is_some())
    }

    /// The glob pattern that is meant: a piece of a name where nothing in it is special.
    pub fn glob(&self) -> Vec<u8> {
        let text = self.pattern.as_bytes();
        let is_pattern = text.iter().any(|byte| b"*?[\\".contains(byte));
        match (text.is_empty(), is_pattern) {
            (true, _) => b"*".to_vec(),
            (_, true) => text.to_vec(),
            _ => [b"*", text, b"*"].concat(),
        }
    }
}

/// More delimiters than anybody needs.
const MOST_DELIMITERS: usize = 8;

/// How the list is arranged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    pub filter: Filter,
    pub order: Order,
    pub falling: bool,
    /// A tree of namespaces, or one flat list.
    pub tree: bool,
    /// Each of them ends a part of a name.
    pub delimiters: Vec<u8>,
}

impl Default for Arrangement {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            order: Order::default(),
            falling: false,
            tree: false,
            delimiters: b":".to_vec(),
        }
    }
}

impl Arrangement {
    /// Another order, in the direction that is usual for it.
    #[must_use]
    pub fn by(&self, order: Order) -> Self {
        Self { order, falling: order.begins_high(), ..self.clone() }
    }

    /// Other delimiters: each mark of ASCII that is no letter and no digit, once.
    #[must_use]
    pub fn divided_by(&self, text: &str) -> Self {
        let mut delimiters = Vec::new();
        for byte in text.bytes().filter(|byte| byte.is_ascii_punctuation() || *byte == b' ') {
            if !delimiters.contains(&byte) && delimiters.len() < MOST_DELIMITERS {
                delimiters.push(byte);
            }
        }
        Self { delimiters, ..self.clone() }
    }

    #[must_use]
    pub fn filtered(&self, filter: Filter) -> Self {
        Self { filter, ..self.clone() }
    }
}

/// A row of the list: a key, or a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// How many namespaces it is in.
    pub depth: usize,
    /// Where in its name its own part begins.
    pub from: usize,
    /// Which it is among the rows beside it, from 1 on, and how many these are.
    pub among: (usize, usize),
    pub entry: Entry,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Key(Rc<Row>),
    Space(Rc<Space>),
}

/// A namespace: all keys whose names begin so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    pub prefix: Rc<[u8]>,
    /// Those of them that are listed.
    pub share: Share,
    pub is_open: bool,
    /// What the last operation changed in it: the operation, and by how many bytes.
    pub changed: Option<(u64, i64)>,
}

impl Line {
    /// The whole name, of the key or of the namespace.
    pub fn name(&self) -> &[u8] {
        match &self.entry {
            Entry::Key(row) => &row.summary.key,
            Entry::Space(space) => &space.prefix,
        }
    }

    pub fn key(&self) -> Option<&Rc<Row>> {
        match &self.entry {
            Entry::Key(row) => Some(row),
            Entry::Space(_) => None,
        }
    }
}

/// The chosen namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpaceView {
    pub prefix: Vec<u8>,
    pub share: Share,
    /// What types its keys are of, each with its share, the largest first; and whether all of them have been asked.
    pub kinds: Vec<(&'static str, Share)>,
    pub is_counted: bool,
    pub plan: Option<Rc<Plan>>,
}

/// The commands that delete a namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Exactly what will be run.
    pub lines: Vec<String>,
    pub keys: usize,
}

/// What of the list is on the screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    pub arrangement: Rc<Arrangement>,
    /// Types and encodings that have been met, which one can choose from.
    pub kinds: Rc<[(&'static str, &'static str)]>,
    /// The keys that are listed, those in closed namespaces among them.
    pub listed: Share,
    /// Rows in all, and the place of the first one here.
    pub total: usize,
    pub first: usize,
    pub lines: Vec<Line>,
    /// The place of what is chosen, a key or a namespace.
    pub selected_at: Option<usize>,
    pub space: Option<Rc<SpaceView>>,
    /// Grows when the list is to scroll, and to which row.
    pub revealed: (u64, usize),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_a_piece_of_a_name_and_a_pattern_is_the_whole() {
        let glob = |pattern: &str| Filter { pattern: pattern.into(), ..Filter::default() }.glob();
        assert_eq!(glob(""), b"*");
        assert_eq!(glob("user"), b"*user*");
        assert_eq!(glob("user:*"), b"user:*");
        assert_eq!(glob("a\\*b"), b"a\\*b");
    }

    #[test]
    fn delimiters_are_marks_each_once() {
        let by = |text: &str| Arrangement::default().divided_by(text).delimiters;
        assert_eq!(by(":/:.a1é "), b":/. ");
        assert_eq!(by(""), b"");
        assert_eq!(by("!\"#$%&'()*").len(), MOST_DELIMITERS);
    }
}
