//! A record: all that a reader did to Redis, as text that can be read, kept, sent and done again.
//!
//! ```text
//! redis-playground 1
//! seed 0
//! start 1767225600000
//! @session alice
//! > SET k v PX 250
//! @advance 250ms
//! @advance 10000ms step
//! ```
//!
//! A word behind a time says that the reader moved the clock, and how.
//!
//! Text comes from anywhere: whatever is wrong with it is said with its line, nothing of it panics, and it is bounded. What
//! a command does is not known here, nor how a record is stored.

use std::fmt::Write;
use std::rc::Rc;

use playground_workload::Plan;

use crate::escape::{escaped, unescaped};
use crate::state::clock::Reason;
use crate::state::sessions::MAIN;

/// The version of this format; another one is refused.
pub const VERSION: &str = "1";
const NAME: &str = "redis-playground";
/// What is read at most: bytes, inputs, sessions open at once, characters of a name.
pub const LARGEST: usize = 64 << 20;
const MOST_INPUTS: usize = 2_000_000;
const MOST_SESSIONS: usize = 200;
const LONGEST_NAME: usize = 80;
/// Lines that stand before simulated clients in their lesson.
const MOST_LINES: usize = 100_000;
/// The end of the year 9999: no clock goes further.
const LAST_MOMENT: u64 = 253_402_300_799_999;

/// How a reader moves the clock, in words.
const REASONS: [(&str, Reason); 4] = [
    ("step", Reason::Step),
    ("set", Reason::Set),
    ("next-expiry", Reason::NextExpiry),
    ("next-timeout", Reason::NextTimeout),
];

/// Something that was done. Sessions are known by their names; the first one is there from the beginning.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    Open(Rc<str>),
    Line {
        session: Rc<str>,
        line: Rc<str>,
    },
    Pass(u64),
    /// The reader moves the clock.
    Move(u64, Reason),
    Close(Rc<str>),
    Reconnect(Rc<str>),
    Cancel(Rc<str>),
    /// Simulated clients come, in the place of those that were there; they go through this plan.
    Workload(Rc<Plan>),
    Slider {
        name: Rc<str>,
        value: f64,
    },
    EndWorkload,
}

/// Everything that was done, and what it began with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    pub seed: u64,
    pub start: u64,
    pub inputs: Vec<Input>,
}

/// What is wrong with a text, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub line: usize,
    pub reason: String,
    /// It is a record, of a version that is not known here.
    pub other_version: bool,
}

impl Problem {
    pub fn said(&self) -> String {
        format!("Line {}: {}", self.line, self.reason)
    }
}

/// Writes inputs; each writer's text says anew whose turn it is, so that texts can be put behind each other.
#[derive(Debug, Default)]
pub struct Writer {
    pub text: String,
    turn: Option<Rc<str>>,
}

impl Writer {
    pub fn header(&mut self, seed: u64, start: u64) {
        let _ = write!(self.text, "{NAME} {VERSION}\nseed {seed}\nstart {start}\n");
    }

    pub fn input(&mut self, input: &Input) {
        match input {
            Input::Pass(ms) => {
                let _ = writeln!(self.text, "@advance {ms}ms");
            }
            Input::Move(ms, reason) => {
                let word = REASONS.iter().find(|(_, known)| known == reason).map_or("", |(word, _)| word);
                let _ = writeln!(self.text, "@advance {ms}ms {word}");
            }
            Input::Open(session) => self.turn(session),
            Input::Line { session, line } => {
                self.turn(session);
                // Lines of a file end at these.
                if line.contains(['\n', '\r']) {
                    let _ = writeln!(self.text, "@typed {}", escaped(line));
                } else {
                    let _ = writeln!(self.text, "> {line}");
                }
            }
            Input::Close(session) => {
                self.turn(session);
                self.text.push_str("@close\n");
                self.turn = None;
            }
            Input::Reconnect(session) => {
                self.turn(session);
                self.text.push_str("@reconnect\n");
            }
            Input::Cancel(session) => {
                self.turn(session);
                self.text.push_str("@cancel\n");
            }
            Input::Workload(plan) => {
                let _ = writeln!(self.text, "@workload {} {}", plan.first_line, escaped(&plan.text));
            }
            Input::Slider { name, value } => {
                let _ = writeln!(self.text, "@slider {name} {value}");
            }
            Input::EndWorkload => self.text.push_str("@end-workload\n"),
        }
    }

