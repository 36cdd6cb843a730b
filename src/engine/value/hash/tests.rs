//! The structure alone: encodings and their sizes, the order of fields with deadlines, the note for the cycle.

use super::*;

const LIMITS: Limits = Limits { entries: 512, value: 64 };
const BIG: Limits = Limits { entries: 0, value: 64 };

fn hash(fields: &[(&str, &str)], limits: Limits) -> Hash {
    let mut hash = Hash::default();
    let words: Vec<Vec<u8>> =
        fields.iter().flat_map(|(field, value)| [(*field).into(), (*value).into()]).collect();
    hash.make_room(&words, limits);
    for (field, value) in fields {
        hash.set(field.as_bytes(), value.as_bytes(), Lifetime::Clear, limits);
    }
    hash
}

fn schedule(hash: &mut Hash, field: &str, at: u64) -> Scheduled {
    let mut touched = Touched::default();
    hash.expect_deadlines();
    let outcome = hash.schedule(field.as_bytes(), at, Condition::Always, 1000, &mut touched);
    hash.settle(touched);
    outcome
}

fn names(hash: &Hash) -> String {
    let names: Vec<_> = hash.iter().map(|(field, _)| String::from_utf8_lossy(&field).into_owned()).collect();
    names.join(" ")
}

#[test]
fn a_hash_takes_two_words_where_it_stands() {
    assert!(size_of::<Hash>() <= 16);
}

