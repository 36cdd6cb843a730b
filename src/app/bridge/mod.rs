//! The bridge: the only part of the page that holds the engine.
//!
//! Components say what the reader wants ([`Intent`]); the bridge executes commands, moves the clock and answers with
//! [`Action`]s for the reducer. It reads no time: the ticker says how much has passed. It knows nothing of the browser,
//! so all of it is tested natively.

mod assist;
mod debug;
#[cfg(test)]
mod debug_tests;
mod for_redis_cli;
mod journal;
mod keys;
mod living;
#[cfg(test)]
mod living_tests;
mod look;
mod save;
#[cfg(test)]
mod save_tests;
#[cfg(test)]
mod script_tests;
mod sessions;
mod survey;
#[cfg(test)]
mod tests;
mod travel;
#[cfg(test)]
mod travel_tests;
mod world;

use std::rc::Rc;

use playground_engine::picture::Lens;
use playground_engine::{Event, Options, print};
use playground_scenarios::{Check, Entry};

use crate::state::Action;
use crate::state::clock::{Move, Reason};
use crate::state::keys::KeysIntent;
use crate::state::lesson::Play;
use crate::state::memory::Scope;
use crate::state::sessions::{Focus, MAIN, TabId};
use crate::state::timeline::Happening;
use crate::state::travel::When;
use crate::state::turns;
use crate::state::view::Checked;
pub use assist::AssistIntent;
pub use debug::DebugIntent;
use journal::Journal;
use keys::{KeyIndex, KeyList};
pub use living::LivingIntent;
use save::Keeping;
use sessions::Clients;
use survey::Surveyor;
use travel::{Going, Present};
use world::{Input, Mail, World};

pub use save::SaveIntent;

/// Something that the reader, the lesson or the ticker wants of the engine.
#[derive(Clone, Debug)]
pub enum Intent {
    /// Look, without doing anything: at the start.
    Look,
    /// Lines for the shown session.
    Run(Vec<String>),
    /// Lines typed, pasted or clicked in a session.
    RunIn(TabId, Vec<String>),
    /// Lines of the script, each known again by being the same, not by its text.
    RunScript(TabId, Vec<Rc<str>>),
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
    /// The clock ran by so many virtual milliseconds, in one of the works that the page had.
    Tick {
        ms: u64,
        work: u64,
    },
    /// The reader moves the clock by so many milliseconds.
    Step(u64),
    /// The reader sets the clock forward.
    SetTo(u64),
    NextExpiry,
    /// To the moment at which the next session gives up waiting.
    NextTimeout,
    Travel(Journey),
    /// Look into a key, or into none.
    Select(Option<Rc<[u8]>>),
    /// Look into what has the row at this place of the list.
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
    /// Help for whoever types.
    Assist(AssistIntent),
    /// Go on with the survey of what takes memory there.
    Survey(Scope),
    /// Something of the list of keys.
    Keys(KeysIntent),
    /// Keep, share, or do again.
    Save(SaveIntent),
    /// Go through a script, on a copy.
    Debug(DebugIntent),
    /// Simulated clients, and races.
    Living(LivingIntent),
}

/// Where to go in time, without the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Journey {
    /// Look at a step.
    To(u64),
    /// Look at the step before the one that is seen, or at the one after it.
    Back,
    Forth,
    /// Stay here, on the way to a step.
    Stop,
    Return,
    /// Go on from the step that is looked at.
    Branch,
}

impl Intent {
    /// Whether it would change something in Redis.
    fn acts(&self) -> bool {
        match self {
            Self::Run(_)
            | Self::RunIn(..)
            | Self::RunScript(..)
            | Self::Cancel(_)
            | Self::Open(_)
            | Self::Close(..)
            | Self::Play { .. }
            | Self::Step(_)
            | Self::SetTo(_)
            | Self::NextExpiry
            | Self::NextTimeout
            | Self::Debug(DebugIntent::Begin { .. })
            | Self::Living(_)
            | Self::Keys(KeysIntent::Delete) => true,
            Self::Look
            | Self::Continue
            | Self::Stop(_)
            | Self::Show(..)
            | Self::Turn { .. }
            | Self::SetUp(_)
            | Self::Tick { .. }
            | Self::Travel(_)
            | Self::Select(_)
            | Self::SelectAt(_)
            | Self::Window { .. }
            | Self::Watch(_)
            | Self::Survey(_)
            | Self::Assist(_)
            | Self::Inspect(..)
            | Self::Keys(_)
            | Self::Debug(_)
            | Self::Save(_) => false,
        }
    }

