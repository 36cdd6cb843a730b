//! From registers to a number of elements: Otmar Ertl's improved estimator (arXiv:1702.01284), as Redis computes it.
//!
//! Only how often each value occurs matters. Every step is done in the same order and precision as in the real server,
//! so that the estimate is the same to the unit.

use super::{PATTERN_BITS, REGISTERS};

/// A register keeps six bits, whatever the hash can give.
const VALUES: usize = 64;
/// One more than the zeros a pattern can begin with.
const HIGHEST: usize = PATTERN_BITS as usize + 1;
/// 1 / (2 ln 2), the limit of the correction for many registers.
const ALPHA: f64 = 0.721_347_520_444_481_7;

/// How often each value occurs among the registers.
#[derive(Clone, Debug)]
pub struct Histogram([u32; VALUES]);

impl Default for Histogram {
    fn default() -> Self {
        Self([0; VALUES])
    }
}

impl Histogram {
    pub fn add(&mut self, value: u8, times: usize) {
        if let Some(count) = self.0.get_mut(usize::from(value)) {
            *count += times as u32;
        }
    }

    pub fn estimate(&self) -> i64 {
        let count = |value: usize| f64::from(self.0.get(value).copied().unwrap_or(0));
        let registers = REGISTERS as f64;
        let mut sum = registers * tau((registers - count(HIGHEST)) / registers);
        for value in (1..HIGHEST).rev() {
            sum = (sum + count(value)) * 0.5;
        }
        sum += registers * sigma(count(0) / registers);
        rounded(ALPHA * registers * registers / sum)
    }
}

/// To the nearest integer. What no integer holds comes out as the lowest one, as x86-64 converts it.
fn rounded(estimate: f64) -> i64 {
    const LIMIT: f64 = i64::MAX as f64;
    let rounded = estimate.round();
    if rounded < LIMIT { rounded as i64 } else { i64::MIN }
}

/// What the registers that are still zero contribute.
fn sigma(share: f64) -> f64 {
    if share == 1.0 {
        return f64::INFINITY;
    }
    let (mut x, mut weight, mut sum) = (share, 1.0, share);
    loop {
        x *= x;
        let before = sum;
        sum += x * weight;
        weight += weight;
        if sum == before {
            return sum;
        }
    }
}

/// What the registers that are full contribute.
fn tau(share: f64) -> f64 {
    if share == 0.0 || share == 1.0 {
        return 0.0;
    }
    let (mut x, mut weight, mut rest) = (share, 1.0, 1.0 - share);
    loop {
        x = x.sqrt();
        let before = rest;
        weight *= 0.5;
        rest -= (1.0 - x) * (1.0 - x) * weight;
        if rest == before {
            return rest / 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(values: &[(u8, usize)]) -> i64 {
        let mut histogram = Histogram::default();
        for (value, times) in values {
            histogram.add(*value, *times);
        }
        histogram.estimate()
    }

    #[test]
    fn the_edges_are_finite_or_the_lowest_integer() {
        assert_eq!(estimate(&[(0, REGISTERS)]), 0);
        assert_eq!(estimate(&[(0, REGISTERS - 1), (2, 1)]), 1);
        // Only a corrupted string has such values.
        assert_eq!(estimate(&[(63, REGISTERS)]), i64::MIN);
    }
}
