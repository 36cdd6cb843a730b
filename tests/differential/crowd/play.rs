//! Plays the lines of several sessions on both sides, one at a time, and finds the first difference.
//!
//! The engine goes first: its answer and what it sends to whom say what has to arrive over which connection. That is
//! waited for, and compared value by value. Where nothing has to arrive, the server is asked whether that session waits,
//! too; an answer to that question also tells that the line has been carried out. Whatever arrives besides is met by the
//! comparison after it, or by the one at the end.

use std::time::{Duration, Instant};

use playground_engine::command::{self, spec::Flags};
use playground_engine::session::Session;
use playground_engine::{Engine, Options, Protocol, Reply, SessionId, resp};
use playground_tests::clients;
use playground_tests::line::Line;
use playground_tests::oracle::Oracle;
use playground_tests::resp::{Connection, Value, read_value};

use super::generate::{Crowd, Deed};
use crate::generate::Argv;
use crate::play::{Difference, line_of, moment, reset_commands};
use crate::state::{self, Clocks};

/// How long something may take to arrive.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same once something has failed to: it is tried again with a part of the lines, many times.
const IMPATIENCE: Duration = Duration::from_millis(20);

/// A server, ready for one crowd after another.
#[derive(Debug)]
pub struct Arena<'o> {
    oracle: &'o Oracle,
    control: Connection,
    reset: Vec<Argv>,
    patience: Duration,
}

/// What a crowd did.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Who sent which line, or left.
    pub lines: Vec<(usize, Option<Argv>)>,
    /// Times that a session began to wait.
    pub waits: usize,
    /// Values that came to sessions whose turn it was not, or after the answer.
    pub unasked: usize,
    /// Transactions by their end: carried out, refused for a touched key, refused for a wrong line.
    pub transactions: [usize; 3],
}

/// A session on both sides.
#[derive(Debug)]
struct Client {
    id: SessionId,
    line: Line,
    /// What the engine has sent it and the server has yet to.
    awaited: Vec<Value>,
}

impl<'o> Arena<'o> {
    pub fn new(oracle: &'o Oracle) -> Self {
        Self { oracle, control: oracle.connect(), reset: reset_commands(), patience: PATIENCE }
    }

    pub fn play(&mut self, crowd: &Crowd, record: &mut Record) -> Result<(), Difference> {
        self.control.pipeline(&self.reset).expect("the oracle answers");
        let start = moment(&self.control.call(&["TIME"]).expect("the oracle answers"));
        let mut engine = Engine::new(Options { start, record_events: false, ..Options::default() });
        engine.set_active_expire(false);
        let clients = crowd.resp3.iter().map(|resp3| Client::connect(&mut engine, self.oracle, *resp3));
        let mut scene = Scene {
            clients: clients.collect(),
            engine,
            control: &mut self.control,
            oracle: self.oracle,
            patience: self.patience,
        };
        let outcome = scene.all(crowd, record).and_then(|()| scene.end());
        drop(scene);
        if outcome.is_err() {
            self.patience = IMPATIENCE;
        }
        // Who still waits would take what belongs to the next crowd.
        while clients::list(&mut self.control).expect("the oracle answers").len() > 1 {}
        outcome
    }
}

impl Client {
    fn connect(engine: &mut Engine, oracle: &Oracle, resp3: bool) -> Self {
        let id = engine.connect();
        let mut line = Line::open(oracle.address()).expect("the oracle accepts connections");
        let hello = [&b"HELLO"[..], if resp3 { b"3" } else { b"2" }];
        engine.execute(id, hello.map(<[u8]>::to_vec).to_vec());
        line.send(&hello).expect("the oracle listens");
        while line.heard.is_empty() && !line.is_closed() {
            line.listen(PATIENCE).expect("the oracle answers");
        }
        line.heard.clear();
        Self { id, line, awaited: Vec::new() }
    }

    /// Waits for what the engine has sent.
    fn hear(&mut self, patience: Duration) -> Result<(), (Value, Value)> {
        let deadline = Instant::now() + patience;
        while self.line.heard.len() < self.awaited.len()
            && !self.line.is_closed()
            && Instant::now() < deadline
        {
            self.line.listen(patience).expect("the oracle writes RESP");
        }
        let (engine, server) = (std::mem::take(&mut self.awaited), std::mem::take(&mut self.line.heard));
        if same(&engine, &server) { Ok(()) } else { Err((Value::Array(engine), Value::Array(server))) }
    }
}

