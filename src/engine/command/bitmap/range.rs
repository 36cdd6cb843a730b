//! Ranges of bits: BITCOUNT, BITPOS.

use std::ops::RangeInclusive;

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::{StringValue, bits};

pub const SPECS: &[CommandSpec] = &[BITCOUNT, BITPOS];

const BITCOUNT: CommandSpec = CommandSpec {
    name: "bitcount",
    group: Group::Bitmap,
    since: "2.6.0",
    arity: -2,
    flags: Flags::READONLY,
    keys: &[KeySpec::one(1, KeyFlags::READ)],
    summary: "Counts the bits that are 1 in a string or in a part of it.",
    complexity: "O(N), N being the bytes looked at",
    syntax: "key:key#0 [range{start:integer end:integer [unit(byte=BYTE | bit=BIT)@7.0.0]}]",
    example: "> SET text abc\nOK\n> BITCOUNT text\n(integer) 10\n> BITCOUNT text 0 0\n(integer) 3\n\
        > BITCOUNT text 5 10 BIT\n(integer) 3",
    run: Some(bitcount),
    ..CommandSpec::BASE
};

fn bitcount(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let range = match args.remaining() {
        0 => None,
        2 | 3 => Some((args.int()?, args.int()?, Unit::take(args)?)),
        _ => return Err(Error::Syntax),
    };
    let mut db = context.db()?;
    let Some(value) = db.read::<StringValue>(&key)? else { return Ok(Reply::Integer(0)) };
    let bytes = value.bytes();
    let ones = match range {
        None => bits::count(&bytes),
        // Of two positions from the end that are the wrong way round nothing is left, even where both lie before the
        // first byte.
        Some((start, end, _)) if start < 0 && end < 0 && start > end => 0,
        Some((start, end, unit)) => match unit.bits(bytes.len(), start, end) {
            Some(range) => bits::count_between(&bytes, *range.start(), *range.end()),
            None => 0,
        },
    };
    Ok(Reply::Integer(ones as i64))
}

const BITPOS: CommandSpec = CommandSpec {
    name: "bitpos",
    group: Group::Bitmap,
    since: "2.8.7",
    arity: -3,
    flags: Flags::READONLY,
    keys: &[KeySpec::one(1, KeyFlags::READ)],
    summary: "Finds the first bit that is 0, or 1, in a string or in a part of it.",
    complexity: "O(N), N being the bytes looked at",
    syntax: "key:key#0 bit:integer [range{start:integer \
        [end-unit-block{end:integer [unit(byte=BYTE | bit=BIT)@7.0.0]}]}]",
    example: "> SET flags \"\\xff\\xf0\\x00\"\nOK\n> BITPOS flags 0\n(integer) 12\n> BITPOS flags 1 2\n(integer) -1\n\
        > BITPOS flags 0 3 9 BIT\n(integer) -1",
    run: Some(bitpos),
    ..CommandSpec::BASE
};

fn bitpos(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, bit) = (args.take()?, args.int()?);
    if !(0..=1).contains(&bit) {
        return Err(Error::Fixed("ERR The bit argument must be 1 or 0."));
    }
    let on = bit == 1;
    let (start, end, unit) = bounds(args)?;
    let mut db = context.db()?;
    let Some(value) = db.read::<StringValue>(&key)? else {
        // What is not there counts as zeros without end.
        return Ok(Reply::Integer(if on { -1 } else { 0 }));
    };
    let bytes = value.bytes();
    let Some(range) = unit.bits(bytes.len(), start, end.unwrap_or(-1)) else { return Ok(Reply::Integer(-1)) };
    let found = bits::find(&bytes, on, *range.start(), *range.end());
    // Without an end the zeros behind the string count as well.
    let beyond = (!on && end.is_none()).then_some(bytes.len() as u64 * 8);
    Ok(Reply::Integer(found.or(beyond).map_or(-1, |position| position as i64)))
}

/// `[start [end [unit]]]`; where the unit is wrong, Redis says so before it looks at the end.
fn bounds(args: &mut Args) -> Result<(i64, Option<i64>, Unit), Error> {
    match args.remaining() {
        0 => Ok((0, None, Unit::Byte)),
        1 => Ok((args.int()?, None, Unit::Byte)),
        2 => Ok((args.int()?, Some(args.int()?), Unit::Byte)),
        3 => {
            let (start, end) = (args.int()?, args.take()?);
            let unit = Unit::take(args)?;
            let end = crate::number::parse_i64(&end).ok_or(Error::NotAnInteger)?;
            Ok((start, Some(end), unit))
        }
        _ => Err(Error::Syntax),
    }
}

/// What positions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Byte,
    Bit,
}

impl Unit {
    /// The last argument, if there is one.
    fn take(args: &mut Args) -> Result<Self, Error> {
        match () {
            () if args.is_empty() || args.word("BYTE") => Ok(Self::Byte),
            () if args.word("BIT") => Ok(Self::Bit),
            () => Err(Error::Syntax),
        }
    }

    /// The bits of a range, clamped to a string of so many bytes; `None` where none is left. Negative positions count
    /// from the end.
    fn bits(self, length: usize, start: i64, end: i64) -> Option<RangeInclusive<u64>> {
        let width = if self == Self::Byte { 8 } else { 1 };
        let total = length as i64 * (8 / width);
        let place = |position: i64| if position < 0 { (position + total).max(0) } else { position };
        let (start, end) = (place(start), place(end).min(total - 1));
        (start <= end).then(|| {
            let (start, end) = (start as u64, end as u64);
            start * width as u64..=end * width as u64 + (width as u64 - 1)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_clamped_and_turned_into_bits() {
        assert_eq!(Unit::Byte.bits(3, 0, -1), Some(0..=23));
        assert_eq!(Unit::Byte.bits(3, -100, -200), Some(0..=7));
        assert_eq!(Unit::Bit.bits(3, -4, i64::MAX), Some(20..=23));
        assert_eq!(Unit::Bit.bits(3, i64::MIN, i64::MIN), Some(0..=0));
        assert_eq!(Unit::Byte.bits(3, 3, 9), None);
        assert_eq!(Unit::Byte.bits(0, 0, -1), None);
        assert_eq!(Unit::Byte.bits(3, i64::MAX, i64::MAX), None);
    }
}
