//! Ranges of positions as clients give them: two numbers, both included, negative ones counted from the end.

use std::ops::Range;

use crate::number;

/// The positions from `start` to `stop` among so many.
pub fn between(start: i64, stop: i64, len: usize) -> Range<usize> {
    let resolve = |position: i64| if position < 0 { position.saturating_add(len as i64) } else { position };
    let start = number::to_count(resolve(start)).unwrap_or(0);
    let end = number::to_count(resolve(stop).saturating_add(1)).unwrap_or(0).min(len);
    start.min(end)..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_from_both_ends() {
        for (start, stop, expected) in [
            (0, -1, 0..5),
            (1, 2, 1..3),
            (-2, -1, 3..5),
            (-100, 100, 0..5),
            (3, 1, 2..2),
            (5, 10, 5..5),
            (i64::MIN, i64::MAX, 0..5),
            (0, -100, 0..0),
        ] {
            assert_eq!(between(start, stop, 5), expected, "{start} {stop}");
        }
    }
}
