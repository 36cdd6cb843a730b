//! The clients of a workload: who is there, what each waits for, and which connections are at hand.
//!
//! Plain state; what happens to it, and when, is the simulation's business.

use std::collections::{BTreeMap, VecDeque};

use playground_engine::{Reply, SessionId};

use crate::database::Who;

/// What a client is at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum State {
    /// It runs nothing, and its connection may be used by the next who comes.
    Idle,
    /// Something will be answered, or a time will be over.
    Waits,
    /// Its commands have been served so far; some of them by no answer yet.
    Served {
        wanted: usize,
        answers: Vec<Reply>,
        is_pipeline: bool,
    },
    /// A message is waited for; the number is that of the wait.
    Listens(u32),
    Dead,
}

#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub group: usize,
    pub session: Option<SessionId>,
    pub state: State,
    /// What belongs to an earlier one is of no concern any more.
    pub generation: u32,
    /// How often it has waited for a message.
    pub waits: u32,
    /// When its program began.
    pub began: u64,
    /// Messages that it has not taken yet.
    pub messages: VecDeque<Reply>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Clients {
    all: Vec<Client>,
    /// Idle ones by their group, the last used first.
    idle: BTreeMap<usize, Vec<usize>>,
    by_session: BTreeMap<SessionId, usize>,
}

impl Clients {
    /// An idle client of a group, or a new one; `None` where there are too many.
    pub fn take(&mut self, group: usize, most: usize) -> Option<usize> {
        if let Some(at) = self.idle.get_mut(&group).and_then(Vec::pop) {
            return Some(at);
        }
        let of_group = self.all.iter().filter(|client| client.group == group).count();
        (of_group < most).then(|| {
            let state = State::Idle;
            let messages = VecDeque::new();
            self.all.push(Client {
                group,
                session: None,
                state,
                generation: 0,
                waits: 0,
                began: 0,
                messages,
            });
            self.all.len() - 1
        })
    }

    /// A client has nothing more to do.
    pub fn rest(&mut self, at: usize) {
        if let Some(client) = self.all.get_mut(at) {
            client.state = State::Idle;
            self.idle.entry(client.group).or_default().push(at);
        }
    }

    pub fn get_mut(&mut self, at: usize) -> Option<&mut Client> {
        self.all.get_mut(at)
    }

    /// The client, where it is still at what was begun then.
    pub fn current(&mut self, (at, generation): Who) -> Option<&mut Client> {
        self.all.get_mut(at).filter(|client| client.generation == generation)
    }

    pub fn connected(&mut self, at: usize, session: SessionId) {
        self.by_session.insert(session, at);
        if let Some(client) = self.all.get_mut(at) {
            client.session = Some(session);
        }
    }

    /// Forgets a client's connection, and gives it.
    pub fn disconnect(&mut self, at: usize) -> Option<SessionId> {
        let client = self.all.get_mut(at)?;
        client.messages.clear();
        let session = client.session.take()?;
        self.by_session.remove(&session);
        Some(session)
    }

    pub fn of_session(&self, session: SessionId) -> Option<usize> {
        self.by_session.get(&session).copied()
    }

    /// Those of a group that run something.
    pub fn busy(&self, group: usize) -> impl Iterator<Item = (usize, &Client)> {
        let runs = move |client: &Client| {
            client.group == group && !matches!(client.state, State::Idle | State::Dead)
        };
        self.all.iter().enumerate().filter(move |(_, client)| runs(client))
    }

    pub fn sessions(&self) -> impl Iterator<Item = SessionId> {
        self.by_session.keys().copied()
    }
}
