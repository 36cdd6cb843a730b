//! Compares all that two servers hold: every key's type, encoding, value and deadline, and whole iterations.

use std::collections::BTreeSet;

use playground_engine::{Engine, Protocol, SessionId};
use playground_tests::resp::{Connection, Value};

use super::compare::sorted;
use super::play::{Difference, line_of};

const DATABASES: usize = 16;

/// How far the two clocks can be told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    /// They show the same.
    Together,
    /// Each ran for itself: the moments noted on either side are not compared.
    Apart,
}

/// The first difference between the states of both sides.
pub fn compare(
    server: &mut Connection,
    engine: &mut Engine,
    protocol: Protocol,
    clocks: Clocks,
) -> Result<(), Difference> {
    let (kept, recounted) = engine.recount();
    if kept != recounted {
        let number = |number: u64| Value::Integer(number as i64);
        let at = "used_memory as kept, against a recount".to_owned();
        return Err(Difference { at, engine: number(kept), server: number(recounted) });
    }
    let session = engine.connect();
    let mut ask = |argv: &[Vec<u8>]| reply(engine, session, protocol, argv);
    let select = |db: usize| words(&["SELECT", &db.to_string()]);
    let users = words(&["ACL", "LIST"]);
    let (engine_users, server_users) = (ask(&users), server.call(&users).expect("the oracle answers"));
    if engine_users != server_users {
        let at = "ACL LIST at the end".to_owned();
        return Err(Difference { at, engine: engine_users, server: server_users });
    }
    let keys = words(&["KEYS", "*"]);
    let listing: Vec<_> = (0..DATABASES).flat_map(|db| [select(db), keys.clone()]).collect();
    let listed = server.pipeline(&listing).expect("the oracle answers");
    for (db, server_keys) in listed.into_iter().skip(1).step_by(2).enumerate() {
        ask(&select(db));
        let engine_keys = ask(&keys);
        if sorted(server_keys.elements()) != sorted(engine_keys.elements()) {
            let at = format!("KEYS * in database {db} at the end");
            return Err(Difference { at, engine: engine_keys, server: server_keys });
        }
        if server_keys.elements().is_empty() {
            continue;
        }
        server.call(&select(db)).expect("the oracle answers");
        for key in server_keys.elements() {
            compare_key(server, &mut ask, key.bytes(), db, clocks)?;
        }
        compare_scan(server, &mut ask, &words(&["SCAN"]), db)?;
        // A whole iteration has met every key past its time.
        let (engine, server) =
            (ask(&words(&["DBSIZE"])), server.call(&["DBSIZE"]).expect("the oracle answers"));
        if engine != server {
            return Err(Difference { at: format!("DBSIZE of database {db} at the end"), engine, server });
        }
    }
    let digest = words(&["DEBUG", "DIGEST"]);
    let (engine, server) = (ask(&digest), server.call(&digest).expect("the oracle answers"));
    if engine != server {
        return Err(Difference { at: "DEBUG DIGEST at the end".to_owned(), engine, server });
    }
    Ok(())
}

fn compare_key(
    server: &mut Connection,
    ask: &mut impl FnMut(&[Vec<u8>]) -> Value,
    key: &[u8],
    db: usize,
    clocks: Clocks,
) -> Result<(), Difference> {
    let kind = ask(&with_key(&["TYPE"], key, &[]));
    let value = match kind.bytes() {
        b"zset" => with_key(&["ZRANGE"], key, &["0", "-1", "WITHSCORES"]),
        b"set" => with_key(&["SMEMBERS"], key, &[]),
        b"stream" => with_key(&["XINFO", "STREAM"], key, &["FULL", "COUNT", "0"]),
        b"list" => with_key(&["LRANGE"], key, &["0", "-1"]),
        b"hash" => with_key(&["HLEN"], key, &[]),
        _ => with_key(&["GET"], key, &[]),
    };
    let mut questions = vec![
        with_key(&["TYPE"], key, &[]),
        with_key(&["OBJECT", "ENCODING"], key, &[]),
        value,
        with_key(&["PEXPIRETIME"], key, &[]),
        with_key(&["DEBUG", "DIGEST-VALUE"], key, &[]),
    ];
    if kind.bytes() == b"list" {
        // Shows where the nodes of a long list begin and end.
        questions.push(with_key(&["MEMORY", "USAGE"], key, &["SAMPLES", "0"]));
    }
    if kind.bytes() == b"stream" {
        // What a full listing does not show: the walk downwards, both ends, and the size to the byte.
        questions.push(with_key(&["XREVRANGE"], key, &["+", "-"]));
        questions.push(with_key(&["XINFO", "STREAM"], key, &[]));
        questions.push(with_key(&["MEMORY", "USAGE"], key, &["SAMPLES", "0"]));
    }
    let answers = server.pipeline(&questions).expect("the oracle answers");
    for (question, server) in questions.iter().zip(answers) {
        let engine = ask(question);
        let (engine, server) = match clocks {
            Clocks::Together => (engine, server),
            Clocks::Apart => (without_moments(engine), without_moments(server)),
        };
        // A table's members come in an order of its own; an iteration compares them.
        let unordered =
            kind.bytes() == b"set" && *question == questions[2] && ask(&questions[1]).bytes() == b"hashtable";
        if engine != server && !unordered {
            return Err(Difference {
                at: format!("{} in database {db} at the end", line_of(question)),
                engine,
                server,
            });
        }
    }
    match kind.bytes() {
        b"zset" => compare_scan(server, ask, &with_key(&["ZSCAN"], key, &[]), db),
        b"set" => compare_scan(server, ask, &with_key(&["SSCAN"], key, &[]), db),
        b"hash" => compare_hash(server, ask, key, db),
        _ => Ok(()),
    }
}

