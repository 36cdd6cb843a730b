//! Plays transcripts against a Redis and says where its answers differ from the expected ones.
//!
//! What "a Redis" is stays behind [`Target`]: the [engine](crate::engine_target), a real server in the tests. Nothing here knows where the
//! text came from; lines are those of its source.

use std::fmt;
use std::time::Duration;

use crate::lesson::{Check, Lesson, Step};
use crate::transcript::{Case, Entry, Expected, Run};

/// The session that speaks until a transcript names another.
pub const MAIN_SESSION: &str = "main";
/// What `@receive` shows where nothing has arrived.
const NOTHING: &str = "(nothing)\n";
/// What `@receive` shows last where the connection has been closed from the other side.
const CLOSED: &str = "(closed)\n";

/// A Redis that a transcript can be played against. Errors are failures to play, not Redis's error replies.
pub trait Target {
    /// An empty Redis with default settings and no sessions.
    fn reset(&mut self, seed: Option<u64>) -> Result<(), String>;
    /// Runs a command in a session, which is connected when it is first named.
    fn run(&mut self, session: &str, argv: &[Vec<u8>]) -> Result<Answer, String>;
    /// What has arrived for a session since this was asked last, besides the answers of [`Target::run`].
    fn receive(&mut self, session: &str) -> Result<Received, String>;
    /// Closes a session's connection; named again, it is a new one.
    fn close(&mut self, session: &str) -> Result<(), String>;
    /// Lets time pass.
    fn advance(&mut self, by: Duration) -> Result<(), String>;
}

/// What comes of a command at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The reply as redis-cli prints it.
    Printed(String),
    /// No reply: the session waits.
    Blocked,
}

/// What has come over a connection without a question of the moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Received {
    /// As redis-cli prints it, one after another.
    pub printed: String,
    /// The server has closed the connection.
    pub closed: bool,
}

impl Received {
    /// The text as `@receive` expects it.
    fn text(self) -> String {
        match (self.printed, self.closed) {
            (printed, true) => printed + CLOSED,
            (printed, false) if printed.is_empty() => NOTHING.to_owned(),
            (printed, false) => printed,
        }
    }
}

/// A piece of a transcript with what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    /// The command as typed, or the directive.
    pub text: String,
    /// It is written that the command blocks.
    pub blocks: bool,
    pub expected: Expected,
    pub answer: Answer,
}

/// Something that is not as the text says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Counted from 1.
    pub line: usize,
    pub what: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.what)
    }
}

impl Played {
    fn of(run: &Run, answer: Answer) -> Self {
        Self { text: run.text.clone(), blocks: run.blocks, expected: run.expected.clone(), answer }
    }

    /// What is to be written below it.
    pub fn printed(&self) -> &str {
        match &self.answer {
            Answer::Printed(text) => text,
            Answer::Blocked => "",
        }
    }

    pub fn mismatch(&self) -> Option<Mismatch> {
        let as_written = || (!matches(&self.expected, self.printed())).then(|| self.difference());
        let what = self.misjudged().or_else(as_written)?;
        Some(Mismatch { line: self.expected.line, what })
    }

    /// It waits where an answer is expected, or the other way round: nothing that a recording could mend.
    pub fn misjudged(&self) -> Option<String> {
        let text = &self.text;
        match &self.answer {
            Answer::Blocked if !self.blocks => {
                Some(format!("{text}\n  the session blocks here; write @expect-blocked before the command\n"))
            }
            Answer::Printed(answer) if self.blocks => {
                Some(format!("{text}\n  it should block, but answers\n{}", marked('+', answer)))
            }
            _ => None,
        }
    }

    fn difference(&self) -> String {
        let (text, answer) = (&self.text, marked('+', self.printed()));
        match self.expected.text.as_str() {
            "" => format!("{text}\n  no answer is recorded here; it is\n{answer}"),
            expected => format!("{text}\n{}{answer}", marked('-', expected)),
        }
    }
}

fn marked(mark: char, text: &str) -> String {
    text.lines().fold(String::new(), |out, line| format!("{out}  {mark} {line}\n"))
}

/// Whether an answer is the expected one. Carriage returns at line ends, as in `INFO`, do not count.
pub fn matches(expected: &Expected, answer: &str) -> bool {
    let lines = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect();
        if expected.unordered {
            lines = lines.iter().map(|line| without_number(line).to_owned()).collect();
            lines.sort_unstable();
        }
        lines
    };
    lines(&expected.text) == lines(answer)
}

/// `"a"` for `1) "a"` and `2) 1) "a"`: where order means nothing, so do numbers.
fn without_number(line: &str) -> &str {
    match line.trim_start().split_once(") ") {
        Some((number, rest)) if number.bytes().all(|b| b.is_ascii_digit()) => without_number(rest),
        _ => line,
    }
}

/// Plays pieces of a transcript one after another on one target.
#[derive(Debug)]
pub struct Player<'t, T> {
    target: &'t mut T,
    session: String,
    /// A session blocks that should not: what follows would mean nothing.
    stuck: bool,
}

