//! The transcript format: commands and what Redis answers to them, as text.
//!
//! ```text
//! --- set-ex-expires
//! > SET k v EX 10
//! OK
//! @advance 10s
//! > GET k
//! (nil)
//! ```
//!
//! `--- NAME` opens a case on an empty server; `> COMMAND` is a line as typed at the prompt; what follows, up to the
//! next `>`, `@` or `---`, is the answer exactly as redis-cli prints it. Where a quote is open at the end of a command's
//! line, as in a script, the command goes on in the next one. Blank lines and lines with `#` are comments
//! unless text of the same answer follows them (`INFO` prints such lines). Where an answer itself would be mistaken for
//! one of these, its line is written behind a backslash. `@` lines are [directives](crate::directive).
//!
//! Several sessions take turns by `@session NAME`. A command that makes its session wait has `@expect-blocked` before it
//! and no answer; what arrives later (that answer, published messages, invalidations) is shown where its session is told
//! to `@receive`:
//!
//! ```text
//! @session worker
//! @expect-blocked
//! > BLPOP jobs 0
//! @session main
//! > RPUSH jobs one
//! (integer) 1
//! @session worker
//! @receive
//! 1) "jobs"
//! 2) "one"
//! ```
//!
//! Nothing is written `(nothing)`, and a connection that the server has closed ends in `(closed)`. `@close` closes it from
//! this side.
//!
//! Each command remembers which lines its answer takes, so that [`crate::format`] can replace them and nothing else.
//! Nothing here executes anything.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use playground_engine::parse::{self, Quote};

use crate::directive::Directive;
use crate::error::ParseError;

/// A file of cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    pub cases: Vec<Case>,
}

/// A piece of a transcript that starts from nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    pub name: String,
    /// Counted from 1.
    pub line: usize,
    pub seed: Option<u64>,
    /// Why no real server can play this case, if so.
    pub virtual_reason: Option<String>,
    pub entries: Vec<Entry>,
}

/// One happening of a case, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    Run(Run),
    /// What has arrived for the session is as expected.
    Receive(Expected),
    Advance {
        line: usize,
        by: Duration,
    },
    Session {
        line: usize,
        name: String,
    },
    Close {
        line: usize,
    },
    Config {
        line: usize,
        key: String,
        value: String,
    },
}

impl Entry {
    /// Counted from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Run(Run { expected, .. }) | Self::Receive(expected) => expected.line,
            Self::Advance { line, .. }
            | Self::Session { line, .. }
            | Self::Close { line }
            | Self::Config { line, .. } => *line,
        }
    }

    fn expected_mut(&mut self) -> Option<&mut Expected> {
        match self {
            Self::Run(Run { expected, .. }) | Self::Receive(expected) => Some(expected),
            _ => None,
        }
    }
}

/// A command and its expected answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The command as typed; its lines end with line feeds.
    pub text: String,
    pub argv: Vec<Vec<u8>>,
    /// It gets no answer for now: its session waits.
    pub blocks: bool,
    pub expected: Expected,
}

/// What Redis is expected to say, and where that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The first line of the command or directive before it, counted from 1.
    pub line: usize,
    /// Each line ended by a newline; empty if nothing has been recorded yet.
    pub text: String,
    /// The lines it takes in the source, counted from 0.
    pub lines: Range<usize>,
    /// Compare the lines sorted.
    pub unordered: bool,
    /// Why the answer is not Redis's own, if so.
    pub differs: Option<String>,
}

impl Transcript {
    pub fn parse(source: &str) -> Result<Self, ParseError> {
        let mut parser = Parser::default();
        for (index, line) in source.lines().enumerate() {
            parser.line(index, line)?;
        }
        let cases = parser.finish()?;
        let mut names = BTreeSet::new();
        for case in &cases {
            if !names.insert(case.name.as_str()) {
                return Err(ParseError::new(case.line, format!("a second case is named {}", case.name)));
            }
        }
        Ok(Self { cases })
    }
}

/// Parses a transcript without a case header, such as a lesson's block or a command's example. `first_line` (from 0) is
/// where it stands in its source.
pub fn parse_body(source: &str, first_line: usize) -> Result<Vec<Entry>, ParseError> {
    let mut parser = Parser::default();
    parser.open_case(String::new(), first_line + 1);
    for (index, line) in source.lines().enumerate() {
        if parser.unfinished.is_none() && line.starts_with("---") {
            return Err(ParseError::new(first_line + index + 1, "no case can start here"));
        }
        parser.line(first_line + index, line)?;
    }
    let cases = parser.finish()?;
    for case in &cases {
        if case.seed.is_some() || case.virtual_reason.is_some() {
            return Err(ParseError::new(case.line, "@seed and @virtual belong to a whole case"));
        }
    }
    Ok(cases.into_iter().flat_map(|case| case.entries).collect())
}

