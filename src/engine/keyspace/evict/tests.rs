//! Eviction as one who uses the engine meets it: who goes, who is spared, and what is told of it.

use std::time::Duration;

use crate::config::Config;
use crate::event::{Event, EventKind, Eviction, Standing};
use crate::{Engine, Options, SessionId, parse, print};

struct Server {
    engine: Engine,
    session: SessionId,
}

impl Server {
    fn new(config: Config) -> Self {
        let mut engine = Engine::new(Options { config, ..Options::default() });
        let session = engine.connect();
        Self { engine, session }
    }

    fn send(&mut self, line: &str) -> (String, Vec<Event>) {
        let argv = parse::split_line(line.as_bytes()).expect("well quoted");
        let outcome = self.engine.execute(self.session, argv);
        (print::redis_cli(&outcome.reply), outcome.events)
    }

    fn says(&mut self, line: &str) -> String {
        self.send(line).0
    }

    /// Allows so many bytes more than are in use, and tells what happens at once.
    fn leave_room(&mut self, bytes: i64) -> Vec<Event> {
        let most = self.engine.snapshot().used_memory as i64 + bytes;
        let (reply, events) = self.send(&format!("CONFIG SET maxmemory {most}"));
        assert_eq!(reply, "OK\n");
        events
    }

    /// So many keys of a hundred bytes, one a second.
    fn fill(&mut self, keys: usize) {
        for n in 0..keys {
            self.says(&format!("SET key:{n} {}", "x".repeat(100)));
            self.engine.advance(Duration::from_secs(1));
        }
    }
}

fn victims(events: &[Event]) -> Vec<(String, Eviction)> {
    let victim = |event: &Event| match &event.kind {
        EventKind::Evicted(why) => Some((String::from_utf8_lossy(&event.key).into_owned(), (**why).clone())),
        _ => None,
    };
    events.iter().filter_map(victim).collect()
}

#[test]
fn the_longest_idle_of_all_goes_where_all_are_sampled() {
    let mut server = Server::new(Config::default());
    server.fill(10);
    server.says("CONFIG SET maxmemory-policy allkeys-lru maxmemory-samples 64");
    server.says("GET key:0");
    let events = server.leave_room(-1);
    let [(key, why)] = &victims(&events)[..] else { panic!("one victim, not {events:?}") };
    assert_eq!((key.as_str(), why.policy), ("key:1", "allkeys-lru"));
    assert_eq!(why.standing, Standing::Idle(9));
    assert!(why.bytes >= 150, "{}", why.bytes);
    let compared = why.compared.as_ref().expect("a comparison");
    assert_eq!((compared.sampled.len(), compared.before.len(), compared.after.len()), (10, 0, 9));
    assert_eq!(compared.after.last().map(|next| next.key.clone()), Some(b"key:2".to_vec()));
    assert_eq!(server.engine.snapshot().evicted, 1);
    assert_eq!(server.says("EXISTS key:1"), "(integer) 0\n");
}

#[test]
fn a_volatile_policy_spares_what_lasts() {
    let mut server = Server::new(Config::default());
    server.fill(10);
    server.says("EXPIRE key:7 1000");
    server.says("CONFIG SET maxmemory-policy volatile-ttl");
    // A command's first run takes memory of its own, for its latencies.
    server.says("DEL none");
    let events = server.leave_room(-1);
    assert_eq!(victims(&events).iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), ["key:7"]);
    server.leave_room(-1);
    assert_eq!(server.says("SET k v"), "(error) OOM command not allowed when used memory > 'maxmemory'.\n");
    assert_eq!(server.says("DEL key:3"), "(integer) 1\n");
    assert_eq!(server.says("SET k v"), "OK\n");
}

#[test]
fn the_nearest_deadline_goes_first() {
    let mut server = Server::new(Config::default());
    server.fill(10);
    for n in 0..10 {
        server.says(&format!("EXPIRE key:{n} {}", 1000 - n));
    }
    server.says("CONFIG SET maxmemory-policy volatile-ttl maxmemory-samples 64");
    let events = server.leave_room(-400);
    let keys: Vec<String> = victims(&events).into_iter().map(|(key, _)| key).collect();
    assert_eq!(keys, ["key:9", "key:8"]);
}

#[test]
fn the_least_used_goes_and_a_change_counts_for_the_least_modified_alone() {
    let mut server = Server::new(Config::default());
    server.says("CONFIG SET maxmemory-policy allkeys-lfu maxmemory-samples 64");
    server.fill(10);
    for n in (0..10).filter(|n| *n != 4) {
        for _ in 0..20 {
            server.says(&format!("GET key:{n}"));
        }
    }
    let events = server.leave_room(-1);
    assert_eq!(victims(&events)[0].0, "key:4");

    server.says("CONFIG SET maxmemory 0 maxmemory-policy allkeys-lrm");
    server.says("FLUSHALL");
    server.fill(10);
    server.says("APPEND key:0 x");
    server.says("GET key:1");
    let events = server.leave_room(-1);
    assert_eq!(
        (victims(&events)[0].0.as_str(), victims(&events)[0].1.standing),
        ("key:1", Standing::Idle(9))
    );
}

