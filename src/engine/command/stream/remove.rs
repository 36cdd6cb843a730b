//! Deleting entries: XDEL.

use super::{REMOVE_KEY, ids};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::stream::{Stream, StreamId};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xdel",
    group: Group::Stream,
    since: "5.0.0",
    arity: -3,
    flags: Flags::WRITE.union(Flags::FAST),
    keys: REMOVE_KEY,
    summary: "Deletes entries by their IDs; the stream stays, even without entries.",
    complexity: "O(log(N)) for each entry, N being the nodes of the stream",
    syntax: "key:key#0 id*",
    example: "> XADD log 1-0 step start\n\"1-0\"\n> XADD log 2-0 step stop\n\"2-0\"\n> XDEL log 1-0 7-0\n(integer) 1",
    run: Some(xdel),
    ..CommandSpec::BASE
}];

fn xdel(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    if context.db()?.before_write::<Stream>(&key)?.is_none() {
        return Ok(Reply::Integer(0));
    }
    let ids: Vec<StreamId> = args.rest().iter().map(|id| ids::exact(id, 0)).collect::<Result<_, Error>>()?;
    let deleted = context.db()?.edit(&key, |stream: &mut Stream, _| {
        let deleted = ids.iter().filter(|id| stream.delete(**id)).count();
        if deleted > 0 { Edit::changed(deleted, "xdel") } else { Edit::unchanged(0) }
    })?;
    Ok(Reply::count(deleted.unwrap_or(0)))
}
