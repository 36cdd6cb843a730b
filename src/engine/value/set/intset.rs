//! The encoding of a set that holds nothing but integers, which Redis calls `intset`: the integers in order, each in as
//! many bytes as the widest of them needs.
//!
//! The first integer that does not fit widens all the others; nothing narrows them again. Finding one is a binary
//! search, adding or removing one moves all that come after it. It knows nothing of limits: its owner converts it.

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use crate::value::alloc::{room_for, size_class};

/// The width and the number of integers in front, as Redis keeps them.
pub(super) const HEADER: usize = 8;
/// What is in front here: the width, how many places are free at the end, and a mark.
const FRONT: usize = 4;
/// No listpack has this byte here: it would be longer than any can be.
const MARK: u8 = 0xFF;

/// Integers in order.
///
/// They lie in one piece of memory with some places free at the end, so that one more need not move the others each
/// time. What is lent to be read only is a [`View`].
#[derive(Clone, Copy)]
pub struct IntSet<Room = Box<[u8]>> {
    room: Room,
}

/// An intset in a piece of memory that someone else holds.
pub type View<'a> = IntSet<&'a [u8]>;

impl Default for IntSet {
    fn default() -> Self {
        Self::of_width(2)
    }
}

impl<Room: AsRef<[u8]>> fmt::Debug for IntSet<Room> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl From<IntSet> for Box<[u8]> {
    fn from(set: IntSet) -> Self {
        set.room
    }
}

/// Takes back what has been an intset before; bytes from elsewhere are for [`IntSet::from_bytes`] to check.
impl From<Box<[u8]>> for IntSet {
    fn from(room: Box<[u8]>) -> Self {
        Self { room }
    }
}

impl<'a> View<'a> {
    /// The intset in a piece of memory that holds one or a listpack.
    pub fn of(room: &'a [u8]) -> Option<Self> {
        (room.get(FRONT - 1) == Some(&MARK)).then_some(Self { room })
    }

    /// All integers in order, for as long as the bytes are lent.
    pub fn lent(self) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator + use<'a> {
        (0..self.len()).map(move |position| self.get(position).unwrap_or_default())
    }
}

