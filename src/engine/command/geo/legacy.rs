//! The older searches, kept for old clients: GEORADIUS, GEORADIUSBYMEMBER and their read-only forms.

use super::query::{Middle, Query, Words, circle};
use super::search::{COST, run};
use super::{READ_KEY, place};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;

const SOURCE: KeySpec = KeySpec::one(1, KeyFlags::READ);

const BY_PLACE: &str = "`GEOSEARCH` with the `BYRADIUS` argument";
const BY_MEMBER: &str = "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments";

const READ: CommandSpec = CommandSpec {
    group: Group::Geo,
    since: "3.2.10",
    flags: Flags::READONLY,
    keys: READ_KEY,
    complexity: COST,
    ..CommandSpec::BASE
};

const WRITE: CommandSpec = CommandSpec {
    group: Group::Geo,
    since: "3.2.0",
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::MOVABLEKEYS),
    complexity: COST,
    ..CommandSpec::BASE
};

/// A rule finds the first of several, and the last counts.
const LAST_WINS: KeyFlags = KeyFlags::STORE.union(KeyFlags::INCOMPLETE);

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "georadius",
        arity: -6,
        keys: &[SOURCE, KeySpec::behind("STORE", 6, LAST_WINS), KeySpec::behind("STOREDIST", 6, LAST_WINS)],
        find_keys: Some(|argv| Some(keys(argv, 6))),
        deprecated: Some(Deprecated {
            since: "6.2.0",
            replaced_by: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument",
        }),
        summary: "Lists or stores the members within a circle around a place.",
        syntax: "key:key#0 longitude:double latitude:double radius:double unit(m=M | km=KM | ft=FT | mi=MI) \
            [withcoord=WITHCOORD] [withdist=WITHDIST] [withhash=WITHHASH] \
            [count-block{count:integer=COUNT [any=ANY@6.2.0]}] [order(asc=ASC | desc=DESC)] \
            [store(storekey\"key\":key=STORE#1 | storedistkey\"key\":key=STOREDIST#2)]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
            > GEORADIUS sights 2.3 48.86 2 KM\n1) \"eiffel\"",
        run: Some(|context, args| by_place(context, args, Words::Radius)),
        ..WRITE
    },
    CommandSpec {
        name: "georadius_ro",
        arity: -6,
        deprecated: Some(Deprecated { since: "6.2.0", replaced_by: BY_PLACE }),
        summary: "Lists the members within a circle around a place.",
        syntax: "key:key#0 longitude:double latitude:double radius:double unit(m=M | km=KM | ft=FT | mi=MI) \
            [withcoord=WITHCOORD] [withdist=WITHDIST] [withhash=WITHHASH] \
            [count-block{count:integer=COUNT [any=ANY@6.2.0]}] [order(asc=ASC | desc=DESC)]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
            > GEORADIUS_RO sights 2.3 48.86 2 KM\n1) \"eiffel\"",
        run: Some(|context, args| by_place(context, args, Words::RadiusRead)),
        ..READ
    },
    CommandSpec {
        name: "georadiusbymember",
        arity: -5,
        keys: &[SOURCE, KeySpec::behind("STORE", 5, LAST_WINS), KeySpec::behind("STOREDIST", 5, LAST_WINS)],
        find_keys: Some(|argv| Some(keys(argv, 5))),
        deprecated: Some(Deprecated {
            since: "6.2.0",
            replaced_by: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments",
        }),
        summary: "Lists or stores the members within a circle around a member.",
        syntax: "key:key#0 member radius:double unit(m=M | km=KM | ft=FT | mi=MI) \
            [withcoord=WITHCOORD] [withdist=WITHDIST] [withhash=WITHHASH] \
            [count-block{count:integer=COUNT [any=ANY]}] [order(asc=ASC | desc=DESC)] \
            [store(storekey\"key\":key=STORE#1 | storedistkey\"key\":key=STOREDIST#2)]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
            > GEORADIUSBYMEMBER sights louvre 5 KM DESC\n1) \"eiffel\"\n2) \"louvre\"",
        run: Some(|context, args| by_member(context, args, Words::Radius)),
        ..WRITE
    },
    CommandSpec {
        name: "georadiusbymember_ro",
        arity: -5,
        deprecated: Some(Deprecated { since: "6.2.0", replaced_by: BY_MEMBER }),
        summary: "Lists the members within a circle around a member.",
        syntax: "key:key#0 member radius:double unit(m=M | km=KM | ft=FT | mi=MI) \
            [withcoord=WITHCOORD] [withdist=WITHDIST] [withhash=WITHHASH] \
            [count-block{count:integer=COUNT [any=ANY]}] [order(asc=ASC | desc=DESC)]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
            > GEORADIUSBYMEMBER_RO sights louvre 5 KM DESC\n1) \"eiffel\"\n2) \"louvre\"",
        run: Some(|context, args| by_member(context, args, Words::RadiusRead)),
        ..READ
    },
];

/// The set, and the last key that is stored to, for a line whose options begin at a position.
fn keys(argv: &[Vec<u8>], options: usize) -> Vec<(usize, KeyFlags)> {
    let mut stored = None;
    let mut at = options;
    while let Some(word) = argv.get(at) {
        let is = |name: &[u8]| word.eq_ignore_ascii_case(name);
        if (is(b"STORE") || is(b"STOREDIST")) && at + 1 < argv.len() {
            stored = Some((at + 1, KeyFlags::STORE));
            at += 1;
        }
        at += 1;
    }
    [(1, KeyFlags::READ)].into_iter().chain(stored).collect()
}

const EVENT: &str = "georadiusstore";

fn by_place(context: &mut Context<'_>, args: &mut Args, words: Words) -> CommandResult {
    let key = args.take()?;
    run(context, &key, EVENT, |set| {
        let middle = Some(Middle::Place(place(args)?));
        let shape = Some(circle(args)?);
        Query { middle, shape, ..Query::default() }.parse(args, words, set)
    })
}

fn by_member(context: &mut Context<'_>, args: &mut Args, words: Words) -> CommandResult {
    let key = args.take()?;
    run(context, &key, EVENT, |set| {
        let middle = Some(Middle::member(&args.take()?, set)?);
        // Without a set there is nothing to search, and Redis does not even look at how far.
        let shape = if set.is_some() {
            Some(circle(args)?)
        } else {
            args.take()?;
            args.take()?;
            None
        };
        Query { middle, shape, ..Query::default() }.parse(args, words, set)
    })
}