#[test]
fn a_random_policy_takes_from_each_database_in_turn() {
    let mut server = Server::new(Config::default());
    for db in 0..3 {
        server.says(&format!("SELECT {db}"));
        server.fill(4);
    }
    server.says("CONFIG SET maxmemory-policy allkeys-random");
    let events = server.leave_room(-1000);
    let dbs: Vec<usize> =
        events.iter().filter(|event| event.name() == "evicted").map(|event| event.db).collect();
    assert!(dbs.len() >= 6, "{dbs:?}");
    assert!(dbs.windows(3).all(|three| three[0] != three[1] && three[1] != three[2] && three[0] != three[2]));
    assert!(
        victims(&events).iter().all(|(_, why)| why.compared.is_none() && why.standing == Standing::Chance)
    );
}

#[test]
fn nothing_goes_and_nothing_is_refused_while_there_is_room() {
    let mut server = Server::new(Config::default());
    server.fill(10);
    server.says("CONFIG SET maxmemory-policy allkeys-lru");
    server.leave_room(10_000);
    let (reply, events) = server.send("SET k v");
    assert_eq!((reply.as_str(), victims(&events).len()), ("OK\n", 0));
}

#[test]
fn what_a_command_does_not_wait_for_goes_on_as_time_passes() {
    let mut server = Server::new(Config::default());
    server.says("DEBUG POPULATE 20000");
    server.says("CONFIG SET maxmemory-policy allkeys-random");
    let at_once = server.leave_room(-1_000_000);
    assert!((100..2000).contains(&at_once.len()), "{}", at_once.len());
    let evicted = |server: &Server| server.engine.snapshot().evicted;
    let before = evicted(&server);
    server.engine.advance(Duration::from_millis(1));
    assert!(evicted(&server) > before);
    server.engine.advance(Duration::from_secs(1));
    let after = evicted(&server);
    let (most, used) = (server.engine.config().maxmemory, server.engine.snapshot().used_memory);
    assert!(used <= most && used + 100 > most, "{used} of {most}");
    server.engine.advance(Duration::from_secs(1));
    assert_eq!(evicted(&server), after);
    assert!(server.says("INFO stats").contains("current_eviction_exceeded_time:0"));
}

#[test]
fn nothing_is_evicted_while_a_pause_lasts() {
    let mut server = Server::new(Config::default());
    server.fill(10);
    server.says("CONFIG SET maxmemory-policy allkeys-lru");
    server.says("CLIENT PAUSE 100000 WRITE");
    let events = server.leave_room(-1000);
    assert_eq!(victims(&events).len(), 0);
    let (reply, events) = server.send("GET key:1");
    assert_eq!((reply.len(), victims(&events).len()), (103, 0));
    server.says("CLIENT UNPAUSE");
    let (_, events) = server.send("PING");
    assert!(victims(&events).len() > 3, "{events:?}");
}

#[test]
fn a_queue_that_would_take_memory_is_refused_whole() {
    let mut server = Server::new(Config::default());
    for line in ["MULTI", "SET a 1"] {
        server.says(line);
    }
    let other = server.engine.connect();
    let argv = |line: &str| parse::split_line(line.as_bytes()).expect("well quoted");
    server.engine.execute(other, argv("CONFIG SET maxmemory 1"));
    assert!(server.says("EXEC").starts_with("(error) EXECABORT Transaction discarded because of: OOM"));
    assert_eq!(server.says("GET a"), "(nil)\n");
}

#[test]
fn a_command_that_brings_more_than_there_is_room_for_is_refused() {
    let mut server = Server::new(Config::default());
    // A command's first run takes memory of its own, for its latencies.
    server.says("SET k v");
    server.says("DEL k");
    server.leave_room(1_000_000);
    let set = format!("SET k {}", "x".repeat(4000));
    server.leave_room(3000);
    assert_eq!(server.says(&set), "(error) OOM command not allowed when used memory > 'maxmemory'.\n");
    assert_eq!(server.says("SET k v"), "OK\n");
    assert_eq!(server.says("DEL k"), "(integer) 1\n");
    server.leave_room(6000);
    assert_eq!(server.says(&set), "OK\n");
    // What is there already counts once: only the next command finds that it was too much.
    server.leave_room(4500);
    assert_eq!(server.says(&set.replace(" k ", " l ")), "OK\n");
}

#[test]
fn what_a_victim_makes_free_is_exact_even_where_a_table_shrinks_by_it() {
    let mut server = Server::new(Config::default());
    for n in 0..1024 {
        server.says(&format!("SET key:{n} v"));
    }
    // With one key less, an eighth of the table's slots is taken: a smaller table is made, beside the one there is.
    for n in 129..1024 {
        server.says(&format!("DEL key:{n}"));
    }
    server.says("CONFIG SET maxmemory-policy allkeys-random");
    server.says("ECHO first");
    assert_eq!(victims(&server.leave_room(2000)), []);
    let before = server.engine.snapshot().used_memory as i64;
    // The command itself is too long for the room there is.
    let (_, events) = server.send(&format!("ECHO {}", "x".repeat(5000)));
    let freed: Vec<i64> = victims(&events).iter().map(|(_, why)| why.bytes).collect();
    assert_eq!(freed.iter().sum::<i64>(), before - server.engine.snapshot().used_memory as i64);
    assert!(freed.first().is_some_and(|first| *first < 0), "{freed:?}");
    assert!(freed.iter().skip(1).all(|later| *later > 0), "{freed:?}");
}
