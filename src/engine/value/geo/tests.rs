//! Places, cells and searches against what Redis 8.0 answers.

use super::search::{Form, Found, Shape, sort, within};
use super::*;
use crate::rng::Rng;
use crate::value::sorted_set::{Limits, SortedSet};

const KILOMETRE: f64 = 1000.0;

fn place(longitude: f64, latitude: f64) -> Place {
    Place::new(longitude, latitude).expect("on the map")
}

#[test]
fn a_place_is_a_score_and_back() {
    let palermo = place(13.361_389, 38.115_556);
    assert_eq!(palermo.score(), 3_479_099_956_230_698.0);
    let kept = Place::of_score(palermo.score());
    assert_eq!((kept.longitude, kept.latitude), (13.361_389_338_970_184, 38.115_556_395_496_3));
    assert_eq!(&kept.geohash(), b"sqc8b49rny0");
    assert!(Place::new(180.000_1, 0.0).is_none() && Place::new(0.0, 85.051_2).is_none());
    assert!(Place::new(f64::NAN, 0.0).is_none());
}

/// Scores that no place has: each recorded as the geohash that Redis makes of it.
#[test]
fn any_score_leads_somewhere() {
    for (score, geohash) in [
        (-5.0, b"bp05b5048p0"),
        (f64::INFINITY, b"00bh0hbj200"),
        (1e18, b"bp05b5048p0"),
        (3.5, b"00bh0hbj210"),
        (1e19, b"bp05b5048p0"),
        (-1e300, b"00bh0hbj200"),
    ] {
        assert_eq!(&Place::of_score(score).geohash(), geohash, "{score}");
    }
}

#[test]
fn distances_are_redis_s() {
    let (palermo, catania) = (place(13.361_389, 38.115_556), place(15.087_269, 37.502_669));
    let [one, other] = [palermo, catania].map(|place| Place::of_score(place.score()));
    assert_eq!(format!("{:.4}", one.distance(other)), "166274.1516");
    assert_eq!(one.distance(one), 0.0);
}

fn scattered(count: usize, rng: &mut Rng) -> SortedSet {
    let mut set = SortedSet::big();
    for n in 0..count {
        let somewhere = place(rng.unit() * 360.0 - 180.0, rng.unit() * 170.0 - 85.0);
        set.set(format!("m{n}").as_bytes(), somewhere.score(), Limits { entries: 0, value: 0 }, rng);
    }
    set
}

/// The cells leave nobody out whom the distance alone would find, away from the edges of the map.
#[test]
fn a_search_finds_who_is_near() {
    let mut rng = Rng::seeded(1);
    let set = scattered(2000, &mut rng);
    for radius in [10.0, 100.0, 500.0, 1500.0, 4000.0] {
        for _ in 0..20 {
            let middle = place(rng.unit() * 200.0 - 100.0, rng.unit() * 80.0 - 40.0);
            let shape = Shape { form: Form::Circle { radius }, unit: KILOMETRE };
            let mut found: Vec<_> =
                within(&set, middle, &shape, None).into_iter().map(|f| f.member).collect();
            found.sort();
            let is_near = |score: f64| middle.distance(Place::of_score(score)) <= radius * KILOMETRE;
            let near = set.iter().filter(|(_, score)| is_near(*score)).map(|(member, _)| member.into_owned());
            let mut near: Vec<_> = near.collect();
            near.sort();
            assert_eq!(found, near, "{middle:?} {radius}");
        }
    }
}

/// Five of eight places are one; which of them comes first was recorded from `GEORADIUS … COUNT`.
#[test]
fn the_first_few_of_equals_are_redis_s() {
    let here = place(0.0, 0.0);
    let distances = [2567.0, 726.0, 0.0, 0.0, 0.0, 0.0, 0.0, 2834.0];
    let names = ["d", "aa", "B", "a", "b", "c", "m0", "m1"];
    let found = |(name, distance): (&str, f64)| Found {
        member: name.as_bytes().to_vec(),
        place: here,
        distance,
        score: 0.0,
    };
    let all: Vec<Found> = names.into_iter().zip(distances).map(found).collect();
    let sorted = |wanted: usize| {
        let mut some = all.clone();
        sort(&mut some, true, wanted);
        some.truncate(wanted);
        some.into_iter().map(|found| String::from_utf8_lossy(&found.member).into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sorted(7), ["m0", "B", "a", "b", "c", "aa", "d"]);
    assert_eq!(sorted(8), ["B", "a", "b", "c", "m0", "aa", "d", "m1"]);
}
