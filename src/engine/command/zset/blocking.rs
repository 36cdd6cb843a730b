//! The forms that wait where there is no member to take: BZPOPMIN, BZPOPMAX, BZMPOP.

use super::pop::{end, serve, take};
use crate::args::Args;
use crate::command::blocking;
use crate::command::numkeys::Pop;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::sorted_set::End;

/// The type that is waited for.
const SORTED_SET: &str = "zset";

const POP: CommandSpec = CommandSpec {
    group: Group::SortedSet,
    since: "5.0.0",
    arity: -3,
    flags: Flags::WRITE.union(Flags::BLOCKING).union(Flags::FAST),
    keys: &[KeySpec::range(1, -2, 1, KeyFlags::TAKE)],
    complexity: "O(log(N)), N being the members in the sorted set",
    syntax: "key:key#0* timeout:double",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "bzmpop",
        group: Group::SortedSet,
        since: "7.0.0",
        arity: -5,
        flags: Flags::WRITE.union(Flags::BLOCKING).union(Flags::MOVABLEKEYS),
        keys: &[KeySpec::numkeys(2, KeyFlags::TAKE)],
        summary: "Removes members from an end of the first of several sorted sets that has any, or waits for some.",
        complexity: "O(K)+O(M*log(N)), K being the keys, N the members in the sorted set and M those removed",
        syntax: "timeout:double numkeys:integer key:key#0* where(min=MIN | max=MAX) [count:integer=COUNT]",
        example: "> ZADD high 1 alice 2 bob\n(integer) 2\n> BZMPOP 5 2 urgent high MIN\n1) \"high\"\n\
            2) 1) 1) \"alice\"\n      2) \"1\"",
        run: Some(bzmpop),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "bzpopmax",
        summary: "Removes the member with the highest score from the first of several sorted sets that has any, \
            or waits for one.",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> BZPOPMAX missing board 5\n1) \"board\"\n2) \"alice\"\n\
            3) \"100\"",
        run: Some(|context, args| pop(context, args, End::Last)),
        ..POP
    },
    CommandSpec {
        name: "bzpopmin",
        summary: "Removes the member with the lowest score from the first of several sorted sets that has any, \
            or waits for one.",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> BZPOPMIN missing board 5\n1) \"board\"\n2) \"bob\"\n\
            3) \"80\"",
        run: Some(|context, args| pop(context, args, End::First)),
        ..POP
    },
];

fn pop(context: &mut Context<'_>, args: &mut Args, end: End) -> CommandResult {
    let mut keys = args.rest();
    let patience = blocking::seconds(context, &keys.pop().ok_or(Error::Syntax)?)?;
    let mut db = context.db()?;
    for key in &keys {
        let taken = take(&mut db, key, end, 1)?.and_then(|members| members.into_iter().next());
        if let Some((member, score)) = taken {
            let key = Reply::bulk(key.as_slice());
            return Ok(Reply::Array(vec![key, Reply::bulk(member), Reply::Double(score)]));
        }
    }
    blocking::for_keys(context, SORTED_SET, keys, patience, Reply::NilArray)
}

fn bzmpop(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let timeout = args.take()?;
    let request = Pop::parse(args, end)?;
    let patience = blocking::seconds(context, &timeout)?;
    match serve(&request, &mut context.db()?)? {
        Some(reply) => Ok(reply),
        None => blocking::for_keys(context, SORTED_SET, request.keys, patience, Reply::NilArray),
    }
}
