//! All sessions, by their ids.
//!
//! A session whose command runs is taken out for as long, so that the command can change it and reach the others beside
//! it. Nothing here knows a command.

use std::cell::Cell;
use std::collections::BTreeSet;

use foldhash::fast::FixedState;
use indexmap::IndexMap;

use crate::command::blocking;
use crate::keyspace::Surroundings;
use crate::reply::Reply;
use crate::resp;
use crate::session::{Origin, Session, SessionId};

#[derive(Clone, Debug)]
pub struct Sessions {
    /// In no order; a place is empty while its session's command runs.
    all: IndexMap<SessionId, Option<Box<Session>>, FixedState>,
    next: u64,
    /// Where the session was that was asked for last.
    last: Cell<usize>,
    /// Who fetches too little, and has not yet done so for too long.
    pub slow: BTreeSet<SessionId>,
    /// Whose outboxes have something that nobody was told of.
    with_mail: Vec<SessionId>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self {
            all: IndexMap::default(),
            next: 1,
            last: Cell::new(0),
            slow: BTreeSet::new(),
            with_mail: Vec::new(),
        }
    }
}

impl Sessions {
    /// A new session; ids rise.
    pub fn open(&mut self, origin: Option<Origin>, now: u64) -> SessionId {
        let id = SessionId(self.next);
        self.next += 1;
        self.all.insert(id, Some(Box::new(Session::new(id, origin, now))));
        id
    }

    /// Closes a session and frees what it held; whether there was one.
    pub fn close(&mut self, id: SessionId, around: &mut Surroundings) -> bool {
        let Some(mut session) = self.all.swap_remove(&id).flatten() else { return false };
        around.clients -= 1;
        around.output_memory -= session.output.allocated();
        blocking::leave(&mut session, around);
        around.watched.unwatch(id);
        around.pubsub.leave(id);
        around.tracking.forget(id);
        self.slow.remove(&id);
        around.monitors.shift_remove(&id);
        true
    }

    /// Closes a session whose client did not ask for it. Whoever holds its connection finds it among those with mail.
    pub fn kill(&mut self, id: SessionId, around: &mut Surroundings) {
        if self.close(id, around) {
            self.with_mail.push(id);
        }
    }

    /// Takes a session out while its command runs.
    pub fn take(&mut self, id: SessionId) -> Option<Box<Session>> {
        self.at_mut(id)?.take()
    }

    /// Puts a session back that was taken out.
    pub fn put_back(&mut self, session: Box<Session>) {
        if let Some(place) = self.at_mut(session.id) {
            *place = Some(session);
        }
    }

    pub fn get(&self, id: SessionId) -> Option<&Session> {
        let (_, session) = self.all.get_index(self.place(id)?)?;
        session.as_deref()
    }

    pub fn get_mut(&mut self, id: SessionId) -> Option<&mut Session> {
        self.at_mut(id)?.as_deref_mut()
    }

    fn at_mut(&mut self, id: SessionId) -> Option<&mut Option<Box<Session>>> {
        let (_, session) = self.all.get_index_mut(self.place(id)?)?;
        Some(session)
    }

    /// Where a session is. A command asks several times for the same one, and commands come in rows.
    fn place(&self, id: SessionId) -> Option<usize> {
        let last = self.last.get();
        if self.all.get_index(last).is_some_and(|(known, _)| *known == id) {
            return Some(last);
        }
        let place = self.all.get_index_of(&id)?;
        self.last.set(place);
        Some(place)
    }

    /// How many are connected, the one whose command runs among them.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All but the one whose command runs, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Session> {
        let mut all: Vec<&Session> = self.all.values().filter_map(Option::as_deref).collect();
        all.sort_unstable_by_key(|session| session.id);
        all.into_iter()
    }

    /// Puts something in a session's outbox.
    pub fn deliver(&mut self, id: SessionId, reply: Reply, around: &mut Surroundings) {
        let Some(session) = self.get_mut(id) else { return };
        let more = resp::size(&reply, session.protocol);
        session.change_output(around, |output| output.in_outbox += more);
        session.last_interaction = around.clock.now();
        session.outbox.push(reply);
        if session.outbox.len() == 1 {
            self.with_mail.push(id);
        }
    }

    /// Takes out what is in a session's outbox.
    pub fn take_outbox(&mut self, id: SessionId, around: &mut Surroundings) -> Vec<Reply> {
        let Some(session) = self.get_mut(id) else { return Vec::new() };
        session.change_output(around, |output| output.in_outbox = 0);
        std::mem::take(&mut session.outbox)
    }

    /// Notes how many bytes for a session could not be sent yet; whether that is news.
    pub fn set_unsent(&mut self, id: SessionId, bytes: u64, around: &mut Surroundings) -> bool {
        let Some(session) = self.get_mut(id) else { return false };
        let before = session.output.unsent;
        session.change_output(around, |output| output.unsent = bytes);
        before != bytes
    }

    /// Who has got something, or was closed, since this was last asked.
    pub fn take_with_mail(&mut self) -> Vec<SessionId> {
        std::mem::take(&mut self.with_mail)
    }
}
