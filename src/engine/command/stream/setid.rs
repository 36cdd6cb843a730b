//! Saying where a stream goes on: XSETID.

use super::{UPDATE_KEY, ids};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::stream::{Stream, StreamId};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xsetid",
    group: Group::Stream,
    since: "5.0.0",
    arity: -3,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: UPDATE_KEY,
    summary: "Sets the last ID a stream has given, which the next entry must exceed; for tools that restore streams.",
    complexity: "O(1)",
    syntax: "key:key#0 last-id [entries-added:integer=ENTRIESADDED@7.0.0] [max-deleted-id:string=MAXDELETEDID@7.0.0]",
    example: "> XADD log 1-0 step start\n\"1-0\"\n> XSETID log 9-0\nOK\n> XADD log 5-0 step late\n\
        (error) ERR The ID specified in XADD is equal or smaller than the target stream top item",
    run: Some(xsetid),
    ..CommandSpec::BASE
}];

/// What is to be set.
struct Request {
    last_id: StreamId,
    added: Option<u64>,
    max_deleted: Option<StreamId>,
}

impl Request {
    fn parse(args: &mut Args) -> Result<Self, Error> {
        let last_id = ids::exact(&args.take()?, 0)?;
        let mut request = Self { last_id, added: None, max_deleted: None };
        while !args.is_empty() {
            let more = args.remaining() > 1;
            if more && args.word("ENTRIESADDED") {
                let added = u64::try_from(args.int()?);
                request.added = Some(added.map_err(|_| Error::Fixed("ERR entries_added must be positive"))?);
            } else if more && args.word("MAXDELETEDID") {
                let id = ids::exact(&args.take()?, 0)?;
                if last_id < id {
                    return Err(Error::Fixed(
                        "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id",
                    ));
                }
                request.max_deleted = (id != StreamId::MIN).then_some(id);
            } else {
                return Err(Error::Syntax);
            }
        }
        Ok(request)
    }

    /// What is set must not contradict what the stream holds.
    fn check(&self, stream: &Stream) -> Result<(), Error> {
        let progress = stream.progress();
        let why = if self.last_id < progress.max_deleted_id {
            "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id"
        } else if progress.len > 0 && self.last_id < stream.last_live_id() {
            "ERR The ID specified in XSETID is smaller than the target stream top item"
        } else if progress.len > 0 && self.added.is_some_and(|added| added < progress.len) {
            "ERR The entries_added specified in XSETID is smaller than the target stream length"
        } else {
            return Ok(());
        };
        Err(Error::Fixed(why))
    }
}

fn xsetid(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let request = Request::parse(args)?;
    let set = context.db()?.edit(&key, |stream: &mut Stream, _| match request.check(stream) {
        Ok(()) => {
            stream.set_id(request.last_id, request.added, request.max_deleted);
            Edit::changed(Ok(Reply::OK), "xsetid")
        }
        error => Edit::unchanged(error.map(|()| Reply::OK)),
    })?;
    set.ok_or(Error::NoSuchKey)?
}
