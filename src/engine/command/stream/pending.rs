//! What was delivered and is not acknowledged: XACK, XPENDING.

use super::{READ_KEY, UPDATE_KEY, id_reply, ids, need_group, now};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::number;
use crate::reply::Reply;
use crate::value::stream::{self, Pending, Stream, StreamId};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "xack",
        group: Group::Stream,
        since: "5.0.0",
        arity: -4,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: UPDATE_KEY,
        summary: "Acknowledges entries, which then are no longer pending; answers how many were.",
        complexity: "O(log(P)) for each ID, P being the entries pending in the group",
        syntax: "key:key#0 group id*",
        example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers 0\nOK\n\
            > XREADGROUP GROUP workers ann STREAMS jobs >\n\
            1) 1) \"jobs\"\n   2) 1) 1) \"1-0\"\n         2) 1) \"send\"\n            2) \"mail\"\n\
            > XACK jobs workers 1-0 2-0\n(integer) 1",
        run: Some(xack),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "xpending",
        group: Group::Stream,
        since: "5.0.0",
        arity: -3,
        flags: Flags::READONLY,
        keys: READ_KEY,
        tips: &["nondeterministic_output"],
        summary: "Shows what is pending in a group: in all and for each consumer, or entry by entry.",
        complexity: "O(log(P)+M), P being the pending entries and M those listed or, with IDLE, looked at; \
            O(C) for the summary, C being the consumers",
        syntax: "key:key#0 group [filters{[min-idle-time:integer=IDLE@6.2.0] start end count:integer [consumer]}]",
        example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers 0\nOK\n\
            > XREADGROUP GROUP workers ann STREAMS jobs >\n\
            1) 1) \"jobs\"\n   2) 1) 1) \"1-0\"\n         2) 1) \"send\"\n            2) \"mail\"\n\
            > XPENDING jobs workers\n1) (integer) 1\n2) \"1-0\"\n3) \"1-0\"\n4) 1) 1) \"ann\"\n      2) \"1\"",
        run: Some(xpending),
        ..CommandSpec::BASE
    },
];

fn xack(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, name) = (args.take()?, args.take()?);
    if context.db()?.read::<Stream>(&key)?.is_none_or(|stream| stream.group(&name).is_none()) {
        return Ok(Reply::Integer(0));
    }
    let ids: Vec<StreamId> = args.rest().iter().map(|id| ids::exact(id, 0)).collect::<Result<_, Error>>()?;
    let acknowledged = context.db()?.edit(&key, |stream: &mut Stream, _| {
        let all = |group: &mut stream::Group| ids.iter().filter(|id| group.acknowledge(**id)).count();
        Edit::unchanged(stream.edit_group(&name, all))
    })?;
    Ok(Reply::count(acknowledged.flatten().unwrap_or(0)))
}

/// Which pending entries are to be listed.
struct Filter {
    min_idle: i64,
    start: StreamId,
    end: StreamId,
    count: usize,
    consumer: Option<Vec<u8>>,
}

impl Filter {
    /// `[IDLE ms] start end count [consumer]`. One word more is taken where IDLE is not, and means nothing.
    fn parse(mut words: Vec<Vec<u8>>) -> Result<Self, Error> {
        let int = |words: &[Vec<u8>], index: usize| {
            words.get(index).and_then(|word| number::parse_i64(word)).ok_or(Error::NotAnInteger)
        };
        if !(3..=6).contains(&words.len()) {
            return Err(Error::Syntax);
        }
        let mut min_idle = 0;
        if words.first().is_some_and(|word| word.eq_ignore_ascii_case(b"IDLE")) {
            min_idle = int(&words, 1)?;
            if words.len() < 5 {
                return Err(Error::Syntax);
            }
            words.drain(..2);
        }
        let count = number::to_count(int(&words, 2)?.max(0)).unwrap_or(0);
        let [start, end, _, rest @ ..] = words.as_slice() else { return Err(Error::Syntax) };
        Ok(Self {
            min_idle,
            start: ids::start(start)?,
            end: ids::end(end)?,
            count,
            consumer: rest.first().cloned(),
        })
    }
}

fn xpending(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, name) = (args.take()?, args.take()?);
    let filter = if args.is_empty() { None } else { Some(Filter::parse(args.rest())?) };
    let now = now(context);
    let mut db = context.db()?;
    let stream = db.read::<Stream>(&key)?;
    need_group(stream, &key, &name)?;
    let group = stream.and_then(|stream| stream.group(&name)).ok_or(Error::NoSuchKey)?;
    Ok(match filter {
        None => summary(group),
        Some(filter) => listing(group, &filter, now),
    })
}

/// How many entries are pending, the first and the last, and how many for whom.
fn summary(group: &stream::Group) -> Reply {
    let pending = group.pending();
    let (Some((first, _)), Some((last, _))) = (pending.first(), pending.last()) else {
        return Reply::Array(vec![Reply::Integer(0), Reply::Nil, Reply::Nil, Reply::NilArray]);
    };
    let busy = group.consumers().filter(|consumer| !consumer.pending().is_empty());
    let consumers = busy.map(|consumer| {
        let count = consumer.pending().len().to_string();
        Reply::Array(vec![Reply::bulk(consumer.name()), Reply::bulk(count)])
    });
    let consumers = Reply::Array(consumers.collect());
    Reply::Array(vec![Reply::count(pending.len()), id_reply(first), id_reply(last), consumers])
}

/// Entries one by one: ID, consumer, milliseconds since the last delivery, deliveries.
fn listing(group: &stream::Group, filter: &Filter, now: i64) -> Reply {
    let Filter { min_idle, start, end, count, ref consumer } = *filter;
    let idle = |pending: &Pending| now.wrapping_sub(pending.delivered_at);
    let is_idle = |pending: &Pending| min_idle == 0 || idle(pending) >= min_idle;
    let row = |(id, pending): (StreamId, &Pending)| {
        let consumer = group.consumer(pending.consumer).map(|consumer| consumer.name().to_vec());
        Reply::Array(vec![
            id_reply(id),
            Reply::Bulk(consumer.unwrap_or_default()),
            Reply::Integer(idle(pending).max(0)),
            Reply::Integer(pending.deliveries as i64),
        ])
    };
    if start > end {
        return Reply::Array(Vec::new());
    }
    let Some(name) = consumer else {
        let pending = group.pending().range(start..=end).map(|(id, pending)| (*id, pending));
        return Reply::Array(pending.filter(|(_, one)| is_idle(one)).take(count).map(row).collect());
    };
    let own = group.key_of(name).and_then(|key| group.consumer(key));
    let ids = own.into_iter().flat_map(|own| own.pending().range(start..=end));
    let pending = ids.filter_map(|(id, ())| Some((*id, group.pending().get(*id)?)));
    Reply::Array(pending.filter(|(_, one)| is_idle(one)).take(count).map(row).collect())
}