/// Equality in which not-a-number equals itself, and order means nothing where it is that of a hash table: of the
/// channels that are left all at once, and of the patterns that one message comes by.
fn same(engine: &[Value], server: &[Value]) -> bool {
    engine == server || format!("{:?}", ordered(engine)) == format!("{:?}", ordered(server))
}

fn ordered(values: &[Value]) -> Vec<Vec<Value>> {
    // A transaction in which all channels were left has the first message inside its answer, and the others behind.
    let apart = values.iter().flat_map(|value| match value {
        Value::Array(inner) if inner.iter().any(is_message) => inner.clone(),
        other => vec![other.clone()],
    });
    let mut values: Vec<Vec<Value>> = apart.map(|value| parts(&value)).collect();
    for run in values.chunk_by_mut(|one, next| is_run(one, next)) {
        // The second part is the channel left, or the pattern; what else differs is a count, which keeps its place.
        let mut names: Vec<Value> = run.iter().filter_map(|message| message.get(1).cloned()).collect();
        if names.len() == run.len() {
            names.sort_by_key(|name| format!("{name:?}"));
            run.iter_mut().zip(names).for_each(|(message, name)| message[1] = name);
        }
    }
    values
}

fn is_message(value: &Value) -> bool {
    let kind = value.elements().first().map(Value::bytes);
    kind.is_some_and(|kind| kind.ends_with(b"unsubscribe"))
}

/// The elements of a message, or the one value that it is.
fn parts(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(parts) | Value::Push(parts) => parts.clone(),
        other => vec![other.clone()],
    }
}

fn is_run(one: &[Value], next: &[Value]) -> bool {
    let kind = one.first().map(Value::bytes).unwrap_or_default();
    let is_pattern = kind == b"pmessage" && one.get(2..) == next.get(2..);
    one.first() == next.first() && (is_pattern || kind.ends_with(b"unsubscribe"))
}

/// A crowd at play.
struct Scene<'c> {
    engine: Engine,
    clients: Vec<Client>,
    control: &'c mut Connection,
    oracle: &'c Oracle,
    patience: Duration,
}

