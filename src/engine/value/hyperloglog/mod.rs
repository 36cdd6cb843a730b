//! HyperLogLog: how many different elements were seen, in 12 KB whatever the number, with an error of about 0.81 %.
//!
//! An element's hash chooses one of 16,384 registers by its low 14 bits; the register keeps the longest run of zeros
//! that the rest of any such hash began with. Rare long runs mean many elements. A HyperLogLog is an ordinary string with
//! a header of 16 bytes: a magic word, the representation, and the estimate as last computed. While most registers are
//! zero they are run-length encoded ([`sparse`]); else each takes six bits ([`dense`]). Every byte is what Redis would
//! have written. Clients may write to the string themselves, so nothing in it is trusted. Knows no commands and no keys.

mod dense;
mod estimate;
mod hash;
mod self_test;
mod sparse;

pub use self_test::self_test;

use super::StringValue;
use super::raw_string::RawString;

/// Bits of a hash that choose a register.
const INDEX_BITS: u32 = 14;
pub const REGISTERS: usize = 1 << INDEX_BITS;
/// Bits of a hash in which zeros are counted.
const PATTERN_BITS: u32 = 64 - INDEX_BITS;

const MAGIC: &[u8] = b"HYLL";
const HEADER: usize = 16;
/// Where in the header the representation is told.
const REPRESENTATION: usize = 4;
/// Where the estimate is cached, lowest byte first. The highest bit of its last byte says that it is out of date.
const CACHE: std::ops::Range<usize> = 8..16;
const STALE: u8 = 0x80;

/// That the runs of a sparse HyperLogLog do not make up its registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Corrupted;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Representation {
    Dense,
    Sparse,
}

impl Representation {
    /// How a string that is a HyperLogLog keeps its registers; `None` where the string is none.
    pub fn of(value: &StringValue) -> Option<Self> {
        // What reads as an integer cannot begin with the magic word.
        Self::of_bytes(&value.bytes())
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.len() < HEADER || !bytes.starts_with(MAGIC) {
            return None;
        }
        match bytes.get(REPRESENTATION)? {
            0 => (bytes.len() == HEADER + dense::BYTES).then_some(Self::Dense),
            1 => Some(Self::Sparse),
            _ => None,
        }
    }
}

/// The registers, a byte each: what merging and showing work with.
#[derive(Clone, Debug)]
pub struct Registers(Vec<u8>);

impl Default for Registers {
    fn default() -> Self {
        Self(vec![0; REGISTERS])
    }
}

impl Registers {
    /// Those of a HyperLogLog.
    pub fn of(bytes: &[u8]) -> Result<Self, Corrupted> {
        let mut registers = Self::default();
        registers.merge(bytes)?;
        Ok(registers)
    }

    /// Raises each register to that of another HyperLogLog, if that one's is higher: the union.
    pub fn merge(&mut self, bytes: &[u8]) -> Result<(), Corrupted> {
        let mut at = self.0.iter_mut();
        for (value, length) in runs(bytes) {
            for _ in 0..length {
                let register = at.next().ok_or(Corrupted)?;
                *register = value.max(*register);
            }
        }
        if at.next().is_some() { Err(Corrupted) } else { Ok(()) }
    }

    /// Lets an element be seen.
    pub fn see(&mut self, element: &[u8]) {
        let (register, value) = hash::register_of(element);
        if let Some(kept) = self.0.get_mut(register) {
            *kept = value.max(*kept);
        }
    }

    pub fn values(&self) -> &[u8] {
        &self.0
    }

    /// About how many different elements they have seen.
    pub fn estimate(&self) -> i64 {
        let mut histogram = estimate::Histogram::default();
        for value in &self.0 {
            histogram.add(*value, 1);
        }
        histogram.estimate()
    }
}

/// The registers of a HyperLogLog as runs of equal values: value and length.
fn runs(bytes: &[u8]) -> Box<dyn Iterator<Item = (u8, usize)> + '_> {
    let body = bytes.get(HEADER..).unwrap_or_default();
    if Representation::of_bytes(bytes) == Some(Representation::Dense) {
        Box::new(dense::registers(body).map(|value| (value, 1)))
    } else {
        Box::new(sparse::runs(body).map(|run| (run.value, run.length)))
    }
}

