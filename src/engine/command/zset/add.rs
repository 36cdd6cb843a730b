//! Adding members and changing scores: ZADD, ZINCRBY.

use super::limits;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::number::double;
use crate::reply::Reply;
use crate::value::sorted_set::SortedSet;

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "zadd",
        group: Group::SortedSet,
        since: "1.2.0",
        arity: -4,
        flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::UPDATE))],
        summary: "Adds members with their scores, or gives members that are there a new score.",
        complexity: "O(log(N)) for each member, N being the members in the sorted set",
        syntax: "key:key#0 [condition(nx=NX | xx=XX)@3.0.2] [comparison(gt=GT | lt=LT)@6.2.0] [change=CH@3.0.2] \
            [increment=INCR@3.0.2] data{score:double member}*",
        example: "> ZADD board 100 alice 80 bob\n(integer) 2\n> ZADD board GT CH 90 alice 95 bob\n(integer) 1\n\
            > ZRANGE board 0 -1 WITHSCORES\n1) \"bob\"\n2) \"95\"\n3) \"alice\"\n4) \"100\"",
        run: Some(zadd),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "zincrby",
        group: Group::SortedSet,
        since: "1.2.0",
        arity: 4,
        flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
        summary: "Adds to a member's score, which counts as 0 where the member is new.",
        complexity: "O(log(N)), N being the members in the sorted set",
        syntax: "key:key#0 increment:integer member",
        example: "> ZINCRBY board 10 alice\n\"10\"\n> ZINCRBY board 2.5 alice\n\"12.5\"",
        run: Some(zincrby),
        ..CommandSpec::BASE
    },
];

/// When a score may change, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub only_new: bool,
    pub only_existing: bool,
    pub only_greater: bool,
    pub only_less: bool,
    pub count_changed: bool,
    pub increment: bool,
}

impl Options {
    /// Takes option words from the front, in any order, up to the first argument that is none.
    fn parse(args: &mut Args) -> Self {
        let mut options = Self::default();
        loop {
            let option = match () {
                () if args.word("NX") => &mut options.only_new,
                () if args.word("XX") => &mut options.only_existing,
                () if args.word("GT") => &mut options.only_greater,
                () if args.word("LT") => &mut options.only_less,
                () if args.word("CH") => &mut options.count_changed,
                () if args.word("INCR") => &mut options.increment,
                () => return options,
            };
            *option = true;
        }
    }

    fn check(self, pairs: usize) -> Result<(), Error> {
        let Self { only_new, only_existing, only_greater, only_less, .. } = self;
        if only_new && only_existing {
            Err(Error::Fixed("ERR XX and NX options at the same time are not compatible"))
        } else if (only_new && (only_greater || only_less)) || (only_greater && only_less) {
            Err(Error::Fixed("ERR GT, LT, and/or NX options at the same time are not compatible"))
        } else if self.increment && pairs > 1 {
            Err(Error::Fixed("ERR INCR option supports a single increment-element pair"))
        } else {
            Ok(())
        }
    }

    /// The score a member is to have, NaN where it has none; `None` where the options leave the member alone.
    fn decide(self, before: Option<f64>, given: f64) -> Option<f64> {
        let Some(current) = before else { return (!self.only_existing).then_some(given) };
        if self.only_new {
            return None;
        }
        let score = if self.increment { current + given } else { given };
        let refused = (self.only_less && score >= current) || (self.only_greater && score <= current);
        (!refused).then_some(score)
    }
}

fn zadd(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let options = Options::parse(args);
    let count = args.remaining();
    if count == 0 || !count.is_multiple_of(2) {
        return Err(Error::Syntax);
    }
    options.check(count / 2)?;
    let mut pairs = Vec::with_capacity(count / 2);
    while !args.is_empty() {
        pairs.push((score(&args.take()?)?, args.take()?));
    }
    add(context, &key, options, &pairs)
}

fn zincrby(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    // Redis reads ZADD's options here, too, which then leave no room for a score and a member.
    let options = Options { increment: true, ..Options::parse(args) };
    if args.remaining() != 2 {
        return Err(Error::Syntax);
    }
    let pair = (score(&args.take()?)?, args.take()?);
    add(context, &key, options, &[pair])
}

fn score(text: &[u8]) -> Result<f64, Error> {
    double::parse_score(text).ok_or(Error::NotAFloat)
}

/// What became of the members, and the last one's score if it was not left alone.
#[derive(Default)]
struct Tally {
    added: usize,
    updated: usize,
    last: Option<f64>,
}

/// Adds members with their scores as the options have it, and answers as ZADD does.
pub fn add(
    context: &mut Context<'_>,
    key: &[u8],
    options: Options,
    pairs: &[(f64, Vec<u8>)],
) -> CommandResult {
    let limits = limits(context);
    let first_len = pairs.first().map_or(0, |(_, member)| member.len());
    let mut tally = Tally::default();
    context.db()?.edit_or_create(key, |set: &mut SortedSet, around| {
        set.expect(pairs.len(), first_len, limits, &mut around.rng);
        for (score, member) in pairs {
            let decide = |before| {
                tally.last = options.decide(before, *score);
                tally.last.filter(|score| !score.is_nan())
            };
            let change = set.set_with(member, decide, limits, &mut around.rng);
            tally.added += usize::from(change.before.is_none() && change.after.is_some());
            tally.updated += usize::from(change.before.is_some() && change.before != change.after);
        }
        let event = if options.increment { "zincr" } else { "zadd" };
        if tally.added + tally.updated > 0 { Edit::changed((), event) } else { Edit::unchanged(()) }
    })?;
    if !options.increment {
        return Ok(Reply::count(tally.added + if options.count_changed { tally.updated } else { 0 }));
    }
    match tally.last {
        Some(score) if score.is_nan() => Err(Error::ScoreNotANumber),
        Some(score) => Ok(Reply::Double(score)),
        None => Ok(Reply::Nil),
    }
}
