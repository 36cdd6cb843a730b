//! How far the reader is in each lesson, as text that outlives a visit.
//!
//! Text in, text out; where it is kept is not known here. What is kept may come from anywhere: a line that cannot be read
//! is left out, and there are limits to all that is taken from it.

use std::fmt::Write;
use std::rc::Rc;

use crate::state::lesson::{LessonState, Play};

/// Before all else; what another version wrote is not read.
const HEADER: &str = "playground-progress 1";
/// Lessons, things done in one, and steps of one that are taken from a text.
const MOST_LESSONS: usize = 500;
const MOST_DONE: usize = 2_000;
const MOST_STEPS: usize = 1_000;

/// How far one lesson is; each list in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Where the reader was last.
    pub step: usize,
    pub done: Vec<Play>,
    /// Steps whose exercise is passed.
    pub passed: Vec<usize>,
    /// Steps in which everything is done.
    pub complete: Vec<usize>,
}

/// How far all lessons are, by name. They are few, and a list is the least code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Vec<(Rc<str>, Mark)>);

impl Mark {
    /// How far a lesson is; nothing where it has not begun or its text is not there.
    pub fn of(state: &LessonState) -> Option<Self> {
        let lesson = state.lesson().filter(|_| state.started)?;
        Some(Self {
            step: state.step,
            done: state.done.keys().copied().collect(),
            passed: state.passed.iter().copied().collect(),
            complete: (0..lesson.steps.len()).filter(|&step| state.is_complete(step)).collect(),
        })
    }

    /// Steps that are done, of so many: the lesson may have become shorter.
    pub fn completed(&self, steps: usize) -> usize {
        self.complete.iter().filter(|step| **step < steps).count()
    }

    pub fn has_begun(&self) -> bool {
        self.step > 0 || !self.done.is_empty() || !self.passed.is_empty()
    }
}

impl Marks {
    pub fn get(&self, name: &str) -> Option<&Mark> {
        self.iter().find(|(known, _)| **known == *name).map(|(_, mark)| mark)
    }

    pub fn insert(&mut self, name: Rc<str>, mark: Mark) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = mark,
            None => self.0.push((name, mark)),
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = &(Rc<str>, Mark)> {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }
}

pub fn write(marks: &Marks) -> String {
    let mut text = format!("{HEADER}\n");
    for (name, Mark { step, done, passed, complete }) in marks.iter() {
        let _ = write!(text, "{step}|");
        for (step, play) in done {
            let _ = write!(text, "{step}.{play} ");
        }
        for list in [passed, complete] {
            text.push('|');
            for step in list {
                let _ = write!(text, "{step} ");
            }
        }
        // A name may hold anything but the end of a line, and comes last.
        let _ = writeln!(text, "|{}", name.replace(['\n', '\r'], " "));
    }
    text
}

pub fn read(text: &str) -> Marks {
    let mut marks = Marks::default();
    let lines = text.strip_prefix(HEADER).unwrap_or_default().lines();
    for (name, mark) in lines.filter_map(mark).take(MOST_LESSONS) {
        marks.insert(name, mark);
    }
    marks
}

fn mark(line: &str) -> Option<(Rc<str>, Mark)> {
    let mut parts = line.splitn(5, '|');
    let mut next = || parts.next();
    let step = number(next()?)?;
    let play = |text: &str| {
        let (step, play) = text.split_once('.')?;
        Some((number(step)?, number(play)?))
    };
    let done = next()?.split(' ').filter_map(play).take(MOST_DONE).collect();
    let (passed, complete) = (numbers(next()?), numbers(next()?));
    let name = next().filter(|name| !name.is_empty())?;
    Some((name.into(), Mark { step, done, passed, complete }))
}

fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number| *number < MOST_STEPS)
}

/// Numbers in order, each once.
fn numbers(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for number in text.split(' ').filter_map(number) {
        if found.last().is_none_or(|last| *last < number) {
            found.push(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let far =
            Mark { step: 3, done: vec![(0, 0), (0, 1), (3, 12)], passed: vec![2], complete: vec![0, 1, 2] };
        let marks = Marks(vec![("leaderboard".into(), far.clone()), ("file:a|b.md".into(), Mark::default())]);
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
        let b = Mark { step: 1, done: vec![(0, 0)], passed: vec![4], complete: vec![1] };
        assert_eq!(read(forged), Marks(vec![("b".into(), b)]));
        let many: Vec<String> = (0..9_000).map(|n| format!("1||||{n}")).collect();
        assert_eq!(read(&format!("{HEADER}\n{}", many.join("\n"))).len(), MOST_LESSONS);
    }
}
