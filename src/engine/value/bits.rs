//! Arithmetic on the bits of a string of bytes: bit 0 is the highest bit of the first byte, as Redis counts.
//!
//! Counting, searching, combining whole strings, and reading and writing integers of any width at any bit. Every
//! position beyond the end reads as zero, and nothing here grows a string: the caller makes room first. Knows no
//! commands and no encodings.

/// The bit at an offset; beyond the end all are clear.
pub fn get(bytes: &[u8], offset: u64) -> bool {
    let byte = usize::try_from(offset / 8).ok().and_then(|at| bytes.get(at));
    byte.is_some_and(|byte| byte & mask(offset) != 0)
}

/// Sets or clears the bit at an offset and tells what it was; beyond the end nothing happens.
pub fn set(bytes: &mut [u8], offset: u64, on: bool) -> bool {
    let before = get(bytes, offset);
    if let Some(byte) = usize::try_from(offset / 8).ok().and_then(|at| bytes.get_mut(at)) {
        *byte = if on { *byte | mask(offset) } else { *byte & !mask(offset) };
    }
    before
}

fn mask(offset: u64) -> u8 {
    0x80 >> (offset % 8)
}

/// How many bits are set.
pub fn count(bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let words: u64 = words.iter().map(|word| u64::from(u64::from_ne_bytes(*word).count_ones())).sum();
    words + rest.iter().map(|byte| u64::from(byte.count_ones())).sum::<u64>()
}

/// How many bits are set from bit `first` to bit `last`, both included.
pub fn count_between(bytes: &[u8], first: u64, last: u64) -> u64 {
    let Some(cut) = Cut::new(bytes, first, last) else { return 0 };
    let outside = (cut.head & cut.before).count_ones() + (cut.tail & cut.after).count_ones();
    count(cut.bytes) - u64::from(outside)
}

/// The first bit of a kind from bit `first` to bit `last`, both included.
pub fn find(bytes: &[u8], on: bool, first: u64, last: u64) -> Option<u64> {
    let cut = Cut::new(bytes, first, last)?;
    let wanted = |byte: u8| if on { byte } else { !byte };
    let base = first / 8 * 8;
    let at = |index: usize, byte: u8| base + index as u64 * 8 + u64::from(byte.leading_zeros());
    let head = wanted(cut.head) & !cut.before;
    if head != 0 {
        return Some(at(0, head)).filter(|found| *found <= last);
    }
    let index = cut.bytes.iter().skip(1).position(|byte| wanted(*byte) != 0)? + 1;
    let byte = wanted(*cut.bytes.get(index)?);
    Some(at(index, byte)).filter(|found| *found <= last)
}

/// The bytes that a range of bits touches, and the bits of the first and the last that do not belong to it.
struct Cut<'a> {
    bytes: &'a [u8],
    head: u8,
    tail: u8,
    /// The bits of the first byte in front of the range.
    before: u8,
    /// The bits of the last byte behind it.
    after: u8,
}

impl<'a> Cut<'a> {
    fn new(bytes: &'a [u8], first: u64, last: u64) -> Option<Self> {
        let from = usize::try_from(first / 8).ok()?;
        let to = usize::try_from(last / 8).ok()?;
        let bytes = bytes.get(from..=to)?;
        let (head, tail) = (*bytes.first()?, *bytes.last()?);
        let before = !(0xff_u8 >> (first % 8));
        let after = 0x7f_u8 >> (last % 8);
        (first <= last).then_some(Self { bytes, head, tail, before, after })
    }
}

/// How strings are combined bit by bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    And,
    Or,
    Xor,
    /// Of one string alone.
    Not,
}

/// Several strings combined to one as long as the longest; the shorter ones count as padded with zero bytes.
pub fn combine<'a>(operation: Operation, sources: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut sources = sources.into_iter();
    let mut result = sources.next().unwrap_or_default().to_vec();
    if operation == Operation::Not {
        for byte in &mut result {
            *byte = !*byte;
        }
    }
    for source in sources {
        result.resize(result.len().max(source.len()), 0);
        if operation == Operation::And
            && let Some(beyond) = result.get_mut(source.len()..)
        {
            beyond.fill(0);
        }
        let pairs = result.iter_mut().zip(source);
        match operation {
            Operation::And => pairs.for_each(|(byte, other)| *byte &= other),
            Operation::Or => pairs.for_each(|(byte, other)| *byte |= other),
            Operation::Xor => pairs.for_each(|(byte, other)| *byte ^= other),
            Operation::Not => {}
        }
    }
    result
}

