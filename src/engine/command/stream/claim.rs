//! Taking over what others have not acknowledged: XCLAIM, XAUTOCLAIM.

use super::read_group::join;
use super::{REMOVE_KEY, UPDATE_KEY, entry_reply, id_reply, ids, need_group, now};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Edit;
use crate::number;
use crate::reply::Reply;
use crate::value::ValueType;
use crate::value::stream::{Claim, Stream, StreamId};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "xautoclaim",
        group: Group::Stream,
        since: "6.2.0",
        arity: -6,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: REMOVE_KEY,
        tips: &["nondeterministic_output"],
        summary: "Gives a consumer what has been pending for long, some entries at a time, and forgets what was deleted.",
        complexity: "O(M*log(P)), M being ten times the COUNT at most and P the pending entries",
        syntax: "key:key#0 group consumer min-idle-time start [count:integer=COUNT] [justid=JUSTID]",
        example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers 0\nOK\n\
            > XREADGROUP GROUP workers ann STREAMS jobs >\n\
            1) 1) \"jobs\"\n   2) 1) 1) \"1-0\"\n         2) 1) \"send\"\n            2) \"mail\"\n\
            > XAUTOCLAIM jobs workers bob 0 0 JUSTID\n1) \"0-0\"\n2) 1) \"1-0\"\n3) (empty array)",
        run: Some(xautoclaim),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "xclaim",
        group: Group::Stream,
        since: "5.0.0",
        arity: -6,
        flags: Flags::WRITE.union(Flags::FAST),
        keys: UPDATE_KEY,
        tips: &["nondeterministic_output"],
        summary: "Gives pending entries to another consumer, if they have been pending for long enough.",
        complexity: "O(log(P)) for each ID, P being the pending entries",
        syntax: "key:key#0 group consumer min-idle-time id* [ms:integer=IDLE] [unix-time-milliseconds:unix-time=TIME] [count:integer=RETRYCOUNT] [force=FORCE] [justid=JUSTID] [lastid:string=LASTID]",
        example: "> XADD jobs 1-0 send mail\n\"1-0\"\n> XGROUP CREATE jobs workers 0\nOK\n\
            > XREADGROUP GROUP workers ann STREAMS jobs >\n\
            1) 1) \"jobs\"\n   2) 1) 1) \"1-0\"\n         2) 1) \"send\"\n            2) \"mail\"\n\
            > XCLAIM jobs workers bob 60000 1-0\n(empty array)\n> XCLAIM jobs workers bob 0 1-0\n\
            1) 1) \"1-0\"\n   2) 1) \"send\"\n      2) \"mail\"",
        run: Some(xclaim),
        ..CommandSpec::BASE
    },
];

/// What XCLAIM is asked to do besides changing the owner.
#[derive(Debug, Default)]
struct Options {
    ids: Vec<StreamId>,
    /// When the entries shall count as delivered.
    delivered_at: Option<i64>,
    deliveries: Option<u64>,
    force: bool,
    just_id: bool,
    last_id: StreamId,
}

impl Options {
    /// IDs up to the first word that is none, then options.
    fn parse(args: &mut Args, now: i64) -> Result<Self, Error> {
        let mut options = Self::default();
        while let Some(id) = args.peek().and_then(|word| ids::exact(word, 0).ok()) {
            options.ids.push(id);
            args.take()?;
        }
        let int = |args: &mut Args, error: &'static str| {
            number::parse_i64(&args.take()?).ok_or(Error::Fixed(error))
        };
        while !args.is_empty() {
            let more = args.remaining() > 1;
            if args.word("FORCE") {
                options.force = true;
            } else if args.word("JUSTID") {
                options.just_id = true;
            } else if more && args.word("IDLE") {
                let idle = int(args, "ERR Invalid IDLE option argument for XCLAIM")?;
                options.delivered_at = Some(now.wrapping_sub(idle));
            } else if more && args.word("TIME") {
                options.delivered_at = Some(int(args, "ERR Invalid TIME option argument for XCLAIM")?);
            } else if more && args.word("RETRYCOUNT") {
                let count = int(args, "ERR Invalid RETRYCOUNT option argument for XCLAIM")?;
                options.deliveries = u64::try_from(count).ok();
            } else if more && args.word("LASTID") {
                options.last_id = ids::exact(&args.take()?, 0)?;
            } else {
                return Err(Error::UnknownClaimOption { option: args.take()? });
            }
        }
        Ok(options)
    }
}

