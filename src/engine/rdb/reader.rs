//! The small words of the format, read.
//!
//! What is read comes from anywhere: each step gives `None` where the bytes are not what they should be, and no number
//! in them makes the reader claim more memory than the bytes themselves could fill.

use super::lzf;
use super::{BITS_32, BITS_64, COMPRESSED, INT_8, INT_16, INT_32, SPECIAL};
use crate::number::double;

/// The rest of a dump.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

/// A length, or the mark of a string that is written in another form.
enum Head {
    Length(u64),
    Form(u8),
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// So many bytes as they are.
    pub fn raw(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    pub fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.raw(N)?.try_into().ok()
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.chunk().map(|[byte]| byte)
    }

    /// A length. The mark of another form counts as one, too, by its low bits, where Redis does not ask for a form.
    pub fn length(&mut self) -> Option<u64> {
        Some(match self.head()? {
            Head::Length(length) => length,
            Head::Form(form) => (form & !SPECIAL).into(),
        })
    }

    /// How many things follow, each of which takes so many bytes at least: no more than there can be.
    pub fn count(&mut self, least: usize) -> Option<usize> {
        let count = usize::try_from(self.length()?).ok()?;
        (count.checked_mul(least)? <= self.rest.len()).then_some(count)
    }

    fn head(&mut self) -> Option<Head> {
        let first = self.byte()?;
        let low = first & 0x3f;
        Some(match first >> 6 {
            0 => Head::Length(low.into()),
            1 => Head::Length(u16::from_be_bytes([low, self.byte()?]).into()),
            2 => Head::Length(match first {
                BITS_32 => u32::from_be_bytes(self.chunk()?).into(),
                BITS_64 => u64::from_be_bytes(self.chunk()?),
                _ => return None,
            }),
            _ => Head::Form(first),
        })
    }

    /// A string in any form.
    pub fn string(&mut self) -> Option<Vec<u8>> {
        let form = match self.head()? {
            Head::Length(length) => return self.raw(usize::try_from(length).ok()?).map(<[u8]>::to_vec),
            Head::Form(form) => form & !SPECIAL,
        };
        let integer = match form {
            INT_8 => i8::from_le_bytes(self.chunk()?).into(),
            INT_16 => i16::from_le_bytes(self.chunk()?).into(),
            INT_32 => i32::from_le_bytes(self.chunk()?),
            COMPRESSED => {
                let small = usize::try_from(self.length()?).ok()?;
                let length = usize::try_from(self.length()?).ok()?;
                return lzf::decompress(self.raw(small)?, length);
            }
            _ => return None,
        };
        Some(integer.to_string().into_bytes())
    }

    pub fn double(&mut self) -> Option<f64> {
        self.chunk().map(f64::from_le_bytes)
    }

    /// The older form of a floating-point number: its text, or a mark in the place of the text's length.
    pub fn double_text(&mut self) -> Option<f64> {
        match self.byte()? {
            255 => Some(f64::NEG_INFINITY),
            254 => Some(f64::INFINITY),
            253 => Some(f64::NAN),
            length => double::parse_score(self.raw(length.into())?),
        }
    }

    /// Absolute milliseconds.
    pub fn moment(&mut self) -> Option<i64> {
        self.chunk().map(i64::from_le_bytes)
    }
}
