//! The world: all that an input can change in Redis, which is the engine and the connections behind the tabs.
//!
//! There is one way in, [`World::apply`], for what happens now and for what is played again: the same inputs make the
//! same world. It knows neither the reader nor the page.

use std::rc::Rc;
use std::time::Duration;

use playground_engine::session::Session;
use playground_engine::{Engine, Event, Options, Outcome, Protocol, Reply, SessionId, parse};

use crate::state::clock::Reason;
use crate::state::sessions::TabId;

/// Something that changes the world.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

impl World {
    pub fn new(options: Options) -> Self {
        Self { engine: Engine::new(options), connections: Vec::new() }
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
        match input {
            Input::Line { tab, line } => {
                speaker = Some(*tab);
                if let (Some(id), Ok(argv)) = (self.id(*tab), parse::split_line(line.as_bytes())) {
                    let Outcome { reply, events } = self.engine.execute(id, argv);
                    (came.reply, came.events) = (Some(reply), events);
                }
            }
            Input::Pass(ms) | Input::Move(ms, _) => {
                came.events = self.engine.advance(Duration::from_millis(*ms));
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
        }
        self.deliver(speaker, &mut came.mail);
        came
    }

    /// Fetches what waits for the sessions, at once as a terminal does, and connects anew those that were hung up on. Who
    /// ended its own connection knows that; the others are told.
    fn deliver(&mut self, speaker: Option<TabId>, mail: &mut Vec<(TabId, Mail)>) {
        let with_mail = self.engine.take_with_mail();
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
