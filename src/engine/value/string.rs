//! Strings in Redis's three encodings: `int`, `embstr` and `raw`.
//!
//! A whole value that reads as a 64-bit integer is kept as one; up to 44 bytes share the object's allocation
//! (`embstr`); longer ones, and any that has been edited in place, are `raw`. The encoding is visible to clients, so it
//! follows the way a value came to be, not only its bytes. Knows nothing of commands or keys.

use std::borrow::Cow;
use std::collections::TryReserveError;

use super::alloc::{OBJECT, size_class};
use super::bytes::SmallBytes;
use super::raw_string::RawString;
use super::{Structure, string_look};
use crate::config::Config;
use crate::digest::Digest;
use crate::number;
use crate::picture::{Inside, Lens, Limit, Share};
use crate::snapshot::ValueView;

/// The longest string that is embedded in its object: with header and closing zero it fills a 64-byte allocation.
pub(super) const EMBEDDED_LIMIT: usize = 44;
/// Integers below this are one shared object each.
const SHARED_INTEGERS: i64 = 10_000;

/// A string value.
#[derive(Clone, Debug)]
pub enum StringValue {
    /// `shared`: one of the objects Redis makes once for small integers.
    Int {
        value: i64,
        shared: bool,
    },
    Embedded(SmallBytes),
    Raw(Box<RawString>),
}

impl StringValue {
    /// Encodes a whole value that a client sent: the most compact form that holds it.
    pub fn encode(bytes: Vec<u8>) -> Self {
        match number::parse_i64(&bytes) {
            Some(value) => Self::integer(value),
            None if bytes.len() <= EMBEDDED_LIMIT => Self::Embedded(bytes.into()),
            None => Self::Raw(Box::new(RawString::received(bytes))),
        }
    }

    pub fn integer(value: i64) -> Self {
        Self::Int { value, shared: (0..SHARED_INTEGERS).contains(&value) }
    }

    /// Takes an integer out of the object that others share: where each key's use is noted, each needs its own.
    pub fn unshare(&mut self) {
        if let Self::Int { shared, .. } = self {
            *shared = false;
        }
    }

    /// Embedded or raw by length, never an integer: what float arithmetic stores.
    pub fn text(bytes: Vec<u8>) -> Self {
        if bytes.len() <= EMBEDDED_LIMIT { Self::Embedded(bytes.into()) } else { Self::raw(bytes) }
    }

    /// Raw whatever the length: what in-place editing makes.
    pub fn raw(bytes: Vec<u8>) -> Self {
        Self::Raw(Box::new(RawString::new(bytes)))
    }

