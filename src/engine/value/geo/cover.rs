//! Which cells to search for the places within a shape: the one around its middle and those beside it.
//!
//! The cells are as fine as may be while three by three of them cover the shape; the estimate comes from the shape's
//! size and is corrected once where the shape reaches out of the nine. Those that the shape does not touch are left out.

use super::{Cell, EARTH_RADIUS, Place, Range, degrees, radians, search::Shape};
use crate::number::trig;

/// Half the way round the equator on a map of the web, in metres.
const MERCATOR_MAX: f64 = 20_037_726.37;

/// The order in which the nine cells are searched, as steps to the east and to the north.
const ORDER: [(i32, i32); 9] = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)];

/// The cells to search, in order; none twice in a row.
pub fn cells(middle: Place, shape: &Shape) -> Vec<Cell> {
    let bounds = Bounds::of(middle, shape);
    let mut steps = steps_for(shape.reach(), middle.latitude);
    let mut cell = Cell::around(middle, steps);
    if steps > 1 && !bounds.lie_in_nine(cell) {
        steps -= 1;
        cell = Cell::around(middle, steps);
    }
    let untouched = |(east, north): (i32, i32)| steps >= 2 && bounds.miss(cell, east, north);
    let mut found: Vec<Cell> = Vec::with_capacity(ORDER.len());
    for way in ORDER {
        let next = cell.neighbour(way.0, way.1);
        // In a coarse grid both ways lead to the same cell. The middle one is not compared with, as in Redis.
        let repeated = found.len() > 1 && found.last() == Some(&next);
        if !untouched(way) && !repeated {
            found.push(next);
        }
    }
    found
}

/// How fine the cells may be for a radius; towards the poles they are narrower.
fn steps_for(radius: f64, latitude: f64) -> u32 {
    if radius == 0.0 {
        return Cell::FINEST;
    }
    let (mut reach, mut steps) = (radius, 1_i32);
    while reach < MERCATOR_MAX {
        reach *= 2.0;
        steps += 1;
    }
    let polar = i32::from(latitude.abs() > 66.0) + i32::from(latitude.abs() > 80.0);
    (steps - 2 - polar).clamp(1, Cell::FINEST as i32) as u32
}

/// A shape's furthest longitudes and latitudes.
struct Bounds {
    longitudes: Range,
    latitudes: Range,
}

impl Bounds {
    fn of(Place { longitude, latitude }: Place, shape: &Shape) -> Self {
        let (width, height) = shape.half_sides();
        let north = degrees(height / EARTH_RADIUS);
        // Where the parallel is shorter: the side away from the equator.
        let outer = if latitude < 0.0 { latitude - north } else { latitude + north };
        let east = degrees(width / EARTH_RADIUS / trig::cos(radians(outer)));
        Self {
            longitudes: Range { min: longitude - east, max: longitude + east },
            latitudes: Range { min: latitude - north, max: latitude + north },
        }
    }

    /// Whether the cell and its neighbours cover everything.
    fn lie_in_nine(&self, cell: Cell) -> bool {
        let area = |east, north| cell.neighbour(east, north).area();
        area(0, 1).latitudes.max >= self.latitudes.max
            && area(0, -1).latitudes.min <= self.latitudes.min
            && area(1, 0).longitudes.max >= self.longitudes.max
            && area(-1, 0).longitudes.min <= self.longitudes.min
    }

    /// Whether the shape ends within the cell on the way to this neighbour.
    fn miss(&self, cell: Cell, east: i32, north: i32) -> bool {
        let area = cell.area();
        (north < 0 && area.latitudes.min < self.latitudes.min)
            || (north > 0 && area.latitudes.max > self.latitudes.max)
            || (east < 0 && area.longitudes.min < self.longitudes.min)
            || (east > 0 && area.longitudes.max > self.longitudes.max)
    }
}
