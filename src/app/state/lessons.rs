//! What goes beyond one lesson: the list of them, how far the reader is in each, the guide that they teach together, and
//! the client library whose code is shown.
//!
//! Where lists and marks are fetched and kept is the hooks' business.

use std::rc::Rc;

use playground_scenarios::snippet::Client;

use super::State;
use super::layout::Zone;
use super::lesson::LessonState;
use crate::lessons::Listed;
use crate::progress::{Mark, Marks};

/// The list of lessons that there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Index {
    #[default]
    Loading,
    /// Why it could not be had.
    Failed(Rc<str>),
    Ready(Rc<[Listed]>),
}

/// The guide is open, at one of its lines or at its beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GuideAt(pub Option<&'static str>);

#[derive(Clone, Debug, PartialEq)]
pub struct Lessons {
    pub index: Index,
    /// The list is shown in place of the lesson.
    pub open: bool,
    pub marks: Rc<Marks>,
    /// What was forgotten last, and can be had back while the list is open.
    pub forgotten: Option<Rc<Marks>>,
    pub guide: Option<GuideAt>,
    pub client: Client,
    /// Why a lesson of the reader's own was not opened.
    pub refused: Option<Rc<str>>,
    /// What was noted last: which lesson, its step, and how much was done and passed.
    noted: Option<(Rc<str>, usize, usize, usize)>,
}

impl Default for Lessons {
    fn default() -> Self {
        Self {
            index: Index::default(),
            open: false,
            marks: Rc::default(),
            forgotten: None,
            guide: None,
            client: Client::RedisPy,
            refused: None,
            noted: None,
        }
    }
}

#[derive(Clone, Debug)]
pub enum LessonsAction {
    /// The list came, or why it did not; `None` asks for it once more.
    Index(Option<Result<Rc<[Listed]>, String>>),
    /// Shows the list, or turns from it to the lesson and back.
    Open,
    Toggle,
    /// How far the reader was when the page was last open.
    Remembered(Marks),
    Forget,
    TakeBack,
    Guide(Option<GuideAt>),
    Client(Client),
    Refused(Option<Rc<str>>),
}

impl Lessons {
    pub fn list(&self) -> &[Listed] {
        if let Index::Ready(list) = &self.index { list } else { &[] }
    }

    /// The lesson after one; none after the last, and after one that is not in the list.
    pub fn after(&self, name: &str) -> Option<&Listed> {
        let at = self.list().iter().position(|lesson| &*lesson.name == name)?;
        self.list().get(at + 1)
    }

    /// The lesson, in place of the list.
    pub(super) fn close(&mut self) {
        (self.open, self.forgotten, self.refused) = (false, None, None);
    }

    fn apply(&mut self, action: LessonsAction) {
        match action {
            LessonsAction::Index(None) => self.index = Index::Loading,
            LessonsAction::Index(Some(Ok(list))) => self.index = Index::Ready(list),
            LessonsAction::Index(Some(Err(reason))) => self.index = Index::Failed(reason.into()),
            LessonsAction::Toggle if self.open => self.close(),
            LessonsAction::Toggle | LessonsAction::Open => self.open = true,
            LessonsAction::Remembered(marks) => {
                // Whoever was quicker than the storage does not lose what was done.
                let own = std::mem::replace(&mut self.marks, Rc::new(marks));
                for (name, mark) in own.iter() {
                    Rc::make_mut(&mut self.marks).insert(name.clone(), mark.clone());
                }
            }
            LessonsAction::Forget => {
                self.forgotten = Some(std::mem::take(&mut self.marks));
                self.noted = None;
            }
            LessonsAction::TakeBack => {
                if let Some(marks) = self.forgotten.take() {
                    self.marks = marks;
                }
            }
            LessonsAction::Guide(at) => self.guide = at,
            LessonsAction::Client(client) => self.client = client,
            LessonsAction::Refused(reason) => self.refused = reason,
        }
    }

    /// Whether there is nothing new about a lesson. Asked after each action, so a look at its figures has to be enough.
    fn has_noted(&self, lesson: &LessonState) -> bool {
        let figures = (lesson.step, lesson.done.len(), lesson.passed.len());
        self.noted.as_ref().is_some_and(|(name, step, done, passed)| {
            (*step, *done, *passed) == figures && **name == *lesson.name()
        })
    }

    /// Keeps how far a lesson is.
    fn note(&mut self, lesson: &LessonState, mark: Mark) {
        let name: Rc<str> = lesson.name().into();
        self.noted = Some((name.clone(), lesson.step, lesson.done.len(), lesson.passed.len()));
        Rc::make_mut(&mut self.marks).insert(name, mark);
    }
}

impl State {
    pub(super) fn lessons(&mut self, action: LessonsAction) {
        if matches!(action, LessonsAction::Forget) {
            // What is forgotten of all is forgotten of the present one, too.
            Rc::make_mut(&mut self.lesson).leave();
        }
        if matches!(action, LessonsAction::Toggle | LessonsAction::Open) {
            self.layout.zone = Zone::Learn;
            if self.layout.hidden.has(Zone::Learn) {
                self.layout.hidden = self.layout.hidden.toggled(Zone::Learn);
            }
        }
        Rc::make_mut(&mut self.lessons).apply(action);
    }

    pub(super) fn note_lesson(&mut self) {
        if self.lesson.started
            && !self.lessons.has_noted(&self.lesson)
            && let Some(mark) = Mark::of(&self.lesson)
        {
            Rc::make_mut(&mut self.lessons).note(&self.lesson, mark);
        }
    }

    /// The lesson is what is looked at, with its picture beside it.
    pub(super) fn enter_step(&mut self) {
        Rc::make_mut(&mut self.lessons).close();
        self.show_picture();
    }

