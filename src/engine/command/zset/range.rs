//! Ranges of members: ZRANGE, ZRANGESTORE, and the one request behind every command that reads a range.
//!
//! Whatever a range is given by (ranks, scores, members), it comes down to a range of ranks in the set, walked up or
//! down. The older commands in [`super::legacy`] are this request with some of its choices already made.

use std::ops::Range;

use super::{READ_KEY, bounds, limits, members};
use crate::args::Args;
use crate::command::span;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::reply::Reply;
use crate::value::sorted_set::{End, LexRange, ScoreRange, SortedSet};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "zrange",
        group: Group::SortedSet,
        since: "1.2.0",
        arity: -4,
        flags: Flags::READONLY,
        keys: READ_KEY,
        summary: "Lists the members in a range of ranks, scores or bytes, upwards or downwards.",
        complexity: "O(log(N)+M), N being the members in the sorted set and M those listed",
        syntax: "key:key#0 start stop [sortby(byscore=BYSCORE | bylex=BYLEX)@6.2.0] [rev=REV@6.2.0] \
            [limit{offset:integer count:integer}=LIMIT@6.2.0] [withscores=WITHSCORES]",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZRANGE board 0 1 REV WITHSCORES\n\
            1) \"alice\"\n2) \"100\"\n3) \"bob\"\n4) \"80\"\n> ZRANGE board (60 +inf BYSCORE LIMIT 0 1\n1) \"bob\"",
        run: Some(|context, args| range(context, args, Preset::default())),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "zrangestore",
        group: Group::SortedSet,
        since: "6.2.0",
        arity: -5,
        flags: Flags::WRITE.union(Flags::DENYOOM),
        keys: &[KeySpec::one(1, KeyFlags::STORE), KeySpec::one(2, KeyFlags::READ)],
        summary: "Stores a range of a sorted set's members as another sorted set.",
        complexity: "O(log(N)+M*log(M)), N being the members in the source and M those stored",
        syntax: "dst:key#0 src:key#1 min max [sortby(byscore=BYSCORE | bylex=BYLEX)] [rev=REV] \
            [limit{offset:integer count:integer}=LIMIT]",
        example: "> ZADD board 100 alice 80 bob 60 carol\n(integer) 3\n> ZRANGESTORE podium board 0 1 REV\n(integer) 2\n\
            > ZRANGE podium 0 -1\n1) \"bob\"\n2) \"alice\"",
        run: Some(zrangestore),
        ..CommandSpec::BASE
    },
];

/// What the ends of a range are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Rank,
    Score,
    Member,
}

/// The choices that a command makes for the client; `None` leaves a choice to options.
#[derive(Clone, Copy, Debug, Default)]
pub struct Preset {
    pub by: Option<By>,
    /// Downwards, from the highest score.
    pub reverse: Option<bool>,
}

/// A range to be listed or stored.
struct Request {
    ends: Ends,
    reverse: bool,
    with_scores: bool,
    /// So many members of the range are skipped.
    offset: i64,
    /// So many are taken; all, if negative.
    count: i64,
}

enum Ends {
    Ranks(i64, i64),
    Scores(ScoreRange),
    Members(LexRange),
}

impl Request {
    /// Both ends, then options in any order.
    fn parse(args: &mut Args, preset: Preset, storing: bool) -> Result<Self, Error> {
        let (first, second) = (args.take()?, args.take()?);
        let Preset { mut by, mut reverse } = preset;
        let (mut with_scores, mut offset, mut count) = (false, 0, -1);
        while !args.is_empty() {
            if !storing && args.word("WITHSCORES") {
                with_scores = true;
            } else if args.remaining() >= 3 && args.word("LIMIT") {
                (offset, count) = (args.int()?, args.int()?);
            } else if reverse.is_none() && args.word("REV") {
                reverse = Some(true);
            } else if by.is_none() && args.word("BYLEX") {
                by = Some(By::Member);
            } else if by.is_none() && args.word("BYSCORE") {
                by = Some(By::Score);
            } else {
                return Err(Error::Syntax);
            }
        }
        let (by, reverse) = (by.unwrap_or(By::Rank), reverse.unwrap_or(false));
        if count != -1 && by == By::Rank {
            return Err(Error::Fixed(
                "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
            ));
        }
        if with_scores && by == By::Member {
            return Err(Error::Fixed("ERR syntax error, WITHSCORES not supported in combination with BYLEX"));
        }
        Ok(Self { ends: Ends::parse(by, reverse, &first, &second)?, reverse, with_scores, offset, count })
    }

