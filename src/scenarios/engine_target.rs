//! The engine as a Redis to play transcripts against.
//!
//! It names sessions, prints replies, and keeps what arrives for a session until somebody asks for it. It knows no text
//! and no expectation.

use std::collections::BTreeMap;
use std::time::Duration;

use playground_engine::session::Session;
use playground_engine::{Engine, Options, SessionId, print};

use crate::replay::{Answer, Received, Target};

/// An engine with named sessions.
#[derive(Debug)]
pub struct EngineTarget {
    pub engine: Engine,
    lines: BTreeMap<String, Line>,
}

/// One session, and what it has been sent besides its answers.
#[derive(Debug)]
struct Line {
    id: SessionId,
    received: Received,
}

impl Default for EngineTarget {
    fn default() -> Self {
        Self::seeded(Options::default().seed)
    }
}

impl EngineTarget {
    fn seeded(seed: u64) -> Self {
        Self { engine: Engine::new(Options { seed, ..Options::default() }), lines: BTreeMap::new() }
    }

    /// Takes what has been sent to any session, and hangs up where the engine has.
    fn deliver(&mut self) {
        for line in self.lines.values_mut() {
            let protocol = self.engine.session(line.id).map(|session| session.protocol).unwrap_or_default();
            for message in self.engine.take_outbox(line.id) {
                line.received.printed += &print::redis_cli_as(&message, protocol);
            }
            if self.engine.session(line.id).is_none_or(|session| session.closing) {
                line.received.closed = true;
                self.engine.disconnect(line.id);
            }
        }
    }

    /// The session of a name that may speak.
    fn speaker(&mut self, name: &str) -> Result<SessionId, String> {
        let connect = || Line { id: self.engine.connect(), received: Received::default() };
        let line = self.lines.entry(name.to_owned()).or_insert_with(connect);
        if line.received.closed {
            return Err(format!("the server has closed the session {name}; it connects anew after @close"));
        }
        if self.engine.session(line.id).is_some_and(Session::is_blocked) {
            return Err(format!("the session {name} waits and cannot speak"));
        }
        Ok(line.id)
    }
}

impl Target for EngineTarget {
    fn reset(&mut self, seed: Option<u64>) -> Result<(), String> {
        *self = Self::seeded(seed.unwrap_or(Options::default().seed));
        Ok(())
    }

    fn run(&mut self, session: &str, argv: &[Vec<u8>]) -> Result<Answer, String> {
        let id = self.speaker(session)?;
        let reply = self.engine.execute(id, argv.to_vec()).reply;
        let session = self.engine.session(id);
        let protocol = session.map(|session| session.protocol).unwrap_or_default();
        let blocked = session.is_some_and(Session::is_blocked);
        self.deliver();
        Ok(if blocked { Answer::Blocked } else { Answer::Printed(print::answer(argv, &reply, protocol)) })
    }

    fn receive(&mut self, session: &str) -> Result<Received, String> {
        let line = self.lines.get_mut(session).ok_or_else(|| format!("there is no session {session}"))?;
        let closed = line.received.closed;
        Ok(Received { closed, printed: std::mem::take(&mut line.received.printed) })
    }

    fn close(&mut self, session: &str) -> Result<(), String> {
        let line = self.lines.remove(session).ok_or_else(|| format!("there is no session {session}"))?;
        self.engine.disconnect(line.id);
        self.deliver();
        Ok(())
    }

    fn advance(&mut self, by: Duration) -> Result<(), String> {
        self.engine.advance(by);
        self.deliver();
        Ok(())
    }
}
