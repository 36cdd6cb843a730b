//! The sparse representation: runs of equal registers.
//!
//! | bytes | a run of |
//! | --- | --- |
//! | `00xxxxxx` | `x` + 1 zeros |
//! | `01xxxxxx yyyyyyyy` | `xy` + 1 zeros, up to all 16,384 |
//! | `1vvvvvxx` | `x` + 1 registers with the value `v` + 1 |
//!
//! Raising a register splits the run it is in, in up to three; runs of values that become neighbours are joined where a
//! look at five of them finds that. That is not always the shortest form, but always Redis's. Values above 32 have no
//! form at all, and a string that would outgrow its limit is not split further: then the caller makes it dense.

use std::fmt;

use super::{Corrupted, HEADER};
use crate::value::raw_string::RawString;

/// All registers zero, in one run.
pub const ALL_ZERO: [u8; 2] = [0x7f, 0xff];

const LONGEST_SHORT_ZEROS: usize = 64;
const LONGEST_VALUES: usize = 4;
const HIGHEST_VALUE: u8 = 32;

/// How a run is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Zeros,
    LongZeros,
    Values,
}

/// A run of equal registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    form: Form,
    pub value: u8,
    pub length: usize,
}

impl Run {
    /// The run that is written at a position; beyond the end a string has a zero byte.
    fn at(body: &[u8], position: usize) -> Option<Self> {
        let first = *body.get(position)?;
        let low = usize::from(first & 0x3f);
        Some(match first >> 6 {
            0 => Self { form: Form::Zeros, value: 0, length: low + 1 },
            1 => {
                let second = body.get(position + 1).copied().unwrap_or(0);
                Self { form: Form::LongZeros, value: 0, length: (low << 8 | usize::from(second)) + 1 }
            }
            _ => {
                let value = (first >> 2 & 0x1f) + 1;
                Self { form: Form::Values, value, length: usize::from(first & 3) + 1 }
            }
        })
    }

    /// Bytes it is written in.
    fn size(self) -> usize {
        if self.form == Form::LongZeros { 2 } else { 1 }
    }

    /// Writes a run, if it has any registers.
    fn write(value: u8, length: usize, to: &mut Vec<u8>) {
        match length.checked_sub(1) {
            None => {}
            Some(count) if value > 0 => to.push(0x80 | (value - 1) << 2 | count as u8),
            Some(count) if length > LONGEST_SHORT_ZEROS => {
                to.extend_from_slice(&[0x40 | (count >> 8) as u8, count as u8]);
            }
            Some(count) => to.push(count as u8),
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.form {
            Form::Zeros => write!(f, "z:{}", self.length),
            Form::LongZeros => write!(f, "Z:{}", self.length),
            Form::Values => write!(f, "v:{},{}", self.value, self.length),
        }
    }
}

/// All runs in order.
pub fn runs(body: &[u8]) -> impl Iterator<Item = Run> {
    let mut position = 0;
    std::iter::from_fn(move || {
        let run = Run::at(body, position)?;
        position += run.size();
        Some(run)
    })
}

/// What came of raising a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was as high already.
    Kept,
    Raised,
    /// This representation cannot hold it; nothing has changed.
    TooBig,
}

/// Where a register's run is.
struct Place {
    run: Run,
    position: usize,
    /// Where the run before begins.
    previous: Option<usize>,
    /// The first register of the run.
    first: usize,
}

/// Raises a register to a value, if it is lower, within so many bytes of string.
pub fn raise(raw: &mut RawString, register: usize, value: u8, limit: usize) -> Result<Outcome, Corrupted> {
    if value > HIGHEST_VALUE {
        return Ok(Outcome::TooBig);
    }
    make_room(raw, limit);
    let place = find(raw.bytes().get(HEADER..).unwrap_or_default(), register).ok_or(Corrupted)?;
    if place.run.value >= value {
        return Ok(Outcome::Kept);
    }
    let split = split(&place, register, value);
    let old = place.run.size();
    if split.len() > old && raw.bytes().len() + split.len() - old > limit {
        return Ok(Outcome::TooBig);
    }
    let at = HEADER + place.position;
    raw.splice(at..at + old, &split);
    join(raw, HEADER + place.previous.unwrap_or(0));
    Ok(Outcome::Raised)
}

