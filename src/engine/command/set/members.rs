//! Adding, asking for and removing members: SADD, SCARD, SISMEMBER, SMEMBERS, SMISMEMBER, SMOVE, SREM.

use super::{READ_KEY, limits, told};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::reply::Reply;
use crate::value::set::Set;

/// A key of which nothing but the answer to a question is shown.
const ASKED_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RO)];
const MOVE_KEYS: &[KeySpec] =
    &[KeySpec::one(1, KeyFlags::TAKE), KeySpec::one(2, KeyFlags::RW.union(KeyFlags::INSERT))];

const READ: CommandSpec = CommandSpec {
    group: Group::Set,
    flags: Flags::READONLY.union(Flags::FAST),
    keys: ASKED_KEY,
    ..CommandSpec::BASE
};

const WRITE: CommandSpec =
    CommandSpec { group: Group::Set, flags: Flags::WRITE.union(Flags::FAST), ..CommandSpec::BASE };

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "sadd",
        arity: -3,
        flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::INSERT))],
        summary: "Adds members to a set, which is made if there is none; those that are in already stay as they are.",
        complexity: "O(1) for each member",
        syntax: "key:key#0 member*",
        example: "> SADD tags red green\n(integer) 2\n> SADD tags green blue\n(integer) 1",
        run: Some(sadd),
        ..WRITE
    },
    CommandSpec {
        name: "scard",
        arity: 2,
        summary: "Counts the members.",
        syntax: "key:key#0",
        example: "> SADD tags red green\n(integer) 2\n> SCARD tags\n(integer) 2",
        run: Some(scard),
        ..READ
    },
    CommandSpec {
        name: "sismember",
        arity: 3,
        summary: "Tells whether a member is in a set.",
        syntax: "key:key#0 member",
        example: "> SADD tags red\n(integer) 1\n> SISMEMBER tags red\n(integer) 1\n> SISMEMBER tags blue\n(integer) 0",
        run: Some(sismember),
        ..READ
    },
    CommandSpec {
        name: "smembers",
        arity: 2,
        flags: Flags::READONLY,
        keys: READ_KEY,
        tips: &["nondeterministic_output_order"],
        summary: "Lists all members.",
        complexity: "O(N), N being the members in the set",
        syntax: "key:key#0",
        example: "> SADD tags red green\n(integer) 2\n> SMEMBERS tags\n1) \"red\"\n2) \"green\"",
        run: Some(smembers),
        ..READ
    },
    CommandSpec {
        name: "smismember",
        since: "6.2.0",
        arity: -3,
        keys: READ_KEY,
        summary: "Tells of each of several members whether it is in a set.",
        complexity: "O(N), N being the members asked for",
        syntax: "key:key#0 member*",
        example: "> SADD tags red\n(integer) 1\n> SMISMEMBER tags red blue\n1) (integer) 1\n2) (integer) 0",
        run: Some(smismember),
        ..READ
    },
    CommandSpec {
        name: "smove",
        arity: 4,
        keys: MOVE_KEYS,
        summary: "Moves a member from one set to another.",
        syntax: "source:key#0 destination:key#1 member",
        example: "> SADD todo write test\n(integer) 2\n> SMOVE todo done write\n(integer) 1\n> SMEMBERS done\n1) \"write\"",
        run: Some(smove),
        ..WRITE
    },
    CommandSpec {
        name: "srem",
        arity: -3,
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::DELETE))],
        summary: "Removes members; the key goes with the last one.",
        complexity: "O(N), N being the members to remove",
        syntax: "key:key#0 member*",
        example: "> SADD tags red green\n(integer) 2\n> SREM tags green blue\n(integer) 1",
        run: Some(srem),
        ..WRITE
    },
];

fn sadd(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, members) = (args.take()?, args.rest());
    let limits = limits(context);
    let added = context.db()?.edit_or_create(&key, |set: &mut Set, _| {
        match members.first() {
            Some(first) if set.is_empty() => *set = Set::for_first(first, members.len(), limits),
            _ => set.expect(members.len(), limits),
        }
        told(members.iter().filter(|member| set.add(member, limits)).count(), "sadd")
    })?;
    Ok(Reply::count(added))
}

fn scard(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    Ok(Reply::count(context.db()?.read::<Set>(&key)?.map_or(0, Set::len)))
}

fn sismember(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, member) = (args.take()?, args.take()?);
    Ok(Reply::flag(context.db()?.read::<Set>(&key)?.is_some_and(|set| set.contains(&member))))
}

fn smembers(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let mut db = context.db()?;
    let members = db.read::<Set>(&key)?.into_iter().flat_map(Set::iter);
    Ok(Reply::Set(members.map(|member| Reply::Bulk(member.to_vec())).collect()))
}

fn smismember(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, members) = (args.take()?, args.rest());
    let mut db = context.db()?;
    let set = db.read::<Set>(&key)?;
    let is_member = |member: &Vec<u8>| Reply::flag(set.is_some_and(|set| set.contains(member)));
    Ok(Reply::Array(members.iter().map(is_member).collect()))
}

fn smove(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (source, destination, member) = (args.take()?, args.take()?, args.take()?);
    let limits = limits(context);
    let mut db = context.db()?;
    let is_there = db.contains(&source);
    let fits = db.before_write::<Set>(&destination).map(|_| ());
    if !is_there {
        return Ok(Reply::flag(false));
    }
    fits?;
    if source == destination {
        return Ok(Reply::flag(db.before_write::<Set>(&source)?.is_some_and(|set| set.contains(&member))));
    }
    let removed = db.edit(&source, |set: &mut Set, _| told(usize::from(set.remove(&member)), "srem"))?;
    if removed != Some(1) {
        return Ok(Reply::flag(false));
    }
    db.edit_or_create(&destination, |set: &mut Set, _| {
        if set.is_empty() {
            *set = Set::for_first(&member, 1, limits);
        }
        told(usize::from(set.add(&member, limits)), "sadd")
    })?;
    Ok(Reply::flag(true))
}

fn srem(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, members) = (args.take()?, args.rest());
    let removed = context.db()?.edit(&key, |set: &mut Set, _| {
        told(members.iter().filter(|member| set.remove(member)).count(), "srem")
    })?;
    Ok(Reply::count(removed.unwrap_or(0)))
}
