//! Completion and argument hints for a command line, from the engine's own command table.
//!
//! Pure text in, text out, for any field that takes command lines: the text before the cursor is completed. What a
//! command is called and takes is said once, in its spec; which keys there are is told by whoever knows.

use std::rc::Rc;

use playground_engine::command::{self, CommandSpec, Group};
use playground_engine::parse::{self, Word};

use crate::client_words::{self, ClientWord};
pub use crate::grammar::Piece;
use crate::grammar::{Grammar, Next};
use crate::quote;

/// Words that are read; nothing is completed behind them.
const WORDS: usize = 400;

/// What can be said about a line so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hint {
    /// What completion would add to the line: the rest of the first name or option.
    pub rest: String,
    /// The arguments still to come.
    pub arguments: Vec<Piece>,
    /// The command in one sentence.
    pub summary: &'static str,
}

/// Something that the word before the cursor could become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The text up to the cursor, completed.
    pub line: String,
    /// The word alone; names in capitals.
    pub name: String,
    /// The type of a key.
    pub kind: Option<&'static str>,
}

/// The keys that would complete a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub prefix: Vec<u8>,
    /// The type that the command works on, where it is for one.
    pub kind: Option<&'static str>,
}

/// A key that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownKey {
    pub name: Rc<[u8]>,
    pub kind: &'static str,
}

/// Where the cursor is.
enum Spot {
    /// In a command's name.
    Name,
    /// In a subcommand's.
    Subcommand(&'static CommandSpec),
    /// Behind `HELP`, with so many words there already.
    Topic(usize),
    /// Behind a command's name that is so many words.
    Arguments(&'static CommandSpec, usize),
    Elsewhere,
}

/// The text before the cursor, taken apart.
struct Place<'l> {
    head: &'l str,
    /// The words that are complete, without a number that repeats.
    words: Vec<Word>,
    /// The word that is being typed.
    typed: Vec<u8>,
    /// Where it begins, if it does.
    start: Option<usize>,
}

impl<'l> Place<'l> {
    fn of(head: &'l str) -> Self {
        let mut words = parse::words(head.as_bytes(), WORDS);
        let is_full = words.len() == WORDS;
        let skipped =
            usize::from(client_words::repeats(words.iter().map(|word| word.bytes.as_slice())).is_some());
        words.drain(..skipped);
        let last = words.pop_if(|last| last.range.end == head.len() && !is_full);
        let (start, typed) = last.map_or((None, Vec::new()), |word| (Some(word.range.start), word.bytes));
        Self { head, words, typed, start }
    }

    fn spot(&self) -> Spot {
        let Some(name) = self.words.first() else { return Spot::Name };
        if let Some(word) = client_words::of(&name.bytes) {
            return if word == ClientWord::Help {
                Spot::Topic(self.words.len() - 1)
            } else {
                Spot::Elsewhere
            };
        }
        let Some(spec) = command::find(&name.bytes) else { return Spot::Elsewhere };
        match self.words.get(1) {
            None if !spec.subcommands.is_empty() => Spot::Subcommand(spec),
            Some(word) if !spec.subcommands.is_empty() => match spec.subcommand(&word.bytes) {
                Some(sub) => Spot::Arguments(sub, 2),
                None => Spot::Elsewhere,
            },
            _ => Spot::Arguments(spec, 1),
        }
    }

    fn arguments(&self, named: usize) -> impl Iterator<Item = &[u8]> {
        self.words.iter().skip(named).map(|word| word.bytes.as_slice())
    }

    /// The line with a word in the place of what was typed of it.
    fn with(&self, word: &str, name: String, kind: Option<&'static str>) -> Candidate {
        let before = self.head.get(..self.start.unwrap_or(self.head.len())).unwrap_or_default();
        Candidate { line: format!("{before}{word} "), name, kind }
    }

    /// A name or an option; what was typed of it keeps its case, and the rest follows it.
    fn named(&self, name: &str) -> Option<Candidate> {
        let typed = std::str::from_utf8(&self.typed).ok()?;
        let head = name.get(..typed.len())?;
        let rest = name.get(typed.len()..)?;
        if !head.eq_ignore_ascii_case(typed) {
            return None;
        }
        let by = if typed.is_empty() {
            self.words.first().map_or(&[][..], |word| &word.bytes)
        } else {
            &self.typed
        };
        let is_lower = by.iter().any(u8::is_ascii_lowercase);
        let rest = if is_lower { rest.to_ascii_lowercase() } else { rest.to_ascii_uppercase() };
        Some(self.with(&format!("{typed}{rest}"), name.to_ascii_uppercase(), None))
    }