    /// `offset` zero bytes and then a patch: what writing into a string that does not exist makes. The error says that
    /// the machine has no room for it.
    pub fn padded(offset: usize, patch: &[u8]) -> Result<Self, TryReserveError> {
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(offset.saturating_add(patch.len()))?;
        bytes.resize(offset, 0);
        bytes.extend_from_slice(patch);
        Ok(Self::raw(bytes))
    }

    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Int { value, .. } => Cow::Owned(value.to_string().into_bytes()),
            Self::Embedded(bytes) => Cow::Borrowed(bytes),
            Self::Raw(raw) => Cow::Borrowed(raw.bytes()),
        }
    }

    pub fn to_vec(&self) -> Vec<u8> {
        self.bytes().into_owned()
    }

    pub fn into_vec(self) -> Vec<u8> {
        match self {
            Self::Int { value, .. } => value.to_string().into_bytes(),
            Self::Embedded(bytes) => bytes.into_vec(),
            Self::Raw(raw) => raw.into_bytes(),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Int { value, .. } => {
                let digits = value.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
                digits + usize::from(*value < 0)
            }
            Self::Embedded(bytes) => bytes.len(),
            Self::Raw(raw) => raw.bytes().len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value as an integer, if all of it reads as one.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int { value, .. } => Some(*value),
            _ => number::parse_i64(&self.bytes()),
        }
    }

    /// Adds bytes at the end and gives the new length. The string becomes raw; the error says that the machine has no
    /// room for more.
    pub fn append(&mut self, more: &[u8]) -> Result<usize, TryReserveError> {
        let len = self.len().saturating_add(more.len());
        self.edit(|raw| {
            raw.append(more)?;
            Ok(len)
        })
    }

    /// Overwrites from `offset` on, padding with zero bytes, and gives the new length. The string becomes raw; the
    /// error is that of [`StringValue::append`].
    pub fn overwrite(&mut self, offset: usize, patch: &[u8]) -> Result<usize, TryReserveError> {
        let end = offset.saturating_add(patch.len());
        let len = self.len().max(end);
        self.edit(|raw| {
            raw.pad_to(len)?;
            if let Some(place) = raw.bytes_mut().get_mut(offset..end) {
                place.copy_from_slice(patch);
            }
            Ok(len)
        })
    }

    /// Lets the bytes be changed in place. The string becomes raw.
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut RawString) -> R) -> R {
        let mut raw = match std::mem::replace(self, Self::integer(0)) {
            Self::Raw(raw) => raw,
            other => Box::new(RawString::new(other.into_vec())),
        };
        let result = change(&mut raw);
        *self = Self::Raw(raw);
        result
    }

    /// What `COPY` stores: the same encoding, but an object of its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::Int { value, .. } => Self::Int { value: *value, shared: false },
            Self::Embedded(bytes) => Self::Embedded(bytes.clone()),
            Self::Raw(raw) => Self::raw(raw.bytes().to_vec()),
        }
    }
}

