//! The seeded random source: `SplitMix64` (Steele, Lea and Flood, 2014).
//!
//! Small, fast and good enough for sampling; its whole state is one word, so a snapshot or digest holds it. Nothing
//! here reads the world: the seed comes from the caller.

use foldhash::fast::FixedState;
use indexmap::IndexSet;

/// A stream of random numbers, the same for the same seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    state: u64,
}

impl Rng {
    pub fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The word that decides all that follows.
    pub fn state(&self) -> u64 {
        self.state
    }

    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `0..bound`, by the high half of a product; 0 for an empty range.
    pub fn below(&mut self, bound: usize) -> usize {
        let product = u128::from(self.next_u64()) * bound as u128;
        (product >> 64) as usize
    }

    /// So many different numbers below a bound, at most all of them, in random order.
    ///
    /// Floyd's method: the range to draw from grows by one each time, and a number drawn before stands for the new one
    /// at the end. What comes out is shuffled.
    pub fn distinct(&mut self, bound: usize, wanted: usize) -> Vec<usize> {
        let wanted = wanted.min(bound);
        let mut drawn = IndexSet::with_capacity_and_hasher(wanted, FixedState::default());
        for last in bound - wanted..bound {
            if !drawn.insert(self.below(last + 1)) {
                drawn.insert(last);
            }
        }
        let mut numbers: Vec<usize> = drawn.into_iter().collect();
        for last in (1..numbers.len()).rev() {
            numbers.swap(last, self.below(last + 1));
        }
        numbers
    }

    /// Uniform in `[0, 1)`, with the 53 bits a double holds.
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_stream() {
        let (mut a, mut b) = (Rng::seeded(7), Rng::seeded(7));
        assert!((0..100).all(|_| a.next_u64() == b.next_u64()));
        assert_ne!(Rng::seeded(7).next_u64(), Rng::seeded(8).next_u64());
    }

    #[test]
    fn below_stays_below_and_reaches_every_value() {
        let mut rng = Rng::seeded(1);
        let mut seen = [0; 7];
        for _ in 0..7_000 {
            seen[rng.below(7)] += 1;
        }
        assert!(seen.iter().all(|&n| (800..1200).contains(&n)), "{seen:?}");
        assert_eq!(rng.below(0), 0);
    }

    #[test]
    fn distinct_numbers_are_distinct_and_each_as_likely() {
        let (mut rng, mut seen, mut first) = (Rng::seeded(1), [0; 10], [0; 10]);
        for _ in 0..10_000 {
            let mut drawn = rng.distinct(10, 3);
            first[drawn[0]] += 1;
            drawn.sort_unstable();
            drawn.dedup();
            assert_eq!(drawn.len(), 3);
            for number in drawn {
                seen[number] += 1;
            }
        }
        assert!(seen.iter().all(|n| (2800..3200).contains(n)), "{seen:?}");
        assert!(first.iter().all(|n| (900..1100).contains(n)), "{first:?}");
        assert!(rng.distinct(0, 5).is_empty());
        assert_eq!(rng.distinct(3, usize::MAX).len(), 3);
    }
}
