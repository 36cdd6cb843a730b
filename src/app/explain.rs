//! Errors explained: what happened, and what to do next, in a sentence or two.
//!
//! Pure: an error and the line that met it in, words out. The error's own words are the engine's and stand above; what
//! is said here may name the line's own keys, their types and the command's syntax, and offers lines to go on with.

mod words;

use std::rc::Rc;

use playground_engine::command::{self, CommandSpec, UNSUPPORTED, keys};
use playground_engine::{Error, Reply};

use crate::complete::kind_of;
use crate::format;
use crate::grammar::{Grammar, Role};
use crate::help;
use crate::quote;
use words::{Words, words};

/// What is said beside an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    pub text: String,
    /// The syntax of the command.
    pub usage: Option<String>,
    /// Lines to put into the prompt.
    pub offers: Vec<Rc<str>>,
    /// It shows how something is used, and explains nothing.
    pub is_example: bool,
}

/// The type of a key, where there is one of that name.
pub type KindOf<'k> = &'k dyn Fn(&[u8]) -> Option<&'static str>;

/// Names offered in the place of one that there is not.
const NEAREST: usize = 3;

/// What there is to say about an error that a line met.
pub fn explain(error: &Error, argv: &[Vec<u8>], kind_of_key: KindOf<'_>) -> Option<Aside> {
    let met = Met { argv, spec: spec_of(argv), kind_of_key };
    Some(match words(error) {
        Words::Plain => return None,
        Words::Said(text) => saying(text.to_owned()),
        Words::WithUsage(text) => Aside { usage: met.usage(), ..saying(text.to_owned()) },
        Words::Offering(text, offers) => Aside { offers: vec![offers.into()], ..saying(text.to_owned()) },
        Words::UnknownCommand => met.unknown_command(),
        Words::UnknownSubcommand(container) => met.unknown_subcommand(container),
        Words::Unsupported(command) => saying(unsupported(command)),
        Words::Arity(command) => met.arity(command),
        Words::Syntax => met.syntax(),
        Words::WrongType => met.wrong_type(),
        Words::Number(kind) => met.number(kind),
        Words::NoGroup { key, group } => no_group(key, group),
    })
}

/// An error in the midst of a transaction's answers.
pub fn failed_within(replies: &[Reply]) -> Option<Aside> {
    let text = "A command of the transaction failed, and the others were carried out all the same: Redis undoes nothing.";
    replies.iter().any(Reply::is_error).then(|| saying(text.to_owned()))
}

/// Quotes that are not closed, or are closed within a word.
pub fn unbalanced() -> Aside {
    let text = "A quote is opened and not closed, or something follows directly behind a closing quote. Close it; \
        inside double quotes, write \\\" for a quote.";
    saying(text.to_owned())
}

fn saying(text: String) -> Aside {
    Aside { text, ..Aside::default() }
}

fn spec_of(argv: &[Vec<u8>]) -> Option<&'static CommandSpec> {
    let spec = command::find(argv.first()?)?;
    Some(argv.get(1).and_then(|word| spec.subcommand(word)).unwrap_or(spec))
}

/// A line that met an error.
struct Met<'m> {
    argv: &'m [Vec<u8>],
    spec: Option<&'static CommandSpec>,
    kind_of_key: KindOf<'m>,
}