/// What happens to a result that its field cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Only the bits that fit are kept.
    Wrap,
    /// The nearest end of the field's range is taken instead.
    Saturate,
    /// There is no result.
    Fail,
}

/// An integer of 1 to 64 bits, or 1 to 63 where it has no sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    signed: bool,
    bits: u32,
}

impl Field {
    /// A field of so many bits; `None` for a width that does not exist.
    pub fn new(signed: bool, bits: i64) -> Option<Self> {
        let widest = if signed { 64 } else { 63 };
        let bits = u32::try_from(bits).ok().filter(|bits| (1..=widest).contains(bits))?;
        Some(Self { signed, bits })
    }

    pub fn bits(self) -> u32 {
        self.bits
    }

    /// The integer at a bit offset; what lies beyond the end is zero.
    pub fn read(self, bytes: &[u8], offset: u64) -> i64 {
        // At most nine bytes hold a field.
        let from = usize::try_from(offset / 8).unwrap_or(usize::MAX);
        let window = (0..9).map(|index| {
            let byte = from.checked_add(index).and_then(|at| bytes.get(at));
            u128::from(byte.copied().unwrap_or(0))
        });
        let window = window.fold(0_u128, |window, byte| window << 8 | byte);
        let shift = 72 - (offset % 8) as u32 - self.bits;
        self.wrapped((window >> shift) as u64)
    }

    /// Overwrites the field at a bit offset with the low bits of an integer; beyond the end nothing happens.
    pub fn write(self, bytes: &mut [u8], offset: u64, value: i64) {
        for bit in 0..self.bits {
            let on = value >> (self.bits - 1 - bit) & 1 == 1;
            set(bytes, offset + u64::from(bit), on);
        }
    }

    /// An integer as it goes into the field. Without a sign it is taken as the 64 bits it is made of.
    pub fn fit(self, value: i64, overflow: Overflow) -> Option<i64> {
        if !self.signed {
            return self.bounded(i128::from(value as u64), overflow);
        }
        let (_, max) = self.limits();
        // Redis asks with 64 bits how far the value is from the highest, and takes a distance that they cannot hold for
        // one from above.
        let unmeasured = self.bits < 64 && max.checked_sub(value).is_none();
        let from_above = unmeasured && overflow == Overflow::Saturate;
        self.bounded(i128::from(if from_above { max } else { value }), overflow)
    }

    /// The sum of a field's content and an integer, as it goes into the field.
    pub fn sum(self, content: i64, increment: i64, overflow: Overflow) -> Option<i64> {
        self.bounded(i128::from(content) + i128::from(increment), overflow)
    }

    /// The lowest and the highest integer that fit.
    fn limits(self) -> (i64, i64) {
        if self.signed {
            let spare = 64 - self.bits;
            (i64::MIN >> spare, i64::MAX >> spare)
        } else {
            (0, i64::MAX >> (63 - self.bits))
        }
    }

    fn bounded(self, value: i128, overflow: Overflow) -> Option<i64> {
        let (min, max) = self.limits();
        let nearest = value.clamp(i128::from(min), i128::from(max));
        match overflow {
            _ if nearest == value => Some(value as i64),
            Overflow::Wrap => Some(self.wrapped(value as u64)),
            Overflow::Saturate => Some(nearest as i64),
            Overflow::Fail => None,
        }
    }

