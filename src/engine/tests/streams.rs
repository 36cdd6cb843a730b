//! Streams through the front door: IDs and idle times follow the virtual clock, and every change is told as Redis
//! tells it.

use std::time::Duration;

use playground_engine::{Engine, Options, Reply, SessionId, parse};

struct Stage {
    engine: Engine,
    session: SessionId,
}

impl Stage {
    fn new() -> Self {
        let mut engine = Engine::new(Options { start: 1_000_000, ..Options::default() });
        let session = engine.connect();
        Self { engine, session }
    }

    /// The reply, as redis-cli prints it, on one line.
    fn run(&mut self, line: &str) -> String {
        let reply = self.reply(line).0;
        playground_engine::print::redis_cli(&reply).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The names of the events that a line causes.
    fn events(&mut self, line: &str) -> Vec<&'static str> {
        self.reply(line).1
    }

    fn reply(&mut self, line: &str) -> (Reply, Vec<&'static str>) {
        let argv = parse::split_line(line.as_bytes()).expect("a well-formed line");
        let outcome = self.engine.execute(self.session, argv);
        (outcome.reply, outcome.events.iter().map(playground_engine::Event::name).collect())
    }

    fn advance(&mut self, millis: u64) {
        self.engine.advance(Duration::from_millis(millis));
    }
}

#[test]
fn ids_come_from_the_clock_and_never_go_back() {
    let mut stage = Stage::new();
    assert_eq!(stage.run("XADD s * a 1"), "\"1000000-0\"");
    assert_eq!(stage.run("XADD s * a 1"), "\"1000000-1\"");
    stage.advance(5);
    assert_eq!(stage.run("XADD s * a 1"), "\"1000005-0\"");
    assert_eq!(stage.run("XADD s 2000000-7 a 1"), "\"2000000-7\"");
    assert_eq!(stage.run("XADD s * a 1"), "\"2000000-8\"", "the clock is behind the last entry");
}

#[test]
fn entries_idle_by_the_clock() {
    let mut stage = Stage::new();
    stage.run("XADD s 1-0 a 1");
    stage.run("XGROUP CREATE s g 0");
    stage.run("XREADGROUP GROUP g ann STREAMS s >");
    stage.advance(700);
    let row = |consumer: &str, idle: u32, deliveries: u32| {
        format!("1) 1) \"1-0\" 2) \"{consumer}\" 3) (integer) {idle} 4) (integer) {deliveries}")
    };
    assert_eq!(stage.run("XPENDING s g - + 9"), row("ann", 700, 1));
    assert_eq!(stage.run("XPENDING s g IDLE 701 - + 9"), "(empty array)");
    assert_eq!(stage.run("XCLAIM s g bob 701 1-0 JUSTID"), "(empty array)");
    assert_eq!(stage.run("XCLAIM s g bob 700 1-0 IDLE 250"), "1) 1) \"1-0\" 2) 1) \"a\" 2) \"1\"");
    assert_eq!(stage.run("XPENDING s g - + 9"), row("bob", 250, 2));
    stage.advance(50);
    assert_eq!(stage.run("XAUTOCLAIM s g ann 300 0 JUSTID"), "1) \"0-0\" 2) 1) \"1-0\" 3) (empty array)");
    stage.advance(20);
    let consumers = stage.run("XINFO CONSUMERS s g");
    assert!(
        consumers
            .contains("\"ann\" 3) \"pending\" 4) (integer) 1 5) \"idle\" 6) (integer) 20 7) \"inactive\"")
    );
    assert!(consumers.ends_with("\"idle\" 6) (integer) 70 7) \"inactive\" 8) (integer) 70"), "{consumers}");
}

/// As recorded from the notifications of Redis 8.0.
#[test]
fn changes_are_told_as_redis_tells_them() {
    let told: &[(&str, &[&str])] = &[
        ("XADD s 1-0 a 1", &["xadd"]),
        ("XADD s MAXLEN 1 2-0 a 1", &["xadd", "xtrim"]),
        ("XADD s MAXLEN 5 3-0 a 1", &["xadd"]),
        ("XGROUP CREATE s g 0", &["xgroup-create"]),
        ("XGROUP CREATE t g 0 MKSTREAM", &["xgroup-create"]),
        ("XREADGROUP GROUP g c STREAMS s >", &["xgroup-createconsumer"]),
        ("XREADGROUP GROUP g c STREAMS s 0", &[]),
        ("XREADGROUP GROUP g d STREAMS s t > >", &["xgroup-createconsumer", "xgroup-createconsumer"]),
        ("XCLAIM s g e 0 2-0", &["xgroup-createconsumer"]),
        ("XAUTOCLAIM s g h 0 0", &["xgroup-createconsumer"]),
        ("XACK s g 2-0", &[]),
        ("XGROUP SETID s g 0", &["xgroup-setid"]),
        ("XGROUP CREATECONSUMER s g z", &["xgroup-createconsumer"]),
        ("XGROUP CREATECONSUMER s g z", &[]),
        ("XGROUP DELCONSUMER s g z", &["xgroup-delconsumer"]),
        ("XGROUP DELCONSUMER s g z", &[]),
        ("XGROUP DESTROY s g", &["xgroup-destroy"]),
        ("XGROUP DESTROY s g", &[]),
        ("XDEL s 2-0 9-9", &["xdel"]),
        ("XDEL s 9-9", &[]),
        ("XSETID s 50-0", &["xsetid"]),
        ("XTRIM s MAXLEN 0", &["xtrim"]),
        ("XTRIM s MAXLEN 0", &[]),
    ];
    let mut stage = Stage::new();
    for (line, events) in told {
        assert_eq!(stage.events(line), *events, "{line}");
    }
}
