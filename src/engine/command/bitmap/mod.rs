//! The bitmap group: strings read and written bit by bit.
//!
//! A file a concern: one bit, ranges of bits, combining whole strings, fields of integers. What several of them share
//! is here: reading an offset, and editing the bits of a string that may have to be made or to grow first.

mod combine;
mod field;
mod range;
mod single;

use super::join;
use super::spec::CommandSpec;
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Edit, Ttl};
use crate::number;
use crate::value::StringValue;
use crate::value::raw_string::RawString;

const PARTS: &[&[CommandSpec]] = &[single::SPECS, range::SPECS, combine::SPECS, field::SPECS];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);

/// A bit offset as a client writes it. Behind a `#` it counts fields of `width` bits, where there are fields; Redis
/// multiplies without looking whether 64 bits hold the product.
fn offset(context: &Context<'_>, text: &[u8], width: Option<u32>) -> Result<u64, Error> {
    const NOT_AN_OFFSET: Error = Error::Fixed("ERR bit offset is not an integer or out of range");
    let (digits, scale) = match (text, width) {
        ([b'#', digits @ ..], Some(width)) => (digits, i64::from(width)),
        _ => (text, 1),
    };
    let offset = number::parse_i64(digits).ok_or(NOT_AN_OFFSET)?.wrapping_mul(scale);
    let limit = context.around.config.proto_max_bulk_len;
    u64::try_from(offset).ok().filter(|offset| offset / 8 < limit).ok_or(NOT_AN_OFFSET)
}

/// What a change of bits came to.
struct Change<R> {
    result: R,
    /// Whether anything was written that was not there before.
    altered: bool,
}

/// Changes the bits of a string that reaches at least to bit `last`: it is made if there is none, and padded with zeros
/// if it is shorter. The change is told whether that was so: then even a zero is something new.
fn edit<R>(
    context: &mut Context<'_>,
    key: Vec<u8>,
    last: u64,
    change: impl FnOnce(&mut [u8], bool) -> Change<R>,
) -> Result<R, Error> {
    let length = usize::try_from(last / 8 + 1).map_err(|_| Error::OutOfMemory)?;
    let mut db = context.db()?;
    if !db.contains(&key) {
        let mut value = StringValue::padded(length, &[]).map_err(|_| Error::OutOfMemory)?;
        let Change { result, altered } = value.edit(|raw| change(raw.bytes_mut(), true));
        // A key that came to be although nothing was written to it is announced as new, and not as written.
        db.set(key, value, Ttl::Clear, if altered { "setbit" } else { "new" });
        return Ok(result);
    }
    let edited =
        db.edit::<StringValue, _>(&key, |value, _| value.edit(|raw| edit_raw(raw, length, change)))?;
    edited.unwrap_or(Err(Error::NoSuchKey))
}

fn edit_raw<R>(
    raw: &mut RawString,
    length: usize,
    change: impl FnOnce(&mut [u8], bool) -> Change<R>,
) -> Edit<Result<R, Error>> {
    let Ok(grown) = raw.pad_to(length) else { return Edit::unchanged(Err(Error::OutOfMemory)) };
    let Change { result, altered } = change(raw.bytes_mut(), grown);
    if altered { Edit::changed(Ok(result), "setbit") } else { Edit::unchanged(Ok(result)) }
}
