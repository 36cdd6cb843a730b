//! What the commands of the SCAN family share: their cursors, their options, and the shape of their answers.
//!
//! What is walked over is each command's own.

use super::spec::CommandResult;
use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::glob;
use crate::number;
use crate::reply::Reply;
use crate::value::ValueType;

/// How many elements one step looks at unless COUNT says otherwise.
const DEFAULT_COUNT: usize = 10;

/// What a walk goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// Which have types.
    Keys,
    Members,
    /// Which have values.
    Fields,
}

/// What a walk is asked for.
#[derive(Debug)]
pub struct Options {
    pub count: usize,
    pattern: Option<Vec<u8>>,
    kind: Option<Vec<u8>>,
    /// Of fields only the names.
    pub no_values: bool,
}

impl Options {
    pub fn parse(args: &mut Args, over: Over) -> Result<Self, Error> {
        let mut options = Self { count: DEFAULT_COUNT, pattern: None, kind: None, no_values: false };
        while !args.is_empty() {
            if args.word("COUNT") {
                let count = args.int()?;
                options.count = number::to_count(count).filter(|n| *n > 0).ok_or(Error::Syntax)?;
            } else if args.word("MATCH") {
                options.pattern = Some(args.take()?);
            } else if over == Over::Keys && args.word("TYPE") {
                options.kind = Some(args.take()?);
            } else if args.word("NOVALUES") {
                if over == Over::Fields {
                    options.no_values = true;
                    continue;
                }
                return Err(Error::Fixed("ERR NOVALUES option can only be used in HSCAN"));
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(options)
    }

    pub fn takes_name(&self, name: &[u8]) -> bool {
        self.pattern.as_ref().is_none_or(|pattern| glob::chooses(pattern, name))
    }

    pub fn takes_kind(&self, kind: &str) -> bool {
        self.kind.as_ref().is_none_or(|wanted| kind.as_bytes().eq_ignore_ascii_case(wanted))
    }
}

/// A step over the collection at a key, as SSCAN, HSCAN and ZSCAN take it: `walk` goes on from a cursor and gives the
/// next one with what it found.
pub fn step<T: ValueType>(
    context: &mut Context<'_>,
    args: &mut Args,
    over: Over,
    walk: impl FnOnce(&T, u64, &Options) -> (u64, Vec<Reply>),
) -> CommandResult {
    let key = args.take()?;
    let cursor = parse(&args.take()?)?;
    let mut db = context.db()?;
    // Redis answers for a key that is not there before it reads the options.
    let Some(collection) = db.read::<T>(&key)? else { return Ok(page(0, Vec::new())) };
    let (next, found) = walk(collection, cursor, &Options::parse(args, over)?);
    Ok(page(next, found))
}

/// A step's answer: the cursor to go on with, and what was found.
pub fn page(next: u64, found: Vec<Reply>) -> Reply {
    Reply::Array(vec![Reply::bulk(next.to_string()), Reply::Array(found)])
}

/// A cursor is an unsigned number in any form that C's `strtoull` reads to its end: blanks, a sign and leading zeros
/// are taken, as the real server takes them.
pub fn parse(text: &[u8]) -> Result<u64, Error> {
    number::parse_c_u64(text).ok_or(Error::InvalidCursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each recorded from Redis 8.0.
    #[test]
    fn cursors_are_read_as_c_reads_them() {
        let good = [("0", 0), ("00", 0), (" 1", 1), ("+5", 5), ("18446744073709551615", u64::MAX)];
        for (text, cursor) in good {
            assert_eq!(parse(text.as_bytes()), Ok(cursor), "{text:?}");
        }
        for text in ["", "-1", "0x", "x", "18446744073709551616", "1 "] {
            assert_eq!(parse(text.as_bytes()), Err(Error::InvalidCursor), "{text:?}");
        }
    }
}
