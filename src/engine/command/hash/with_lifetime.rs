//! Two things at once: HGETEX gets values and changes lifetimes, HSETEX sets values with a lifetime.

use super::expire::option_deadline;
use super::{NOT_POSITIVE, UPDATE_KEY, check_type, limits, named_fields, nils, pairs, value_or_nil};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::number;
use crate::reply::Reply;
use crate::value::hash::{Condition, Hash, Lifetime, Limits, Scheduled, Touched};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "hgetex",
        group: Group::Hash,
        since: "8.0.0",
        arity: -5,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE))],
        summary: "Gives the values in fields and sets or takes away the fields' lifetimes.",
        complexity: "O(N), N being the fields named",
        syntax: "key:key#0 [expiration(seconds:integer=EX | milliseconds:integer=PX | \
            unix-time-seconds:unix-time=EXAT | unix-time-milliseconds:unix-time=PXAT | persist=PERSIST)] \
            fields{numfields:integer field*}=FIELDS",
        example: "> HSET session user ann code 1234\n(integer) 2\n\
            > HGETEX session EX 60 FIELDS 2 code nothing\n1) \"1234\"\n2) (nil)\n\
            > HTTL session FIELDS 1 code\n1) (integer) 60",
        run: Some(hgetex),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "hsetex",
        group: Group::Hash,
        since: "8.0.0",
        arity: -6,
        flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
        keys: UPDATE_KEY,
        summary: "Sets fields to values with a lifetime, perhaps only if all, or none, of the fields are there.",
        complexity: "O(N), N being the fields to set",
        syntax: "key:key#0 [condition(fnx=FNX | fxx=FXX)] [expiration(seconds:integer=EX | \
            milliseconds:integer=PX | unix-time-seconds:unix-time=EXAT | unix-time-milliseconds:unix-time=PXAT | \
            keepttl=KEEPTTL)] fields{numfields:integer data{field value}*}=FIELDS",
        example: "> HSETEX session EX 60 FIELDS 2 code 1234 tries 0\n(integer) 1\n\
            > HTTL session FIELDS 2 code tries\n1) (integer) 60\n2) (integer) 60\n\
            > HSETEX session FNX FIELDS 2 code 99 user ann\n(integer) 0",
        run: Some(hsetex),
        ..CommandSpec::BASE
    },
];

/// The words that a time comes behind.
const TIMES: [&str; 4] = ["EX", "PX", "EXAT", "PXAT"];

fn time_word(args: &mut Args) -> Option<&'static str> {
    TIMES.into_iter().find(|word| args.word(word))
}

// ---- HGETEX --------------------------------------------------------------------------------------------------------------

/// What HGETEX does besides getting.
#[derive(Clone, Copy, Debug)]
enum Change {
    Nothing,
    Persist,
    Deadline(u64),
}

impl Change {
    fn parse(args: &mut Args, context: &Context<'_>) -> Result<Self, Error> {
        if let Some(option) = time_word(args) {
            return option_deadline(&args.take()?, option, context).map(Self::Deadline);
        }
        Ok(if args.word("PERSIST") { Self::Persist } else { Self::Nothing })
    }

    /// Changes the lifetime of a field that is there.
    fn apply(self, hash: &mut Hash, field: &[u8], now: u64, touched: &mut Touched) -> Scheduled {
        match self {
            Self::Deadline(at) => hash.schedule(field, at, Condition::Always, now, touched),
            Self::Persist if hash.persist(field) => Scheduled::Set,
            Self::Persist | Self::Nothing => Scheduled::Refused,
        }
    }
}

fn hgetex(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, now) = (args.take()?, context.now());
    check_type(&mut context.db()?, &key)?;
    let change = Change::parse(args, context)?;
    let fields = named_fields(args, NOT_POSITIVE)?;
    let mut db = context.db()?;
    db.expire_fields(&key, Some(&fields));
    let values = db.edit(&key, |hash: &mut Hash, around| {
        let (mut touched, mut set, mut deleted) = (Touched::default(), 0, 0);
        if !matches!(change, Change::Nothing) {
            hash.expect_deadlines();
        }
        let mut values = Vec::with_capacity(fields.len());
        for field in &fields {
            values.push(value_or_nil(hash.get(field)));
            match change.apply(hash, field, now, &mut touched) {
                Scheduled::Set => set += 1,
                Scheduled::Deleted => deleted += 1,
                Scheduled::NoField | Scheduled::Refused => {}
            }
        }
        if !matches!(change, Change::Nothing) {
            hash.settle(touched);
        }
        around.stats.fields_expired_lazily += deleted;
        match change {
            _ if set + deleted == 0 => Edit::unchanged(values),
            Change::Persist => Edit::changed(values, "hpersist"),
            _ if set > 0 => Edit::changed(values, "hexpire"),
            _ => Edit::changed(values, "hdel"),
        }
    })?;
    Ok(values.map_or_else(|| nils(&fields), Reply::Array))
}

