//! Looking up members: where they are, how far apart, and their geohash. GEODIST, GEOHASH, GEOPOS.

use super::{READ_KEY, distance_reply, place_reply, unit};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::SortedSet;
use crate::value::geo::Place;

const LOOKUP: CommandSpec = CommandSpec {
    group: Group::Geo,
    since: "3.2.0",
    flags: Flags::READONLY,
    keys: READ_KEY,
    complexity: "O(1) for each member",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "geodist",
        arity: -4,
        summary: "Gives the distance of two members: in metres, unless another unit is asked for.",
        complexity: "O(1)",
        syntax: "key:key#0 member1 member2 [unit(m=M | km=KM | ft=FT | mi=MI)]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
            > GEODIST sights eiffel louvre\n\"3075.9587\"\n> GEODIST sights eiffel louvre MI\n\"1.9113\"",
        run: Some(geodist),
        ..LOOKUP
    },
    CommandSpec {
        name: "geohash",
        arity: -2,
        summary: "Gives members' geohashes: the nearer two places, the more letters they begin with alike.",
        syntax: "key:key#0 [member*]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
            > GEOHASH sights eiffel louvre\n1) \"u09tunquc90\"\n2) \"u09tvnv3d50\"",
        run: Some(geohash),
        ..LOOKUP
    },
    CommandSpec {
        name: "geopos",
        arity: -2,
        summary: "Gives members' longitudes and latitudes, as exactly as a score keeps them.",
        syntax: "key:key#0 [member*]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel\n(integer) 1\n> GEOPOS sights eiffel\n\
            1) 1) \"2.294498383998871\"\n   2) \"48.85839918237244\"",
        run: Some(geopos),
        ..LOOKUP
    },
];

fn geodist(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, one, other) = (args.take()?, args.take()?, args.take()?);
    if args.remaining() > 1 {
        return Err(Error::Syntax);
    }
    let unit = if args.is_empty() { 1.0 } else { unit(args)? };
    let mut db = context.db()?;
    let Some(set) = db.read::<SortedSet>(&key)? else { return Ok(Reply::Nil) };
    let place = |member: &[u8]| set.score(member).map(Place::of_score);
    Ok(match (place(&one), place(&other)) {
        (Some(one), Some(other)) => distance_reply(one.distance(other) / unit),
        _ => Reply::Nil,
    })
}

fn geohash(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    each_place(context, args, |place| place.map_or(Reply::Nil, |place| Reply::bulk(place.geohash())))
}

fn geopos(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    each_place(context, args, |place| place.map_or(Reply::NilArray, place_reply))
}

/// Answers for each member named.
fn each_place(
    context: &mut Context<'_>,
    args: &mut Args,
    answer: impl Fn(Option<Place>) -> Reply,
) -> CommandResult {
    let (key, members) = (args.take()?, args.rest());
    let mut db = context.db()?;
    let set = db.read::<SortedSet>(&key)?;
    let place = |member: &Vec<u8>| set.and_then(|set| set.score(member)).map(Place::of_score);
    Ok(Reply::Array(members.iter().map(|member| answer(place(member))).collect()))
}
