//! Walking over the members a few at a time: SSCAN.

use super::READ_KEY;
use crate::args::Args;
use crate::command::cursor::{self, Over};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::reply::Reply;
use crate::value::set::Set;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "sscan",
    group: Group::Set,
    since: "2.8.0",
    arity: -3,
    flags: Flags::READONLY,
    keys: READ_KEY,
    tips: &["nondeterministic_output"],
    summary: "Walks over the members a few at a time: start with cursor 0, go on with the cursor returned, until 0.",
    complexity: "O(1) for each call, O(N) for a whole walk over N members",
    syntax: "key:key#0 cursor:integer [pattern:pattern=MATCH] [count:integer=COUNT]",
    example: "> SADD tags red green blue\n(integer) 3\n> SSCAN tags 0 MATCH *re*\n1) \"0\"\n2) 1) \"red\"\n\
        \u{20}  2) \"green\"",
    run: Some(sscan),
    ..CommandSpec::BASE
}];

fn sscan(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    cursor::step(context, args, Over::Members, |set: &Set, cursor, options| {
        let mut found = Vec::new();
        let next = set.scan(cursor, options.count, |member| {
            if options.takes_name(member) {
                found.push(Reply::bulk(member));
            }
        });
        (next, found)
    })
}