impl<Room: AsRef<[u8]>> IntSet<Room> {
    /// Redis's own bytes: the width and the number of integers, and the integers, lowest bytes first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let head = [self.width() as u32, self.len() as u32].map(u32::to_le_bytes);
        [head.as_flattened(), self.cells()].concat()
    }

    /// The bytes of each integer: 2, 4 or 8.
    pub fn width(&self) -> usize {
        self.room.as_ref().first().map_or(2, |width| usize::from(*width))
    }

    /// How many places there are, the free ones among them.
    fn places(&self) -> usize {
        (self.room.as_ref().len() - FRONT) / self.width()
    }

    pub fn len(&self) -> usize {
        let free = self.room.as_ref().get(1..).and_then(<[u8]>::first_chunk);
        self.places() - free.map_or(0, |free| u16::from_le_bytes(*free).into())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of the integers.
    fn cells(&self) -> &[u8] {
        self.room.as_ref().get(FRONT..self.place(self.len())).unwrap_or_default()
    }

    /// Where the integer at a position lies.
    fn place(&self, position: usize) -> usize {
        FRONT + position * self.width()
    }

    /// What Redis allocates for it.
    pub fn memory(&self) -> usize {
        size_class(HEADER + self.cells().len())
    }

    pub fn get(&self, position: usize) -> Option<i64> {
        let cell = self.cells().get(position.checked_mul(self.width())?..)?;
        Some(match self.width() {
            2 => i16::from_le_bytes(*cell.first_chunk()?).into(),
            4 => i32::from_le_bytes(*cell.first_chunk()?).into(),
            _ => i64::from_le_bytes(*cell.first_chunk()?),
        })
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

    /// All integers in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = i64> + ExactSizeIterator + use<'_, Room> {
        IntSet { room: self.room.as_ref() }.lent()
    }

    /// Where the integer is, or where it would have to be.
    fn search(&self, integer: i64) -> Result<usize, usize> {
        let (mut from, mut upto) = (0, self.len());
        while from < upto {
            let middle = from.midpoint(upto);
            match self.get(middle).unwrap_or_default().cmp(&integer) {
                Ordering::Less => from = middle + 1,
                Ordering::Greater => upto = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(from)
    }
}

impl IntSet {
    /// An empty one for integers of so many bytes.
    fn of_width(width: usize) -> Self {
        Self { room: [width as u8, 0, 0, MARK].into() }
    }

    /// Takes Redis's own bytes from outside; `None` where they are no integers in order.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (head, cells) = bytes.split_at_checked(HEADER)?;
        let width = u32::from_le_bytes(*head.first_chunk()?) as usize;
        let count = u32::from_le_bytes(*head.last_chunk()?) as usize;
        if !matches!(width, 2 | 4 | 8) || count.checked_mul(width)? != cells.len() {
            return None;
        }
        let set = Self { room: [&*Self::of_width(width).room, cells].concat().into() };
        set.iter().is_sorted_by(|a, b| a < b).then_some(set)
    }

    /// Whether the integer is new.
    pub fn add(&mut self, integer: i64) -> bool {
        self.widen(width_of(integer));
        let Err(position) = self.search(integer) else { return false };
        let len = self.len();
        self.set_len(len + 1);
        self.shift(position..len, position + 1);
        self.put(position, integer);
        true
    }

    pub fn remove(&mut self, integer: i64) -> bool {
        let Ok(position) = self.search(integer) else { return false };
        let len = self.len();
        self.shift(position + 1..len, position);
        self.set_len(len - 1);
        true
    }

    /// Keeps the integers at the positions for which `keep` says so; asked in order.
    pub fn retain_positions(&mut self, mut keep: impl FnMut(usize) -> bool) {
        let mut kept = 0;
        for position in 0..self.len() {
            if keep(position) {
                self.shift(position..position + 1, kept);
                kept += 1;
            }
        }
        self.set_len(kept);
    }

    fn widen(&mut self, width: usize) {
        if width > self.width() {
            let mut wide = Self::of_width(width);
            wide.set_len(self.len());
            self.iter().enumerate().for_each(|(position, integer)| wide.put(position, integer));
            *self = wide;
        }
    }

    /// Writes an integer that the width is enough for.
    fn put(&mut self, position: usize, integer: i64) {
        let (place, width) = (self.place(position), self.width());
        let cell = self.room.get_mut(place..place + width).unwrap_or_default();
        cell.iter_mut().zip(integer.to_le_bytes()).for_each(|(byte, new)| *byte = new);
    }

    /// Moves the integers at some positions to others.
    fn shift(&mut self, from: Range<usize>, to: usize) {
        let (from, to) = (self.place(from.start)..self.place(from.end), self.place(to));
        self.room.copy_within(from, to);
    }

    /// Cuts integers off at the end, or makes room for more.
    fn set_len(&mut self, len: usize) {
        let width = self.width();
        let suits = (room_for(self.place(len)) - FRONT) / width;
        let suits = suits.min(len + usize::from(u16::MAX));
        if self.places() < len || self.places() > suits {
            let mut room = std::mem::take(&mut self.room).into_vec();
            let long = FRONT + suits * width;
            room.truncate(long);
            room.reserve_exact(long - room.len());
            room.resize(long, 0);
            self.room = room.into();
        }
        let free = (self.places() - len) as u16;
        if let Some(told) = self.room.get_mut(1..).and_then(<[u8]>::first_chunk_mut) {
            *told = free.to_le_bytes();
        }
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

    /// In and out of the set itself, at every width and in every order, as a sorted list would do it.
    #[test]
    fn it_grows_and_shrinks_without_losing_any() {
        for factor in [1, 100_000, 10_000_000_000] {
            let mut set = IntSet::default();
            let mut expected = std::collections::BTreeSet::new();
            for step in 0..600_i64 {
                let integer = (step * 37 % 101 - 50) * factor;
                assert_eq!(set.add(integer), expected.insert(integer));
                if step % 3 == 0 || step > 300 {
                    let integer = (step * 53 % 101 - 50) * factor;
                    assert_eq!(set.remove(integer), expected.remove(&integer));
                }
                assert!(set.iter().eq(expected.iter().copied()), "{step}");
                let again = IntSet::from_bytes(&set.to_bytes()).map(|set| set.to_bytes());
                assert_eq!(again, Some(set.to_bytes()));
            }
        }
    }
}