    /// The ranks asked for, counted from the lowest score.
    fn ranks(&self, set: &SortedSet) -> Range<usize> {
        match &self.ends {
            Ends::Ranks(start, stop) => {
                let Range { start, end } = span::between(*start, *stop, set.len());
                if self.reverse { set.len() - end..set.len() - start } else { start..end }
            }
            Ends::Scores(scores) => {
                let range = set.ranks_by_score(scores);
                self.taken(self.without(self.skipped(range.len(), set), range))
            }
            Ends::Members(lex) => {
                let from = if self.reverse { End::Last } else { End::First };
                let all = || set.ranks_by_member(lex, from, 0).len();
                let skip = number::to_count(self.offset).unwrap_or_else(|| self.skipped(all(), set));
                self.taken(set.ranks_by_member(lex, from, skip))
            }
        }
    }

    /// How many members of a range that long LIMIT leaves out. A negative offset leaves out all of a small set's; in a
    /// big one it counts from the other end, as the real server's search for the n-th member happens to do.
    fn skipped(&self, len: usize, set: &SortedSet) -> usize {
        let from_end = || usize::try_from(self.offset.unsigned_abs()).ok().and_then(|n| len.checked_sub(n));
        match number::to_count(self.offset) {
            Some(offset) => offset.min(len),
            None if set.is_packed() => len,
            None => from_end().unwrap_or(len),
        }
    }

    fn without(&self, skipped: usize, range: Range<usize>) -> Range<usize> {
        if self.reverse { range.start..range.end - skipped } else { range.start + skipped..range.end }
    }

    /// As many members of a range as LIMIT lets through.
    fn taken(&self, range: Range<usize>) -> Range<usize> {
        let taken = number::to_count(self.count).unwrap_or(usize::MAX).min(range.len());
        if self.reverse { range.end - taken..range.end } else { range.start..range.start + taken }
    }
}

impl Ends {
    /// A range of scores or members walked downwards is given with its upper end first.
    fn parse(by: By, reverse: bool, first: &[u8], second: &[u8]) -> Result<Self, Error> {
        let (min, max) = if reverse { (second, first) } else { (first, second) };
        Ok(match by {
            By::Rank => {
                let (start, stop) = bounds::rank_pair(first, second)?;
                Self::Ranks(start, stop)
            }
            By::Score => Self::Scores(bounds::score_range(min, max)?),
            By::Member => Self::Members(bounds::lex_range(min, max)?),
        })
    }
}

/// Lists a range: key, both ends, options.
pub fn range(context: &mut Context<'_>, args: &mut Args, preset: Preset) -> CommandResult {
    let key = args.take()?;
    let request = Request::parse(args, preset, false)?;
    let mut db = context.db()?;
    let Some(set) = db.read::<SortedSet>(&key)? else { return Ok(Reply::Array(Vec::new())) };
    let found = set.range(request.ranks(set));
    Ok(if request.reverse {
        members(found.rev(), request.with_scores)
    } else {
        members(found, request.with_scores)
    })
}

fn zrangestore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (destination, source) = (args.take()?, args.take()?);
    let request = Request::parse(args, Preset::default(), true)?;
    let limits = limits(context);
    let found: Vec<(Vec<u8>, f64)> = match context.db()?.read::<SortedSet>(&source)? {
        Some(set) => set.range(request.ranks(set)).map(|(member, score)| (member.to_vec(), score)).collect(),
        None => Vec::new(),
    };
    let rng = &mut context.around.rng;
    let mut result = SortedSet::default();
    result.expect(found.len(), 0, limits, rng);
    for (member, score) in found {
        result.set(&member, score, limits, rng);
    }
    Ok(Reply::count(context.db()?.store(destination, result, "zrangestore")))
}
