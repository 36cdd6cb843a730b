//! Fields of hashes that expire, through the front door: lazy and active, the note for the cycle, jumps of the clock,
//! and that lifetimes stay with a key wherever it goes.

use std::time::Duration;

use playground_engine::{Engine, EventKind, Expiry, Options, Reply, SessionId, parse};

struct Playground {
    engine: Engine,
    session: SessionId,
}

impl Playground {
    fn start() -> Self {
        let mut engine = Engine::new(Options::default());
        let session = engine.connect();
        Self { engine, session }
    }

    fn run(&mut self, line: &str) -> Reply {
        self.told(line).0
    }

    /// The reply, and the words of what happened.
    fn told(&mut self, line: &str) -> (Reply, Vec<&'static str>) {
        let argv = parse::split_line(line.as_bytes()).expect("a well-formed line");
        let outcome = self.engine.execute(self.session, argv);
        (outcome.reply, outcome.events.iter().map(playground_engine::Event::name).collect())
    }

    fn advance(&mut self, ms: u64) -> Vec<EventKind> {
        let events = self.engine.advance(Duration::from_millis(ms));
        events.into_iter().map(|event| event.kind).collect()
    }

    /// A small or a big hash, some of whose fields are due, though the cycle has not come by.
    fn with_due(big: bool, fields: &str, due: &str) -> Self {
        let mut playground = Self::start();
        if big {
            playground.run("CONFIG SET hash-max-listpack-entries 0");
        }
        playground.run(&format!("HSET h {fields}"));
        let count = due.split(' ').count();
        playground.run(&format!("HPEXPIRE h 20 FIELDS {count} {due}"));
        assert_eq!(playground.advance(21), [], "the next tick is at 100 ms");
        playground
    }
}

fn bulks(texts: &[&str]) -> Reply {
    Reply::Array(texts.iter().map(|text| Reply::bulk(*text)).collect())
}

fn active(fields: usize) -> EventKind {
    EventKind::FieldsExpired { how: Expiry::Active, fields }
}

/// What each command answers, which words are told, and how many fields are left. Recorded from a real server without
/// its cycle (`DEBUG SET-ACTIVE-EXPIRE 0`).
#[test]
fn each_command_meets_a_field_that_is_due_in_its_own_way() {
    let nil = || Reply::Array(vec![Reply::Nil]);
    let removing: [(&str, Reply, &[&str], i64); 14] = [
        ("HGET h a", Reply::Nil, &["hexpired"], 2),
        ("HMGET h a b", Reply::Array(vec![Reply::Nil, Reply::bulk("2")]), &["hexpired"], 2),
        ("HEXISTS h a", Reply::Integer(0), &["hexpired"], 2),
        ("HSTRLEN h a", Reply::Integer(0), &["hexpired"], 2),
        ("HSETNX h a 5", Reply::Integer(1), &["hexpired", "hset"], 3),
        ("HINCRBY h a 5", Reply::Integer(5), &["hexpired", "hincrby"], 3),
        ("HINCRBYFLOAT h a 5", Reply::bulk("5"), &["hexpired", "hincrbyfloat"], 3),
        ("HRANDFIELD h 0", Reply::Array(Vec::new()), &["hexpired"], 2),
        ("HGETDEL h FIELDS 1 a", nil(), &["hexpired"], 2),
        (
            "HGETDEL h FIELDS 2 a b",
            Reply::Array(vec![Reply::Nil, Reply::bulk("2")]),
            &["hexpired", "hdel"],
            1,
        ),
        ("HGETEX h EX 100 FIELDS 1 a", nil(), &["hexpired"], 2),
        ("HSETEX h FNX FIELDS 1 a 7", Reply::Integer(1), &["hset"], 3),
        ("HSETEX h FXX FIELDS 1 a 7", Reply::Integer(0), &[], 2),
        ("HDEL h a", Reply::Integer(1), &["hdel"], 2),
    ];
    let keeping: [(&str, Reply, &[&str], i64); 11] = [
        ("HLEN h", Reply::Integer(3), &[], 3),
        ("HKEYS h", bulks(&["b", "c"]), &[], 3),
        ("HVALS h", bulks(&["2", "x"]), &[], 3),
        ("HSCAN h 0 NOVALUES MATCH a", Reply::Array(vec![Reply::bulk("0"), bulks(&[])]), &[], 3),
        ("HTTL h FIELDS 1 a", Reply::Array(vec![Reply::Integer(-2)]), &[], 3),
        ("HPERSIST h FIELDS 1 a", Reply::Array(vec![Reply::Integer(-2)]), &[], 3),
        ("HSET h a 5", Reply::Integer(0), &["hset"], 3),
        ("HSETEX h KEEPTTL FIELDS 1 a 7", Reply::Integer(1), &["hset"], 3),
        ("HSETEX h EX 100 FIELDS 1 a 7", Reply::Integer(1), &["hset", "hexpire"], 3),
        ("HEXPIRE h 100 FIELDS 1 a", Reply::Array(vec![Reply::Integer(1)]), &["hexpire"], 3),
        ("HEXPIRE h 100 NX FIELDS 1 a", Reply::Array(vec![Reply::Integer(0)]), &[], 3),
    ];
    for (line, reply, words, left) in removing.iter().chain(&keeping) {
        for big in [false, true] {
            let mut playground = Playground::with_due(big, "a 1 b 2 c x", "a");
            if big && (line.starts_with("HKEYS") || line.starts_with("HVALS")) {
                continue;
            }
            assert_eq!(playground.told(line), (reply.clone(), words.to_vec()), "{line}, big: {big}");
            assert_eq!(playground.run("HLEN h"), Reply::Integer(*left), "{line}, big: {big}");
        }
    }
}

