//! What is kept of the page besides the inputs: how the clock runs, which session is shown, how far the lesson is.
//!
//! Text in, text out. Where it is kept is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::rc::Rc;

use crate::escape::{escaped, unescaped};
use crate::state::State;
use crate::state::clock::ClockMode;
use crate::state::lesson::{FIRST, Play};

/// The version of all that is kept; what another one wrote is left alone.
const VERSION: &str = "1";

/// How far a reader is in the lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Which lesson.
    pub name: Rc<str>,
    pub step: usize,
    pub done: BTreeMap<Play, Rc<str>>,
    pub passed: BTreeSet<usize>,
}

/// What is kept besides the inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Pieces of text that hold the inputs.
    pub chunks: usize,
    pub clock: ClockMode,
    /// The name of the session that is shown.
    pub shown: Rc<str>,
    /// The reader needs no more telling that there is work that can be taken back.
    pub dismissed: bool,
    /// How far the lesson is, once it has begun.
    pub lesson: Option<Progress>,
}

/// Why it cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    Damaged,
    OtherVersion,
}

impl Saved {
    pub fn of(state: &State, chunks: usize) -> Self {
        let lesson = &state.lesson;
        let shown = state.sessions.get(state.sessions.shown);
        Self {
            chunks,
            clock: state.kept_clock(),
            shown: shown.map(|tab| tab.name.clone()).unwrap_or_default(),
            dismissed: state.save.dismissed,
            lesson: lesson.started.then(|| Progress {
                name: lesson.name().into(),
                step: lesson.step,
                done: lesson.done.clone(),
                passed: lesson.passed.clone(),
            }),
        }
    }

    pub fn write(&self) -> String {
        let mode = if self.clock.running { "running" } else { "stopped" };
        let mut text = format!(
            "version {VERSION}\nchunks {}\nclock {mode} {}\nshown {}\n",
            self.chunks,
            self.clock.speed,
            escaped(&self.shown)
        );
        if self.dismissed {
            text.push_str("previous dismissed\n");
        }
        if let Some(Progress { name, step, done, passed }) = &self.lesson {
            let _ = writeln!(text, "lesson {step} {name}");
            for ((step, play), output) in done {
                let _ = writeln!(text, "done {step} {play} {}", escaped(output));
            }
            for step in passed {
                let _ = writeln!(text, "passed {step}");
            }
        }
        text
    }

    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let mut lines = text.lines();
        match lines.next().and_then(|line| line.split_once(' ')) {
            Some(("version", VERSION)) => {}
            Some(("version", _)) => return Err(Unreadable::OtherVersion),
            _ => return Err(Unreadable::Damaged),
        }
        let mut saved = Self::default();
        for line in lines {
            saved.line(line).ok_or(Unreadable::Damaged)?;
        }
        Ok(saved)
    }

    fn line(&mut self, line: &str) -> Option<()> {
        let (word, rest) = line.split_once(' ')?;
        let progress = self.lesson.as_mut();
        match word {
            "chunks" => self.chunks = rest.parse().ok()?,
            "clock" => {
                let (mode, speed) = rest.split_once(' ')?;
                self.clock = ClockMode { running: mode == "running", speed: speed.parse().ok()? };
            }
            "shown" => self.shown = unescaped(rest).into(),
            "previous" => self.dismissed = rest == "dismissed",
            "lesson" => {
                let (step, name) = rest.split_once(' ').unwrap_or((rest, FIRST));
                let (step, name) = (step.parse().ok()?, name.into());
                self.lesson = Some(Progress { name, step, ..Progress::default() });
            }
            "done" => {
                let mut parts = rest.splitn(3, ' ');
                let play = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
                progress?.done.insert(play, unescaped(parts.next()?).into());
            }
            "passed" => {
                progress?.passed.insert(rest.parse().ok()?);
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let done = BTreeMap::from([((0, 1), Rc::from("1) \"a\\\\\"\n2) b\r\n")), ((2, 0), Rc::from(""))]);
        let lesson = Some(Progress { name: "a-b".into(), step: 2, done, passed: BTreeSet::from([1]) });
        let clock = ClockMode { running: false, speed: 60 };
        let saved = Saved { chunks: 3, clock, shown: "alice b".into(), dismissed: true, lesson };
        assert_eq!(Saved::parse(&saved.write()), Ok(saved));
        assert_eq!(Saved::parse(&Saved::default().write()), Ok(Saved::default()));
    }

    #[test]
    fn what_is_not_ours_is_told_apart() {
        assert_eq!(Saved::parse("version 2\nanything"), Err(Unreadable::OtherVersion));
        for text in [
            "",
            "nonsense",
            "version 1\nchunks x",
            "version 1\nclock running",
            "version 1\ndone 1 1 x",
            "version 1\nx",
        ] {
            assert_eq!(Saved::parse(text), Err(Unreadable::Damaged), "{text}");
        }
    }
}
