//! What the cost model says of commands shows where a learner looks for it.

use playground_engine::{Engine, Options, Reply, SessionId};

struct Playground {
    engine: Engine,
    session: SessionId,
}

impl Playground {
    fn new() -> Self {
        let mut engine = Engine::new(Options { record_events: false, ..Options::default() });
        let session = engine.connect();
        Self { engine, session }
    }

    fn run(&mut self, words: &[&str]) -> Reply {
        let argv = words.iter().map(|word| word.as_bytes().to_vec()).collect();
        self.engine.execute(self.session, argv).reply
    }

    fn text(&mut self, words: &[&str]) -> String {
        match self.run(words) {
            Reply::Bulk(text) | Reply::Verbatim(_, text) => String::from_utf8_lossy(&text).into_owned(),
            other => panic!("{words:?}: {other:?}"),
        }
    }

    /// The durations and commands of the slow log, the latest first.
    fn slow(&mut self) -> Vec<(i64, String)> {
        let Reply::Array(entries) = self.run(&["SLOWLOG", "GET", "-1"]) else { panic!("no array") };
        let entry = |entry: Reply| match entry {
            Reply::Array(parts) => match &parts[2..4] {
                [Reply::Integer(micros), Reply::Array(argv)] => match &argv[0] {
                    Reply::Bulk(name) => (*micros, String::from_utf8_lossy(name).into_owned()),
                    other => panic!("{other:?}"),
                },
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        entries.into_iter().map(entry).collect()
    }
}

#[test]
fn keys_over_many_keys_is_slow_and_small_commands_are_not() {
    let mut playground = Playground::new();
    for n in 0..100_000 {
        playground.run(&["SET", &format!("key:{n}"), "v"]);
    }
    playground.run(&["SCAN", "0", "COUNT", "100"]);
    playground.run(&["KEYS", "nothing*"]);
    playground.run(&["KEYS", "*"]);
    playground.run(&["FLUSHALL"]);
    let slow = playground.slow();
    let names: Vec<&str> = slow.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["FLUSHALL", "KEYS", "KEYS"]);
    assert!(slow.iter().all(|(micros, _)| (10_000..50_000).contains(micros)), "{slow:?}");
    let figures = playground.text(&["INFO", "commandstats"]);
    assert!(figures.contains("cmdstat_set:calls=100000,usec=100000,usec_per_call=1.00"), "{figures}");
}

#[test]
fn what_goes_through_a_big_collection_costs_by_its_size() {
    let mut playground = Playground::new();
    for n in 0..50_000 {
        playground.run(&["HSET", "h", &format!("field:{n}"), "v"]);
        playground.run(&["ZADD", "z", &n.to_string(), &format!("member:{n}")]);
    }
    playground.run(&["CONFIG", "SET", "slowlog-log-slower-than", "100"]);
    playground.run(&["HGET", "h", "field:1"]);
    playground.run(&["ZRANK", "z", "member:40000"]);
    playground.run(&["HGETALL", "h"]);
    playground.run(&["UNLINK", "z"]);
    playground.run(&["DEL", "h"]);
    let names: Vec<String> = playground.slow().into_iter().map(|(_, name)| name).collect();
    assert_eq!(names, ["DEL", "HGETALL"]);
}

#[test]
fn the_latency_monitor_remembers_the_worst_of_each_second() {
    let mut playground = Playground::new();
    for n in 0..40_000 {
        playground.run(&["SET", &n.to_string(), "v"]);
    }
    playground.run(&["CONFIG", "SET", "latency-monitor-threshold", "1"]);
    playground.run(&["KEYS", "*"]);
    playground.engine.advance(std::time::Duration::from_secs(65));
    playground.run(&["KEYS", "none"]);
    let Reply::Array(history) = playground.run(&["LATENCY", "HISTORY", "command"]) else {
        panic!("no array")
    };
    assert_eq!(history.len(), 2);
    let graph = playground.text(&["LATENCY", "GRAPH", "command"]);
    assert_eq!(
        graph.lines().skip(2).collect::<Vec<_>>(),
        ["# ", "| ", "| ", "|_", "  ", "10", "ms"],
        "{graph}"
    );
    assert!(playground.text(&["LATENCY", "DOCTOR"]).contains("1. command: 2 slow seconds"));
    assert_eq!(playground.run(&["LATENCY", "RESET"]), Reply::Integer(1));
}