    fn turn(&mut self, session: &Rc<str>) {
        if self.turn.as_ref() != Some(session) {
            let _ = writeln!(self.text, "@session {session}");
            self.turn = Some(session.clone());
        }
    }
}

impl Record {
    pub fn write(&self) -> String {
        let mut writer = Writer::default();
        writer.header(self.seed, self.start);
        self.inputs.iter().for_each(|input| writer.input(input));
        writer.text
    }

    pub fn parse(text: &str) -> Result<Self, Problem> {
        Parser::default().parse(text)
    }

    /// The lines among the inputs, the sessions that speak, and how much time passes.
    pub fn figures(&self) -> (usize, usize, u64) {
        let (mut lines, mut sessions, mut passed) = (0, 1, 0_u64);
        for input in &self.inputs {
            match input {
                Input::Line { .. } => lines += 1,
                Input::Open(_) => sessions += 1,
                Input::Pass(ms) | Input::Move(ms, _) => passed = passed.saturating_add(*ms),
                _ => {}
            }
        }
        (lines, sessions, passed)
    }
}

struct Parser {
    line: usize,
    record: Record,
    open: Vec<Rc<str>>,
    turn: Rc<str>,
    now: u64,
}

impl Default for Parser {
    fn default() -> Self {
        Self { line: 0, record: Record::default(), open: vec![MAIN.into()], turn: MAIN.into(), now: 0 }
    }
}

impl Parser {
    fn wrong<T>(&self, reason: impl Into<String>) -> Result<T, Problem> {
        Err(Problem { line: self.line, reason: reason.into(), other_version: false })
    }

    fn parse(mut self, text: &str) -> Result<Record, Problem> {
        if text.len() > LARGEST {
            return self.wrong(format!("there are more than {} MB of text", LARGEST >> 20));
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
        self.version(lines.next().unwrap_or_default())?;
        self.record.seed = self.number("seed", lines.next())?;
        self.record.start = self.number("start", lines.next())?;
        self.now = self.record.start;
        if self.now > LAST_MOMENT {
            return self.wrong("the clock starts after the year 9999");
        }
        for line in lines {
            self.line += 1;
            self.input(line)?;
            if self.record.inputs.len() > MOST_INPUTS {
                return self.wrong(format!("there are more than {MOST_INPUTS} inputs"));
            }
        }
        Ok(self.record)
    }

    fn version(&mut self, line: &str) -> Result<(), Problem> {
        self.line = 1;
        match line.trim().strip_prefix(NAME).map(str::trim) {
            Some(VERSION) => Ok(()),
            Some(other) if !other.is_empty() && other.chars().all(|digit| digit.is_ascii_digit()) => {
                let reason = format!("this is version {}, and this page reads version {VERSION}", cut(other));
                Err(Problem { line: 1, reason, other_version: true })
            }
            _ => self.wrong(format!("a record begins with \"{NAME} {VERSION}\"")),
        }
    }

    fn number(&mut self, name: &str, line: Option<&str>) -> Result<u64, Problem> {
        self.line += 1;
        let number = line.and_then(|line| line.strip_prefix(name)).and_then(|rest| rest.trim().parse().ok());
        number.map_or_else(|| self.wrong(format!("\"{name}\" and a whole number are wanted here")), Ok)
    }

    fn input(&mut self, line: &str) -> Result<(), Problem> {
        if let Some(line) = line.strip_prefix("> ") {
            return self.says(line.into());
        }
        if line.trim().is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match (word, rest) {
            ("@typed", rest) => self.says(unescaped(rest).into()),
            ("@session", name) => self.session(name.trim()),
            ("@advance", span) => self.advance(span.trim()),
            ("@close", "") => {
                if self.open.len() < 2 && self.open.contains(&self.turn) {
                    return self.wrong("the only session cannot be closed");
                }
                let session = self.speaker()?;
                self.open.retain(|open| *open != session);
                self.record.inputs.push(Input::Close(session));
                Ok(())
            }
            ("@reconnect", "") => {
                self.speaker().map(|session| self.record.inputs.push(Input::Reconnect(session)))
            }
            ("@workload", rest) => {
                // Where it stands in its lesson, for what may be wrong in it later.
                let (line, text) = rest.split_once(' ').unwrap_or(("", rest));
                let plan = Plan::parse(&unescaped(text), line.parse().unwrap_or(0).min(MOST_LINES));
                let plan =
                    plan.or_else(|fault| self.wrong(format!("the workload cannot be read, {fault}")))?;
                self.record.inputs.push(Input::Workload(plan.into()));
                Ok(())
            }
            ("@slider", rest) => match rest.split_once(' ').map(|(name, value)| (name, value.trim().parse()))
            {
                Some((name, Ok(value))) => {
                    self.record.inputs.push(Input::Slider { name: name.into(), value });
                    Ok(())
                }
                _ => self.wrong("a slider has a name and a number"),
            },
            ("@end-workload", "") => {
                self.record.inputs.push(Input::EndWorkload);
                Ok(())
            }
            ("@cancel", "") => self.speaker().map(|session| self.record.inputs.push(Input::Cancel(session))),
            _ => self.wrong(format!("\"{}\" is not known", cut(line))),
        }
    }

    fn says(&mut self, line: Rc<str>) -> Result<(), Problem> {
        let session = self.speaker()?;
        self.record.inputs.push(Input::Line { session, line });
        Ok(())
    }

    /// Whose turn it is; connects who has been closed.
    fn speaker(&mut self) -> Result<Rc<str>, Problem> {
        let turn = self.turn.clone();
        if !self.open.contains(&turn) {
            self.session(&turn)?;
        }
        Ok(turn)
    }

    fn session(&mut self, name: &str) -> Result<(), Problem> {
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
            return self.wrong(format!("a session has a name of 1 to {LONGEST_NAME} characters"));
        }
        self.turn = name.into();
        if !self.open.contains(&self.turn) {
            if self.open.len() >= MOST_SESSIONS {
                return self.wrong(format!("more than {MOST_SESSIONS} sessions are open at once"));
            }
            self.open.push(self.turn.clone());
            self.record.inputs.push(Input::Open(self.turn.clone()));
        }
        Ok(())
    }

