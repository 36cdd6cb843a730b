//! What the page shows, and how it changes: a state and pure reducers, one part a file.
//!
//! Nothing here touches the engine, the browser or time. The bridge and the components send [`Action`]s; the reducer
//! makes the next state of them. Parts are shared by reference count, so a component whose part did not change is not
//! drawn again.

pub mod clock;
pub mod eviction;
pub mod history;
pub mod layout;
pub mod lesson;
pub mod memory;
pub mod terminal;
pub mod timeline;
pub mod view;

use std::rc::Rc;

use playground_engine::Event;
use playground_scenarios::Lesson;

use clock::{ClockMode, Move};
use eviction::Departures;
use history::History;
use layout::{Layout, Picture, Theme, Zone};
use lesson::LessonState;
use memory::{Memory, Scope, Survey};
use terminal::{Arrival, Exchange, Terminal};
use timeline::Timeline;
use view::{Ghosts, View};

/// All that the page shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub terminal: Rc<Terminal>,
    pub view: Rc<View>,
    pub ghosts: Rc<Ghosts>,
    pub timeline: Rc<Timeline>,
    pub clock: ClockMode,
    pub lesson: Rc<LessonState>,
    pub layout: Layout,
    pub history: Rc<History>,
    pub memory: Rc<Memory>,
    pub departures: Rc<Departures>,
}

/// Everything that can happen to the state.
#[derive(Clone, Debug)]
pub enum Action {
    // From the bridge: what came of commands and of time.
    Ran(Vec<Exchange>),
    /// Something that came by itself: late answers and messages.
    Arrived(Vec<Arrival>),
    Happened(Vec<Event>),
    Moved(Move),
    Seen(Rc<View>),
    Surveyed(Rc<Survey>),
    /// Lines that still wait to be run: how many, of how many.
    Waiting {
        left: usize,
        of: usize,
    },
    Cleared,

    // From components and hooks.
    /// Show all lines of a reply.
    Expand(u64),
    /// Expired keys up to this number have left the picture.
    GhostsGone(u64),
    Running(bool),
    Speed(u32),
    LessonLoaded(Result<Rc<Lesson>, String>),
    LessonRetried,
    LessonStarted,
    LessonStep(usize),
    SolutionShown,
    ShowZone(Zone),
    ShowPicture(Picture),
    /// Draw another part of the keyspace.
    LookAt(Scope),
    /// Look into one of the last victims, or into none.
    ChooseVictim(Option<u64>),
    Drawer(bool),
    Theme(Theme),
}

impl State {
    /// The next state.
    #[must_use]
    pub fn reduce(&self, action: Action) -> Self {
        let mut next = self.clone();
        next.apply(action);
        next
    }

    fn apply(&mut self, action: Action) {
        match action {
            Action::Ran(exchanges) => {
                Rc::make_mut(&mut self.lesson).ran(&exchanges);
                Rc::make_mut(&mut self.terminal).ran(exchanges);
            }
            Action::Arrived(arrivals) => Rc::make_mut(&mut self.terminal).arrived(arrivals),
            Action::Happened(events) => {
                if Departures::learns_from(&events) {
                    Rc::make_mut(&mut self.departures).happened(&events);
                }
                Rc::make_mut(&mut self.ghosts).left(&events, &self.view);
                Rc::make_mut(&mut self.timeline).happened(events);
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
            }
            Action::Surveyed(survey) => Rc::make_mut(&mut self.memory).surveyed(survey),
            Action::Waiting { left, of } => Rc::make_mut(&mut self.terminal).waiting(left, of),
            Action::Cleared => Rc::make_mut(&mut self.terminal).clear(),
            Action::Expand(id) => Rc::make_mut(&mut self.terminal).expand(id),
            Action::GhostsGone(up_to) => Rc::make_mut(&mut self.ghosts).gone(up_to),
            Action::Running(running) => {
                self.clock.running = running;
                Rc::make_mut(&mut self.timeline).mode(self.view.now, self.clock);
            }
            Action::Speed(speed) => {
                self.clock.speed = speed.max(1);
                Rc::make_mut(&mut self.timeline).mode(self.view.now, self.clock);
            }
            Action::LessonLoaded(lesson) => Rc::make_mut(&mut self.lesson).loaded(lesson),
            Action::LessonRetried => self.lesson = Rc::default(),
            Action::LessonStarted => Rc::make_mut(&mut self.lesson).start(),
            Action::LessonStep(step) => Rc::make_mut(&mut self.lesson).go_to(step),
            Action::SolutionShown => Rc::make_mut(&mut self.lesson).solution_shown = true,
            Action::ShowZone(zone) => self.layout.zone = zone,
            Action::ShowPicture(picture) => self.layout.picture = picture,
            Action::LookAt(scope) => Rc::make_mut(&mut self.memory).look_at(scope),
            Action::ChooseVictim(id) => Rc::make_mut(&mut self.departures).choose(id),
            Action::Drawer(open) => self.layout.drawer = open,
            Action::Theme(theme) => self.layout.theme = Some(theme),
        }
    }
}