/// A HyperLogLog that has seen nothing.
pub fn empty() -> StringValue {
    let mut bytes = MAGIC.to_vec();
    bytes.push(1);
    bytes.resize(HEADER, 0);
    bytes.extend_from_slice(&sparse::ALL_ZERO);
    StringValue::raw(bytes)
}

/// Lets an element be seen; whether that changed a register. A sparse HyperLogLog becomes dense rather than outgrow
/// `sparse_limit` bytes.
pub fn add(raw: &mut RawString, element: &[u8], sparse_limit: usize) -> Result<bool, Corrupted> {
    let (register, value) = hash::register_of(element);
    raise(raw, register, value, sparse_limit)
}

fn raise(raw: &mut RawString, register: usize, value: u8, sparse_limit: usize) -> Result<bool, Corrupted> {
    let outcome = if is_sparse(raw) {
        sparse::raise(raw, register, value, sparse_limit)?
    } else {
        sparse::Outcome::TooBig
    };
    match outcome {
        sparse::Outcome::Kept => Ok(false),
        sparse::Outcome::Raised => {
            make_stale(raw);
            Ok(true)
        }
        sparse::Outcome::TooBig => {
            make_dense(raw)?;
            let body = raw.bytes_mut().get_mut(HEADER..).ok_or(Corrupted)?;
            let raised = dense::raise(body, register, value);
            if raised {
                make_stale(raw);
            }
            Ok(raised)
        }
    }
}

/// Whether a HyperLogLog is sparse.
pub fn is_sparse(raw: &RawString) -> bool {
    Representation::of_bytes(raw.bytes()) == Some(Representation::Sparse)
}

/// Makes a HyperLogLog dense; whether it was sparse.
pub fn make_dense(raw: &mut RawString) -> Result<bool, Corrupted> {
    if !is_sparse(raw) {
        return Ok(false);
    }
    let registers = Registers::of(raw.bytes())?;
    let mut bytes = raw.bytes().get(..HEADER).ok_or(Corrupted)?.to_vec();
    if let Some(representation) = bytes.get_mut(REPRESENTATION) {
        *representation = 0;
    }
    bytes.extend_from_slice(&dense::pack(&registers.0));
    raw.replace(bytes);
    Ok(true)
}

/// Raises the registers of a HyperLogLog to those given.
pub fn raise_all(raw: &mut RawString, registers: &Registers, sparse_limit: usize) -> Result<(), Corrupted> {
    if !is_sparse(raw) {
        let body = raw.bytes_mut().get_mut(HEADER..).ok_or(Corrupted)?;
        for (register, value) in registers.0.iter().enumerate() {
            dense::raise(body, register, *value);
        }
        return Ok(());
    }
    for (register, value) in registers.0.iter().enumerate().filter(|(_, value)| **value > 0) {
        raise(raw, register, *value, sparse_limit)?;
    }
    Ok(())
}

// ---- the estimate ----------------------------------------------------------------------------------------------------

/// About how many different elements a HyperLogLog has seen, computed from its registers.
pub fn estimate(bytes: &[u8]) -> Result<i64, Corrupted> {
    let mut histogram = estimate::Histogram::default();
    let mut left = REGISTERS;
    for (value, length) in runs(bytes) {
        left = left.checked_sub(length).ok_or(Corrupted)?;
        histogram.add(value, length);
    }
    if left == 0 { Ok(histogram.estimate()) } else { Err(Corrupted) }
}

/// The estimate as it was last computed; `None` where a register has changed since.
pub fn cached(bytes: &[u8]) -> Option<i64> {
    let cache: [u8; 8] = bytes.get(CACHE)?.try_into().ok()?;
    cache.last().is_some_and(|last| last & STALE == 0).then(|| i64::from_le_bytes(cache))
}

/// Keeps an estimate in the header.
pub fn cache(raw: &mut RawString, estimate: i64) {
    if let Some(cache) = raw.bytes_mut().get_mut(CACHE) {
        cache.copy_from_slice(&estimate.to_le_bytes());
    }
}

