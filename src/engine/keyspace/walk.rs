//! A walk over the places of a list, each once, in an order that has nothing to do with when they were filled, as Redis
//! walks its hash tables. Keys that come together end together; met together, they would go in bursts.
//!
//! Knows how long the list is, and nothing of what is in it.

/// A walk under way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walk {
    /// Steps until it has come round.
    left: u64,
    /// Its places are those of numbers of so many bits.
    bits: u32,
}

impl Walk {
    /// The same over a list that is so long now; one that has come round begins again.
    pub fn over(self, length: usize) -> Self {
        let bits = length.next_power_of_two().trailing_zeros();
        let left =
            if bits < self.bits { self.left >> (self.bits - bits) } else { self.left << (bits - self.bits) };
        Self { left: if left == 0 { 1 << bits } else { left }, bits }
    }

    /// Where it is; the list may be shorter. Nowhere, if it has come round.
    pub fn place(self) -> Option<usize> {
        let mask = (1_u64 << self.bits) - 1;
        let shift = self.bits.div_ceil(2).max(1);
        // Each of these steps maps the numbers of so many bits onto themselves.
        let mut number = self.left.checked_sub(1)?;
        for factor in [0x9E37_79B1, 0x85EB_CA6B, 0xC2B2_AE35_u64] {
            number ^= number >> shift;
            number = number.wrapping_mul(factor) & mask;
        }
        usize::try_from(number ^ (number >> shift)).ok()
    }

    pub fn step(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// What decides how it goes on.
    pub fn state(self) -> [u64; 2] {
        [self.left, u64::from(self.bits)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_meets_each_place_once() {
        for bits in 0..12 {
            let mut walk = Walk::default().over(1 << bits);
            let mut places = Vec::new();
            while let Some(place) = walk.place() {
                places.push(place);
                walk.step();
            }
            let neighbours = places.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) == 1).count();
            assert!(neighbours <= places.len() / 8 + 3, "{bits} bits: {neighbours} of {}", places.len());
            places.sort_unstable();
            assert!(places.iter().enumerate().all(|(at, place)| at == *place) && places.len() == 1 << bits);
        }
    }

    #[test]
    fn a_walk_over_a_longer_or_shorter_list_is_as_far_round() {
        let mut walk = Walk::default().over(1000);
        (0..256).for_each(|_| walk.step());
        assert_eq!(walk.over(3000), Walk { left: 3072, bits: 12 });
        assert_eq!(walk.over(100), Walk { left: 96, bits: 7 });
        assert_eq!(walk.over(0), Walk { left: 1, bits: 0 });
    }
}
