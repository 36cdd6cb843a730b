//! The HyperLogLog group: counting different elements approximately, in little room.
//!
//! A HyperLogLog is a string of a certain make, and any string command may have been at it: each command here first
//! looks whether the string is one, and whether its registers are whole. What it looks like inside is
//! [`hyperloglog`]'s business.

use super::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Db, Edit, Ttl};
use crate::reply::Reply;
use crate::value::StringValue;
use crate::value::hyperloglog::{self, Corrupted, Registers, Representation};
use crate::value::raw_string::RawString;

const READ_WRITE: KeyFlags = KeyFlags::RW.union(KeyFlags::ACCESS);

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "pfadd",
        group: Group::HyperLogLog,
        since: "2.8.9",
        arity: -2,
        flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::INSERT))],
        summary: "Lets elements be seen by a HyperLogLog, which is made if there is none; whether it changed.",
        complexity: "O(1) for each element",
        syntax: "key:key#0 [element*]",
        example: "> PFADD visitors alice bob\n(integer) 1\n> PFADD visitors alice\n(integer) 0\n> PFCOUNT visitors\n\
            (integer) 2",
        run: Some(pfadd),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "pfcount",
        group: Group::HyperLogLog,
        since: "2.8.9",
        arity: -2,
        flags: Flags::READONLY,
        keys: &[KeySpec::range(1, -1, 1, READ_WRITE)],
        summary: "Estimates how many different elements one or several HyperLogLogs have seen together.",
        complexity: "O(1) for one key, O(N) with a large constant for N keys",
        syntax: "key:key#0*",
        example: "> PFADD monday alice bob\n(integer) 1\n> PFADD tuesday bob carol\n(integer) 1\n\
            > PFCOUNT monday tuesday\n(integer) 3",
        run: Some(pfcount),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "pfdebug",
        group: Group::HyperLogLog,
        since: "2.8.9",
        arity: 3,
        flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::ADMIN),
        keys: &[KeySpec::one(2, READ_WRITE)],
        summary: "Shows the inside of a HyperLogLog: GETREG, DECODE, ENCODING; or makes it dense: TODENSE.",
        complexity: "O(1) with a large constant",
        syntax: "subcommand key:key#0",
        example: "> PFADD visitors alice\n(integer) 1\n> PFDEBUG ENCODING visitors\nsparse\n\
            > PFDEBUG TODENSE visitors\n(integer) 1\n> PFDEBUG ENCODING visitors\ndense",
        run: Some(pfdebug),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "pfmerge",
        group: Group::HyperLogLog,
        since: "2.8.9",
        arity: -2,
        flags: Flags::WRITE.union(Flags::DENYOOM),
        keys: &[
            KeySpec::one(1, READ_WRITE.union(KeyFlags::INSERT)),
            KeySpec::range(2, -1, 1, KeyFlags::READ),
        ],
        summary: "Adds to a HyperLogLog what others have seen.",
        complexity: "O(N) with a large constant, N being the sources",
        syntax: "destkey:key#0 [sourcekey:key#1*]",
        example: "> PFADD monday alice bob\n(integer) 1\n> PFADD tuesday bob carol\n(integer) 1\n\
            > PFMERGE week monday tuesday\nOK\n> PFCOUNT week\n(integer) 3",
        run: Some(pfmerge),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "pfselftest",
        group: Group::HyperLogLog,
        since: "2.8.9",
        arity: 1,
        flags: Flags::ADMIN,
        summary: "Tests the implementation of HyperLogLog.",
        complexity: "O(1) with a large constant",
        example: "> PFSELFTEST\nOK",
        run: Some(|_, _| hyperloglog::self_test().map(|()| Reply::OK).map_err(Error::Fixed)),
        ..CommandSpec::BASE
    },
];

const NO_HYPERLOGLOG: Error = Error::Fixed("WRONGTYPE Key is not a valid HyperLogLog string value.");

impl From<Corrupted> for Error {
    fn from(_: Corrupted) -> Self {
        Self::Fixed("INVALIDOBJ Corrupted HLL object detected")
    }
}

fn pfadd(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, elements) = (args.take()?, args.rest());
    let limit = context.around.config.hll_sparse_max_bytes;
    let add_all = |raw: &mut RawString| {
        let mut changed = false;
        for element in &elements {
            changed |= hyperloglog::add(raw, element, limit)?;
        }
        Ok::<_, Error>(changed)
    };
    let mut db = context.db()?;
    if !db.contains(&key) {
        let mut value = hyperloglog::empty();
        value.edit(|raw| {
            let added = add_all(raw);
            hyperloglog::make_stale(raw);
            added
        })?;
        db.set(key, value, Ttl::Clear, "pfadd");
        return Ok(Reply::Integer(1));
    }
    let edited = edit(&mut db, &key, |raw| match add_all(raw) {
        Ok(true) => Edit::changed(Ok(true), "pfadd"),
        other => Edit::unchanged(other),
    })?;
    Ok(Reply::flag(edited))
}

