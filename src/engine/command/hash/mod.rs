//! The hash group: fields with values under one key, each perhaps with a lifetime of its own.
//!
//! A file a concern: setting, getting, listing, removing, counting, drawing at random, scanning, deadlines of fields,
//! and the commands that do two of these at once. What several of them share is here.

mod count;
mod expire;
mod get;
mod list;
mod random;
mod remove;
mod scan;
mod set;
mod ttl;
mod with_lifetime;

use super::join;
use super::spec::{CommandSpec, KeyFlags, KeySpec};
use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Db;
use crate::number;
use crate::reply::Reply;
use crate::value::ValueType;
use crate::value::hash::{Content, Hash, Limits};

const PARTS: &[&[CommandSpec]] = &[
    set::SPECS,
    get::SPECS,
    list::SPECS,
    remove::SPECS,
    count::SPECS,
    random::SPECS,
    scan::SPECS,
    expire::SPECS,
    ttl::SPECS,
    with_lifetime::SPECS,
];
pub const SPECS: &[CommandSpec] = &join::<{ super::total(PARTS) }>(PARTS);

/// The key right behind the command word, whose fields or values are shown.
const READ_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::READ)];
/// The key right behind the command word, of which only sizes or presences are told.
const LOOK_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RO)];
/// The key right behind the command word, whose fields are set.
const UPDATE_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::UPDATE))];

/// The latest moment a field's deadline can be, in milliseconds.
const LAST_MOMENT: u64 = (1 << 46) - 1;

/// Up to where a hash keeps its small encoding.
fn limits(context: &Context<'_>) -> Limits {
    Limits::of(&context.around.config)
}

/// The hash at a key, as a read, after those of the named fields have left whose time has come.
fn read<'a>(db: &'a mut Db<'_>, key: &[u8], fields: &[Vec<u8>]) -> Result<Option<&'a Hash>, Error> {
    if db.read::<Hash>(key)?.is_none() {
        return Ok(None);
    }
    db.expire_fields(key, Some(fields));
    Ok(db.peek(key).and_then(Hash::of))
}

/// Refuses a key that holds something else, before anything else is looked at.
fn check_type(db: &mut Db<'_>, key: &[u8]) -> Result<(), Error> {
    let fits = !db.contains(key) || db.peek(key).is_none_or(|value| Hash::of(value).is_some());
    if fits { Ok(()) } else { Err(Error::WrongType) }
}

/// Fields and values in turn, by twos.
fn pairs(words: &[Vec<u8>]) -> impl Iterator<Item = (&[u8], &[u8])> {
    words.chunks_exact(2).filter_map(|pair| match pair {
        [field, value] => Some((&**field, &**value)),
        _ => None,
    })
}

/// `FIELDS`, how many, and as many fields. `not_positive`: what is said of a number that is none.
fn named_fields(args: &mut Args, not_positive: &'static str) -> Result<Vec<Vec<u8>>, Error> {
    if !args.word("FIELDS") {
        return Err(Error::Fixed("ERR Mandatory argument FIELDS is missing or not at the right position"));
    }
    let number = args.take().ok().and_then(|word| number::parse_i64(&word));
    let number = number.filter(|number| *number > 0).ok_or(Error::Fixed(not_positive))?;
    let fields = args.rest();
    if number::to_count(number) == Some(fields.len()) {
        Ok(fields)
    } else {
        Err(Error::Fixed("ERR The `numfields` parameter must match the number of arguments"))
    }
}

const NOT_POSITIVE: &str = "ERR Number of fields must be a positive integer";

/// A moment given in units of so many milliseconds from another one on.
fn moment(word: &[u8], unit: u64, from: u64, command: &'static str) -> Result<u64, Error> {
    let number = number::parse_i64(word).ok_or(Error::NotAnInteger)?;
    let number = u64::try_from(number).map_err(|_| Error::Fixed("ERR invalid expire time, must be >= 0"))?;
    let moment = number.checked_mul(unit).and_then(|milliseconds| milliseconds.checked_add(from));
    moment.filter(|at| *at <= LAST_MOMENT).ok_or(Error::InvalidExpireTime { command })
}

/// The value in a field, nil where there is none.
fn value_or_nil(content: Option<Content<'_>>) -> Reply {
    content.map_or(Reply::Nil, |content| Reply::bulk(content.value))
}

/// As many nils as there are fields.
fn nils(fields: &[Vec<u8>]) -> Reply {
    Reply::Array(vec![Reply::Nil; fields.len()])
}
