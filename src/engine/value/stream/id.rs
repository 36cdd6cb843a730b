//! The names of a stream's entries: a moment in milliseconds, and a number among the entries of that moment.
//!
//! Kept as Redis keeps them in its radix trees, as 16 bytes whose order is the order of the entries. How a client may
//! write an ID is the commands' business.

use std::fmt;

/// Names an entry. Ordered by time, then by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    pub ms: u64,
    pub seq: u64,
}

impl StreamId {
    /// No entry has it: what comes before the first.
    pub const MIN: Self = Self { ms: 0, seq: 0 };
    pub const MAX: Self = Self { ms: u64::MAX, seq: u64::MAX };

    pub const fn new(ms: u64, seq: u64) -> Self {
        Self { ms, seq }
    }

    /// The ID right behind; `None` behind the last.
    pub fn next(self) -> Option<Self> {
        self.key().checked_add(1).map(Self::from_key)
    }

    /// The ID right before; `None` before the first.
    pub fn previous(self) -> Option<Self> {
        self.key().checked_sub(1).map(Self::from_key)
    }

    /// The ID so far from another one, as nodes keep IDs: the differences may be negative and wrap around.
    pub(super) fn offset(self, ms: i64, seq: i64) -> Self {
        Self { ms: self.ms.wrapping_add_signed(ms), seq: self.seq.wrapping_add_signed(seq) }
    }

    /// The inverse of [`StreamId::offset`].
    pub(super) fn offset_from(self, base: Self) -> (i64, i64) {
        (self.ms.wrapping_sub(base.ms) as i64, self.seq.wrapping_sub(base.seq) as i64)
    }

    /// The 16 bytes of a radix tree's key, as a number.
    pub(super) fn key(self) -> u128 {
        u128::from(self.ms) << 64 | u128::from(self.seq)
    }

    pub(super) fn from_key(key: u128) -> Self {
        Self { ms: (key >> 64) as u64, seq: key as u64 }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ms, self.seq)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_cross_milliseconds() {
        assert_eq!(StreamId::new(5, u64::MAX).next(), Some(StreamId::new(6, 0)));
        assert_eq!(StreamId::new(6, 0).previous(), Some(StreamId::new(5, u64::MAX)));
        assert_eq!((StreamId::MAX.next(), StreamId::MIN.previous()), (None, None));
    }

    #[test]
    fn any_id_can_be_told_from_any_other() {
        let ids = [StreamId::MIN, StreamId::new(5, 7), StreamId::new(1 << 63, 3), StreamId::MAX];
        for base in ids {
            for id in ids {
                let (ms, seq) = id.offset_from(base);
                assert_eq!(base.offset(ms, seq), id);
            }
        }
    }
}