#[test]
fn the_key_goes_with_the_last_field() {
    for big in [false, true] {
        let gone = |line: &str, words: &[&str]| {
            let mut playground = Playground::with_due(big, "a 1 b 2", "a b");
            assert_eq!(playground.told(line).1, words, "{line}, big: {big}");
            playground.run("EXISTS h")
        };
        assert_eq!(gone("HGET h a", &["hexpired"]), Reply::Integer(1));
        assert_eq!(gone("HMGET h a b", &["hexpired", "del"]), Reply::Integer(0));
        assert_eq!(gone("HRANDFIELD h", &["hexpired", "del"]), Reply::Integer(0));
        assert_eq!(gone("HGETDEL h FIELDS 2 b a", &["hexpired", "del"]), Reply::Integer(0));
        assert_eq!(gone("HEXPIRE h 0 FIELDS 2 a b", &["hdel", "del"]), Reply::Integer(0));
        assert_eq!(gone("HSETEX h FXX FIELDS 1 a 1", &[]), Reply::Integer(1));
        assert_eq!(gone("HSETEX n EX 0 FIELDS 1 a 1", &["hset", "hdel", "del"]), Reply::Integer(1));
    }
}

#[test]
fn the_cycle_removes_fields_nobody_asks_for() {
    for big in [false, true] {
        let mut playground = Playground::with_due(big, "a 1 b 2 c 3", "a b");
        assert_eq!(playground.advance(100), [active(2)]);
        assert_eq!(playground.run("HKEYS h"), bulks(&["c"]));
        playground.run("HPEXPIRE h 1000 FIELDS 1 c");
        assert_eq!(playground.advance(5000), [active(1), EventKind::Changed { name: "del" }]);
        assert_eq!(playground.run("DBSIZE"), Reply::Integer(0));
        assert_eq!(playground.engine.next_expiry(), None);
    }
}

#[test]
fn a_field_lives_through_the_millisecond_of_its_deadline() {
    for (big, ttl) in [(false, -2), (true, 0)] {
        let mut playground = Playground::with_due(big, "a 1 b 2", "b");
        playground.run("HPEXPIRE h 20 FIELDS 1 a");
        playground.advance(20);
        // HPTTL, of a small hash, is too early by that millisecond, in Redis as well.
        assert_eq!(playground.run("HPTTL h FIELDS 1 a"), Reply::Array(vec![Reply::Integer(ttl)]));
        assert_eq!(playground.run("HGET h a"), Reply::bulk("1"));
        playground.advance(1);
        assert_eq!(playground.run("HGET h a"), Reply::Nil);
    }
}

/// Ten thousand fields a second, in turns of a thousand; with sixteen databases there are sixteen turns to a tick.
#[test]
fn many_fields_leave_in_portions() {
    let mut playground = Playground::start();
    for n in 0..20_000 {
        playground.run(&format!("HSETEX h PX 50 FIELDS 1 f{n} v"));
    }
    playground.advance(100);
    assert_eq!(playground.run("HLEN h"), Reply::Integer(4000));
    assert_eq!(playground.run("HGETALL h"), Reply::Map(Vec::new()));
    playground.advance(100);
    assert_eq!(playground.run("EXISTS h"), Reply::Integer(0));
}

