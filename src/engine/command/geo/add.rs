//! Adding places: GEOADD.

use super::place;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::command::zset::{AddOptions, add_members};
use crate::dispatch::Context;
use crate::error::Error;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "geoadd",
    group: Group::Geo,
    since: "3.2.0",
    arity: -5,
    flags: Flags::WRITE.union(Flags::DENYOOM),
    keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::UPDATE))],
    summary: "Adds members with their longitudes and latitudes, or moves members that are there.",
    complexity: "O(log(N)) for each member, N being the members in the sorted set",
    syntax: "key:key#0 [condition(nx=NX | xx=XX)@6.2.0] [change=CH@6.2.0] \
        data{longitude:double latitude:double member}*",
    example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
        > GEODIST sights eiffel louvre KM\n\"3.0760\"",
    run: Some(geoadd),
    ..CommandSpec::BASE
}];

fn geoadd(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut options = AddOptions::default();
    loop {
        match () {
            () if args.word("NX") => options.only_new = true,
            () if args.word("XX") => options.only_existing = true,
            () if args.word("CH") => options.count_changed = true,
            () => break,
        }
    }
    let words = args.remaining();
    if words == 0 || !words.is_multiple_of(3) || (options.only_new && options.only_existing) {
        return Err(Error::Syntax);
    }
    let mut pairs = Vec::with_capacity(words / 3);
    while !args.is_empty() {
        pairs.push((place(args)?.score(), args.take()?));
    }
    add_members(context, &key, options, &pairs)
}
