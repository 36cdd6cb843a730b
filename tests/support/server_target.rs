//! A real server as the target of a replay, so that recording and checking need no second player.
//!
//! Each session is a connection of its own. What one causes at others arrives there a moment later: the server is asked,
//! over one more connection, until it has nothing left to do. A real clock cannot be moved: short waits are slept, for
//! longer ones [deadlines move](crate::shift) instead. What the clock itself shows (`TIME`, idle times, absolute deadlines),
//! or when a session gives up waiting, does not; such a case differs, and says `@virtual` and why.

use std::collections::BTreeMap;
use std::io;
use std::thread;
use std::time::Duration;

use playground_engine::{Protocol, print};
use playground_scenarios::Target;
use playground_scenarios::replay::{Answer, Received};

use crate::clients;
use crate::line::Line;
use crate::numbers::Numbers;
use crate::oracle::Oracle;
use crate::resp::{Connection, Value};
use crate::shift;

/// The longest wait that is slept.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long to listen before asking whether there will be an answer.
const ATTENTION: Duration = Duration::from_millis(10);
/// A real server has to be past the moment at which a session gives up.
const OVERTIME: Duration = Duration::from_millis(2);
/// After which keys whose time has just come are gone by themselves: the server looks ten times a second.
const CYCLE: Duration = Duration::from_millis(250);
/// How much may wait for a client before the server hangs up.
const OUTPUT_LIMITS: &[u8] = b"client-output-buffer-limit";

/// Connections to one server, one a session.
#[derive(Debug)]
pub struct ServerTarget<'o> {
    oracle: &'o Oracle,
    control: Connection,
    sessions: BTreeMap<String, Session>,
    numbers: Numbers,
    /// All settings, as the server started with them.
    settings: BTreeMap<Vec<u8>, Vec<u8>>,
}

#[derive(Debug)]
struct Session {
    line: Line,
    /// When last asked, it was waiting.
    blocked: bool,
}

impl<'o> ServerTarget<'o> {
    pub fn new(oracle: &'o Oracle) -> io::Result<Self> {
        let mut control = oracle.connect();
        let settings = settings(&mut control)?;
        Ok(Self { oracle, control, sessions: BTreeMap::new(), numbers: Numbers::default(), settings })
    }

    fn restore(&mut self) -> io::Result<()> {
        self.sessions.clear();
        self.numbers = Numbers::default();
        if self.control.call(&["CLIENT", "UNPAUSE"]).is_err() {
            // The case's limits have met the control connection, too.
            self.control = self.oracle.connect();
            self.control.call(&["CLIENT", "UNPAUSE"])?;
        }
        // Before anything whose answer is long.
        if let Some(limits) = self.settings.get(OUTPUT_LIMITS) {
            self.control.call(&[&b"CONFIG"[..], b"SET", OUTPUT_LIMITS, limits])?;
        }
        // Who still waited for a key would take it from the next case.
        while clients::list(&mut self.control)?.len() > 1 {}
        self.control.call(&["FLUSHALL"])?;
        // What is not data outlives it.
        self.control.call(&["SCRIPT", "FLUSH"])?;
        self.control.call(&["FUNCTION", "FLUSH"])?;
        self.forget_users()?;
        for (name, value) in settings(&mut self.control)? {
            match self.settings.get(&name) {
                Some(original) if *original != value => {
                    self.control.call(&[&b"CONFIG"[..], b"SET", &name, original])?;
                }
                _ => {}
            }
        }
        self.control.call(&["CONFIG", "RESETSTAT"])?;
        self.control.call(&["SLOWLOG", "RESET"])?;
        self.control.call(&["LATENCY", "RESET"])?;
        Ok(())
    }

    /// Nobody but the default user, who may do everything.
    fn forget_users(&mut self) -> io::Result<()> {
        for name in self.control.call(&["ACL", "USERS"])?.elements() {
            if name.bytes() != b"default" {
                self.control.call(&[&b"ACL"[..], b"DELUSER", name.bytes()])?;
            }
        }
        self.control.call(&["ACL", "SETUSER", "default", "reset", "on", "nopass", "~*", "&*", "+@all"])?;
        self.control.call(&["ACL", "LOG", "RESET"])?;
        Ok(())
    }

    fn let_pass(&mut self, by: Duration) -> io::Result<()> {
        let notifies = shift::notifications(&mut self.control)?.is_some();
        if by > PATIENCE {
            let databases = self.settings.get(&b"databases"[..]).map(|n| String::from_utf8_lossy(n).parse());
            shift::deadlines(&mut self.control, databases.and_then(Result::ok).unwrap_or(16), by)?;
        } else {
            let waits = self.sessions.values().any(|session| session.blocked);
            thread::sleep(by + if waits { OVERTIME } else { Duration::ZERO });
        }
        if notifies {
            // Somebody listens for keys that expire.
            thread::sleep(CYCLE);
        }
        Ok(())
    }

    /// Waits until everything has arrived.
    fn settle(&mut self) -> io::Result<()> {
        // A CLIENT KILL that spares nobody has met the control connection, too.
        if clients::list(&mut self.control).is_err() {
            self.control = self.oracle.connect();
        }
        let lines = self.sessions.values_mut().map(|session| &mut session.line);
        let clients = clients::settle(&mut self.control, lines)?;
        for session in self.sessions.values_mut() {
            session.blocked = clients.get(&session.line.port()).is_some_and(|client| client.blocked);
        }
        Ok(())
    }

