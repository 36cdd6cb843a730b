//! Which register an element belongs to, and how high it raises it.
//!
//! The hash is `MurmurHash64A` with Redis's seed, read from memory lowest byte first on any machine.

use super::{INDEX_BITS, PATTERN_BITS, REGISTERS};

const SEED: u64 = 0xadc8_3b19;
const MULTIPLIER: u64 = 0xc6a4_a793_5bd1_e995;
const SHIFT: u32 = 47;

/// The register of an element, and the value the element gives it: one more than the zeros its pattern begins with.
pub fn register_of(element: &[u8]) -> (usize, u8) {
    let hash = murmur(element);
    let register = hash as usize % REGISTERS;
    // A bit beyond the pattern ends the longest run.
    let pattern = hash >> INDEX_BITS | 1 << PATTERN_BITS;
    (register, pattern.trailing_zeros() as u8 + 1)
}

fn murmur(bytes: &[u8]) -> u64 {
    let mut hash = SEED ^ (bytes.len() as u64).wrapping_mul(MULTIPLIER);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        let word = mix(u64::from_le_bytes(*word).wrapping_mul(MULTIPLIER)).wrapping_mul(MULTIPLIER);
        hash = (hash ^ word).wrapping_mul(MULTIPLIER);
    }
    if !rest.is_empty() {
        let rest = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
        hash = (hash ^ rest).wrapping_mul(MULTIPLIER);
    }
    mix(mix(hash).wrapping_mul(MULTIPLIER))
}

fn mix(word: u64) -> u64 {
    word ^ word >> SHIFT
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Recorded from Redis 8.0: the only register that PFADD of one element sets, by `PFDEBUG DECODE`.
    #[test]
    fn elements_fall_into_the_real_servers_registers() {
        assert_eq!(register_of(b"a"), (12_711, 2));
    }
}
