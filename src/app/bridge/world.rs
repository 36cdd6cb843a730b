//! The world: all that an input can change in Redis, which is the engine, the connections behind the tabs, and simulated
//! clients.
//!
//! There is one way in, [`World::apply`], for what happens now and for what is played again: the same inputs make the
//! same world. It knows neither the reader nor the page.

use std::rc::Rc;
use std::time::Duration;

use playground_engine::session::Session;
use playground_engine::{Engine, Event, Options, Outcome, Protocol, Reply, SessionId, parse};
use playground_workload::{Plan, Workload};

use crate::state::clock::Reason;
use crate::state::sessions::TabId;

/// Something that changes the world.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Input {
    /// A line; nothing comes of one that cannot be split into words.
    Line {
        tab: TabId,
        line: Rc<str>,
    },
    /// So many milliseconds pass.
    Pass(u64),
    /// The same, by the reader's hand.
    Move(u64, Reason),
    NextExpiry,
    Open {
        tab: TabId,
        name: Rc<str>,
    },
    Close(TabId),
    /// The tab stays, with a new connection.
    Reconnect(TabId),
    /// Ends what a session waits for, as its time-out would.
    Cancel(TabId),
    /// Simulated clients come, in the place of those that were there.
    Workload(Rc<Plan>),
    /// One of their sliders is moved.
    Slider {
        name: Rc<str>,
        value: f64,
    },
    /// They go.
    EndWorkload,
}

/// What came to a session by itself.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mail {
    /// A late answer or a message, and how the session wants it printed.
    Reply(Reply, Protocol),
    /// The server has hung up.
    Closed,
}

/// What came of an input.
#[derive(Debug, Default)]
pub(super) struct Came {
    /// The answer to a line.
    pub reply: Option<Reply>,
    pub events: Vec<Event>,
    pub mail: Vec<(TabId, Mail)>,
}

/// A connection, and whose it is.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub tab: TabId,
    pub name: Rc<str>,
    pub id: SessionId,
}

/// The engine and its clients.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub engine: Engine,
    pub connections: Vec<Connection>,
    /// Simulated clients, or what is left to see of them when they have gone.
    pub workload: Option<Box<Workload>>,
}

impl World {
    pub fn new(options: Options) -> Self {
        Self { engine: Engine::new(options), connections: Vec::new(), workload: None }
    }

    pub fn id(&self, tab: TabId) -> Option<SessionId> {
        self.connections.iter().find(|connection| connection.tab == tab).map(|connection| connection.id)
    }

    pub fn session(&self, tab: TabId) -> Option<&Session> {
        self.engine.session(self.id(tab)?)
    }

    pub fn protocol(&self, id: SessionId) -> Protocol {
        self.engine.session(id).map_or_else(Protocol::default, |session| session.protocol)
    }

