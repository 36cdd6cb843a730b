//! `LCS`: what two values have in common.

use std::borrow::Cow;

use super::subsequence::{self, Run};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::{StringValue, ValueType};

pub const SPECS: &[CommandSpec] = &[LCS];

const NOT_STRINGS: Error = Error::Fixed("ERR The specified keys must contain string values");
const LEN_AND_IDX: Error = Error::Fixed("ERR If you want both the length and indexes, please just use IDX.");
const TOO_LONG: Error = Error::Fixed("ERR String too long for LCS");
const TABLE_TOO_LARGE: Error =
    Error::Fixed("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len");
const NO_MEMORY: Error = Error::Fixed("ERR Insufficient memory, failed allocating transient memory for LCS");
/// What Redis's table takes for a cell; ours takes less, but the limit is the same.
const CELL: u128 = 4;

const LCS: CommandSpec = CommandSpec {
    name: "lcs",
    group: Group::String,
    since: "7.0.0",
    arity: -3,
    flags: Flags::READONLY,
    keys: &[KeySpec::range(1, 1, 1, KeyFlags::READ)],
    summary: "Finds the longest common subsequence of two values: its bytes, its length, or where it lies.",
    complexity: "O(N*M), N and M being the lengths of the values.",
    syntax: "key1:key#0 key2:key#0 [len=LEN] [idx=IDX] [min-match-len:integer=MINMATCHLEN] \
        [withmatchlen=WITHMATCHLEN]",
    example: "> MSET a ohmytext b mynewtext\nOK\n> LCS a b\n\"mytext\"\n> LCS a b LEN\n(integer) 6",
    run: Some(lcs),
    ..CommandSpec::BASE
};

/// What to answer about the subsequence; its bytes if nothing is said.
#[derive(Debug, Default)]
struct Options {
    length: bool,
    places: bool,
    with_match_length: bool,
    /// Shorter runs are left out of the places.
    shortest: i64,
}

impl Options {
    fn parse(args: &mut Args) -> Result<Self, Error> {
        let mut options = Self::default();
        while !args.is_empty() {
            if args.word("IDX") {
                options.places = true;
            } else if args.word("LEN") {
                options.length = true;
            } else if args.word("WITHMATCHLEN") {
                options.with_match_length = true;
            } else if args.word("MINMATCHLEN") {
                options.shortest = args.int()?;
            } else {
                return Err(Error::Syntax);
            }
        }
        if options.length && options.places { Err(LEN_AND_IDX) } else { Ok(options) }
    }
}

fn lcs(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (first, second) = (args.take()?, args.take()?);
    // Redis complains about the keys before it looks at the options.
    let options = Options::parse(args);
    let limit = context.around.config.proto_max_bulk_len;
    let mut db = context.db()?;
    let mut strings = true;
    for key in [&first, &second] {
        strings &= db.read_value(key).is_none_or(|value| StringValue::of(value).is_some());
    }
    if !strings {
        return Err(NOT_STRINGS);
    }
    let options = options?;
    let value = |key: &[u8]| match db.peek(key).and_then(StringValue::of) {
        Some(string) => string.bytes(),
        None => Cow::Borrowed(&[][..]),
    };
    let (a, b) = (value(&first), value(&second));
    check_size(a.len(), b.len(), limit)?;
    answer(&a, &b, &options)
}

/// Whether Redis would have room for its table of both strings.
fn check_size(a: usize, b: usize, limit: u64) -> Result<(), Error> {
    let longest = u32::MAX as usize - 2;
    if a > longest || b > longest {
        return Err(TOO_LONG);
    }
    let table = (a as u128 + 1) * (b as u128 + 1) * CELL;
    if table > u128::from(limit) { Err(TABLE_TOO_LARGE) } else { Ok(()) }
}

fn answer(a: &[u8], b: &[u8], options: &Options) -> CommandResult {
    if options.length {
        let length = subsequence::length(a, b).map_err(|_| NO_MEMORY)?;
        return Ok(Reply::Integer(length.into()));
    }
    let runs = subsequence::runs(a, b).map_err(|_| NO_MEMORY)?;
    if options.places {
        return Ok(places(&runs, options));
    }
    let stretches = runs.iter().rev().filter_map(|run| a.get(run.first..run.first + run.length));
    Ok(Reply::Bulk(stretches.collect::<Vec<_>>().concat()))
}

fn places(runs: &[Run], options: &Options) -> Reply {
    let shown = runs.iter().filter(|run| run.length as i64 >= options.shortest);
    let matches = shown.map(|run| place(run, options.with_match_length)).collect();
    let length = runs.iter().map(|run| run.length).sum();
    Reply::Map(vec![
        (Reply::bulk("matches"), Reply::Array(matches)),
        (Reply::bulk("len"), Reply::count(length)),
    ])
}

/// First and last position in both strings, and how many bytes that is.
fn place(run: &Run, with_length: bool) -> Reply {
    let range = |from: usize| {
        Reply::Array(vec![Reply::count(from), Reply::count(from + run.length.saturating_sub(1))])
    };
    let mut parts = vec![range(run.first), range(run.second)];
    if with_length {
        parts.push(Reply::count(run.length));
    }
    Reply::Array(parts)
}
