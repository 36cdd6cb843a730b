//! Adding entries: XADD.

use super::ids::NewId;
use super::trim::{Options, trim};
use super::{UPDATE_KEY, id_reply, limits};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::reply::Reply;
use crate::value::listpack;
use crate::value::stream::{Stream, StreamId};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xadd",
    group: Group::Stream,
    since: "5.0.0",
    arity: -5,
    flags: Flags::WRITE.union(Flags::DENYOOM).union(Flags::FAST),
    keys: UPDATE_KEY,
    tips: &["nondeterministic_output"],
    summary: "Adds an entry of fields and values to a stream, creating the stream if need be, and answers its ID.",
    complexity: "O(1) for the entry, and O(N) for trimming, N being the evicted entries",
    syntax: "key:key#0 [nomkstream=NOMKSTREAM@6.2.0] [trim{strategy(maxlen=MAXLEN | minid=MINID@6.2.0) [operator(equal== | approximately=~)] threshold [count:integer=LIMIT@6.2.0]}] id-selector(auto-id=* | id) data{field value}*",
    example: "> XADD sensor 1700000000000-0 celsius 21.5\n\"1700000000000-0\"\n\
        > XADD sensor MAXLEN 100 1700000000000-* celsius 21.7\n\"1700000000000-1\"\n> XLEN sensor\n(integer) 2",
    run: Some(xadd),
    ..CommandSpec::BASE
}];

const EXHAUSTED: Error =
    Error::Fixed("ERR The stream has exhausted the last possible ID, unable to add more items");
const NOT_BEHIND: Error =
    Error::Fixed("ERR The ID specified in XADD is equal or smaller than the target stream top item");

fn xadd(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let key = args.take()?;
    let options = Options::parse(context, args, true)?;
    let pairs = args.rest();
    let Some(wanted) = options.id.filter(|_| !pairs.is_empty() && pairs.len().is_multiple_of(2)) else {
        return Err(Error::WrongArity { command: context.name() });
    };
    if wanted == NewId::Exact(StreamId::MIN) {
        return Err(Error::Fixed("ERR The ID specified in XADD must be greater than 0-0"));
    }
    let stream = context.db()?.before_write::<Stream>(&key)?.map(Stream::last_id);
    if stream.is_none() && options.only_existing {
        return Ok(Reply::Nil);
    }
    let id = next_id(wanted, stream.unwrap_or_default(), context.now())?;
    if pairs.iter().map(Vec::len).sum::<usize>() > listpack::SAFE_LIMIT {
        return Err(Error::Fixed("ERR Elements are too large to be stored"));
    }
    let limits = limits(context);
    context.db()?.edit_or_create(&key, |stream: &mut Stream, _| {
        stream.append(id, &pairs, limits);
        Edit::changed((), "xadd")
    })?;
    if let Some(wanted) = options.trim {
        trim(context, &key, wanted)?;
    }
    Ok(id_reply(id))
}

/// The ID of the entry behind the one with the `last` ID.
fn next_id(wanted: NewId, last: StreamId, now: u64) -> Result<StreamId, Error> {
    let after_last = last.next().ok_or(EXHAUSTED)?;
    let id = match wanted {
        NewId::Auto => after_last.max(StreamId::new(now, 0)),
        // The number must not run over into the next millisecond.
        NewId::AutoSeq(ms) if ms == last.ms => StreamId::new(ms, last.seq.checked_add(1).ok_or(NOT_BEHIND)?),
        NewId::AutoSeq(ms) => StreamId::new(ms, 0),
        NewId::Exact(id) => id,
    };
    if id > last { Ok(id) } else { Err(NOT_BEHIND) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_only_ever_grow() {
        let last = StreamId::new(5, 3);
        assert_eq!(next_id(NewId::Auto, last, 9), Ok(StreamId::new(9, 0)));
        assert_eq!(next_id(NewId::Auto, last, 4), Ok(StreamId::new(5, 4)));
        assert_eq!(next_id(NewId::AutoSeq(5), last, 9), Ok(StreamId::new(5, 4)));
        assert_eq!(next_id(NewId::AutoSeq(5), StreamId::new(5, u64::MAX), 9), Err(NOT_BEHIND));
        assert_eq!(next_id(NewId::AutoSeq(0), StreamId::MIN, 9), Ok(StreamId::new(0, 1)));
        assert_eq!(next_id(NewId::Exact(last), last, 9), Err(NOT_BEHIND));
        assert_eq!(next_id(NewId::Auto, StreamId::MAX, 9), Err(EXHAUSTED));
    }
}
