//! Geohash cells: the world in a grid whose rows and columns are numbered, the bits of both numbers taken in turn.
//!
//! A cell of `steps` steps has that many bits for its row and as many for its column, so each step cuts a cell in four,
//! and the cells within a cell are the numbers that start with its bits.

use super::{LATITUDES, LONGITUDES, Place, Range};

/// Every other bit, the lowest first: those of rows.
const ROWS: u64 = 0x5555_5555_5555_5555;

/// A cell of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    bits: u64,
    steps: u32,
}

/// Where a cell lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    pub longitudes: Range,
    pub latitudes: Range,
}

impl Cell {
    /// The steps of a score: 52 bits, which a double holds.
    pub const FINEST: u32 = 26;

    pub fn from_bits(bits: u64, steps: u32) -> Self {
        Self { bits, steps }
    }

    pub fn bits(self) -> u64 {
        self.bits
    }

    /// The cell around a place.
    pub fn around(place: Place, steps: u32) -> Self {
        Self::within(place, steps, LONGITUDES, LATITUDES)
    }

    /// The same in a grid over other ranges.
    pub fn within(place: Place, steps: u32, longitudes: Range, latitudes: Range) -> Self {
        let scale = (1_u64 << steps) as f64;
        let number = |degrees: f64, range: Range| ((degrees - range.min) / range.width() * scale) as u32;
        let (row, column) = (number(place.latitude, latitudes), number(place.longitude, longitudes));
        Self { bits: spread(row) | spread(column) << 1, steps }
    }

    pub fn area(self) -> Area {
        let scale = (1_u64 << self.steps) as f64;
        let range = |number: u32, limits: Range| Range {
            min: limits.min + f64::from(number) / scale * limits.width(),
            max: limits.min + f64::from(number.wrapping_add(1)) / scale * limits.width(),
        };
        Area {
            longitudes: range(gathered(self.bits >> 1), LONGITUDES),
            latitudes: range(gathered(self.bits), LATITUDES),
        }
    }

    /// The cell beside it, one to the east or west and one to the north or south, round the edges of the grid.
    ///
    /// A place on the last meridian or parallel lies in a column or row one beyond the grid; moving leads back into it.
    #[must_use]
    pub fn neighbour(self, east: i32, north: i32) -> Self {
        let last = ((1_u64 << self.steps) - 1) as u32;
        let moved = |number: u32, by: i32| match by {
            0 => number,
            _ => number.wrapping_add_signed(by) & last,
        };
        let (row, column) = (gathered(self.bits), gathered(self.bits >> 1));
        Self { bits: spread(moved(row, north)) | spread(moved(column, east)) << 1, steps: self.steps }
    }

    /// The scores within the cell: from the first on, up to but without the second.
    pub fn scores(self) -> (f64, f64) {
        let aligned = |bits: u64| (bits << (2 * (Self::FINEST - self.steps))) as f64;
        (aligned(self.bits), aligned(self.bits + 1))
    }
}

/// The bits of a number, each with a zero before it.
fn spread(number: u32) -> u64 {
    const KEPT: [(u32, u64); 5] = [
        (16, 0x0000_FFFF_0000_FFFF),
        (8, 0x00FF_00FF_00FF_00FF),
        (4, 0x0F0F_0F0F_0F0F_0F0F),
        (2, 0x3333_3333_3333_3333),
        (1, ROWS),
    ];
    KEPT.iter().fold(u64::from(number), |bits, (shift, kept)| (bits | bits << shift) & kept)
}

/// Every other bit, the lowest first, as one number.
fn gathered(bits: u64) -> u32 {
    const KEPT: [(u32, u64); 5] = [
        (1, 0x3333_3333_3333_3333),
        (2, 0x0F0F_0F0F_0F0F_0F0F),
        (4, 0x00FF_00FF_00FF_00FF),
        (8, 0x0000_FFFF_0000_FFFF),
        (16, 0x0000_0000_FFFF_FFFF),
    ];
    KEPT.iter().fold(bits & ROWS, |bits, (shift, kept)| (bits | bits >> shift) & kept) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_taken_in_turn_come_apart_again() {
        for number in [0, 1, 0b1011, 0xDEAD_BEEF, u32::MAX] {
            assert_eq!(gathered(spread(number)), number);
            assert_eq!(gathered(spread(number) | ROWS << 1), number);
        }
        assert_eq!(spread(0b111), 0b1_0101);
    }

    #[test]
    fn neighbours_lie_side_by_side_and_round_the_edges() {
        let cell = Cell::around(Place { longitude: 10.0, latitude: 50.0 }, 5);
        let (here, east, north) = (cell.area(), cell.neighbour(1, 0).area(), cell.neighbour(0, 1).area());
        assert_eq!(here.longitudes.max, east.longitudes.min);
        assert_eq!((here.latitudes, here.longitudes), (east.latitudes, north.longitudes));
        assert_eq!(here.latitudes.max, north.latitudes.min);
        assert_eq!(cell.neighbour(1, 1).neighbour(-1, -1), cell);
        let edge = Cell::around(Place { longitude: -180.0, latitude: 0.0 }, 5);
        assert_eq!(edge.neighbour(-1, 0).area().longitudes.max, 180.0);
    }
}