// ---- HSETEX --------------------------------------------------------------------------------------------------------------

/// Which fields must be there for any to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Required {
    All,
    None,
}

impl Required {
    /// Looks at one field after the other, up to the first that is not as required; those whose time has come leave.
    fn holds(self, hash: &mut Hash, words: &[Vec<u8>], now: u64, expired: &mut u64) -> bool {
        pairs(words).all(|(field, _)| {
            *expired += u64::from(hash.remove_due(field, now));
            hash.get(field).is_some() == (self == Self::All)
        })
    }
}

/// What HSETEX is asked for.
#[derive(Debug)]
struct Request {
    required: Option<Required>,
    lifetime: Option<Given>,
    words: Vec<Vec<u8>>,
}

#[derive(Clone, Copy, Debug)]
enum Given {
    Keep,
    Deadline(u64),
}

impl Request {
    /// Options in any order, then `FIELDS` and all that is left.
    fn parse(args: &mut Args, context: &Context<'_>) -> Result<Self, Error> {
        let (mut required, mut lifetime) = (None, None);
        loop {
            if args.word("FIELDS") {
                return Ok(Self { required, lifetime, words: Self::words(args, context)? });
            } else if let Some(option) = time_word(args) {
                once(lifetime.is_some(), TWO_LIFETIMES)?;
                let time = args.take().map_err(|_| Error::Fixed("ERR missing expire time"))?;
                lifetime = Some(Given::Deadline(option_deadline(&time, option, context)?));
            } else if args.word("KEEPTTL") {
                once(lifetime.is_some(), TWO_LIFETIMES)?;
                lifetime = Some(Given::Keep);
            } else if args.word("FXX") {
                once(required.is_some(), TWO_CONDITIONS)?;
                required = Some(Required::All);
            } else if args.word("FNX") {
                once(required.is_some(), TWO_CONDITIONS)?;
                required = Some(Required::None);
            } else {
                return Err(Error::UnknownArgument { argument: args.take()? });
            }
        }
    }

    fn words(args: &mut Args, context: &Context<'_>) -> Result<Vec<Vec<u8>>, Error> {
        let wrong_arity = Error::WrongArity { command: context.name() };
        if args.remaining() < 3 {
            return Err(wrong_arity);
        }
        let number = number::parse_i64(&args.take()?).and_then(|number| i32::try_from(number).ok());
        let number = number.filter(|number| *number > 0);
        let number = number.ok_or(Error::Fixed("ERR invalid number of fields"))?;
        let words = args.rest();
        let fits = words.len().is_multiple_of(2) && words.len() / 2 == number as usize;
        if fits { Ok(words) } else { Err(wrong_arity) }
    }
}

/// Refuses a second word of a kind.
fn once(again: bool, message: &'static str) -> Result<(), Error> {
    if again { Err(Error::Fixed(message)) } else { Ok(()) }
}

const TWO_LIFETIMES: &str = "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified";
const TWO_CONDITIONS: &str = "ERR Only one of FXX or FNX arguments can be specified";

fn hsetex(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, now) = (args.take()?, context.now());
    let Request { required, lifetime, words } = Request::parse(args, context)?;
    let limits = limits(context);
    let set = context.db()?.edit_or_create(&key, |hash: &mut Hash, around| {
        let mut expired = 0;
        let holds = required.is_none_or(|required| required.holds(hash, &words, now, &mut expired));
        around.stats.fields_expired_lazily += expired;
        if !holds {
            return Edit::unchanged(false);
        }
        hash.make_room(&words, limits);
        let Some(Given::Deadline(at)) = lifetime else {
            let lifetime = if lifetime.is_some() { Lifetime::Keep } else { Lifetime::Clear };
            for (field, value) in pairs(&words) {
                hash.set(field, value, lifetime, limits);
            }
            return Edit::changed(true, "hset");
        };
        let deleted = set_until(hash, &words, at, now, limits);
        around.stats.fields_expired_lazily += deleted;
        Edit::changed(true, "hset").then(if deleted > 0 { "hdel" } else { "hexpire" })
    })?;
    Ok(Reply::flag(set))
}

/// Sets fields with a deadline, and gives the number of those that are gone at once because it has passed.
fn set_until(hash: &mut Hash, words: &[Vec<u8>], at: u64, now: u64, limits: Limits) -> u64 {
    hash.expect_deadlines();
    let (mut touched, mut deleted) = (Touched::default(), 0);
    for (field, value) in pairs(words) {
        hash.set(field, value, Lifetime::Keep, limits);
        let outcome = hash.schedule(field, at, Condition::Always, now, &mut touched);
        deleted += u64::from(outcome == Scheduled::Deleted);
    }
    hash.settle(touched);
    deleted
}
