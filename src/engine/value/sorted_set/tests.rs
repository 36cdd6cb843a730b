//! Sorted sets against a plain sorted vector, in both encodings and across the conversion.

use super::*;

const SMALL: Limits = Limits { entries: 128, value: 64 };

/// The same operations on a vector that is sorted after each.
#[derive(Default)]
struct Model(Vec<(Vec<u8>, f64)>);

impl Model {
    fn set(&mut self, member: &[u8], score: f64) -> Option<f64> {
        let before = self.remove(member);
        self.0.push((member.to_vec(), score));
        self.0.sort_by(|a, b| a.1.total_cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
        before
    }

    fn remove(&mut self, member: &[u8]) -> Option<f64> {
        let at = self.0.iter().position(|(other, _)| other == member)?;
        Some(self.0.remove(at).1)
    }

    fn drain(&mut self, ranks: Range<usize>) -> Vec<(SmallBytes, f64)> {
        let end = ranks.end.min(self.0.len());
        self.0.drain(ranks.start.min(end)..end).map(|(member, score)| (member.into(), score)).collect()
    }
}

fn pairs<'a>(iter: impl Iterator<Item = (Cow<'a, [u8]>, f64)>) -> Vec<(Vec<u8>, f64)> {
    iter.map(|(member, score)| (member.to_vec(), score)).collect()
}

fn agree(set: &SortedSet, model: &Model, rng: &mut Rng) {
    assert_eq!(pairs(set.iter()), model.0);
    let mut backward = pairs(set.iter().rev());
    backward.reverse();
    assert_eq!(backward, model.0);
    for (rank, (member, score)) in model.0.iter().enumerate() {
        assert_eq!(set.rank(member), Some((rank, *score)));
        assert_eq!(set.score(member), Some(*score));
    }
    let mut slots: Vec<_> =
        (0..set.len()).filter_map(|slot| set.slot(slot)).map(|(m, _)| m.to_vec()).collect();
    slots.sort();
    let mut members: Vec<_> = model.0.iter().map(|(member, _)| member.clone()).collect();
    members.sort();
    assert_eq!(slots, members);
    let bound =
        |rng: &mut Rng| ScoreBound { score: rng.below(22) as f64 - 1.0, exclusive: rng.below(2) == 0 };
    let range = ScoreRange { min: bound(rng), max: bound(rng) };
    let inside = |score: f64| !range.starts_after(score) && !range.ends_before(score);
    let expected: Vec<_> = model.0.iter().filter(|(_, score)| inside(*score)).cloned().collect();
    assert_eq!(pairs(set.range(set.ranks_by_score(&range))), expected, "{range:?}");
}

fn play(limits: Limits, members: usize, steps: usize, seed: u64) {
    let mut rng = Rng::seeded(seed);
    let mut levels = Rng::seeded(seed + 1);
    let (mut set, mut model) = (SortedSet::default(), Model::default());
    for step in 0..steps {
        let member = format!("m{}", rng.below(members)).into_bytes();
        let score = rng.below(20) as f64;
        match rng.below(20) {
            0..=12 => {
                let change = set.set(&member, score, limits, &mut levels);
                assert_eq!(change, Change { before: model.set(&member, score), after: Some(score) });
            }
            13..=17 => assert_eq!(set.remove(&member), model.remove(&member).is_some()),
            18 => {
                let start = rng.below(set.len() + 2);
                let ranks = start..start + rng.below(4);
                assert_eq!(set.drain(ranks.clone()), model.drain(ranks));
            }
            _ => {
                let count = rng.below(3);
                let start = model.0.len().saturating_sub(count);
                let mut last = model.drain(start..usize::MAX);
                last.reverse();
                assert_eq!(set.pop(End::Last, count), last);
                assert_eq!(set.pop(End::First, count), model.drain(0..count));
            }
        }
        if step % 16 == 0 {
            agree(&set, &model, &mut rng);
        }
    }
}

