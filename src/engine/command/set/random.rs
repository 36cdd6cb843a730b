//! Members drawn at random, to be shown or to be taken out: SRANDMEMBER, SPOP.

use super::{READ_KEY, limits, reply};
use crate::args::Args;
use crate::command::draw::{self, Request};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::set::{Member, Set};

const POP_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::TAKE)];

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "spop",
        group: Group::Set,
        arity: -2,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: POP_KEY,
        tips: &["nondeterministic_output"],
        summary: "Removes members drawn at random and gives them; the key goes with the last one.",
        complexity: "O(N), N being the members removed",
        syntax: "key:key#0 [count:integer@3.2.0]",
        example: "> SADD raffle alice\n(integer) 1\n> SPOP raffle\n\"alice\"\n> EXISTS raffle\n(integer) 0",
        run: Some(spop),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "srandmember",
        group: Group::Set,
        arity: -2,
        flags: Flags::READONLY,
        keys: READ_KEY,
        tips: &["nondeterministic_output"],
        summary: "Draws members at random: distinct ones, or, for a negative count, each draw on its own.",
        complexity: "O(N), N being the members drawn",
        syntax: "key:key#0 [count:integer@2.6.0]",
        example: "> SADD raffle alice\n(integer) 1\n> SRANDMEMBER raffle\n\"alice\"\n> SRANDMEMBER raffle -2\n\
            1) \"alice\"\n2) \"alice\"",
        run: Some(srandmember),
        ..CommandSpec::BASE
    },
];

fn spop(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    if args.remaining() > 1 {
        return Err(Error::Syntax);
    }
    let single = args.is_empty();
    let count = if single { 1 } else { args.count(0, Error::NotPositive)? };
    let limits = limits(context);
    let popped = context.db()?.edit(&key, |set: &mut Set, around| {
        let popped = set.pop(count, limits, &mut around.rng);
        if popped.is_empty() { Edit::unchanged(popped) } else { Edit::changed(popped, "spop") }
    })?;
    let popped = popped.unwrap_or_default();
    Ok(if single { Reply::bulk_or_nil(popped.into_iter().next()) } else { reply(popped) })
}

fn srandmember(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let request = if args.is_empty() { None } else { Some(Request::parse_count(args)?) };
    context.db()?.read::<Set>(&key)?;
    let source = draw::from::<Set>(context, &key);
    let Some(request) = request else {
        return Ok(Reply::bulk_or_nil(source.and_then(|(set, rng)| set.draw(rng))));
    };
    let Some((set, rng)) = source else { return Ok(Reply::Array(Vec::new())) };
    request.check()?;
    let drawn = match request.draw(set.len(), set.is_packed(), rng) {
        Some(places) => set.pick(&places),
        None => set.iter().map(Member::to_vec).collect(),
    };
    Ok(Reply::Array(drawn.into_iter().map(Reply::Bulk).collect()))
}
