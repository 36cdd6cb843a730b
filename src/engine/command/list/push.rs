//! Adding elements at an end: LPUSH, RPUSH, LPUSHX, RPUSHX.

use super::{INSERT_FLAGS, fill, pushed};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeySpec};
use crate::dispatch::Context;
use crate::keyspace::{Edit, Surroundings};
use crate::reply::Reply;
use crate::value::list::{End, List};

const PUSH: CommandSpec = CommandSpec {
    group: Group::List,
    arity: -3,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: &[KeySpec::one(1, INSERT_FLAGS)],
    complexity: "O(N) for N elements",
    syntax: "key:key#0 element*",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "lpush",
        summary: "Adds elements at the head of a list, one after the other, and returns its length.",
        example: "> LPUSH tasks write\n(integer) 1\n> LPUSH tasks plan think\n(integer) 3\n> LRANGE tasks 0 -1\n\
            1) \"think\"\n2) \"plan\"\n3) \"write\"",
        run: Some(|context, args| push(context, args, End::Head)),
        ..PUSH
    },
    CommandSpec {
        name: "lpushx",
        since: "2.2.0",
        summary: "Adds elements at the head of a list that exists already.",
        example: "> LPUSHX tasks write\n(integer) 0\n> LPUSH tasks write\n(integer) 1\n> LPUSHX tasks plan\n(integer) 2",
        run: Some(|context, args| pushx(context, args, End::Head)),
        ..PUSH
    },
    CommandSpec {
        name: "rpush",
        summary: "Adds elements at the tail of a list and returns its length.",
        example: "> RPUSH tasks plan write\n(integer) 2\n> RPUSH tasks read\n(integer) 3\n> LRANGE tasks 0 -1\n\
            1) \"plan\"\n2) \"write\"\n3) \"read\"",
        run: Some(|context, args| push(context, args, End::Tail)),
        ..PUSH
    },
    CommandSpec {
        name: "rpushx",
        since: "2.2.0",
        summary: "Adds elements at the tail of a list that exists already.",
        example: "> RPUSHX tasks plan\n(integer) 0\n> RPUSH tasks plan\n(integer) 1\n> RPUSHX tasks write\n(integer) 2",
        run: Some(|context, args| pushx(context, args, End::Tail)),
        ..PUSH
    },
];

fn push(context: &mut Context<'_>, args: &mut Args, end: End) -> CommandResult {
    let (key, elements) = (args.take()?, args.rest());
    let length =
        context.db()?.edit_or_create(&key, |list: &mut List, around| add(list, around, end, &elements))?;
    Ok(Reply::count(length))
}

fn pushx(context: &mut Context<'_>, args: &mut Args, end: End) -> CommandResult {
    let (key, elements) = (args.take()?, args.rest());
    let length = context.db()?.edit(&key, |list: &mut List, around| add(list, around, end, &elements))?;
    Ok(Reply::count(length.unwrap_or(0)))
}

fn add(list: &mut List, around: &mut Surroundings, end: End, elements: &[Vec<u8>]) -> Edit<usize> {
    let bytes = elements.iter().map(Vec::len).sum();
    list.make_room(fill(around), elements.len(), bytes);
    for element in elements {
        list.push(end, element);
    }
    Edit::changed(list.len(), pushed(end))
}
