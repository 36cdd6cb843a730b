//! How much goes into one node of a list: the setting `list-max-listpack-size`.
//!
//! A negative setting limits a node's bytes, from 4 KB for -1 to 64 KB for -5; one that is zero or more limits the number
//! of its elements, with a limit of bytes that is safe besides. A list of one listpack obeys the same limits.

/// The bytes that a node may have for a setting from -1 to -5.
const LEVELS: [usize; 5] = [4096, 8192, 16_384, 32_768, 65_536];
/// The bytes of a node whose elements are counted.
const SAFE: usize = 8192;
/// What an element may take besides its own bytes; Redis guesses high before it inserts.
const OVERHEAD: usize = 8;
/// The largest count that a list of nodes keeps for itself.
const MOST: i32 = 32_767;

/// The setting's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill(i32);

/// The limits of a node, one of which is set.
#[derive(Clone, Copy, Debug)]
struct Limits {
    bytes: usize,
    count: usize,
}

impl Fill {
    pub const fn new(setting: i32) -> Self {
        Self(setting)
    }

    /// The number a client sets and reads.
    pub fn setting(self) -> i32 {
        self.0
    }

    /// As a list of nodes keeps it for its life: within the bits that Redis has for it there.
    #[must_use]
    pub(super) fn kept(self) -> Self {
        Self(self.0.clamp(-(LEVELS.len() as i32), MOST))
    }

    fn limits(self) -> Limits {
        match usize::try_from(self.0) {
            Ok(count) => Limits { bytes: usize::MAX, count: count.max(1) },
            Err(_) => Limits { bytes: self.level(), count: usize::MAX },
        }
    }

    fn level(self) -> usize {
        let level = (self.0.unsigned_abs() as usize).clamp(1, LEVELS.len()) - 1;
        LEVELS.get(level).copied().unwrap_or(SAFE)
    }

    /// Whether a node of so many bytes and elements is too big.
    pub(super) fn is_exceeded(self, bytes: usize, count: usize) -> bool {
        let limits = self.limits();
        let safe = if limits.bytes == usize::MAX { SAFE } else { limits.bytes };
        bytes > safe || count > limits.count
    }

    /// Whether an element of so many bytes would make a node of that size too big.
    pub(super) fn is_full(self, bytes: usize, count: usize, element: usize) -> bool {
        self.is_exceeded(bytes.saturating_add(element).saturating_add(OVERHEAD), count.saturating_add(1))
    }

    /// Whether a list of one node this big is small enough for a listpack; for one that has just shrunk, that is half.
    pub(super) fn is_met(self, bytes: usize, count: usize, shrunk: bool) -> bool {
        let (limits, part) = (self.limits(), if shrunk { 2 } else { 1 });
        bytes <= limits.bytes / part && count <= limits.count / part
    }

    /// Whether an element of so many bytes has a node to itself.
    pub(super) fn is_large(self, element: usize) -> bool {
        element > if self.0 < 0 { self.level() } else { SAFE }
    }

    /// How many bytes a listpack may have, and how many elements where the setting limits those.
    pub(super) fn both(self) -> (usize, Option<usize>) {
        let limits = self.limits();
        let bytes = if limits.bytes == usize::MAX { SAFE } else { limits.bytes };
        (bytes, self.counted())
    }

    /// How many elements a listpack may have, where that is what the setting limits.
    pub(super) fn counted(self) -> Option<usize> {
        (self.0 >= 0).then(|| self.limits().count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_settings_limit_bytes_and_others_elements() {
        for (setting, bytes) in [(-1, 4096), (-2, 8192), (-5, 65_536), (-6, 65_536), (i32::MIN, 65_536)] {
            let fill = Fill::new(setting);
            assert!(!fill.is_exceeded(bytes, 1_000_000) && fill.is_exceeded(bytes + 1, 1), "{setting}");
            assert!(!fill.is_large(bytes) && fill.is_large(bytes + 1), "{setting}");
        }
        for (setting, count) in [(0, 1), (1, 1), (128, 128), (i32::MAX, i32::MAX as usize)] {
            let fill = Fill::new(setting);
            assert!(!fill.is_exceeded(100, count) && fill.is_exceeded(100, count + 1), "{setting}");
            assert!(fill.is_exceeded(8193, 1) && fill.is_large(8193), "{setting}");
        }
    }

    #[test]
    fn a_list_goes_back_to_a_listpack_at_half_the_limit() {
        assert!(Fill::new(-1).is_met(2048, 9999, true) && !Fill::new(-1).is_met(2049, 1, true));
        assert!(Fill::new(7).is_met(9999, 3, true) && !Fill::new(7).is_met(1, 4, true));
        assert!(Fill::new(7).is_met(9999, 7, false) && !Fill::new(7).is_met(1, 8, false));
    }
}
