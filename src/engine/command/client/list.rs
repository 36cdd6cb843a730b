//! CLIENT INFO and CLIENT LIST: a line for each connection.
//!
//! The fields and their order are those of Redis 8.0. What an engine without sockets and threads has not is shown as a
//! Redis at rest shows it, and is named in the constants here.

use super::{ADMIN, COMMON};
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Surroundings;
use crate::number;
use crate::pubsub::Kind;
use crate::reply::Reply;
use crate::session::{Protocol, Session, SessionId};

/// The first descriptor that Redis has for a client.
const FD: u32 = 8;
/// Buffers of a client that has nothing under way, and what such a client takes altogether.
const BUFFERS: &str = "qbuf=0 qbuf-free=0 argv-mem=0 multi-mem=0 rbs=1024 rbp=0";
const TOTAL_MEMORY: &str = "tot-mem=1920 events=r";

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "client|info",
        since: "6.2.0",
        tips: &["nondeterministic_output"],
        summary: "Tells about this connection what CLIENT LIST tells about all.",
        example: "> HELLO 3 SETNAME \"a b\"\n\
            (error) ERR Client names cannot contain spaces, newlines or special characters.",
        run: Some(info),
        ..COMMON
    },
    CommandSpec {
        name: "client|list",
        since: "2.4.0",
        arity: -2,
        tips: &["nondeterministic_output"],
        summary: "Tells about all connections, those of a type, or some by their numbers: a line for each.",
        complexity: "O(N) for N connections",
        syntax: "[client-type(normal=NORMAL | master=MASTER | replica=REPLICA | pubsub=PUBSUB)=TYPE@5.0.0] \
            [client-id:integer=ID@6.2.0*]",
        example: "> CLIENT LIST TYPE robot\nERR Unknown client type 'robot'",
        run: Some(list),
        ..ADMIN
    },
];

/// What Redis tells apart among its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientType {
    Normal,
    PubSub,
    /// Connections of replication, which there are none of here.
    Master,
    Replica,
}

impl ClientType {
    pub fn named(name: Vec<u8>) -> Result<Self, Error> {
        let is = |word: &str| word.as_bytes().eq_ignore_ascii_case(&name);
        match () {
            () if is("normal") => Ok(Self::Normal),
            () if is("pubsub") => Ok(Self::PubSub),
            () if is("master") => Ok(Self::Master),
            () if is("slave") || is("replica") => Ok(Self::Replica),
            () => Err(Error::UnknownClientType { name }),
        }
    }

    pub fn of(session: &Session, around: &Surroundings) -> Self {
        if around.pubsub.is_listening(session.id) { Self::PubSub } else { Self::Normal }
    }
}

fn info(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(text(line(context.session, context.around)))
}

fn line(session: &Session, around: &Surroundings) -> Vec<u8> {
    let mut line = description(session, around);
    line.push(b'\n');
    line
}

fn list(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let mut lines = Vec::new();
    match args.remaining() {
        0 => each(context, |session, around| lines.push(line(session, around))),
        2 if args.word("TYPE") => {
            let wanted = ClientType::named(args.take()?)?;
            each(context, |session, around| {
                if ClientType::of(session, around) == wanted {
                    lines.push(line(session, around));
                }
            });
        }
        2.. if args.word("ID") => {
            for id in args.rest() {
                let id = number::parse_i64(&id).ok_or(Error::Fixed("ERR Invalid client ID"))?;
                let session = u64::try_from(id).ok().and_then(|id| context.session(SessionId(id)));
                lines.extend(session.map(|session| line(session, context.around)));
            }
        }
        _ => return Err(Error::Syntax),
    }
    Ok(text(lines.concat()))
}

fn text(lines: Vec<u8>) -> Reply {
    Reply::Verbatim(*b"txt", lines)
}

/// Every session, oldest first.
fn each(context: &Context<'_>, mut visit: impl FnMut(&Session, &Surroundings)) {
    let own = context.session.id;
    let (older, newer): (Vec<&Session>, Vec<&Session>) =
        context.sessions.iter().partition(|session| session.id < own);
    older
        .into_iter()
        .chain([&*context.session])
        .chain(newer)
        .for_each(|session| visit(session, context.around));
}

/// What there is to tell of a session.
pub fn description(session: &Session, around: &Surroundings) -> Vec<u8> {
    let (id, now) = (session.id, around.clock.now() / 1000);
    let [sub, psub, ssub] =
        [Kind::Channel, Kind::Pattern, Kind::Shard].map(|kind| around.pubsub.count(id, kind));
    let queued =
        session.executing.or(session.transaction.as_ref().map(|transaction| transaction.queue.len()));
    let (pending, held) = (session.outbox.len(), session.output.bytes());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let description = format!(
        "id={} addr={} laddr={} fd={FD} name={} age={} idle={} flags={} db={} sub={sub} psub={psub} ssub={ssub} \
        multi={} watch={} {BUFFERS} obl=0 oll={pending} omem={held} {TOTAL_MEMORY} cmd={} user={} redir={} \
        resp={} lib-name={} lib-ver={} io-thread=0",
        id.0,
        session.origin.address,
        session.origin.local,
        text(&session.name),
        now.saturating_sub(session.created / 1000),
        now.saturating_sub(session.last_interaction / 1000),
        flags(session, around),
        session.db,
        queued.map_or("-1".into(), |queued| queued.to_string()),
        around.watched.count(id),
        session.last_command.map_or("NULL", |spec| spec.name),
        text(&session.user),
        around.tracking.redirection(id),
        if session.protocol == Protocol::Resp3 { 3 } else { 2 },
        text(&session.library[0]),
        text(&session.library[1]),
    );
    description.into_bytes()
}

/// Redis's letters, in its order.
fn flags(session: &Session, around: &Surroundings) -> String {
    let id = session.id;
    let follower = around.tracking.follower(id);
    let letters = [
        ('O', session.monitors),
        ('P', around.pubsub.is_listening(id)),
        ('x', session.transaction.is_some() || session.executing.is_some()),
        ('b', session.is_blocked()),
        ('t', follower.is_some()),
        ('R', follower.is_some_and(|follower| follower.broken)),
        ('B', follower.is_some_and(|follower| follower.mode == crate::tracking::Mode::Broadcast)),
        ('d', around.watched.is_touched(id)),
        ('c', session.closing),
        ('e', session.no_evict),
        ('T', session.no_touch),
    ];
    let set: String = letters.iter().filter(|(_, is)| *is).map(|(letter, _)| letter).collect();
    if set.is_empty() { "N".into() } else { set }
}
