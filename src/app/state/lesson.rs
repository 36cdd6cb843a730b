//! The lesson: which step the reader is at, what of it is done, and how its exercise stands.
//!
//! Things to do are named by step and position. A typed command counts as well as a click: what matters is that it was
//! run. The lesson's text is data; nothing here knows a command.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use playground_scenarios::document::Block;
use playground_scenarios::see::See;
use playground_scenarios::{Entry, Lesson, Step};

use super::clock::Move;
use super::inspect::{InspectAction, Turn};
use super::layout::Picture;
use super::terminal::Exchange;
use super::turns::Turns;
use super::view::{Unmet, View};
use crate::progress::Mark;

/// The lesson that the page opens with.
pub const FIRST: &str = "leaderboard";

/// What the names of lessons begin with that are in no list. Those in the list are names of files, without a colon.
const FILE: &str = "file:";
const ADDRESS: &str = "address:";

/// Where the lesson's text is.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Load {
    #[default]
    Loading,
    /// Why it could not be had.
    Failed(String),
    Ready(Rc<Lesson>),
}

/// Where the text of a lesson comes from, as its name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source<'a> {
    /// One of the list.
    List(&'a str),
    /// A file that the reader opened.
    File(&'a str),
    /// An address on the same site.
    Address(&'a str),
}

impl<'a> Source<'a> {
    pub fn of(name: &'a str) -> Self {
        if let Some(file) = name.strip_prefix(FILE) {
            Self::File(file)
        } else if let Some(address) = name.strip_prefix(ADDRESS) {
            Self::Address(address)
        } else {
            Self::List(name)
        }
    }

    /// The name of a lesson from there.
    pub fn name(self) -> Rc<str> {
        match self {
            Self::List(name) => name.into(),
            Self::File(file) => format!("{FILE}{file}").into(),
            Self::Address(address) => format!("{ADDRESS}{address}").into(),
        }
    }
}

/// A step and a position among the things to do in it.
pub type Play = (usize, usize);
/// Positions of what lives in a step (simulated clients, races) begin here.
pub const LIVING: usize = 1_000;
/// Simulated clients have been looked at for so many milliseconds of virtual time when they count as done.
const LOOKED_AT: u64 = 2_000;

/// The reader's way through the lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LessonState {
    /// Which one was chosen; empty where none was.
    pub chosen: Rc<str>,
    pub load: Load,
    pub started: bool,
    pub step: usize,
    /// What was done, and what it answered.
    pub done: BTreeMap<Play, Rc<str>>,
    /// Steps whose exercise is passed.
    pub passed: BTreeSet<usize>,
    /// What the exercise of the current step still wants.
    pub unmet: Option<Unmet>,
    pub solution_shown: bool,
}

impl LessonState {
    pub fn lesson(&self) -> Option<&Rc<Lesson>> {
        if let Load::Ready(lesson) = &self.load { Some(lesson) } else { None }
    }

    /// The lesson, once it has begun.
    pub fn begun(&self) -> Option<&Rc<Lesson>> {
        self.lesson().filter(|_| self.started)
    }

    pub fn name(&self) -> &str {
        if self.chosen.is_empty() { FIRST } else { &self.chosen }
    }

    /// Another lesson, or the same once more, where its text could not be had.
    pub fn choose(&mut self, name: &str) {
        if self.name() != name {
            *self = Self { chosen: name.into(), ..Self::default() };
        } else if matches!(self.load, Load::Failed(_)) {
            self.load = Load::Loading;
        }
    }

    /// A lesson whose text is here already: one of the reader's own.
    pub fn open(&mut self, name: Rc<str>, lesson: Rc<Lesson>) {
        *self = Self { chosen: name, load: Load::Ready(lesson), ..Self::default() };
    }

    /// Back to its cover, with nothing done.
    pub fn leave(&mut self) {
        let (chosen, load) = (self.chosen.clone(), self.load.clone());
        *self = Self { chosen, load, ..Self::default() };
    }

    /// The picture that belongs beside the step.
    pub fn seen(&self) -> Option<Picture> {
        Some(match self.begun()?.seen_at(self.step)? {
            See::Key { .. } | See::Keyspace => Picture::Keyspace,
            See::Memory => Picture::Memory,
            See::Eviction => Picture::Eviction,
            See::PolicyLab => Picture::Lab,
        })
    }

    /// How the key beside the step is drawn, where its author says it.
    pub fn drawn(&self) -> Option<InspectAction> {
        let See::Key { name, face } = self.begun()?.seen_at(self.step)? else { return None };
        Some(InspectAction { key: name[..].into(), turn: Turn::Face((*face)?) })
    }

    pub fn current(&self) -> Option<&Step> {
        self.lesson()?.steps.get(self.step)
    }

    pub fn loaded(&mut self, lesson: Result<Rc<Lesson>, String>) {
        self.load = match lesson {
            Ok(lesson) => Load::Ready(lesson),
            Err(reason) => Load::Failed(reason),
        };
        // What was kept may be of a longer version of it.
        let steps = self.lesson().map_or(usize::MAX, |lesson| lesson.steps.len());
        self.step = self.step.min(steps.saturating_sub(1));
    }

    /// From the first step, with nothing done.
    pub fn start(&mut self) {
        self.leave();
        self.started = true;
    }

    /// Where the reader was, with what was done; the answers are not remembered.
    pub fn resume(&mut self, mark: &Mark) {
        self.start();
        for play in &mark.done {
            self.done.insert(*play, Rc::from(""));
        }
        for step in &mark.passed {
            self.passed.insert(*step);
        }
        self.go_to(mark.step);
    }

    pub fn go_to(&mut self, step: usize) {
        let last = self.lesson().map_or(0, |lesson| lesson.steps.len().saturating_sub(1));
        self.step = step.min(last);
        self.unmet = None;
        self.solution_shown = false;
    }

    /// Marks what commands of a session did for the lesson. Where the lesson names sessions, it matters who spoke.
    pub fn ran(&mut self, session: &str, exchanges: &[Exchange]) {
        for exchange in exchanges {
            let same =
                |entry: &Entry| matches!(entry, Entry::Run(run) if same_command(&run.argv, &exchange.argv));
            if let Some(play) = exchange.play.or_else(|| self.next_undone(Some(session), same)) {
                self.done.insert(play, exchange.output.clone());
            }
        }
    }

    /// Marks what a jump of the clock did for the lesson: a longer wait is a wait, too.
    pub fn moved(&mut self, moved: &Move) {
        let enough = |entry: &Entry| matches!(entry, Entry::Advance { by, .. } if by.as_millis() <= u128::from(moved.by()));
        if let Some(play) = moved.play.or_else(|| self.next_undone(None, enough)) {
            self.done.insert(play, Rc::from(""));
        }
    }

    /// Marks that a session disconnected.
    pub fn hung_up(&mut self, session: &str, play: Option<Play>) {
        let close = |entry: &Entry| matches!(entry, Entry::Close { .. });
        if let Some(play) = play.or_else(|| self.next_undone(Some(session), close)) {
            self.done.insert(play, Rc::from(""));
        }
    }

    fn next_undone(&self, session: Option<&str>, fits: impl Fn(&Entry) -> bool) -> Option<Play> {
        let lesson = self.begun()?;
        let turns = Turns::of(lesson, self.step);
        let theirs = |at: usize| {
            let turn = turns.at_play(at);
            turn.is_none() || session.is_none() || turn.as_deref() == session
        };
        let plays = lesson.steps.get(self.step)?.plays().enumerate();
        plays
            .filter(|(at, entry)| !self.done.contains_key(&(self.step, *at)) && fits(entry) && theirs(*at))
            .map(|(at, _)| (self.step, at))
            .next()
    }

    /// Whether a view says something new about the exercise, or about what lives in the step.
    pub fn learns_from(&self, view: &View) -> bool {
        let is_new = |play: Play| !self.done.contains_key(&play);
        self.lived(view).is_some_and(is_new) || self.is_checked_by(view)
    }

    fn is_checked_by(&self, view: &View) -> bool {
        view.checked.as_ref().is_some_and(|checked| match &checked.unmet {
            None => !self.passed.contains(&checked.step),
            Some(_) => checked.step == self.step && checked.unmet != self.unmet,
        })
    }

    /// What lives in the current step and has been played, as a view shows.
    fn lived(&self, view: &View) -> Option<Play> {
        let is_lived = |block: &&Block| match block {
            Block::Workload(plan) => {
                let played = view.workload.as_ref().filter(|workload| workload.plan.text == plan.text);
                played.is_some_and(|workload| workload.is_over || workload.elapsed >= LOOKED_AT)
            }
            Block::Race(plan) => {
                let run = view.race.as_ref().filter(|race| race.plan == *plan);
                run.is_some_and(|race| race.is_over())
            }
            _ => false,
        };
        let step = self.started.then(|| self.current())??;
        let at = living(step).position(|block| is_lived(&block))?;
        Some((self.step, LIVING + at))
    }

    pub fn saw(&mut self, view: &View) {
        if let Some(play) = self.lived(view) {
            self.done.insert(play, Rc::from(""));
        }
        let Some(checked) = &view.checked else { return };
        if checked.unmet.is_none() {
            self.passed.insert(checked.step);
        }
        if checked.step == self.step {
            self.unmet.clone_from(&checked.unmet);
        }
    }

    /// Whether everything in a step is done.
    pub fn is_complete(&self, at: usize) -> bool {
        let Some(step) = self.lesson().and_then(|lesson| lesson.steps.get(at)) else { return false };
        let mut plays = step.plays().enumerate().filter(|(_, entry)| is_to_do(entry));
        let played = plays.all(|(play, _)| self.done.contains_key(&(at, play)));
        let lived = (0..living(step).count()).all(|place| self.done.contains_key(&(at, LIVING + place)));
        self.started && played && lived && (step.check().is_none() || self.passed.contains(&at))
    }

    /// Steps that are done.
    pub fn completed(&self) -> usize {
        let steps = self.lesson().map_or(0, |lesson| lesson.steps.len());
        (0..steps).filter(|&step| self.is_complete(step)).count()
    }
}

/// What lives in a step.
pub fn living(step: &Step) -> impl Iterator<Item = &Block> {
    step.blocks.iter().filter(|block| matches!(block, Block::Workload(_) | Block::Race(_)))
}

/// Whether an entry asks for a click. Whose turn it is and what has arrived is shown without one.
fn is_to_do(entry: &Entry) -> bool {
    !matches!(entry, Entry::Session { .. } | Entry::Receive(_))
}

/// The same words, the command's in any case.
fn same_command(one: &[Vec<u8>], other: &[Vec<u8>]) -> bool {
    match (one, other) {
        ([name, args @ ..], [other_name, other_args @ ..]) => {
            name.eq_ignore_ascii_case(other_name) && args == other_args
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::clock::Reason;
    use crate::state::view::Checked;

    const SOURCE: &str = "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\n---\n## One\n\n```redis\n> PING\nPONG\n\
        @advance 10s\n> PING\nPONG\n```\n\n## Two\n\n```check\n> EXISTS a\n(integer) 1\n```\n\n```solution\n> SET a 1\nOK\n```\n\n```wrong\n> PING\nPONG\n```\n";

    fn started() -> LessonState {
        let mut state = LessonState::default();
        state.loaded(Lesson::parse(SOURCE).map(Rc::new).map_err(|error| error.to_string()));
        state.start();
        state
    }

    fn typed(words: &[&str]) -> Exchange {
        let argv = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        let (prompt, line, output) = ("> ".into(), words.join(" ").into(), "PONG\n".into());
        Exchange { prompt, line, argv, output, ..Exchange::default() }
    }

    #[test]
    fn typing_counts_as_well_as_clicking() {
        let mut state = started();
        state.ran("main", &[typed(&["ping"]), typed(&["ECHO", "x"])]);
        assert_eq!(state.done.keys().copied().collect::<Vec<_>>(), [(0, 0)]);
        let jump = |ms, play| Move { from: 0, to: ms, reason: Reason::Step, play, step: 1 };
        state.moved(&jump(9_999, None));
        assert!(!state.done.contains_key(&(0, 1)));
        state.moved(&jump(60_000, None));
        let click = Exchange { play: Some((0, 2)), ..typed(&["PING"]) };
        state.ran("main", &[click]);
        assert!(state.is_complete(0) && !state.is_complete(1));
        assert_eq!(state.completed(), 1);
    }

    #[test]
    fn an_exercise_is_passed_by_what_the_bridge_saw() {
        let mut state = started();
        state.go_to(7);
        assert_eq!(state.step, 1);
        let unmet = Unmet {
            command: "EXISTS a".into(),
            expected: "(integer) 1".into(),
            answered: "(integer) 0".into(),
        };
        let view = |unmet| View { checked: Some(Checked { step: 1, unmet }), ..View::default() };
        assert!(state.learns_from(&view(Some(unmet.clone()))));
        state.saw(&view(Some(unmet.clone())));
        assert_eq!(state.unmet, Some(unmet));
        state.saw(&view(None));
        assert!(state.is_complete(1) && state.unmet.is_none() && !state.learns_from(&view(None)));
    }

    #[test]
    fn another_lesson_begins_anew_and_the_same_one_goes_on() {
        let mut state = started();
        state.ran("main", &[typed(&["PING"])]);
        state.choose(FIRST);
        assert!(state.lesson().is_some() && state.done.len() == 1 && state.started);
        state.loaded(Err("gone".to_owned()));
        state.choose(FIRST);
        assert_eq!((state.load.clone(), state.done.len(), state.started), (Load::Loading, 1, true));
        state.choose("other");
        assert_eq!((state.name(), state.done.len(), state.started), ("other", 0, false));
    }

    #[test]
    fn a_name_tells_where_a_lesson_is_from() {
        for source in [Source::List("a-b"), Source::File("my: own.md"), Source::Address("/x/y.md?z")] {
            assert_eq!(Source::of(&source.name()), source);
        }
    }

    #[test]
    fn nothing_counts_before_the_start() {
        let mut state = started();
        state.started = false;
        state.ran("main", &[typed(&["PING"])]);
        assert!(state.done.is_empty());
    }
}