    fn advance(&mut self, span: &str) -> Result<(), Problem> {
        let (span, word) = span.split_once(' ').unwrap_or((span, ""));
        let Some(ms) = span.strip_suffix("ms").and_then(|ms| ms.parse::<u64>().ok()) else {
            return self.wrong("a time is written as whole milliseconds, like \"250ms\"");
        };
        match self.now.checked_add(ms) {
            Some(now) if now <= LAST_MOMENT => self.now = now,
            _ => return self.wrong("the clock goes beyond the year 9999"),
        }
        let reason = REASONS.iter().find(|(known, _)| *known == word).map(|(_, reason)| *reason);
        self.record.inputs.push(match reason {
            Some(reason) => Input::Move(ms, reason),
            None if word.is_empty() => Input::Pass(ms),
            None => return self.wrong(format!("\"{}\" is no way to move the clock", cut(word))),
        });
        Ok(())
    }
}

/// The beginning of what somebody wrote, for a message.
fn cut(text: &str) -> String {
    let mut characters = text.chars();
    let head: String = characters.by_ref().take(40).collect();
    if characters.next().is_some() { format!("{head}…") } else { head }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "redis-playground 1\nseed 7\nstart 1000\n";

    fn problem(text: &str) -> (usize, String) {
        let problem = Record::parse(text).expect_err("is refused");
        (problem.line, problem.reason)
    }

    #[test]
    fn a_record_reads_like_a_transcript() {
        let main = || Rc::from("main");
        let inputs = vec![
            Input::Line { session: main(), line: "SET k \"ü\\x00\"".into() },
            Input::Open("alice b".into()),
            Input::Line { session: "alice b".into(), line: "  BLPOP q 0".into() },
            Input::Pass(250),
            Input::Move(7, Reason::NextExpiry),
            Input::Cancel("alice b".into()),
            Input::Workload(
                Plan::parse("slider n: 1 from 0 to 9, N\nclients a: n\n  PING()\n", 4)
                    .expect("a plan")
                    .into(),
            ),
            Input::Slider { name: "n".into(), value: 2.5 },
            Input::EndWorkload,
            Input::Close("alice b".into()),
            Input::Reconnect(main()),
            Input::Line { session: main(), line: "ECHO \"a\nb\r\\\"".into() },
        ];
        let record = Record { seed: 7, start: 1_000, inputs };
        let text = "@session main\n> SET k \"ü\\x00\"\n@session alice b\n>   BLPOP q 0\n@advance 250ms\n@advance 7ms next-expiry\n@cancel\n\
            @workload 4 slider n: 1 from 0 to 9, N\\nclients a: n\\n  PING()\\n\n@slider n 2.5\n@end-workload\n@close\n\
            @session main\n@reconnect\n@typed ECHO \"a\\nb\\r\\\\\"\n";
        assert_eq!(record.write(), format!("{HEAD}{text}"));
        assert_eq!(Record::parse(&record.write()), Ok(record.clone()));
        assert_eq!(Record::parse(&record.write().replace('\n', "\r\n")), Ok(record.clone()));
        assert_eq!(record.figures(), (3, 2, 257));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        assert_eq!(problem("").0, 1);
        assert_eq!(problem("<html>"), (1, "a record begins with \"redis-playground 1\"".into()));
        assert!(Record::parse("redis-playground 2\n").expect_err("refused").other_version);
        assert_eq!(problem("redis-playground 1\nseed -1\nstart 0").0, 2);
        assert_eq!(problem("redis-playground 1\nseed 1\n").0, 3);
        for (line, wrong) in [
            ("nonsense", "is not known"),
            ("@close", "the only session"),
            ("@close now", "is not known"),
            ("@session ", "a name"),
            ("@session a\u{7}b", "a name"),
            ("@workload 0 clients a: b", "the workload cannot be read, line 1"),
            ("@slider n", "a name and a number"),
            ("@advance 3s", "milliseconds"),
            ("@advance 3ms at once", "no way"),
            ("@advance 99999999999999999999ms", "milliseconds"),
            ("@advance 18446744073709551615ms", "9999"),
        ] {
            let (at, reason) = problem(&format!("{HEAD}# a comment\n\n{line}\n> PING"));
            assert!(at == 6 && reason.contains(wrong), "{line}: {at} {reason}");
        }
        let many: Vec<_> = (0..=MOST_SESSIONS).map(|n| format!("@session s{n}\n")).collect();
        let many = many.concat();
        assert!(problem(&format!("{HEAD}{many}")).1.contains("sessions"));
    }

    /// A small generator, so that a failure repeats.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % n
        }
    }

    #[test]
    fn any_record_is_read_as_it_was_written() {
        let mut dice = Dice(1);
        for _ in 0..300 {
            let mut open: Vec<Rc<str>> = vec!["main".into()];
            let mut inputs = Vec::new();
            for n in 0..dice.below(60) {
                let at = dice.below(open.len() as u64) as usize;
                let session = open[at].clone();
                inputs.push(match dice.below(10) {
                    9 => Input::Move(dice.below(9), REASONS[dice.below(4) as usize].1),
                    0 => Input::Pass(dice.below(1 << 31)),
                    1 => {
                        open.push(format!("s é{n}").into());
                        Input::Open(format!("s é{n}").into())
                    }
                    2 if open.len() > 1 => Input::Close(open.remove(at)),
                    3 => Input::Reconnect(session),
                    4 => Input::Cancel(session),
                    _ => {
                        let letters =
                            ['a', ' ', '"', '\\', '\n', '\r', '\0', 'é', '😀', '@', '>', '#', '\u{2028}'];
                        let length = dice.below(9);
                        let line = (0..length).map(|_| letters[dice.below(13) as usize]).collect::<String>();
                        Input::Line { session, line: line.into() }
                    }
                });
            }
            let record = Record { seed: dice.below(u64::MAX), start: dice.below(1 << 40), inputs };
            assert_eq!(Record::parse(&record.write()), Ok(record));
        }
    }

    #[test]
    fn nothing_panics_whatever_the_text() {
        let mut dice = Dice(2);
        let pieces = [
            "@session ",
            "> ",
            "@advance ",
            "1ms",
            "\n",
            "@close",
            "main",
            "\u{0}",
            "é",
            "@typed \\",
            "\r",
            "#",
        ];
        for _ in 0..2_000 {
            let length = dice.below(30);
            let text: String = (0..length).map(|_| pieces[dice.below(12) as usize]).collect();
            let _ = Record::parse(&format!("{HEAD}{text}"));
            let _ = Record::parse(&text);
        }
    }
}
