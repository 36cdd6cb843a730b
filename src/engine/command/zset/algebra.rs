//! Union, intersection and difference of sorted sets: ZUNION, ZINTER, ZDIFF, their STORE forms, ZINTERCARD.
//!
//! Plain sets take part as well.

use super::members;
use crate::args::Args;
use crate::command::numkeys;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number::{self, double};
use crate::reply::Reply;
use crate::value::sorted_set::SortedSet;
use crate::value::sorted_set::combine::{self, Aggregate, Input, Operation, Source};

const READ: CommandSpec = CommandSpec {
    group: Group::SortedSet,
    since: "6.2.0",
    arity: -3,
    flags: Flags::READONLY.union(Flags::MOVABLEKEYS),
    keys: &[KeySpec::numkeys(1, KeyFlags::READ)],
    ..CommandSpec::BASE
};

const STORE: CommandSpec = CommandSpec {
    group: Group::SortedSet,
    since: "2.0.0",
    arity: -4,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::MOVABLEKEYS),
    keys: &[KeySpec::one(1, KeyFlags::STORE), KeySpec::numkeys(2, KeyFlags::READ)],
    ..CommandSpec::BASE
};

const UNION_COST: &str = "O(N)+O(M*log(M)), N being the members in all sources and M those in the result";
const INTERSECTION_COST: &str = "O(N*K)+O(M*log(M)), N being the members in the smallest source, K the sources and M the members in the result";
const DIFFERENCE_COST: &str = "O(N*K)+O(M*log(M)), N being the members in the first source, K the sources and M the members in the result";

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "zdiff",
        summary: "Lists the members of the first sorted set that are in none of the others.",
        complexity: DIFFERENCE_COST,
        syntax: "numkeys:integer key:key#0* [withscores=WITHSCORES]",
        example: "> ZADD all 1 alice 2 bob 3 carol\n(integer) 3\n> ZADD away 1 bob\n(integer) 1\n> ZDIFF 2 all away\n\
            1) \"alice\"\n2) \"carol\"",
        run: Some(|context, args| read(context, args, Operation::Difference)),
        ..READ
    },
    CommandSpec {
        name: "zdiffstore",
        since: "6.2.0",
        summary: "Stores the members of the first sorted set that are in none of the others.",
        complexity: DIFFERENCE_COST,
        syntax: "destination:key#0 numkeys:integer key:key#1*",
        example: "> ZADD all 1 alice 2 bob 3 carol\n(integer) 3\n> ZADD away 1 bob\n(integer) 1\n\
            > ZDIFFSTORE here 2 all away\n(integer) 2",
        run: Some(|context, args| store_result(context, args, Operation::Difference, "zdiffstore")),
        ..STORE
    },
    CommandSpec {
        name: "zinter",
        summary: "Lists the members that are in every one of several sorted sets, with their scores combined.",
        complexity: INTERSECTION_COST,
        syntax: "numkeys:integer key:key#0* [weight:integer=WEIGHTS*] \
            [aggregate(sum=SUM | min=MIN | max=MAX)=AGGREGATE] [withscores=WITHSCORES]",
        example: "> ZADD monday 10 alice 20 bob\n(integer) 2\n> ZADD tuesday 5 bob\n(integer) 1\n\
            > ZINTER 2 monday tuesday WITHSCORES\n1) \"bob\"\n2) \"25\"",
        run: Some(|context, args| read(context, args, Operation::Intersection)),
        ..READ
    },
    CommandSpec {
        name: "zintercard",
        since: "7.0.0",
        summary: "Counts the members that are in every one of several sorted sets, up to a limit.",
        complexity: "O(N*K), N being the members in the smallest source and K the sources",
        syntax: "numkeys:integer key:key#0* [limit:integer=LIMIT]",
        example: "> ZADD monday 10 alice 20 bob\n(integer) 2\n> ZADD tuesday 5 bob\n(integer) 1\n\
            > ZINTERCARD 2 monday tuesday\n(integer) 1",
        run: Some(zintercard),
        ..READ
    },
    CommandSpec {
        name: "zinterstore",
        summary: "Stores the members that are in every one of several sorted sets, with their scores combined.",
        complexity: INTERSECTION_COST,
        syntax: "destination:key#0 numkeys:integer key:key#1* [weight:integer=WEIGHTS*] \
            [aggregate(sum=SUM | min=MIN | max=MAX)=AGGREGATE]",
        example: "> ZADD monday 10 alice 20 bob\n(integer) 2\n> ZADD tuesday 5 bob\n(integer) 1\n\
            > ZINTERSTORE both 2 monday tuesday AGGREGATE MIN\n(integer) 1\n> ZSCORE both bob\n\"5\"",
        run: Some(|context, args| store_result(context, args, Operation::Intersection, "zinterstore")),
        ..STORE
    },
    CommandSpec {
        name: "zunion",
        summary: "Lists the members that are in any of several sorted sets, with their scores combined.",
        complexity: UNION_COST,
        syntax: "numkeys:integer key:key#0* [weight:integer=WEIGHTS*] \
            [aggregate(sum=SUM | min=MIN | max=MAX)=AGGREGATE] [withscores=WITHSCORES]",
        example: "> ZADD monday 10 alice 20 bob\n(integer) 2\n> ZADD tuesday 5 bob\n(integer) 1\n\
            > ZUNION 2 monday tuesday WEIGHTS 1 2 WITHSCORES\n1) \"alice\"\n2) \"10\"\n3) \"bob\"\n4) \"30\"",
        run: Some(|context, args| read(context, args, Operation::Union)),
        ..READ
    },
    CommandSpec {
        name: "zunionstore",
        summary: "Stores the members that are in any of several sorted sets, with their scores combined.",
        complexity: UNION_COST,
        syntax: "destination:key#0 numkeys:integer key:key#1* [weight:integer=WEIGHTS*] \
            [aggregate(sum=SUM | min=MIN | max=MAX)=AGGREGATE]",
        example: "> ZADD monday 10 alice 20 bob\n(integer) 2\n> ZADD tuesday 5 bob\n(integer) 1\n\
            > ZUNIONSTORE week 2 monday tuesday\n(integer) 2\n> ZSCORE week bob\n\"25\"",
        run: Some(|context, args| store_result(context, args, Operation::Union, "zunionstore")),
        ..STORE
    },
];

