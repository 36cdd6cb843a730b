//! The index of names beside the engine it follows.

use super::index::*;
use playground_engine::{Engine, Options, SessionId, parse};
use std::time::Duration;

fn run(engine: &mut Engine, session: SessionId, index: &mut KeyIndex, line: &str) {
    let argv = parse::split_line(line.as_bytes()).expect("well-formed");
    let events = engine.execute(session, argv).events;
    index.follow(&events, engine);
}

fn names(index: &KeyIndex, db: usize) -> Vec<String> {
    index.keys(db).iter().map(|known| String::from_utf8_lossy(&known.key).into_owned()).collect()
}

#[test]
fn names_stay_sorted_and_in_step_with_the_engine() {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    let mut index = KeyIndex::default();
    for line in
        ["SET c 1", "SET a 1 EX 10", "MSET b 1 d 1", "RENAME c e", "DEL b", "MOVE d 1", "SET a 2 KEEPTTL"]
    {
        run(&mut engine, session, &mut index, line);
    }
    assert_eq!((names(&index, 0), names(&index, 1)), (vec!["a".into(), "e".into()], vec!["d".into()]));
    assert_eq!(index.keys(0).iter().next().and_then(Tracked::lifetime), Some(10_000));
    run(&mut engine, session, &mut index, "SWAPDB 0 1");
    assert_eq!((names(&index, 0), names(&index, 1)), (vec!["d".into()], vec!["a".into(), "e".into()]));
    run(&mut engine, session, &mut index, "FLUSHALL");
    assert!(names(&index, 0).is_empty() && names(&index, 1).is_empty());
}

#[test]
fn many_events_at_once_give_the_same_as_one_by_one() {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    let mut index = KeyIndex::default();
    let pairs: Vec<String> = (0..1_000).map(|n| format!("k{} v", n * 7 % 1_000)).collect();
    run(&mut engine, session, &mut index, &format!("MSET {}", pairs.join(" ")));
    assert_eq!(index.keys(0).len(), 1_000);
    assert!(index.keys(0).iter().is_sorted_by(|a, b| a.key < b.key));
    let mut events = Vec::new();
    for n in 0..600 {
        let argv = parse::split_line(format!("PEXPIRE k{n} 5").as_bytes()).expect("well-formed");
        events.extend(engine.execute(session, argv).events);
    }
    index.follow(&events, &engine);
    assert_eq!(index.keys(0).iter().filter(|known| known.lifetime().is_some()).count(), 600);
    let events = engine.advance(Duration::from_mins(1));
    index.follow(&events, &engine);
    assert_eq!(index.keys(0).len(), 400);
}

#[test]
fn keys_that_no_event_told_of_are_noticed() {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    let mut index = KeyIndex::default();
    run(&mut engine, session, &mut index, "SET a 1");
    assert!(!index.is_behind(&engine));
    run(&mut engine, session, &mut index, "DEBUG POPULATE 3");
    assert!(index.is_behind(&engine));
    index.catch_up(&engine);
    assert_eq!(names(&index, 0), ["a", "key:0", "key:1", "key:2"]);
    assert!(!index.is_behind(&engine));
}

#[test]
fn what_changed_is_known_to_the_byte_for_keys_and_their_namespaces() {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    let mut index = KeyIndex::default();
    run(&mut engine, session, &mut index, "SET user:1 x");
    let size = engine.glance(0, b"user:1").expect("there").memory as i64;
    assert_eq!(
        (index.get(b"user:1").map(|known| known.delta), index.delta(b"user:")),
        (Some(size), Some(size))
    );
    run(&mut engine, session, &mut index, &format!("APPEND user:1 {}", "y".repeat(100)));
    let grown = engine.glance(0, b"user:1").expect("there").memory as i64 - size;
    assert_eq!(
        (index.get(b"user:1").map(|known| known.delta), index.delta(b"user:")),
        (Some(grown), Some(grown))
    );
    run(&mut engine, session, &mut index, "DEL user:1");
    assert_eq!((index.delta(b"user:"), index.delta(b"other:")), (Some(-size - grown), None));
}
