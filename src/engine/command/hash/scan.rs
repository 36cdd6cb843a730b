//! Walking over the fields a few at a time: HSCAN.

use super::READ_KEY;
use crate::args::Args;
use crate::command::cursor::{self, Over};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::reply::Reply;
use crate::value::hash::Hash;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "hscan",
    group: Group::Hash,
    since: "2.8.0",
    arity: -3,
    flags: Flags::READONLY,
    keys: READ_KEY,
    tips: &["nondeterministic_output"],
    summary: "Walks over the fields a few at a time: start with cursor 0, go on with the cursor returned, until 0.",
    complexity: "O(1) for each call, O(N) for a whole walk over N fields",
    syntax: "key:key#0 cursor:integer [pattern:pattern=MATCH] [count:integer=COUNT] [novalues=NOVALUES]",
    example: "> HSET user:1 name Ann age 30\n(integer) 2\n> HSCAN user:1 0 MATCH a*\n1) \"0\"\n2) 1) \"age\"\n\
        \u{20}  2) \"30\"\n> HSCAN user:1 0 NOVALUES\n1) \"0\"\n2) 1) \"name\"\n\u{20}  2) \"age\"",
    run: Some(hscan),
    ..CommandSpec::BASE
}];

fn hscan(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let now = context.now();
    cursor::step(context, args, Over::Fields, |hash: &Hash, cursor, options| {
        let mut found = Vec::new();
        let next = hash.scan(cursor, options.count, |field, content| {
            if content.is_due(now) || !options.takes_name(field) {
                return;
            }
            found.push(Reply::bulk(field));
            if !options.no_values {
                found.push(Reply::bulk(&*content.value));
            }
        });
        (next, found)
    })
}
