//! What the page shows, and how it changes: a state and pure reducers, one part a file.
//!
//! Nothing here touches the engine, the browser or time. The bridge and the components send [`Action`]s; the reducer
//! makes the next state of them. Parts are shared by reference count, so a component whose part did not change is not
//! drawn again.

pub mod assist;
pub mod clock;
pub mod debugger;
pub mod editor;
pub mod eviction;
pub mod history;
pub mod inside;
pub mod inspect;
pub mod keys;
pub mod lab;
pub mod layout;
pub mod lesson;
pub mod lessons;
pub mod living;
pub mod memory;
pub mod save;
pub mod sessions;
pub mod terminal;
pub mod timeline;
pub mod travel;
pub mod turns;
pub mod view;

use std::rc::Rc;

use playground_scenarios::Lesson;

use assist::{Assist, AssistAction};
use clock::{ClockMode, Move};
use debugger::{DebugAction, Debugging};
use editor::{Editor, EditorAction};
use eviction::Departures;
use history::History;
use inspect::{Glances, InspectAction};
use lab::{LabAction, LabState};
use layout::{Hidden, Layout, Picture, Theme, Zone};
use lesson::{LessonState, Play};
use lessons::{Lessons, LessonsAction};
use memory::{Memory, Scope, Survey};
use save::{SaveAction, SaveState};
use sessions::{Focus, Sessions, TabId};
use terminal::{Arrival, Exchange, Terminal};
use timeline::{Filter, Happening, Timeline};
use travel::When;
use view::{Ghosts, View};

/// All that the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub sessions: Rc<Sessions>,
    pub view: Rc<View>,
    pub ghosts: Rc<Ghosts>,
    pub timeline: Rc<Timeline>,
    pub clock: ClockMode,
    /// It goes faster than the reader set it, for the sake of simulated clients.
    hurries: bool,
    pub lesson: Rc<LessonState>,
    pub lessons: Rc<Lessons>,
    pub layout: Layout,
    pub history: Rc<History>,
    pub memory: Rc<Memory>,
    pub departures: Rc<Departures>,
    /// How often something was asked of the past that only the present can do.
    pub held: u64,
    pub lab: Rc<LabState>,
    pub assist: Rc<Assist>,
    pub glances: Rc<Glances>,
    pub editor: Rc<Editor>,
    pub save: Rc<SaveState>,
    pub debugging: Rc<Debugging>,
}

/// Everything that can happen to the state.
#[derive(Clone, Debug)]
pub enum Action {
    // From the bridge: what came of commands and of time.
    Ran(TabId, Vec<Exchange>),
    /// Something that came by itself: late answers and messages.
    Arrived(TabId, Vec<Arrival>),
    Opened(TabId, Rc<str>),
    Shown(TabId, Focus),
    Closed {
        tab: TabId,
        name: Rc<str>,
        play: Option<Play>,
    },
    /// A session disconnected whose tab stays.
    HungUp {
        name: Rc<str>,
        play: Option<Play>,
    },
    Happened(Vec<Happening>),
    Moved(Move),
    Seen(Rc<View>),
    Surveyed(Rc<Survey>),
    /// Lines that still wait to be run: how many, of how many.
    Waiting {
        tab: TabId,
        left: usize,
        of: usize,
    },
    Cleared(TabId),
    /// Nothing was done, since the past is looked at.
    Held,
    /// The present is another now: what came after this did not happen.
    Branched(When),
    /// What helps whoever types and reads.
    Assist(AssistAction),

