//! Walking over the members a few at a time: ZSCAN.

use super::READ_KEY;
use crate::args::Args;
use crate::command::cursor::{self, Options, Over};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::number::double;
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
    cursor::step(context, args, Over::Members, walk)
}

fn walk(set: &SortedSet, cursor: u64, options: &Options) -> (u64, Vec<Reply>) {
    let mut found = Vec::new();
    let mut visit = |member: &[u8], score: String| {
        if options.takes_name(member) {
            found.extend([Reply::bulk(member), Reply::bulk(score)]);
        }
    };
    if set.is_packed() {
        // A small set comes whole, whatever the cursor.
        set.iter().for_each(|(member, score)| visit(&member, double::format(score)));
        return (0, found);
    }
    let from = usize::try_from(cursor).unwrap_or(usize::MAX).min(set.len());
    let from = if cursor == 0 { set.len() } else { from };
    let to = from.saturating_sub(options.count);
    for (member, score) in (to..from).rev().filter_map(|slot| set.slot(slot)) {
        visit(&member, double::format_17_digits(score));
    }
    (to as u64, found)
}
