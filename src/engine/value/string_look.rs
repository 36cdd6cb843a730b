//! What a picture shows of a string: a window of its bytes, what they may be read as, and where they go.

use super::alloc::OBJECT;
use super::hyperloglog::{self, Registers, Representation};
use super::string::{EMBEDDED_LIMIT, StringValue};
use super::{Structure, bits, share};
use crate::config::Config;
use crate::number::Extended;
use crate::picture::{Inside, Lens, Limit, Measure, Numeric, Part, RegistersPicture, Share, StringPicture};

/// Bits are counted in strings up to so many bytes.
const COUNTED: usize = 1 << 20;
/// A longer string is no HyperLogLog that Redis has made.
const LONGEST_REGISTERS: usize = 64 * 1024;
/// A longer one is not read as a number.
const LONGEST_NUMBER: usize = 256;

pub fn shares(value: &StringValue) -> Vec<Share> {
    match value {
        StringValue::Int { .. } => share::parts([(Part::Object, OBJECT)]),
        StringValue::Embedded(bytes) => share::parts_of(
            value.memory(),
            [(Part::Object, OBJECT), (Part::Content, bytes.len()), (Part::Frame, 0)],
        ),
        StringValue::Raw(raw) => {
            let (len, room) = (raw.bytes().len(), raw.room());
            let spare = room.capacity().saturating_sub(len);
            let whole =
                [(Part::Object, OBJECT), (Part::Content, len), (Part::Spare, spare), (Part::Frame, 0)];
            share::parts_of(value.memory(), whole)
        }
    }
}

pub fn limits(value: &StringValue, config: &Config) -> Vec<Limit> {
    let used = value.len();
    match value {
        StringValue::Embedded(_) => {
            vec![Limit { measure: Measure::Bytes, used, limit: EMBEDDED_LIMIT, setting: None, next: "raw" }]
        }
        StringValue::Raw(_) if Representation::of(value) == Some(Representation::Sparse) => {
            let (limit, setting) = (config.hll_sparse_max_bytes, Some("hll-sparse-max-bytes"));
            vec![Limit { measure: Measure::Bytes, used, limit, setting, next: "dense" }]
        }
        _ => Vec::new(),
    }
}

pub fn look(value: &StringValue, lens: &Lens) -> Inside {
    let bytes = value.bytes();
    let from = lens.from.min(bytes.len());
    let to = from.saturating_add(lens.bytes).min(bytes.len());
    Inside::String(Box::new(StringPicture {
        from,
        bytes: bytes.get(from..to).unwrap_or_default().to_vec(),
        number: numeric(&bytes),
        bits: (bytes.len() <= COUNTED).then(|| bits::count(&bytes)),
        registers: registers(value, &bytes),
    }))
}

fn numeric(bytes: &[u8]) -> Option<Numeric> {
    if bytes.len() > LONGEST_NUMBER {
        return None;
    }
    let float = || Extended::parse(bytes).map(|_| Numeric::Float);
    crate::number::parse_i64(bytes).map(Numeric::Integer).or_else(float)
}

fn registers(value: &StringValue, bytes: &[u8]) -> Option<RegistersPicture> {
    if bytes.len() > LONGEST_REGISTERS {
        return None;
    }
    let dense = Representation::of(value)? == Representation::Dense;
    let registers = Registers::of(bytes).ok();
    Some(RegistersPicture {
        dense,
        estimate: registers.as_ref().map_or(0, Registers::estimate),
        values: registers.map(|registers| registers.values().to_vec()).unwrap_or_default(),
        cached: hyperloglog::cached(bytes).is_some(),
    })
}
