//! The members of a sorted set whose places lie within a shape.

use std::cmp::Ordering;

use super::{Place, cover, north_south};
use crate::partial_sort;
use crate::value::sorted_set::{ScoreBound, ScoreRange, SortedSet};

/// What a shape is, in a unit of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    Circle { radius: f64 },
    Box { width: f64, height: f64 },
}

/// An area around a middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    pub form: Form,
    /// How many metres the unit of its lengths has.
    pub unit: f64,
}

/// A member within the shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub member: Vec<u8>,
    pub place: Place,
    /// Metres from the middle.
    pub distance: f64,
    pub score: f64,
}

impl Shape {
    /// Half the width and half the height, in metres.
    pub(super) fn half_sides(&self) -> (f64, f64) {
        match self.form {
            Form::Circle { radius } => (self.unit * radius, self.unit * radius),
            Form::Box { width, height } => (self.unit * (width / 2.0), self.unit * (height / 2.0)),
        }
    }

    /// Metres from the middle to the furthest point.
    pub(super) fn reach(&self) -> f64 {
        let far = match self.form {
            Form::Circle { radius } => radius,
            Form::Box { width, height } => {
                ((width / 2.0) * (width / 2.0) + (height / 2.0) * (height / 2.0)).sqrt()
            }
        };
        far * self.unit
    }

    /// Whether a place lies within the shape around a middle.
    pub fn holds(&self, middle: Place, place: Place) -> bool {
        self.distance(middle, place).is_some()
    }

    /// The distance of a place from the middle, if it lies within the shape.
    fn distance(&self, middle: Place, place: Place) -> Option<f64> {
        match self.form {
            Form::Circle { radius } => {
                let distance = middle.distance(place);
                (!beyond(distance, radius * self.unit)).then_some(distance)
            }
            Form::Box { width, height } => {
                let up = north_south(place.latitude, middle.latitude);
                let across = place.distance(Place { latitude: place.latitude, ..middle });
                let outside = beyond(up, height * self.unit / 2.0) || beyond(across, width * self.unit / 2.0);
                (!outside).then(|| middle.distance(place))
            }
        }
    }
}

/// Whether a distance is greater than a limit; one that is no number is not.
fn beyond(distance: f64, limit: f64) -> bool {
    distance.partial_cmp(&limit) == Some(Ordering::Greater)
}

/// The members within a shape in the order in which they are met; with a limit, not more than so many.
pub fn within(set: &SortedSet, middle: Place, shape: &Shape, limit: Option<usize>) -> Vec<Found> {
    let mut found = Vec::new();
    let full = |found: &Vec<Found>| limit.is_some_and(|limit| found.len() >= limit);
    for cell in cover::cells(middle, shape) {
        let (min, max) = cell.scores();
        let range = ScoreRange {
            min: ScoreBound { score: min, exclusive: false },
            max: ScoreBound { score: max, exclusive: true },
        };
        for (member, score) in set.range(set.ranks_by_score(&range)) {
            if full(&found) {
                return found;
            }
            let place = Place::of_score(score);
            if let Some(distance) = shape.distance(middle, place) {
                found.push(Found { member: member.into_owned(), place, distance, score });
            }
        }
    }
    found
}

/// Brings the nearest, or the furthest, to the front: as many as are wanted.
pub fn sort(found: &mut [Found], nearest_first: bool, wanted: usize) {
    let compare = |one: &Found, other: &Found| {
        let order = one.distance.partial_cmp(&other.distance).unwrap_or(Ordering::Less);
        if nearest_first { order } else { order.reverse() }
    };
    if wanted >= found.len() {
        found.sort_by(|one, other| {
            let order = one.distance.total_cmp(&other.distance);
            if nearest_first { order } else { order.reverse() }
        });
    } else {
        partial_sort::sort(found, &(0..wanted), compare);
    }
}
