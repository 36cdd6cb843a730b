//! Taking elements from an end: LPOP, RPOP, LMPOP.

use super::{end, fill, popped};
use crate::args::Args;
use crate::command::numkeys::Pop;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::{Db, Edit};
use crate::reply::Reply;
use crate::value::list::{End, List};

const POP: CommandSpec = CommandSpec {
    group: Group::List,
    arity: -2,
    flags: Flags::WRITE.union(Flags::FAST),
    keys: &[KeySpec::one(1, KeyFlags::TAKE)],
    complexity: "O(N) for N elements that are taken",
    syntax: "key:key#0 [count:integer@6.2.0]",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "lmpop",
        group: Group::List,
        since: "7.0.0",
        arity: -4,
        flags: Flags::WRITE.union(Flags::MOVABLEKEYS),
        keys: &[KeySpec::numkeys(1, KeyFlags::TAKE)],
        summary: "Takes elements from an end of the first of several lists that has any.",
        complexity: "O(N+M), N being the keys and M the elements that are taken",
        syntax: "numkeys:integer key:key#0* where(left=LEFT | right=RIGHT) [count:integer=COUNT]",
        example: "> RPUSH normal a b c\n(integer) 3\n> LMPOP 2 urgent normal LEFT COUNT 2\n1) \"normal\"\n\
            2) 1) \"a\"\n   2) \"b\"",
        run: Some(lmpop),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "lpop",
        summary: "Takes an element, or several, from the head of a list.",
        example: "> RPUSH tasks plan write read\n(integer) 3\n> LPOP tasks\n\"plan\"\n> LPOP tasks 2\n1) \"write\"\n\
            2) \"read\"",
        run: Some(|context, args| pop(context, args, End::Head)),
        ..POP
    },
    CommandSpec {
        name: "rpop",
        summary: "Takes an element, or several, from the tail of a list.",
        example: "> RPUSH tasks plan write read\n(integer) 3\n> RPOP tasks\n\"read\"\n> RPOP tasks 2\n1) \"write\"\n\
            2) \"plan\"",
        run: Some(|context, args| pop(context, args, End::Tail)),
        ..POP
    },
];

fn pop(context: &mut Context<'_>, args: &mut Args, end: End) -> CommandResult {
    let key = args.take()?;
    if args.remaining() > 1 {
        return Err(Error::WrongArity { command: context.name() });
    }
    let mut db = context.db()?;
    if args.is_empty() {
        return Ok(Reply::bulk_or_nil(take_one(&mut db, &key, end)?));
    }
    let count = args.count(0, Error::NotPositive)?;
    Ok(take(&mut db, &key, end, count)?.map_or(Reply::NilArray, array))
}

fn lmpop(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let request = Pop::parse(args, end)?;
    Ok(serve(&request, &mut context.db()?)?.unwrap_or(Reply::NilArray))
}

/// The key and its elements, or nothing where no list has any.
pub(super) fn serve(request: &Pop<End>, db: &mut Db<'_>) -> Result<Option<Reply>, Error> {
    request.serve(|key, end, count| Ok(take(db, key, end, count)?.map(array)))
}

fn array(elements: Vec<Vec<u8>>) -> Reply {
    Reply::Array(elements.into_iter().map(Reply::Bulk).collect())
}

/// Takes so many elements from an end; nothing where there is no list.
fn take(db: &mut Db<'_>, key: &[u8], end: End, count: usize) -> Result<Option<Vec<Vec<u8>>>, Error> {
    db.edit(key, |list: &mut List, around| {
        if count == 0 {
            return Edit::unchanged(Vec::new());
        }
        let taken = list.pop_many(end, count);
        list.shrink(fill(around));
        Edit::changed(taken, popped(end))
    })
}

/// Takes one element from an end; nothing where there is no list.
pub(super) fn take_one(db: &mut Db<'_>, key: &[u8], end: End) -> Result<Option<Vec<u8>>, Error> {
    let taken = db.edit(key, |list: &mut List, around| {
        let taken = list.pop(end);
        list.shrink(fill(around));
        Edit::changed(taken, popped(end))
    })?;
    Ok(taken.flatten())
}
