//! Lifetimes of fields: HEXPIRE, HPEXPIRE, HEXPIREAT, HPEXPIREAT set deadlines, HPERSIST takes them away.
//!
//! Every form is reduced to an absolute deadline in milliseconds before anything else happens.

use super::{NOT_POSITIVE, UPDATE_KEY, check_type, moment, named_fields};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::hash::{Condition, Hash, Scheduled, Touched};

/// What is answered for a field that is not there, and for one without a deadline.
pub const NO_FIELD: i64 = -2;
pub const NO_DEADLINE: i64 = -1;

const WRITER: CommandSpec = CommandSpec {
    group: Group::Hash,
    since: "7.4.0",
    arity: -6,
    flags: Flags::WRITE.union(Flags::FAST),
    keys: UPDATE_KEY,
    complexity: "O(N), N being the fields named",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hexpire",
        summary: "Lets fields live for so many seconds more.",
        syntax: "key:key#0 seconds:integer [condition(nx=NX | xx=XX | gt=GT | lt=LT)] \
            fields{numfields:integer field*}=FIELDS",
        example: "> HSET session user ann code 1234\n(integer) 2\n> HEXPIRE session 60 FIELDS 2 code nothing\n\
            1) (integer) 1\n2) (integer) -2\n> HTTL session FIELDS 2 code user\n1) (integer) 60\n2) (integer) -1\n\
            @advance 61s\n> HGETALL session\n1) \"user\"\n2) \"ann\"",
        run: Some(|context, args| set_deadlines(context, args, 1000, true)),
        ..WRITER
    },
    CommandSpec {
        name: "hexpireat",
        summary: "Lets fields live until a moment, given in seconds since 1970.",
        syntax: "key:key#0 unix-time-seconds:unix-time [condition(nx=NX | xx=XX | gt=GT | lt=LT)] \
            fields{numfields:integer field*}=FIELDS",
        example: "> HSET session code 1234\n(integer) 1\n> HEXPIREAT session 4102444800 FIELDS 1 code\n\
            1) (integer) 1\n> HEXPIRETIME session FIELDS 1 code\n1) (integer) 4102444800",
        run: Some(|context, args| set_deadlines(context, args, 1000, false)),
        ..WRITER
    },
    CommandSpec {
        name: "hpexpire",
        summary: "Lets fields live for so many milliseconds more.",
        syntax: "key:key#0 milliseconds:integer [condition(nx=NX | xx=XX | gt=GT | lt=LT)] \
            fields{numfields:integer field*}=FIELDS",
        example: "> HSET session code 1234\n(integer) 1\n> HPEXPIRE session 60000 FIELDS 1 code\n1) (integer) 1\n\
            > HPEXPIRE session 90000 NX FIELDS 1 code\n1) (integer) 0",
        run: Some(|context, args| set_deadlines(context, args, 1, true)),
        ..WRITER
    },
    CommandSpec {
        name: "hpexpireat",
        summary: "Lets fields live until a moment, given in milliseconds since 1970.",
        syntax: "key:key#0 unix-time-milliseconds:unix-time [condition(nx=NX | xx=XX | gt=GT | lt=LT)] \
            fields{numfields:integer field*}=FIELDS",
        example: "> HSET session code 1234\n(integer) 1\n> HPEXPIREAT session 4102444800000 FIELDS 1 code\n\
            1) (integer) 1",
        run: Some(|context, args| set_deadlines(context, args, 1, false)),
        ..WRITER
    },
    CommandSpec {
        name: "hpersist",
        arity: -5,
        summary: "Takes lifetimes of fields away: they stay until somebody removes them.",
        syntax: "key:key#0 fields{numfields:integer field*}=FIELDS",
        example: "> HSET session code 1234\n(integer) 1\n> HEXPIRE session 60 FIELDS 1 code\n1) (integer) 1\n\
            > HPERSIST session FIELDS 1 code\n1) (integer) 1\n> HTTL session FIELDS 1 code\n1) (integer) -1",
        run: Some(hpersist),
        ..WRITER
    },
];

/// The four that set deadlines: a time in units of `unit` milliseconds, counted from now or from 1970.
fn set_deadlines(context: &mut Context<'_>, args: &mut Args, unit: u64, from_now: bool) -> CommandResult {
    let (command, now) = (context.name(), context.now());
    let (key, time) = (args.take()?, args.take()?);
    let mut db = context.db()?;
    check_type(&mut db, &key)?;
    let at = moment(&time, unit, if from_now { now } else { 0 }, command)?;
    let condition = condition(args);
    let fields = named_fields(args, "ERR Parameter `numFields` should be greater than 0")?;
    let answers = db.edit(&key, |hash: &mut Hash, around| {
        hash.expect_deadlines();
        let mut touched = Touched::default();
        let outcomes: Vec<Scheduled> =
            fields.iter().map(|field| hash.schedule(field, at, condition, now, &mut touched)).collect();
        hash.settle(touched);
        let count = |wanted| outcomes.iter().filter(|outcome| **outcome == wanted).count();
        let (set, deleted) = (count(Scheduled::Set), count(Scheduled::Deleted));
        around.stats.fields_expired_lazily += deleted as u64;
        match (set, deleted) {
            (0, 0) => Edit::unchanged(outcomes),
            (_, 0) => Edit::changed(outcomes, "hexpire"),
            _ => Edit::changed(outcomes, "hdel"),
        }
    })?;
    let outcomes = answers.unwrap_or_else(|| vec![Scheduled::NoField; fields.len()]);
    Ok(Reply::Array(outcomes.into_iter().map(|outcome| Reply::Integer(code(outcome))).collect()))
}

/// The one condition there may be.
fn condition(args: &mut Args) -> Condition {
    let words = [("NX", Condition::Nx), ("XX", Condition::Xx), ("GT", Condition::Gt), ("LT", Condition::Lt)];
    let found = words.into_iter().find(|(word, _)| args.word(word));
    found.map_or(Condition::Always, |(_, condition)| condition)
}

fn code(outcome: Scheduled) -> i64 {
    match outcome {
        Scheduled::NoField => NO_FIELD,
        Scheduled::Refused => 0,
        Scheduled::Set => 1,
        Scheduled::Deleted => 2,
    }
}

fn hpersist(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, now) = (args.take()?, context.now());
    let mut db = context.db()?;
    check_type(&mut db, &key)?;
    let fields = named_fields(args, NOT_POSITIVE)?;
    let codes = db.edit(&key, |hash: &mut Hash, _| {
        let mut persist = |field: &Vec<u8>| match hash.get_alive(field, now).map(|found| found.expires_at) {
            None => NO_FIELD,
            Some(None) => NO_DEADLINE,
            Some(Some(_)) => i64::from(hash.persist(field)),
        };
        let codes: Vec<i64> = fields.iter().map(&mut persist).collect();
        if codes.contains(&1) { Edit::changed(codes, "hpersist") } else { Edit::unchanged(codes) }
    })?;
    let codes = codes.unwrap_or_else(|| vec![NO_FIELD; fields.len()]);
    Ok(Reply::Array(codes.into_iter().map(Reply::Integer).collect()))
}

/// The same errors wherever a command sets deadlines and a field's time is given in one of four ways.
pub fn option_deadline(word: &[u8], option: &str, context: &Context<'_>) -> Result<u64, Error> {
    let (unit, from) = match option {
        "EX" => (1000, context.now()),
        "PX" => (1, context.now()),
        "EXAT" => (1000, 0),
        _ => (1, 0),
    };
    moment(word, unit, from, context.name())
}
