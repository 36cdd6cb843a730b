//! A real server as the target of a replay, so that recording and checking need no second player.
//!
//! A real clock cannot be moved. Short waits are slept. For longer ones every deadline is moved towards the clock
//! instead: what is left of each TTL, and whether a key is gone, is then as it would be after the wait. What the clock
//! itself shows (`TIME`, idle times, absolute deadlines) is not; such a case differs, and says `@virtual` and why.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use playground_engine::{Protocol, print};
use playground_scenarios::Target;

use crate::oracle::Oracle;
use crate::resp::{Connection, Value};

/// The longest wait that is slept.
const PATIENCE: Duration = Duration::from_secs(3);

/// Connections to one server, one a session.
#[derive(Debug)]
pub struct ServerTarget<'o> {
    oracle: &'o Oracle,
    control: Connection,
    sessions: BTreeMap<String, Connection>,
    /// All settings, as the server started with them.
    settings: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl<'o> ServerTarget<'o> {
    pub fn new(oracle: &'o Oracle) -> io::Result<Self> {
        let mut control = oracle.connect();
        let settings = settings(&mut control)?;
        Ok(Self { oracle, control, sessions: BTreeMap::new(), settings })
    }

    fn restore(&mut self) -> io::Result<()> {
        self.sessions.clear();
        self.control.call(&["FLUSHALL"])?;
        for (name, value) in settings(&mut self.control)? {
            match self.settings.get(&name) {
                Some(original) if *original != value => {
                    self.control.call(&[&b"CONFIG"[..], b"SET", &name, original])?;
                }
                _ => {}
            }
        }
        self.control.call(&["CONFIG", "RESETSTAT"])?;
        Ok(())
    }

    fn shift_deadlines(&mut self, by: Duration) -> io::Result<()> {
        let databases = self
            .settings
            .get(&b"databases"[..])
            .map_or(16, |n| String::from_utf8_lossy(n).parse().unwrap_or(16));
        for db in 0..databases {
            self.control.call(&["SELECT", &db.to_string()])?;
            let keys = self.control.call(&["KEYS", "*"])?;
            for key in keys.elements().iter().map(Value::bytes) {
                let deadline = self.control.call(&[&b"PEXPIRETIME"[..], key])?.integer().unwrap_or(-1);
                if deadline >= 0 {
                    let sooner = deadline - i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
                    self.control.call(&[&b"PEXPIREAT"[..], key, sooner.max(0).to_string().as_bytes()])?;
                }
                self.shift_fields(key, by)?;
            }
        }
        self.control.call(&["SELECT", "0"])?;
        Ok(())
    }

    /// The same for the fields of a hash.
    fn shift_fields(&mut self, key: &[u8], by: Duration) -> io::Result<()> {
        let fields = self.control.call(&[&b"HKEYS"[..], key])?;
        for field in fields.elements().iter().map(Value::bytes) {
            let one: [&[u8]; 3] = [b"FIELDS", b"1", field];
            let asked = [&[&b"HPEXPIRETIME"[..], key], &one[..]].concat();
            let answer = self.control.call(&asked)?;
            let deadline = answer.elements().first().and_then(Value::integer).unwrap_or(-1);
            if deadline >= 0 {
                let sooner = deadline - i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
                let sooner = sooner.max(0).to_string();
                self.control.call(&[&[&b"HPEXPIREAT"[..], key, sooner.as_bytes()], &one[..]].concat())?;
            }
        }
        Ok(())
    }

    fn session(&mut self, name: &str) -> &mut Connection {
        let oracle = self.oracle;
        self.sessions.entry(name.to_owned()).or_insert_with(|| oracle.connect())
    }
}

fn settings(control: &mut Connection) -> io::Result<BTreeMap<Vec<u8>, Vec<u8>>> {
    let listed = control.call(&["CONFIG", "GET", "*"])?;
    let pairs = listed.elements().chunks_exact(2);
    Ok(pairs.map(|pair| (pair[0].bytes().to_vec(), pair[1].bytes().to_vec())).collect())
}

impl Target for ServerTarget<'_> {
    fn reset(&mut self, _seed: Option<u64>) -> Result<(), String> {
        self.restore().map_err(|why| why.to_string())
    }

    fn run(&mut self, session: &str, argv: &[Vec<u8>]) -> Result<String, String> {
        let value = self.session(session).call(argv).map_err(|why| why.to_string())?;
        // What RESP3 adds comes only to a connection that speaks it.
        Ok(print::answer(argv, &value.into_reply(), Protocol::Resp3))
    }

    fn advance(&mut self, by: Duration) -> Result<(), String> {
        if by <= PATIENCE {
            std::thread::sleep(by);
            return Ok(());
        }
        self.shift_deadlines(by).map_err(|why| why.to_string())
    }
}
