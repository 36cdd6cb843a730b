//! Reading lifetimes of fields: HTTL, HPTTL, HEXPIRETIME, HPEXPIRETIME.

use super::expire::{NO_DEADLINE, NO_FIELD};
use super::{NOT_POSITIVE, READ_KEY, named_fields};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::reply::Reply;
use crate::value::ValueType;
use crate::value::hash::Hash;

const READER: CommandSpec = CommandSpec {
    group: Group::Hash,
    since: "7.4.0",
    arity: -5,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: READ_KEY,
    complexity: "O(N), N being the fields named",
    syntax: "key:key#0 fields{numfields:integer field*}=FIELDS",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hexpiretime",
        summary: "The moments fields expire, in seconds since 1970; -1 for those that never do, -2 for those not there.",
        example: "> HSET session user ann code 1234\n(integer) 2\n> HEXPIREAT session 4102444800 FIELDS 1 code\n\
            1) (integer) 1\n> HEXPIRETIME session FIELDS 3 code user nothing\n1) (integer) 4102444800\n\
            2) (integer) -1\n3) (integer) -2",
        run: Some(|context, args| read_deadlines(context, args, |at, _| at.div_ceil(1000))),
        ..READER
    },
    CommandSpec {
        name: "hpexpiretime",
        summary: "The moments fields expire, in milliseconds since 1970; -1 for those that never do, -2 for those not there.",
        example: "> HSET session code 1234\n(integer) 1\n> HPEXPIREAT session 4102444800123 FIELDS 1 code\n\
            1) (integer) 1\n> HPEXPIRETIME session FIELDS 1 code\n1) (integer) 4102444800123",
        run: Some(|context, args| read_deadlines(context, args, |at, _| at)),
        ..READER
    },
    CommandSpec {
        name: "hpttl",
        tips: &["nondeterministic_output"],
        summary: "Milliseconds fields have left; -1 for those that never expire, -2 for those not there.",
        example: "> HSET session user ann\n(integer) 1\n> HPTTL session FIELDS 2 user nothing\n1) (integer) -1\n\
            2) (integer) -2",
        run: Some(|context, args| read_deadlines(context, args, u64::saturating_sub)),
        ..READER
    },
    CommandSpec {
        name: "httl",
        tips: &["nondeterministic_output"],
        summary: "Seconds fields have left, rounded up; -1 for those that never expire, -2 for those not there.",
        example: "> HSET session user ann code 1234\n(integer) 2\n> HEXPIRE session 60 FIELDS 1 code\n\
            1) (integer) 1\n> HTTL session FIELDS 2 code user\n1) (integer) 60\n2) (integer) -1",
        run: Some(|context, args| {
            read_deadlines(context, args, |at, now| at.saturating_sub(now).div_ceil(1000))
        }),
        ..READER
    },
];

/// The four readers: `show` makes of a deadline, and of the moment it is, what is answered.
fn read_deadlines(
    context: &mut Context<'_>,
    args: &mut Args,
    show: impl Fn(u64, u64) -> u64,
) -> CommandResult {
    let (key, now) = (args.take()?, context.now());
    let mut db = context.db()?;
    db.read::<Hash>(&key)?;
    let fields = named_fields(args, NOT_POSITIVE)?;
    let hash = db.peek(&key).and_then(Hash::of);
    // In the very millisecond of its deadline a field is gone already for these commands if the hash is small.
    let first_moment = now + u64::from(hash.is_some_and(Hash::is_packed));
    let answer = |field: &Vec<u8>| match hash.and_then(|hash| hash.get(field)).map(|found| found.expires_at) {
        None => NO_FIELD,
        Some(None) => NO_DEADLINE,
        Some(Some(at)) if at < first_moment => NO_FIELD,
        Some(Some(at)) => i64::try_from(show(at, now)).unwrap_or(i64::MAX),
    };
    Ok(Reply::Array(fields.iter().map(|field| Reply::Integer(answer(field))).collect()))
}