fn read(context: &mut Context<'_>, args: &mut Args, operation: Operation) -> CommandResult {
    let keys = sources(context, args)?;
    let mut options = Options::new(keys.len());
    while !args.is_empty() {
        if args.word("WITHSCORES") {
            options.with_scores = true;
        } else {
            options.take(args, operation)?;
        }
    }
    let result = combined(context, &keys, &options, operation);
    Ok(members(result.iter(), options.with_scores))
}

fn store_result(
    context: &mut Context<'_>,
    args: &mut Args,
    operation: Operation,
    event: &'static str,
) -> CommandResult {
    let destination = args.take()?;
    let keys = sources(context, args)?;
    let mut options = Options::new(keys.len());
    while !args.is_empty() {
        options.take(args, operation)?;
    }
    let mut result = combined(context, &keys, &options, operation);
    result.compact(super::limits(context));
    Ok(Reply::count(context.db()?.store(destination, result, event)))
}

fn zintercard(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let keys = sources(context, args)?;
    let most = numkeys::limit(args)?;
    let inputs = inputs(context, &keys, &Options::new(keys.len()));
    Ok(Reply::count(combine::intersection_size(inputs, most)))
}

/// The count of keys and the keys, each read at once: a key of the wrong type is an error before any option is looked
/// at.
fn sources(context: &mut Context<'_>, args: &mut Args) -> Result<Vec<Vec<u8>>, Error> {
    let numkeys = args.int()?;
    let Some(numkeys) = number::to_count(numkeys).filter(|numkeys| *numkeys > 0) else {
        return Err(Error::NoInputKeys { command: context.name() });
    };
    if numkeys > args.remaining() {
        return Err(Error::Syntax);
    }
    let keys = args.take_many(numkeys)?;
    let mut db = context.db()?;
    for key in &keys {
        let value = db.read_value(key);
        if value.is_some_and(|value| Source::of(value).is_none()) {
            return Err(Error::WrongType);
        }
    }
    Ok(keys)
}

/// How scores are combined and shown.
struct Options {
    weights: Vec<f64>,
    aggregate: Aggregate,
    with_scores: bool,
}

impl Options {
    fn new(keys: usize) -> Self {
        Self { weights: vec![1.0; keys], aggregate: Aggregate::Sum, with_scores: false }
    }

    /// Takes one option, which differences do not have.
    fn take(&mut self, args: &mut Args, operation: Operation) -> Result<(), Error> {
        if operation == Operation::Difference {
            return Err(Error::Syntax);
        }
        if args.remaining() > self.weights.len() && args.word("WEIGHTS") {
            for weight in &mut self.weights {
                *weight = double::parse_score(&args.take()?)
                    .ok_or(Error::Fixed("ERR weight value is not a float"))?;
            }
            Ok(())
        } else if args.remaining() >= 2 && args.word("AGGREGATE") {
            self.aggregate = match () {
                () if args.word("SUM") => Aggregate::Sum,
                () if args.word("MIN") => Aggregate::Min,
                () if args.word("MAX") => Aggregate::Max,
                () => return Err(Error::Syntax),
            };
            Ok(())
        } else {
            Err(Error::Syntax)
        }
    }
}

fn inputs<'a>(context: &'a Context<'_>, keys: &[Vec<u8>], options: &Options) -> Vec<Input<'a>> {
    let database = context.keyspace.databases().get(context.session.db);
    let set = |key: &Vec<u8>| Source::of(&database?.get(key)?.value);
    keys.iter().zip(&options.weights).map(|(key, weight)| Input { set: set(key), weight: *weight }).collect()
}

fn combined(
    context: &mut Context<'_>,
    keys: &[Vec<u8>],
    options: &Options,
    operation: Operation,
) -> SortedSet {
    let scores = combine::combine(inputs(context, keys, options), operation, options.aggregate);
    let mut result = SortedSet::big();
    for (member, score) in scores {
        result.set(&member, score, super::limits(context), &mut context.around.rng);
    }
    result
}
