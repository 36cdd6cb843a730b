//! Plays transcripts against a Redis and says where its answers differ from the expected ones.
//!
//! What "a Redis" is stays behind [`Target`]: the engine here, a real server in the tests. Nothing here knows where the
//! text came from; lines are those of its source.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use playground_engine::{Engine, Options, SessionId, print};

use crate::document::Block;
use crate::lesson::Lesson;
use crate::transcript::{Case, Entry, Run};

/// The session that speaks until a transcript names another.
pub const MAIN_SESSION: &str = "main";

/// A Redis that a transcript can be played against. Errors are failures to play, not Redis's error replies.
pub trait Target {
    /// An empty Redis with default settings and no sessions.
    fn reset(&mut self, seed: Option<u64>) -> Result<(), String>;
    /// Runs a command and prints the reply as redis-cli does.
    fn run(&mut self, session: &str, argv: &[Vec<u8>]) -> Result<String, String>;
    /// Lets time pass.
    fn advance(&mut self, by: Duration) -> Result<(), String>;
}

/// The engine as a target.
#[derive(Debug)]
pub struct EngineTarget {
    pub engine: Engine,
    sessions: BTreeMap<String, SessionId>,
}

impl Default for EngineTarget {
    fn default() -> Self {
        Self { engine: Engine::new(Options::default()), sessions: BTreeMap::new() }
    }
}

impl Target for EngineTarget {
    fn reset(&mut self, seed: Option<u64>) -> Result<(), String> {
        let defaults = Options::default();
        let seed = seed.unwrap_or(defaults.seed);
        *self = Self { engine: Engine::new(Options { seed, ..defaults }), sessions: BTreeMap::new() };
        Ok(())
    }

    fn run(&mut self, session: &str, argv: &[Vec<u8>]) -> Result<String, String> {
        let engine = &mut self.engine;
        let id = *self.sessions.entry(session.to_owned()).or_insert_with(|| engine.connect());
        let reply = self.engine.execute(id, argv.to_vec()).reply;
        let protocol = self.engine.session(id).map(|session| session.protocol).unwrap_or_default();
        Ok(print::answer(argv, &reply, protocol))
    }

    fn advance(&mut self, by: Duration) -> Result<(), String> {
        self.engine.advance(by);
        Ok(())
    }
}

/// A command with the answer that it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Played {
    pub run: Run,
    pub answer: String,
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
    pub fn mismatch(&self) -> Option<Mismatch> {
        let Run { text, expected, line, .. } = &self.run;
        let what = || match expected.as_str() {
            "" => format!(
                "{text}\n  no answer is recorded for this command; it answers\n{}",
                marked('+', &self.answer)
            ),
            _ => format!("{text}\n{}{}", marked('-', expected), marked('+', &self.answer)),
        };
        (!matches(&self.run, &self.answer)).then(|| Mismatch { line: *line, what: what() })
    }
}

fn marked(mark: char, text: &str) -> String {
    text.lines().fold(String::new(), |out, line| format!("{out}  {mark} {line}\n"))
}

/// Whether an answer is the expected one. Carriage returns at line ends, as in `INFO`, do not count.
pub fn matches(run: &Run, answer: &str) -> bool {
    let lines = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect();
        if run.unordered {
            lines = lines.iter().map(|line| without_number(line).to_owned()).collect();
            lines.sort_unstable();
        }
        lines
    };
    lines(&run.expected) == lines(answer)
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
}

impl<'t, T: Target> Player<'t, T> {
    /// Starts on an empty Redis.
    pub fn fresh(target: &'t mut T, seed: Option<u64>) -> Result<Self, String> {
        target.reset(seed)?;
        Ok(Self { target, session: MAIN_SESSION.to_owned() })
    }

    /// The commands played, with their answers.
    pub fn play(&mut self, entries: &[Entry]) -> Result<Vec<Played>, String> {
        let mut played = Vec::new();
        for entry in entries {
            match entry {
                Entry::Run(run) => {
                    let answer = self.target.run(&self.session, &run.argv)?;
                    played.push(Played { run: run.clone(), answer });
                }
                Entry::Advance { by, .. } => self.target.advance(*by)?,
                Entry::Session { name, .. } => self.session.clone_from(name),
                Entry::Config { line, key, value } => self.configure(*line, key, value)?,
            }
        }
        Ok(played)
    }

    fn configure(&mut self, line: usize, key: &str, value: &str) -> Result<(), String> {
        let argv = ["CONFIG", "SET", key, value].map(|word| word.as_bytes().to_vec());
        let answer = self.target.run("config", &argv)?;
        if answer == "OK\n" { Ok(()) } else { Err(format!("{line}: @config {key}: {}", answer.trim_end())) }
    }

    /// Probes run on a session of their own: what database the learner has selected plays no part.
    fn probe(&mut self, probes: &[Run]) -> Result<Vec<Played>, String> {
        let answer = |run: &Run| {
            let answer = self.target.run("check", &run.argv)?;
            Ok(Played { run: run.clone(), answer })
        };
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
    /// In the order played; an exercise's check after its solution.
    pub played: Vec<Played>,
    /// Exercises that are passed before the learner has done anything.
    pub idle_checks: Vec<Mismatch>,
}

impl PlayedLesson {
    pub fn mismatches(&self) -> Vec<Mismatch> {
        let wrong = self.played.iter().filter_map(Played::mismatch);
        wrong.chain(self.idle_checks.iter().cloned()).collect()
    }
}

/// Plays a lesson as a learner would who clicks everything and solves each exercise as proposed.
pub fn play_lesson<T: Target>(lesson: &Lesson, target: &mut T) -> Result<PlayedLesson, String> {
    let mut player = Player::fresh(target, None)?;
    let mut result = PlayedLesson { played: player.play(&lesson.setup)?, idle_checks: Vec::new() };
    for step in &lesson.steps {
        for block in &step.blocks {
            if let Block::Play(entries) = block {
                result.played.extend(player.play(entries)?);
            }
        }
        let Some(check) = step.check() else { continue };
        if player.probe(&check.probes)?.iter().all(|played| played.mismatch().is_none()) {
            let line = check.probes.first().map_or(step.line, |probe| probe.line);
            let what = "the exercise is passed before anything was done for it".to_owned();
            result.idle_checks.push(Mismatch { line, what });
        }
        result.played.extend(player.play(step.solution())?);
        result.played.extend(player.probe(&check.probes)?);
    }
    Ok(result)
}