impl Met<'_> {
    fn usage(&self) -> Option<String> {
        self.spec.map(help::usage)
    }

    /// How many words name the command.
    fn named(&self) -> usize {
        1 + usize::from(self.spec.is_some_and(|spec| spec.name.contains('|')))
    }

    fn arguments(&self) -> &[Vec<u8>] {
        self.argv.get(self.named()..).unwrap_or_default()
    }

    fn unknown_command(&self) -> Aside {
        let name = self.argv.first().map_or(&[][..], Vec::as_slice);
        let rest = self.argv.get(1..).unwrap_or_default();
        if name.eq_ignore_ascii_case(b"redis-cli") {
            let text = "This is a redis-cli already: type only the command behind it.";
            return Aside { offers: offer("", rest), ..saying(text.to_owned()) };
        }
        let near = nearest(name);
        // The name of a subcommand alone.
        let inner =
            command::every().filter(|spec| spec.name.contains('|') && !name.eq_ignore_ascii_case(b"help"));
        let inner = inner.filter(|spec| spec.short_name().as_bytes().eq_ignore_ascii_case(name));
        let inner: Vec<String> = inner.map(full_name).take(NEAREST).collect();
        let names: Vec<String> = inner.into_iter().chain(near).take(NEAREST).collect();
        let offers: Vec<Rc<str>> = names.iter().flat_map(|name| offer(name, rest)).collect();
        let text = if name.contains(&b' ') {
            "The whole line stands in quotes, so Redis takes it for one word. Leave them out around the line."
        } else if offers.is_empty() {
            "Redis has no command of that name. Press Tab behind its first letters for those that there are, or type HELP."
        } else {
            "Redis has no command of that name. Did you mean:"
        };
        Aside { offers, ..saying(text.to_owned()) }
    }

    fn unknown_subcommand(&self, container: &str) -> Aside {
        let word = self.argv.get(1).map_or(&[][..], Vec::as_slice);
        let subs = command::find(container.as_bytes()).map_or(&[][..], |spec| spec.subcommands);
        let near = near(word, subs.iter().map(CommandSpec::short_name));
        let all: Vec<_> = subs.iter().map(|sub| sub.short_name().to_ascii_uppercase()).collect();
        let container = container.to_ascii_uppercase();
        let rest = self.argv.get(2..).unwrap_or_default();
        let offers = near.iter().flat_map(|name| offer(&format!("{container} {name}"), rest)).collect();
        let text = format!("{container} is followed by the word for what it is to do: {}.", all.join(", "));
        Aside { offers, ..saying(text) }
    }

    fn arity(&self, command: &str) -> Aside {
        let Some(spec) = command::find_full(command.as_bytes()) else {
            return saying("The command needs more arguments, or fewer.".to_owned());
        };
        let named = command.split('|').count();
        let given = self.argv.len().saturating_sub(named);
        let wanted = (spec.arity.unsigned_abs() as usize).saturating_sub(named);
        let least = if spec.arity < 0 { "at least " } else { "" };
        let name = full_name(spec);
        let takes = match wanted {
            0 => format!("{name} takes no arguments"),
            n => format!("{name} takes {least}{}", format::counted(n, "argument", "arguments")),
        };
        let got = match given {
            0 => "got none".to_owned(),
            given => format!("got {}", format::count(given)),
        };
        let (hint, offers) = match self.joined(spec, wanted).filter(|_| given > wanted && spec.arity > 0) {
            Some(line) => (" Text with spaces goes in quotes.", vec![line]),
            None if wanted <= given => (" The words may not come in pairs, where they have to.", Vec::new()),
            None => ("", Vec::new()),
        };
        let hint = if given > wanted && spec.arity > 0 && offers.is_empty() { "" } else { hint };
        Aside { usage: Some(help::usage(spec)), offers, ..saying(format!("{takes} and {got}.{hint}")) }
    }

    /// The line with everything from its last text on in quotes.
    fn joined(&self, spec: &CommandSpec, wanted: usize) -> Option<Rc<str>> {
        let last = wanted.checked_sub(1)?;
        let arguments = self.argv.get(spec.name.split('|').count()..)?;
        let text = arguments.get(last..).filter(|words| words.len() > 1)?;
        let roles = Grammar::of(spec).read(arguments.iter().map(Vec::as_slice)).roles();
        if roles.get(last) != Some(&Role::Text) {
            return None;
        }
        let mut words = arguments.get(..last)?.to_vec();
        words.push(text.join(&b' '));
        offer(&full_name(spec), &words).into_iter().next()
    }

    fn syntax(&self) -> Aside {
        let usage = self.usage();
        let Some(spec) = self.spec else {
            return saying("The words are not in an order that the command understands.".to_owned());
        };
        let reading = Grammar::of(spec);
        let reading = reading.read(self.arguments().iter().map(Vec::as_slice));
        let beyond = reading.roles().iter().position(|role| *role == Role::Beyond);
        let text = match beyond.and_then(|at| self.arguments().get(at)) {
            Some(word) => {
                format!(
                    "{} does not fit where it stands: an option that is misspelt or excludes another one, or text with \
                    spaces that is not in quotes.",
                    format::short_name(word)
                )
            }
            None if !reading.is_complete() => "Something is missing behind the last word.".to_owned(),
            None => "These options do not go together, or not in this order.".to_owned(),
        };
        // Where values may follow each other freely, text without quotes cannot be told.
        let joined = beyond.filter(|at| *at > 0).and_then(|at| {
            let roles = reading.roles();
            (roles.get(at - 1) == Some(&Role::Text)).then(|| self.joined(spec, at)).flatten()
        });
        Aside { usage, offers: joined.into_iter().collect(), ..saying(text) }
    }

    fn wrong_type(&self) -> Aside {
        let wanted = self.spec.and_then(|spec| kind_of(spec.group));
        let positions = self.spec.and_then(|spec| keys::positions_of(spec, self.argv)).unwrap_or_default();
        let keys = positions.iter().filter_map(|(at, _)| self.argv.get(*at));
        let mut kinds = keys.filter_map(|key| Some((key, (self.kind_of_key)(key)?)));
        let Some((key, kind)) = kinds.find(|(_, kind)| Some(*kind) != wanted) else {
            return saying(
                "A key holds another type than the command works on. TYPE key tells which.".to_owned(),
            );
        };
        let (name, is) = (format::short_name(key), with_article(kind));
        let works = match (self.spec, wanted) {
            (Some(spec), Some(wanted)) => {
                format!("and {} works on {}", full_name(spec), plural(wanted))
            }
            (Some(spec), None) => format!("which {} cannot work on", full_name(spec)),
            (None, _) => "which the command cannot work on".to_owned(),
        };
        let text = format!("{name} holds {is}, {works}. Use a command for its type, or another key.");
        let (before, after) = reading(kind);
        let key = quote::argument(key);
        Aside { offers: vec![format!("{before} {key}{after}").into()], ..saying(text) }
    }

    fn number(&self, kind: &'static str) -> Aside {
        let roles =
            self.spec.map(|spec| Grammar::of(spec).read(self.arguments().iter().map(Vec::as_slice)).roles());
        let fits = |word: &[u8]| {
            let text = std::str::from_utf8(word).unwrap_or_default();
            if kind == "a number" { text.parse::<f64>().is_ok() } else { text.parse::<i64>().is_ok() }
        };
        let words = self.arguments().iter().zip(roles.unwrap_or_default());
        let mut wrong = words.filter(|(word, role)| *role == Role::Number && !fits(word));
        if let Some((word, _)) = wrong.next() {
            let text = format!("{} is not {kind}, where the command wants one.", format::short_name(word));
            return Aside { usage: self.usage(), ..saying(text) };
        }
        let key = self.arguments().first().filter(|key| (self.kind_of_key)(key) == Some("string"));
        let Some(key) = key else {
            let text = format!("An argument or a value is not {kind}, or is out of range.");
            return Aside { usage: self.usage(), ..saying(text) };
        };
        let name = format::short_name(key);
        let text = format!("What {name} holds is not {kind} in the range that the command can work with.");
        Aside { offers: offer("GET", std::slice::from_ref(key)), ..saying(text) }
    }
}