/// The lines of an answer under way: `Expected::text` is made when it is known where the answer ends.
#[derive(Debug, Default)]
struct Answer {
    lines: Vec<String>,
}

/// A command with an open quote.
#[derive(Debug)]
struct Unfinished {
    text: String,
    open: Quote,
    /// Its first line, counted from 0.
    index: usize,
}

#[derive(Debug, Default)]
struct Parser {
    cases: Vec<Case>,
    unfinished: Option<Unfinished>,
    /// The answer of the last command, while nothing has closed it.
    answer: Option<Answer>,
    unordered: Option<usize>,
    differs: Option<(usize, String)>,
    blocks: Option<usize>,
}

impl Parser {
    fn open_case(&mut self, name: String, line: usize) {
        self.cases.push(Case { name, line, seed: None, virtual_reason: None, entries: Vec::new() });
    }

    /// `index` counts from 0.
    fn line(&mut self, index: usize, text: &str) -> Result<(), ParseError> {
        let text = text.strip_suffix('\r').unwrap_or(text);
        let at = index + 1;
        if let Some(unfinished) = self.unfinished.take() {
            self.go_on(unfinished, index, text)?;
        } else if let Some(name) = text.strip_prefix("---") {
            self.close(at)?;
            self.open_case(case_name(name.trim(), at)?, at);
        } else if let Some(command) = text.strip_prefix('>') {
            self.close_answer();
            let open = parse::open_quote(None, command.as_bytes());
            match open {
                Some(open) => {
                    let text = command.trim_start().to_owned();
                    self.unfinished = Some(Unfinished { text, open, index });
                }
                None => self.command(index..index, command.trim())?,
            }
        } else if let Some(directive) = text.strip_prefix('@') {
            self.close_answer();
            let directive = Directive::parse(directive).map_err(|reason| ParseError::new(at, reason))?;
            self.directive(directive, at)?;
        } else if let Some(answer) = &mut self.answer {
            answer.lines.push(text.to_owned());
        } else if !is_comment(text) {
            return Err(ParseError::new(at, "this line belongs to no command"));
        }
        Ok(())
    }

    /// The next line of a command with an open quote.
    fn go_on(&mut self, mut command: Unfinished, index: usize, line: &str) -> Result<(), ParseError> {
        command.text.push('\n');
        command.text.push_str(line);
        match parse::open_quote(Some(command.open), line.as_bytes()) {
            Some(open) => self.unfinished = Some(Unfinished { open, ..command }),
            None => self.command(command.index..index, command.text.trim_end())?,
        }
        Ok(())
    }

    /// A command from its first line to its last, counted from 0.
    fn command(&mut self, Range { start, end: last }: Range<usize>, text: &str) -> Result<(), ParseError> {
        let line = start + 1;
        let argv = parse::split_line(text.as_bytes())
            .map_err(|_| ParseError::new(line, "the quotes of this command do not match"))?;
        if argv.is_empty() {
            return Err(ParseError::new(line, "a command is missing after >"));
        }
        let blocks = self.blocks.take().is_some();
        let expected = Expected { lines: last + 1..last + 1, ..self.expected(line) };
        let run = Run { text: text.to_owned(), argv, blocks, expected };
        self.case(line)?.entries.push(Entry::Run(run));
        self.answer = Some(Answer::default());
        Ok(())
    }

    /// What is said about the answer that follows this line; its text is yet to come.
    fn expected(&mut self, line: usize) -> Expected {
        Expected {
            line,
            text: String::new(),
            lines: line..line,
            unordered: self.unordered.take().is_some(),
            differs: self.differs.take().map(|(_, reason)| reason),
        }
    }

    fn receive(&mut self, line: usize) -> Result<(), ParseError> {
        if let Some(stray) = self.blocks {
            return Err(ParseError::new(stray, "@expect-blocked belongs before a command"));
        }
        let expected = self.expected(line);
        self.case(line)?.entries.push(Entry::Receive(expected));
        self.answer = Some(Answer::default());
        Ok(())
    }

