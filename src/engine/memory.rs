//! What is in use and what may be: the sum that `INFO` calls `used_memory`, and by how much it is above `maxmemory`.
//!
//! Knows neither commands nor how a value is kept.

use crate::keyspace::{Keyspace, Surroundings};

/// What a server has in use before anybody connects to it.
pub const STARTUP: u64 = 740_000;
/// What a client takes that is connected and has nothing under way.
pub const CLIENT: u64 = 3_600;

/// Bytes in use.
pub fn used(keyspace: &Keyspace, around: &Surroundings) -> u64 {
    keyspace.used_memory() + STARTUP + CLIENT * around.clients as u64
}

/// How many bytes more than `maxmemory` are in use, if any are.
pub fn excess(keyspace: &Keyspace, around: &Surroundings) -> Option<u64> {
    let most = around.config.maxmemory;
    if most == 0 {
        return None;
    }
    used(keyspace, around).checked_sub(most).filter(|excess| *excess > 0)
}
