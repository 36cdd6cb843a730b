//! What a picture shows of a sorted set: a window by rank, how the scores are spread, the places they may stand for, and
//! where the bytes go.

use super::{Encoding, Indexed, ScoreBound, ScoreRange, SortedSet};
use crate::config::Config;
use crate::picture::{
    FoundPicture, Inside, Lens, Limit, Part, Piece, PlacePicture, PlacesPicture, Share, SortedSetPicture,
    Spread,
};
use crate::value::alloc::OBJECT;
use crate::value::geo::search::{self, Form, Shape};
use crate::value::geo::{LATITUDES, LONGITUDES, Place};
use crate::value::share;
use crate::value::table_size;

/// Stretches of the axis of scores.
const STRETCHES: usize = 48;
/// A listpack is walked once for each stretch, or not at all where settings let it grow beyond this.
const WALKED: usize = 1_000;
/// Places that are drawn, and those found that are told.
const PLACES: usize = 400;
const FOUND: usize = 1_000;
/// Scores of places have 52 bits. Those of which the highest four are zero lie in the south-west, in the sea off
/// Antarctica: numbers that are rather something else.
const BEYOND_PLACES: f64 = 4_503_599_627_370_496.0;
const LIKELY_PLACES: f64 = BEYOND_PLACES / 16.0;

pub fn shares(set: &SortedSet) -> Vec<Share> {
    match &set.encoding {
        Encoding::Packed(pack) => {
            let [headers, content, rounding] = share::of_listpack(pack.bytes());
            share::parts([(Part::Object, OBJECT), headers, content, rounding])
        }
        Encoding::Indexed(indexed) => {
            let (size, entries) = (indexed.table(), table_size::ENTRY * indexed.len());
            share::parts([
                (Part::Object, OBJECT),
                (Part::Headers, Indexed::header_bytes()),
                (Part::Slots, size.bytes() - size.leaving_bytes()),
                (Part::OldSlots, size.leaving_bytes()),
                (Part::Entries, entries),
                (Part::Members, indexed.string_bytes()),
                (Part::Links, indexed.node_bytes() - indexed.string_bytes() - entries),
            ])
        }
    }
}

pub fn limits(set: &SortedSet, config: &Config) -> Vec<Limit> {
    let Some(pack) = set.listpack() else { return Vec::new() };
    let (entries, value) = (config.zset_max_listpack_entries, config.zset_max_listpack_value);
    let count = share::elements(set.len(), entries, "zset-max-listpack-entries", "skiplist");
    // Scores stand in the listpack too, but only members are limited.
    let members = set.iter().map(|(member, _)| member.len());
    let longest = share::longest_in(pack, value, "zset-max-listpack-value", "skiplist");
    let longest = longest.map(|limit| Limit { used: members.max().unwrap_or(0), ..limit });
    [count].into_iter().chain(longest).collect()
}

/// Finding the window costs a search, the spread one for each stretch.
pub fn look(set: &SortedSet, lens: &Lens) -> Inside {
    let len = set.len();
    let from = lens.from.min(len);
    let to = from.saturating_add(lens.len).min(len);
    let window = set.range(len - to..len - from).rev();
    let members: Vec<_> = window.map(|(member, score)| (Piece::from(&*member), score)).collect();
    Inside::SortedSet(Box::new(SortedSetPicture {
        from,
        spread: spread(set),
        places: places(set, lens),
        members,
    }))
}

fn score_at(set: &SortedSet, rank: usize) -> Option<f64> {
    set.range(rank..rank.saturating_add(1)).next().map(|(_, score)| score)
}

fn spread(set: &SortedSet) -> Spread {
    if set.is_packed() && set.len() > WALKED {
        return Spread::default();
    }
    let up_to = |score: f64, exclusive: bool| {
        let min = ScoreBound { score: f64::NEG_INFINITY, exclusive: false };
        set.ranks_by_score(&ScoreRange { min, max: ScoreBound { score, exclusive } }).end
    };
    let below = up_to(f64::NEG_INFINITY, false);
    let finite = up_to(f64::INFINITY, true);
    let above = set.len() - finite;
    let ends = (below < finite).then(|| score_at(set, below).zip(score_at(set, finite - 1))).flatten();
    let Some((low, high)) = ends else { return Spread { below, above, ..Spread::default() } };
    let mut counted = below;
    let mut counts = Vec::with_capacity(STRETCHES);
    for stretch in 1..=STRETCHES {
        // Weighed, and not a step at a time: the difference of two huge scores may be infinite.
        let share = stretch as f64 / STRETCHES as f64;
        let end = if stretch == STRETCHES { finite } else { up_to(low * (1.0 - share) + high * share, true) };
        let end = end.clamp(counted, finite);
        counts.push(end - counted);
        counted = end;
    }
    Spread { low, high, counts, below, above }
}

/// Reads scores as places, if the lowest and the highest, and those that would be drawn, can be: Redis keeps no note of it.
fn places(set: &SortedSet, lens: &Lens) -> Option<PlacesPicture> {
    let len = set.len();
    if len == 0 || (set.is_packed() && len > WALKED) {
        return None;
    }
    let drawn = len.min(PLACES);
    let rank = |at: usize| at * len / drawn;
    let mut members = Vec::with_capacity(drawn);
    if drawn == len {
        members.extend(set.iter());
    } else {
        members.extend((0..drawn).filter_map(|at| set.range(rank(at)..rank(at) + 1).next()));
    }
    let is_place = |score: f64| (0.0..BEYOND_PLACES).contains(&score) && score.fract() == 0.0;
    let scores = || members.iter().map(|(_, score)| *score).chain(score_at(set, len - 1));
    if !scores().all(is_place) {
        return None;
    }
    let likely = scores().all(|score| score >= LIKELY_PLACES);
    let circle = lens.circle.filter(|circle| circle.radius >= 0.0 && circle.radius.is_finite());
    let search = circle.and_then(|circle| {
        let middle = Place::new(circle.longitude, circle.latitude)?;
        Some((middle, Shape { form: Form::Circle { radius: circle.radius }, unit: 1.0 }))
    });
    let place = |(member, score): (std::borrow::Cow<'_, [u8]>, f64)| {
        let place = Place::of_score(score);
        PlacePicture {
            member: Piece::from(&*member),
            longitude: place.longitude.clamp(LONGITUDES.min, LONGITUDES.max),
            latitude: place.latitude.clamp(LATITUDES.min, LATITUDES.max),
            hit: search.as_ref().is_some_and(|(middle, shape)| shape.holds(*middle, place)),
        }
    };
    let (mut found, mut more) = (Vec::new(), false);
    if let Some((middle, shape)) = &search {
        found = search::within(set, *middle, shape, Some(FOUND + 1));
        more = found.len() > FOUND;
        found.truncate(FOUND);
        search::sort(&mut found, true, FOUND);
    }
    let found = found.into_iter();
    let found = found
        .map(|found| FoundPicture { member: Piece::from(&*found.member), distance: found.distance })
        .collect();
    Some(PlacesPicture { places: members.into_iter().map(place).collect(), found, more, likely })
}