impl<'t, T: Target> Player<'t, T> {
    /// Starts on an empty Redis.
    pub fn fresh(target: &'t mut T, seed: Option<u64>) -> Result<Self, String> {
        target.reset(seed)?;
        Ok(Self { target, session: MAIN_SESSION.to_owned(), stuck: false })
    }

    /// The commands played, with their answers; up to one that blocks without being expected to.
    pub fn play(&mut self, entries: &[Entry]) -> Result<Vec<Played>, String> {
        let mut played = Vec::new();
        for entry in entries {
            if self.stuck {
                break;
            }
            let step = self.step(entry).map_err(|why| format!("{}: {why}", entry.line()))?;
            self.stuck = step.as_ref().is_some_and(|step| step.answer == Answer::Blocked && !step.blocks);
            played.extend(step);
        }
        Ok(played)
    }

    fn step(&mut self, entry: &Entry) -> Result<Option<Played>, String> {
        match entry {
            Entry::Run(run) => {
                let answer = self.target.run(&self.session, &run.argv)?;
                return Ok(Some(Played::of(run, answer)));
            }
            Entry::Receive(expected) => {
                let answer = Answer::Printed(self.target.receive(&self.session)?.text());
                let text = "@receive".to_owned();
                return Ok(Some(Played { text, blocks: false, expected: expected.clone(), answer }));
            }
            Entry::Advance { by, .. } => self.target.advance(*by)?,
            Entry::Session { name, .. } => self.session.clone_from(name),
            Entry::Close { .. } => self.target.close(&self.session)?,
            Entry::Config { key, value, .. } => self.configure(key, value)?,
        }
        Ok(None)
    }

    fn configure(&mut self, key: &str, value: &str) -> Result<(), String> {
        let argv = ["CONFIG", "SET", key, value].map(|word| word.as_bytes().to_vec());
        match self.target.run("config", &argv)? {
            Answer::Printed(answer) if answer == "OK\n" => Ok(()),
            answer => Err(format!("@config {key}: {answer:?}")),
        }
    }

    /// What a step lets the learner click.
    fn play_step(&mut self, step: &Step) -> Result<Vec<Played>, String> {
        let plays: Vec<Entry> = step.plays().cloned().collect();
        self.play(&plays)
    }

    fn passes(&mut self, check: &Check) -> Result<bool, String> {
        Ok(self.probe(&check.probes)?.iter().all(|played| played.mismatch().is_none()))
    }

    /// Probes run on a session of their own: what database the learner has selected plays no part.
    fn probe(&mut self, probes: &[Run]) -> Result<Vec<Played>, String> {
        let answer = |run: &Run| Ok(Played::of(run, self.target.run("check", &run.argv)?));
        probes.iter().map(answer).collect()
    }
}

/// Plays a case from nothing.
pub fn play_case<T: Target>(case: &Case, target: &mut T) -> Result<Vec<Played>, String> {
    Player::fresh(target, case.seed)?.play(&case.entries)
}

/// A lesson played from start to end, its exercises by their solutions.
#[derive(Debug, Default)]
pub struct PlayedLesson {
    /// In the order played.
    pub played: Vec<Played>,
    /// What each exercise's condition answers after its solution.
    pub checked: Vec<Played>,
    /// Exercises that are passed before the learner has done anything, or by what should not pass them.
    pub idle_checks: Vec<Mismatch>,
}

impl PlayedLesson {
    fn is_wrong(&mut self, step: &Step, check: &Check, what: &str) {
        let line = check.probes.first().map_or(step.line, |probe| probe.expected.line);
        self.idle_checks.push(Mismatch { line, what: what.to_owned() });
    }

    pub fn mismatches(&self) -> Vec<Mismatch> {
        let wrong = self.played.iter().chain(&self.checked).filter_map(Played::mismatch);
        wrong.chain(self.idle_checks.iter().cloned()).collect()
    }
}

/// Plays a lesson as a learner would who clicks everything and solves each exercise as proposed; and for each exercise once
/// more up to there, to try what does not pass it.
pub fn play_lesson<T: Target>(lesson: &Lesson, target: &mut T) -> Result<PlayedLesson, String> {
    let mut player = Player::fresh(target, None)?;
    let mut result = PlayedLesson { played: player.play(&lesson.setup)?, ..PlayedLesson::default() };
    for step in &lesson.steps {
        result.played.extend(player.play_step(step)?);
        let Some(check) = step.check() else { continue };
        if player.passes(check)? {
            result.is_wrong(step, check, "the exercise is passed before anything was done for it");
        }
        result.played.extend(player.play(step.solution())?);
        result.checked.extend(player.probe(&check.probes)?);
    }
    for (at, step) in lesson.steps.iter().enumerate() {
        let (Some(check), Some(wrong)) = (step.check(), step.wrong()) else { continue };
        let mut player = Player::fresh(target, None)?;
        player.play(&lesson.setup)?;
        for step in lesson.steps.iter().take(at) {
            player.play_step(step)?;
            player.play(step.solution())?;
        }
        player.play_step(step)?;
        result.played.extend(player.play(wrong)?);
        if player.passes(check)? {
            result.is_wrong(step, check, "what is marked as wrong passes the exercise");
        }
    }
    Ok(result)
}