    /// Whether it waits while a script is gone through: the copy is to stay like the original.
    fn is_for_later(&self) -> bool {
        self.acts() || matches!(self, Self::Tick { .. } | Self::Travel(_) | Self::Continue)
    }
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
    /// What is seen: the present, or the past that is looked at.
    world: World,
    journal: Journal,
    /// Late answers and messages that no terminal has shown yet.
    mail: Vec<(TabId, Mail, When)>,
    /// While the past is looked at: the present, and the step that is seen.
    present: Option<Present>,
    seen: u64,
    going: Option<Going>,
    clients: Clients,
    index: KeyIndex,
    list: KeyList,
    window: (usize, usize),
    selected: Option<Rc<[u8]>>,
    /// The reader chose the key; otherwise the inspector follows what changes.
    pinned: bool,
    /// How to look, and at which key.
    lens: (Rc<[u8]>, Lens),
    watch: Watch,
    checked: Option<Checked>,
    surveyor: Surveyor,
    keeping: Keeping,
    debugging: Option<debug::Debugging>,
    pace: living::Pace,
    racing: Option<living::Racing>,
}

impl Default for Bridge {
    fn default() -> Self {
        let mut world = World::new(Options::default());
        let clients = Clients::connect(&mut world);
        Self {
            journal: Journal::new(&world),
            world,
            mail: Vec::new(),
            present: None,
            seen: 0,
            going: None,
            clients,
            index: KeyIndex::default(),
            list: KeyList::default(),
            window: (0, 60),
            selected: None,
            pinned: false,
            lens: (Rc::new([]), Lens::default()),
            watch: Watch::default(),
            checked: None,
            surveyor: Surveyor::default(),
            keeping: Keeping::default(),
            debugging: None,
            pace: living::Pace::default(),
            racing: None,
        }
    }
}

impl Bridge {
    /// Does what is wanted, and tells what came of it.
    pub fn perform(&mut self, intent: Intent) -> Vec<Action> {
        let mut actions = Vec::new();
        if (self.is_in_past() || self.is_restoring()) && intent.acts() {
            return vec![Action::Held];
        }
        if self.is_debugging() && intent.is_for_later() {
            return actions;
        }
        match intent {
            Intent::Look => {}
            Intent::Debug(intent) => {
                if !self.debug(intent, &mut actions) {
                    return actions;
                }
            }
            Intent::Save(intent) => self.save(intent, &mut actions),
            Intent::Continue if self.is_restoring() => self.restore_further(&mut actions),
            // Until a record is done, no time passes besides and there is no past.
            Intent::Tick { .. } | Intent::Travel(_) if self.is_restoring() => return actions,
            Intent::Watch(watch) if self.is_restoring() => {
                self.watch_later(watch);
                return actions;
            }
            Intent::Travel(journey) => self.set_out(journey, &mut actions),
            Intent::Continue if self.is_going() => self.go_further(),
            // Another work has come, and the page has not yet heard whether its clock runs.
            Intent::Tick { work, .. } if work != self.works() => return actions,
            // No time passes while the past is looked at, and what waits goes on waiting.
            Intent::Tick { .. } | Intent::Continue if self.is_in_past() || self.is_going() => return actions,
            Intent::Run(lines) => self.run(self.shown(), lines, None, &mut actions),
            Intent::RunIn(tab, lines) => self.run(tab, lines, None, &mut actions),
            Intent::RunScript(tab, lines) => self.run_script(tab, &lines, &mut actions),
            Intent::Continue if self.owes_time() && self.runnable().is_empty() => {
                self.play_further(&mut actions);
            }
            Intent::Continue => {
                // A copy of all keys is enough for one turn.
                if !self.journal.rest(&self.world) {
                    self.go_on(&mut actions);
                }
            }
            Intent::Stop(tab) => self.stop(tab, &mut actions),
            Intent::Cancel(tab) => self.cancel(tab, &mut actions),
            Intent::Open(focus) => {
                self.open(None, focus, &mut actions);
            }
            Intent::Show(tab, focus) => self.show(tab, focus, &mut actions),
            Intent::Turn { back } => self.turn(back, &mut actions),
            Intent::Close(tab, focus) => self.close(tab, focus, None, &mut actions),
            Intent::Play { entry, play, speaker } => self.play(&entry, play, speaker, &mut actions),
            Intent::SetUp(entries) => {
                self.come_back();
                self.restore_all(&mut actions);
                self.end_workload(&mut actions);
                self.racing = None;
                self.set_up(&entries, &mut actions);
            }
            Intent::Tick { ms, .. } if self.world.is_simulating() => {
                self.journal.rest(&self.world);
                self.tick_with_clients(ms, &mut actions);
            }
            Intent::Tick { ms, .. } => {
                self.journal.rest(&self.world);
                let (happened, _) = self.input(Input::Pass(ms));
                self.took_place(happened, &mut actions);
            }
            Intent::Living(intent) => self.living(intent, &mut actions),
            Intent::Step(ms) => self.step(ms, Reason::Step, None, &mut actions),
            Intent::SetTo(moment) => {
                self.step(moment.saturating_sub(self.world.engine.now()), Reason::Set, None, &mut actions);
            }
            Intent::NextExpiry => self.next_expiry(&mut actions),
            Intent::NextTimeout => {
                if let Some(at) = self.next_timeout() {
                    let ms = at.saturating_sub(self.world.engine.now());
                    self.step(ms, Reason::NextTimeout, None, &mut actions);
                }
            }
            Intent::Select(key) => self.select(key),
            Intent::SelectAt(place) => self.select_at(place),
            Intent::Inspect(key, lens) => self.lens = (key, lens),
            Intent::Window { first, len } => self.window = (first, len),
            // Nothing has happened: there is nothing else to see.
            Intent::Assist(intent) => return self.assist(intent),
            Intent::Survey(scope) => return self.survey(&scope).map(Action::Surveyed).into_iter().collect(),
            Intent::Keys(intent) => {
                if !self.keys(intent, &mut actions) {
                    return actions;
                }
            }
            Intent::Watch(watch) => {
                // A step that is entered has its key looked into, whatever the reader looked into before.
                let entered = watch.step != self.watch.step && watch.picture.is_some();
                let another = entered || watch.picture != self.watch.picture;
                self.watch = watch;
                if another {
                    self.pinned = false;
                    self.list.space = None;
                    self.follow(&[]);
                }
                self.check();
            }
        }
        self.collect(&mut actions);
        self.put_in_order();
        if self.index.here().len() == 0 {
            // The list that comes after an empty one starts at its top.
            self.window.0 = 0;
        }
        actions.push(Action::Seen(Rc::new(self.look())));
        actions
    }

