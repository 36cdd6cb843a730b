//! What must hold of a database whatever happens to it: each list agrees with the table, and the running count of bytes
//! with a recount.

use super::*;
use crate::clock::Clock;
use crate::value::StringValue;

fn surroundings() -> Surroundings {
    Surroundings::new(Clock::starting_at(1_000), Rng::seeded(11), Config::default())
}

fn assert_whole(database: &Database) {
    assert_eq!(database.memory(), database.recount(), "the running count has drifted");
    let with_deadline = database.iter().filter(|(_, entry)| database.deadline(entry).is_some()).count();
    assert_eq!(database.volatile_len(), with_deadline);
    let mut listed: Vec<_> = database.deadlines().collect();
    let mut held: Vec<_> = database.iter().filter_map(|(_, entry)| database.deadline(entry)).collect();
    listed.sort_unstable();
    held.sort_unstable();
    assert_eq!(listed, held);
    assert!(held.first().is_none_or(|first| *first >= database.earliest_bound), "the bound is too late");
}

#[test]
fn lists_and_counts_hold_through_random_edits() {
    let (mut keyspace, mut around) = (Keyspace::new(1), surroundings());
    let mut rng = Rng::seeded(5);
    for step in 0..20_000u64 {
        let key = format!("k{}", rng.below(60)).into_bytes();
        let text = vec![b'x'; rng.below(100)];
        let mut db = keyspace.db(0, &mut around).expect("database 0");
        match rng.below(8) {
            0..=1 => db.set(key, StringValue::encode(text), Ttl::Clear, "set"),
            2 => db.set(key, StringValue::encode(text), Ttl::Keep, "set"),
            3 => db.set(key, StringValue::encode(text), Ttl::At(1_000 + step + 50), "set"),
            4 => {
                db.set_deadline(&key, Some(1_000 + step + rng.below(500) as u64), "expire");
            }
            5 => {
                db.set_deadline(&key, None, "persist");
            }
            6 => {
                db.remove(&key, "del");
            }
            _ => {
                let edit = |value: &mut StringValue, _: &mut Surroundings| {
                    Edit::changed(value.append(&text).is_ok(), "append")
                };
                db.edit(&key, edit).expect("only strings here");
            }
        }
        around.clock.advance_to(1_000 + step);
        if step % 100 == 0 {
            expire::cycle(&mut keyspace, &mut around);
        }
        if step % 50 == 0 {
            assert_whole(&keyspace.databases()[0]);
        }
    }
    assert!(around.stats.expired_lazily > 100 && around.stats.expired_actively > 100);
}

#[test]
fn an_edit_that_changes_nothing_says_nothing() {
    let (mut keyspace, mut around) = (Keyspace::new(1), surroundings());
    let mut db = keyspace.db(0, &mut around).expect("database 0");
    db.set(b"k".to_vec(), StringValue::integer(1), Ttl::Clear, "set");
    let same = db.edit::<StringValue, u8>(b"k", |_, _| Edit::unchanged(7));
    assert_eq!(same, Ok(Some(7)));
    let names: Vec<_> = around.events.iter().flatten().map(Event::name).collect();
    assert_eq!(names, ["set"]);
}

#[test]
fn looking_without_use_leaves_the_idle_time() {
    let (mut keyspace, mut around) = (Keyspace::new(1), surroundings());
    keyspace.db(0, &mut around).expect("database 0").set(
        b"k".to_vec(),
        StringValue::integer(1),
        Ttl::Clear,
        "set",
    );
    around.clock.advance_to(61_000);
    let mut db = keyspace.db(0, &mut around).expect("database 0");
    assert_eq!(db.inspect(b"k").map(|entry| entry.access.idle_seconds(61_000)), Some(60));
    assert!(db.read_value(b"k").is_some());
    assert_eq!(db.inspect(b"k").map(|entry| entry.access.idle_seconds(61_000)), Some(0));
    assert_eq!((around.stats.keyspace_hits, around.stats.keyspace_misses), (3, 0));
}
