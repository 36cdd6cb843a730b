//! Which words are told, and of which key, of what list commands and their kin do. Each line was recorded from a real
//! server's keyspace notifications.

use playground_engine::{Engine, Event, Options, parse};

const RECORDED: &[(&str, &[&str])] = &[
    ("RPUSH a 1 2 3", &["rpush a"]),
    ("LPUSH a 0", &["lpush a"]),
    ("RPUSHX a 4", &["rpush a"]),
    ("LPUSHX none 1", &[]),
    ("LPOP a", &["lpop a"]),
    ("LPOP a 0", &[]),
    ("RPOP a 2", &["rpop a"]),
    ("LMPOP 1 a left count 10", &["lpop a", "del a"]),
    ("RPUSH a 1 2", &["rpush a"]),
    ("LMOVE a b left right", &["rpush b", "lpop a"]),
    ("LMOVE a b left right", &["rpush b", "lpop a", "del a"]),
    ("RPOPLPUSH b b", &["lpush b", "rpop b"]),
    ("LMOVE b b left right", &["rpush b", "lpop b"]),
    ("RPUSH c x", &["rpush c"]),
    ("RPOPLPUSH c c", &["lpush c", "rpop c"]),
    ("LINSERT b before 1 0", &["linsert b"]),
    ("LINSERT b before nobody 0", &[]),
    ("LSET b 0 z", &["lset b"]),
    ("LSET b 9 z", &[]),
    ("LREM b 0 nobody", &[]),
    ("LREM b 0 z", &["lrem b"]),
    ("LTRIM b 0 -1", &["ltrim b"]),
    ("LTRIM b 5 1", &["ltrim b", "del b"]),
    ("RPUSH a 3 1 2", &["rpush a"]),
    ("SORT a store d", &["sortstore d"]),
    ("SORT none store d", &["del d"]),
    ("SORT none store d", &[]),
    ("BLPOP none a 0", &["lpop a"]),
    ("BRPOP a 0", &["rpop a"]),
    ("BLMOVE a e left left 0", &["lpush e", "lpop a", "del a"]),
    ("ZADD z 1 a 2 b 3 c", &["zadd z"]),
    ("BZPOPMIN z 0", &["zpopmin z"]),
    ("BZPOPMAX z 0", &["zpopmax z"]),
    ("BZMPOP 0 1 z min", &["zpopmin z", "del z"]),
];

#[test]
fn what_happens_is_told_under_redis_s_names() {
    for fill in ["-2", "1"] {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        let mut told = |line: &str| {
            let argv = parse::split_line(line.as_bytes()).expect("a well-formed line");
            let events = engine.execute(session, argv).events;
            let word = |event: &Event| format!("{} {}", event.name(), event.key.escape_ascii());
            events.iter().map(word).collect::<Vec<_>>()
        };
        told(&format!("CONFIG SET list-max-listpack-size {fill}"));
        for (line, words) in RECORDED {
            assert_eq!(told(line), *words, "{line}");
        }
    }
}
