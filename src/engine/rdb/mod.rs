//! Redis's own file format, for one value: what DUMP answers and RESTORE takes.
//!
//! A dump is a byte for the kind of value and its encoding, the value, the version of the format (2 bytes) and a
//! checksum of all that (8 bytes). Small encodings go in as the very bytes they are kept in; so a value comes back in the
//! encoding it had, as far as the settings there allow. All kinds that Redis has ever written are read; written are
//! those of Redis 8.0. Nothing read is trusted: whatever the bytes, the answer is a value or a refusal. Knows no keys
//! and no commands.

mod crc64;
mod lzf;
mod read;
mod reader;
#[cfg(test)]
mod tests;
mod write;
mod writer;

use crate::config::Config;
use crate::rng::Rng;
use crate::value::Value;
use crc64::crc64;
use reader::Reader;
use writer::Writer;

/// The version of the format that Redis 8.0 writes.
const VERSION: u16 = 12;

/// The kinds of values and encodings, by their numbers in the format.
mod kind {
    pub const STRING: u8 = 0;
    pub const LIST: u8 = 1;
    pub const SET: u8 = 2;
    pub const ZSET: u8 = 3;
    pub const HASH: u8 = 4;
    pub const ZSET_2: u8 = 5;
    pub const HASH_ZIPMAP: u8 = 9;
    pub const LIST_ZIPLIST: u8 = 10;
    pub const SET_INTSET: u8 = 11;
    pub const ZSET_ZIPLIST: u8 = 12;
    pub const HASH_ZIPLIST: u8 = 13;
    pub const LIST_QUICKLIST: u8 = 14;
    pub const STREAM_LISTPACKS: u8 = 15;
    pub const HASH_LISTPACK: u8 = 16;
    pub const ZSET_LISTPACK: u8 = 17;
    pub const LIST_QUICKLIST_2: u8 = 18;
    pub const STREAM_LISTPACKS_2: u8 = 19;
    pub const SET_LISTPACK: u8 = 20;
    pub const STREAM_LISTPACKS_3: u8 = 21;
    pub const HASH_METADATA_EARLY: u8 = 22;
    pub const HASH_LISTPACK_EX_EARLY: u8 = 23;
    pub const HASH_METADATA: u8 = 24;
    pub const HASH_LISTPACK_EX: u8 = 25;
}

/// The forms of a length: fourteen bits, 32, 64.
const WIDE: u16 = 0x4000;
const BITS_32: u8 = 0x80;
const BITS_64: u8 = 0x81;
/// Marks the strings that are written in another form; the form is in the low bits.
const SPECIAL: u8 = 0xc0;
const INT_8: u8 = 0;
const INT_16: u8 = 1;
const INT_32: u8 = 2;
const COMPRESSED: u8 = 3;

/// How a node of a list is written.
const PLAIN_NODE: u64 = 1;
const PACKED_NODE: u64 = 2;

/// Why bytes are no dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The version is a later one, or the checksum is not that of the bytes.
    Footer,
    /// The bytes are no value.
    Format,
}

/// A value as DUMP answers it. `compress` is the setting `rdbcompression`.
pub fn dump(value: &Value, compress: bool) -> Vec<u8> {
    sign(write::value(value, compress))
}

/// Bytes with the footer.
fn sign(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    let checksum = crc64(&bytes);
    bytes.extend_from_slice(&checksum.to_le_bytes());
    bytes
}

/// The value that was dumped, in the encoding that the settings give it.
pub fn restore(payload: &[u8], config: &Config, rng: &mut Rng) -> Result<Value, Refusal> {
    if !is_signed(payload) {
        return Err(Refusal::Footer);
    }
    // A value that is cut short reads on in the footer, as in Redis.
    read::value(&mut Reader::new(payload), config, rng).ok_or(Refusal::Format)
}

/// Marks a library of functions in a payload of them.
const LIBRARY: u8 = 245;
/// The version and the checksum.
const FOOTER: usize = 10;

/// The texts of libraries as `FUNCTION DUMP` answers them.
pub fn dump_libraries<'a>(codes: impl Iterator<Item = &'a [u8]>, compress: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for code in codes {
        let mut to = Writer::new(LIBRARY, compress);
        to.string(code);
        bytes.append(&mut to.finish());
    }
    sign(bytes)
}

/// The texts in such a payload.
pub fn restore_libraries(payload: &[u8]) -> Result<Vec<Vec<u8>>, Refusal> {
    if !is_signed(payload) {
        return Err(Refusal::Footer);
    }
    let body = payload.get(..payload.len() - FOOTER).unwrap_or_default();
    let mut reader = Reader::new(body);
    let mut codes = Vec::new();
    while !reader.is_empty() {
        if reader.byte() != Some(LIBRARY) {
            return Err(Refusal::Format);
        }
        codes.push(reader.string().ok_or(Refusal::Format)?);
    }
    Ok(codes)
}

/// Whether the footer is that of the bytes before it.
fn is_signed(payload: &[u8]) -> bool {
    let Some((signed, checksum)) = payload.split_last_chunk() else { return false };
    let Some((_, version)) = signed.split_last_chunk() else { return false };
    u16::from_le_bytes(*version) <= VERSION && u64::from_le_bytes(*checksum) == crc64(signed)
}