    fn names(&self, names: impl Iterator<Item = &'static str>) -> Vec<Candidate> {
        let mut found: Vec<_> = names.filter_map(|name| self.named(name)).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        found
    }
}

/// What completes the text before the cursor; `keys` are those that it wants.
pub fn candidates(head: &str, keys: &[KnownKey]) -> Vec<Candidate> {
    let place = Place::of(head);
    match place.spot() {
        Spot::Name if place.start.is_none() => Vec::new(),
        Spot::Name => place.names(command::all().map(CommandSpec::short_name).chain(client_words::names())),
        Spot::Subcommand(spec) => place.names(spec.subcommands.iter().map(CommandSpec::short_name)),
        Spot::Topic(0) => place.names(command::all().map(CommandSpec::short_name).chain(topics())),
        Spot::Topic(1) => {
            let spec = place.words.get(1).and_then(|word| command::find(&word.bytes));
            place.names(spec.into_iter().flat_map(|spec| spec.subcommands).map(CommandSpec::short_name))
        }
        Spot::Topic(_) | Spot::Elsewhere => Vec::new(),
        Spot::Arguments(spec, named) => {
            let grammar = Grammar::of(spec);
            let next = grammar.read(place.arguments(named)).next();
            let mut found: Vec<Candidate> = Vec::new();
            for next in &next {
                if let Next::Option(token) = next {
                    found.extend(place.named(token));
                }
            }
            if next.contains(&Next::Key) {
                let fitting = keys.iter().filter(|key| key.name.starts_with(&place.typed));
                found.extend(fitting.map(|key| {
                    let word = quote::argument(&key.name);
                    place.with(&word, word.clone(), Some(key.kind))
                }));
            }
            found
        }
    }
}

/// The groups, as `HELP @group` names them.
pub fn topics() -> impl Iterator<Item = &'static str> {
    GROUPS.iter().map(|(name, _)| *name)
}

/// The groups by the names that redis-cli gives them.
pub const GROUPS: [(&str, Group); 16] = [
    ("@bitmap", Group::Bitmap),
    ("@cluster", Group::Cluster),
    ("@connection", Group::Connection),
    ("@generic", Group::Generic),
    ("@geo", Group::Geo),
    ("@hash", Group::Hash),
    ("@hyperloglog", Group::HyperLogLog),
    ("@list", Group::List),
    ("@pubsub", Group::PubSub),
    ("@scripting", Group::Scripting),
    ("@server", Group::Server),
    ("@set", Group::Set),
    ("@sorted-set", Group::SortedSet),
    ("@stream", Group::Stream),
    ("@string", Group::String),
    ("@transactions", Group::Transactions),
];

/// The keys that would complete the text before the cursor, where it is at a key.
pub fn wanted(head: &str) -> Option<Wanted> {
    let place = Place::of(head);
    let Spot::Arguments(spec, named) = place.spot() else { return None };
    let next = Grammar::of(spec).read(place.arguments(named)).next();
    next.contains(&Next::Key).then(|| Wanted { prefix: place.typed, kind: kind_of(spec.group) })
}

/// The type that a group's commands work on.
pub fn kind_of(group: Group) -> Option<&'static str> {
    match group {
        Group::String | Group::Bitmap | Group::HyperLogLog => Some("string"),
        Group::List => Some("list"),
        Group::Set => Some("set"),
        Group::SortedSet | Group::Geo => Some("zset"),
        Group::Hash => Some("hash"),
        Group::Stream => Some("stream"),
        _ => None,
    }
}

/// What to say about the line so far.
pub fn hint(line: &str) -> Hint {
    let place = Place::of(line);
    let rest = || {
        let first = (!place.typed.is_empty()).then(|| candidates(line, &[]).into_iter().next()).flatten();
        let rest =
            first.and_then(|first| first.line.strip_prefix(line).map(|rest| rest.trim_end().to_owned()));
        rest.unwrap_or_default()
    };
    // A name is complete once something follows it, or where nothing longer could be meant.
    let is_sure = || candidates(line, &[]).len() < 2;
    match place.spot() {
        Spot::Name => match (command::find(&place.typed), client_words::of(&place.typed)) {
            (Some(spec), _) if is_sure() => about(spec),
            (Some(spec), _) => Hint { rest: rest(), summary: spec.summary, ..Hint::default() },
            (None, Some(word)) => Hint { summary: about_client(word), ..Hint::default() },
            (None, None) => Hint { rest: rest(), ..Hint::default() },
        },
        Spot::Subcommand(spec) => match spec.subcommand(&place.typed) {
            Some(sub) if is_sure() => about(sub),
            Some(sub) => Hint { rest: rest(), summary: sub.summary, ..Hint::default() },
            None if place.typed.is_empty() => about(spec),
            None => Hint { rest: rest(), summary: spec.summary, ..Hint::default() },
        },
        Spot::Topic(_) => Hint { rest: rest(), summary: about_client(ClientWord::Help), ..Hint::default() },
        Spot::Arguments(spec, named) => {
            let grammar = Grammar::of(spec);
            let typing = place.start.map(|_| place.typed.as_slice());
            let arguments = grammar.read(place.arguments(named)).to_come(typing);
            Hint { rest: rest(), arguments, summary: spec.summary }
        }
        Spot::Elsewhere => Hint::default(),
    }
}

