//! Changing a list in its middle: LINSERT, LREM, LSET, LTRIM.

use super::{INSERT_FLAGS, fill};
use crate::args::Args;
use crate::command::span;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Edit, Surroundings};
use crate::number;
use crate::reply::Reply;
use crate::value::list::{End, List, Side};

const REMOVE_KEY: &[KeySpec] = &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::DELETE))];

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "linsert",
        group: Group::List,
        since: "2.2.0",
        arity: 5,
        flags: Flags::WRITE.union(Flags::DENYOOM),
        keys: &[KeySpec::one(1, INSERT_FLAGS)],
        summary: "Puts an element before or after the first one that equals the pivot.",
        complexity: "O(N), N being the elements from the head to the pivot",
        syntax: "key:key#0 where(before=BEFORE | after=AFTER) pivot element",
        example: "> RPUSH tasks plan read\n(integer) 2\n> LINSERT tasks BEFORE read write\n(integer) 3\n\
            > LINSERT tasks AFTER nothing rest\n(integer) -1",
        run: Some(linsert),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "lrem",
        group: Group::List,
        arity: 4,
        flags: Flags::WRITE,
        keys: REMOVE_KEY,
        summary: "Removes elements that equal a value: some from the head, some from the tail, or all.",
        complexity: "O(N+M), N being the elements of the list and M those removed",
        syntax: "key:key#0 count:integer element",
        example: "> RPUSH l a b a c a\n(integer) 5\n> LREM l -1 a\n(integer) 1\n> LREM l 0 a\n(integer) 2\n\
            > LRANGE l 0 -1\n1) \"b\"\n2) \"c\"",
        run: Some(lrem),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "lset",
        group: Group::List,
        arity: 4,
        flags: Flags::WRITE.union(Flags::DENYOOM),
        keys: &[KeySpec::one(1, KeyFlags::RW.union(KeyFlags::UPDATE))],
        summary: "Puts an element in the place of the one at an index.",
        complexity: "O(N), N being the elements between the nearer end and the index; O(1) at the ends",
        syntax: "key:key#0 index:integer element",
        example: "> RPUSH tasks plan write\n(integer) 2\n> LSET tasks -1 draw\nOK\n> LRANGE tasks 0 -1\n1) \"plan\"\n\
            2) \"draw\"",
        run: Some(lset),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "ltrim",
        group: Group::List,
        arity: 4,
        flags: Flags::WRITE,
        keys: REMOVE_KEY,
        summary: "Keeps the elements between two indexes and removes all others.",
        complexity: "O(N), N being the elements that are removed",
        syntax: "key:key#0 start:integer stop:integer",
        example: "> RPUSH log 5 4 3 2 1\n(integer) 5\n> LTRIM log 0 2\nOK\n> LRANGE log 0 -1\n1) \"5\"\n2) \"4\"\n3) \"3\"",
        run: Some(ltrim),
        ..CommandSpec::BASE
    },
];

fn linsert(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let side = match () {
        () if args.word("AFTER") => Side::After,
        () if args.word("BEFORE") => Side::Before,
        () => return Err(Error::Syntax),
    };
    let (pivot, element) = (args.take()?, args.take()?);
    let length = context.db()?.edit(&key, |list: &mut List, around| {
        // Room is made before the pivot is looked for, and stays made where there is none.
        list.make_room(fill(around), 1, element.len());
        if list.insert(side, &pivot, &element) {
            Edit::changed(Reply::count(list.len()), "linsert")
        } else {
            Edit::unchanged(Reply::Integer(-1))
        }
    })?;
    Ok(length.unwrap_or(Reply::Integer(0)))
}

fn lset(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let edited = context.db()?.edit(&key, |list: &mut List, around| match replace(list, around, args) {
        Ok(()) => Edit::changed(Ok(Reply::OK), "lset"),
        Err(error) => Edit::unchanged(Err(error)),
    })?;
    edited.unwrap_or(Err(Error::NoSuchKey))
}

/// The index is read only where there is a list.
fn replace(list: &mut List, around: &Surroundings, args: &mut Args) -> Result<(), Error> {
    let (index, element) = (args.int()?, args.take()?);
    // Room is made as if for one element more, and stays made where there is none to replace.
    list.make_room(fill(around), 1, element.len());
    // Redis keeps 32 bits of this index, so 4294967296 is the head.
    if !list.set((index as i32).into(), &element) {
        return Err(Error::IndexOutOfRange);
    }
    list.shrink(fill(around));
    Ok(())
}

fn lrem(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, count, element) = (args.take()?, args.int_with_opposite()?, args.take()?);
    let from = if count < 0 { End::Tail } else { End::Head };
    let limit = number::to_count(count.abs()).filter(|limit| *limit > 0).unwrap_or(usize::MAX);
    let removed = context.db()?.edit(&key, |list: &mut List, around| {
        let removed = list.remove(from, limit, &element);
        if removed == 0 {
            return Edit::unchanged(0);
        }
        list.shrink(fill(around));
        Edit::changed(removed, "lrem")
    })?;
    Ok(Reply::count(removed.unwrap_or(0)))
}

fn ltrim(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, start, stop) = (args.take()?, args.int()?, args.int()?);
    context.db()?.edit(&key, |list: &mut List, around| {
        let kept = span::between(start, stop, list.len());
        let kept = if kept.is_empty() { list.len()..list.len() } else { kept };
        list.remove_range(kept.end, list.len() - kept.end);
        list.remove_range(0, kept.start);
        list.shrink(fill(around));
        Edit::changed((), "ltrim")
    })?;
    Ok(Reply::OK)
}
