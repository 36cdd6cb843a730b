//! Walking over the members a few at a time: ZSCAN.

use super::READ_KEY;
use crate::args::Args;
use crate::command::generic::scan::{DEFAULT_COUNT, page, parse_cursor};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::glob;
use crate::number::{self, double};
use crate::reply::Reply;
use crate::value::sorted_set::SortedSet;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "zscan",
    group: Group::SortedSet,
    since: "2.8.0",
    arity: -3,
    flags: Flags::READONLY,
    keys: READ_KEY,
    tips: &["nondeterministic_output"],
    summary: "Walks over the members a few at a time: start with cursor 0, go on with the cursor returned, until 0.",
    complexity: "O(1) for each call, O(N) for a whole walk over N members",
    syntax: "key:key#0 cursor:integer [pattern:pattern=MATCH] [count:integer=COUNT]",
    example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> ZSCAN board 0 MATCH a*\n1) \"0\"\n2) 1) \"alice\"\n\
        \u{20}  2) \"100\"",
    run: Some(zscan),
    ..CommandSpec::BASE
}];

fn zscan(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let cursor = parse_cursor(&args.take()?)?;
    let mut db = context.db()?;
    // Redis answers for a key that is not there before it reads the options.
    let Some(set) = db.read::<SortedSet>(&key)? else { return Ok(page(0, Vec::new())) };
    let (pattern, count) = options(args)?;
    let mut found = Vec::new();
    let mut visit = |member: &[u8], score: String| {
        if pattern.as_ref().is_none_or(|pattern| glob::matches(pattern, member)) {
            found.extend([Reply::bulk(member), Reply::bulk(score)]);
        }
    };
    if set.is_packed() {
        // A small set comes whole, whatever the cursor.
        set.iter().for_each(|(member, score)| visit(member, double::format(score)));
        return Ok(page(0, found));
    }
    let from = usize::try_from(cursor).unwrap_or(usize::MAX).min(set.len());
    let from = if cursor == 0 { set.len() } else { from };
    let to = from.saturating_sub(count);
    for (member, score) in (to..from).rev().filter_map(|slot| set.slot(slot)) {
        visit(member, double::format_17_digits(score));
    }
    Ok(page(to as u64, found))
}

fn options(args: &mut Args) -> Result<(Option<Vec<u8>>, usize), Error> {
    let (mut pattern, mut count) = (None, DEFAULT_COUNT);
    while !args.is_empty() {
        if args.remaining() >= 2 && args.word("COUNT") {
            let given = args.int()?;
            count = number::to_count(given).filter(|count| *count > 0).ok_or(Error::Syntax)?;
        } else if args.remaining() >= 2 && args.word("MATCH") {
            pattern = Some(args.take()?);
        } else if args.word("NOVALUES") {
            return Err(Error::Fixed("ERR NOVALUES option can only be used in HSCAN"));
        } else {
            return Err(Error::Syntax);
        }
    }
    Ok((pattern, count))
}