    // From components and hooks.
    /// Show all lines of a reply.
    Expand(TabId, u64),
    /// All sessions side by side, or one.
    Beside(bool),
    /// Expired keys up to this number have left the picture.
    GhostsGone(u64),
    Running(bool),
    /// Simulated clients have come, by the reader's wish.
    ClientsStarted,
    Speed(u32),
    LessonLoaded(Result<Rc<Lesson>, String>),
    /// The lesson of a name, or the same once more.
    LessonChosen(Rc<str>),
    /// A lesson of the reader's own, and what it is called.
    LessonOpened(Rc<str>, Rc<Lesson>),
    /// From its first step, with nothing done.
    LessonStarted,
    /// From where the reader was.
    LessonResumed,
    LessonStep(usize),
    SolutionShown,
    /// The list of lessons and the guide.
    Lessons(LessonsAction),
    ShowZone(Zone),
    /// Hides a zone or shows it again.
    ToggleZone(Zone),
    /// The zones that were hidden when the page was last open.
    Hidden(Hidden),
    /// Opens or closes the list of shortcuts.
    Shortcuts(bool),
    ShowPicture(Picture),
    /// Draw other marks on the timeline.
    Filter(Filter),
    /// Draw another part of the keyspace.
    LookAt(Scope),
    /// Look into one of the last victims, or into none.
    ChooseVictim(Option<u64>),
    Drawer(bool),
    Theme(Theme),
    Lab(LabAction),
    /// Look at a key in another way.
    Inspect(InspectAction),
    /// The script editor.
    Editor(EditorAction),
    /// Keeping and sharing.
    Save(SaveAction),
    /// A script that is gone through.
    Debug(DebugAction),
}

