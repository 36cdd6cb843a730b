//! Taking members from an end: ZPOPMIN, ZPOPMAX, ZMPOP.

use super::members;
use crate::args::Args;
use crate::command::numkeys::Pop;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Db, Edit};
use crate::reply::Reply;
use crate::value::bytes::SmallBytes;
use crate::value::sorted_set::{End, SortedSet};

const POP_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::TAKE)];

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "zmpop",
        group: Group::SortedSet,
        since: "7.0.0",
        arity: -4,
        flags: Flags::WRITE.union(Flags::MOVABLEKEYS),
        keys: &[KeySpec::numkeys(1, KeyFlags::TAKE)],
        summary: "Removes members from an end of the first of several sorted sets that has any.",
        complexity: "O(K)+O(M*log(N)), K being the keys, N the members in the sorted set and M those removed",
        syntax: "numkeys:integer key:key#0* where(min=MIN | max=MAX) [count:integer=COUNT]",
        example: "> ZADD high 1 alice 2 bob 3 carol\n(integer) 3\n> ZMPOP 2 urgent high MIN COUNT 2\n1) \"high\"\n\
            2) 1) 1) \"alice\"\n      2) \"1\"\n   2) 1) \"bob\"\n      2) \"2\"",
        run: Some(zmpop),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "zpopmax",
        group: Group::SortedSet,
        since: "5.0.0",
        arity: -2,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: POP_KEY,
        summary: "Removes the members with the highest scores and gives them.",
        complexity: "O(log(N)*M), N being the members in the sorted set and M those removed",
        syntax: "key:key#0 [count:integer]",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZPOPMAX board\n1) \"alice\"\n2) \"100\"",
        run: Some(|context, args| pop(context, args, End::Last)),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "zpopmin",
        group: Group::SortedSet,
        since: "5.0.0",
        arity: -2,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: POP_KEY,
        summary: "Removes the members with the lowest scores and gives them.",
        complexity: "O(log(N)*M), N being the members in the sorted set and M those removed",
        syntax: "key:key#0 [count:integer]",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZPOPMIN board 2\n1) \"carol\"\n2) \"60\"\n\
            3) \"bob\"\n4) \"80\"",
        run: Some(|context, args| pop(context, args, End::First)),
        ..CommandSpec::BASE
    },
];

pub(super) type Popped = Vec<(SmallBytes, f64)>;

fn pop(context: &mut Context<'_>, args: &mut Args, end: End) -> CommandResult {
    let key = args.take()?;
    if args.remaining() > 1 {
        return Err(Error::Syntax);
    }
    let counted = !args.is_empty();
    let count = if counted { args.count(0, Error::NotPositive)? } else { 1 };
    let popped = take(&mut context.db()?, &key, end, count)?.unwrap_or_default();
    if counted {
        return Ok(members(popped.into_iter(), true));
    }
    // A single member comes flat in either protocol.
    let flat = popped.into_iter().flat_map(|(member, score)| [Reply::bulk(member), Reply::Double(score)]);
    Ok(Reply::Array(flat.collect()))
}

fn zmpop(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let request = Pop::parse(args, end)?;
    Ok(serve(&request, &mut context.db()?)?.unwrap_or(Reply::NilArray))
}

/// The next argument as an end of a sorted set.
pub(super) fn end(args: &mut Args) -> Result<End, Error> {
    match () {
        () if args.word("MIN") => Ok(End::First),
        () if args.word("MAX") => Ok(End::Last),
        () => Err(Error::Syntax),
    }
}

/// The key and its members, or nothing where no set has any.
pub(super) fn serve(request: &Pop<End>, db: &mut Db<'_>) -> Result<Option<Reply>, Error> {
    request.serve(|key, end, count| Ok(take(db, key, end, count)?.map(pairs)))
}

/// Each member in an array with its score, in either protocol.
fn pairs(popped: Popped) -> Reply {
    let pair = |(member, score)| Reply::Array(vec![Reply::bulk(member), Reply::Double(score)]);
    Reply::Array(popped.into_iter().map(pair).collect())
}

pub(super) fn take(db: &mut Db<'_>, key: &[u8], end: End, count: usize) -> Result<Option<Popped>, Error> {
    let event = if end == End::First { "zpopmin" } else { "zpopmax" };
    db.edit(key, |set: &mut SortedSet, _| {
        let popped = set.pop(end, count);
        if popped.is_empty() { Edit::unchanged(popped) } else { Edit::changed(popped, event) }
    })
}
