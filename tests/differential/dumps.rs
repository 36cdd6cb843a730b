//! Payloads for RESTORE: dumps of values of every type and encoding, some of them damaged.
//!
//! The engine itself makes them. That they are what the real server writes, the test of dumps shows.

use std::sync::OnceLock;

use playground_engine::{Engine, Options, Reply, parse};
use proptest::prelude::*;
use proptest::sample::select;

use super::pools::Word;

/// What makes the key `k`, a value each. Deadlines are far ahead.
const VALUES: &[&[&str]] = &[
    &["SET k v"],
    &["SET k -70000"],
    &["SET k aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
    &["PFADD k a b c"],
    &["RPUSH k a 1 hello"],
    &["CONFIG SET list-max-listpack-size 2", "RPUSH k a 1 hello b c"],
    &["SADD k 1 2 300000"],
    &["SADD k a b 1"],
    &["CONFIG SET set-max-listpack-entries 0", "SADD k a b 1"],
    &["ZADD k 1 a 2.5 b inf c"],
    &["CONFIG SET zset-max-listpack-entries 0", "ZADD k 1 a 2.5 b inf c"],
    &["HSET k a 1 b hello"],
    &["HSET k a 1 b hello c x", "HPEXPIREAT k 33177117420000 FIELDS 2 a b"],
    &["CONFIG SET hash-max-listpack-entries 0", "HSET k a 1 b hello"],
    &[
        "CONFIG SET hash-max-listpack-entries 0",
        "HSET k a 1 b hello c x",
        "HPEXPIREAT k 33177117420000 FIELDS 1 a",
        "HPEXPIREAT k 33177117421000 FIELDS 1 b",
    ],
    &["XADD k 1-1 a 1 b 2", "XADD k 1-2 a 3", "XGROUP CREATE k g 0"],
    &["XADD k 1-1 a 1", "XGROUP CREATE k g 0", "XREADGROUP GROUP g alice STREAMS k >", "XADD k 2-1 c d"],
];

pub fn payload() -> BoxedStrategy<Word> {
    static WHOLE: OnceLock<Vec<Word>> = OnceLock::new();
    let whole = select(WHOLE.get_or_init(|| VALUES.iter().map(|lines| dump_of(lines)).collect()).clone());
    let damaged =
        (whole.clone(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut bytes, at, byte)| {
            let at = at.index(bytes.len());
            bytes[at] = byte;
            bytes
        });
    prop_oneof![12 => whole, 1 => damaged, 1 => super::pools::string()].boxed()
}

fn dump_of(lines: &[&str]) -> Word {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    for line in lines.iter().chain(&["DUMP k"]) {
        let argv = parse::split_line(line.as_bytes()).expect("the lines are well-formed");
        if let Reply::Bulk(dump) = engine.execute(session, argv).reply
            && *line == "DUMP k"
        {
            return dump;
        }
    }
    panic!("no dump of {lines:?}")
}
