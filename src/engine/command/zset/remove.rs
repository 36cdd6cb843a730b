//! Removing members: ZREM, ZREMRANGEBYRANK, ZREMRANGEBYSCORE, ZREMRANGEBYLEX.

use std::ops::Range;

use super::{REMOVE_KEY, bounds};
use crate::args::Args;
use crate::command::span;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::sorted_set::{End, SortedSet};

const REMOVE: CommandSpec = CommandSpec {
    group: Group::SortedSet,
    arity: 4,
    flags: Flags::WRITE,
    keys: REMOVE_KEY,
    complexity: "O(log(N)+M), N being the members in the sorted set and M those removed",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "zrem",
        since: "1.2.0",
        arity: -3,
        flags: Flags::WRITE.union(Flags::FAST),
        summary: "Removes members; the key goes with the last one.",
        complexity: "O(M*log(N)), N being the members in the sorted set and M those to remove",
        syntax: "key:key#0 member*",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> ZREM board bob dave\n(integer) 1",
        run: Some(zrem),
        ..REMOVE
    },
    CommandSpec {
        name: "zremrangebylex",
        since: "2.8.9",
        summary: "Removes the members between two in byte order, where all scores are equal.",
        syntax: "key:key#0 min max",
        example: "> ZADD words 0 apple 0 banana 0 cherry\n(integer) 3\n> ZREMRANGEBYLEX words - (c\n(integer) 2",
        run: Some(zremrangebylex),
        ..REMOVE
    },
    CommandSpec {
        name: "zremrangebyrank",
        since: "2.0.0",
        summary: "Removes the members in a range of ranks, the lowest score having rank 0.",
        syntax: "key:key#0 start:integer stop:integer",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZREMRANGEBYRANK board 0 -2\n(integer) 2\n\
            > ZRANGE board 0 -1\n1) \"alice\"",
        run: Some(zremrangebyrank),
        ..REMOVE
    },
    CommandSpec {
        name: "zremrangebyscore",
        since: "1.2.0",
        summary: "Removes the members whose scores lie in a range.",
        syntax: "key:key#0 min:double max:double",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZREMRANGEBYSCORE board -inf (80\n(integer) 1",
        run: Some(zremrangebyscore),
        ..REMOVE
    },
];

fn zrem(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, members) = (args.take()?, args.rest());
    let removed = context.db()?.edit(&key, |set: &mut SortedSet, _| {
        told(members.iter().filter(|member| set.remove(member)).count(), "zrem")
    })?;
    Ok(Reply::count(removed.unwrap_or(0)))
}

fn zremrangebyrank(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let (start, stop) = bounds::rank_pair(&args.take()?, &args.take()?)?;
    drain(context, &key, "zremrangebyrank", |set| span::between(start, stop, set.len()))
}

fn zremrangebyscore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let range = bounds::score_range(&args.take()?, &args.take()?)?;
    drain(context, &key, "zremrangebyscore", |set| set.ranks_by_score(&range))
}

fn zremrangebylex(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let range = bounds::lex_range(&args.take()?, &args.take()?)?;
    drain(context, &key, "zremrangebylex", |set| set.ranks_by_member(&range, End::First, 0))
}

/// Removes the ranks that `find` finds in the set.
fn drain(
    context: &mut Context<'_>,
    key: &[u8],
    event: &'static str,
    find: impl FnOnce(&SortedSet) -> Range<usize>,
) -> CommandResult {
    let removed = context.db()?.edit(key, |set: &mut SortedSet, _| {
        let ranks = find(set);
        told(set.drain(ranks).len(), event)
    })?;
    Ok(Reply::count(removed.unwrap_or(0)))
}

/// An edit that tells of itself only if it removed something.
fn told(removed: usize, event: &'static str) -> Edit<usize> {
    if removed > 0 { Edit::changed(removed, event) } else { Edit::unchanged(removed) }
}
