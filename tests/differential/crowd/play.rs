//! Plays the lines of several sessions on both sides, one at a time, and finds the first difference.
//!
//! A session has the same number and address on both sides: the engine is told those of the real connection. So a line
//! that names a client is the same for both, and so is an answer that does.
//!
//! The engine goes first: its answer and what it sends to whom say what has to arrive over which connection. That is
//! waited for, and compared value by value. Where nothing has to arrive, the server is asked whether that session waits,
//! too; an answer to that question also tells that the line has been carried out. Whatever arrives besides is met by the
//! comparison after it, or by the one at the end.

use std::time::{Duration, Instant};

use playground_engine::command::{self, spec::Flags};
use playground_engine::session::{Cause, Hearing, Origin, Session};
use playground_engine::{Engine, Options, Protocol, Reply, SessionId, dispatch, resp};
use playground_tests::line::Line;
use playground_tests::oracle::Oracle;
use playground_tests::resp::{Value, read_value};

use super::alike::{is_loose, normal, same};
use super::generate::{AT_TIMES, Crowd, Deed, When};
use super::onlooker::Onlooker;
use crate::generate::Argv;
use crate::people::{self, Named};
use crate::play::{Difference, line_of, moment, reset_commands};
use crate::state::{self, Clocks};

/// How long something may take to arrive.
const PATIENCE: Duration = Duration::from_secs(5);
/// The same once something has failed to: it is tried again with a part of the lines, many times.
const IMPATIENCE: Duration = Duration::from_millis(20);

/// A server, ready for one crowd after another, and an engine that nobody has used, but that has counted the same
/// connections.
#[derive(Debug)]
pub struct Arena<'o> {
    oracle: &'o Oracle,
    fresh: Engine,
    onlooker: Onlooker,
    reset: Vec<Argv>,
    patience: Duration,
}

/// What a crowd did.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Who did what.
    pub lines: Vec<(usize, Deed)>,
    /// Times that a session began to wait.
    pub waits: usize,
    /// Values that came to sessions whose turn it was not, or after the answer.
    pub unasked: usize,
    /// Sessions that were closed by a command.
    pub closed: usize,
    /// Transactions by their end: carried out, refused for a touched key, refused for a wrong line.
    pub transactions: [usize; 3],
}

/// A session on both sides, with the same number and address.
#[derive(Debug)]
struct Client {
    id: SessionId,
    line: Line,
    /// What the engine has sent it and the server has yet to.
    awaited: Vec<Value>,
}

impl<'o> Arena<'o> {
    pub fn new(oracle: &'o Oracle) -> Self {
        let mut control = oracle.connect();
        let start = moment(&control.call(&["TIME"]).expect("the oracle answers"));
        let mut fresh = Engine::new(Options { start, record_events: false, ..Options::default() });
        fresh.set_active_expire(false);
        let onlooker = Onlooker::new(&mut fresh, &mut control, oracle);
        Self { oracle, fresh, onlooker, reset: reset_commands(), patience: PATIENCE }
    }

    pub fn play(&mut self, crowd: &Crowd, record: &mut Record) -> Result<(), Difference> {
        let mut control = self.oracle.connect();
        control.pipeline(&self.reset).expect("the oracle answers");
        let now = moment(&control.call(&["TIME"]).expect("the oracle answers"));
        self.fresh.advance(Duration::from_millis(now.saturating_sub(self.fresh.now())));
        drop(control);
        self.onlooker.is_alone();
        let mut scene = Scene {
            clients: Vec::new(),
            engine: self.fresh.clone(),
            onlooker: &mut self.onlooker,
            oracle: self.oracle,
            patience: self.patience,
        };
        let outcome = scene.all(crowd, record).and_then(|()| scene.end());
        let last = scene.clients.iter().map(|client| client.id.0).max();
        drop(scene);
        if outcome.is_err() {
            self.patience = IMPATIENCE;
        }
        // Who still waits would take what belongs to the next crowd.
        self.onlooker.unpause_server();
        self.onlooker.is_alone();
        self.onlooker.unpause_server();
        if let Some(last) = last {
            let id = connect_as(&mut self.fresh, last, &origin(self.oracle, 0));
            self.fresh.disconnect(id);
        }
        outcome
    }
}

/// A connection of the engine's with this number; lower ones are used up.
pub fn connect_as(engine: &mut Engine, number: u64, origin: &Origin) -> SessionId {
    loop {
        let id = engine.connect_from(origin.clone()).expect("there is room");
        if id.0 >= number {
            return id;
        }
        engine.disconnect(id);
    }
}

impl Client {
    fn connect(engine: &mut Engine, oracle: &Oracle, onlooker: &mut Onlooker) -> Self {
        let line = Line::open(oracle.address()).expect("the oracle accepts connections");
        let number = onlooker.number_of(line.port());
        let id = connect_as(engine, number, &origin(oracle, line.port()));
        Self { id, line, awaited: Vec::new() }
    }

