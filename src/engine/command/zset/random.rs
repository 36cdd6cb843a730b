//! Drawing members at random: ZRANDMEMBER.

use super::{READ_KEY, members, peek};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::rng::Rng;
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

/// More draws with repetition than this are refused: the real server would send them one by one, but here the whole
/// answer is built first and must fit in memory.
const MOST_DRAWS: usize = 1 << 20;

fn zrandmember(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    if args.is_empty() {
        return one(context, &key);
    }
    let count = args.int()?;
    if count == i64::MIN {
        return Err(Error::Fixed(
            "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807",
        ));
    }
    let with_scores = args.word("WITHSCORES");
    args.finish()?;
    if with_scores && count.unsigned_abs() > i64::MAX as u64 / 2 {
        return Err(Error::OutOfRange);
    }
    if context.db()?.read::<SortedSet>(&key)?.is_none() {
        return Ok(Reply::Array(Vec::new()));
    }
    let wanted = usize::try_from(count.unsigned_abs()).unwrap_or(usize::MAX);
    if count < 0 && wanted > MOST_DRAWS {
        return Err(Error::Fixed("ERR the Redis playground draws at most 1048576 members at once"));
    }
    let Some((set, rng)) = drawing_from(context, &key) else { return Ok(Reply::Nil) };
    if count > 0 && wanted >= set.len() {
        // All there are: Redis lists them from the highest score down.
        return Ok(members(set.iter().rev(), with_scores));
    }
    let slots = if count < 0 { repeated(set.len(), wanted, rng) } else { distinct(set, wanted, rng) };
    Ok(members(slots.into_iter().filter_map(|slot| set.slot(slot)), with_scores))
}

fn one(context: &mut Context<'_>, key: &[u8]) -> CommandResult {
    if context.db()?.read::<SortedSet>(key)?.is_none() {
        return Ok(Reply::Nil);
    }
    let drawn = drawing_from(context, key).and_then(|(set, rng)| set.slot(rng.below(set.len())));
    Ok(drawn.map_or(Reply::Nil, |(member, _)| Reply::bulk(member)))
}

/// A sorted set that has been read, and the random source beside it.
fn drawing_from<'a>(context: &'a mut Context<'_>, key: &[u8]) -> Option<(&'a SortedSet, &'a mut Rng)> {
    let set = peek(context.keyspace, context.session.db, key)?;
    Some((set, &mut context.around.rng))
}

fn repeated(slots: usize, wanted: usize, rng: &mut Rng) -> Vec<usize> {
    (0..wanted).map(|_| rng.below(slots)).collect()
}

/// Draws `wanted` different slots. A small set gives them in order, as Redis does.
fn distinct(set: &SortedSet, wanted: usize, rng: &mut Rng) -> Vec<usize> {
    let mut slots = rng.distinct(set.len(), wanted);
    if set.is_packed() {
        slots.sort_unstable();
    }
    slots
}
