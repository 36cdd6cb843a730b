//! `MEMORY USAGE` of each key that a command names, compared when the command is over: the sizes that the engine keeps up to
//! date are those that the real server counts.
//!
//! They are equal to the byte but for what is left to chance in Redis: how high the towers of a skip list are, and how far
//! the entries of a hash table have moved that grows or shrinks, and with them when the old table goes.

use std::collections::BTreeSet;

use playground_engine::command::keys;
use playground_engine::{Engine, Protocol, SessionId, dispatch};
use playground_tests::resp::Value;

use super::generate::Argv;
use super::play::{Difference, line_of};

/// No more keys of one command are measured.
const MOST: usize = 4;

/// The keys that a command names.
pub fn keys_of(argv: &Argv) -> Vec<Vec<u8>> {
    let named = dispatch::resolve(argv).ok().and_then(|resolved| keys::of(resolved.spec, argv.clone()));
    let different: BTreeSet<_> = named.into_iter().flatten().map(|(key, _)| key).collect();
    different.into_iter().take(MOST).collect()
}

/// What asks for a key's size.
pub fn question(key: &[u8]) -> Argv {
    [b"MEMORY", b"USAGE".as_slice(), key, b"SAMPLES", b"0"].map(<[u8]>::to_vec).to_vec()
}

/// What was measured.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub all: usize,
    pub tables: usize,
    /// Tables of which the sides have not the same number at the moment.
    pub apart: usize,
}

impl Tally {
    pub fn add(&mut self, one: Self) {
        self.all += one.all;
        self.tables += one.tables;
        self.apart += one.apart;
    }
}

/// Compares the size of a key, given the server's answer, and whether scripts may have set it.
pub fn compare(
    engine: &mut Engine,
    session: SessionId,
    key: &[u8],
    server: Value,
    has_scripts: bool,
) -> Result<Tally, Difference> {
    let reply = engine.execute(session, question(key)).reply;
    let ours = Value::of_reply(&reply, Protocol::Resp2);
    let (encoding, len) = shape(engine, session, key);
    if may_be(encoding, len, &ours, &server) || has_scripts && may_have_room(encoding, len, &ours, &server) {
        let (table, apart) = (encoding == "hashtable", ours != server);
        return Ok(Tally { all: 1, tables: usize::from(table), apart: usize::from(table && apart) });
    }
    Err(Difference { at: format!("{} ({encoding}, {len})", line_of(&question(key))), engine: ours, server })
}

/// The encoding and the length of what is in a key.
fn shape(engine: &Engine, session: SessionId, key: &[u8]) -> (&'static str, usize) {
    let db = engine.session(session).map_or(0, |session| session.db);
    let summary = engine.inspect(db, key, 0).map(|inspection| inspection.summary);
    summary.map_or(("", 0), |summary| (summary.encoding, summary.len))
}

/// Whether two answers to `MEMORY USAGE` differ by no more than scripts may make them differ.
pub fn are_near_with_scripts(
    engine: &Engine,
    session: SessionId,
    argv: &Argv,
    ours: &Value,
    server: &Value,
) -> bool {
    let (encoding, len) = argv.get(2).map_or(("", 0), |key| shape(engine, session, key));
    may_have_room(encoding, len, ours, server)
}

/// Whether the sides may be so far apart.
fn may_be(encoding: &str, len: usize, ours: &Value, server: &Value) -> bool {
    let (Value::Integer(ours), Value::Integer(server)) = (ours, server) else {
        // A key past its time is measured by whoever has not met it yet.
        return ours == server || matches!((ours, server), (Value::Nil, _) | (_, Value::Nil));
    };
    let apart = ours.abs_diff(*server);
    match encoding {
        _ if apart == 0 => true,
        "hashtable" => is_a_table(apart, len),
        "skiplist" => apart <= towers(len) || (0..12).any(|n| apart.abs_diff(32 << n) <= towers(len)),
        _ => false,
    }
}

/// Whether the sides have given a string different room to spare. The words of a script's command lie in objects that the
/// real server keeps for words at the same place of later commands: a short word may get one that has held a longer. What is
/// appended to it later needs more room, or does not.
fn may_have_room(encoding: &str, len: usize, ours: &Value, server: &Value) -> bool {
    const MOST: u64 = 64;
    let is_near = |ours: &i64, server: &i64| ours.abs_diff(*server) <= MOST + len as u64;
    matches!((encoding, ours, server), ("embstr" | "raw", Value::Integer(ours), Value::Integer(server))
        if is_near(ours, server))
}

/// The slots of a table that has been left, or not yet: a power of two, eight bytes each.
fn is_a_table(apart: u64, len: usize) -> bool {
    const WIDEST: u64 = 16;
    apart.is_power_of_two() && apart >= 32 && apart <= 8 * WIDEST * (len as u64 + 4)
}

/// By how much the towers of two skip lists may differ. Measured on sets of one size in a real server, from one member up
/// to a thousand: they spread with a standard deviation of 10.7 bytes times the root of the number of members, and a single
/// tower was up to 107 bytes above the mean. Between two servers that is 15.1 times the root; seven times that is allowed.
fn towers(len: usize) -> u64 {
    const SINGLE: f64 = 160.0;
    (7.0 * 15.1 * (len as f64).sqrt() + SINGLE) as u64
}