fn no_group(key: &[u8], group: &[u8]) -> Aside {
    let text =
        "Consumer groups are made before they are used. This makes it, and the stream if there is none:";
    let words = [key.to_vec(), group.to_vec(), b"0".to_vec(), b"MKSTREAM".to_vec()];
    Aside { offers: offer("XGROUP CREATE", &words), ..saying(text.to_owned()) }
}

/// A line to go on with; a huge one is none.
fn offer(name: &str, words: &[Vec<u8>]) -> Vec<Rc<str>> {
    const LONGEST: usize = 500;
    let size: usize = words.iter().map(|word| word.len() + 1).sum();
    if size > LONGEST {
        return Vec::new();
    }
    let line = format!("{name} {}", quote::line(words));
    let line = line.trim();
    if line.is_empty() { Vec::new() } else { vec![line.into()] }
}

fn full_name(spec: &CommandSpec) -> String {
    spec.name.replace('|', " ").to_ascii_uppercase()
}

fn unsupported(command: &str) -> String {
    let why = UNSUPPORTED.iter().find(|gap| gap.name == command).and_then(|gap| gap.why);
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    format!("Redis has this command; the playground does not{why}. HELP lists what there is.")
}

fn with_article(kind: &str) -> &str {
    match kind {
        "string" => "a string",
        "list" => "a list",
        "set" => "a set",
        "zset" => "a sorted set",
        "hash" => "a hash",
        "stream" => "a stream",
        other => other,
    }
}

fn plural(kind: &str) -> &str {
    match kind {
        "string" => "strings",
        "list" => "lists",
        "set" => "sets",
        "zset" => "sorted sets",
        "hash" => "hashes",
        "stream" => "streams",
        other => other,
    }
}

/// A command that shows what a key of this type holds, around its name.
fn reading(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "string" => ("GET", ""),
        "list" => ("LRANGE", " 0 -1"),
        "set" => ("SMEMBERS", ""),
        "zset" => ("ZRANGE", " 0 -1 WITHSCORES"),
        "hash" => ("HGETALL", ""),
        "stream" => ("XRANGE", " - +"),
        _ => ("TYPE", ""),
    }
}

/// The commands whose names are nearest to a word, in capitals.
pub fn nearest(word: &[u8]) -> Vec<String> {
    near(word, command::all().map(|spec| spec.name))
}

/// Names that a few slips of the finger lead to, the nearest first.
fn near(word: &[u8], names: impl Iterator<Item = &'static str>) -> Vec<String> {
    const LONGEST: usize = 24;
    if word.is_empty() || word.len() > LONGEST {
        return Vec::new();
    }
    let word = word.to_ascii_lowercase();
    let allowed = (word.len() / 3).clamp(1, 2);
    let mut found: Vec<_> = names
        .map(|name| {
            (slips(&word, name.as_bytes()), usize::from(name.as_bytes().first() != word.first()), name)
        })
        .filter(|(slips, ..)| *slips <= allowed)
        .collect();
    found.sort_unstable();
    let best = found.first().map_or(0, |(slips, ..)| *slips);
    let near = found.into_iter().filter(|(slips, ..)| *slips == best).take(NEAREST);
    near.map(|(_, _, name)| name.to_ascii_uppercase()).collect()
}

/// How many letters were left out, added, mistaken or swapped with their neighbour between two words.
fn slips(one: &[u8], other: &[u8]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let kept = at(&row, j) + usize::from(a != b);
            let mut best = kept.min(at(&row, j + 1) + 1).min(at(&next, j) + 1);
            let swapped = i > 0 && j > 0 && one.get(i - 1) == Some(b) && other.get(j - 1) == Some(a);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
