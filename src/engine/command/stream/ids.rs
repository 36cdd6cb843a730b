//! IDs as clients write them: `5-1`, `5` with a part left out, `-` and `+` for the ends, `(5-1` for the ID behind.
//!
//! Redis reads these texts as C strings: they end at a zero byte, and numbers may have blanks and signs in front.

use crate::error::Error;
use crate::number;
use crate::parse::c_text;
use crate::value::stream::StreamId;

const INVALID: Error = Error::Fixed("ERR Invalid stream ID specified as stream command argument");
/// Longer texts are no IDs, whatever they say.
const LONGEST: usize = 127;

/// What an entry to be added is to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewId {
    /// `*`: the clock decides.
    Auto,
    /// `5-*`: the next number of that millisecond.
    AutoSeq(u64),
    Exact(StreamId),
}

impl NewId {
    pub fn parse(text: &[u8]) -> Result<Self, Error> {
        let shown = c_text(text);
        match shown.strip_suffix(b"-*") {
            _ if shown == b"*" => Ok(Self::Auto),
            Some(ms) if text.len() <= LONGEST && !ms.contains(&b'-') => Ok(Self::AutoSeq(part(ms)?)),
            _ => exact(text, 0).map(Self::Exact),
        }
    }
}

/// An ID in full, or with its number left out, which then is `seq`.
pub fn exact(text: &[u8], seq: u64) -> Result<StreamId, Error> {
    match c_text(text) {
        b"-" | b"+" => Err(INVALID),
        _ => lenient(text, seq),
    }
}

/// As [`exact`], or `-` for the lowest and `+` for the highest ID there is.
pub fn lenient(text: &[u8], seq: u64) -> Result<StreamId, Error> {
    let shown = c_text(text);
    if text.len() > LONGEST {
        return Err(INVALID);
    }
    match shown {
        b"-" => return Ok(StreamId::MIN),
        b"+" => return Ok(StreamId::MAX),
        _ => {}
    }
    match shown.iter().position(|byte| *byte == b'-') {
        Some(dash) => {
            let (ms, rest) = shown.split_at(dash);
            Ok(StreamId::new(part(ms)?, part(rest.get(1..).unwrap_or_default())?))
        }
        None => Ok(StreamId::new(part(shown)?, seq)),
    }
}

/// The lower end of a range.
pub fn start(text: &[u8]) -> Result<StreamId, Error> {
    match excluded(text) {
        Some(id) => exact(id, 0)?.next().ok_or(Error::Fixed("ERR invalid start ID for the interval")),
        None => lenient(text, 0),
    }
}

/// The upper end of a range.
pub fn end(text: &[u8]) -> Result<StreamId, Error> {
    match excluded(text) {
        Some(id) => {
            exact(id, u64::MAX)?.previous().ok_or(Error::Fixed("ERR invalid end ID for the interval"))
        }
        None => lenient(text, u64::MAX),
    }
}

fn excluded(text: &[u8]) -> Option<&[u8]> {
    text.strip_prefix(b"(").filter(|id| !id.is_empty())
}

fn part(digits: &[u8]) -> Result<u64, Error> {
    number::parse_c_u64(digits).ok_or(INVALID)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each recorded from Redis 8.0.
    #[test]
    fn ids_are_read_as_c_reads_them() {
        let good = [("5--05", 5, 0_u64.wrapping_sub(5)), (" 7-+3", 7, 3), ("08-09", 8, 9), ("7", 7, 0)];
        for (text, ms, seq) in good {
            assert_eq!(exact(text.as_bytes(), 0), Ok(StreamId::new(ms, seq)), "{text}");
        }
        for text in ["-1", "1-", "", "08-0x1", "-", "+", "5--5", "*", "5-*"] {
            assert_eq!(exact(text.as_bytes(), 0), Err(INVALID), "{text}");
        }
        assert_eq!(NewId::parse(b"08-*"), Ok(NewId::AutoSeq(8)));
        assert_eq!(NewId::parse(b"-*"), Err(INVALID));
    }

    #[test]
    fn a_bracket_excludes_the_id_itself() {
        assert_eq!(start(b"(5-1"), Ok(StreamId::new(5, 2)));
        assert_eq!(end(b"(5"), Ok(StreamId::new(5, u64::MAX - 1)));
        assert!(start(b"(+").is_err() && end(b"(0-0").is_err() && start(b"(").is_err());
    }
}