    /// Waits for what the engine has sent, and for the end where there is one.
    fn hear(&mut self, patience: Duration, ends: bool) -> Result<(), (Value, Value)> {
        let deadline = Instant::now() + patience;
        while (self.line.heard.len() < self.awaited.len() || ends)
            && !self.line.is_closed()
            && Instant::now() < deadline
        {
            self.line.listen(patience).expect("the oracle writes RESP");
        }
        let loose = is_loose(&self.awaited);
        let normal = |values: Vec<Value>, closed: bool| {
            let mut values: Vec<Value> = values.into_iter().map(normal).collect();
            if loose {
                values.sort_by_key(|value| format!("{value:?}"));
            }
            values.extend(closed.then(|| Value::Status(b"the end".to_vec())));
            values
        };
        let engine = normal(std::mem::take(&mut self.awaited), ends);
        let server = normal(std::mem::take(&mut self.line.heard), self.line.is_closed());
        if same(&engine, &server) { Ok(()) } else { Err((Value::Array(engine), Value::Array(server))) }
    }
}

/// Where a connection comes from.
pub fn origin(oracle: &Oracle, port: u16) -> Origin {
    Origin { address: format!("127.0.0.1:{port}"), local: format!("127.0.0.1:{}", oracle.port()) }
}

/// A crowd at play.
struct Scene<'c> {
    engine: Engine,
    clients: Vec<Client>,
    onlooker: &'c mut Onlooker,
    oracle: &'c Oracle,
    patience: Duration,
}

