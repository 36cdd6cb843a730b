//! Time to live: the EXPIRE family sets deadlines, the TTL family reads them, PERSIST takes them away.
//!
//! Every form is reduced to an absolute deadline in milliseconds before anything else happens.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::reply::Reply;

const UPDATED: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::UPDATE))];
const READ: &[KeySpec] = &[KeySpec::one(1, KeyFlags::READ)];

/// What the eight writers and readers share.
const WRITER: CommandSpec = CommandSpec {
    group: Group::Generic,
    arity: -3,
    flags: Flags::WRITE.union(Flags::FAST),
    keys: UPDATED,
    acl: &["keyspace"],
    ..CommandSpec::BASE
};
const READER: CommandSpec = CommandSpec {
    group: Group::Generic,
    arity: 2,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: READ,
    acl: &["keyspace"],
    syntax: "key:key#0",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "expire",
        summary: "Lets a key live for so many seconds more.",
        syntax: "key:key#0 seconds:integer [condition(nx=NX | xx=XX | gt=GT | lt=LT)@7.0.0]",
        example: "> SET a 1\nOK\n> EXPIRE a 10\n(integer) 1\n> TTL a\n(integer) 10\n@advance 11s\n> GET a\n(nil)",
        run: Some(expire),
        ..WRITER
    },
    CommandSpec {
        name: "expireat",
        since: "1.2.0",
        summary: "Lets a key live until a moment, given in seconds since 1970.",
        syntax: "key:key#0 unix-time-seconds:unix-time [condition(nx=NX | xx=XX | gt=GT | lt=LT)@7.0.0]",
        example: "> SET a 1\nOK\n> EXPIREAT a 4102444800\n(integer) 1\n> EXPIRETIME a\n(integer) 4102444800",
        run: Some(expireat),
        ..WRITER
    },
    CommandSpec {
        name: "expiretime",
        since: "7.0.0",
        summary: "The moment a key expires, in seconds since 1970; -1 if it never does, -2 if there is no such key.",
        example: "> SET a 1 EXAT 4102444800\nOK\n> EXPIRETIME a\n(integer) 4102444800",
        run: Some(expiretime),
        ..READER
    },
    CommandSpec {
        name: "persist",
        since: "2.2.0",
        arity: 2,
        summary: "Takes a key's time to live away: it stays until somebody removes it.",
        syntax: "key:key#0",
        example: "> SET a 1 EX 10\nOK\n> PERSIST a\n(integer) 1\n> TTL a\n(integer) -1",
        run: Some(persist),
        ..WRITER
    },
    CommandSpec {
        name: "pexpire",
        since: "2.6.0",
        summary: "Lets a key live for so many milliseconds more.",
        syntax: "key:key#0 milliseconds:integer [condition(nx=NX | xx=XX | gt=GT | lt=LT)@7.0.0]",
        example: "> SET a 1\nOK\n> PEXPIRE a 100000\n(integer) 1\n> PEXPIRE a 200000 NX\n(integer) 0",
        run: Some(pexpire),
        ..WRITER
    },
    CommandSpec {
        name: "pexpireat",
        since: "2.6.0",
        summary: "Lets a key live until a moment, given in milliseconds since 1970.",
        syntax: "key:key#0 unix-time-milliseconds:unix-time [condition(nx=NX | xx=XX | gt=GT | lt=LT)@7.0.0]",
        example: "> SET a 1\nOK\n> PEXPIREAT a 4102444800000\n(integer) 1",
        run: Some(pexpireat),
        ..WRITER
    },
    CommandSpec {
        name: "pexpiretime",
        since: "7.0.0",
        summary: "The moment a key expires, in milliseconds since 1970; -1 if it never does, -2 if there is no such key.",
        example: "> SET a 1 PXAT 4102444800123\nOK\n> PEXPIRETIME a\n(integer) 4102444800123",
        run: Some(pexpiretime),
        ..READER
    },
    CommandSpec {
        name: "pttl",
        since: "2.6.0",
        tips: &["nondeterministic_output"],
        summary: "Milliseconds a key has left; -1 if it never expires, -2 if there is no such key.",
        example: "> PTTL nothing\n(integer) -2",
        run: Some(pttl),
        ..READER
    },
    CommandSpec {
        name: "ttl",
        tips: &["nondeterministic_output"],
        summary: "Seconds a key has left, rounded; -1 if it never expires, -2 if there is no such key.",
        example: "> SET a 1 EX 10\nOK\n> TTL a\n(integer) 10\n> TTL nothing\n(integer) -2",
        run: Some(ttl),
        ..READER
    },
];

