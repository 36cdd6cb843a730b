//! The longest common subsequence of two byte strings.
//!
//! The classic table: the length for every pair of prefixes, each from its three neighbours. Lengths need only two
//! rows at a time. To walk back and say *which* bytes are common, one bit per cell is kept, which neighbour was
//! longer: where the bytes differ the walk goes up if that prefix had strictly more in common, else left. Ties decide
//! which of several equally long answers comes out, so this rule is Redis's.
//!
//! Time is the product of both lengths, as in Redis; memory is a bit for each cell, where Redis takes four bytes. It
//! knows nothing of keys or replies.

use std::collections::TryReserveError;

/// Bytes that stand side by side in both strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where they begin in the first string, and in the second.
    pub first: usize,
    pub second: usize,
    pub length: usize,
}

/// The length of the longest common subsequence.
pub fn length(a: &[u8], b: &[u8]) -> Result<u32, TryReserveError> {
    fill(a, b, |_, _| {})
}

/// The runs that make up the longest common subsequence, the last one first.
pub fn runs(a: &[u8], b: &[u8]) -> Result<Vec<Run>, TryReserveError> {
    let mut upwards = Bits::zeroed(a.len().saturating_mul(b.len()))?;
    fill(a, b, |row, column| upwards.set(row * b.len() + column))?;
    Ok(walk_back(a, b, &upwards))
}

/// Fills the table row by row, tells of the cells whose upper neighbour is longer, and gives the last cell.
fn fill(a: &[u8], b: &[u8], mut upwards: impl FnMut(usize, usize)) -> Result<u32, TryReserveError> {
    let mut above: Vec<u32> = Vec::new();
    above.try_reserve_exact(b.len())?;
    above.resize(b.len(), 0);
    for (row, x) in a.iter().enumerate() {
        let (mut left, mut diagonal) = (0, 0);
        for ((column, y), cell) in b.iter().enumerate().zip(&mut above) {
            let up = *cell;
            left = if x == y {
                diagonal + 1
            } else if up > left {
                upwards(row, column);
                up
            } else {
                left
            };
            diagonal = up;
            *cell = left;
        }
    }
    Ok(above.last().copied().unwrap_or(0))
}

fn walk_back(a: &[u8], b: &[u8], upwards: &Bits) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let (mut i, mut j) = (a.len(), b.len());
    while let (Some(row), Some(column)) = (i.checked_sub(1), j.checked_sub(1)) {
        if a.get(row) == b.get(column) {
            match runs.last_mut() {
                Some(run) if run.first == i && run.second == j => {
                    *run = Run { first: row, second: column, length: run.length + 1 };
                }
                _ => runs.push(Run { first: row, second: column, length: 1 }),
            }
            (i, j) = (row, column);
        } else if upwards.get(row * b.len() + column) {
            i = row;
        } else {
            j = column;
        }
    }
    runs
}

/// A fixed number of bits.
struct Bits {
    words: Vec<u64>,
}

impl Bits {
    fn zeroed(count: usize) -> Result<Self, TryReserveError> {
        let (mut words, needed) = (Vec::new(), count.div_ceil(64));
        words.try_reserve_exact(needed)?;
        words.resize(needed, 0);
        Ok(Self { words })
    }

    fn set(&mut self, at: usize) {
        if let Some(word) = self.words.get_mut(at / 64) {
            *word |= 1 << (at % 64);
        }
    }

    fn get(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from Redis 8.0.
    #[test]
    fn runs_come_from_the_end() {
        let runs = runs(b"ohmytext", b"mynewtext").unwrap();
        assert_eq!(runs, [Run { first: 4, second: 5, length: 4 }, Run { first: 2, second: 0, length: 2 }]);
        assert_eq!(length(b"ohmytext", b"mynewtext"), Ok(6));
    }

    #[test]
    fn nothing_is_common_with_nothing() {
        assert_eq!(length(b"", b"abc"), Ok(0));
        assert_eq!(length(b"abc", b""), Ok(0));
        assert_eq!(runs(b"abc", b"xyz"), Ok(Vec::new()));
    }
}
