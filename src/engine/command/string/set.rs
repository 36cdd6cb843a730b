//! Writing one whole value: `SET` with its options, and the three commands that are `SET` with one of them.

use super::get::value_of;
use super::lifetime::{Lifetime, Word};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Ttl;
use crate::reply::Reply;
use crate::value::StringValue;

pub const SPECS: &[CommandSpec] = &[PSETEX, SET, SETEX, SETNX];

/// On which condition a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Condition {
    /// The key is not there yet.
    Absent,
    /// The key is there.
    Present,
}

/// What `SET` was asked for besides key and value.
#[derive(Debug, Default)]
struct Options {
    condition: Option<Condition>,
    /// Answer the old value.
    get: bool,
    lifetime: Option<Lifetime>,
}

impl Options {
    fn parse(args: &mut Args) -> Result<Self, Error> {
        let mut options = Self::default();
        while !args.is_empty() {
            if args.word("NX") {
                options.require(Condition::Absent)?;
            } else if args.word("XX") {
                options.require(Condition::Present)?;
            } else if args.word("GET") {
                options.get = true;
            } else {
                let own = ("KEEPTTL", Word::KeepTtl);
                options.lifetime = Some(Lifetime::take(args, options.lifetime.as_ref(), own)?);
            }
        }
        Ok(options)
    }

    fn require(&mut self, condition: Condition) -> Result<(), Error> {
        if self.condition.is_some_and(|earlier| earlier != condition) {
            return Err(Error::Syntax);
        }
        self.condition = Some(condition);
        Ok(())
    }
}

const SET: CommandSpec = CommandSpec {
    name: "set",
    group: Group::String,
    arity: -3,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(
        1,
        KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE).union(KeyFlags::VARIABLE_FLAGS),
    )],
    variable_flags: Some(key_flags),
    summary: "Stores a value under a key whatever was there, on a condition and for a time if wanted.",
    syntax: "key:key#0 value [condition(nx=NX | xx=XX)@2.6.12] [get=GET@6.2.0] \
        [expiration(seconds:integer=EX@2.6.12 | milliseconds:integer=PX@2.6.12 | \
        unix-time-seconds:unix-time=EXAT@6.2.0 | unix-time-milliseconds:unix-time=PXAT@6.2.0 | \
        keepttl=KEEPTTL@6.0.0)]",
    example: "> SET greeting hello\nOK\n> SET greeting hi NX\n(nil)\n> SET greeting hi XX GET EX 60\n\"hello\"\n\
        > TTL greeting\n(integer) 60\n@advance 61s\n> GET greeting\n(nil)",
    run: Some(set),
    ..CommandSpec::BASE
};

/// Only with `GET` does `SET` read what it overwrites.
fn key_flags(argv: &[Vec<u8>]) -> KeyFlags {
    if argv.iter().skip(3).any(|word| word.eq_ignore_ascii_case(b"GET")) {
        KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE)
    } else {
        KeyFlags::STORE
    }
}

fn set(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, value) = (args.take()?, args.take()?);
    let options = Options::parse(args)?;
    let written = store(context, key, value, &options)?;
    Ok(match written {
        Stored { old: Some(old), .. } => old,
        Stored { written: true, .. } => Reply::OK,
        Stored { written: false, .. } => Reply::Nil,
    })
}

/// What became of a `SET`.
struct Stored {
    written: bool,
    /// The value before (nil for none), if it was asked for.
    old: Option<Reply>,
}

/// Deadline first, then the old value, then the condition: an error in the one hides an error in the next.
fn store(
    context: &mut Context<'_>,
    key: Vec<u8>,
    value: Vec<u8>,
    options: &Options,
) -> Result<Stored, Error> {
    let deadline = match &options.lifetime {
        Some(lifetime) => lifetime.deadline(context)?,
        None => None,
    };
    let mut db = context.db()?;
    let old = if options.get { Some(value_of(&mut db, &key)?) } else { None };
    let prevented = match options.condition {
        Some(Condition::Absent) => db.is_in_the_way(&key),
        Some(Condition::Present) => !db.contains(&key),
        None => false,
    };
    if prevented {
        return Ok(Stored { written: false, old });
    }
    let value = StringValue::encode(value);
    match (deadline, &options.lifetime) {
        (Some(at), _) => {
            db.set(key.clone(), value, Ttl::Clear, "set");
            db.set_deadline(&key, Some(at), "expire");
        }
        (None, Some(_)) => db.set(key, value, Ttl::Keep, "set"),
        (None, None) => db.set(key, value, Ttl::Clear, "set"),
    }
    Ok(Stored { written: true, old })
}

const SETNX: CommandSpec = CommandSpec {
    name: "setnx",
    group: Group::String,
    arity: 3,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::OW.union(KeyFlags::INSERT))],
    deprecated: Some(Deprecated { since: "2.6.12", replaced_by: "`SET` with `NX`" }),
    summary: "Stores a value only if the key is not there yet; SET with NX says the same.",
    syntax: "key:key#0 value",
    example: "> SETNX lock me\n(integer) 1\n> SETNX lock you\n(integer) 0\n> GET lock\n\"me\"",
    run: Some(setnx),
    ..CommandSpec::BASE
};

fn setnx(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let options = Options { condition: Some(Condition::Absent), ..Options::default() };
    let stored = store(context, args.take()?, args.take()?, &options)?;
    Ok(Reply::flag(stored.written))
}

const SETEX: CommandSpec = CommandSpec {
    name: "setex",
    group: Group::String,
    since: "2.0.0",
    arity: 4,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, KeyFlags::STORE)],
    deprecated: Some(Deprecated { since: "2.6.12", replaced_by: "`SET` with `EX`" }),
    summary: "Stores a value for a number of seconds; SET with EX says the same.",
    syntax: "key:key#0 seconds:integer value",
    example: "> SETEX code 30 4711\nOK\n> TTL code\n(integer) 30\n@advance 31s\n> GET code\n(nil)",
    run: Some(setex),
    ..CommandSpec::BASE
};

fn setex(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    set_for(context, args, Word::Ex)
}

const PSETEX: CommandSpec = CommandSpec {
    name: "psetex",
    group: Group::String,
    since: "2.6.0",
    arity: 4,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, KeyFlags::STORE)],
    deprecated: Some(Deprecated { since: "2.6.12", replaced_by: "`SET` with `PX`" }),
    summary: "Stores a value for a number of milliseconds; SET with PX says the same.",
    syntax: "key:key#0 milliseconds:integer value",
    example: "> PSETEX code 10000 4711\nOK\n> TTL code\n(integer) 10",
    run: Some(psetex),
    ..CommandSpec::BASE
};

fn psetex(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    set_for(context, args, Word::Px)
}

/// The older form, with the time between key and value.
fn set_for(context: &mut Context<'_>, args: &mut Args, word: Word) -> CommandResult {
    let (key, amount, value) = (args.take()?, args.take()?, args.take()?);
    let options = Options { lifetime: Some(Lifetime::new(word, amount)), ..Options::default() };
    store(context, key, value, &options)?;
    Ok(Reply::OK)
}
