//! Keeping and sharing, as the page shows it: whether work is kept, what is being done again, what was offered by a link or
//! a file, and what is ready to be taken away.
//!
//! What is stored where is the hooks' business, what a record does the bridge's.

use std::rc::Rc;

use super::State;
use super::lesson::{LessonState, Load};
use crate::record::Record;
use crate::saved::{Progress, Saved};

/// Whether the page keeps what is done in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// What was kept has not been read yet.
    #[default]
    Looking,
    Keeping,
    /// Another tab of the page keeps its work now.
    Elsewhere,
    /// The browser keeps nothing for this page, and says why.
    Blocked(Rc<str>),
    /// The browser has no more room.
    Full,
    /// So much was done that its beginning is forgotten.
    TooMuch,
    /// What was kept cannot be used: why, and its text.
    Unreadable {
        reason: Rc<str>,
        text: Rc<str>,
    },
}

/// A part of the inputs, to be written to the browser's storage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// The first piece that changed, the pieces from there on, and how many there are in all.
    pub first: usize,
    pub chunks: Vec<String>,
    pub of: usize,
    /// The work before this one, where that changed; empty where there is none any more.
    pub previous: Option<Rc<str>>,
}

/// A record that somebody sent, shown before any of it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Where it comes from.
    pub source: Rc<str>,
    pub record: Rc<Record>,
    pub text: Rc<str>,
}

/// A file to be downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: &'static str,
    pub text: Rc<str>,
}

/// A record on its way: inputs done again, of how many, and whether that was stopped, until the reader chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redoing {
    pub done: usize,
    pub of: usize,
    pub stopped: bool,
}

/// What is shared: the whole record, where its beginning is still known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    pub record: Option<Rc<str>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct SaveState {
    pub kept: Kept,
    pub restoring: Option<Redoing>,
    /// There is work that can be taken back, in place of the present one.
    pub previous: bool,
    /// The reader has closed the message of it.
    pub dismissed: bool,
    /// How often another work began.
    pub works: u64,
    pub panel: bool,
    pub offer: Option<Rc<Offer>>,
    /// What a link or file could not be opened for.
    pub refused: Option<Rc<str>>,
    pub exported: Option<Rc<Exported>>,
    pub batch: Option<Rc<Batch>>,
    pub file: Option<Rc<File>>,
    /// How often there was a batch, and a file: the same may be wanted twice.
    pub given: (u64, u64),
}

#[derive(Clone, Debug)]
pub enum SaveAction {
    Kept(Kept),
    /// All that is shown of Redis is gone: another work begins.
    Emptied {
        works: u64,
    },
    Restoring(Option<Redoing>),
    /// How the page was when it was left.
    Progress(Rc<Saved>),
    Previous(bool),
    Dismissed,
    Panel(bool),
    Offered(Option<Rc<Offer>>),
    Refused(Option<Rc<str>>),
    Exported(Rc<Exported>),
    Batch(Rc<Batch>),
    File(Rc<File>),
}

impl State {
    pub(super) fn save(&mut self, action: SaveAction) {
        let save = Rc::make_mut(&mut self.save);
        match action {
            SaveAction::Kept(kept) => save.kept = kept,
            SaveAction::Emptied { works } => {
                save.works = works;
                self.empty();
            }
            SaveAction::Restoring(progress) => save.restoring = progress,
            SaveAction::Progress(saved) => self.go_on_from(&saved),
            SaveAction::Previous(previous) => (save.previous, save.dismissed) = (previous, false),
            SaveAction::Dismissed => save.dismissed = true,
            SaveAction::Panel(open) => {
                save.panel = open;
                save.exported = None;
            }
            SaveAction::Offered(offer) => save.offer = offer,
            SaveAction::Refused(reason) => save.refused = reason,
            SaveAction::Exported(exported) => save.exported = Some(exported),
            SaveAction::Batch(batch) => {
                save.batch = Some(batch);
                save.given.0 += 1;
            }
            SaveAction::File(file) => {
                save.file = Some(file);
                save.given.1 += 1;
            }
        }
    }

    fn empty(&mut self) {
        self.sessions = Rc::new(super::Sessions { beside: self.sessions.beside, ..Default::default() });
        self.ghosts = Rc::default();
        self.timeline = Rc::default();
        self.history = Rc::default();
        self.memory = Rc::default();
        self.departures = Rc::default();
        // A lesson that could not be had is not worth keeping to.
        let LessonState { chosen, load, .. } = match self.lesson.load {
            Load::Failed(_) => LessonState::default(),
            _ => (*self.lesson).clone(),
        };
        self.lesson = Rc::new(LessonState { chosen, load, ..LessonState::default() });
    }

    fn go_on_from(&mut self, saved: &Saved) {
        self.clock = saved.clock;
        Rc::make_mut(&mut self.save).dismissed = saved.dismissed;
        if let Some(Progress { name, step, done, passed }) = saved.lesson.clone() {
            let lesson = Rc::make_mut(&mut self.lesson);
            if lesson.name() != &*name {
                lesson.choose(&name);
            }
            (lesson.started, lesson.step, lesson.done, lesson.passed) = (true, step, done, passed);
            if lesson.lesson().is_some() {
                lesson.go_to(step);
            }
            self.show_picture();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::Action;
    use crate::state::clock::ClockMode;
    use crate::state::sessions::TabId;

    #[test]
    fn another_work_begins_with_nothing_shown_and_goes_on_where_it_was_left() {
        let state = State::default().reduce(Action::Opened(TabId(1), "alice".into()));
        let state =
            state.reduce(Action::LessonStarted).reduce(Action::Save(SaveAction::Emptied { works: 1 }));
        assert_eq!((state.sessions.tabs.len(), state.lesson.started), (1, false));
        let state = state.reduce(Action::LessonChosen("gone".into()));
        let state = state
            .reduce(Action::LessonLoaded(Err("no".into())))
            .reduce(Action::Save(SaveAction::Emptied { works: 1 }));
        assert_eq!((state.lesson.name(), &state.lesson.load), (crate::state::lesson::FIRST, &Load::Loading));
        let clock = ClockMode { running: false, speed: 10 };
        let lesson = Some(Progress { name: "other".into(), step: 2, ..Progress::default() });
        let saved = Saved { clock, lesson, ..Saved::default() };
        let state = state.reduce(Action::Save(SaveAction::Progress(Rc::new(saved.clone()))));
        assert_eq!((state.clock, state.lesson.step, state.lesson.started), (clock, 2, true));
        assert_eq!(Saved::of(&state, 0).lesson, saved.lesson);
    }
}
