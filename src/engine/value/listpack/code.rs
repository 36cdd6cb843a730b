//! One entry as bytes: how it is written, and how it is read back from either side.
//!
//! The first bits tell the kind: seven bits of a small number, a short text, a 13-bit number, a text up to 4 KB, a long
//! text, or a number of 16, 24, 32 or 64 bits. The length behind the entry is written in groups of seven bits, the
//! lowest last, so that it can be read backwards. Knows nothing of the listpack around the entry.

use super::Entry;
use crate::number;

/// The kinds whose first byte says nothing else.
const LONG_TEXT: u8 = 0xF0;
const INT16: u8 = 0xF1;
const INT24: u8 = 0xF2;
const INT32: u8 = 0xF3;
const INT64: u8 = 0xF4;

/// What will be written for a text.
#[derive(Debug)]
pub(super) struct Code<'a> {
    head: [u8; 9],
    head_len: usize,
    text: &'a [u8],
}

impl<'a> Code<'a> {
    pub(super) fn of(text: &'a [u8]) -> Self {
        match number::parse_i64(text) {
            Some(integer) => Self::of_integer(integer),
            None => Self::of_text(text),
        }
    }

    fn of_integer(integer: i64) -> Self {
        let le = integer.to_le_bytes();
        let wide = |mark: u8, bytes: usize| {
            let mut head = [0; 9];
            head[0] = mark;
            head[1..=bytes].copy_from_slice(&le[..bytes]);
            Self { head, head_len: 1 + bytes, text: &[] }
        };
        let bits = 65 - (if integer < 0 { !integer } else { integer }).leading_zeros();
        match bits {
            _ if (0..128).contains(&integer) => Self::small(&[le[0]], &[]),
            0..=13 => Self::small(&[0xC0 | (le[1] & 0x1F), le[0]], &[]),
            14..=16 => wide(INT16, 2),
            17..=24 => wide(INT24, 3),
            25..=32 => wide(INT32, 4),
            _ => wide(INT64, 8),
        }
    }

    fn of_text(text: &'a [u8]) -> Self {
        let len = (text.len() as u32).to_le_bytes();
        match text.len() {
            0..64 => Self::small(&[0x80 | len[0]], text),
            64..4096 => Self::small(&[0xE0 | len[1], len[0]], text),
            _ => Self::small(&[LONG_TEXT, len[0], len[1], len[2], len[3]], text),
        }
    }

    fn small(bytes: &[u8], text: &'a [u8]) -> Self {
        let mut head = [0; 9];
        head[..bytes.len()].copy_from_slice(bytes);
        Self { head, head_len: bytes.len(), text }
    }

    /// All bytes of the entry.
    pub(super) fn len(&self) -> usize {
        let front = self.head_len + self.text.len();
        front + back_len(front)
    }

    /// Writes the entry into a place of just its length.
    pub(super) fn write(&self, place: &mut [u8]) {
        let (head, rest) = place.split_at_mut(self.head_len);
        head.copy_from_slice(&self.head[..self.head_len]);
        let (text, back) = rest.split_at_mut(self.text.len());
        text.copy_from_slice(self.text);
        let mut front = self.head_len + self.text.len();
        let groups = back.len();
        for (place, byte) in back.iter_mut().rev().enumerate() {
            // Every group but the first one says that another stands before it.
            *byte = (front & 0x7F) as u8 | if place + 1 < groups { 0x80 } else { 0 };
            front >>= 7;
        }
    }
}

/// The length behind an entry takes one byte for every seven bits it has.
pub(super) fn back_len(front: usize) -> usize {
    1 + match front {
        0..128 => 0,
        128..16_383 => 1,
        16_383..2_097_151 => 2,
        2_097_151..268_435_455 => 3,
        _ => 4,
    }
}

fn byte(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or_default()
}

/// Length of the header of the entry, and of the text behind it.
fn extent(bytes: &[u8], at: usize) -> (usize, usize) {
    let first = byte(bytes, at);
    match first {
        0..0x80 => (1, 0),
        0x80..0xC0 => (1, usize::from(first & 0x3F)),
        0xC0..0xE0 => (2, 0),
        0xE0..0xF0 => (2, usize::from(first & 0x0F) << 8 | usize::from(byte(bytes, at + 1))),
        LONG_TEXT => (5, read_int(bytes, at + 1, 4) as u32 as usize),
        INT16 => (3, 0),
        INT24 => (4, 0),
        INT32 => (5, 0),
        _ => (9, 0),
    }
}

/// A little-endian number with its sign.
fn read_int(bytes: &[u8], at: usize, len: usize) -> i64 {
    let mut wide = [0; 8];
    if let Some(found) = bytes.get(at..at + len) {
        wide[..len].copy_from_slice(found);
    }
    let unused = 64 - 8 * len as u32;
    i64::from_le_bytes(wide) << unused >> unused
}

/// The entry that begins here.
pub(super) fn entry(bytes: &[u8], at: usize) -> Entry<'_> {
    let first = byte(bytes, at);
    match first {
        0..0x80 => Entry::Integer(first.into()),
        0xC0..0xE0 => {
            let unsigned = i64::from(first & 0x1F) << 8 | i64::from(byte(bytes, at + 1));
            Entry::Integer(unsigned << 51 >> 51)
        }
        INT16 => Entry::Integer(read_int(bytes, at + 1, 2)),
        INT24 => Entry::Integer(read_int(bytes, at + 1, 3)),
        INT32 => Entry::Integer(read_int(bytes, at + 1, 4)),
        INT64 => Entry::Integer(read_int(bytes, at + 1, 8)),
        _ => {
            let (head, text) = extent(bytes, at);
            Entry::Text(bytes.get(at + head..at + head + text).unwrap_or_default())
        }
    }
}

/// All bytes of the entry that begins here.
pub(super) fn whole_len(bytes: &[u8], at: usize) -> usize {
    let (head, text) = extent(bytes, at);
    head + text + back_len(head + text)
}

/// All bytes of the entry that ends here.
pub(super) fn len_before(bytes: &[u8], end: usize) -> usize {
    let front = read_back(bytes, end).unwrap_or_default();
    front + back_len(front)
}

fn read_back(bytes: &[u8], end: usize) -> Option<usize> {
    let mut front = 0;
    for group in 0..5 {
        let byte = *bytes.get(end.checked_sub(group + 1)?)?;
        front |= usize::from(byte & 0x7F) << (7 * group);
        if byte & 0x80 == 0 {
            return Some(front);
        }
    }
    None
}

/// Where the entry that begins here ends, if it is whole, sound and not the last thing there is.
pub(super) fn checked_end(bytes: &[u8], at: usize) -> Option<usize> {
    if *bytes.get(at)? > INT64 {
        return None;
    }
    let (head, text) = extent(bytes, at);
    let front = head.checked_add(text)?;
    let end = at.checked_add(front)?.checked_add(back_len(front))?;
    let sound =
        end < bytes.len() && read_back(bytes, end) == Some(front) && len_before(bytes, end) == end - at;
    sound.then_some(end)
}
