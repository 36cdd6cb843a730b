//! What a command is, as data: name, arity, flags, keys, documentation and the function that runs it.
//!
//! The gates, `COMMAND`, help, completion, COMMANDS.md and the differential test's generator all derive from these
//! specs; nothing is said twice. A spec stands beside its function in the group's file.

use bitflags::bitflags;

use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;

pub type CommandResult = Result<Reply, Error>;
pub type Run = fn(&mut Context<'_>, &mut Args) -> CommandResult;

bitflags! {
    /// Redis's command flags; only those that a command here carries. The order is the order of `COMMAND INFO`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Flags: u32 {
        const WRITE = 1;
        const READONLY = 1 << 1;
        /// Refused when memory is full.
        const DENYOOM = 1 << 2;
        const ADMIN = 1 << 3;
        const NOSCRIPT = 1 << 4;
        const LOADING = 1 << 5;
        const STALE = 1 << 6;
        const FAST = 1 << 7;
        const MOVABLEKEYS = 1 << 8;
        const NO_AUTH = 1 << 9;
        const ALLOW_BUSY = 1 << 10;
        /// May make its session wait.
        const BLOCKING = 1 << 11;
        const PUBSUB = 1 << 12;
        const SKIP_MONITOR = 1 << 13;
        const SKIP_SLOWLOG = 1 << 14;
        const ASKING = 1 << 15;
        const NO_MANDATORY_KEYS = 1 << 16;
        const NO_ASYNC_LOADING = 1 << 17;
        /// Refused inside a transaction.
        const NO_MULTI = 1 << 18;
        /// Refused unless a setting allows it, which none does here. `COMMAND INFO` has no word for it.
        const PROTECTED = 1 << 19;
    }
}

impl Flags {
    /// The words of `COMMAND INFO`.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        const WORDS: [(Flags, &str); 19] = [
            (Flags::WRITE, "write"),
            (Flags::READONLY, "readonly"),
            (Flags::DENYOOM, "denyoom"),
            (Flags::ADMIN, "admin"),
            (Flags::PUBSUB, "pubsub"),
            (Flags::NOSCRIPT, "noscript"),
            (Flags::BLOCKING, "blocking"),
            (Flags::LOADING, "loading"),
            (Flags::STALE, "stale"),
            (Flags::SKIP_MONITOR, "skip_monitor"),
            (Flags::SKIP_SLOWLOG, "skip_slowlog"),
            (Flags::ASKING, "asking"),
            (Flags::FAST, "fast"),
            (Flags::NO_AUTH, "no_auth"),
            (Flags::NO_MANDATORY_KEYS, "no_mandatory_keys"),
            (Flags::MOVABLEKEYS, "movablekeys"),
            (Flags::NO_ASYNC_LOADING, "no_async_loading"),
            (Flags::NO_MULTI, "no_multi"),
            (Flags::ALLOW_BUSY, "allow_busy"),
        ];
        WORDS.into_iter().filter(move |&(flag, _)| self.contains(flag)).map(|(_, word)| word)
    }
}

bitflags! {
    /// What a command does with the keys of a [`KeySpec`]. The order is the order of `COMMAND INFO`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct KeyFlags: u32 {
        const RO = 1;
        const RW = 1 << 1;
        const OW = 1 << 2;
        const RM = 1 << 3;
        const ACCESS = 1 << 4;
        const UPDATE = 1 << 5;
        const INSERT = 1 << 6;
        const DELETE = 1 << 7;
        const NOT_KEY = 1 << 8;
        const INCOMPLETE = 1 << 9;
        const VARIABLE_FLAGS = 1 << 10;
    }
}

impl KeyFlags {
    /// The content is shown, and stays.
    pub const READ: Self = Self::RO.union(Self::ACCESS);
    /// New content comes in the place of whatever there was.
    pub const STORE: Self = Self::OW.union(Self::UPDATE);
    /// What is removed is shown.
    pub const TAKE: Self = Self::RW.union(Self::ACCESS).union(Self::DELETE);

    pub fn words(self) -> impl Iterator<Item = &'static str> {
        const WORDS: [(KeyFlags, &str); 11] = [
            (KeyFlags::RO, "RO"),
            (KeyFlags::RW, "RW"),
            (KeyFlags::OW, "OW"),
            (KeyFlags::RM, "RM"),
            (KeyFlags::ACCESS, "access"),
            (KeyFlags::UPDATE, "update"),
            (KeyFlags::INSERT, "insert"),
            (KeyFlags::DELETE, "delete"),
            (KeyFlags::NOT_KEY, "not_key"),
            (KeyFlags::INCOMPLETE, "incomplete"),
            (KeyFlags::VARIABLE_FLAGS, "variable_flags"),
        ];
        WORDS.into_iter().filter(move |&(flag, _)| self.contains(flag)).map(|(_, word)| word)
    }
}