    /// Has the input change the world.
    pub fn apply(&mut self, input: &Input) -> Came {
        let mut came = Came::default();
        let mut speaker = None;
        let mut others = Vec::new();
        match input {
            Input::Line { tab, line } => {
                speaker = Some(*tab);
                if let (Some(id), Ok(argv)) = (self.id(*tab), parse::split_line(line.as_bytes())) {
                    let Outcome { reply, events } = self.engine.execute(id, argv);
                    (came.reply, came.events) = (Some(reply), events);
                }
            }
            Input::Pass(ms) | Input::Move(ms, _) => {
                self.pass(*ms, u64::MAX, &mut came, &mut others);
            }
            Input::NextExpiry if self.is_simulating() => {
                let ticks = self.engine.tick_period();
                let ms =
                    self.engine.next_expiry().map_or(0, |at| at.saturating_sub(self.engine.now()) + ticks);
                self.pass(ms, u64::MAX, &mut came, &mut others);
            }
            Input::NextExpiry => {
                came.events = self.engine.advance_to_next_expiry();
                // So that it is the same as having waited until then.
                came.events.extend(self.engine.advance(Duration::ZERO));
            }
            Input::Open { tab, name } => {
                let id = self.engine.connect();
                self.connections.push(Connection { tab: *tab, name: name.clone(), id });
            }
            Input::Close(tab) => {
                if let Some(id) = self.id(*tab) {
                    self.engine.disconnect(id);
                    self.connections.retain(|connection| connection.tab != *tab);
                }
            }
            Input::Reconnect(tab) => self.reconnect(*tab),
            Input::Cancel(tab) => {
                if let Some(id) = self.id(*tab) {
                    came.events = self.engine.cancel_wait(id);
                }
            }
            Input::Workload(plan) => {
                self.end_workload();
                // What cannot even begin has been refused where it was read.
                self.workload = Workload::new(plan.clone(), &mut self.engine).ok().map(Box::new);
            }
            Input::Slider { name, value } => {
                if let Some(workload) = &mut self.workload
                    && let Some(at) = workload.plan().sliders.iter().position(|slider| *slider.name == **name)
                {
                    workload.set(at, *value);
                }
            }
            Input::EndWorkload => self.end_workload(),
        }
        self.deliver(speaker, others, &mut came.mail);
        came
    }

    /// Lets time pass, but not more than so many events of simulated clients. Tells how many milliseconds have passed.
    pub fn pass_some(&mut self, ms: u64, events: u64) -> (Came, u64) {
        let (mut came, mut others) = (Came::default(), Vec::new());
        let passed = self.pass(ms, events, &mut came, &mut others);
        self.deliver(None, others, &mut came.mail);
        (came, passed)
    }

    fn pass(&mut self, ms: u64, events: u64, came: &mut Came, others: &mut Vec<SessionId>) -> u64 {
        match &mut self.workload {
            Some(workload) if !workload.is_over() => {
                let advanced = workload.advance_within(&mut self.engine, ms, events);
                came.events = advanced.events;
                others.extend(advanced.mail);
                advanced.passed
            }
            _ => {
                came.events = self.engine.advance(Duration::from_millis(ms));
                ms
            }
        }
    }

    /// Whether there are simulated clients.
    pub fn is_simulating(&self) -> bool {
        self.workload.as_ref().is_some_and(|workload| !workload.is_over())
    }

    fn end_workload(&mut self) {
        if let Some(workload) = &mut self.workload {
            workload.finish(&mut self.engine);
        }
    }

    /// Fetches what waits for the sessions, at once as a terminal does, and connects anew those that were hung up on. Who
    /// ended its own connection knows that; the others are told.
    fn deliver(&mut self, speaker: Option<TabId>, others: Vec<SessionId>, mail: &mut Vec<(TabId, Mail)>) {
        let mut with_mail = others;
        let more = self.engine.take_with_mail();
        with_mail.extend(match &mut self.workload {
            Some(workload) => workload.take_mail(&mut self.engine, more),
            None => more,
        });
        let speaks = |connection: &Connection| Some(connection.tab) == speaker;
        let concerned: Vec<(TabId, SessionId)> = self
            .connections
            .iter()
            .filter(|connection| speaks(connection) || with_mail.contains(&connection.id))
            .map(|connection| (connection.tab, connection.id))
            .collect();
        for (tab, id) in concerned {
            let protocol = self.protocol(id);
            let replies = self.engine.take_outbox(id);
            mail.extend(replies.into_iter().map(|reply| (tab, Mail::Reply(reply, protocol))));
            if self.engine.session(id).is_none_or(|session| session.closing) {
                if Some(tab) != speaker {
                    mail.push((tab, Mail::Closed));
                }
                self.reconnect(tab);
            }
        }
    }

    fn reconnect(&mut self, tab: TabId) {
        if let Some(connection) = self.connections.iter_mut().find(|connection| connection.tab == tab) {
            self.engine.disconnect(connection.id);
            connection.id = self.engine.connect();
        }
    }
}