    fn directive(&mut self, directive: Directive, line: usize) -> Result<(), ParseError> {
        self.case(line)?;
        match directive {
            Directive::Unordered => self.unordered = Some(line),
            Directive::Differs(reason) => self.differs = Some((line, reason)),
            Directive::ExpectBlocked => self.blocks = Some(line),
            Directive::Receive => self.receive(line)?,
            Directive::Close => self.case(line)?.entries.push(Entry::Close { line }),
            Directive::Seed(seed) => self.fresh_case(line)?.seed = Some(seed),
            Directive::Virtual(reason) => self.fresh_case(line)?.virtual_reason = Some(reason),
            Directive::Advance(by) => self.case(line)?.entries.push(Entry::Advance { line, by }),
            Directive::Session(name) => self.case(line)?.entries.push(Entry::Session { line, name }),
            Directive::Config { key, value } => {
                self.case(line)?.entries.push(Entry::Config { line, key, value });
            }
        }
        Ok(())
    }

    fn case(&mut self, line: usize) -> Result<&mut Case, ParseError> {
        self.cases.last_mut().ok_or_else(|| ParseError::new(line, "no case has been opened by --- NAME"))
    }

    /// The case, for directives that stand before all else in it.
    fn fresh_case(&mut self, line: usize) -> Result<&mut Case, ParseError> {
        let case = self.case(line)?;
        if !case.entries.is_empty() {
            return Err(ParseError::new(line, "@seed and @virtual stand at the start of a case"));
        }
        Ok(case)
    }

    /// Gives the collected answer, without trailing comments, to the command it belongs to.
    fn close_answer(&mut self) {
        let Some(mut answer) = self.answer.take() else {
            return;
        };
        while answer.lines.last().is_some_and(|line| is_comment(line)) {
            answer.lines.pop();
        }
        let entry = self.cases.last_mut().and_then(|case| case.entries.last_mut());
        if let Some(expected) = entry.and_then(Entry::expected_mut) {
            expected.lines.end = expected.lines.start + answer.lines.len();
            expected.text =
                answer.lines.iter().fold(String::new(), |text, line| text + unescape(line) + "\n");
        }
    }

    fn close(&mut self, line: usize) -> Result<(), ParseError> {
        if let Some(Unfinished { index, .. }) = self.unfinished {
            return Err(ParseError::new(index + 1, "a quote of this command is never closed"));
        }
        self.close_answer();
        let stray = self.unordered.or(self.differs.as_ref().map(|(line, _)| *line)).or(self.blocks);
        if let Some(stray) = stray {
            return Err(ParseError::new(stray, "no command follows this directive"));
        }
        match self.cases.last() {
            Some(case) if case.entries.is_empty() && !case.name.is_empty() => {
                Err(ParseError::new(line.min(case.line), format!("the case {} is empty", case.name)))
            }
            _ => Ok(()),
        }
    }

    fn finish(mut self) -> Result<Vec<Case>, ParseError> {
        self.close(usize::MAX)?;
        Ok(self.cases)
    }
}

fn case_name(name: &str, line: usize) -> Result<String, ParseError> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(allowed) {
        return Err(ParseError::new(
            line,
            "a case is named by small letters, digits and dashes: --- set-ex-expires",
        ));
    }
    Ok(name.to_owned())
}