/// Where in a command line the search for keys begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeginSearch {
    /// Index in argv, the command word being 0.
    Index(i32),
    /// Behind a word, which is looked for from an index on.
    Keyword { word: &'static str, from: i32 },
    /// The line alone does not tell.
    Unknown,
}

/// How the keys are laid out from the position where they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindKeys {
    /// From the first key to `last` (relative to it; negative: counted from the end), every `step`th argument. With a
    /// `limit` of 2 or more only that part of what is left of the line.
    Range {
        last: i32,
        step: i32,
        limit: i32,
    },
    /// A count of keys, and the keys after it (positions relative to where the search begins).
    KeyNum {
        count_at: i32,
        first: i32,
        step: i32,
    },
    Unknown,
}

/// Where a command's keys are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeySpec {
    pub flags: KeyFlags,
    pub begin: BeginSearch,
    pub find: FindKeys,
}

impl KeySpec {
    /// One key at an index.
    pub const fn one(begin: i32, flags: KeyFlags) -> Self {
        Self::range(begin, 0, 1, flags)
    }

    /// Keys from an index to `last` (relative, or negative from the end), every `step`th argument.
    pub const fn range(begin: i32, last: i32, step: i32, flags: KeyFlags) -> Self {
        Self { flags, begin: BeginSearch::Index(begin), find: FindKeys::Range { last, step, limit: 0 } }
    }

    /// A count at an index, then that many keys.
    pub const fn numkeys(begin: i32, flags: KeyFlags) -> Self {
        let find = FindKeys::KeyNum { count_at: 0, first: 1, step: 1 };
        Self { flags, begin: BeginSearch::Index(begin), find }
    }

    /// One key behind a word.
    pub const fn behind(word: &'static str, from: i32, flags: KeyFlags) -> Self {
        let find = FindKeys::Range { last: 0, step: 1, limit: 0 };
        Self { flags, begin: BeginSearch::Keyword { word, from }, find }
    }

    /// Behind a word as many keys as other arguments after them: `STREAMS key key id id`.
    pub const fn half_behind(word: &'static str, from: i32, flags: KeyFlags) -> Self {
        let find = FindKeys::Range { last: -1, step: 1, limit: 2 };
        Self { flags, begin: BeginSearch::Keyword { word, from }, find }
    }

    /// Keys that no rule finds.
    pub const fn unknown(flags: KeyFlags) -> Self {
        Self { flags, begin: BeginSearch::Unknown, find: FindKeys::Unknown }
    }
}

/// The groups Redis documents its commands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Generic,
    String,
    List,
    Set,
    SortedSet,
    Hash,
    Stream,
    Bitmap,
    HyperLogLog,
    Geo,
    Connection,
    Server,
    Transactions,
    PubSub,
    Cluster,
    Scripting,
}

impl Group {
    /// The word of `COMMAND DOCS`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::String => "string",
            Self::List => "list",
            Self::Set => "set",
            Self::SortedSet => "sorted-set",
            Self::Hash => "hash",
            Self::Stream => "stream",
            Self::Bitmap => "bitmap",
            Self::HyperLogLog => "hyperloglog",
            Self::Geo => "geo",
            Self::Connection => "connection",
            Self::Server => "server",
            Self::Transactions => "transactions",
            Self::PubSub => "pubsub",
            Self::Cluster => "cluster",
            Self::Scripting => "scripting",
        }
    }
}

/// That a command is kept for old clients only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deprecated {
    /// The Redis version that said so.
    pub since: &'static str,
    /// What to use instead, commands and options in backquotes.
    pub replaced_by: &'static str,
}

/// Which arguments of a command are channels that a user needs permission for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channels {
    /// The first.
    First,
    All,
    /// All, and they are patterns.
    AllPatterns,
}

impl Channels {
    /// The channels in a command line, with their positions.
    pub fn of(self, argv: &[Vec<u8>]) -> impl Iterator<Item = (usize, &[u8])> {
        let count = if self == Self::First { 1 } else { argv.len() };
        argv.iter().map(Vec::as_slice).enumerate().skip(1).take(count)
    }

    pub fn are_patterns(self) -> bool {
        self == Self::AllPatterns
    }
}

/// The ACL categories, in the order of `ACL CAT` and `COMMAND INFO`.
pub const ACL_CATEGORIES: [&str; 21] = [
    "keyspace",
    "read",
    "write",
    "set",
    "sortedset",
    "list",
    "hash",
    "string",
    "bitmap",
    "hyperloglog",
    "geo",
    "stream",
    "pubsub",
    "admin",
    "fast",
    "slow",
    "blocking",
    "dangerous",
    "connection",
    "transaction",
    "scripting",
];

