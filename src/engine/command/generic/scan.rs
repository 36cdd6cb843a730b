//! Finding keys: KEYS looks at all of them at once, SCAN a few at a time.
//!
//! The cursor is a position in the database's table, walked downwards; see [`crate::keyspace::Database`] for why that
//! keeps SCAN's guarantee.

use crate::args::Args;
use crate::command::cursor::{self, Options, Over};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::glob;
use crate::reply::Reply;

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
    let mut db = context.db()?;
    let names = db.alive().map(|(key, _)| key).filter(|key| glob::chooses(&pattern, key));
    Ok(Reply::Array(names.map(Reply::bulk).collect()))
}

fn scan(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let cursor = cursor::parse(&args.take()?)?;
    let options = Options::parse(args, Over::Keys)?;
    let mut found = Vec::new();
    let next = context.db()?.scan(cursor, options.count, |key, entry| {
        if options.takes_name(key) && options.takes_kind(entry.value.kind()) {
            found.push(Reply::bulk(key));
        }
    });
    Ok(cursor::page(next, found))
}
