//! The bridge: the only part of the page that holds the engine.
//!
//! Components say what the reader wants ([`Intent`]); the bridge executes commands, moves the clock and answers with
//! [`Action`]s for the reducer. It reads no time: the ticker says how much has passed. It knows nothing of the browser,
//! so all of it is tested natively.

mod index;
mod look;
mod survey;

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use playground_engine::session::Session;
use playground_engine::{Engine, Event, Options, Protocol, SessionId, parse, print};
use playground_scenarios::{Check, Entry};

use crate::state::Action;
use crate::state::clock::{Move, Reason};
use crate::state::lesson::Play;
use crate::state::memory::Scope;
use crate::state::terminal::{Arrival, Exchange};
use crate::state::view::Checked;
use index::KeyIndex;
use survey::Surveyor;

/// Something that the reader, the lesson or the ticker wants of the engine.
#[derive(Clone, Debug)]
pub enum Intent {
    /// Look, without doing anything: at the start.
    Look,
    /// Lines typed, pasted or clicked.
    Run(Vec<String>),
    /// Go on with lines that wait.
    Continue,
    /// Forget the lines that wait.
    Stop,
    /// Have the session give up what it waits for.
    Cancel,
    /// A thing to do in the lesson.
    Play(Entry, Option<Play>),
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

/// Lines run at once before the page may draw: few while few wait, more where it would take too many pictures.
const LINES_AT_ONCE: std::ops::RangeInclusive<usize> = 100..=2_000;

/// The engine and what the page looks at.
#[derive(Debug)]
pub struct Bridge {
    engine: Engine,
    session: SessionId,
    index: KeyIndex,
    waiting: VecDeque<String>,
    /// How many lines were waiting when the last ones were added.
    asked: usize,
    window: (usize, usize),
    selected: Option<Rc<[u8]>>,
    /// The reader chose the key; otherwise the inspector follows what changes.
    pinned: bool,
    watch: Watch,
    checked: Option<Checked>,
    surveyor: Surveyor,
}

impl Default for Bridge {
    fn default() -> Self {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        Self {
            engine,
            session,
            index: KeyIndex::default(),
            waiting: VecDeque::new(),
            asked: 0,
            window: (0, 60),
            selected: None,
            pinned: false,
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
            Intent::Run(lines) => {
                self.waiting.extend(lines.into_iter().filter(|line| !line.trim().is_empty()));
                self.asked = self.waiting.len();
                self.run_waiting(&mut actions);
            }
            Intent::Continue => self.run_waiting(&mut actions),
            Intent::Stop => {
                self.waiting.clear();
                actions.push(Action::Waiting { left: 0, of: self.asked });
            }
            Intent::Cancel => {
                let events = self.engine.cancel_wait(self.session);
                self.took_place(events, &mut actions);
            }
            Intent::Play(entry, play) => self.play(&entry, play, &mut actions),
            Intent::SetUp(entries) => entries.iter().for_each(|entry| self.play(entry, None, &mut actions)),
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
        !self.waiting.is_empty() && !self.is_blocked()
    }

    /// Whether the session waits for something; lines typed meanwhile wait with it.
    fn is_blocked(&self) -> bool {
        self.engine.session(self.session).is_some_and(Session::is_blocked)
    }

    /// Shows what has arrived since the session last spoke: a late answer, messages.
    fn collect(&mut self, actions: &mut Vec<Action>) {
        self.engine.take_with_mail();
        let protocol = self.protocol();
        let arrived: Vec<Arrival> = self
            .engine
            .take_outbox(self.session)
            .iter()
            .map(|reply| Arrival {
                output: print::redis_cli_as(reply, protocol).into(),
                is_message: reply.is_push(),
                is_error: reply.is_error(),
            })
            .collect();
        if !arrived.is_empty() {
            actions.push(Action::Arrived(arrived));
        }
        self.reconnect_if_closed();
    }

    fn run_waiting(&mut self, actions: &mut Vec<Action>) {
        let mut exchanges = Vec::new();
        let mut events = Vec::new();
        let portion = (self.waiting.len() / 20).clamp(*LINES_AT_ONCE.start(), *LINES_AT_ONCE.end());
        for _ in 0..portion {
            if self.is_blocked() {
                break;
            }
            let Some(line) = self.waiting.pop_front() else { break };
            if line.trim().eq_ignore_ascii_case("clear") {
                exchanges.clear();
                actions.push(Action::Cleared);
            } else {
                exchanges.push(self.run_line(&line, None, &mut events));
            }
        }
        actions.push(Action::Ran(exchanges));
        self.took_place(events, actions);
        actions.push(Action::Waiting { left: self.waiting.len(), of: self.asked });
    }

    /// Runs a line as redis-cli would, and prints what it prints.
    fn run_line(&mut self, line: &str, play: Option<Play>, events: &mut Vec<Event>) -> Exchange {
        let prompt = self.prompt();
        let (argv, output, is_error) = match parse::split_line(line.as_bytes()) {
            Ok(argv) => {
                let outcome = self.engine.execute(self.session, argv.clone());
                events.extend(outcome.events);
                let output = print::answer(&argv, &outcome.reply, self.protocol());
                self.reconnect_if_closed();
                (argv, output, outcome.reply.is_error())
            }
            Err(error) => (Vec::new(), format!("{error}\n"), true),
        };
        let waits = self.is_blocked();
        Exchange { prompt, line: line.trim().into(), argv, output: output.into(), is_error, waits, play }
    }

    /// The prompt as redis-cli shows it.
    fn prompt(&self) -> Rc<str> {
        let db = self.db();
        let db = if db == 0 { String::new() } else { format!("[{db}]") };
        let session = self.engine.session(self.session);
        let transaction = session.is_some_and(|session| session.transaction.is_some());
        let transaction = if transaction { "(TX)" } else { "" };
        format!("127.0.0.1:6379{db}{transaction}> ").into()
    }

    fn protocol(&self) -> Protocol {
        self.engine.session(self.session).map_or_else(Protocol::default, |session| session.protocol)
    }

    /// After `QUIT`: the terminal connects anew, as one would start redis-cli again.
    fn reconnect_if_closed(&mut self) {
        if self.engine.session(self.session).is_none_or(|session| session.closing) {
            self.engine.disconnect(self.session);
            self.session = self.engine.connect();
        }
    }

    fn db(&self) -> usize {
        self.engine.session(self.session).map_or(0, |session| session.db)
    }

    fn play(&mut self, entry: &Entry, play: Option<Play>, actions: &mut Vec<Action>) {
        match entry {
            Entry::Run(run) => self.run_one(&run.text, play, actions),
            Entry::Config { key, value, .. } => {
                let value = print::quoted(value.as_bytes());
                self.run_one(&format!("CONFIG SET {key} {value}"), play, actions);
            }
            Entry::Advance { by, .. } => {
                let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
                self.step(ms, Reason::Step, play, actions);
            }
            // The page has one session; the lessons that it loads name no other.
            Entry::Session { .. } | Entry::Receive(_) | Entry::Close { .. } => {}
        }
    }

    fn run_one(&mut self, line: &str, play: Option<Play>, actions: &mut Vec<Action>) {
        let mut events = Vec::new();
        let exchange = self.run_line(line, play, &mut events);
        actions.push(Action::Ran(vec![exchange]));
        self.took_place(events, actions);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::State;

    fn play(bridge: &mut Bridge, state: State, intent: Intent) -> State {
        bridge.perform(intent).into_iter().fold(state, |state, action| state.reduce(action))
    }

    fn run(bridge: &mut Bridge, state: State, line: &str) -> State {
        play(bridge, state, Intent::Run(vec![line.to_owned()]))
    }

    #[test]
    fn a_line_prints_what_redis_cli_prints() {
        let mut bridge = Bridge::default();
        let mut state = State::default();
        for line in ["PING", "ECHO \"open", "SELECT 3", "ECHO x"] {
            state = run(&mut bridge, state, line);
        }
        let log: Vec<_> = state.terminal.log.iter().map(|entry| (&*entry.prompt, &*entry.output)).collect();
        assert_eq!(
            log,
            [
                ("127.0.0.1:6379> ", "PONG\n"),
                ("127.0.0.1:6379> ", "Invalid argument(s)\n"),
                ("127.0.0.1:6379> ", "OK\n"),
                ("127.0.0.1:6379[3]> ", "\"x\"\n"),
            ]
        );
        assert_eq!(state.view.db, 3);
        state = run(&mut bridge, state, " CLEAR ");
        assert!(state.terminal.log.is_empty());
    }

    #[test]
    fn answers_are_printed_for_the_protocol_and_the_command() {
        let mut bridge = Bridge::default();
        let mut state = State::default();
        for line in ["INFO server", "HELLO 3", "ZADD z 1.5 a", "ZSCORE z a", "SELECT 2", "QUIT", "ZSCORE z a"]
        {
            state = run(&mut bridge, state, line);
        }
        let answers: Vec<_> = state.terminal.log.iter().map(|entry| &*entry.output).collect();
        assert!(answers[0].contains("# Server\r\n"), "a text is printed as it is: {}", answers[0]);
        assert_eq!(answers[2..], ["(integer) 1\n", "(double) 1.5\n", "OK\n", "OK\n", "\"1.5\"\n"]);
    }

    #[test]
    fn many_lines_are_run_in_portions_and_can_be_stopped() {
        let mut bridge = Bridge::default();
        let lines = (0..250).map(|n| format!("ECHO {n}")).collect();
        let mut state = play(&mut bridge, State::default(), Intent::Run(lines));
        assert_eq!(state.terminal.log.len(), 100);
        assert_eq!(state.terminal.waiting.map(|w| (w.left, w.of)), Some((150, 250)));
        state = play(&mut bridge, state, Intent::Continue);
        assert!(bridge.is_waiting());
        state = play(&mut bridge, state, Intent::Stop);
        assert!(!bridge.is_waiting() && state.terminal.waiting.is_none());
        assert_eq!(state.terminal.log.len(), 200);
    }

    #[test]
    fn a_session_that_waits_shows_it_and_goes_on_when_its_time_is_up() {
        let mut bridge = Bridge::default();
        let mut state = run(&mut bridge, State::default(), "BLPOP jobs urgent 5");
        let blocked = state.view.blocked.clone().expect("it waits");
        assert_eq!((&*blocked.command, blocked.until), ("BLPOP jobs urgent 5", Some(state.view.now + 5_000)));
        state = run(&mut bridge, state, "ECHO later");
        assert!(!bridge.is_waiting(), "nothing can go on");
        assert_eq!((state.terminal.log.len(), state.terminal.waiting.map(|w| w.left)), (1, Some(1)));
        state = play(&mut bridge, state, Intent::Tick(5_000));
        assert!(state.view.blocked.is_none() && bridge.is_waiting());
        state = play(&mut bridge, state, Intent::Continue);
        let log: Vec<_> = state.terminal.log.iter().map(|entry| (&*entry.output, entry.waits)).collect();
        assert_eq!(log, [("(nil)\n", false), ("\"later\"\n", false)]);
        state = run(&mut bridge, state, "BLPOP jobs 0");
        state = play(&mut bridge, state, Intent::Cancel);
        assert_eq!(state.terminal.log.back().map(|entry| &*entry.output), Some("(nil)\n"));
        assert!(state.view.blocked.is_none());
    }

    #[test]
    fn the_prompt_says_that_commands_are_queued() {
        let mut bridge = Bridge::default();
        let state = run(&mut bridge, State::default(), "MULTI");
        assert_eq!(&*state.view.prompt, "127.0.0.1:6379(TX)> ");
        let state = run(&mut bridge, state, "EXEC");
        assert_eq!(&*state.view.prompt, "127.0.0.1:6379> ");
    }

    #[test]
    fn the_inspector_follows_what_changes_until_the_reader_chooses() {
        let mut bridge = Bridge::default();
        let mut state = run(&mut bridge, State::default(), "SET a 1");
        state = run(&mut bridge, state, "SET b 1");
        assert_eq!(state.view.selected.as_deref(), Some(&b"b"[..]));
        state = play(&mut bridge, state, Intent::Select(Some(b"a"[..].into())));
        state = run(&mut bridge, state, "SET c 1");
        assert_eq!(state.view.selected.as_deref(), Some(&b"a"[..]));
        let watch = Watch { picture: Some(b"b".to_vec()), ..Watch::default() };
        state = play(&mut bridge, state, Intent::Watch(watch));
        state = run(&mut bridge, state, "SET d 1");
        assert_eq!(state.view.selected.as_deref(), Some(&b"b"[..]));
    }

    #[test]
    fn a_key_is_chosen_by_its_place_among_all() {
        let mut bridge = Bridge::default();
        let pairs: Vec<_> = (0..200).map(|n| format!("k{n:03} v")).collect();
        let mut state = run(&mut bridge, State::default(), &format!("MSET {}", pairs.join(" ")));
        state = play(&mut bridge, state, Intent::SelectAt(199));
        assert_eq!((state.view.selected.as_deref(), state.view.selected_at), (Some(&b"k199"[..]), Some(199)));
        state = play(&mut bridge, state, Intent::SelectAt(200));
        assert_eq!(state.view.selected_at, Some(199), "there is none");
        state = run(&mut bridge, state, "DEL k000 k199");
        assert_eq!((state.view.selected.is_some(), state.view.selected_at), (true, None));
        state = play(&mut bridge, state, Intent::SelectAt(0));
        assert_eq!(state.view.selected.as_deref(), Some(&b"k001"[..]));
    }

    #[test]
    fn only_what_is_asked_for_moves_the_clock() {
        let mut bridge = Bridge::default();
        let start = play(&mut bridge, State::default(), Intent::Look);
        let state = play(&mut bridge, start.clone(), Intent::NextExpiry);
        assert_eq!((state.view.now, state.timeline.marks.len()), (start.view.now, 0));
        let state = play(&mut bridge, state, Intent::Step(10_000));
        assert_eq!((state.view.now - start.view.now, state.timeline.marks.len()), (10_000, 1));
        let state = play(&mut bridge, state, Intent::SetTo(0));
        assert_eq!(state.view.now - start.view.now, 10_000);
    }
}
