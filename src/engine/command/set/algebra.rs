//! Union, intersection and difference of sets: SUNION, SINTER, SDIFF, their STORE forms, SINTERCARD.

use super::{limits, reply};
use crate::args::Args;
use crate::command::numkeys;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::set::algebra::{self, Operation};
use crate::value::set::{Member, Set};

const READ: CommandSpec = CommandSpec {
    group: Group::Set,
    arity: -2,
    flags: Flags::READONLY,
    keys: &[KeySpec::range(1, -1, 1, KeyFlags::READ)],
    tips: &["nondeterministic_output_order"],
    syntax: "key:key#0*",
    ..CommandSpec::BASE
};

const STORE: CommandSpec = CommandSpec {
    group: Group::Set,
    arity: -3,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, KeyFlags::STORE), KeySpec::range(2, -1, 1, KeyFlags::READ)],
    syntax: "destination:key#0 key:key#1*",
    ..CommandSpec::BASE
};

const SUM_COST: &str = "O(N), N being the members in all sources";
const INTERSECTION_COST: &str = "O(N*K), N being the members in the smallest source and K the sources";

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "sdiff",
        summary: "Lists the members of the first set that are in none of the others.",
        complexity: SUM_COST,
        example: "> SADD all alice bob carol\n(integer) 3\n> SADD away alice carol\n(integer) 2\n> SDIFF all away\n\
            1) \"bob\"",
        run: Some(|context, args| gather(context, args, Operation::Difference)),
        ..READ
    },
    CommandSpec {
        name: "sdiffstore",
        summary: "Stores the members of the first set that are in none of the others.",
        complexity: SUM_COST,
        example: "> SADD all alice bob carol\n(integer) 3\n> SADD away bob\n(integer) 1\n> SDIFFSTORE here all away\n\
            (integer) 2\n> SMEMBERS here\n1) \"alice\"\n2) \"carol\"",
        run: Some(|context, args| store_gathered(context, args, Operation::Difference, "sdiffstore")),
        ..STORE
    },
    CommandSpec {
        name: "sinter",
        summary: "Lists the members that are in every one of several sets.",
        complexity: INTERSECTION_COST,
        example: "> SADD monday alice bob\n(integer) 2\n> SADD tuesday bob carol\n(integer) 2\n\
            > SINTER monday tuesday\n1) \"bob\"",
        run: Some(sinter),
        ..READ
    },
    CommandSpec {
        name: "sintercard",
        since: "7.0.0",
        arity: -3,
        flags: Flags::READONLY.union(Flags::MOVABLEKEYS),
        keys: &[KeySpec::numkeys(1, KeyFlags::READ)],
        tips: &[],
        summary: "Counts the members that are in every one of several sets, up to a limit.",
        complexity: INTERSECTION_COST,
        syntax: "numkeys:integer key:key#0* [limit:integer=LIMIT]",
        example: "> SADD monday alice bob\n(integer) 2\n> SADD tuesday bob carol\n(integer) 2\n\
            > SINTERCARD 2 monday tuesday\n(integer) 1",
        run: Some(sintercard),
        ..READ
    },
    CommandSpec {
        name: "sinterstore",
        summary: "Stores the members that are in every one of several sets.",
        complexity: INTERSECTION_COST,
        example: "> SADD monday alice bob\n(integer) 2\n> SADD tuesday bob carol\n(integer) 2\n\
            > SINTERSTORE both monday tuesday\n(integer) 1\n> SMEMBERS both\n1) \"bob\"",
        run: Some(sinterstore),
        ..STORE
    },
    CommandSpec {
        name: "sunion",
        summary: "Lists the members that are in any of several sets.",
        complexity: SUM_COST,
        example: "> SADD odd 1 3 5\n(integer) 3\n> SADD even 2 4\n(integer) 2\n> SUNION odd even\n1) \"1\"\n2) \"2\"\n\
            3) \"3\"\n4) \"4\"\n5) \"5\"",
        run: Some(|context, args| gather(context, args, Operation::Union)),
        ..READ
    },
    CommandSpec {
        name: "sunionstore",
        summary: "Stores the members that are in any of several sets.",
        complexity: SUM_COST,
        example: "> SADD odd 1 3 5\n(integer) 3\n> SADD even 2 4\n(integer) 2\n> SUNIONSTORE both odd even\n(integer) 5",
        run: Some(|context, args| store_gathered(context, args, Operation::Union, "sunionstore")),
        ..STORE
    },
];

fn sinter(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let keys = args.rest();
    let members = sources(context, &keys)?.into_iter().collect::<Option<_>>().map(algebra::intersection);
    Ok(reply(members.unwrap_or_default()))
}

fn sinterstore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (destination, keys) = (args.take()?, args.rest());
    let limits = limits(context);
    let sets = sources(context, &keys)?.into_iter().collect::<Option<_>>();
    let result = sets.map(|sets| algebra::stored_intersection(sets, limits));
    Ok(Reply::count(context.db()?.store(destination, result.unwrap_or_default(), "sinterstore")))
}

fn sintercard(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let numkeys = args.count(1, Error::NumkeysNotPositive)?;
    if numkeys > args.remaining() {
        return Err(Error::Fixed("ERR Number of keys can't be greater than number of args"));
    }
    let keys = args.take_many(numkeys)?;
    let most = numkeys::limit(args)?;
    let sets = sources(context, &keys)?.into_iter().collect::<Option<_>>();
    Ok(Reply::count(sets.map_or(0, |sets| algebra::intersection_size(sets, most))))
}

fn gather(context: &mut Context<'_>, args: &mut Args, operation: Operation) -> CommandResult {
    let keys = args.rest();
    let limits = limits(context);
    let result = algebra::gathered(operation, &sources(context, &keys)?, limits);
    Ok(reply(result.iter().map(Member::to_vec).collect()))
}

fn store_gathered(
    context: &mut Context<'_>,
    args: &mut Args,
    operation: Operation,
    event: &'static str,
) -> CommandResult {
    let (destination, keys) = (args.take()?, args.rest());
    let limits = limits(context);
    let result = algebra::stored(operation, &sources(context, &keys)?, limits);
    Ok(Reply::count(context.db()?.store(destination, result, event)))
}

/// The sets at these keys, `None` for a key that is not there. All are read before any is looked into: a key of the
/// wrong type is an error even beside an empty one.
fn sources<'a>(context: &'a mut Context<'_>, keys: &[Vec<u8>]) -> Result<Vec<Option<&'a Set>>, Error> {
    let mut db = context.db()?;
    for key in keys {
        db.read::<Set>(key)?;
    }
    let (keyspace, db) = (&*context.keyspace, context.session.db);
    Ok(keys.iter().map(|key| keyspace.peek(db, key)).collect())
}
