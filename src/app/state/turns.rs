//! Whose turn it is in a lesson with several sessions.
//!
//! As in a transcript, `@session` holds until the next one, beyond the end of its step; before any, it is `main`'s turn.
//! A lesson that names no session is played in whichever is shown.

use std::rc::Rc;

use playground_scenarios::{Entry, Lesson};

use super::sessions::MAIN;

/// Whose turn it is at each entry of a step.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Turns {
    start: Option<Rc<str>>,
    plays: Vec<Rc<str>>,
    solution: Vec<Rc<str>>,
}

impl Turns {
    pub fn of(lesson: &Lesson, step: usize) -> Self {
        let mut turns = Self::default();
        if sessions(lesson).is_empty() {
            return turns;
        }
        let mut speaker: Rc<str> = MAIN.into();
        take(&lesson.setup, &mut speaker);
        for step in lesson.steps.iter().take(step + 1) {
            turns = Self {
                start: Some(speaker.clone()),
                plays: take(step.plays(), &mut speaker),
                solution: take(step.solution(), &mut speaker),
            };
        }
        turns
    }

    /// Where the step begins; `None` where the lesson names no session.
    pub fn at_start(&self) -> Option<Rc<str>> {
        self.start.clone()
    }

    /// At a thing to do; `None` where the lesson names no session.
    pub fn at_play(&self, at: usize) -> Option<Rc<str>> {
        self.plays.get(at).cloned()
    }

    pub fn at_solution(&self, at: usize) -> Option<Rc<str>> {
        self.solution.get(at).cloned()
    }
}

/// Whose turn it is at each of the entries, and after them.
fn take<'e>(entries: impl IntoIterator<Item = &'e Entry>, speaker: &mut Rc<str>) -> Vec<Rc<str>> {
    let turn = |entry: &Entry| {
        if let Entry::Session { name, .. } = entry {
            *speaker = name.as_str().into();
        }
        speaker.clone()
    };
    entries.into_iter().map(turn).collect()
}

/// Whether there is a session among the entries.
pub fn names_sessions(entries: &[Entry]) -> bool {
    entries.iter().any(|entry| matches!(entry, Entry::Session { .. }))
}

/// The sessions that a lesson names, `main` at the end; none where it names none.
pub fn sessions(lesson: &Lesson) -> Vec<Rc<str>> {
    let steps = lesson.steps.iter().flat_map(|step| step.plays().chain(step.solution()));
    let mut names: Vec<Rc<str>> = Vec::new();
    for entry in lesson.setup.iter().chain(steps) {
        if let Entry::Session { name, .. } = entry
            && !names.iter().any(|known| **known == **name)
        {
            names.push(name.as_str().into());
        }
    }
    if !names.is_empty() {
        names.retain(|name| **name != *MAIN);
        names.push(MAIN.into());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\n---\n";

    fn lesson(steps: &str) -> Lesson {
        Lesson::parse(&format!("{HEAD}{steps}")).expect("a lesson")
    }

    #[test]
    fn a_session_speaks_until_another_is_named() {
        let lesson = lesson(
            "## One\n\n```redis\n> PING\nPONG\n@session worker\n@expect-blocked\n> BLPOP q 0\n```\n\n\
             ## Two\n\n```redis\n@receive\n(nothing)\n@session main\n> PING\nPONG\n```\n",
        );
        let names = |step| Turns::of(&lesson, step).plays.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(names(0), ["main", "worker", "worker"]);
        assert_eq!(names(1), ["worker", "main", "main"]);
        assert_eq!(
            [0, 1].map(|step| Turns::of(&lesson, step).at_start()),
            [Some("main".into()), Some("worker".into())]
        );
        assert_eq!(sessions(&lesson), ["worker".into(), "main".into()]);
    }

    #[test]
    fn a_lesson_without_sessions_has_no_turns() {
        let lesson = lesson("## One\n\n```redis\n> PING\nPONG\n```\n");
        assert_eq!((Turns::of(&lesson, 0).at_play(0), sessions(&lesson)), (None, Vec::new()));
    }
}