    /// The low bits, with the sign they have in this field.
    fn wrapped(self, value: u64) -> i64 {
        let spare = 64 - self.bits;
        let top = value << spare;
        if self.signed { top as i64 >> spare } else { (top >> spare) as i64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_counted_from_the_highest_of_the_first_byte() {
        let mut bytes = [0_u8; 2];
        assert!(!set(&mut bytes, 1, true));
        assert!(!set(&mut bytes, 15, true));
        assert!(set(&mut bytes, 1, true));
        assert!(!set(&mut bytes, 16, true));
        assert_eq!(bytes, [0x40, 0x01]);
        assert!(get(&bytes, 15) && !get(&bytes, 0) && !get(&bytes, u64::MAX));
    }

    /// Every range of a few bytes, against a walk bit by bit.
    #[test]
    fn ranges_agree_with_a_walk_bit_by_bit() {
        let bytes = [0xff, 0x00, 0xa5, 0xff, 0x00, 0x81, 0x7e, 0xff, 0xff, 0x10, 0x00];
        let end = bytes.len() as u64 * 8;
        for first in 0..end {
            for last in first..end {
                let ones = (first..=last).filter(|bit| get(&bytes, *bit)).count() as u64;
                assert_eq!(count_between(&bytes, first, last), ones, "{first} {last}");
                for on in [true, false] {
                    let found = (first..=last).find(|bit| get(&bytes, *bit) == on);
                    assert_eq!(find(&bytes, on, first, last), found, "{on} {first} {last}");
                }
            }
        }
        assert_eq!(count(&bytes), count_between(&bytes, 0, end - 1));
        assert_eq!((count_between(&bytes, 0, end), count_between(&bytes, 3, 2)), (0, 0));
    }

    #[test]
    fn shorter_strings_are_padded_with_zeros() {
        let (long, short): (&[u8], &[u8]) = (b"\xff\x0f\xf0", b"\x0f");
        assert_eq!(combine(Operation::And, [long, short]), b"\x0f\x00\x00");
        assert_eq!(combine(Operation::And, [short, long]), b"\x0f\x00\x00");
        assert_eq!(combine(Operation::Or, [short, long]), b"\xff\x0f\xf0");
        assert_eq!(combine(Operation::Xor, [long, short, short]), b"\xff\x0f\xf0");
        assert_eq!(combine(Operation::Not, [short]), b"\xf0");
        assert_eq!(combine(Operation::Or, []), b"");
    }

    #[test]
    fn fields_of_any_width_are_found_again() {
        for bits in 1..=64 {
            for offset in [0, 1, 7, 8, 13, 63] {
                let field = Field::new(true, bits).expect("such a width exists");
                let mut bytes = [0xa5; 16];
                for value in [0, -1, i64::MIN >> (64 - bits), i64::MAX >> (64 - bits)] {
                    field.write(&mut bytes, offset, value);
                    assert_eq!(field.read(&bytes, offset), value, "i{bits} {offset}");
                }
            }
        }
        assert_eq!(Field::new(false, 8).map(|field| field.read(b"\xff", 4)), Some(0xf0));
        assert_eq!(
            [(true, 0), (true, 65), (false, 64), (true, -1)].map(|(s, b)| Field::new(s, b)),
            [None; 4]
        );
    }

    #[test]
    fn overflow_wraps_saturates_or_fails() {
        let (i8, u8) = (Field { signed: true, bits: 8 }, Field { signed: false, bits: 8 });
        assert_eq!(i8.sum(127, 1, Overflow::Wrap), Some(-128));
        assert_eq!(i8.sum(-100, -100, Overflow::Saturate), Some(-128));
        assert_eq!(u8.sum(1, -2, Overflow::Saturate), Some(0));
        assert_eq!(u8.sum(1, -2, Overflow::Wrap), Some(255));
        assert_eq!(u8.fit(-1, Overflow::Saturate), Some(255));
        assert_eq!(u8.fit(256, Overflow::Fail), None);
        assert_eq!(i8.fit(-129, Overflow::Saturate), Some(-128));
        assert_eq!(i8.fit(i64::MIN, Overflow::Saturate), Some(127));
        let i64 = Field { signed: true, bits: 64 };
        assert_eq!(i64.fit(i64::MIN, Overflow::Saturate), Some(i64::MIN));
        assert_eq!(i64.sum(i64::MAX, 1, Overflow::Wrap), Some(i64::MIN));
        assert_eq!(i64.sum(i64::MIN, i64::MIN, Overflow::Saturate), Some(i64::MIN));
    }
}
