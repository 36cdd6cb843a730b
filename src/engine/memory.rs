//! What is in use and what may be: the sum that `INFO` calls `used_memory`, and by how much it is above `maxmemory`.
//!
//! Knows neither commands nor how a value is kept.

use crate::keyspace::{Keyspace, Surroundings};
use crate::value::alloc::{OBJECT, sds_size, size_class};

/// What a server has in use before anybody connects to it.
pub const STARTUP: u64 = 740_000;
/// What a client takes that is connected and has nothing under way.
pub const CLIENT: u64 = 3_600;

/// Bytes in use.
pub fn used(keyspace: &Keyspace, around: &Surroundings) -> u64 {
    keyspace.used_memory() + STARTUP + CLIENT * around.clients as u64
}

/// What the words of a command take while it is looked at: an object each, the longer ones with a string of their own.
pub fn of_words(argv: &[Vec<u8>]) -> u64 {
    /// What embeds a string in its object: the object, the string's header and its end.
    const AROUND: usize = OBJECT + 3 + 1;
    const LONGEST_EMBEDDED: usize = 44;
    const POINTER: usize = 8;
    let word = |len: usize| match len {
        0..=LONGEST_EMBEDDED => size_class(AROUND + len),
        _ => OBJECT + sds_size(len),
    };
    let words: usize = argv.iter().map(|one| word(one.len())).sum();
    (words + size_class(POINTER * argv.len())) as u64
}

/// How many bytes more than `maxmemory` are in use, if any are.
pub fn excess(keyspace: &Keyspace, around: &Surroundings) -> Option<u64> {
    let most = around.config.maxmemory;
    if most == 0 {
        return None;
    }
    (used(keyspace, around) + around.words).checked_sub(most).filter(|excess| *excess > 0)
}
