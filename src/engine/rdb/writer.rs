//! The small words of the format, written: lengths, strings, numbers, moments.

use super::lzf;
use super::{BITS_32, BITS_64, COMPRESSED, INT_8, INT_16, INT_32, SPECIAL, WIDE};
use crate::number;

/// Strings that read as integers are written as such up to this length, which no 32-bit integer exceeds.
const LONGEST_INTEGER: usize = 11;
/// Shorter strings are not worth compressing.
const COMPRESSED_FROM: usize = 21;

/// A dump that grows.
#[derive(Debug)]
pub struct Writer {
    bytes: Vec<u8>,
    compress: bool,
}

impl Writer {
    pub fn new(kind: u8, compress: bool) -> Self {
        Self { bytes: vec![kind], compress }
    }

    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Six bits or fourteen, marked in the first byte; or a mark and 32 or 64 bits, highest byte first.
    pub fn length(&mut self, length: u64) {
        match (u16::try_from(length), u32::try_from(length)) {
            (Ok(small @ 0..0x40), _) => self.bytes.push(small as u8),
            (Ok(medium @ 0x40..0x4000), _) => self.raw(&(medium | WIDE).to_be_bytes()),
            (_, Ok(length)) => {
                self.bytes.push(BITS_32);
                self.raw(&length.to_be_bytes());
            }
            _ => {
                self.bytes.push(BITS_64);
                self.raw(&length.to_be_bytes());
            }
        }
    }

    pub fn count(&mut self, count: usize) {
        self.length(count as u64);
    }

    /// A string: as an integer if it is a small one, compressed if that saves something, else as it is.
    pub fn string(&mut self, text: &[u8]) {
        let integer = if text.len() <= LONGEST_INTEGER { number::parse_i64(text) } else { None };
        if integer.is_some_and(|integer| self.small_integer(integer)) {
            return;
        }
        let may_shrink = self.compress && text.len() >= COMPRESSED_FROM;
        if let Some(small) = may_shrink.then(|| lzf::compress(text)).flatten() {
            self.bytes.push(SPECIAL | COMPRESSED);
            self.count(small.len());
            self.count(text.len());
            self.raw(&small);
            return;
        }
        self.plain(text);
    }

    /// An integer as a string.
    pub fn integer(&mut self, integer: i64) {
        if !self.small_integer(integer) {
            self.plain(integer.to_string().as_bytes());
        }
    }

    fn plain(&mut self, text: &[u8]) {
        self.count(text.len());
        self.raw(text);
    }

    /// Whether the integer was one of up to 32 bits, and so was written.
    fn small_integer(&mut self, integer: i64) -> bool {
        match (i8::try_from(integer), i16::try_from(integer), i32::try_from(integer)) {
            (Ok(integer), ..) => self.raw(&[SPECIAL | INT_8, integer as u8]),
            (_, Ok(integer), _) => {
                self.bytes.push(SPECIAL | INT_16);
                self.raw(&integer.to_le_bytes());
            }
            (.., Ok(integer)) => {
                self.bytes.push(SPECIAL | INT_32);
                self.raw(&integer.to_le_bytes());
            }
            _ => return false,
        }
        true
    }

    pub fn double(&mut self, number: f64) {
        self.raw(&number.to_le_bytes());
    }

    /// Absolute milliseconds.
    pub fn moment(&mut self, at: i64) {
        self.raw(&at.to_le_bytes());
    }
}
