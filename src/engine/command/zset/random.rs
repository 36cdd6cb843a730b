//! Drawing members at random: ZRANDMEMBER.

use super::{READ_KEY, members};
use crate::args::Args;
use crate::command::draw::{self, Request};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::reply::Reply;
use crate::value::sorted_set::SortedSet;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "zrandmember",
    group: Group::SortedSet,
    since: "6.2.0",
    arity: -2,
    flags: Flags::READONLY,
    keys: READ_KEY,
    tips: &["nondeterministic_output"],
    summary: "Draws members at random: distinct ones, or, for a negative count, each draw on its own.",
    complexity: "O(N), N being the members drawn",
    syntax: "key:key#0 [options{count:integer [withscores=WITHSCORES]}]",
    example: "> ZADD board 100 alice\n(integer) 1\n> ZRANDMEMBER board\n\"alice\"\n\
        > ZRANDMEMBER board -2 WITHSCORES\n1) \"alice\"\n2) \"100\"\n3) \"alice\"\n4) \"100\"",
    run: Some(zrandmember),
    ..CommandSpec::BASE
}];

fn zrandmember(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    if args.is_empty() {
        return one(context, &key);
    }
    let request = Request::parse(args, "WITHSCORES")?;
    if context.db()?.read::<SortedSet>(&key)?.is_none() {
        return Ok(Reply::Array(Vec::new()));
    }
    request.check()?;
    let Some((set, rng)) = draw::from::<SortedSet>(context, &key) else { return Ok(Reply::Nil) };
    Ok(match request.draw(set.len(), set.is_packed(), rng) {
        Some(slots) => members(slots.into_iter().filter_map(|slot| set.slot(slot)), request.in_full),
        // All there are: Redis lists them from the highest score down.
        None => members(set.iter().rev(), request.in_full),
    })
}

fn one(context: &mut Context<'_>, key: &[u8]) -> CommandResult {
    if context.db()?.read::<SortedSet>(key)?.is_none() {
        return Ok(Reply::Nil);
    }
    let drawn = draw::from::<SortedSet>(context, key).and_then(|(set, rng)| set.slot(rng.below(set.len())));
    Ok(drawn.map_or(Reply::Nil, |(member, _)| Reply::bulk(member)))
}