impl Scene<'_> {
    fn all(&mut self, crowd: &Crowd, record: &mut Record) -> Result<(), Difference> {
        for step in &crowd.steps {
            let chosen = step.session.index(self.clients.len());
            match &step.deed {
                Deed::Leave => {
                    record.lines.push((chosen, None));
                    self.replace(chosen, crowd.resp3[chosen])?;
                }
                Deed::Send(argv) => {
                    let Some(speaker) = self.speaker(chosen, step.insists, argv) else { continue };
                    record.lines.push((speaker, Some(argv.clone())));
                    self.send(speaker, argv, record)?;
                }
            }
        }
        Ok(())
    }

    /// Who sends a line: somebody who does not wait, unless the one chosen insists. Never does everybody wait.
    fn speaker(&self, chosen: usize, insists: bool, argv: &Argv) -> Option<usize> {
        let waiting = self.waiting();
        let first_free = waiting.iter().position(|waits| !waits)?;
        let speaker = if waiting[chosen] && !insists { first_free } else { chosen };
        let last = !waiting[speaker] && waiting.iter().filter(|waits| !**waits).count() == 1;
        (!last || !may_wait(argv) || self.queues(speaker)).then_some(speaker)
    }

    /// One session goes, and another comes.
    fn replace(&mut self, index: usize, resp3: bool) -> Result<(), Difference> {
        let port = self.clients[index].line.port();
        self.engine.disconnect(self.clients[index].id);
        self.clients[index] = Client::connect(&mut self.engine, self.oracle, resp3);
        while clients::list(self.control).expect("the oracle answers").contains_key(&port) {}
        self.meet(|| format!("session {index} left"))
    }

    /// Whether a session is in the middle of a transaction.
    fn queues(&self, speaker: usize) -> bool {
        self.engine.session(self.clients[speaker].id).is_some_and(|session| session.transaction.is_some())
    }

    fn send(&mut self, speaker: usize, argv: &Argv, record: &mut Record) -> Result<(), Difference> {
        let waited = self.waiting();
        let in_transaction = self.queues(speaker);
        let reply = self.engine.execute(self.clients[speaker].id, argv.clone()).reply;
        if in_transaction && argv[0].eq_ignore_ascii_case(b"EXEC") {
            let end = match &reply {
                Reply::Array(_) => 0,
                Reply::NilArray => 1,
                _ => 2,
            };
            record.transactions[end] += 1;
        }
        record.waits += usize::from(!waited[speaker] && self.waiting()[speaker]);
        self.clients[speaker].line.send(argv).expect("the oracle listens");
        self.expect(speaker, &reply, record);
        self.meet(|| line_of(argv))
    }

    /// Writes down what has to arrive over each connection.
    fn expect(&mut self, speaker: usize, reply: &Reply, record: &mut Record) {
        for (index, client) in self.clients.iter_mut().enumerate() {
            let protocol =
                self.engine.session(client.id).map_or_else(Protocol::default, |session| session.protocol);
            if index == speaker {
                client.awaited.extend(values(reply, protocol));
            }
            for message in self.engine.take_outbox(client.id) {
                record.unasked += 1;
                client.awaited.extend(values(&message, protocol));
            }
        }
    }

    /// Hears what has to arrive; where that is nothing, compares who waits.
    fn meet(&mut self, at: impl Fn() -> String) -> Result<(), Difference> {
        if self.clients.iter().all(|client| client.awaited.is_empty()) {
            self.compare_waiting(&at)?;
        }
        for (index, client) in self.clients.iter_mut().enumerate() {
            if !client.awaited.is_empty() || !client.line.heard.is_empty() {
                client.hear(self.patience).map_err(|(engine, server)| {
                    let at = format!("{}\nwhat session {index} is sent", at());
                    Difference { at, engine, server }
                })?;
            }
        }
        Ok(())
    }

    fn waiting(&self) -> Vec<bool> {
        let ids = self.clients.iter().map(|client| client.id);
        ids.map(|id| self.engine.session(id).is_some_and(Session::is_blocked)).collect()
    }

    /// The server is asked twice before it counts as different: the first question may have come before the line, in the
    /// same turn of the server's event loop.
    fn compare_waiting(&mut self, at: impl Fn() -> String) -> Result<(), Difference> {
        let engine = self.waiting();
        let mut server = self.waiting_there();
        if engine != server {
            server = self.waiting_there();
        }
        if engine == server {
            return Ok(());
        }
        let shown = |waiting: Vec<bool>| Value::Array(waiting.into_iter().map(Value::Boolean).collect());
        let at = format!("{}\nwhich sessions wait", at());
        Err(Difference { at, engine: shown(engine), server: shown(server) })
    }

    fn waiting_there(&mut self) -> Vec<bool> {
        let listed = clients::list(self.control).expect("the oracle answers");
        let ports = self.clients.iter().map(|client| client.line.port());
        ports.map(|port| listed.get(&port).is_some_and(|client| client.blocked)).collect()
    }

    /// Nothing more arrives, and all the data is the same.
    fn end(&mut self) -> Result<(), Difference> {
        let lines = self.clients.iter_mut().map(|client| &mut client.line);
        clients::settle(self.control, lines).expect("the oracle comes to rest");
        let at = || "the end".to_owned();
        self.compare_waiting(at)?;
        self.meet(at)?;
        state::compare(self.control, &mut self.engine, Protocol::Resp2, Clocks::Apart)
    }
}

/// A reply as what a client reads: one value, several, or none.
fn values(reply: &Reply, protocol: Protocol) -> Vec<Value> {
    let mut wire = Vec::new();
    resp::write(reply, protocol, &mut wire);
    let mut rest = &wire[..];
    let mut values = Vec::new();
    while !rest.is_empty() {
        values.push(read_value(&mut rest).expect("the engine writes well-formed RESP"));
    }
    values
}

fn may_wait(argv: &Argv) -> bool {
    argv.first().and_then(|name| command::find(name)).is_some_and(|spec| spec.flags.contains(Flags::BLOCKING))
}