/// A year passes at once, and so it does for a hash among many keys: only what is due costs.
#[test]
fn the_clock_jumps_over_idle_time() {
    let mut playground = Playground::start();
    for n in 0..1000 {
        playground.run(&format!("HSET h{n} a 1 b 2"));
    }
    playground.run("HEXPIRE h500 31536000 FIELDS 1 a");
    let deadline = playground.engine.now() + 31_536_000_000;
    assert_eq!(playground.engine.next_expiry(), Some(deadline));
    let events = playground.engine.advance_to_next_expiry();
    assert_eq!(events.iter().map(|event| &event.kind).collect::<Vec<_>>(), [&active(1)]);
    assert_eq!(playground.engine.now(), deadline + 100);
    assert_eq!(playground.engine.next_expiry(), None);
    assert_eq!(playground.engine.advance_to_next_expiry(), []);
}

/// As in Redis, the cycle is told again only of deadlines that come at least four seconds sooner.
#[test]
fn a_deadline_that_comes_little_sooner_waits_for_the_one_the_cycle_knows_of() {
    let mut playground = Playground::start();
    playground.run("HSET h a 1 b 2 c 3");
    playground.run("HPEXPIRE h 10000 FIELDS 1 a");
    playground.run("HPEXPIRE h 7000 FIELDS 1 b");
    assert_eq!(playground.engine.next_expiry(), Some(playground.engine.now() + 7000));
    assert_eq!(playground.advance(9000), []);
    assert_eq!(playground.run("HKEYS h"), bulks(&["a", "c"]));
    assert_eq!(playground.run("HLEN h"), Reply::Integer(3));
    assert_eq!(playground.advance(1100), [active(2)]);
}

#[test]
fn lifetimes_stay_with_the_key() {
    for big in [false, true] {
        let mut playground = Playground::start();
        if big {
            playground.run("CONFIG SET hash-max-listpack-entries 0");
        }
        // Keys that come and go change the positions of those that stay.
        for n in 0..50 {
            playground.run(&format!("HSET h{n} a 1 b 2"));
            playground.run(&format!("HPEXPIRE h{n} {} FIELDS 1 a", 10_000 + n * 100));
        }
        for n in 0..25 {
            playground.run(&format!("DEL h{n}"));
        }
        playground.run("RENAME h30 renamed");
        playground.run("COPY h31 copied");
        playground.run("MOVE h32 1");
        playground.run("SET h33 v");
        playground.run("SWAPDB 0 2");
        let expired: Vec<_> = playground.engine.advance(Duration::from_mins(1));
        let names: Vec<_> = expired.iter().map(|event| String::from_utf8_lossy(&event.key)).collect();
        let mut expected: Vec<String> = (25..50).filter(|n| *n != 33).map(|n| format!("h{n}")).collect();
        expected[5] = "renamed".to_owned();
        expected.push("copied".to_owned());
        expected.sort_unstable();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "big: {big}");
        assert_eq!(expired.iter().filter(|event| event.db == 1).count(), 1);
        assert_eq!(playground.engine.next_expiry(), None);
        playground.run("SELECT 2");
        playground.run("HPEXPIRE h40 1000 FIELDS 1 b");
        playground.run("FLUSHDB");
        assert_eq!((playground.engine.next_expiry(), playground.advance(5000)), (None, Vec::new()));
    }
}

#[test]
fn info_counts_fields() {
    let mut playground = Playground::with_due(false, "a 1 b 2 c 3", "a b");
    let line = |playground: &mut Playground, section: &str, name: &str| match playground
        .run(&format!("INFO {section}"))
    {
        Reply::Verbatim(_, text) => {
            let text = String::from_utf8_lossy(&text).into_owned();
            text.lines().find(|line| line.contains(name)).map(str::to_owned).unwrap_or_default()
        }
        other => panic!("{other:?}"),
    };
    assert!(line(&mut playground, "keyspace", "db0").ends_with("subexpiry=1"));
    playground.run("HGET h a");
    assert_eq!(line(&mut playground, "stats", "expired_subkeys"), "expired_subkeys:1");
    playground.advance(100);
    playground.run("HEXPIRE h 0 FIELDS 1 c");
    assert_eq!(line(&mut playground, "stats", "expired_subkeys"), "expired_subkeys:3");
}
