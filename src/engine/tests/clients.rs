//! Clients that come and go: what a session held is freed when it ends, whatever ended it; who is closed for what waits.

use std::time::Duration;

use playground_engine::config::Config;
use playground_engine::snapshot::Snapshot;
use playground_engine::{Engine, Options, Reply, SessionId, parse};

fn run(engine: &mut Engine, session: SessionId, line: &str) -> Reply {
    let argv = parse::split_line(line.as_bytes()).expect("a whole line");
    engine.execute(session, argv).reply
}

/// A figure of `INFO`.
fn figure(engine: &mut Engine, session: SessionId, name: &str) -> u64 {
    let Reply::Verbatim(_, text) = run(engine, session, "INFO everything") else { panic!("no text") };
    let text = String::from_utf8(text).expect("text");
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    value.unwrap_or_else(|| panic!("no {name}")).parse().expect("a number")
}

/// All that `INFO` counts of what clients hold.
const HELD: [&str; 12] = [
    "blocked_clients",
    "tracking_clients",
    "pubsub_clients",
    "watching_clients",
    "clients_in_timeout_table",
    "total_watched_keys",
    "total_blocking_keys",
    "pubsub_channels",
    "pubsub_patterns",
    "pubsubshard_channels",
    "tracking_total_keys",
    "tracking_total_prefixes",
];

/// Lines after which a session holds something, each of a session's own.
const HOLDERS: &[&[&str]] = &[
    &["SUBSCRIBE a b", "PSUBSCRIBE p*", "SSUBSCRIBE s"],
    &["WATCH k l", "MULTI", "SET k v"],
    &["WATCH k", "SELECT 3", "WATCH k"],
    &["BLPOP q 0", "INCR n"],
    &["BLMOVE q r LEFT LEFT 10"],
    &["XREAD BLOCK 0 STREAMS s $"],
    &["WAIT 1 0"],
    &["HELLO 3", "CLIENT TRACKING ON", "GET k", "MGET k l"],
    &["HELLO 3", "CLIENT TRACKING ON BCAST PREFIX a PREFIX b"],
    &["HELLO 3", "CLIENT TRACKING ON OPTIN", "CLIENT CACHING YES"],
    &["MONITOR"],
    &["CLIENT REPLY OFF"],
    &["CLIENT NO-EVICT ON", "CLIENT NO-TOUCH ON", "CLIENT SETNAME x"],
];

/// Has a session for each of the lists above hold what it says.
fn hold_all(engine: &mut Engine) -> Vec<SessionId> {
    let mut sessions = Vec::new();
    for lines in HOLDERS {
        let session = engine.connect();
        for line in *lines {
            run(engine, session, line);
        }
        sessions.push(session);
    }
    sessions
}

fn assert_nothing_is_held(engine: &mut Engine, session: SessionId) {
    for name in HELD {
        assert_eq!(figure(engine, session, name), 0, "{name}");
    }
    assert_eq!(engine.next_timeout(), None);
}

