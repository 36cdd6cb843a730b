//! Searching for members within a circle or a box: GEOSEARCH, GEOSEARCHSTORE, and what the older commands share.

use super::query::{Middle, Query, Store, Words};
use super::{READ_KEY, distance_reply, place_reply};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::command::zset;
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::value::SortedSet;
use crate::value::geo::processor_integer;
use crate::value::geo::search::{self, Found};

const STORE_KEYS: &[KeySpec] = &[KeySpec::one(1, KeyFlags::STORE), KeySpec::one(2, KeyFlags::READ)];

pub(super) const COST: &str =
    "O(N+log(M)), N being the members in the cells around the shape and M all members";

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "geosearch",
        group: Group::Geo,
        since: "6.2.0",
        arity: -7,
        flags: Flags::READONLY,
        keys: READ_KEY,
        summary: "Lists the members within a circle or a box around a place or a member.",
        complexity: COST,
        syntax: "key:key#0 from(member:string=FROMMEMBER | \
            fromlonlat{longitude:double latitude:double}=FROMLONLAT) \
            by(circle{radius:double=BYRADIUS unit(m=M | km=KM | ft=FT | mi=MI)} | \
            box{width:double=BYBOX height:double unit(m=M | km=KM | ft=FT | mi=MI)}) \
            [order(asc=ASC | desc=DESC)] [count-block{count:integer=COUNT [any=ANY]}] \
            [withcoord=WITHCOORD] [withdist=WITHDIST] [withhash=WITHHASH]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre 2.1204 48.8049 versailles\n(integer) 3\n\
            > GEOSEARCH sights FROMMEMBER louvre BYRADIUS 5 KM ASC WITHDIST\n1) 1) \"louvre\"\n   2) \"0.0000\"\n\
            2) 1) \"eiffel\"\n   2) \"3.0760\"",
        run: Some(geosearch),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "geosearchstore",
        group: Group::Geo,
        since: "6.2.0",
        arity: -8,
        flags: Flags::WRITE.union(Flags::DENYOOM),
        keys: STORE_KEYS,
        summary: "Stores the members within a circle or a box, with their places or with their distances as scores.",
        complexity: COST,
        syntax: "destination:key#0 source:key#1 from(member:string=FROMMEMBER | \
            fromlonlat{longitude:double latitude:double}=FROMLONLAT) \
            by(circle{radius:double=BYRADIUS unit(m=M | km=KM | ft=FT | mi=MI)} | \
            box{width:double=BYBOX height:double unit(m=M | km=KM | ft=FT | mi=MI)}) \
            [order(asc=ASC | desc=DESC)] [count-block{count:integer=COUNT [any=ANY]}] [storedist=STOREDIST]",
        example: "> GEOADD sights 2.2945 48.8584 eiffel 2.3364 48.8606 louvre\n(integer) 2\n\
            > GEOSEARCHSTORE near sights FROMMEMBER eiffel BYBOX 8 8 KM\n(integer) 2\n> GEODIST near eiffel louvre\n\
            \"3075.9587\"",
        run: Some(geosearchstore),
        ..CommandSpec::BASE
    },
];

fn geosearch(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    run(context, &key, "geosearchstore", |set| Query::default().parse(args, Words::Search, set))
}

fn geosearchstore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let store = Some(Store { destination: args.take()?, distances: false });
    let key = args.take()?;
    let query = Query { store, ..Query::default() };
    run(context, &key, "geosearchstore", |set| query.parse(args, Words::SearchStore, set))
}

/// Searches the set at a key for what `parse` reads from the arguments, and answers or stores what is found.
pub(super) fn run(
    context: &mut Context<'_>,
    key: &[u8],
    event: &'static str,
    parse: impl FnOnce(Option<&SortedSet>) -> Result<Query, Error>,
) -> CommandResult {
    context.db()?.read::<SortedSet>(key)?;
    let set = context.keyspace.peek(context.session.db, key);
    let query = parse(set)?;
    let found = set.map(|set| find(set, &query)).unwrap_or_default();
    let unit = query.shape.map_or(1.0, |shape| shape.unit);
    match &query.store {
        None => Ok(Reply::Array(found.into_iter().map(|found| shown(found, &query, unit)).collect())),
        Some(store) => {
            let limits = zset::limits(context);
            let mut result = SortedSet::big();
            for Found { member, distance, score, .. } in found {
                let score = if store.distances { distance / unit } else { score };
                result.set(&member, score, limits, &mut context.around.rng);
            }
            result.compact(limits);
            Ok(Reply::count(context.db()?.store(store.destination.clone(), result, event)))
        }
    }
}

/// The members in the order asked for, as many as were asked for. The nearest first if only some are wanted, unless any
/// will do.
fn find(set: &SortedSet, query: &Query) -> Vec<Found> {
    let (Some(shape), Some(middle)) = (query.shape, query.middle.and_then(Middle::place)) else {
        return Vec::new();
    };
    let limit = query.count.filter(|_| query.any);
    let mut found = search::within(set, middle, &shape, limit);
    let wanted = query.count.unwrap_or(usize::MAX);
    let order = query.nearest_first.or_else(|| (query.count.is_some() && !query.any).then_some(true));
    if let Some(nearest_first) = order {
        search::sort(&mut found, nearest_first, wanted);
    }
    found.truncate(wanted);
    found
}

/// A member, or an array of it and what else is to be shown.
fn shown(found: Found, query: &Query, unit: f64) -> Reply {
    let member = Reply::Bulk(found.member);
    if !(query.with_distance || query.with_hash || query.with_place) {
        return member;
    }
    let mut parts = vec![member];
    if query.with_distance {
        parts.push(distance_reply(found.distance / unit));
    }
    if query.with_hash {
        parts.push(Reply::Integer(processor_integer(found.score)));
    }
    if query.with_place {
        parts.push(place_reply(found.place));
    }
    Reply::Array(parts)
}