/// A command or a subcommand.
#[derive(Clone, Copy, Debug)]
pub struct CommandSpec {
    /// Its place in the table of all commands, counted from 1; a subcommand's is its container's and what lies between.
    /// Given by [`super::numbered`], not by hand.
    pub number: u16,
    /// In lower case; a subcommand is `container|sub`.
    pub name: &'static str,
    pub group: Group,
    /// The Redis version that brought it.
    pub since: &'static str,
    pub deprecated: Option<Deprecated>,
    /// Arguments including the command word; negative: at least that many.
    pub arity: i32,
    pub flags: Flags,
    pub keys: &'static [KeySpec],
    /// For a command whose options decide what it does with its keys: the flags for this command line.
    pub variable_flags: Option<fn(&[Vec<u8>]) -> KeyFlags>,
    /// For a command whose keys no rule finds: their positions in this command line and what is done with each; `None`
    /// where the line makes no sense.
    pub find_keys: Option<fn(&[Vec<u8>]) -> Option<Vec<(usize, KeyFlags)>>>,
    pub channels: Option<Channels>,
    /// ACL categories that do not follow from the flags: `keyspace`, `dangerous` …; the group's own follows from it.
    pub acl: &'static [&'static str],
    /// Redis's hints for clients, such as `nondeterministic_output`.
    pub tips: &'static [&'static str],
    pub summary: &'static str,
    pub complexity: &'static str,
    /// The arguments in the small language of [`super::syntax`].
    pub syntax: &'static str,
    /// A transcript that shows the command at work; replayed by the tests.
    pub example: &'static str,
    pub subcommands: &'static [CommandSpec],
    /// `None` for a container that is nothing without its subcommands.
    pub run: Option<Run>,
}

impl CommandSpec {
    /// What most commands have in common, for `..CommandSpec::BASE`.
    pub const BASE: Self = Self {
        number: 0,
        name: "",
        group: Group::Generic,
        since: "1.0.0",
        deprecated: None,
        arity: 1,
        flags: Flags::empty(),
        keys: &[],
        variable_flags: None,
        find_keys: None,
        channels: None,
        acl: &[],
        tips: &[],
        summary: "",
        complexity: "O(1)",
        syntax: "",
        example: "",
        subcommands: &[],
        run: None,
    };

    /// Whether a command line of `argc` words fits the arity.
    pub fn takes(&self, argc: usize) -> bool {
        let wanted = self.arity.unsigned_abs() as usize;
        if self.arity < 0 { argc >= wanted } else { argc == wanted }
    }

    /// Whether a line of it can name keys; what clients are only to route by does not count.
    pub fn has_keys(&self) -> bool {
        self.keys.iter().any(|key_spec| !key_spec.flags.contains(KeyFlags::NOT_KEY))
    }

    /// The last part of the name: `set` for `config|set`.
    pub fn short_name(&self) -> &'static str {
        self.name.rsplit('|').next().unwrap_or(self.name)
    }

    pub fn subcommand(&self, word: &[u8]) -> Option<&'static CommandSpec> {
        self.subcommands.iter().find(|sub| sub.short_name().as_bytes().eq_ignore_ascii_case(word))
    }

    /// ACL categories as `COMMAND INFO` lists them: Redis's order, those that follow from flags and group included.
    pub fn acl_categories(&self) -> Vec<&'static str> {
        let from_group = match self.group {
            // A container that does nothing itself belongs to no group.
            _ if self.run.is_none() => None,
            Group::Generic | Group::Server | Group::Cluster | Group::PubSub => None,
            Group::Transactions => Some("transaction"),
            Group::SortedSet => Some("sortedset"),
            group => Some(group.word()),
        };
        let implied = |category: &str| match category {
            // What a script reads is up to the script.
            "read" => self.flags.contains(Flags::READONLY) && self.group != Group::Scripting,
            "write" => self.flags.contains(Flags::WRITE),
            "admin" | "dangerous" => self.flags.contains(Flags::ADMIN),
            "pubsub" => self.flags.contains(Flags::PUBSUB),
            "fast" => self.flags.contains(Flags::FAST),
            "slow" => !self.flags.contains(Flags::FAST),
            "blocking" => self.flags.contains(Flags::BLOCKING),
            _ => false,
        };
        ACL_CATEGORIES
            .into_iter()
            .filter(|c| implied(c) || from_group == Some(*c) || self.acl.contains(c))
            .collect()
    }
}