#[test]
fn small_sets_behave_as_a_sorted_vector() {
    play(SMALL, 60, 4_000, 1);
}

#[test]
fn big_sets_behave_as_a_sorted_vector() {
    play(Limits { entries: 0, value: 64 }, 300, 6_000, 2);
}

#[test]
fn converting_sets_behave_as_a_sorted_vector() {
    for seed in 0..20 {
        play(Limits { entries: 20, value: 64 }, 40, 400, seed);
    }
}

fn filled(members: usize, limits: Limits) -> SortedSet {
    let (mut set, mut rng) = (SortedSet::default(), Rng::seeded(5));
    for member in 0..members {
        set.set(format!("member:{member}").as_bytes(), member as f64 * 1.5, limits, &mut rng);
    }
    set
}

#[test]
fn sets_convert_once_past_a_limit_and_results_convert_back() {
    assert_eq!(filled(128, SMALL).encoding(), "listpack");
    let mut set = filled(129, SMALL);
    assert_eq!(set.encoding(), "skiplist");
    set.drain(1..129);
    assert_eq!(set.encoding(), "skiplist");
    set.compact(SMALL);
    assert_eq!((set.encoding(), set.len()), ("listpack", 1));
    let mut rng = Rng::seeded(1);
    set.set(&[b'x'; 64], 1.0, SMALL, &mut rng);
    assert_eq!(set.encoding(), "listpack");
    set.set(&[b'x'; 65], 1.0, SMALL, &mut rng);
    assert_eq!(set.encoding(), "skiplist");
    set.compact(SMALL);
    assert_eq!(set.encoding(), "skiplist");
}

/// Recorded from Redis 8.0 with a one-byte key, less the 32 bytes that the key itself takes.
#[test]
fn small_sizes_are_the_real_servers() {
    let members: [(&str, f64, usize); 9] = [
        ("a", 1.0, 64),
        ("", 1.0, 64),
        ("4096", 4096.0, 64),
        ("8388608", 8_388_607.0, 80),
        ("2147483648", 2_147_483_647.0, 80),
        ("9223372036854775807", 1e15, 80),
        ("9223372036854775808", f64::INFINITY, 96),
        ("a", 1.5, 64),
        (&"m".repeat(64), 1.0, 128),
    ];
    for (member, score, bytes) in members {
        let mut set = SortedSet::default();
        set.set(member.as_bytes(), score, SMALL, &mut Rng::seeded(1));
        assert_eq!(set.memory() + 32, bytes, "{member}");
    }
    for (members, bytes) in [(5, 128), (20, 368), (50, 816), (100, 1584), (128, 2096)] {
        assert_eq!(filled(members, SMALL).memory() + 32, bytes, "{members}");
    }
}

/// The real server's figures depend on the heights it drew; over many members they differ little.
#[test]
fn big_sizes_are_near_the_real_servers() {
    for (members, bytes) in [(200, 21_416), (300, 35_112), (1000, 102_456)] {
        let ours = filled(members, SMALL).memory() + 32;
        assert!(ours.abs_diff(bytes) < bytes / 20, "{members}: {ours}, recorded {bytes}");
    }
    let (mut one, long) = (SortedSet::big(), [b'm'; 65]);
    one.set(&long, 1.0, SMALL, &mut Rng::seeded(1));
    assert!((976..1100).contains(&(one.memory() + 32)), "{}", one.memory());
}

#[test]
fn minus_zero_loses_its_sign_only_in_a_small_set() {
    let mut rng = Rng::seeded(1);
    let mut set = SortedSet::default();
    assert!(set.set(b"m", -0.0, SMALL, &mut rng).after.is_some_and(f64::is_sign_negative));
    assert!(set.score(b"m").is_some_and(f64::is_sign_positive));
    let mut set = SortedSet::big();
    set.set(b"m", -0.0, SMALL, &mut rng);
    set.set(b"m", 0.0, SMALL, &mut rng);
    assert!(set.score(b"m").is_some_and(f64::is_sign_negative));
}