#[test]
fn a_session_that_ends_frees_all_it_held_whatever_ends_it() {
    let ends: [fn(&mut Engine, SessionId, SessionId); 4] = [
        |engine, session, _| engine.disconnect(session),
        |engine, session, admin| {
            run(engine, admin, &format!("CLIENT KILL ID {}", session.0));
        },
        |engine, session, admin| {
            run(engine, admin, r#"CONFIG SET client-output-buffer-limit "normal 10 0 0 pubsub 10 0 0""#);
            engine.set_unsent(session, 10);
        },
        |engine, session, admin| {
            run(engine, admin, "CONFIG SET maxmemory-clients 128kb");
            run(engine, admin, "CLIENT NO-EVICT ON");
            engine.set_unsent(session, 128 << 10);
            if engine.session(session).is_some() {
                engine.disconnect(session);
            }
        },
    ];
    for end in ends {
        let mut engine = Engine::new(Options::default());
        let admin = engine.connect();
        let sessions = hold_all(&mut engine);
        assert!(figure(&mut engine, admin, "tracking_total_keys") > 0);
        assert_eq!(figure(&mut engine, admin, "blocked_clients"), 4);
        assert_eq!(figure(&mut engine, admin, "total_watched_keys"), 3);
        for session in sessions {
            end(&mut engine, session, admin);
            assert!(engine.session(session).is_none());
        }
        assert_nothing_is_held(&mut engine, admin);
        engine.take_with_mail();
        run(&mut engine, admin, "RPUSH q 1");
        run(&mut engine, admin, "PUBLISH a 1");
        assert_eq!(run(&mut engine, admin, "LLEN q"), Reply::Integer(1), "nobody was served");
        assert!(engine.take_with_mail().is_empty(), "nobody has got anything");
    }
}

#[test]
fn a_session_that_is_held_up_by_a_pause_may_end_and_so_may_the_one_that_paused() {
    let mut engine = Engine::new(Options::default());
    let [admin, held] = [(); 2].map(|()| engine.connect());
    run(&mut engine, admin, "CLIENT PAUSE 1000 WRITE");
    assert_eq!(run(&mut engine, held, "SET k v"), Reply::NOTHING);
    engine.disconnect(held);
    engine.disconnect(admin);
    let other = engine.connect();
    assert_eq!(run(&mut engine, other, "SET l v"), Reply::NOTHING, "the pause is the server's");
    engine.advance(Duration::from_secs(1));
    assert_eq!(engine.take_outbox(other), [Reply::OK]);
    assert_eq!(run(&mut engine, other, "EXISTS k"), Reply::Integer(0));
    assert_nothing_is_held(&mut engine, other);
}

#[test]
fn thousands_of_sessions_leave_an_engine_as_it_was() {
    // Each command would leave a histogram of its latencies.
    let config = Config { latency_tracking: false, ..Config::default() };
    let mut engine = Engine::new(Options { record_events: false, config, ..Options::default() });
    let (empty, at_first) = (engine.digest(), engine.snapshot());
    for _ in 0..10_000_usize.div_ceil(HOLDERS.len()) {
        let mut sessions = hold_all(&mut engine);
        // Not in the order in which they came.
        let middle = sessions.len() / 2;
        sessions.rotate_left(middle);
        for session in sessions {
            engine.disconnect(session);
        }
    }
    engine.take_with_mail();
    assert_eq!(engine.digest(), empty);
    let peak_memory = engine.snapshot().peak_memory;
    assert_eq!(engine.snapshot(), Snapshot { peak_memory, ..at_first });
    let admin = engine.connect();
    assert_eq!(figure(&mut engine, admin, "connected_clients"), 1);
    assert!(figure(&mut engine, admin, "total_connections_received") > 10_000);
    assert_nothing_is_held(&mut engine, admin);
}

#[test]
fn the_table_of_tracked_keys_keeps_to_its_limit() {
    let mut engine = Engine::new(Options::default());
    let [admin, tracker, other] = [(); 3].map(|()| engine.connect());
    run(&mut engine, admin, "CONFIG SET tracking-table-max-keys 5");
    for session in [tracker, other] {
        run(&mut engine, session, "HELLO 3");
        run(&mut engine, session, "CLIENT TRACKING ON");
        for n in 0..20 {
            run(&mut engine, session, &format!("GET key:{n}"));
            assert!(figure(&mut engine, admin, "tracking_total_keys") <= 5);
        }
    }
    let told = engine.take_outbox(tracker).len();
    assert!(told >= 15, "who read a key that was dropped is told: {told}");
    engine.disconnect(other);
    let items = figure(&mut engine, admin, "tracking_total_items");
    assert!(items <= 5, "{items}");
    engine.disconnect(tracker);
    assert_nothing_is_held(&mut engine, admin);
    run(&mut engine, admin, "CONFIG SET tracking-table-max-keys 0");
    run(&mut engine, admin, "HELLO 3");
    run(&mut engine, admin, "CLIENT TRACKING ON");
    for n in 0..100 {
        run(&mut engine, admin, &format!("GET key:{n}"));
    }
    assert_eq!(figure(&mut engine, admin, "tracking_total_keys"), 100, "0 is no limit");
}

/// As a real server did: the one with the most goes first, one that is not to be evicted never, and it stops as soon as
/// all together have less than the limit.
#[test]
fn clients_with_the_most_to_fetch_are_evicted_first() {
    const MB: usize = 1 << 20;
    let mut engine = Engine::new(Options::default());
    let [admin, small, middle, big] = [(); 4].map(|()| engine.connect());
    for (session, bytes) in [(small, MB), (middle, 27 * MB), (big, 47 * MB)] {
        engine.set_unsent(session, bytes);
    }
    let there = |engine: &Engine| [small, middle, big].map(|session| engine.session(session).is_some());
    assert_eq!(run(&mut engine, admin, "CONFIG SET maxmemory-clients 40mb"), Reply::OK);
    assert_eq!(there(&engine), [true, true, false]);
    assert!(engine.take_with_mail().contains(&big), "whoever speaks for it hears of it");
    run(&mut engine, middle, "CLIENT NO-EVICT ON");
    engine.set_unsent(small, 12 * MB);
    assert_eq!(there(&engine), [true, true, false]);
    engine.set_unsent(small, 13 * MB);
    assert_eq!(there(&engine), [false, true, false], "at the limit is too much");
    engine.set_unsent(middle, 50 * MB);
    assert_eq!(there(&engine), [false, true, false]);
    assert_eq!(figure(&mut engine, admin, "evicted_clients"), 2);
    assert_eq!(figure(&mut engine, admin, "client_output_buffer_limit_disconnections"), 0);
    run(&mut engine, middle, "CLIENT NO-EVICT OFF");
    assert_eq!(there(&engine), [false; 3]);
}

#[test]
fn messages_that_wait_count_for_all_clients_together() {
    let mut engine = Engine::new(Options::default());
    let [admin, slow, quick] = [(); 3].map(|()| engine.connect());
    run(&mut engine, admin, "CONFIG SET maxmemory-clients 1");
    for session in [slow, quick] {
        run(&mut engine, session, "SUBSCRIBE news");
    }
    let message = "x".repeat(30_000);
    for _ in 0..3 {
        assert_eq!(run(&mut engine, admin, &format!("PUBLISH news {message}")), Reply::Integer(2));
        engine.take_outbox(quick);
    }
    assert!(engine.session(slow).is_some(), "128 kB are always allowed");
    assert_eq!(run(&mut engine, admin, &format!("PUBLISH news {message}")), Reply::Integer(2));
    assert!(engine.session(slow).is_none() && engine.session(quick).is_some());
}

#[test]
fn who_is_closed_for_too_much_output_is_counted() {
    let mut engine = Engine::new(Options::default());
    let [admin, slow] = [(); 2].map(|()| engine.connect());
    run(&mut engine, admin, r#"CONFIG SET client-output-buffer-limit "normal 100 0 0""#);
    engine.set_unsent(slow, 100);
    assert!(engine.session(slow).is_none());
    assert_eq!(figure(&mut engine, admin, "client_output_buffer_limit_disconnections"), 1);
    run(&mut engine, admin, "CONFIG RESETSTAT");
    assert_eq!(figure(&mut engine, admin, "client_output_buffer_limit_disconnections"), 0);
}