/// With zeros for the milliseconds of this era.
fn without_moments(value: Value) -> Value {
    const ERA: std::ops::Range<i64> = 1_500_000_000_000..5_000_000_000_000;
    let all = |values: Vec<Value>| values.into_iter().map(without_moments).collect();
    match value {
        Value::Integer(moment) if ERA.contains(&moment) => Value::Integer(0),
        Value::Array(values) => Value::Array(all(values)),
        Value::Map(pairs) => {
            Value::Map(pairs.into_iter().map(|(key, value)| (key, without_moments(value))).collect())
        }
        other => other,
    }
}

/// Fields, values and deadlines; of a small hash in their order.
fn compare_hash(
    server: &mut Connection,
    ask: &mut impl FnMut(&[Vec<u8>]) -> Value,
    key: &[u8],
    db: usize,
) -> Result<(), Difference> {
    let mut both = |question: &[Vec<u8>]| (ask(question), server.call(question).expect("the oracle answers"));
    let is_table = both(&with_key(&["OBJECT", "ENCODING"], key, &[])).0.bytes() == b"hashtable";
    let question = with_key(&["HKEYS"], key, &[]);
    let (engine, fields) = both(&question);
    let same =
        if is_table { sorted(engine.elements()) == sorted(fields.elements()) } else { engine == fields };
    if !same {
        let at = format!("{} in database {db} at the end", line_of(&question));
        return Err(Difference { at, engine, server: fields });
    }
    let names = fields.elements().iter().map(|field| field.bytes().to_vec());
    let count = fields.elements().len().to_string();
    for before in [vec!["HMGET"], vec!["HPEXPIRETIME"]] {
        let after: &[&str] = if before == ["HMGET"] { &[] } else { &["FIELDS", &count] };
        let mut question = with_key(&before, key, after);
        question.extend(names.clone());
        let (engine, server) = both(&question);
        if engine != server {
            let at = format!("{} in database {db} at the end", line_of(&question));
            return Err(Difference { at, engine, server });
        }
    }
    compare_scan(server, ask, &with_key(&["HSCAN"], key, &[]), db)
}

/// A whole iteration over a database (`SCAN`), a set (`SSCAN key`) or a sorted set (`ZSCAN key`) shows the same on
/// either side.
fn compare_scan(
    server: &mut Connection,
    ask: &mut impl FnMut(&[Vec<u8>]) -> Value,
    command: &[Vec<u8>],
    db: usize,
) -> Result<(), Difference> {
    let server = iterate(command, |argv| server.call(argv).expect("the oracle answers"));
    let engine = iterate(command, ask);
    // Either may show an element twice.
    let texts = |shown: &[Value]| shown.iter().map(|one| format!("{one:?}")).collect::<BTreeSet<_>>();
    if texts(&server) == texts(&engine) {
        return Ok(());
    }
    let at = format!("a whole {} of database {db} at the end", line_of(command));
    Err(Difference { at, engine: Value::Array(engine), server: Value::Array(server) })
}

/// What all steps of an iteration show: keys, members, or members with their scores.
fn iterate(command: &[Vec<u8>], mut ask: impl FnMut(&[Vec<u8>]) -> Value) -> Vec<Value> {
    let width = if command.first().is_some_and(|name| name == b"ZSCAN") { 2 } else { 1 };
    let mut found = Vec::new();
    let mut cursor = b"0".to_vec();
    loop {
        let step = ask(&[command, &[cursor, b"COUNT".to_vec(), b"3".to_vec()]].concat());
        let [next, elements] = step.elements() else { return found };
        found.extend(elements.elements().chunks(width).map(|one| Value::Array(one.to_vec())));
        cursor = next.bytes().to_vec();
        if cursor == b"0" {
            return found;
        }
    }
}

fn reply(engine: &mut Engine, session: SessionId, protocol: Protocol, argv: &[Vec<u8>]) -> Value {
    Value::of_reply(&engine.execute(session, argv.to_vec()).reply, protocol)
}

fn words(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

fn with_key(before: &[&str], key: &[u8], after: &[&str]) -> Vec<Vec<u8>> {
    let mut argv = words(before);
    argv.push(key.to_vec());
    argv.extend(words(after));
    argv
}
