//! The set as a whole: encodings, sizes and draws, compared with figures recorded from Redis 8.0.

use std::collections::BTreeSet;

use super::algebra::{self, Operation};
use super::*;
use crate::rng::Rng;

const LIMITS: Limits = Limits { integers: 512, entries: 128, value: 64 };

fn numbered(prefix: &str, count: usize) -> Set {
    let members: Vec<_> = (0..count).map(|n| format!("{prefix}{n}").into_bytes()).collect();
    let mut set = members.first().map_or_else(Set::default, |first| Set::for_first(first, count, LIMITS));
    for member in &members {
        assert!(set.add(member, LIMITS));
    }
    set
}

fn names(set: &Set) -> BTreeSet<Vec<u8>> {
    set.iter().map(Member::to_vec).collect()
}

#[test]
fn a_set_takes_two_words_where_it_stands() {
    assert_eq!(size_of::<Set>(), 16);
}

/// `MEMORY USAGE key SAMPLES 0` of `SADD key …`, less the 32 bytes of the key itself.
#[test]
fn memory_is_what_redis_allocates() {
    for (prefix, count, bytes) in [
        ("", 1, 32),
        ("", 5, 48),
        ("", 512, 1296),
        ("", 513, 24_680),
        ("m", 1, 32),
        ("m", 10, 64),
        ("m", 128, 784),
        ("m", 129, 6248),
        ("m", 256, 10_312),
        ("m", 257, 12_392),
        ("m", 1000, 40_264),
        ("m", 10_000, 451_144),
    ] {
        assert_eq!(numbered(prefix, count).memory(), bytes, "{prefix} {count}");
    }
    let mut one_by_one = Set::for_first(b"m0", 1, LIMITS);
    for n in 0..130 {
        one_by_one.add(format!("m{n}").as_bytes(), LIMITS);
    }
    assert_eq!(one_by_one.memory(), 6280);
    assert_eq!(one_by_one.duplicate().memory(), 6280);
}

#[test]
fn each_position_has_a_member() {
    let mut rng = Rng::seeded(1);
    for (prefix, count) in [("", 100), ("m", 100), ("m", 300)] {
        let set = numbered(prefix, count);
        let all = names(&set);
        let positions: Vec<_> = (0..count).rev().collect();
        let picked = set.pick(&positions);
        assert_eq!(picked.len(), count);
        assert_eq!(picked.into_iter().collect::<BTreeSet<_>>(), all);
        assert_eq!(set.pick(&[5, 5, count]).len(), 2, "a position twice, and one past the end");
        assert!(set.draw(&mut rng).is_some_and(|member| all.contains(&member)));
    }
    assert_eq!(Set::default().draw(&mut rng), None);
}

/// Sizes and encodings recorded from `SPOP key count`; a set of which almost all is popped is made anew.
#[test]
fn what_is_popped_is_gone_and_the_rest_stays() {
    let mut rng = Rng::seeded(1);
    for (prefix, count, popped, encoding) in [
        ("m", 200, 150, "hashtable"),
        ("m", 200, 166, "hashtable"),
        ("m", 200, 167, "listpack"),
        ("m", 200, 199, "listpack"),
        ("m", 1000, 840, "hashtable"),
        ("", 600, 590, "listpack"),
        ("m", 100, 90, "listpack"),
        ("m", 100, 10, "listpack"),
        ("", 100, 90, "intset"),
        ("", 100, 10, "intset"),
    ] {
        let mut set = numbered(prefix, count);
        let mut all = names(&set);
        let gone = set.pop(popped, LIMITS, &mut rng);
        assert_eq!((gone.len(), set.len()), (popped, count - popped), "{prefix} {count} {popped}");
        assert_eq!(set.encoding(), encoding, "{prefix} {count} {popped}");
        for member in gone {
            assert!(all.remove(&member));
        }
        assert_eq!(names(&set), all);
    }
}

#[test]
fn both_ways_to_a_difference_lead_to_the_same() {
    let (many, few) = (numbered("m", 300), numbered("m", 40));
    let (ten, other) = (numbered("m", 10), numbered("n", 10));
    let difference = |sets: &[&Set]| {
        let sets: Vec<_> = sets.iter().map(|set| Some(*set)).collect();
        names(&algebra::gathered(Operation::Difference, &sets, LIMITS))
    };
    let expected: BTreeSet<_> = names(&many).difference(&names(&few)).cloned().collect();
    assert_eq!(difference(&[&many, &few, &ten]), expected);
    assert_eq!(difference(&[&many, &few, &ten, &other, &Set::default(), &few]), expected);
    assert!(difference(&[&many, &ten, &many]).is_empty());
}