/// A run that is split grows by three bytes at most. Redis makes room for as much again at once, or for 300 bytes, but
/// for no more than the limit.
fn make_room(raw: &mut RawString, limit: usize) {
    const NEEDED: usize = 3;
    const SPARE: usize = 300;
    let capacity = raw.room().capacity();
    if capacity < limit && capacity.saturating_sub(raw.bytes().len()) < NEEDED {
        let needed = raw.bytes().len() + NEEDED;
        raw.resize_room((needed + needed.min(SPARE)).min(limit));
    }
}

fn find(body: &[u8], register: usize) -> Option<Place> {
    let (mut position, mut first, mut previous) = (0, 0, None);
    loop {
        let run = Run::at(body, position)?;
        if register < first + run.length {
            return Some(Place { run, position, previous, first });
        }
        previous = Some(position);
        position += run.size();
        first += run.length;
    }
}

/// The runs that stand in the place of one: what is before the register, the register, what is behind it.
fn split(place: &Place, register: usize, value: u8) -> Vec<u8> {
    let mut runs = Vec::with_capacity(5);
    let before = register - place.first;
    Run::write(place.run.value, before, &mut runs);
    Run::write(value, 1, &mut runs);
    Run::write(place.run.value, place.run.length - before - 1, &mut runs);
    runs
}

/// Joins neighbouring runs of the same value, looking at five runs from a position on.
fn join(raw: &mut RawString, from: usize) {
    let mut position = from;
    for _ in 0..5 {
        let Some(run) = Run::at(raw.bytes(), position) else { return };
        let next = Run::at(raw.bytes(), position + 1);
        match next {
            Some(next)
                if run.form == Form::Values
                    && next.form == Form::Values
                    && run.value == next.value
                    && run.length + next.length <= LONGEST_VALUES =>
            {
                let mut joined = Vec::new();
                Run::write(run.value, run.length + next.length, &mut joined);
                raw.splice(position..position + 2, &joined);
            }
            _ => position += run.size(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(raw: &RawString) -> String {
        let body = raw.bytes().get(HEADER..).unwrap_or_default();
        runs(body).map(|run| run.to_string()).collect::<Vec<_>>().join(" ")
    }

    fn raised(steps: &[(usize, u8)]) -> String {
        let mut raw = RawString::new([&[0; HEADER][..], &ALL_ZERO].concat());
        for (register, value) in steps {
            assert_eq!(raise(&mut raw, *register, *value, 3_000), Ok(Outcome::Raised));
        }
        described(&raw)
    }

    #[test]
    fn runs_are_split_and_joined() {
        assert_eq!(raised(&[]), "Z:16384");
        assert_eq!(raised(&[(0, 1)]), "v:1,1 Z:16383");
        assert_eq!(raised(&[(16_383, 1)]), "Z:16383 v:1,1");
        assert_eq!(raised(&[(64, 3)]), "z:64 v:3,1 Z:16319");
        assert_eq!(raised(&[(65, 3), (64, 3), (66, 3)]), "z:64 v:3,3 Z:16317");
        assert_eq!(raised(&[(0, 2), (1, 2), (2, 2), (3, 2), (4, 2)]), "v:2,4 v:2,1 Z:16379");
        assert_eq!(raised(&[(0, 2), (1, 2), (2, 2), (1, 3)]), "v:2,1 v:3,1 v:2,1 Z:16381");
        assert_eq!(raised(&[(0, 2), (1, 2), (2, 2), (1, 3), (0, 3), (2, 3)]), "v:3,3 Z:16381");
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let mut raw = RawString::new([&[0; HEADER][..], &ALL_ZERO].concat());
        assert_eq!(raise(&mut raw, 5, 33, 3_000), Ok(Outcome::TooBig));
        assert_eq!(raise(&mut raw, 5, 1, 19), Ok(Outcome::TooBig));
        assert_eq!(described(&raw), "Z:16384");
        assert_eq!(raise(&mut raw, 16_384, 1, 3_000), Err(Corrupted));
    }

    #[test]
    fn a_run_cut_in_half_reads_as_if_a_zero_followed() {
        let mut raw = RawString::new([&[0; HEADER][..], b"\x40"].concat());
        assert_eq!(described(&raw), "Z:1");
        assert_eq!(raise(&mut raw, 0, 1, 3_000), Ok(Outcome::Raised));
    }
}
