//! The bridge: the only part of the page that holds the engine.
//!
//! Components say what the reader wants ([`Intent`]); the bridge executes commands, moves the clock and answers with
//! [`Action`]s for the reducer. It reads no time: the ticker says how much has passed. It knows nothing of the browser,
//! so all of it is tested natively.

mod index;
mod look;
mod sessions;
mod survey;
#[cfg(test)]
mod tests;

use std::rc::Rc;
use std::time::Duration;

use playground_engine::picture::Lens;
use playground_engine::{Engine, Event, Options, print};
use playground_scenarios::{Check, Entry};

use crate::state::Action;
use crate::state::clock::{Move, Reason};
use crate::state::lesson::Play;
use crate::state::memory::Scope;
use crate::state::sessions::{Focus, MAIN, TabId};
use crate::state::turns;
use crate::state::view::Checked;
use index::KeyIndex;
use sessions::Clients;
use survey::Surveyor;

/// Something that the reader, the lesson or the ticker wants of the engine.
#[derive(Clone, Debug)]
pub enum Intent {
    /// Look, without doing anything: at the start.
    Look,
    /// Lines for the shown session.
    Run(Vec<String>),
    /// Lines typed, pasted or clicked in a session.
    RunIn(TabId, Vec<String>),
    /// Go on with lines that wait.
    Continue,
    /// Forget the lines that wait in a session.
    Stop(TabId),
    /// Have a session give up what it waits for.
    Cancel(TabId),
    /// A new session.
    Open(Focus),
    Show(TabId, Focus),
    /// The session after the shown one, or before it.
    Turn {
        back: bool,
    },
    Close(TabId, Focus),
    /// A thing to do in the lesson, and in which session; in the shown one where the lesson names none.
    Play {
        entry: Entry,
        play: Option<Play>,
        speaker: Option<Rc<str>>,
    },
    /// What a lesson starts from.
    SetUp(Vec<Entry>),
    /// The clock ran by so many virtual milliseconds.
    Tick(u64),
    /// The reader moves the clock by so many milliseconds.
    Step(u64),
    /// The reader sets the clock forward.
    SetTo(u64),
    NextExpiry,
    /// Look into a key, or into none.
    Select(Option<Rc<[u8]>>),
    /// Look into the key at this place among all of the database, by name.
    SelectAt(usize),
    /// The rows of the list of keys that are on the screen.
    Window {
        first: usize,
        len: usize,
    },
    /// How to look into a key, while it is the one looked into.
    Inspect(Rc<[u8]>, Lens),
    /// What the lesson's current step draws and checks.
    Watch(Watch),
    /// Go on with the survey of what takes memory there.
    Survey(Scope),
}

/// What the lesson wants seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    pub step: usize,
    pub picture: Option<Vec<u8>>,
    pub check: Option<Check>,
}

/// The engine and what the page looks at.
#[derive(Debug)]
pub struct Bridge {
    engine: Engine,
    clients: Clients,
    index: KeyIndex,
    window: (usize, usize),
    selected: Option<Rc<[u8]>>,
    /// The reader chose the key; otherwise the inspector follows what changes.
    pinned: bool,
    /// How to look, and at which key.
    lens: (Rc<[u8]>, Lens),
    watch: Watch,
    checked: Option<Checked>,
    surveyor: Surveyor,
}

impl Default for Bridge {
    fn default() -> Self {
        let mut engine = Engine::new(Options::default());
        let clients = Clients::connect(&mut engine);
        Self {
            engine,
            clients,
            index: KeyIndex::default(),
            window: (0, 60),
            selected: None,
            pinned: false,
            lens: (Rc::new([]), Lens::default()),
            watch: Watch::default(),
            checked: None,
            surveyor: Surveyor::default(),
        }
    }
}