/// Notes that the cached estimate is out of date.
pub fn make_stale(raw: &mut RawString) {
    if let Some(last) = raw.bytes_mut().get_mut(CACHE.end - 1) {
        *last |= STALE;
    }
}

/// The runs of a sparse HyperLogLog as Redis writes them for people: `Z:` and `z:` for zeros, `v:VALUE,LENGTH`.
pub fn describe(bytes: &[u8]) -> String {
    let runs = sparse::runs(bytes.get(HEADER..).unwrap_or_default());
    runs.map(|run| run.to_string()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(elements: u32, sparse_limit: usize) -> RawString {
        let mut made = None;
        empty().edit(|raw| {
            for element in 0..elements {
                add(raw, element.to_string().as_bytes(), sparse_limit).expect("it is whole");
            }
            made = Some(raw.clone());
        });
        made.expect("it was edited")
    }

    #[test]
    fn both_representations_hold_the_same_registers() {
        for elements in [0, 1, 10, 500, 5_000] {
            let (sparse, dense) = (filled(elements, usize::MAX), filled(elements, 0));
            let registers = |raw: &RawString| Registers::of(raw.bytes()).expect("it is whole");
            assert_eq!(registers(&sparse).values(), registers(&dense).values(), "{elements}");
            assert_eq!(estimate(sparse.bytes()), estimate(dense.bytes()), "{elements}");
            assert_eq!(estimate(sparse.bytes()), Ok(registers(&dense).estimate()), "{elements}");
        }
    }

    /// Lengths, room to spare and allocations recorded from Redis 8.0.
    #[test]
    fn a_growing_string_is_the_real_servers() {
        let grown = [(1, 21, 42, 48), (9, 45, 90, 96), (25, 92, 184, 192)];
        for (elements, length, capacity, allocated) in grown {
            let raw = filled(elements, 3_000);
            let room = raw.room();
            assert_eq!((raw.bytes().len(), room.capacity(), room.allocated()), (length, capacity, allocated));
        }
        let limited = [(20, 1), (24, 3), (30, 5), (100, 29), (300, 106)];
        for (limit, elements) in limited {
            let is_dense = |raw: RawString| raw.bytes().len() == HEADER + dense::BYTES;
            assert!(is_dense(filled(elements, limit)), "{limit}");
            assert!(elements == 1 || !is_dense(filled(elements - 1, limit)), "{limit}");
        }
        assert_eq!(filled(1, 20).room().allocated(), 14_336);
    }

    #[test]
    fn what_is_no_hyperloglog_is_told_apart() {
        let of = |bytes: &[u8]| Representation::of_bytes(bytes);
        assert_eq!(Representation::of(&empty()), Some(Representation::Sparse));
        assert_eq!(of(b"HYLL\x01\0\0\0\0\0\0\0\0\0\0"), None);
        assert_eq!(of(b"HYLL\x01\0\0\0\0\0\0\0\0\0\0\0"), Some(Representation::Sparse));
        assert_eq!(of(b"HYLL\x00\0\0\0\0\0\0\0\0\0\0\0"), None);
        assert_eq!(of(b"HYLL\x02\0\0\0\0\0\0\0\0\0\0\0"), None);
        assert_eq!(of(b"hyll\x01\0\0\0\0\0\0\0\0\0\0\0"), None);
    }

    #[test]
    fn runs_that_do_not_add_up_are_corrupted() {
        let header = b"HYLL\x01\0\0\0\0\0\0\0\0\0\0\x80";
        for body in [&b""[..], b"\x7f", b"\x7f\xff\x00", b"\x7f\xfe", b"\x80"] {
            let bytes = [header, body].concat();
            assert_eq!(estimate(&bytes), Err(Corrupted), "{body:?}");
            assert!(Registers::of(&bytes).is_err(), "{body:?}");
            let mut raw = RawString::new(bytes);
            assert_eq!(make_dense(&mut raw), Err(Corrupted), "{body:?}");
            for element in 0..200_u32 {
                add(&mut raw, &element.to_le_bytes(), 3_000).ok();
            }
        }
    }
}