#[test]
fn a_range_of_members_is_found_in_both_encodings() {
    let lex = |min: &str, max: &str| {
        let bound = |text: &str| match text.as_bytes() {
            b"-" => LexBound::Least,
            b"+" => LexBound::Greatest,
            [b'[', member @ ..] => LexBound::Included(member.to_vec()),
            [_, member @ ..] => LexBound::Excluded(member.to_vec()),
            [] => unreachable!(),
        };
        LexRange { min: bound(min), max: bound(max) }
    };
    for limits in [SMALL, Limits { entries: 0, value: 0 }] {
        let (mut set, mut rng) = (SortedSet::default(), Rng::seeded(1));
        for member in ["a", "b", "c", "cc", "d"] {
            set.set(member.as_bytes(), 0.0, limits, &mut rng);
        }
        for (min, max, ranks) in [
            ("-", "+", 0..5),
            ("[b", "[cc", 1..4),
            ("(b", "(cc", 2..3),
            ("[aa", "[bb", 1..2),
            ("+", "-", 0..0),
            ("[d", "[a", 0..0),
            ("(d", "+", 0..0),
            ("-", "(a", 0..0),
        ] {
            for end in [End::First, End::Last] {
                let found = set.ranks_by_member(&lex(min, max), end, 0);
                assert_eq!(
                    (found.len(), found.is_empty() || found == ranks),
                    (ranks.len(), true),
                    "{min} {max}"
                );
            }
        }
    }
}

#[test]
fn a_walk_down_the_slots_misses_nobody_while_members_leave() {
    let mut set = filled(1_000, SMALL);
    let (mut seen, mut rng) = (std::collections::BTreeSet::new(), Rng::seeded(9));
    let mut at = set.len();
    while at > 0 {
        at = at.min(set.len());
        for slot in (at.saturating_sub(10)..at).rev() {
            seen.extend(set.slot(slot).map(|(member, _)| member.to_vec()));
        }
        at = at.saturating_sub(10);
        let leaving = format!("member:{}", 500 + rng.below(500));
        set.remove(leaving.as_bytes());
    }
    assert!((0..500).all(|member| seen.contains(format!("member:{member}").as_bytes())));
}

#[test]
fn ranks_in_a_million_members_take_a_few_steps() {
    let (mut set, mut rng) = (SortedSet::big(), Rng::seeded(1));
    for member in 0..1_000_000u32 {
        set.set(&member.to_be_bytes(), f64::from(member), SMALL, &mut rng);
    }
    for member in (0..1_000_000u32).step_by(997) {
        assert_eq!(set.rank(&member.to_be_bytes()), Some((member as usize, f64::from(member))));
        assert_eq!(set.range(member as usize..usize::MAX).next(), set.slot(member as usize));
    }
    assert_eq!(set.drain(10..999_990).len(), 999_980);
    assert_eq!(set.len(), 20);
}

#[test]
fn a_listpack_from_outside_must_be_a_sorted_set() {
    let pack = |texts: &[&[u8]]| {
        let mut pack = Listpack::default();
        for text in texts {
            pack.push_back(text);
        }
        SortedSet::from_listpack(pack)
    };
    let set = pack(&[b"a", b"1", b"b", b"1.5", b"7", b"inf"]).expect("it is one");
    assert_eq!(set.rank(b"7"), Some((2, f64::INFINITY)));
    assert_eq!(
        filled(20, SMALL).listpack().cloned().and_then(SortedSet::from_listpack).map(|s| s.len()),
        Some(20)
    );
    let wrong: [&[&[u8]]; 5] =
        [&[b"a"], &[b"a", b"x"], &[b"a", b"2", b"b", b"1"], &[b"a", b"1", b"a", b"2"], &[b"a", b"nan"]];
    for wrong in wrong {
        assert!(pack(wrong).is_none(), "{wrong:?}");
    }
}