impl Structure for StringValue {
    fn kind(&self) -> &'static str {
        "string"
    }

    fn encoding(&self) -> &'static str {
        match self {
            Self::Int { .. } => "int",
            Self::Embedded(_) => "embstr",
            Self::Raw(_) => "raw",
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    /// An empty string is a value like any other.
    fn is_vacant(&self) -> bool {
        false
    }

    fn memory(&self) -> usize {
        match self {
            Self::Int { .. } => OBJECT,
            // An embedded string always has the three-byte header.
            Self::Embedded(bytes) => size_class(OBJECT + 3 + bytes.len() + 1),
            Self::Raw(raw) => OBJECT + raw.room().allocated(),
        }
    }

    /// A shared integer is nobody's own.
    fn allocated(&self) -> usize {
        if matches!(self, Self::Int { shared: true, .. }) { 0 } else { self.memory() }
    }

    /// Shared integers count as referenced for ever.
    fn refcount(&self) -> i64 {
        if matches!(self, Self::Int { shared: true, .. }) { i64::from(i32::MAX) } else { 1 }
    }

    fn shares(&self) -> Vec<Share> {
        string_look::shares(self)
    }

    fn limits(&self, config: &Config) -> Vec<Limit> {
        string_look::limits(self, config)
    }

    fn look(&self, lens: &Lens) -> Inside {
        string_look::look(self, lens)
    }

    fn view(&self, limit: usize) -> ValueView {
        let bytes = self.bytes();
        ValueView::String { bytes: bytes.get(..limit).unwrap_or(&bytes).to_vec() }
    }

    fn digest(&self, digest: &mut Digest) {
        digest.bytes(&self.bytes());
        // Spare room decides when the string grows next.
        digest.number(self.memory() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_follow_length_form_and_history() {
        assert_eq!(StringValue::encode(b"-42".to_vec()).encoding(), "int");
        assert_eq!(StringValue::encode(b"042".to_vec()).encoding(), "embstr");
        assert_eq!(StringValue::encode(vec![b'x'; 44]).encoding(), "embstr");
        assert_eq!(StringValue::encode(vec![b'x'; 45]).encoding(), "raw");
        let mut edited = StringValue::encode(b"a".to_vec());
        assert_eq!(edited.append(b"b"), Ok(2));
        assert_eq!(edited.encoding(), "raw");
    }

    #[test]
    fn the_length_of_an_integer_is_that_of_its_text() {
        for value in [0, 9, 10, 99, 100, -1, -10, i64::MAX, i64::MIN] {
            assert_eq!(StringValue::integer(value).len(), value.to_string().len(), "{value}");
        }
    }

    #[test]
    fn overwriting_pads_with_zeros() {
        let mut value = StringValue::encode(b"12".to_vec());
        assert_eq!(value.overwrite(4, b"x"), Ok(5));
        assert_eq!(value.to_vec(), b"12\0\0x");
        assert_eq!(value.overwrite(0, b"yy"), Ok(5));
        assert_eq!(value.to_vec(), b"yy\0\0x");
    }

    /// Recorded from Redis 8.0 with a one-byte key, less the 32 bytes that the key itself takes.
    #[test]
    fn sizes_are_the_real_servers() {
        let sizes = [("0", 16), ("10000", 16), ("x", 32), ("", 32)];
        for (text, bytes) in sizes {
            assert_eq!(StringValue::encode(text.into()).memory(), bytes, "{text:?}");
        }
        assert_eq!(StringValue::encode(vec![b'x'; 44]).memory(), 64);
        assert_eq!(StringValue::encode(vec![b'x'; 45]).memory(), 80);
    }

    #[derive(Clone, Copy, Debug)]
    enum Step {
        /// A new value of so many bytes.
        Set(usize),
        Append(usize),
        /// Offset and length.
        Overwrite(usize, usize),
        /// An end of this history: the key is deleted.
        Delete,
    }

    /// Recorded from Redis 8.0, likewise: how strings keep and outgrow their room.
    #[test]
    fn sizes_while_growing_are_the_real_servers() {
        use Step::{Append, Delete, Overwrite, Set};
        let steps = [
            (Set(1), 32),
            (Append(0), 24),
            (Append(1), 24),
            (Append(2), 24),
            (Append(1), 32),
            (Append(4), 32),
            (Append(20), 80),
            (Append(100), 336),
            (Append(300), 912),
            (Delete, 0),
            (Set(0), 32),
            (Append(0), 24),
            (Append(4), 24),
            (Append(1), 32),
            (Delete, 0),
            (Set(44), 64),
            (Append(1), 112),
            (Append(45), 112),
            (Append(2), 112),
            (Delete, 0),
            (Set(255), 336),
            (Append(0), 336),
            (Append(1), 656),
            (Append(200), 656),
            (Delete, 0),
            (Set(252), 272),
            (Append(3), 656),
            (Append(1), 656),
            (Delete, 0),
            (Overwrite(10, 3), 32),
            (Overwrite(0, 3), 32),
            (Overwrite(13, 1), 48),
            (Overwrite(50, 4), 128),
            (Delete, 0),
            (Overwrite(300, 1), 336),
            (Append(10), 336),
            (Append(30), 784),
            (Delete, 0),
            (Set(32767), 40976),
            (Append(1000), 40976),
            (Append(9000), 98320),
            (Delete, 0),
            (Set(33000), 40976),
            (Append(1), 81936),
            (Delete, 0),
            (Set(40000), 40976),
            (Append(900), 40976),
            (Append(100), 98320),
            (Delete, 0),
            (Set(1_100_000), 1_310_736),
            (Append(1), 2_621_456),
            (Append(210_000), 2_621_456),
            (Append(1_100_000), 2_621_456),
        ];
        let mut value: Option<StringValue> = None;
        for (step, bytes) in steps {
            value = match (step, value) {
                (Delete, _) => None,
                (Set(length), _) => Some(StringValue::encode(vec![b'x'; length])),
                (Overwrite(offset, length), None) => StringValue::padded(offset, &vec![b'x'; length]).ok(),
                (Append(length), Some(mut value)) => {
                    value.append(&vec![b'x'; length]).expect("there is room");
                    Some(value)
                }
                (Overwrite(offset, length), Some(mut value)) => {
                    value.overwrite(offset, &vec![b'x'; length]).expect("there is room");
                    Some(value)
                }
                (Append(_), None) => panic!("no history begins so"),
            };
            assert_eq!(value.as_ref().map_or(0, StringValue::memory), bytes, "{step:?}");
        }
    }
}
