//! What is in use, as `INFO` and the page see it: what comes and goes with clients, tables and commands.

use std::time::Duration;

use playground_engine::{Engine, Options, Reply, SessionId, parse};

fn run(engine: &mut Engine, session: SessionId, line: &str) -> Reply {
    let argv = parse::split_line(line.as_bytes()).expect("a whole line");
    engine.execute(session, argv).reply
}

fn used(engine: &Engine) -> u64 {
    let (kept, recounted) = engine.recount();
    assert_eq!(kept, recounted);
    kept
}

/// A server whose commands have run before: each takes memory of its own when it first does.
fn warm(lines: &[&str]) -> (Engine, [SessionId; 2]) {
    let mut engine = Engine::new(Options::default());
    let sessions = [(); 2].map(|()| engine.connect());
    for line in lines.iter().chain(&["FLUSHALL"]) {
        run(&mut engine, sessions[0], line);
    }
    (engine, sessions)
}

#[test]
fn what_a_client_does_not_fetch_is_in_use_until_it_does() {
    let (mut engine, [a, b]) = warm(&["PUBLISH c x"]);
    run(&mut engine, b, "SUBSCRIBE c");
    let before = used(&engine);
    let message = format!("PUBLISH c {}", "x".repeat(1000));
    for _ in 0..10 {
        run(&mut engine, a, &message);
    }
    assert_eq!(used(&engine), before, "there is a buffer for that");
    for _ in 0..90 {
        run(&mut engine, a, &message);
    }
    // A hundred messages of 1031 bytes, less the buffer: five blocks.
    assert_eq!(used(&engine), before + 5 * 20_512);
    assert_eq!(engine.snapshot().peak_memory, before + 5 * 20_512);
    engine.take_outbox(b);
    assert_eq!(used(&engine), before);
    engine.set_unsent(b, 50_000);
    assert_eq!(used(&engine), before + 2 * 20_512);
    engine.disconnect(b);
    assert!(used(&engine) < before, "what it had goes with a client");
}

#[test]
fn a_key_takes_its_entry_its_name_and_its_value() {
    let (mut engine, [a, _]) = warm(&["SET k v", "EXPIRE k 9", "PERSIST k", "DEL k"]);
    let empty = used(&engine);
    run(&mut engine, a, "SET k 1234");
    // The table, four slots, an entry and a name; the integer is shared.
    assert_eq!(used(&engine) - empty, 2_560 + 32 + 32 + 8);
    run(&mut engine, a, "SET k2 12345");
    run(&mut engine, a, "SET k3 hello");
    assert_eq!(used(&engine) - empty, 2_560 + 32 + (32 + 8) + (32 + 8 + 16) + (32 + 8 + 32));
    let lasting = used(&engine);
    run(&mut engine, a, "EXPIRE k3 100");
    assert_eq!(used(&engine) - lasting, 64 + 32 + 32);
    run(&mut engine, a, "PERSIST k3");
    assert_eq!(used(&engine) - lasting, 64 + 32, "the table stays");
    run(&mut engine, a, "FLUSHALL");
    assert_eq!(used(&engine), empty);
}

#[test]
fn a_table_of_keys_moves_while_time_passes() {
    let (mut engine, [a, _]) = warm(&["SET k v", "DEL k"]);
    let empty = used(&engine);
    for key in 0..10_000 {
        run(&mut engine, a, &format!("SET number:{key} 1"));
    }
    // With the last of these one slot in eight has a key.
    for key in 2_048..10_000 {
        run(&mut engine, a, &format!("DEL number:{key}"));
    }
    let keys = 2_048 * (32 + 16) + 2_560;
    assert_eq!(used(&engine) - empty, keys + 8 * 2_048 + 8 * 16_384 + 32, "a wide table is left slowly");
    engine.advance(Duration::from_secs(2));
    // The narrow table was full at once, and has grown by the next tick.
    assert_eq!(used(&engine) - empty, keys + 8 * 4_096);
}
