//! The encoding of a set that holds nothing but integers, which Redis calls `intset`: the integers in order, each in as
//! many bytes as the widest of them needs.
//!
//! The first integer that does not fit widens all the others; nothing narrows them again. Finding one is a binary
//! search, adding or removing one moves all that come after it. It knows nothing of limits: its owner converts it.

use crate::value::alloc::size_class;

/// The width and the number of integers in front.
const HEADER: usize = 8;

/// Integers in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntSet {
    cells: Cells,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Cells {
    Bits16(Vec<i16>),
    Bits32(Vec<i32>),
    Bits64(Vec<i64>),
}

impl Default for IntSet {
    fn default() -> Self {
        Self { cells: Cells::Bits16(Vec::new()) }
    }
}

/// The same for whichever width there is; what is a conversion for the narrow ones is none for the widest.
macro_rules! each_width {
    ($cells:expr, $ints:ident => $body:expr) => {
        #[allow(clippy::useless_conversion)]
        match $cells {
            Cells::Bits16($ints) => $body,
            Cells::Bits32($ints) => $body,
            Cells::Bits64($ints) => $body,
        }
    };
}

impl IntSet {
    /// Takes Redis's own bytes from outside; `None` where they are no integers in order.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, body) = bytes.split_at_checked(HEADER)?;
        let width = u32::from_le_bytes(*head.first_chunk()?) as usize;
        let count = u32::from_le_bytes(*head.last_chunk()?) as usize;
        if count.checked_mul(width)? != body.len() {
            return None;
        }
        let cells = match width {
            2 => Cells::Bits16(body.as_chunks().0.iter().map(|cell| i16::from_le_bytes(*cell)).collect()),
            4 => Cells::Bits32(body.as_chunks().0.iter().map(|cell| i32::from_le_bytes(*cell)).collect()),
            8 => Cells::Bits64(body.as_chunks().0.iter().map(|cell| i64::from_le_bytes(*cell)).collect()),
            _ => return None,
        };
        each_width!(&cells, ints => ints.is_sorted_by(|a, b| a < b)).then_some(Self { cells })
    }

    /// Redis's own bytes: the width and the number of integers, and the integers, lowest bytes first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = [self.width() as u32, self.len() as u32];
        let mut bytes: Vec<u8> = head.iter().flat_map(|number| number.to_le_bytes()).collect();
        each_width!(&self.cells, ints => bytes.extend(ints.iter().flat_map(|int| int.to_le_bytes())));
        bytes
    }

    pub fn len(&self) -> usize {
        each_width!(&self.cells, ints => ints.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of each integer: 2, 4 or 8.
    pub fn width(&self) -> usize {
        match self.cells {
            Cells::Bits16(_) => 2,
            Cells::Bits32(_) => 4,
            Cells::Bits64(_) => 8,
        }
    }

    /// What Redis allocates for it.
    pub fn memory(&self) -> usize {
        size_class(HEADER + self.len() * self.width())
    }

    pub fn get(&self, position: usize) -> Option<i64> {
        each_width!(&self.cells, ints => ints.get(position).map(|int| i64::from(*int)))
    }

    pub fn first(&self) -> Option<i64> {
        self.get(0)
    }

    pub fn last(&self) -> Option<i64> {
        self.len().checked_sub(1).and_then(|last| self.get(last))
    }

    pub fn contains(&self, integer: i64) -> bool {
        self.search(integer).is_ok()
    }

    /// Whether the integer is new.
    pub fn add(&mut self, integer: i64) -> bool {
        self.widen(width_of(integer));
        let Err(position) = self.search(integer) else { return false };
        // The width fits by now, so nothing is cut off.
        each_width!(&mut self.cells, ints => {
            if ints.len() == ints.capacity() {
                // A small set takes what it needs; a big one some more, so that it need not move each time.
                ints.reserve_exact(1 + ints.len() / 8);
            }
            ints.insert(position, integer as _);
        });
        true
    }

    pub fn remove(&mut self, integer: i64) -> bool {
        let found = self.search(integer);
        if let Ok(position) = found {
            each_width!(&mut self.cells, ints => { ints.remove(position); });
        }
        found.is_ok()
    }

    /// Keeps the integers at the positions for which `keep` says so; asked in order.
    pub fn retain_positions(&mut self, mut keep: impl FnMut(usize) -> bool) {
        let mut position = 0;
        let mut keep_next = || {
            position += 1;
            keep(position - 1)
        };
        each_width!(&mut self.cells, ints => ints.retain(|_| keep_next()));
    }

    /// All integers in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator + '_ {
        (0..self.len()).map(|position| self.get(position).unwrap_or_default())
    }

    /// Where the integer is, or where it would have to be.
    fn search(&self, integer: i64) -> Result<usize, usize> {
        each_width!(&self.cells, ints => ints.binary_search_by(|other| i64::from(*other).cmp(&integer)))
    }

    fn widen(&mut self, width: usize) {
        if width <= self.width() {
            return;
        }
        let ints = self.iter();
        self.cells = match width {
            // What is in the set is narrower, so nothing is cut off.
            4 => Cells::Bits32(ints.map(|int| int as i32).collect()),
            _ => Cells::Bits64(ints.collect()),
        };
    }
}

/// The bytes that an integer needs.
fn width_of(integer: i64) -> usize {
    match integer {
        _ if i16::try_from(integer).is_ok() => 2,
        _ if i32::try_from(integer).is_ok() => 4,
        _ => 8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_lie_in_order_and_once() {
        let mut set = IntSet::default();
        for integer in [5, -3, 9, 5, 0, -3] {
            set.add(integer);
        }
        assert_eq!(set.iter().collect::<Vec<_>>(), [-3, 0, 5, 9]);
        assert!(set.remove(5) && !set.remove(5) && !set.contains(5) && set.contains(9));
        assert_eq!((set.first(), set.last(), set.get(1)), (Some(-3), Some(9), Some(0)));
        set.retain_positions(|position| position != 1);
        assert_eq!(set.iter().rev().collect::<Vec<_>>(), [9, -3]);
    }

    #[test]
    fn the_widest_integer_decides_and_is_not_forgotten() {
        let mut set = IntSet::default();
        for (integer, width) in [
            (32_767, 2),
            (-32_768, 2),
            (32_768, 4),
            (i64::from(i32::MIN), 4),
            (i64::from(i32::MIN) - 1, 8),
            (i64::MAX, 8),
        ] {
            assert!(set.add(integer));
            assert_eq!(set.width(), width, "{integer}");
        }
        assert!(set.remove(i64::MAX) && set.remove(i64::from(i32::MIN) - 1));
        assert_eq!(set.width(), 8);
        let expected = [i64::from(i32::MIN), -32_768, 32_767, 32_768];
        assert_eq!(set.iter().collect::<Vec<_>>(), expected);
    }

    /// Each recorded from Redis 8.0, less the object's header.
    #[test]
    fn memory_is_a_header_and_the_integers() {
        let set = |n: i64| {
            let mut set = IntSet::default();
            (0..n).for_each(|integer| assert!(set.add(integer)));
            set
        };
        for (n, bytes) in [(1, 16), (4, 16), (5, 32), (8, 32), (100, 224), (512, 1280)] {
            assert_eq!(set(n).memory(), bytes, "{n}");
        }
    }
}