/// Edits the HyperLogLog at a key that is there. The string becomes raw.
fn edit<R>(
    db: &mut Db<'_>,
    key: &[u8],
    change: impl FnOnce(&mut RawString) -> Edit<Result<R, Error>>,
) -> Result<R, Error> {
    let edited = db.edit::<StringValue, _>(key, |value, _| match Representation::of(value) {
        Some(_) => value.edit(change),
        None => Edit::unchanged(Err(NO_HYPERLOGLOG)),
    })?;
    edited.unwrap_or(Err(Error::NoSuchKey))
}

fn pfcount(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let keys = args.rest();
    if let [key] = keys.as_slice() {
        return count_one(context, key);
    }
    let (registers, _) = union(&mut context.db()?, &keys)?;
    Ok(Reply::Integer(registers.estimate()))
}

/// The estimate for one key is kept in its header until a register changes. To those who watch the key that is a
/// change; nobody else hears of it.
fn count_one(context: &mut Context<'_>, key: &[u8]) -> CommandResult {
    let mut db = context.db()?;
    let Some(value) = db.read::<StringValue>(key)? else { return Ok(Reply::Integer(0)) };
    if Representation::of(value).is_none() {
        return Err(NO_HYPERLOGLOG);
    }
    let counted = db.amend::<StringValue, _>(key, |value| {
        value.edit(|raw| {
            if let Some(cached) = hyperloglog::cached(raw.bytes()) {
                return Ok((cached, false));
            }
            let estimate = hyperloglog::estimate(raw.bytes())?;
            hyperloglog::cache(raw, estimate);
            Ok::<_, Error>((estimate, true))
        })
    });
    let (estimate, is_new) = counted.unwrap_or(Ok((0, false)))?;
    if is_new {
        db.touch(key);
    }
    Ok(Reply::Integer(estimate))
}

/// The registers of all HyperLogLogs at these keys together, and whether any of them is dense.
fn union(db: &mut Db<'_>, keys: &[Vec<u8>]) -> Result<(Registers, bool), Error> {
    let mut registers = Registers::default();
    let mut any_dense = false;
    for key in keys {
        let Some(value) = db.read::<StringValue>(key)? else { continue };
        let representation = Representation::of(value).ok_or(NO_HYPERLOGLOG)?;
        any_dense |= representation == Representation::Dense;
        registers.merge(&value.bytes())?;
    }
    Ok((registers, any_dense))
}

fn pfmerge(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let keys = args.rest();
    let limit = context.around.config.hll_sparse_max_bytes;
    let mut db = context.db()?;
    let (registers, any_dense) = union(&mut db, &keys)?;
    let merge = |raw: &mut RawString| {
        if any_dense {
            hyperloglog::make_dense(raw)?;
        }
        hyperloglog::raise_all(raw, &registers, limit)?;
        hyperloglog::make_stale(raw);
        Ok::<_, Error>(())
    };
    let Some(destination) = keys.into_iter().next() else { return Err(Error::Syntax) };
    if db.contains(&destination) {
        edit(&mut db, &destination, |raw| Edit::changed(merge(raw), "pfadd"))?;
    } else {
        let mut value = hyperloglog::empty();
        value.edit(merge)?;
        db.set(destination, value, Ttl::Clear, "pfadd");
    }
    Ok(Reply::OK)
}

// ---- PFDEBUG ---------------------------------------------------------------------------------------------------------

fn pfdebug(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if args.word("SIMD") {
        return simd(args);
    }
    let (word, key) = (args.take()?, args.take()?);
    let mut db = context.db()?;
    if !db.contains(&key) {
        return Err(Error::Fixed("ERR The specified key does not exist"));
    }
    edit(&mut db, &key, |raw| Edit::unchanged(debug(raw, word)))
}

/// Redis can do without the vector instructions of its processor, for comparison. Here are none to do without.
fn simd(args: &mut Args) -> CommandResult {
    match () {
        () if args.word("ON") => Ok(Reply::status("enabled")),
        () if args.word("OFF") => Ok(Reply::status("disabled")),
        () => Err(Error::Fixed("ERR Argument must be ON or OFF")),
    }
}

fn debug(raw: &mut RawString, word: Vec<u8>) -> CommandResult {
    let is = |name: &str| word.eq_ignore_ascii_case(name.as_bytes());
    let is_sparse = hyperloglog::is_sparse(raw);
    match () {
        () if is("GETREG") => {
            hyperloglog::make_dense(raw)?;
            let registers = Registers::of(raw.bytes())?;
            Ok(Reply::Array(registers.values().iter().map(|value| Reply::Integer((*value).into())).collect()))
        }
        () if is("DECODE") && is_sparse => Ok(Reply::bulk(hyperloglog::describe(raw.bytes()))),
        () if is("DECODE") => Err(Error::Fixed("ERR HLL encoding is not sparse")),
        () if is("ENCODING") => Ok(Reply::status(if is_sparse { "sparse" } else { "dense" })),
        () if is("TODENSE") => Ok(Reply::flag(hyperloglog::make_dense(raw)?)),
        () => Err(Error::UnknownPfdebug { name: word }),
    }
}
