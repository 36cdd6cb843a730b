//! Strings in Redis's three encodings: `int`, `embstr` and `raw`.
//!
//! A whole value that reads as a 64-bit integer is kept as one; up to 44 bytes share the object's allocation
//! (`embstr`); longer ones, and any that has been edited in place, are `raw`. The encoding is visible to clients, so it
//! follows the way a value came to be, not only its bytes. Knows nothing of commands or keys.

use std::borrow::Cow;

use super::alloc::{sds_header, size_class};
use super::{Value, ValueType};
use crate::digest::Digest;
use crate::number;

/// The longest string that is embedded in its object: with header and closing zero it fills a 64-byte allocation.
const EMBEDDED_LIMIT: usize = 44;
/// The object header Redis puts before every value.
const OBJECT: usize = 16;
/// Integers below this are one shared object each.
const SHARED_INTEGERS: i64 = 10_000;
/// Growing strings double their room up to this much spare, and then gain this much.
const MAX_PREALLOCATION: usize = 1024 * 1024;

/// A string value.
#[derive(Clone, Debug)]
pub enum StringValue {
    /// `shared`: one of the objects Redis makes once for small integers.
    Int {
        value: i64,
        shared: bool,
    },
    Embedded(Box<[u8]>),
    Raw(Box<RawString>),
}

/// An editable string: its bytes, and the room Redis would have allocated for them.
#[derive(Clone, Debug)]
pub struct RawString {
    bytes: Vec<u8>,
    allocated: usize,
}

impl StringValue {
    /// Encodes a whole value as `SET` does: the most compact form that holds it.
    pub fn encode(bytes: Vec<u8>) -> Self {
        match number::parse_i64(&bytes) {
            Some(value) => Self::integer(value),
            None => Self::text(bytes),
        }
    }

    pub fn integer(value: i64) -> Self {
        Self::Int { value, shared: (0..SHARED_INTEGERS).contains(&value) }
    }

    /// Embedded or raw by length, never an integer: what float arithmetic stores.
    pub fn text(bytes: Vec<u8>) -> Self {
        if bytes.len() <= EMBEDDED_LIMIT { Self::Embedded(bytes.into()) } else { Self::raw(bytes) }
    }

    /// Raw whatever the length: what in-place editing makes.
    pub fn raw(bytes: Vec<u8>) -> Self {
        let allocated = sds_room(bytes.len());
        Self::Raw(Box::new(RawString { bytes, allocated }))
    }

    pub fn encoding(&self) -> &'static str {
        match self {
            Self::Int { .. } => "int",
            Self::Embedded(_) => "embstr",
            Self::Raw(_) => "raw",
        }
    }

    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Int { value, .. } => Cow::Owned(value.to_string().into_bytes()),
            Self::Embedded(bytes) => Cow::Borrowed(bytes),
            Self::Raw(raw) => Cow::Borrowed(&raw.bytes),
        }
    }

    pub fn to_vec(&self) -> Vec<u8> {
        self.bytes().into_owned()
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Int { .. } => self.bytes().len(),
            Self::Embedded(bytes) => bytes.len(),
            Self::Raw(raw) => raw.bytes.len(),
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

    /// Adds bytes at the end and gives the new length. The string becomes raw.
    pub fn append(&mut self, more: &[u8]) -> usize {
        self.edit(|bytes| bytes.extend_from_slice(more))
    }

    /// Overwrites from `offset` on, padding with zero bytes, and gives the new length. The string becomes raw.
    pub fn overwrite(&mut self, offset: usize, patch: &[u8]) -> usize {
        self.edit(|bytes| {
            let end = offset.saturating_add(patch.len());
            if bytes.len() < end {
                bytes.resize(end, 0);
            }
            if let Some(place) = bytes.get_mut(offset..end) {
                place.copy_from_slice(patch);
            }
        })
    }

    fn edit(&mut self, change: impl FnOnce(&mut Vec<u8>)) -> usize {
        if !matches!(self, Self::Raw(_)) {
            *self = Self::raw(self.to_vec());
        }
        let Self::Raw(raw) = self else { return 0 };
        change(&mut raw.bytes);
        let len = raw.bytes.len();
        if len > raw.allocated {
            raw.allocated = sds_room(len.saturating_add(len.min(MAX_PREALLOCATION)));
        }
        len
    }

    /// Bytes of object header and string as the real server allocates them.
    pub fn memory(&self) -> usize {
        match self {
            Self::Int { .. } => OBJECT,
            // An embedded string always has the three-byte header.
            Self::Embedded(bytes) => size_class(OBJECT + 3 + bytes.len() + 1),
            Self::Raw(raw) => OBJECT + size_class(sds_header(raw.allocated) + raw.allocated + 1),
        }
    }

    /// Shared integers count as referenced for ever.
    pub fn refcount(&self) -> i64 {
        if matches!(self, Self::Int { shared: true, .. }) { i64::from(i32::MAX) } else { 1 }
    }

    /// What `COPY` stores: the same encoding, but an object of its own.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        match self {
            Self::Int { value, .. } => Self::Int { value: *value, shared: false },
            Self::Embedded(bytes) => Self::Embedded(bytes.clone()),
            Self::Raw(raw) => Self::raw(raw.bytes.clone()),
        }
    }

    pub fn digest(&self, digest: &mut Digest) {
        digest.bytes(&self.bytes());
    }
}

/// What a string of `len` bytes can hold in the allocation it gets: all of the size class is used.
fn sds_room(len: usize) -> usize {
    let header = sds_header(len);
    size_class(header + len + 1) - header - 1
}

impl ValueType for StringValue {
    fn of(value: &Value) -> Option<&Self> {
        match value {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    fn of_mut(value: &mut Value) -> Option<&mut Self> {
        match value {
            Value::String(s) => Some(s),
            _ => None,
        }
    }

    fn into_value(self) -> Value {
        Value::String(self)
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
        assert_eq!(edited.append(b"b"), 2);
        assert_eq!(edited.encoding(), "raw");
    }

    #[test]
    fn overwriting_pads_with_zeros() {
        let mut value = StringValue::encode(b"12".to_vec());
        assert_eq!(value.overwrite(4, b"x"), 5);
        assert_eq!(value.to_vec(), b"12\0\0x");
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
}
