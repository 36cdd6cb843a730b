//! Looking members up and counting them: ZCARD, ZSCORE, ZMSCORE, ZRANK, ZREVRANK, ZCOUNT, ZLEXCOUNT.

use super::{READ_KEY, bounds};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::sorted_set::{End, SortedSet};

const FAST_READ: CommandSpec = CommandSpec {
    group: Group::SortedSet,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: READ_KEY,
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "zcard",
        since: "1.2.0",
        arity: 2,
        keys: &[KeySpec::one(1, KeyFlags::RO)],
        summary: "Counts the members.",
        complexity: "O(1)",
        syntax: "key:key#0",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> ZCARD board\n(integer) 2",
        run: Some(zcard),
        ..FAST_READ
    },
    CommandSpec {
        name: "zcount",
        since: "2.0.0",
        arity: 4,
        summary: "Counts the members whose scores lie in a range.",
        complexity: "O(log(N)), N being the members in the sorted set",
        syntax: "key:key#0 min:double max:double",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZCOUNT board 80 +inf\n(integer) 2\n\
            > ZCOUNT board (60 (100\n(integer) 1",
        run: Some(zcount),
        ..FAST_READ
    },
    CommandSpec {
        name: "zlexcount",
        since: "2.8.9",
        arity: 4,
        summary: "Counts the members between two in byte order, where all scores are equal.",
        complexity: "O(log(N)), N being the members in the sorted set",
        syntax: "key:key#0 min max",
        example: "> ZADD words 0 apple 0 banana 0 cherry\n(integer) 3\n> ZLEXCOUNT words [b +\n(integer) 2",
        run: Some(zlexcount),
        ..FAST_READ
    },
    CommandSpec {
        name: "zmscore",
        since: "6.2.0",
        arity: -3,
        summary: "Gives the scores of several members, nil for those that are not there.",
        complexity: "O(N), N being the members asked for",
        syntax: "key:key#0 member*",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> ZMSCORE board bob dave\n1) \"80\"\n2) (nil)",
        run: Some(zmscore),
        ..FAST_READ
    },
    CommandSpec {
        name: "zrank",
        since: "2.0.0",
        arity: -3,
        summary: "Tells where a member stands, the lowest score having rank 0.",
        complexity: "O(log(N)), N being the members in the sorted set",
        syntax: "key:key#0 member [withscore=WITHSCORE]",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> ZRANK board alice\n(integer) 1\n\
            > ZRANK board bob WITHSCORE\n1) (integer) 0\n2) \"80\"",
        run: Some(|context, args| rank(context, args, End::First)),
        ..FAST_READ
    },
    CommandSpec {
        name: "zrevrank",
        since: "2.0.0",
        arity: -3,
        summary: "Tells where a member stands, the highest score having rank 0.",
        complexity: "O(log(N)), N being the members in the sorted set",
        syntax: "key:key#0 member [withscore=WITHSCORE]",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> ZREVRANK board alice\n(integer) 0",
        run: Some(|context, args| rank(context, args, End::Last)),
        ..FAST_READ
    },
    CommandSpec {
        name: "zscore",
        since: "1.2.0",
        arity: 3,
        summary: "Gives a member's score.",
        complexity: "O(1)",
        syntax: "key:key#0 member",
        example: "> ZADD board 99.5 alice\n(integer) 1\n> ZSCORE board alice\n\"99.5\"",
        run: Some(zscore),
        ..FAST_READ
    },
];

fn zcard(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    Ok(Reply::count(db.read::<SortedSet>(&key)?.map_or(0, SortedSet::len)))
}

fn zcount(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let range = bounds::score_range(&args.take()?, &args.take()?)?;
    let mut db = context.db()?;
    let set = db.read::<SortedSet>(&key)?;
    Ok(Reply::count(set.map_or(0, |set| set.ranks_by_score(&range).len())))
}

fn zlexcount(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let range = bounds::lex_range(&args.take()?, &args.take()?)?;
    let mut db = context.db()?;
    let set = db.read::<SortedSet>(&key)?;
    Ok(Reply::count(set.map_or(0, |set| set.ranks_by_member(&range, End::First, 0).len())))
}

fn zmscore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let members = args.rest();
    let mut db = context.db()?;
    let set = db.read::<SortedSet>(&key)?;
    Ok(Reply::Array(members.iter().map(|member| score_of(set, member)).collect()))
}

fn zscore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, member) = (args.take()?, args.take()?);
    let mut db = context.db()?;
    Ok(score_of(db.read::<SortedSet>(&key)?, &member))
}

fn score_of(set: Option<&SortedSet>, member: &[u8]) -> Reply {
    set.and_then(|set| set.score(member)).map_or(Reply::Nil, Reply::Double)
}

fn rank(context: &mut Context<'_>, args: &mut Args, from: End) -> CommandResult {
    let (key, member) = (args.take()?, args.take()?);
    if args.remaining() > 1 {
        return Err(Error::WrongArity { command: context.name() });
    }
    let with_score = args.word("WITHSCORE");
    args.finish()?;
    let mut db = context.db()?;
    let set = db.read::<SortedSet>(&key)?;
    let found = set.and_then(|set| {
        let (rank, score) = set.rank(&member)?;
        Some((if from == End::First { rank } else { set.len() - 1 - rank }, score))
    });
    Ok(match found {
        Some((rank, score)) if with_score => Reply::Array(vec![Reply::count(rank), Reply::Double(score)]),
        Some((rank, _)) => Reply::count(rank),
        None if with_score => Reply::NilArray,
        None => Reply::Nil,
    })
}