fn xclaim(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, group, consumer) = (args.take()?, args.take()?, args.take()?);
    need_group(context.db()?.read::<Stream>(&key)?, &key, &group)?;
    let now = now(context);
    let min_idle = min_idle(&args.take()?, "ERR Invalid min-idle-time argument for XCLAIM")?;
    let options = Options::parse(args, now)?;
    let Some(consumer) = join(context, &key, &group, &consumer)? else { return Err(Error::NoSuchKey) };
    let claim = Claim {
        consumer,
        now,
        min_idle,
        // A moment that cannot be is now.
        delivered_at: options.delivered_at.filter(|at| (0..=now).contains(at)).unwrap_or(now),
        deliveries: options.deliveries,
        just_id: options.just_id,
        force: options.force,
    };
    let reply = context.db()?.edit(&key, |stream: &mut Stream, _| {
        stream.edit_group(&group, |group| group.last_id = group.last_id.max(options.last_id));
        let claimed = stream.claim(&group, &options.ids, &claim);
        Edit::unchanged(claimed_reply(stream, &claimed, claim.just_id))
    })?;
    reply.ok_or(Error::NoSuchKey)
}

fn xautoclaim(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (key, group, consumer) = (args.take()?, args.take()?, args.take()?);
    // The key is looked up at once, and expires by it, whatever the other words are.
    context.db()?.read_value(&key);
    let min_idle = min_idle(&args.take()?, "ERR Invalid min-idle-time argument for XAUTOCLAIM")?;
    let start = ids::start(&args.take()?)?;
    let (count, just_id) = auto_options(args)?;
    let db = context.db()?;
    let stream = db.peek(&key).map(|value| Stream::of(value).ok_or(Error::WrongType)).transpose()?;
    need_group(stream, &key, &group)?;
    if count > MOST_MEMORY {
        return Err(Error::Fixed(
            "ERR Insufficient memory, failed allocating transient memory, COUNT too high.",
        ));
    }
    let now = now(context);
    let Some(consumer) = join(context, &key, &group, &consumer)? else { return Err(Error::NoSuchKey) };
    let claim = Claim { consumer, now, min_idle, delivered_at: now, deliveries: None, just_id, force: false };
    let reply = context.db()?.edit(&key, |stream: &mut Stream, _| {
        let count = number::to_count(count).unwrap_or(0);
        let walk = stream.auto_claim(&group, start, count, &claim);
        let deleted = walk.deleted.into_iter().map(id_reply).collect();
        let claimed = claimed_reply(stream, &walk.claimed, just_id);
        Edit::unchanged(Reply::Array(vec![id_reply(walk.next), claimed, Reply::Array(deleted)]))
    })?;
    reply.ok_or(Error::NoSuchKey)
}

/// Redis takes memory for all the IDs it might answer; with more than these no machine has it.
const MOST_MEMORY: i64 = 1 << 43;

/// COUNT, 100 unless it is given, and JUSTID.
fn auto_options(args: &mut Args) -> Result<(i64, bool), Error> {
    const MOST: i64 = i64::MAX / 16;
    let (mut count, mut just_id) = (100, false);
    while !args.is_empty() {
        if args.remaining() > 1 && args.word("COUNT") {
            let given = number::parse_i64(&args.take()?).filter(|count| (1..=MOST).contains(count));
            count = given.ok_or(Error::Fixed("ERR COUNT must be > 0"))?;
        } else if args.word("JUSTID") {
            just_id = true;
        } else {
            return Err(Error::Syntax);
        }
    }
    Ok((count, just_id))
}

fn min_idle(text: &[u8], error: &'static str) -> Result<i64, Error> {
    number::parse_i64(text).map(|idle| idle.max(0)).ok_or(Error::Fixed(error))
}

fn claimed_reply(stream: &Stream, claimed: &[StreamId], just_id: bool) -> Reply {
    Reply::Array(if just_id {
        claimed.iter().copied().map(id_reply).collect()
    } else {
        claimed.iter().filter_map(|id| stream.entries().get(*id)).map(|entry| entry_reply(&entry)).collect()
    })
}
