//! Which words are told of what hash commands do. Each line was recorded from a real server's keyspace notifications.

use playground_engine::{Engine, Event, Options, parse};

const RECORDED: &[(&str, &[&str])] = &[
    ("HSET h a 1 b 2", &["hset"]),
    ("HSETNX h a 1", &[]),
    ("HSETNX h c 1", &["hset"]),
    ("HMSET h a 1", &["hset"]),
    ("HINCRBY h n 1", &["hincrby"]),
    ("HINCRBYFLOAT h n 1", &["hincrbyfloat"]),
    ("HDEL h a", &["hdel"]),
    ("HDEL h a", &[]),
    ("HEXPIRE h 100 FIELDS 1 b", &["hexpire"]),
    ("HEXPIRE h 100 XX FIELDS 1 c", &[]),
    ("HPERSIST h FIELDS 1 b", &["hpersist"]),
    ("HPERSIST h FIELDS 1 b", &[]),
    ("HGETEX h EX 100 FIELDS 2 b c", &["hexpire"]),
    ("HGETEX h PERSIST FIELDS 2 b c", &["hpersist"]),
    ("HGETEX h FIELDS 1 b", &[]),
    ("HGETEX h EX 0 FIELDS 1 b", &["hdel"]),
    ("HSETEX h FIELDS 1 b 1", &["hset"]),
    ("HSETEX h KEEPTTL FIELDS 1 b 1", &["hset"]),
    ("HSETEX h EX 100 FIELDS 1 b 1", &["hset", "hexpire"]),
    ("HSETEX h EX 0 FIELDS 2 b 1 q 1", &["hset", "hdel"]),
    ("HSETEX h FNX FIELDS 1 c 1", &[]),
    ("HGETDEL h FIELDS 1 c", &["hdel"]),
    ("HGETDEL h FIELDS 1 zz", &[]),
    ("HEXPIRE h 0 FIELDS 2 n c", &["hdel", "del"]),
    ("HSETEX new EX 0 FIELDS 1 b 1", &["hset", "hdel", "del"]),
    ("HSET h a 1", &["hset"]),
    ("HGETEX h EX 0 FIELDS 1 a", &["hdel", "del"]),
    ("HSET h a 1", &["hset"]),
    ("HGETDEL h FIELDS 1 a", &["hdel", "del"]),
    ("HSET h a 1", &["hset"]),
    ("HDEL h a", &["hdel", "del"]),
    ("HSETEX new FXX EX 0 FIELDS 1 b 1", &[]),
];

#[test]
fn what_happens_is_told_under_redis_s_names() {
    for limit in ["512", "0"] {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        let mut told = |line: &str| {
            let argv = parse::split_line(line.as_bytes()).expect("a well-formed line");
            let events = engine.execute(session, argv).events;
            events.iter().map(Event::name).collect::<Vec<_>>()
        };
        told(&format!("CONFIG SET hash-max-listpack-entries {limit}"));
        for (line, words) in RECORDED {
            assert_eq!(told(line), *words, "{line}");
        }
    }
}
