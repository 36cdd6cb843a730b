//! Reading as one of a group's consumers: XREADGROUP.

use super::read::{Request, by_stream};
use super::{fields_reply, id_reply, ids, message_reply, now};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::parse::c_text;
use crate::reply::Reply;
use crate::value::stream::{ConsumerKey, Stream, StreamId};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xreadgroup",
    group: Group::Stream,
    since: "5.0.0",
    arity: -7,
    flags: Flags::WRITE.union(Flags::BLOCKING).union(Flags::MOVABLEKEYS),
    keys: &[KeySpec::half_behind("STREAMS", 4, super::NOT_ANY_WORD)],
    find_keys: Some(|argv| super::keys_to_read(argv, 4)),
    summary: "Hands the next entries of streams to a consumer of a group, or shows it again what it has not acknowledged.",
    complexity: "O(M*log(P)) for each stream, M being the entries read and P those pending",
    syntax: "group-block{group consumer}=GROUP [count:integer=COUNT] [milliseconds:integer=BLOCK] [noack=NOACK] streams{key:key#0* id*}=STREAMS",
    example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers 0\nOK\n\
        > XREADGROUP GROUP workers ann COUNT 1 STREAMS jobs >\n\
        1) 1) \"jobs\"\n   2) 1) 1) \"1-0\"\n         2) 1) \"send\"\n            2) \"mail\"\n\
        > XREADGROUP GROUP workers bob COUNT 1 STREAMS jobs >\n(nil)\n> XACK jobs workers 1-0\n(integer) 1",
    run: Some(xreadgroup),
    ..CommandSpec::BASE
}];

/// The ID that `>` stands for: no entry can be behind it.
const NEW: StreamId = StreamId::MAX;

fn xreadgroup(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let request = Request::parse(context, args, true)?;
    let Some((group, consumer)) = &request.reader else {
        return Err(Error::Fixed("ERR Missing GROUP option for XREADGROUP"));
    };
    let mut after = Vec::with_capacity(request.streams.len());
    for (key, id) in &request.streams {
        let mut db = context.db()?;
        if db.read::<Stream>(key)?.is_none_or(|stream| stream.group(group).is_none()) {
            return Err(Error::NoStreamGroup { key: key.clone(), group: group.clone(), reading: true });
        }
        after.push(position(id)?);
    }
    let mut found = Vec::new();
    for ((key, _), after) in request.streams.iter().zip(after) {
        // The second of two look-ups that count.
        context.db()?.read_value(key);
        let Some(consumer) = join(context, key, group, consumer)? else { continue };
        if let Some(entries) = read(context, key, after, consumer, &request, group)? {
            found.push((key.clone(), entries));
        }
    }
    if found.is_empty() { request.nothing(context) } else { Ok(by_stream(found)) }
}

fn position(id: &[u8]) -> Result<StreamId, Error> {
    match c_text(id) {
        b">" => Ok(NEW),
        b"$" => Err(Error::Fixed(
            "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this \
            consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return \
            an empty result set.",
        )),
        b"+" => Err(Error::Fixed(
            "ERR The + ID is meaningless in the context of XREADGROUP: you want to read the history of this \
            consumer by specifying a proper ID, or use the > ID to get new messages. The + ID would just return \
            an empty result set.",
        )),
        _ => ids::exact(id, 0),
    }
}

/// The consumer of that name, created if it is new, and seen now; `None` where there is no such group.
pub fn join(
    context: &mut Context<'_>,
    key: &[u8],
    group: &[u8],
    consumer: &[u8],
) -> Result<Option<ConsumerKey>, Error> {
    let now = now(context);
    let joined = context.db()?.edit(key, |stream: &mut Stream, _| {
        let joined = stream.edit_group(group, |group| {
            let (key, created) = group.create_consumer(consumer, now);
            group.see(key, now);
            (key, created)
        });
        match joined {
            Some((key, true)) => Edit::changed(Some(key), "xgroup-createconsumer"),
            joined => Edit::unchanged(joined.map(|(key, _)| key)),
        }
    })?;
    Ok(joined.flatten())
}

/// What a consumer gets of one stream; `None` where it asks for new entries and there are none.
fn read(
    context: &mut Context<'_>,
    key: &[u8],
    after: StreamId,
    consumer: ConsumerKey,
    request: &Request,
    group: &[u8],
) -> Result<Option<Vec<Reply>>, Error> {
    let (now, count) = (now(context), request.count);
    let read = context.db()?.edit(key, |stream: &mut Stream, _| {
        // Behind the highest ID there is nothing: it stands for whatever is new.
        Edit::unchanged(match after.next() {
            None => {
                let messages = stream.deliver(group, consumer, count, now, request.no_ack);
                let replies: Vec<_> =
                    messages.into_iter().map(|(id, fields)| message_reply(id, fields)).collect();
                (!replies.is_empty()).then_some(replies)
            }
            Some(start) => {
                let shown = stream.redeliver(group, consumer, start, count, now);
                Some(shown.into_iter().map(|(id, fields)| history_reply(id, fields)).collect())
            }
        })
    })?;
    Ok(read.flatten())
}

/// An entry that is pending; its fields are missing where it was deleted.
fn history_reply(id: StreamId, fields: Option<crate::value::stream::Fields>) -> Reply {
    Reply::Array(vec![id_reply(id), fields.map_or(Reply::NilArray, fields_reply)])
}