impl Scene<'_> {
    fn all(&mut self, crowd: &Crowd, record: &mut Record) -> Result<(), Difference> {
        for resp3 in &crowd.resp3 {
            self.clients.push(Client::connect(&mut self.engine, self.oracle, self.onlooker));
            self.introduce(self.clients.len() - 1, *resp3, record)?;
        }
        for step in &crowd.steps {
            let chosen = step.session.index(self.clients.len());
            match &step.deed {
                Deed::Leave => self.replace(chosen, crowd.resp3[chosen], record)?,
                Deed::Unpause => self.unpause(record)?,
                Deed::Send(_) if !self.waiting().contains(&false) => {
                    self.unpause(record)?;
                    if !self.waiting().contains(&false) {
                        self.replace(chosen, crowd.resp3[chosen], record)?;
                    }
                }
                Deed::Send(argv) => {
                    let Some(speaker) = self.speaker(chosen, step.insists, argv) else { continue };
                    record.lines.push((speaker, step.deed.clone()));
                    self.send(speaker, argv, record)?;
                }
            }
            self.replace_closed(crowd, record)?;
        }
        Ok(())
    }

    /// Who sends a line: somebody who does not wait, unless the one chosen insists. Never does everybody wait for keys.
    fn speaker(&self, chosen: usize, insists: bool, argv: &Argv) -> Option<usize> {
        let waiting = self.waiting();
        let first_free = waiting.iter().position(|waits| !waits)?;
        let speaker = if waiting[chosen] && !insists { first_free } else { chosen };
        let last = !waiting[speaker] && waiting.iter().filter(|waits| !**waits).count() == 1;
        let name = dispatch::resolve(argv).map_or("", |resolved| resolved.spec.name);
        let is_error = argv.last().is_some_and(|word| word.eq_ignore_ascii_case(b"ERROR"));
        let name = if name == "client|unblock" && !is_error { "client|unblock timeout" } else { name };
        let out = AT_TIMES.iter().any(|(known, when, _)| name == *known && self.is(speaker, *when));
        (!out && (!last || !may_wait(argv) || self.queues(speaker))).then_some(speaker)
    }

    fn is(&self, speaker: usize, when: When) -> bool {
        let session = self.engine.session(self.clients[speaker].id);
        session.is_some_and(|session| match when {
            When::InTransaction => session.transaction.is_some(),
            When::Monitoring => session.monitors,
            When::Silent => session.hearing != Hearing::All,
            When::Waiting => session.is_blocked(),
            When::Late => session.is_blocked() || self.would_wait(speaker, "FLUSHALL"),
            When::SomebodyHeldUp => self.somebody_is_held_up(),
        })
    }

    fn would_wait(&self, speaker: usize, line: &str) -> bool {
        let (mut engine, id) = (self.engine.clone(), self.clients[speaker].id);
        engine.execute(id, vec![line.as_bytes().to_vec()]);
        engine.session(id).is_some_and(Session::is_blocked)
    }

    fn somebody_is_held_up(&self) -> bool {
        self.clients.iter().any(|client| {
            let session = self.engine.session(client.id);
            session
                .and_then(|session| session.blocked.as_ref())
                .is_some_and(|blocked| blocked.cause == Cause::Pause)
        })
    }

    /// One session goes, and another comes.
    fn replace(&mut self, index: usize, resp3: bool, record: &mut Record) -> Result<(), Difference> {
        record.lines.push((index, Deed::Leave));
        let port = self.clients[index].line.port();
        self.engine.disconnect(self.clients[index].id);
        // Closes the line.
        self.clients[index] = Client::connect(&mut self.engine, self.oracle, self.onlooker);
        self.onlooker.is_rid_of(port);
        self.introduce(index, resp3, record)
    }

    /// Those whom a command has closed go, too.
    fn replace_closed(&mut self, crowd: &Crowd, record: &mut Record) -> Result<(), Difference> {
        for index in 0..self.clients.len() {
            if self.has_ended(index) {
                record.closed += 1;
                self.replace(index, crowd.resp3[index], record)?;
            }
        }
        Ok(())
    }

    fn has_ended(&self, index: usize) -> bool {
        self.engine.session(self.clients[index].id).is_none_or(|session| session.closing)
    }

    /// Says which protocol a new session speaks.
    fn introduce(&mut self, index: usize, resp3: bool, record: &mut Record) -> Result<(), Difference> {
        let hello = [&b"HELLO"[..], if resp3 { b"3" } else { b"2" }];
        self.send(index, &hello.map(<[u8]>::to_vec).to_vec(), record)
    }

    fn unpause(&mut self, record: &mut Record) -> Result<(), Difference> {
        record.lines.push((0, Deed::Unpause));
        self.onlooker.unpause(&mut self.engine);
        self.expect(None, record);
        self.meet(|| "CLIENT UNPAUSE by who looks on".to_owned())
    }

    /// Whether a session is in the middle of a transaction.
    fn queues(&self, speaker: usize) -> bool {
        self.is(speaker, When::InTransaction)
    }

    fn send(&mut self, speaker: usize, argv: &Argv, record: &mut Record) -> Result<(), Difference> {
        let named = |client: &Client| Named {
            id: client.id.0,
            address: origin(self.oracle, client.line.port()).address,
        };
        let argv = people::resolved(argv, &self.clients.iter().map(named).collect::<Vec<_>>());
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
        self.clients[speaker].line.send(&argv).expect("the oracle listens");
        self.expect(Some((speaker, &reply)), record);
        self.meet(|| format!("s{speaker}> {}", line_of(&argv)))
    }

    /// Writes down what has to arrive over each connection.
    fn expect(&mut self, answer: Option<(usize, &Reply)>, record: &mut Record) {
        for (index, client) in self.clients.iter_mut().enumerate() {
            let protocol =
                self.engine.session(client.id).map_or_else(Protocol::default, |session| session.protocol);
            if let Some((speaker, reply)) = answer
                && index == speaker
            {
                client.awaited.extend(values(reply, protocol));
            }
            for message in self.engine.take_outbox(client.id) {
                record.unasked += 1;
                client.awaited.extend(values(&message, protocol));
            }
        }
        self.onlooker.forget(&mut self.engine);
    }

    /// Hears what has to arrive; where that is nothing, compares who waits.
    fn meet(&mut self, at: impl Fn() -> String) -> Result<(), Difference> {
        if self.clients.iter().all(|client| client.awaited.is_empty()) {
            self.compare_waiting(&at)?;
        }
        for index in 0..self.clients.len() {
            let ends = self.has_ended(index);
            let client = &mut self.clients[index];
            if ends || !client.awaited.is_empty() || !client.line.heard.is_empty() || client.line.is_closed()
            {
                client.hear(self.patience, ends).map_err(|(engine, server)| {
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
        let ports: Vec<u16> = self.clients.iter().map(|client| client.line.port()).collect();
        let mut server = self.onlooker.waiting(&ports);
        if engine != server {
            server = self.onlooker.waiting(&ports);
        }
        if engine == server {
            return Ok(());
        }
        let shown = |waiting: Vec<bool>| Value::Array(waiting.into_iter().map(Value::Boolean).collect());
        let at = format!("{}\nwhich sessions wait", at());
        Err(Difference { at, engine: shown(engine), server: shown(server) })
    }

    /// Nothing more arrives, and all the data is the same.
    fn end(&mut self) -> Result<(), Difference> {
        // Whoever goes on may begin a pause, as long as somebody was held up.
        while self.somebody_is_held_up() {
            self.unpause(&mut Record::default())?;
        }
        self.unpause(&mut Record::default())?;
        let lines = self.clients.iter_mut().map(|client| &mut client.line);
        self.onlooker.settle(lines);
        let at = || "the end".to_owned();
        self.compare_waiting(at)?;
        self.meet(at)?;
        state::compare(&mut self.oracle.connect(), &mut self.engine, Protocol::Resp2, Clocks::Apart)
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