fn about(spec: &'static CommandSpec) -> Hint {
    let arguments = if spec.subcommands.is_empty() {
        Grammar::of(spec).read([]).to_come(None)
    } else {
        let names: Vec<_> =
            spec.subcommands.iter().map(|sub| sub.short_name().to_ascii_uppercase()).collect();
        vec![Piece::plain(names.join(" | "))]
    };
    Hint { rest: String::new(), arguments, summary: spec.summary }
}

fn about_client(word: ClientWord) -> &'static str {
    match word {
        ClientWord::Clear => "Empties this log.",
        ClientWord::Help => "Says what a command does and takes: HELP SET, HELP CONFIG GET, HELP @list.",
        ClientWord::Exit => "Ends the connection; the terminal then connects anew.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        candidates(line, &[]).into_iter().map(|candidate| candidate.name).collect()
    }

    fn arguments(line: &str) -> String {
        hint(line).arguments.into_iter().map(|piece| piece.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_complete_in_the_case_they_were_begun() {
        assert_eq!(names("ech"), ["ECHO"]);
        assert_eq!(candidates("ech", &[])[0].line, "echo ");
        assert_eq!(candidates(" EC", &[])[0].line, " ECHO ");
        assert_eq!(candidates("5 ech", &[])[0].line, "5 echo ");
        assert!(names("").is_empty() && names("ECHO a").is_empty() && names("é").is_empty());
        assert_eq!(names("cle"), ["CLEAR"]);
        assert_eq!(hint("ec").rest, "ho");
    }

    #[test]
    fn subcommands_complete_after_their_container() {
        assert!(names("object en").contains(&"ENCODING".to_owned()));
        assert_eq!(candidates("object en", &[])[0].line, "object encoding ");
        assert!(arguments("OBJECT ").contains("ENCODING"));
        assert!(names("object ").contains(&"FREQ".to_owned()));
    }

    #[test]
    fn options_complete_where_the_syntax_has_them() {
        assert_eq!(names("SET k v e"), ["EX", "EXAT"]);
        assert_eq!(candidates("set k v e", &[])[0].line, "set k v ex ");
        assert_eq!(hint("SET k v KE").rest, "EPTTL");
        assert_eq!(names("SET k v EX 10 "), ["NX", "XX", "GET"]);
        assert_eq!(names("SET k v EX 10 P"), Vec::<String>::new());
        assert_eq!(names("XREAD COUNT 1 S"), ["STREAMS"]);
        assert!(names("SET k ").is_empty() && names("SET k e").is_empty());
    }

    #[test]
    fn keys_complete_where_the_syntax_wants_one_and_are_quoted_where_they_must_be() {
        let key = |name: &[u8], kind| KnownKey { name: name.into(), kind };
        let keys = [key(b"my list", "list"), key(b"my\xff", "list"), key(b"mine", "string")];
        let lines = |line: &str| candidates(line, &keys).into_iter().map(|c| c.line).collect::<Vec<_>>();
        assert_eq!(lines("LPUSH my"), [r#"LPUSH "my list" "#, r#"LPUSH "my\xff" "#]);
        assert_eq!(lines(r#"LPUSH "my l"#), [r#"LPUSH "my list" "#]);
        assert_eq!(lines("LPUSH x my"), Vec::<String>::new());
        assert_eq!(lines("ZUNION 2 a mi"), ["ZUNION 2 a mine "]);
        assert_eq!(wanted("LPUSH my"), Some(Wanted { prefix: b"my".to_vec(), kind: Some("list") }));
        assert_eq!(wanted("DEL a "), Some(Wanted::default()));
        assert_eq!((wanted("SET k v"), wanted("GE"), wanted("NOSUCH a")), (None, None, None));
    }

    #[test]
    fn topics_of_help_complete() {
        assert_eq!(names("help @str"), ["@STREAM", "@STRING"]);
        assert_eq!(candidates("help @string", &[])[0].line, "help @string ");
        assert_eq!(names("HELP config resets"), ["RESETSTAT"]);
    }

    #[test]
    fn arguments_that_are_there_are_not_asked_for() {
        assert_eq!(arguments("ECHO"), "message");
        assert_eq!(arguments("ECHO hel"), "message");
        assert_eq!(arguments("ECHO hello "), "");
        assert_eq!(arguments("RENAME a "), "newkey");
        assert_eq!(arguments("3 RENAME a "), "newkey");
        assert_eq!(arguments("CONFIG GET "), "parameter [parameter ...]");
        assert!(!hint("PING").summary.is_empty());
        assert_eq!(hint("NOSUCH x"), Hint::default());
        assert_eq!(hint(""), Hint::default());
    }
}
