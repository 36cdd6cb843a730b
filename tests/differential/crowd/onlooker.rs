//! A connection beside the crowd, which asks the server who waits, and ends pauses.
//!
//! It monitors: such a connection is held up by no pause, on either side. It is somebody else than the crowd, so that
//! `CLIENT KILL` can spare it, and `CLIENT LIST` is read without it.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use playground_engine::{Engine, SessionId};
use playground_tests::clients::{self, Client};
use playground_tests::line::Line;
use playground_tests::oracle::Oracle;
use playground_tests::resp::Connection;

use super::play::{connect_as, origin};
use crate::generate::Argv;
use crate::people::ONLOOKER;

/// How long the server may take to notice who comes and goes.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Onlooker {
    id: SessionId,
    server: Connection,
}

impl Onlooker {
    /// Comes to an engine that nobody has used, and to the server, where `control` makes it known.
    pub fn new(engine: &mut Engine, control: &mut Connection, oracle: &Oracle) -> Self {
        let user: Argv = words(&["ACL", "SETUSER", ONLOOKER, "on", "nopass", "+@all"]);
        control.call(&user).expect("the oracle answers");
        let first = engine.connect();
        engine.execute(first, user);
        engine.disconnect(first);
        let mut server = oracle.connect();
        server.call(&["AUTH", ONLOOKER, "any"]).expect("the oracle answers");
        let answer = server.call(&["CLIENT", "ID"]).expect("the oracle answers");
        let number =
            answer.integer().and_then(|id| u64::try_from(id).ok()).expect("a connection has a number");
        server.call(&["MONITOR"]).expect("the oracle answers");
        let id = connect_as(engine, number, &origin(oracle, 0));
        engine.execute(id, words(&["AUTH", ONLOOKER, "any"]));
        engine.execute(id, words(&["MONITOR"]));
        Self { id, server }
    }

    /// Ends a pause on both sides.
    pub fn unpause(&mut self, engine: &mut Engine) {
        engine.execute(self.id, words(&["CLIENT", "UNPAUSE"]));
        self.unpause_server();
    }

    pub fn unpause_server(&mut self) {
        let mut answer = self.server.call(&["CLIENT", "UNPAUSE"]).expect("the oracle answers");
        while answer.bytes() != b"OK" {
            answer = self.server.read().expect("the oracle answers");
        }
    }

    /// Takes no notice of what it has been shown.
    pub fn forget(&self, engine: &mut Engine) {
        engine.take_outbox(self.id);
    }

    /// Waits until nobody else is connected to the server.
    pub fn is_alone(&mut self) {
        self.until("the others are gone", |clients| (clients.len() <= 1).then_some(()));
    }

    /// Waits until a connection is gone.
    pub fn is_rid_of(&mut self, port: u16) {
        self.until("a client is gone", |clients| (!clients.contains_key(&port)).then_some(()));
    }

    /// The server's number of a connection that comes.
    pub fn number_of(&mut self, port: u16) -> u64 {
        self.until("a client has come", |clients| clients.get(&port).map(|client| client.id))
    }

    fn until<T>(&mut self, what: &str, is: impl Fn(&BTreeMap<u16, Client>) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let clients = self.clients();
            if let Some(found) = is(&clients) {
                return found;
            }
            assert!(Instant::now() < deadline, "waited too long until {what}: {clients:?}");
        }
    }

    /// Who of these waits at the server.
    pub fn waiting(&mut self, ports: &[u16]) -> Vec<bool> {
        let listed = self.clients();
        ports.iter().map(|port| listed.get(port).is_some_and(|client| client.blocked)).collect()
    }

    /// Waits until the server has nothing left to do.
    pub fn settle<'l>(&mut self, lines: impl Iterator<Item = &'l mut Line>) {
        clients::settle(&mut self.server, lines).expect("the oracle comes to rest");
    }

    fn clients(&mut self) -> BTreeMap<u16, Client> {
        clients::list(&mut self.server).expect("the oracle answers")
    }
}

fn words(words: &[&str]) -> Argv {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}
