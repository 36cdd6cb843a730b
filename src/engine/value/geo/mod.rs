//! Places on the globe as scores of a sorted set: a geohash of 52 bits, the distance of two places, and the search for
//! those within a shape.
//!
//! Everything works on longitudes and latitudes in degrees and on metres. Nothing here knows commands, units or replies.

mod cell;
mod cover;
pub mod search;
#[cfg(test)]
mod tests;

pub use cell::Cell;

use crate::number::trig;

/// What longitudes and latitudes may be: Redis leaves the poles out, as maps on the web do.
pub const LONGITUDES: Range = Range { min: -180.0, max: 180.0 };
pub const LATITUDES: Range = Range { min: -85.051_128_78, max: 85.051_128_78 };

/// The radius of the globe in metres.
const EARTH_RADIUS: f64 = 6_372_797.560_856;
const RADIANS_PER_DEGREE: f64 = std::f64::consts::PI / 180.0;

/// From one number to another, both included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub min: f64,
    pub max: f64,
}

impl Range {
    pub fn contains(self, number: f64) -> bool {
        self.min <= number && number <= self.max
    }

    fn width(self) -> f64 {
        self.max - self.min
    }
}

/// A place in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub longitude: f64,
    pub latitude: f64,
}

impl Place {
    /// The place, if it is one that can be kept.
    pub fn new(longitude: f64, latitude: f64) -> Option<Self> {
        (LONGITUDES.contains(longitude) && LATITUDES.contains(latitude))
            .then_some(Self { longitude, latitude })
    }

    /// The score under which a sorted set keeps the place.
    pub fn score(self) -> f64 {
        // 52 bits are exact in a double.
        Cell::around(self, Cell::FINEST).bits() as f64
    }

    /// The middle of the cell that a score stands for. A score that was not made from a place counts as the bits that a
    /// processor makes of it, and leads to somewhere at the edge.
    pub fn of_score(score: f64) -> Self {
        let area = Cell::from_bits(processor_bits(score), Cell::FINEST).area();
        let middle = |range: Range, limits: Range| {
            let middle = f64::midpoint(range.min, range.max);
            middle.clamp(limits.min, limits.max)
        };
        Self { longitude: middle(area.longitudes, LONGITUDES), latitude: middle(area.latitudes, LATITUDES) }
    }

    /// Metres along the surface, by the haversine formula.
    pub fn distance(self, other: Self) -> f64 {
        let longitudes = [self.longitude, other.longitude].map(radians);
        let across = trig::sin((longitudes[1] - longitudes[0]) / 2.0);
        if across == 0.0 {
            return north_south(self.latitude, other.latitude);
        }
        let latitudes = [self.latitude, other.latitude].map(radians);
        let along = trig::sin((latitudes[1] - latitudes[0]) / 2.0);
        let [first, second] = latitudes.map(trig::cos);
        let chord = along * along + first * second * across * across;
        2.0 * EARTH_RADIUS * trig::asin(chord.sqrt())
    }

    /// The eleven letters by which the rest of the world knows the place. Their cells reach to the poles, and only 52 of
    /// the 55 bits are known: the last letter is always the first of the alphabet.
    pub fn geohash(self) -> [u8; 11] {
        const LETTERS: &[u8; 32] = b"0123456789bcdefghjkmnpqrstuvwxyz";
        let to_the_poles = Range { min: -90.0, max: 90.0 };
        let bits = Cell::within(self, Cell::FINEST, LONGITUDES, to_the_poles).bits();
        std::array::from_fn(|at| {
            let index = if at == 10 { 0 } else { bits >> (47 - 5 * at) & 31 };
            LETTERS.get(index as usize).copied().unwrap_or(b'0')
        })
    }
}

/// Metres between two latitudes on the same meridian.
fn north_south(latitude: f64, other: f64) -> f64 {
    EARTH_RADIUS * (radians(other) - radians(latitude)).abs()
}

fn radians(degrees: f64) -> f64 {
    degrees * RADIANS_PER_DEGREE
}

fn degrees(radians: f64) -> f64 {
    radians / RADIANS_PER_DEGREE
}

/// A score as an integer without a sign, as an x86-64 processor converts it: what does not fit wraps or becomes the
/// lowest number.
fn processor_bits(score: f64) -> u64 {
    const HALF: f64 = 9_223_372_036_854_775_808.0;
    if score >= HALF {
        (processor_integer(score - HALF) as u64) ^ (1 << 63)
    } else {
        processor_integer(score) as u64
    }
}

/// The same with a sign.
pub fn processor_integer(score: f64) -> i64 {
    const HALF: f64 = 9_223_372_036_854_775_808.0;
    if (-HALF..HALF).contains(&score) { score as i64 } else { i64::MIN }
}
