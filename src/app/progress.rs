//! How far the reader is in each lesson, as text that outlives a visit.
//!
//! Text in, text out; where it is kept is not known here. What is kept may come from anywhere: a line that cannot be read
//! is left out, and there are limits to all that is taken from it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::rc::Rc;

use crate::state::lesson::{LessonState, Play};

/// Before all else; what another version wrote is not read.
const HEADER: &str = "playground-progress 1";
/// Lessons, things done in one, and steps of one that are taken from a text.
const MOST_LESSONS: usize = 500;
const MOST_DONE: usize = 2_000;
const MOST_STEPS: usize = 1_000;

/// How far one lesson is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Where the reader was last.
    pub step: usize,
    pub done: BTreeSet<Play>,
    /// Steps whose exercise is passed.
    pub passed: BTreeSet<usize>,
    /// Steps in which everything is done.
    pub complete: BTreeSet<usize>,
}

/// How far all lessons are, by name.
pub type Marks = BTreeMap<Rc<str>, Mark>;

impl Mark {
    /// How far a lesson is; nothing where it has not begun or its text is not there.
    pub fn of(state: &LessonState) -> Option<Self> {
        let lesson = state.lesson().filter(|_| state.started)?;
        Some(Self {
            step: state.step,
            done: state.done.keys().copied().collect(),
            passed: state.passed.clone(),
            complete: (0..lesson.steps.len()).filter(|&step| state.is_complete(step)).collect(),
        })
    }

    /// Steps that are done, of so many: the lesson may have become shorter.
    pub fn completed(&self, steps: usize) -> usize {
        self.complete.range(..steps).count()
    }

    pub fn has_begun(&self) -> bool {
        self.step > 0 || !self.done.is_empty() || !self.passed.is_empty()
    }
}

pub fn write(marks: &Marks) -> String {
    let mut text = format!("{HEADER}\n");
    for (name, Mark { step, done, passed, complete }) in marks {
        let plays: Vec<String> = done.iter().map(|(step, play)| format!("{step}.{play}")).collect();
        let numbers = |set: &BTreeSet<usize>| set.iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
        // A name may hold anything but the end of a line, and comes last.
        let name = name.replace(['\n', '\r'], " ");
        let _ = writeln!(text, "{step}|{}|{}|{}|{name}", plays.join(" "), numbers(passed), numbers(complete));
    }
    text
}

pub fn read(text: &str) -> Marks {
    let Some(lines) = text.strip_prefix(HEADER) else { return Marks::default() };
    lines.lines().filter_map(mark).take(MOST_LESSONS).collect()
}

fn mark(line: &str) -> Option<(Rc<str>, Mark)> {
    let mut parts = line.splitn(5, '|');
    let mut next = || parts.next();
    let number = |text: &str| text.parse().ok().filter(|step| *step < MOST_STEPS);
    let numbers = |text: &str| text.split(' ').filter_map(number).collect();
    let play = |text: &str| {
        let (step, play) = text.split_once('.')?;
        Some((number(step)?, number(play)?))
    };
    let step = number(next()?)?;
    let done = next()?.split(' ').filter_map(play).take(MOST_DONE).collect();
    let (passed, complete) = (numbers(next()?), numbers(next()?));
    let name = next().filter(|name| !name.is_empty())?;
    Some((name.into(), Mark { step, done, passed, complete }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let far = Mark {
            step: 3,
            done: BTreeSet::from([(0, 0), (0, 1), (3, 12)]),
            passed: BTreeSet::from([2]),
            complete: BTreeSet::from([0, 1, 2]),
        };
        let marks =
            Marks::from([("leaderboard".into(), far.clone()), ("file:a|b.md".into(), Mark::default())]);
        assert_eq!(read(&write(&marks)), marks);
        assert_eq!((far.completed(9), far.completed(2)), (3, 2));
        assert!(far.has_begun() && !Mark::default().has_begun());
    }

    #[test]
    fn what_is_broken_or_forged_does_no_harm() {
        for text in [
            "",
            "nonsense",
            "playground-progress 2\n1||||a",
            "playground-progress 1\n\n|\n1|2|3\nx||||a\n1||||",
        ] {
            assert_eq!(read(text), Marks::default(), "{text}");
        }
        let forged = "playground-progress 1\n99999999999||||a\n1|0.0 x 1. .2 7.99999999999|-1 4|1 1|b\n";
        let b = Mark { step: 1, done: [(0, 0)].into(), passed: [4].into(), complete: [1].into() };
        assert_eq!(read(forged), Marks::from([("b".into(), b)]));
        let many: Vec<String> = (0..9_000).map(|n| format!("1||||{n}")).collect();
        assert_eq!(read(&format!("{HEADER}\n{}", many.join("\n"))).len(), MOST_LESSONS);
    }
}
