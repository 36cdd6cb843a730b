//! The colours of a command line: what each word of it is, by the command's own spec, and what each word of a script in
//! it is.
//!
//! Pure: a line in, classes and byte ranges out, for the prompt, the log and whatever else shows lines. A line costs
//! what its first words cost and those of its script, however long it is, so that many can be coloured at each
//! keystroke. What the classes look like is the style sheet's business.

mod script;

use std::ops::Range;

use playground_engine::command::{self, CommandSpec, keys};
use playground_engine::parse::{self, Word};

use crate::client_words::{self, ClientWord};
use crate::grammar::{self, Grammar, Role};
use crate::lua_words;
use crate::multiline;

/// Words that are told apart; what follows them is plain.
const WORDS: usize = 400;

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Command,
    Subcommand,
    /// A word of the command's own, such as `EX`.
    Option,
    Key,
    /// What is written as one, whatever it is taken for.
    Number,
    /// Text in quotes.
    Quoted,
    /// Any other argument.
    Text,
    /// A line that is no command.
    Comment,
    /// A word of the script that an argument is.
    Lua(lua_words::Kind),
    /// No such command, quotes that are not closed, an argument that the command has no place for.
    Error,
}

impl Class {
    /// The last part of its name in the style sheet.
    pub fn token(self) -> &'static str {
        match self {
            Self::Command => "command",
            Self::Subcommand => "subcommand",
            Self::Option => "option",
            Self::Key => "key",
            Self::Number => "number",
            Self::Quoted => "quoted",
            Self::Text => "text",
            Self::Comment => "comment",
            Self::Lua(kind) => kind.token(),
            Self::Error => "error",
        }
    }
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub class: Class,
    /// Bytes of the line, at the borders of characters.
    pub range: Range<usize>,
}

/// A whole line: what is wrong with it is marked.
pub fn line(line: &str) -> Vec<Span> {
    spans(line, false)
}

/// A line that is still being typed at its end: the beginning of a name is no error yet, nor are open quotes.
pub fn unfinished(line: &str) -> Vec<Span> {
    spans(line, true)
}

/// A script by itself.
pub fn lua(source: &str) -> Vec<Span> {
    let words = lua_words::words(source.as_bytes(), usize::MAX).into_iter();
    words.map(|word| Span { class: Class::Lua(word.kind), range: border(source, word.range) }).collect()
}

/// The line in parts without gaps: a class where there is one, and the text.
pub fn parts<'l>(line: &'l str, spans: &[Span]) -> Vec<(Option<Class>, &'l str)> {
    let mut parts = Vec::with_capacity(spans.len() * 2 + 1);
    let mut end = 0;
    for span in spans {
        parts.push((None, line.get(end..span.range.start).unwrap_or_default()));
        parts.push((Some(span.class), line.get(span.range.clone()).unwrap_or_default()));
        end = span.range.end;
    }
    parts.push((None, line.get(end..).unwrap_or_default()));
    parts.retain(|(_, text)| !text.is_empty());
    parts
}

/// What of the spans lies in a part of the line, counted from where that begins.
pub fn within(spans: &[Span], part: Range<usize>) -> Vec<Span> {
    let first = spans.partition_point(|span| span.range.end <= part.start);
    let inside = spans.get(first..).unwrap_or_default().iter().take_while(|span| span.range.start < part.end);
    let cut = |at: usize| at.clamp(part.start, part.end) - part.start;
    inside.map(|span| Span { class: span.class, range: cut(span.range.start)..cut(span.range.end) }).collect()
}

fn spans(line: &str, typing: bool) -> Vec<Span> {
    let start = line.len() - line.trim_start().len();
    if line.get(start..).is_some_and(|rest| rest.starts_with('#')) {
        return vec![Span { class: Class::Comment, range: start..line.len() }];
    }
    let words = parse::words(line.as_bytes(), WORDS);
    let script = script::place(&words);
    let mut spans = Vec::with_capacity(words.len());
    for (at, (word, class)) in words.iter().zip(classes(&words, line, typing)).enumerate() {
        if Some(at) == script && class != Class::Error {
            script::spans(word, line, &mut spans);
        } else {
            spans.push(Span { class, range: border(line, word.range.clone()) });
        }
    }
    spans.retain(|span| !span.range.is_empty());
    spans
}

