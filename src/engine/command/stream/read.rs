//! Reading several streams from where one left off: XREAD, and what it shares with XREADGROUP.

use super::{entry_reply, ids, most};
use crate::args::Args;
use crate::command::blocking::{self, Patience};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeySpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::parse::c_text;
use crate::reply::Reply;
use crate::session::Cause;
use crate::value::stream::{Stream, StreamId};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "xread",
    group: Group::Stream,
    since: "5.0.0",
    arity: -4,
    flags: Flags::READONLY.union(Flags::BLOCKING).union(Flags::MOVABLEKEYS),
    keys: &[KeySpec::half_behind("STREAMS", 1, super::NOT_ANY_WORD)],
    find_keys: Some(|argv| super::keys_to_read(argv, 1)),
    summary: "Reads the entries behind an ID from each of several streams, and can wait until there are any.",
    complexity: "O(log(N)+M) for each stream, N being its nodes and M the entries read",
    syntax: "[count:integer=COUNT] [milliseconds:integer=BLOCK] streams{key:key#0* id*}=STREAMS",
    example: "> XADD log 1-0 step start\n\"1-0\"\n> XADD log 2-0 step stop\n\"2-0\"\n> XREAD COUNT 10 STREAMS log 1-0\n\
        1) 1) \"log\"\n   2) 1) 1) \"2-0\"\n         2) 1) \"step\"\n            2) \"stop\"\n> XREAD STREAMS log $\n(nil)",
    run: Some(xread),
    ..CommandSpec::BASE
}];

/// What is to be read.
#[derive(Debug, Default)]
pub struct Request {
    /// At most so many entries of each stream.
    pub count: usize,
    /// How long to wait where there is nothing.
    patience: Option<Patience>,
    /// Group and consumer.
    pub reader: Option<(Vec<u8>, Vec<u8>)>,
    pub no_ack: bool,
    /// Keys, and the IDs behind which to read, as they were written.
    pub streams: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Request {
    /// Options in any order, and STREAMS last.
    pub fn parse(context: &Context<'_>, args: &mut Args, in_group: bool) -> Result<Self, Error> {
        let mut request = Self { count: usize::MAX, ..Self::default() };
        while !args.is_empty() {
            let more = args.remaining() - 1;
            if more > 0 && args.word("BLOCK") {
                request.patience = Some(blocking::milliseconds(context, &args.take()?)?);
            } else if more > 0 && args.word("COUNT") {
                request.count = most(args.int()?);
            } else if more > 0 && args.word("STREAMS") {
                request.streams = streams(args.rest(), in_group)?;
                break;
            } else if more > 1 && args.word("GROUP") {
                if !in_group {
                    return Err(only_in_groups("GROUP"));
                }
                request.reader = Some((args.take()?, args.take()?));
            } else if args.word("NOACK") {
                if !in_group {
                    return Err(only_in_groups("NOACK"));
                }
                request.no_ack = true;
            } else {
                return Err(Error::Syntax);
            }
        }
        if request.streams.is_empty() { Err(Error::Syntax) } else { Ok(request) }
    }

    /// What is answered where no stream has anything: perhaps later. Who reads in a group also hears when it is gone.
    pub fn nothing(self, context: &mut Context<'_>) -> CommandResult {
        let Some(patience) = self.patience else { return Ok(Reply::NilArray) };
        let keys = self.streams.into_iter().map(|(key, _)| key).collect();
        let cause =
            Cause::Keys { db: context.session.db, keys, kind: "stream", or_gone: self.reader.is_some() };
        Ok(blocking::wait(context, cause, patience, Reply::NilArray, Reply::NilArray))
    }
}

fn only_in_groups(option: &str) -> Error {
    Error::Fixed(if option == "GROUP" {
        "ERR The GROUP option is only supported by XREADGROUP. You called XREAD instead."
    } else {
        "ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead."
    })
}

/// As many IDs as keys.
fn streams(mut words: Vec<Vec<u8>>, in_group: bool) -> Result<Vec<(Vec<u8>, Vec<u8>)>, Error> {
    if !words.len().is_multiple_of(2) {
        return Err(Error::Fixed(if in_group {
            "ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be specified."
        } else {
            "ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified."
        }));
    }
    let ids = words.split_off(words.len() / 2);
    Ok(words.into_iter().zip(ids).collect())
}

/// What was read from each stream.
pub fn by_stream(read: Vec<(Vec<u8>, Vec<Reply>)>) -> Reply {
    Reply::Keyed(read.into_iter().map(|(key, entries)| (Reply::Bulk(key), Reply::Array(entries))).collect())
}

fn xread(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let request = Request::parse(context, args, false)?;
    let mut after = Vec::with_capacity(request.streams.len());
    for (index, (key, id)) in request.streams.iter().enumerate() {
        let mut db = context.db()?;
        let position = position(db.read::<Stream>(key)?, id)?;
        // What `$` means is settled now, however often it is tried; `+` is the last entry there is each time.
        if c_text(id) == b"$" {
            blocking::pin(context, request.streams.len() - 1 - index, position.to_string().into_bytes());
        }
        after.push(position);
    }
    let mut found = Vec::new();
    for ((key, _), after) in request.streams.iter().zip(after) {
        let mut db = context.db()?;
        let Some(stream) = db.read::<Stream>(key)? else { continue };
        let Some(start) = after.next() else { continue };
        let entries = stream.entries().range(start, StreamId::MAX).take(request.count);
        let entries: Vec<Reply> = entries.map(|entry| entry_reply(&entry)).collect();
        if !entries.is_empty() {
            found.push((key.clone(), entries));
        }
    }
    if found.is_empty() { request.nothing(context) } else { Ok(by_stream(found)) }
}

/// The ID behind which to read: `$` is the last one given, `+` leaves just the last entry.
fn position(stream: Option<&Stream>, id: &[u8]) -> Result<StreamId, Error> {
    match c_text(id) {
        b"$" => Ok(stream.map(Stream::last_id).unwrap_or_default()),
        b"+" => {
            let last = stream.map(Stream::last_live_id).unwrap_or_default();
            Ok(last.previous().unwrap_or_default())
        }
        b">" => Err(Error::Fixed(
            "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.",
        )),
        _ => ids::exact(id, 0),
    }
}