    /// Makes sure that there is such a session and that it may speak.
    fn prepare(&mut self, name: &str) -> Result<(), String> {
        if !self.sessions.contains_key(name) {
            let line = Line::open(self.oracle.address()).map_err(|why| why.to_string())?;
            self.count(&line).map_err(|why| why.to_string())?;
            self.sessions.insert(name.to_owned(), Session { line, blocked: false });
        }
        if self.session(name)?.blocked {
            self.settle().map_err(|why| why.to_string())?;
        }
        match self.session(name)? {
            Session { blocked: true, .. } => Err(format!("the session {name} waits and cannot speak")),
            Session { line, .. } if line.is_closed() => {
                Err(format!("the server has closed the session {name}; it connects anew after @close"))
            }
            _ => Ok(()),
        }
    }

    /// Finds out which number the server has given to a connection.
    fn count(&mut self, line: &Line) -> io::Result<()> {
        loop {
            if let Some(client) = clients::list(&mut self.control)?.get(&line.port()) {
                self.numbers.add(client.id, line.port());
                return Ok(());
            }
        }
    }

    fn session(&mut self, name: &str) -> Result<&mut Session, String> {
        self.sessions.get_mut(name).ok_or_else(|| format!("there is no session {name}"))
    }

    /// The values that answer a command, none where it blocks.
    fn answer(&mut self, name: &str, argv: &[Vec<u8>]) -> Result<Vec<Value>, String> {
        let alone = self.sessions.len() == 1;
        let attention = match alone {
            _ if blocks_for_a_moment(argv) => PATIENCE,
            true => ATTENTION,
            false => Duration::ZERO,
        };
        let line = &mut self.session(name)?.line;
        let mut earlier = Vec::new();
        let mut ask = || {
            line.listen(Duration::ZERO)?;
            earlier = std::mem::take(&mut line.heard);
            line.send(argv)?;
            line.listen(attention)
        };
        ask().map_err(|why| why.to_string())?;
        // A lonely client hears one answer and nothing more; else it is better to make sure.
        if !alone || line.heard.is_empty() || confirmation(argv).is_some() {
            self.settle().map_err(|why| why.to_string())?;
        }
        let line = &mut self.session(name)?.line;
        let (answer, others) = split(argv, std::mem::take(&mut line.heard));
        line.heard = earlier.into_iter().chain(others).collect();
        Ok(answer)
    }
}

/// The command's name, if it is one of those that answer with a message for each of their arguments.
fn confirmation(argv: &[Vec<u8>]) -> Option<Vec<u8>> {
    let name = argv.first()?.to_ascii_lowercase();
    name.ends_with(b"subscribe").then_some(name)
}

/// Whether the real server answers a command from a thread in the background: its client counts as blocked until then.
fn blocks_for_a_moment(argv: &[Vec<u8>]) -> bool {
    argv.first().is_some_and(|name| name.to_ascii_lowercase().starts_with(b"flush"))
}

/// The values that answer a command, and those that have come besides.
fn split(argv: &[Vec<u8>], mut heard: Vec<Value>) -> (Vec<Value>, Vec<Value>) {
    let name = confirmation(argv);
    let confirms = |value: &Value| {
        let kind = value.elements().first().map(Value::bytes);
        kind.is_some() && kind == name.as_deref()
    };
    let confirmed = heard.iter().take_while(|value| confirms(value)).count();
    if confirmed > 0 {
        let others = heard.split_off(confirmed);
        return (heard, others);
    }
    match heard.iter().position(|value| !matches!(value, Value::Push(_))) {
        Some(at) => (vec![heard.remove(at)], heard),
        None => (Vec::new(), heard),
    }
}

/// What RESP3 adds comes only to a connection that speaks it.
const PROTOCOL: Protocol = Protocol::Resp3;

fn settings(control: &mut Connection) -> io::Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let listed = control.call(&["CONFIG", "GET", "*"])?;
    let pairs = listed.elements().chunks_exact(2);
    Ok(pairs.map(|pair| (pair[0].bytes().to_vec(), pair[1].bytes().to_vec())).collect())
}

impl Target for ServerTarget<'_> {
    fn reset(&mut self, _seed: Option<u64>) -> Result<(), String> {
        self.restore().map_err(|why| why.to_string())
    }

    fn run(&mut self, session: &str, argv: &[Vec<u8>]) -> Result<Answer, String> {
        self.prepare(session)?;
        let answer = self.answer(session, &self.numbers.there(argv))?;
        if answer.is_empty() && self.session(session)?.blocked {
            return Ok(Answer::Blocked);
        }
        let print =
            |value: Value| print::answer(argv, &self.numbers.back(argv, value).into_reply(), PROTOCOL);
        Ok(Answer::Printed(answer.into_iter().map(print).collect()))
    }

    fn receive(&mut self, session: &str) -> Result<Received, String> {
        self.settle().map_err(|why| why.to_string())?;
        let line = &mut self.session(session)?.line;
        let (heard, closed) = (std::mem::take(&mut line.heard), line.is_closed());
        let print = |value: Value| print::redis_cli_as(&self.numbers.arrived(value).into_reply(), PROTOCOL);
        Ok(Received { printed: heard.into_iter().map(print).collect(), closed })
    }

    fn close(&mut self, session: &str) -> Result<(), String> {
        self.session(session)?;
        self.sessions.remove(session);
        self.settle().map_err(|why| why.to_string())
    }

    fn advance(&mut self, by: Duration) -> Result<(), String> {
        self.let_pass(by).map_err(|why| why.to_string())
    }
}