impl Bridge {
    /// Does what is wanted, and tells what came of it.
    pub fn perform(&mut self, intent: Intent) -> Vec<Action> {
        let mut actions = Vec::new();
        match intent {
            Intent::Look => {}
            Intent::Run(lines) => self.run(self.shown(), lines, None, &mut actions),
            Intent::RunIn(tab, lines) => self.run(tab, lines, None, &mut actions),
            Intent::Continue => self.go_on(&mut actions),
            Intent::Stop(tab) => self.stop(tab, &mut actions),
            Intent::Cancel(tab) => self.cancel(tab, &mut actions),
            Intent::Open(focus) => {
                self.open(None, focus, &mut actions);
            }
            Intent::Show(tab, focus) => self.show(tab, focus, &mut actions),
            Intent::Turn { back } => self.turn(back, &mut actions),
            Intent::Close(tab, focus) => self.close(tab, focus, None, &mut actions),
            Intent::Play { entry, play, speaker } => self.play(&entry, play, speaker, &mut actions),
            Intent::SetUp(entries) => self.set_up(&entries, &mut actions),
            Intent::Tick(ms) => {
                let events = self.engine.advance(Duration::from_millis(ms));
                self.took_place(events, &mut actions);
            }
            Intent::Step(ms) => self.step(ms, Reason::Step, None, &mut actions),
            Intent::SetTo(moment) => {
                self.step(moment.saturating_sub(self.engine.now()), Reason::Set, None, &mut actions);
            }
            Intent::NextExpiry => self.next_expiry(&mut actions),
            Intent::Select(key) => {
                self.pinned = key.is_some();
                self.selected = key;
            }
            Intent::SelectAt(place) => {
                if let Some(found) = self.index.keys(self.db()).get(place) {
                    self.selected = Some(found.key.clone());
                    self.pinned = true;
                }
            }
            Intent::Inspect(key, lens) => self.lens = (key, lens),
            Intent::Window { first, len } => self.window = (first, len),
            // Nothing has happened: there is nothing else to see.
            Intent::Survey(scope) => return self.survey(&scope).map(Action::Surveyed).into_iter().collect(),
            Intent::Watch(watch) => {
                let another = watch.picture != self.watch.picture;
                self.watch = watch;
                if another {
                    self.pinned = false;
                    self.follow(&[]);
                }
                self.check();
            }
        }
        self.collect(&mut actions);
        if self.index.keys(self.db()).is_empty() {
            // The list that comes after an empty one starts at its top.
            self.window.0 = 0;
        }
        actions.push(Action::Seen(Rc::new(self.look())));
        actions
    }

    /// Whether lines wait for [`Intent::Continue`].
    pub fn is_waiting(&self) -> bool {
        !self.runnable().is_empty()
    }

    /// Plays something of a lesson, in the session whose turn it is.
    fn play(
        &mut self,
        entry: &Entry,
        play: Option<Play>,
        speaker: Option<Rc<str>>,
        actions: &mut Vec<Action>,
    ) {
        let line = match entry {
            Entry::Run(run) => run.text.clone(),
            Entry::Config { key, value, .. } => {
                format!("CONFIG SET {key} {}", print::quoted(value.as_bytes()))
            }
            Entry::Advance { by, .. } => {
                let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
                return self.step(ms, Reason::Step, play, actions);
            }
            Entry::Session { name, .. } => {
                self.speaker(&name.as_str().into(), actions);
                return;
            }
            // What has arrived is in the session's log already: it is enough to show it.
            Entry::Receive(_) => {
                if let Some(name) = speaker {
                    self.speaker(&name, actions);
                }
                return;
            }
            Entry::Close { .. } => return self.hang_up(speaker.as_deref().unwrap_or(MAIN), play, actions),
        };
        let tab = match speaker {
            Some(name) => self.speaker(&name, actions),
            None => self.shown(),
        };
        self.run(tab, vec![line], play, actions);
    }

    /// What a lesson starts from; its sessions take turns as in a transcript.
    fn set_up(&mut self, entries: &[Entry], actions: &mut Vec<Action>) {
        let mut speaker = turns::names_sessions(entries).then(|| MAIN.into());
        for entry in entries {
            if let Entry::Session { name, .. } = entry {
                speaker = Some(name.as_str().into());
            }
            self.play(entry, None, speaker.clone(), actions);
        }
    }

    fn step(&mut self, ms: u64, reason: Reason, play: Option<Play>, actions: &mut Vec<Action>) {
        let from = self.engine.now();
        let events = self.engine.advance(Duration::from_millis(ms));
        actions.push(Action::Moved(Move { from, to: self.engine.now(), reason, play }));
        self.took_place(events, actions);
    }

    fn next_expiry(&mut self, actions: &mut Vec<Action>) {
        let from = self.engine.now();
        let events = self.engine.advance_to_next_expiry();
        let to = self.engine.now();
        if to != from {
            actions.push(Action::Moved(Move { from, to, reason: Reason::NextExpiry, play: None }));
        }
        self.took_place(events, actions);
    }

    /// Keeps the index and the exercise in step with what happened to the keys.
    fn took_place(&mut self, events: Vec<Event>, actions: &mut Vec<Action>) {
        if events.is_empty() {
            return;
        }
        self.index.follow(&events, &self.engine);
        self.follow(&events);
        self.check();
        actions.push(Action::Happened(events));
    }

    /// Looks into the lesson's key where there is one, else into what changed last, unless the reader chose a key.
    fn follow(&mut self, events: &[Event]) {
        if self.pinned {
            return;
        }
        let db = self.db();
        let exists = |key: &[u8]| self.engine.inspect(db, key, 0).is_some();
        let picture = self.watch.picture.as_deref().filter(|key| exists(key));
        let mut changed =
            events.iter().rev().filter(|event| event.db == db).map(|event| event.key.as_slice());
        let key = picture.or_else(|| changed.find(|key| exists(key)));
        if let Some(key) = key {
            self.selected = Some(key.into());
        }
    }
}