#[test]
fn a_small_hash_with_deadlines_stands_in_their_order() {
    let mut hash = hash(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")], LIMITS);
    assert_eq!(hash.encoding(), "listpack");
    for (field, at) in [("c", 5000), ("a", 4000), ("d", 5000)] {
        assert_eq!(schedule(&mut hash, field, at), Scheduled::Set);
    }
    assert_eq!((hash.encoding(), names(&hash).as_str()), ("listpackex", "a d c b"));
    assert!(hash.persist(b"a"));
    assert_eq!((names(&hash).as_str(), hash.earliest()), ("d c b a", Some(5000)));
    hash.set(b"d", b"new", Lifetime::Keep, LIMITS);
    hash.set(b"c", b"new", Lifetime::Clear, LIMITS);
    assert_eq!(names(&hash), "d b a c");
    assert_eq!(hash.get(b"d").map(|content| content.expires_at), Some(Some(5000)));
}

#[test]
fn both_encodings_expire_the_earliest_first() {
    for limits in [LIMITS, BIG] {
        let mut hash = hash(&[("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")], limits);
        for (field, at) in [("a", 9000), ("b", 7000), ("c", 8000)] {
            schedule(&mut hash, field, at);
        }
        assert_eq!((hash.earliest(), hash.wake()), (Some(7000), Some(9000)));
        assert_eq!(hash.expire(10_000, 2), 2);
        assert_eq!((hash.len(), hash.wake()), (2, Some(9000)));
        assert!(hash.get_alive(b"a", 9000).is_some() && hash.get_alive(b"a", 9001).is_none());
        assert_eq!(hash.expire(10_000, 2), 1);
        assert_eq!((names(&hash).as_str(), hash.wake()), ("d", None));
    }
}

/// The cycle is told again only of deadlines that come much sooner, or that are the first.
#[test]
fn the_note_for_the_cycle_is_renewed_when_it_is_worth_it() {
    let mut hash = hash(&[("a", "1"), ("b", "2")], LIMITS);
    schedule(&mut hash, "a", 20_000);
    assert_eq!(hash.wake(), Some(20_000));
    schedule(&mut hash, "b", 16_001);
    assert_eq!(hash.wake(), Some(20_000));
    schedule(&mut hash, "b", 16_000);
    assert_eq!(hash.wake(), Some(16_000));
    hash.persist(b"b");
    assert_eq!(hash.wake(), Some(16_000));
    hash.delete(b"a");
    assert_eq!(hash.wake(), None);
}

#[test]
fn conditions_compare_with_the_deadline_there_is() {
    let allowed = |condition: Condition| {
        [None, Some(50), Some(60), Some(70)].map(|before| condition.allows(before, 60))
    };
    assert_eq!(allowed(Condition::Always), [true; 4]);
    assert_eq!(allowed(Condition::Nx), [true, false, false, false]);
    assert_eq!(allowed(Condition::Xx), [false, true, true, true]);
    assert_eq!(allowed(Condition::Gt), [false, true, false, false]);
    assert_eq!(allowed(Condition::Lt), [true, false, false, true]);
}

/// `MEMORY USAGE k SAMPLES 0` of the real server, without the 32 bytes of the key.
#[test]
fn sizes_are_the_real_servers() {
    let mut small = hash(&[("f", "v")], LIMITS);
    assert_eq!(small.memory(), 32);
    small.expect_deadlines();
    assert_eq!(small.memory(), 64);
    schedule(&mut small, "f", 100_000_000_000);
    assert_eq!(small.memory(), 80);

    let five = [("f", "1"), ("g", "2"), ("h", "3"), ("i", "4"), ("j", "5")];
    assert_eq!(hash(&five, BIG).memory(), 336);

    // A field's name alone, and with a deadline beside it.
    let lengths = [
        (0, 8, 32),
        (6, 8, 32),
        (12, 16, 32),
        (13, 16, 48),
        (28, 32, 48),
        (29, 32, 64),
        (31, 48, 64),
        (42, 48, 64),
        (43, 48, 80),
        (256, 320, 320),
        (298, 320, 320),
        (299, 320, 384),
        (65_515, 65_536, 81_920),
        (81_892, 81_920, 81_920),
        (81_893, 81_920, 98_304),
    ];
    for (len, plain, with_deadline) in lengths {
        let field = "f".repeat(len);
        let mut big = hash(&[(&field, "v")], BIG);
        let others = OBJECT + 56 + 4 * 8 + 24 + 8;
        assert_eq!(big.memory() - others, plain, "{len}");
        schedule(&mut big, &field, 100_000);
        assert_eq!(big.memory() - others, with_deadline, "{len}");
        big.persist(field.as_bytes());
        assert_eq!(big.memory() - others, with_deadline, "{len}");
        assert_eq!(big.duplicate().memory() - others, plain, "{len}");
    }
}

/// The mean of 69 rows, 69 times, is a little less than their sum; recorded likewise.
#[test]
fn sizes_lose_what_the_real_servers_mean_loses() {
    let fields: Vec<(String, &str)> =
        (0..69).map(|n| (n.to_string(), if n < 7 { "12345678" } else { "1" })).collect();
    let fields: Vec<_> = fields.iter().map(|(field, value)| (field.as_str(), *value)).collect();
    assert_eq!(hash(&fields, BIG).memory() + 32, 3943);
}

#[test]
fn a_hash_converts_when_it_outgrows_its_limits_and_not_back() {
    let mut hash = Hash::default();
    let words: Vec<Vec<u8>> = (0..1200).map(|n| format!("w{n}").into_bytes()).collect();
    hash.make_room(&words, LIMITS);
    assert_eq!(hash.encoding(), "hashtable");

    let mut hash = self::hash(&[], LIMITS);
    for n in 0..513 {
        assert!(hash.is_packed(), "{n}");
        hash.set(format!("f{n}").as_bytes(), b"v", Lifetime::Clear, LIMITS);
    }
    assert!(!hash.is_packed());
    for n in 1..513 {
        hash.remove(format!("f{n}").as_bytes());
    }
    assert_eq!((hash.len(), hash.is_packed()), (1, false));
}

/// Rows move when others leave; the list of deadlines must know.
#[test]
fn deadlines_of_a_big_hash_follow_their_fields() {
    let mut hash = Hash::default();
    for n in 0..1000_u64 {
        let field = format!("f{n}");
        hash.set(field.as_bytes(), b"v", Lifetime::Clear, LIMITS);
        schedule(&mut hash, &field, 2000 + (n * 7919) % 1000);
    }
    for n in (0..1000).step_by(3) {
        assert!(hash.remove(format!("f{n}").as_bytes()));
    }
    let mut left = 666;
    for now in 2001..=3000_u64 {
        left -= hash.expire(now, usize::MAX);
        assert!(hash.iter().all(|(_, content)| content.expires_at >= Some(now)));
    }
    assert_eq!((left, hash.len()), (0, 0));
}