impl State {
    /// The next state.
    #[must_use]
    pub fn reduce(&self, action: Action) -> Self {
        let mut next = self.clone();
        next.apply(action);
        next.note_lesson();
        next
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::Ran(tab, exchanges) => {
                if let Some(session) = self.sessions.get(tab) {
                    Rc::make_mut(&mut self.lesson).ran(&session.name, &exchanges);
                }
                Rc::make_mut(&mut self.timeline).ran(tab, &exchanges);
                Rc::make_mut(&mut self.editor).ran(tab, &exchanges);
                Rc::make_mut(&mut self.assist).ran(&exchanges);
                Rc::make_mut(&mut self.sessions).ran(tab, exchanges);
            }
            Action::Arrived(tab, arrivals) => {
                Rc::make_mut(&mut self.timeline).arrived(tab, &arrivals);
                Rc::make_mut(&mut self.sessions).arrived(tab, arrivals);
            }
            Action::Opened(tab, name) => Rc::make_mut(&mut self.sessions).opened(tab, name),
            Action::Shown(tab, focus) => {
                Rc::make_mut(&mut self.sessions).show(tab, focus);
                if focus == Focus::Prompt {
                    self.layout.zone = Zone::Do;
                }
            }
            Action::Closed { tab, name, play } => {
                Rc::make_mut(&mut self.lesson).hung_up(&name, play);
                Rc::make_mut(&mut self.sessions).closed(tab);
            }
            Action::HungUp { name, play } => Rc::make_mut(&mut self.lesson).hung_up(&name, play),
            Action::Happened(happened) => {
                let events = || happened.iter().map(|happening| &happening.event);
                if Departures::learns_from(events()) {
                    Rc::make_mut(&mut self.departures).happened(events());
                }
                Rc::make_mut(&mut self.ghosts).left(events(), &self.view);
                Rc::make_mut(&mut self.timeline).happened(happened);
            }
            Action::Held => self.held += 1,
            Action::Branched(When { step, at }) => {
                Rc::make_mut(&mut self.sessions).cut(step);
                Rc::make_mut(&mut self.timeline).cut(step);
                Rc::make_mut(&mut self.departures).cut(at);
                Rc::make_mut(&mut self.history).cut(at);
            }
            Action::Moved(moved) => {
                Rc::make_mut(&mut self.lesson).moved(&moved);
                Rc::make_mut(&mut self.timeline).moved(moved);
            }
            Action::Seen(view) => {
                if self.lesson.learns_from(&view) {
                    Rc::make_mut(&mut self.lesson).saw(&view);
                }
                if self.history.learns_from(&view) {
                    Rc::make_mut(&mut self.history).saw(&view);
                }
                self.view = view;
                self.calm_down();
            }
            Action::Surveyed(survey) => Rc::make_mut(&mut self.memory).surveyed(survey),
            Action::Waiting { tab, left, of } => {
                Rc::make_mut(&mut self.sessions).change(tab, |terminal| terminal.waiting(left, of));
                if left == 0 && self.editor.waits_for(tab) {
                    Rc::make_mut(&mut self.editor).none_waits(tab);
                }
            }
            Action::Cleared(tab) => Rc::make_mut(&mut self.sessions).change(tab, Terminal::clear),
            Action::Assist(action) => self.assist(action),
            Action::Expand(tab, id) => {
                Rc::make_mut(&mut self.sessions).change(tab, |terminal| terminal.expand(id));
            }
            Action::Beside(beside) => Rc::make_mut(&mut self.sessions).set_beside(beside),
            Action::GhostsGone(up_to) => Rc::make_mut(&mut self.ghosts).gone(up_to),
            Action::Running(running) => self.run(running),
            Action::Speed(speed) => self.choose_speed(speed),
            Action::ClientsStarted => self.clients_started(),
            Action::LessonLoaded(lesson) => {
                Rc::make_mut(&mut self.lesson).loaded(lesson);
                self.show_picture();
            }
            Action::LessonChosen(name) => {
                Rc::make_mut(&mut self.lesson).choose(&name);
                Rc::make_mut(&mut self.lessons).close();
            }
            Action::LessonOpened(name, lesson) => {
                Rc::make_mut(&mut self.lesson).open(name, lesson);
                Rc::make_mut(&mut self.lessons).close();
            }
            Action::LessonStarted => {
                Rc::make_mut(&mut self.lesson).start();
                self.enter_step();
            }
            Action::LessonResumed => {
                let mark = self.lessons.marks.get(self.lesson.name()).cloned().unwrap_or_default();
                Rc::make_mut(&mut self.lesson).resume(&mark);
                self.enter_step();
            }
            Action::LessonStep(step) => {
                Rc::make_mut(&mut self.lesson).go_to(step);
                self.enter_step();
            }
            Action::Lessons(action) => self.lessons(action),
            Action::SolutionShown => Rc::make_mut(&mut self.lesson).solution_shown = true,
            Action::ShowZone(zone) => self.layout.zone = zone,
            Action::ToggleZone(zone) => {
                self.layout.hidden = self.layout.hidden.toggled(zone);
                self.layout.zone = zone;
            }
            Action::Hidden(hidden) => self.layout.hidden = hidden,
            Action::Shortcuts(open) => self.layout.shortcuts = open,
            Action::ShowPicture(picture) => self.layout.picture = picture,
            Action::Filter(filter) => Rc::make_mut(&mut self.timeline).filter = filter,
            Action::LookAt(scope) => Rc::make_mut(&mut self.memory).look_at(scope),
            Action::ChooseVictim(id) => Rc::make_mut(&mut self.departures).choose(id),
            Action::Drawer(open) => self.layout.drawer = open,
            Action::Theme(theme) => self.layout.theme = Some(theme),
            Action::Lab(action) => Rc::make_mut(&mut self.lab).apply(action),
            Action::Editor(action) => Rc::make_mut(&mut self.editor).apply(action),
            Action::Inspect(action) => Rc::make_mut(&mut self.glances).apply(action),
            Action::Save(action) => self.save(action),
            Action::Debug(action) => Rc::make_mut(&mut self.debugging).apply(action),
        }
    }

    fn assist(&mut self, action: AssistAction) {
        match action {
            AssistAction::Known(known) => Rc::make_mut(&mut self.assist).known = Rc::new(known),
            AssistAction::Remembered(lines) => Rc::make_mut(&mut self.assist).remembered(lines),
            AssistAction::Insert(tab, line) => Rc::make_mut(&mut self.assist).insert(tab, line),
            AssistAction::ShowAs { tab, id, view, always } => {
                Rc::make_mut(&mut self.sessions).change(tab, |terminal| terminal.show_as(id, view, always));
            }
            AssistAction::Explain { tab, id, open } => {
                Rc::make_mut(&mut self.sessions).change(tab, |terminal| terminal.explain(id, open));
            }
        }
    }
}