/// Words end at bytes; a text is only cut between characters.
fn border(line: &str, range: Range<usize>) -> Range<usize> {
    line.floor_char_boundary(range.start)..line.ceil_char_boundary(range.end)
}

/// The class of each word; `typing`: the last one may go on.
fn classes(words: &[Word], line: &str, typing: bool) -> Vec<Class> {
    let open = typing && !line.ends_with(char::is_whitespace);
    let repeat = client_words::repeats(words.iter().map(|word| word.bytes.as_slice()));
    let skipped = usize::from(repeat.is_some());
    let mut classes = vec![Class::Number; skipped];
    let Some((name, rest)) = words.get(skipped..).and_then(<[Word]>::split_first) else { return classes };
    let is_last = rest.is_empty() && open;
    if let Some(word) = client_words::of(&name.bytes) {
        classes.push(Class::Command);
        let topic = if word == ClientWord::Help { Class::Subcommand } else { Class::Text };
        classes.extend(rest.iter().map(|_| topic));
    } else if let Some(spec) = command::find(&name.bytes) {
        classes.push(Class::Command);
        let sub = rest.first().and_then(|word| spec.subcommand(&word.bytes));
        match (sub, rest) {
            (Some(sub), [_, rest @ ..]) => {
                classes.push(Class::Subcommand);
                arguments(sub, words.get(skipped..).unwrap_or_default(), rest, line, &mut classes);
            }
            (None, [first, rest @ ..]) if spec.run.is_none() => {
                let begun = rest.is_empty() && open && begins(spec.subcommands.iter(), &first.bytes);
                classes.push(if begun { Class::Subcommand } else { Class::Error });
                classes.extend(rest.iter().map(|_| Class::Text));
            }
            _ => arguments(spec, words.get(skipped..).unwrap_or_default(), rest, line, &mut classes),
        }
    } else {
        let begun = is_last && (begins(command::all(), &name.bytes) || client_words::begins(&name.bytes));
        classes.push(if begun { Class::Command } else { Class::Error });
        classes.extend(rest.iter().map(|word| plain(word, line)));
    }
    let last = words.len().saturating_sub(1);
    for (at, _) in words.iter().enumerate().filter(|(_, word)| !word.is_whole) {
        // Quotes that are open at the end of what is being typed may still be closed.
        let is_open = typing && at == last && multiline::open(line).is_some();
        if let Some(class) = classes.get_mut(at) {
            *class = if is_open { Class::Quoted } else { Class::Error };
        }
    }
    classes
}

fn begins<'s>(mut specs: impl Iterator<Item = &'s CommandSpec>, word: &[u8]) -> bool {
    specs.any(|spec| {
        let name = spec.short_name().as_bytes();
        name.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word))
    })
}

/// The arguments behind a command's name, of which there are `rest`.
fn arguments(spec: &CommandSpec, words: &[Word], rest: &[Word], line: &str, classes: &mut Vec<Class>) {
    let grammar = Grammar::of(spec);
    let reading = grammar.read(rest.iter().map(|word| word.bytes.as_slice()));
    let named = words.len() - rest.len();
    // Where the command itself says which of the words are keys, that counts.
    let argv: Vec<Vec<u8>> = words.iter().map(|word| word.bytes.clone()).collect();
    let known = if reading.is_complete() { keys::positions_of(spec, &argv) } else { None };
    let is_key = |at: usize| known.as_ref().map(|known| known.iter().any(|(key, _)| *key == at + named));
    // Of a command that takes a fixed number of words, others are too many.
    let is_full = |at: usize| spec.arity >= 0 && at + named >= spec.arity.unsigned_abs() as usize;
    for (at, (word, role)) in rest.iter().zip(reading.roles()).enumerate() {
        let class = match (role, is_key(at)) {
            (Role::Beyond, _) if is_full(at) => Class::Error,
            (Role::Key, None) | (_, Some(true)) => Class::Key,
            (Role::Option, _) => Class::Option,
            _ => plain(word, line),
        };
        classes.push(class);
    }
}

fn plain(word: &Word, line: &str) -> Class {
    match () {
        () if is_quoted(word, line) => Class::Quoted,
        () if grammar::is_double(&word.bytes) => Class::Number,
        () => Class::Text,
    }
}

