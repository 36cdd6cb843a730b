//! Finding keys: KEYS looks at all of them at once, SCAN a few at a time.
//!
//! The cursor is a position in the database's table, walked downwards; see [`crate::keyspace::Database`] for why that
//! keeps SCAN's guarantee.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::glob;
use crate::number;
use crate::reply::Reply;

/// How many keys one step looks at unless COUNT says otherwise.
pub const DEFAULT_COUNT: usize = 10;

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "keys",
        group: Group::Generic,
        arity: 2,
        flags: Flags::READONLY,
        acl: &["keyspace", "dangerous"],
        tips: &["request_policy:all_shards", "nondeterministic_output_order"],
        summary: "Lists the keys whose names match a pattern. It looks at every key: use SCAN in production.",
        complexity: "O(N) for N keys in the database",
        syntax: "pattern:pattern",
        example: "> MSET one 1 two 2\nOK\n> KEYS t*\n1) \"two\"",
        run: Some(keys),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "scan",
        group: Group::Generic,
        since: "2.8.0",
        arity: -2,
        flags: Flags::READONLY,
        acl: &["keyspace"],
        tips: &["nondeterministic_output", "request_policy:special", "response_policy:special"],
        summary: "Walks over the keys a few at a time: start with cursor 0, go on with the cursor returned, until 0.",
        complexity: "O(1) for each call, O(N) for a whole walk over N keys",
        syntax: "cursor:integer [pattern:pattern=MATCH] [count:integer=COUNT] [type:string=TYPE@6.0.0]",
        example: "> SET only 1\nOK\n> SCAN 0 MATCH o* COUNT 100\n1) \"0\"\n2) 1) \"only\"",
        run: Some(scan),
        ..CommandSpec::BASE
    },
];

fn keys(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let pattern = args.take()?;
    let db = context.db()?;
    let names = db.alive().map(|(key, _)| key).filter(|key| glob::matches(&pattern, key));
    Ok(Reply::Array(names.map(Reply::bulk).collect()))
}

fn scan(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let cursor = parse_cursor(&args.take()?)?;
    let ScanOptions { pattern, count, kind } = ScanOptions::parse(args)?;
    let mut found = Vec::new();
    let next = context.db()?.scan(cursor, count, |key, entry| {
        let named = pattern.as_ref().is_none_or(|pattern| glob::matches(pattern, key));
        let typed = kind.as_ref().is_none_or(|kind| entry.value.kind().as_bytes().eq_ignore_ascii_case(kind));
        if named && typed {
            found.push(Reply::bulk(key));
        }
    });
    Ok(page(next, found))
}

/// A step's answer: the cursor to go on with, and what was found.
pub fn page(next: u64, found: Vec<Reply>) -> Reply {
    Reply::Array(vec![Reply::bulk(next.to_string()), Reply::Array(found)])
}

/// The options of SCAN.
struct ScanOptions {
    pattern: Option<Vec<u8>>,
    count: usize,
    kind: Option<Vec<u8>>,
}

impl ScanOptions {
    fn parse(args: &mut Args) -> Result<Self, Error> {
        let mut options = Self { pattern: None, count: DEFAULT_COUNT, kind: None };
        while !args.is_empty() {
            if args.word("COUNT") {
                let count = args.int()?;
                options.count = number::to_count(count).filter(|n| *n > 0).ok_or(Error::Syntax)?;
            } else if args.word("MATCH") {
                options.pattern = Some(args.take()?);
            } else if args.word("TYPE") {
                options.kind = Some(args.take()?);
            } else if args.word("NOVALUES") {
                return Err(Error::Fixed("ERR NOVALUES option can only be used in HSCAN"));
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(options)
    }
}

/// A cursor is an unsigned number in any form that C's `strtoull` reads to its end: blanks, a sign and leading zeros
/// are taken, as the real server takes them.
pub fn parse_cursor(text: &[u8]) -> Result<u64, Error> {
    if let Some(number) = number::parse_i64(text) {
        return u64::try_from(number).map_err(|_| Error::InvalidCursor);
    }
    let text = text.trim_ascii_start();
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Error::InvalidCursor);
    }
    let number: u64 = str::from_utf8(digits).ok().and_then(|d| d.parse().ok()).ok_or(Error::InvalidCursor)?;
    Ok(if negative { number.wrapping_neg() } else { number })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each recorded from Redis 8.0.
    #[test]
    fn cursors_are_read_as_c_reads_them() {
        let good = [("0", 0), ("00", 0), (" 1", 1), ("+5", 5), ("18446744073709551615", u64::MAX)];
        for (text, cursor) in good {
            assert_eq!(parse_cursor(text.as_bytes()), Ok(cursor), "{text:?}");
        }
        for text in ["", "-1", "0x", "x", "18446744073709551616", "1 "] {
            assert_eq!(parse_cursor(text.as_bytes()), Err(Error::InvalidCursor), "{text:?}");
        }
    }
}