    /// Whether lines wait for [`Intent::Continue`].
    pub fn is_waiting(&self) -> bool {
        let may_run = !self.is_in_past() && !self.is_restoring();
        !self.is_debugging()
            && (self.is_going()
                || self.restores_on()
                || self.owes_time()
                || may_run && !self.runnable().is_empty())
    }

    fn set_out(&mut self, journey: Journey, actions: &mut Vec<Action>) {
        let seen = if self.is_in_past() { self.seen } else { self.journal.steps() };
        match journey {
            Journey::To(step) => self.travel(step),
            Journey::Back => self.travel(seen.saturating_sub(1)),
            Journey::Forth => self.travel(seen + 1),
            Journey::Stop => self.stop_going(),
            Journey::Return => self.come_back(),
            Journey::Branch => self.branch(actions),
        }
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
        let from = self.world.engine.now();
        let (happened, When { step, at }) = self.input(Input::Move(ms, reason));
        actions.push(Action::Moved(Move { from, to: at, reason, play, step }));
        self.took_place(happened, actions);
    }

    fn next_expiry(&mut self, actions: &mut Vec<Action>) {
        let from = self.world.engine.now();
        let (happened, When { step, at }) = self.input(Input::NextExpiry);
        if at != from {
            actions.push(Action::Moved(Move { from, to: at, reason: Reason::NextExpiry, play: None, step }));
        }
        self.took_place(happened, actions);
    }

    /// Keeps the index and the exercise in step with what happened to the keys.
    fn took_place(&mut self, happened: Vec<Happening>, actions: &mut Vec<Action>) {
        if happened.is_empty() {
            return;
        }
        let (whence, events): (Vec<_>, Vec<_>) = happened.into_iter().map(Happening::into_parts).unzip();
        let moved = self.index.follow(&events, &self.world.engine);
        self.list.follow(&moved, &self.index);
        self.follow(&events);
        self.check();
        let happened = whence.into_iter().zip(events).map(Happening::from_parts).collect();
        actions.push(Action::Happened(happened));
    }

    /// Looks into the lesson's key where there is one, else into what changed last, unless the reader chose a key.
    fn follow(&mut self, events: &[Event]) {
        if self.pinned {
            return;
        }
        let db = self.db();
        let exists = |key: &[u8]| self.world.engine.inspect(db, key, 0).is_some();
        let picture = self.watch.picture.as_deref().filter(|key| exists(key));
        let mut changed =
            events.iter().rev().filter(|event| event.db == db).map(|event| event.key.as_slice());
        let key = picture.or_else(|| changed.find(|key| exists(key)));
        if let Some(key) = key {
            self.selected = Some(key.into());
        }
    }
}