fn is_quoted(word: &Word, line: &str) -> bool {
    let text = line.as_bytes().get(word.range.clone()).unwrap_or_default();
    text.first().is_some_and(|byte| matches!(byte, b'"' | b'\''))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, spans: &[Span]) -> String {
        let tell = |span: &Span| format!("{}:{}", span.class.token(), &text[span.range.clone()]);
        spans.iter().map(tell).collect::<Vec<_>>().join(" ")
    }

    fn whole(text: &str) -> String {
        told(text, &line(text))
    }

    fn typing(text: &str) -> String {
        told(text, &unfinished(text))
    }

    #[test]
    fn words_are_told_apart_by_the_commands_syntax() {
        assert_eq!(whole(" set k \"a b\" EX 10"), "command:set key:k quoted:\"a b\" option:EX number:10");
        assert_eq!(whole("CONFIG GET max*"), "command:CONFIG subcommand:GET text:max*");
        assert_eq!(whole("OBJECT ENCODING k"), "command:OBJECT subcommand:ENCODING key:k");
        assert_eq!(
            whole("XREAD STREAMS a b 0 0"),
            "command:XREAD option:STREAMS key:a key:b number:0 number:0"
        );
        assert_eq!(whole("GET 'my key'"), "command:GET key:'my key'");
        assert_eq!(whole("5 INCR a"), "number:5 command:INCR key:a");
        assert_eq!(whole("HELP @string"), "command:HELP subcommand:@string");
        assert_eq!(whole("# a comment"), "comment:# a comment");
        assert_eq!(whole("ECHO é🙂"), "command:ECHO text:é🙂");
        assert!(line("").is_empty() && line("  ").is_empty());
    }

    #[test]
    fn what_cannot_be_right_is_marked_but_not_while_it_is_being_typed() {
        assert_eq!(whole("NOSUCH a"), "error:NOSUCH text:a");
        assert_eq!(whole("GE"), "error:GE");
        assert_eq!(typing("GE"), "command:GE");
        assert_eq!(typing("GE "), "error:GE");
        assert_eq!(typing("OBJECT enc"), "command:OBJECT subcommand:enc");
        assert_eq!(whole("OBJECT enc"), "command:OBJECT error:enc");
        assert_eq!(whole("SET k \"open v"), "command:SET key:k error:\"open v");
        assert_eq!(typing("SET k \"open v"), "command:SET key:k quoted:\"open v");
        assert_eq!(typing("SET k \"open "), "command:SET key:k quoted:\"open ");
        assert_eq!(typing("SET k \"a\"b"), "command:SET key:k error:\"a\"b");
        assert_eq!(whole("GET a b"), "command:GET key:a error:b");
    }

    #[test]
    fn the_parts_are_the_line() {
        for text in ["", " SET  k \"v ", "ECHO é\u{202E}🙂  x", "\u{0} a", "SET k \"\\xff\" ", "\t5 GET a"]
        {
            for spans in [line(text), unfinished(text)] {
                assert_eq!(parts(text, &spans).iter().map(|(_, part)| *part).collect::<String>(), text);
            }
        }
    }

    #[test]
    fn a_part_of_a_line_has_its_part_of_the_spans() {
        let text = "SET k \"a\nbc\" EX 10";
        let spans = line(text);
        let of = |part: Range<usize>| told(&text[part.clone()], &within(&spans, part));
        assert_eq!(of(0..8), "command:SET key:k quoted:\"a");
        assert_eq!(of(9..18), "quoted:bc\" option:EX number:10");
        assert_eq!((of(3..4), of(5..5)), (String::new(), String::new()));
    }

    #[test]
    fn nothing_is_marked_as_wrong_in_what_the_commands_examples_show() {
        for spec in command::every() {
            let lines = spec.example.lines().filter_map(|line| line.trim_start().strip_prefix("> "));
            let mut answers = spec.example.lines().skip(1);
            for text in lines {
                let is_refused =
                    spec.example.contains("error") || answers.next().is_some_and(|a| a.starts_with("ERR"));
                let wrong = line(text).iter().any(|span| span.class == Class::Error);
                assert!(!wrong || is_refused, "{text}: {}", whole(text));
            }
        }
    }

    #[test]
    fn a_long_line_costs_what_its_first_words_cost() {
        let long = format!("MSET {}", "k v ".repeat(100_000));
        assert_eq!(line(&long).len(), WORDS);
    }
}