fn expire(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let now = context.now();
    set_deadline(context, args, 1000, now)
}

fn pexpire(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let now = context.now();
    set_deadline(context, args, 1, now)
}

fn expireat(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    set_deadline(context, args, 1000, 0)
}

fn pexpireat(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    set_deadline(context, args, 1, 0)
}

/// The four writers: a time in units of `unit` milliseconds, counted from `base`.
fn set_deadline(context: &mut Context<'_>, args: &mut Args, unit: i64, base: u64) -> CommandResult {
    let (key, time) = (args.take()?, args.take()?);
    let condition = Condition::parse(args)?;
    let invalid = Error::InvalidExpireTime { command: context.name() };
    let time = number::parse_i64(&time).ok_or(Error::NotAnInteger)?;
    let deadline = time.checked_mul(unit).and_then(|ms| ms.checked_add_unsigned(base)).ok_or(invalid)?;
    let now = context.now();
    let mut db = context.db()?;
    if !db.contains(&key) || !condition.allows(db.deadline(&key), deadline) {
        return Ok(Reply::flag(false));
    }
    // A deadline that has passed removes the key at once, and says so.
    match u64::try_from(deadline).ok().filter(|at| *at > now) {
        Some(at) => db.set_deadline(&key, Some(at), "expire"),
        None => db.remove(&key, "del").is_some(),
    };
    Ok(Reply::flag(true))
}

/// NX, XX, GT and LT: when the new deadline is taken.
#[derive(Clone, Copy, Debug, Default)]
struct Condition {
    nx: bool,
    xx: bool,
    gt: bool,
    lt: bool,
}

impl Condition {
    fn parse(args: &mut Args) -> Result<Self, Error> {
        let mut condition = Self::default();
        while !args.is_empty() {
            let word = args.take()?;
            match word.to_ascii_uppercase().as_slice() {
                b"NX" => condition.nx = true,
                b"XX" => condition.xx = true,
                b"GT" => condition.gt = true,
                b"LT" => condition.lt = true,
                _ => return Err(Error::UnsupportedOption { option: word }),
            }
        }
        let Self { nx, xx, gt, lt } = condition;
        if nx && (xx || gt || lt) {
            return Err(Error::ExpireNxIncompatible);
        }
        if gt && lt {
            return Err(Error::ExpireGtLtIncompatible);
        }
        Ok(condition)
    }

    /// A key without a deadline counts as living for ever.
    fn allows(self, current: Option<u64>, new: i64) -> bool {
        let current = current.map(i128::from);
        let new = i128::from(new);
        !(self.nx && current.is_some()
            || self.xx && current.is_none()
            || self.gt && current.is_none_or(|at| new <= at)
            || self.lt && current.is_some_and(|at| new >= at))
    }
}

fn ttl(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let now = context.now();
    read_deadline(context, args, |at| (at.saturating_sub(now) + 500) / 1000)
}

fn pttl(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let now = context.now();
    read_deadline(context, args, |at| at.saturating_sub(now))
}

fn expiretime(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    read_deadline(context, args, |at| at.saturating_add(500) / 1000)
}

fn pexpiretime(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    read_deadline(context, args, |at| at)
}

/// The four readers.
fn read_deadline(context: &mut Context<'_>, args: &mut Args, show: impl Fn(u64) -> u64) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    let answer = match (db.inspect(&key).is_some(), db.deadline(&key)) {
        (false, _) => -2,
        (true, None) => -1,
        (true, Some(at)) => i64::try_from(show(at)).unwrap_or(i64::MAX),
    };
    Ok(Reply::Integer(answer))
}

fn persist(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    let had = db.deadline(&key).is_some() && db.set_deadline(&key, None, "persist");
    Ok(Reply::flag(had))
}