pub(crate) fn is_comment(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

fn unescape(line: &str) -> &str {
    line.strip_prefix('\\').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(source: &str) -> Vec<Run> {
        let transcript = Transcript::parse(source).expect("parses");
        let entries = transcript.cases.into_iter().flat_map(|case| case.entries);
        entries.filter_map(|entry| if let Entry::Run(run) = entry { Some(run) } else { None }).collect()
    }

    fn fault(source: &str) -> (usize, String) {
        let error = Transcript::parse(source).expect_err("refused");
        (error.line, error.reason)
    }

    #[test]
    fn answers_end_where_the_next_thing_starts() {
        let runs = runs(
            "# about\n\n--- a\n> SET k v\nOK\n\n# note\n> KEYS *\n1) \"a\"\n2) \"b\"\n@advance 1s\n> GET k\n",
        );
        assert_eq!(runs[0].expected.text, "OK\n");
        assert_eq!(runs[0].expected.lines, 4..5);
        assert_eq!(runs[1].expected.text, "1) \"a\"\n2) \"b\"\n");
        assert_eq!((runs[2].expected.text.as_str(), runs[2].expected.lines.clone()), ("", 12..12));
    }

    #[test]
    fn comment_lines_inside_an_answer_are_part_of_it() {
        let runs = runs("--- info\n> INFO keyspace\n# Keyspace\n\ndb0:keys=1\n\n# over\n");
        assert_eq!(runs[0].expected.text, "# Keyspace\n\ndb0:keys=1\n");
    }

    #[test]
    fn a_backslash_protects_a_line_of_an_answer() {
        assert_eq!(runs("--- a\n> PING\n\\> x\n\\\\y\n\\# z\n")[0].expected.text, "> x\n\\y\n# z\n");
    }

    #[test]
    fn a_command_goes_on_while_a_quote_is_open() {
        let runs =
            runs("--- a\r\n> EVAL \"\r\n> @x\r\n--- y\r\n\r\nreturn 'z'\" 0\r\n\"z\"\r\n> PING\r\nPONG\r\n");
        assert_eq!(runs[0].text, "EVAL \"\n> @x\n--- y\n\nreturn 'z'\" 0");
        assert_eq!(runs[0].argv[1], b"\n> @x\n--- y\n\nreturn 'z'");
        assert_eq!((runs[0].expected.line, runs[0].expected.lines.clone()), (2, 6..7));
        assert_eq!(runs[0].expected.text, "\"z\"\n");
        assert_eq!((runs[1].expected.line, runs[1].expected.text.as_str()), (8, "PONG\n"));
    }

    #[test]
    fn flags_belong_to_the_next_command_only() {
        let runs = runs("--- a\n@unordered\n@differs no such clock here\n> KEYS *\n1) \"a\"\n> PING\nPONG\n");
        assert!(runs[0].expected.unordered && !runs[1].expected.unordered);
        assert_eq!(runs[0].expected.differs.as_deref(), Some("no such clock here"));
        assert_eq!(runs[1].expected.differs, None);
    }

    #[test]
    fn faults_name_their_line() {
        assert_eq!(fault("--- a\n> PING\nPONG\n@wait 3s\n").0, 4);
        assert!(fault("--- a\n@wait 3s\n").1.starts_with("unknown directive @wait"));
        assert_eq!(fault("PONG\n").0, 1);
        assert_eq!(fault("> PING\n").0, 1);
        assert_eq!(fault("--- a\n> \n").0, 2);
        assert_eq!(fault("--- a\n> GET \"x\"y\n").0, 2);
        assert_eq!(
            fault("--- a\n> GET \"x\n--- b\n> PING\n"),
            (2, "a quote of this command is never closed".into())
        );
        assert_eq!(fault("--- A b\n").0, 1);
        assert_eq!(fault("--- a\n> PING\n--- a\n> PING\n"), (3, "a second case is named a".into()));
        assert_eq!(fault("--- a\n--- b\n> PING\n").0, 1);
        assert_eq!(fault("--- a\n> PING\n@seed 3\n").0, 3);
        assert_eq!(fault("--- a\n> PING\n@unordered\n").0, 3);
        assert_eq!(fault("--- a\n> PING\n@expect-blocked\n@close\n").0, 3);
        assert_eq!(fault("--- a\n> PING\n@expect-blocked\n@receive\n").0, 3);
        assert_eq!(fault("--- a\n> PING\n@close\nPONG\n").0, 4);
    }

    #[test]
    fn what_arrives_later_stands_below_a_directive() {
        let source =
            "--- a\n@expect-blocked\n> BLPOP q 0\n# it waits\n@unordered\n@receive\n1) \"q\"\n@close\n";
        let entries = Transcript::parse(source).expect("parses").cases.remove(0).entries;
        let [Entry::Run(run), Entry::Receive(expected), Entry::Close { line: 8 }] = &entries[..] else {
            panic!("{entries:?}");
        };
        assert!(run.blocks && run.expected.text.is_empty() && !run.expected.unordered);
        assert_eq!((expected.line, expected.text.as_str(), expected.lines.clone()), (6, "1) \"q\"\n", 6..7));
        assert!(expected.unordered);
    }

    #[test]
    fn a_body_counts_lines_from_where_it_stands() {
        let entries = parse_body("> PING\nPONG\n", 10).expect("parses");
        assert!(
            matches!(&entries[..], [Entry::Run(run)] if run.expected.line == 11 && run.expected.lines == (11..12))
        );
        assert_eq!(parse_body("> PING\n--- a\n", 10).map_err(|e| e.line), Err(12));
        assert_eq!(parse_body("> PING\n@nope\n", 10).map_err(|e| e.line), Err(12));
    }
}