    pub(super) fn show_picture(&mut self) {
        if let Some(picture) = self.lesson.seen() {
            self.layout.picture = picture;
        }
        if let Some(drawn) = self.lesson.drawn() {
            Rc::make_mut(&mut self.glances).apply(drawn);
        }
    }
}

#[cfg(test)]
mod tests {
    use playground_scenarios::Lesson;

    use super::*;
    use crate::lessons;
    use crate::state::Action;
    use crate::state::inspect::{Face, InspectAction, Turn};
    use crate::state::layout::Picture;
    use crate::state::view::{Checked, View};

    const LESSON: &str = "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\nsee: memory\n---\n## One\n\nWords.\n\n\
        ## Two\n\n```see\npolicy lab\n```\n\n## Three\n\n```see\nkey a as hex\n```\n\n```check\n> EXISTS a\n(integer) 1\n```\n\n\
        ```solution\n> SET a 1\nOK\n```\n\n```wrong\n> PING\nPONG\n```\n";

    fn state() -> State {
        let lesson = Lesson::parse(LESSON).map(Rc::new).map_err(|error| error.to_string());
        State::default().reduce(Action::LessonLoaded(lesson))
    }

    fn act(state: &State, action: LessonsAction) -> State {
        state.reduce(Action::Lessons(action))
    }

    #[test]
    fn how_far_a_lesson_is_outlives_another_lesson() {
        let state = state().reduce(Action::LessonStarted).reduce(Action::LessonStep(2));
        let view = View { checked: Some(Checked { step: 2, unmet: None }), ..View::default() };
        let state = state.reduce(Action::Seen(Rc::new(view)));
        let mark = state.lessons.marks.get("leaderboard").expect("noted").clone();
        assert_eq!((mark.step, mark.completed(3)), (2, 3));
        let state = state.reduce(Action::LessonChosen("other".into()));
        assert_eq!((state.lesson.started, state.lessons.marks.len()), (false, 1));
        let state = state.reduce(Action::LessonChosen("leaderboard".into()));
        let lesson = Lesson::parse(LESSON).map(Rc::new).map_err(|error| error.to_string());
        let state = state.reduce(Action::LessonLoaded(lesson)).reduce(Action::LessonResumed);
        assert_eq!((state.lesson.step, state.lesson.completed()), (2, 3));
        let state = state.reduce(Action::LessonStarted);
        assert_eq!(
            state.lessons.marks.get("leaderboard").map(|mark| mark.completed(3)),
            Some(2),
            "begun anew"
        );
    }

    #[test]
    fn what_is_forgotten_can_be_had_back_while_the_list_is_open() {
        let state = act(&state().reduce(Action::LessonStarted), LessonsAction::Open);
        assert_eq!(state.lessons.marks.len(), 1);
        let empty = act(&state, LessonsAction::Forget);
        assert_eq!((empty.lessons.marks.len(), empty.lesson.started), (0, false));
        assert_eq!(act(&empty, LessonsAction::TakeBack).lessons.marks, state.lessons.marks);
        let closed = act(&act(&empty, LessonsAction::Toggle), LessonsAction::TakeBack);
        assert_eq!(closed.lessons.marks.len(), 0);
    }

    #[test]
    fn marks_of_another_visit_are_joined_by_those_of_this_one() {
        let state = state().reduce(Action::LessonStarted).reduce(Action::LessonStep(1));
        let mut kept = Marks::default();
        kept.insert("leaderboard".into(), Mark::default());
        kept.insert("x".into(), Mark { step: 4, ..Mark::default() });
        let state = act(&state, LessonsAction::Remembered(kept));
        let steps: Vec<usize> = state.lessons.marks.iter().map(|(_, mark)| mark.step).collect();
        assert_eq!(steps, [1, 4]);
    }

    #[test]
    fn a_step_brings_its_picture_once() {
        let state = state();
        assert_eq!(state.layout.picture, Picture::Keyspace, "not before it is begun");
        let state = act(&state.reduce(Action::LessonStarted), LessonsAction::Open);
        assert_eq!(state.layout.picture, Picture::Memory);
        let state = state.reduce(Action::ShowPicture(Picture::Eviction)).reduce(Action::SolutionShown);
        assert_eq!(state.layout.picture, Picture::Eviction, "the reader's choice stays");
        let state = state.reduce(Action::LessonStep(1));
        assert_eq!((state.layout.picture, state.lessons.open), (Picture::Lab, false));
        let state = state.reduce(Action::LessonStep(2));
        let face = |state: &State| state.glances.of(b"a").face;
        assert_eq!((state.layout.picture, face(&state)), (Picture::Keyspace, Some(Face::Hex)));
        let turned = InspectAction { key: b"a"[..].into(), turn: Turn::Face(Face::Bits) };
        let state = state.reduce(Action::Inspect(turned)).reduce(Action::SolutionShown);
        assert_eq!(face(&state), Some(Face::Bits), "and the reader's face");
    }

    #[test]
    fn the_next_lesson_is_the_one_after_it_in_the_list() {
        let one = |name: &str, place| {
            format!(
                "{name}\n---\ntitle: {name}\nsummary: S\nlevel: beginner\nminutes: 5\npart: patterns\nplace: {place}\n---\n\n"
            )
        };
        let list = lessons::parse(&(one("b", 2) + &one("a", 1))).into();
        let state = act(&State::default(), LessonsAction::Index(Some(Ok(list))));
        let after = |name| state.lessons.after(name).map(|lesson| lesson.name.to_string());
        assert_eq!((after("a"), after("b"), after("file:c.md")), (Some("b".to_owned()), None, None));
    }
}
