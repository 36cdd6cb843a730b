//! The forms that wait where there is nothing to take: BLPOP, BRPOP, BLMPOP, BLMOVE, BRPOPLPUSH.
//!
//! Each is its plain sibling with a time to wait; where that one has nothing to give, the session waits.

use super::{MOVE_KEYS, end, pop, transfer};
use crate::args::Args;
use crate::command::blocking;
use crate::command::numkeys::Pop;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::list::End;

/// The type that is waited for.
const LIST: &str = "list";

const POP: CommandSpec = CommandSpec {
    group: Group::List,
    since: "2.0.0",
    arity: -3,
    flags: Flags::WRITE.union(Flags::BLOCKING),
    keys: &[KeySpec::range(1, -2, 1, KeyFlags::TAKE)],
    complexity: "O(N) for N keys",
    syntax: "key:key#0* timeout:double",
    ..CommandSpec::BASE
};

const MOVE: CommandSpec = CommandSpec {
    group: Group::List,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::BLOCKING),
    keys: MOVE_KEYS,
    complexity: "O(1)",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "blmove",
        since: "6.2.0",
        arity: 6,
        summary: "Moves an element between the ends of two lists, or waits until there is one to move.",
        syntax: "source:key#0 destination:key#1 wherefrom(left=LEFT | right=RIGHT) \
            whereto(left=LEFT | right=RIGHT) timeout:double",
        example: "> RPUSH waiting job:1 job:2\n(integer) 2\n> BLMOVE waiting running LEFT RIGHT 5\n\"job:1\"",
        run: Some(|context, args| {
            let request = transfer::Request::parse(args)?;
            transfer(context, args, request)
        }),
        ..MOVE
    },
    CommandSpec {
        name: "blmpop",
        group: Group::List,
        since: "7.0.0",
        arity: -5,
        flags: Flags::WRITE.union(Flags::BLOCKING).union(Flags::MOVABLEKEYS),
        keys: &[KeySpec::numkeys(2, KeyFlags::TAKE)],
        summary: "Takes elements from an end of the first of several lists that has any, or waits for some.",
        complexity: "O(N+M), N being the keys and M the elements that are taken",
        syntax: "timeout:double numkeys:integer key:key#0* where(left=LEFT | right=RIGHT) [count:integer=COUNT]",
        example: "> RPUSH normal a b c\n(integer) 3\n> BLMPOP 5 2 urgent normal LEFT COUNT 2\n1) \"normal\"\n\
            2) 1) \"a\"\n   2) \"b\"",
        run: Some(blmpop),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "blpop",
        summary: "Takes an element from the head of the first of several lists that has any, or waits for one.",
        example: "> RPUSH normal a b\n(integer) 2\n> BLPOP urgent normal 5\n1) \"normal\"\n2) \"a\"",
        run: Some(|context, args| pop(context, args, End::Head)),
        ..POP
    },
    CommandSpec {
        name: "brpop",
        summary: "Takes an element from the tail of the first of several lists that has any, or waits for one.",
        example: "> RPUSH normal a b\n(integer) 2\n> BRPOP urgent normal 5\n1) \"normal\"\n2) \"b\"",
        run: Some(|context, args| pop(context, args, End::Tail)),
        ..POP
    },
    CommandSpec {
        name: "brpoplpush",
        since: "2.2.0",
        deprecated: Some(Deprecated {
            since: "6.2.0",
            replaced_by: "`BLMOVE` with the `RIGHT` and `LEFT` arguments",
        }),
        arity: 4,
        summary: "Moves an element from the tail of one list to the head of another, or waits until there is one.",
        syntax: "source:key#0 destination:key#1 timeout:double",
        example: "> RPUSH waiting job:1 job:2\n(integer) 2\n> BRPOPLPUSH waiting running 5\n\"job:2\"",
        run: Some(|context, args| {
            let request = transfer::Request::tail_to_head(args)?;
            transfer(context, args, request)
        }),
        ..MOVE
    },
];

fn pop(context: &mut Context<'_>, args: &mut Args, end: End) -> CommandResult {
    let mut keys = args.rest();
    let patience = blocking::seconds(context, &keys.pop().ok_or(Error::Syntax)?)?;
    let mut db = context.db()?;
    for key in &keys {
        if let Some(element) = pop::take_one(&mut db, key, end)? {
            return Ok(Reply::Array(vec![Reply::bulk(key.as_slice()), Reply::Bulk(element)]));
        }
    }
    blocking::for_keys(context, LIST, keys, patience, Reply::NilArray)
}

fn blmpop(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let timeout = args.take()?;
    let request = Pop::parse(args, end)?;
    let patience = blocking::seconds(context, &timeout)?;
    match pop::serve(&request, &mut context.db()?)? {
        Some(reply) => Ok(reply),
        None => blocking::for_keys(context, LIST, request.keys, patience, Reply::NilArray),
    }
}

fn transfer(context: &mut Context<'_>, args: &mut Args, request: transfer::Request) -> CommandResult {
    let patience = blocking::seconds(context, &args.take()?)?;
    match request.serve(&mut context.db()?)? {
        Some(element) => Ok(Reply::Bulk(element)),
        None => blocking::for_keys(context, LIST, vec![request.source], patience, Reply::Nil),
    }
}
