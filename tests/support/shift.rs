//! Lets a long time pass on a real server, whose clock cannot be moved: every deadline is moved towards the clock instead.
//!
//! What is left of each TTL, and whether a key is gone, is then as it would be after the wait. Moving a deadline is a
//! write, though: whoever watches such a key notices. Notifications are held back meanwhile, and a key whose time is over
//! is left to expire by itself where somebody may be listening for that.

use std::io;
use std::thread;
use std::time::Duration;

use crate::resp::{Connection, Value};

const NOTIFY: &str = "notify-keyspace-events";
/// Milliseconds within which all deadlines are moved, so that none is over before.
const SOON: i64 = 300;

/// The classes of events that the server tells of, if any.
pub fn notifications(control: &mut Connection) -> io::Result<Option<Vec<u8>>> {
    let setting = control.call(&["CONFIG", "GET", NOTIFY])?;
    let classes = setting.elements().get(1).map(|classes| classes.bytes().to_vec());
    Ok(classes.filter(|classes| !classes.is_empty()))
}

pub fn deadlines(control: &mut Connection, databases: usize, by: Duration) -> io::Result<()> {
    let classes = notifications(control)?;
    let mut earliest = 0;
    if classes.is_some() {
        control.call(&["CONFIG", "SET", NOTIFY, ""])?;
        earliest = now(control)? + SOON;
    }
    let mut shift = Shift { control, by: i64::try_from(by.as_millis()).unwrap_or(i64::MAX), earliest };
    for db in 0..databases {
        shift.database(db)?;
    }
    control.call(&["SELECT", "0"])?;
    if let Some(classes) = classes {
        control.call(&[&b"CONFIG"[..], b"SET", NOTIFY.as_bytes(), &classes])?;
        let left = u64::try_from(earliest - now(control)?).unwrap_or(0);
        thread::sleep(Duration::from_millis(left));
    }
    Ok(())
}

fn now(control: &mut Connection) -> io::Result<i64> {
    let time = control.call(&["TIME"])?;
    let number = |value: &Value| String::from_utf8_lossy(value.bytes()).parse().unwrap_or(0);
    let parts: Vec<i64> = time.elements().iter().map(number).collect();
    Ok(parts.first().unwrap_or(&0) * 1000 + parts.get(1).unwrap_or(&0) / 1000)
}

struct Shift<'c> {
    control: &'c mut Connection,
    /// Milliseconds.
    by: i64,
    /// No deadline becomes earlier than this.
    earliest: i64,
}

impl Shift<'_> {
    fn database(&mut self, db: usize) -> io::Result<()> {
        self.control.call(&["SELECT", &db.to_string()])?;
        let keys = self.control.call(&["KEYS", "*"])?;
        for key in keys.elements().iter().map(Value::bytes) {
            let deadline = self.control.call(&[&b"PEXPIRETIME"[..], key])?.integer().unwrap_or(-1);
            if deadline >= 0 {
                let sooner = self.sooner(deadline);
                self.control.call(&[&b"PEXPIREAT"[..], key, sooner.as_bytes()])?;
            }
            self.fields(key)?;
        }
        Ok(())
    }

    /// The same for the fields of a hash.
    fn fields(&mut self, key: &[u8]) -> io::Result<()> {
        let fields = self.control.call(&[&b"HKEYS"[..], key])?;
        for field in fields.elements().iter().map(Value::bytes) {
            let one: [&[u8]; 3] = [b"FIELDS", b"1", field];
            let asked = [&[&b"HPEXPIRETIME"[..], key], &one[..]].concat();
            let answer = self.control.call(&asked)?;
            let deadline = answer.elements().first().and_then(Value::integer).unwrap_or(-1);
            if deadline >= 0 {
                let sooner = self.sooner(deadline);
                self.control.call(&[&[&b"HPEXPIREAT"[..], key, sooner.as_bytes()], &one[..]].concat())?;
            }
        }
        Ok(())
    }

    fn sooner(&self, deadline: i64) -> String {
        (deadline - self.by).max(self.earliest).to_string()
    }
}
