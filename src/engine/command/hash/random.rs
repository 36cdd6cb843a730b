//! Drawing fields at random: HRANDFIELD.

use super::READ_KEY;
use crate::args::Args;
use crate::command::draw::{self, Request};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::rng::Rng;
use crate::value::hash::Hash;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "hrandfield",
    group: Group::Hash,
    since: "6.2.0",
    arity: -2,
    flags: Flags::READONLY,
    keys: READ_KEY,
    tips: &["nondeterministic_output"],
    summary: "Draws fields at random: distinct ones, or, for a negative count, each draw on its own.",
    complexity: "O(N), N being the fields drawn",
    syntax: "key:key#0 [options{count:integer [withvalues=WITHVALUES]}]",
    example: "> HSET coin face heads\n(integer) 1\n> HRANDFIELD coin\n\"face\"\n\
        > HRANDFIELD coin -2 WITHVALUES\n1) \"face\"\n2) \"heads\"\n3) \"face\"\n4) \"heads\"",
    run: Some(hrandfield),
    ..CommandSpec::BASE
}];

fn hrandfield(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    if args.is_empty() {
        let drawn = drawing_from(context, &key)?
            .and_then(|(hash, rng)| hash.pick(&[rng.below(hash.len())]).into_iter().next());
        return Ok(drawn.map_or(Reply::Nil, |(field, _)| Reply::bulk(field)));
    }
    let request = Request::parse(args, "WITHVALUES")?;
    let Some((hash, rng)) = drawing_from(context, &key)? else { return Ok(Reply::Array(Vec::new())) };
    request.check()?;
    let drawn = match request.draw(hash.len(), hash.is_packed(), rng) {
        Some(places) => hash.pick(&places),
        None => hash.iter().map(|(field, content)| (field, content.value)).collect(),
    };
    let drawn = drawn.into_iter();
    Ok(if request.in_full {
        Reply::Pairs(drawn.map(|(field, value)| (Reply::bulk(field), Reply::bulk(value))).collect())
    } else {
        Reply::Array(drawn.map(|(field, _)| Reply::bulk(field)).collect())
    })
}

/// The hash at a key, as a read, after all fields have left whose time has come; and the random source beside it.
fn drawing_from<'a>(
    context: &'a mut Context<'_>,
    key: &[u8],
) -> Result<Option<(&'a Hash, &'a mut Rng)>, Error> {
    let mut db = context.db()?;
    if db.read::<Hash>(key)?.is_none() {
        return Ok(None);
    }
    db.expire_fields(key, None);
    Ok(draw::from(context, key))
}
