//! The connection group: greeting the server and choosing a database.

use super::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::REDIS_VERSION;
use crate::acl::{DEFAULT_USER, User};
use crate::args::Args;
use crate::dispatch::Context;
use crate::error::Error;
use crate::guard;
use crate::number;
use crate::reply::Reply;
use crate::session::{Hearing, Protocol};

/// What a command that opens or closes a connection may do: everything that needs no data.
const HANDSHAKE: Flags = Flags::NOSCRIPT
    .union(Flags::LOADING)
    .union(Flags::STALE)
    .union(Flags::FAST)
    .union(Flags::NO_AUTH)
    .union(Flags::ALLOW_BUSY);

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "auth",
        group: Group::Connection,
        arity: -2,
        flags: HANDSHAKE,
        summary: "Tells who speaks: a user's name and password, or the default user's password.",
        complexity: "O(N) for N passwords of the user",
        syntax: "[username@6.0.0] password",
        example: "> ACL SETUSER ann on >secret +acl\nOK\n> AUTH ann secret\nOK\n> ACL WHOAMI\n\"ann\"",
        run: Some(auth),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "echo",
        group: Group::Connection,
        arity: 2,
        flags: Flags::LOADING.union(Flags::STALE).union(Flags::FAST),
        summary: "Sends a message back.",
        syntax: "message",
        example: "> ECHO \"hello there\"\n\"hello there\"",
        run: Some(echo),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "hello",
        group: Group::Connection,
        since: "6.0.0",
        arity: -1,
        flags: HANDSHAKE,
        summary: "Introduces client and server to each other, and chooses RESP2 or RESP3 for the connection.",
        syntax: "[arguments{protover:integer [auth{username password}=AUTH] [clientname=SETNAME]}]",
        example: "> HELLO 4\n(error) NOPROTO unsupported protocol version",
        run: Some(hello),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "ping",
        group: Group::Connection,
        arity: -1,
        flags: Flags::FAST,
        tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
        summary: "Answers PONG, or the message given: is anybody there?",
        syntax: "[message]",
        example: "> PING\nPONG\n> PING hello\n\"hello\"",
        run: Some(ping),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "quit",
        group: Group::Connection,
        arity: -1,
        flags: HANDSHAKE,
        summary: "Asks for the connection to be closed.",
        syntax: "",
        example: "> QUIT\nOK",
        run: Some(quit),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "reset",
        group: Group::Connection,
        since: "6.2.0",
        flags: HANDSHAKE,
        summary: "Makes this connection as if it were new: no transaction, no watches, database 0, RESP2.",
        complexity: "O(N) for N queued commands and watched keys",
        example: "> SELECT 3\nOK\n> MULTI\nOK\n> RESET\nRESET\n> EXEC\n(error) ERR EXEC without MULTI",
        run: Some(reset),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "select",
        group: Group::Connection,
        arity: 2,
        flags: Flags::LOADING.union(Flags::STALE).union(Flags::FAST),
        summary: "Chooses the database that this connection's commands work on.",
        syntax: "index:integer",
        example: "> SELECT 1\nOK\n> SET k v\nOK\n> SELECT 0\nOK\n> EXISTS k\n(integer) 0",
        run: Some(select),
        ..CommandSpec::BASE
    },
];

fn auth(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let word = args.command_word().to_vec();
    let user = match args.remaining() {
        1 if context.around.acl.user(DEFAULT_USER).is_some_and(User::nopass) => {
            return Err(Error::Fixed(
                "ERR AUTH <password> called without any password configured for the default user. Are you sure \
                your configuration is correct?",
            ));
        }
        1 => DEFAULT_USER.to_vec(),
        _ => args.take()?,
    };
    let password = args.take()?;
    args.finish()?;
    guard::authenticate(context, &word, user, &password)?;
    Ok(Reply::OK)
}

fn echo(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    Ok(Reply::Bulk(args.take()?))
}

/// All is checked before anything of it takes effect.
fn hello(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let mut protocol = context.session.protocol;
    if !args.is_empty() {
        protocol = protocol_version(&args.take()?)?;
    }
    let (mut user, mut name) = (None, None);
    while !args.is_empty() {
        let option = args.take()?;
        let words = args.remaining();
        if option.eq_ignore_ascii_case(b"AUTH") && words >= 2 {
            user = Some((args.take()?, args.take()?));
        } else if option.eq_ignore_ascii_case(b"SETNAME") && words >= 1 {
            name = Some(client_name(args.take()?)?);
        } else {
            return Err(Error::HelloOption { option });
        }
    }
    if let Some((user, password)) = user {
        let word = args.command_word().to_vec();
        guard::authenticate(context, &word, user, &password)?;
    }
    if guard::must_authenticate(context) {
        return Err(Error::Fixed(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH \
            <user> <pass> option can be used to authenticate the client and select the RESP protocol version at \
            the same time",
        ));
    }
    if let Some(name) = name {
        context.session.name = name;
    }
    context.speak(protocol);
    Ok(introduction(context))
}

fn protocol_version(text: &[u8]) -> Result<Protocol, Error> {
    match number::parse_i64(text) {
        Some(2) => Ok(Protocol::Resp2),
        Some(3) => Ok(Protocol::Resp3),
        Some(_) => Err(Error::Fixed("NOPROTO unsupported protocol version")),
        None => Err(Error::Fixed("ERR Protocol version is not an integer or out of range")),
    }
}

/// Names are shown in lists of words, so they are words.
pub fn client_name(name: Vec<u8>) -> Result<Vec<u8>, Error> {
    if name.iter().all(u8::is_ascii_graphic) {
        return Ok(name);
    }
    Err(Error::Fixed("ERR Client names cannot contain spaces, newlines or special characters."))
}

fn introduction(context: &Context<'_>) -> Reply {
    let version = match context.session.protocol {
        Protocol::Resp2 => 2,
        Protocol::Resp3 => 3,
    };
    let id = context.session.id.shown();
    let fields = [
        ("server", Reply::bulk("redis")),
        ("version", Reply::bulk(REDIS_VERSION)),
        ("proto", Reply::Integer(version)),
        ("id", Reply::Integer(id)),
        ("mode", Reply::bulk("standalone")),
        ("role", Reply::bulk("master")),
        ("modules", Reply::Array(Vec::new())),
    ];
    Reply::Map(fields.into_iter().map(|(name, value)| (Reply::bulk(name), value)).collect())
}

fn ping(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if args.remaining() > 1 {
        return Err(Error::WrongArity { command: context.name() });
    }
    let message = args.rest().pop();
    if context.only_listens() {
        // In the form of a message, for a client that expects nothing else.
        return Ok(Reply::Array(vec![Reply::bulk("pong"), Reply::Bulk(message.unwrap_or_default())]));
    }
    Ok(message.map_or(Reply::status("PONG"), Reply::Bulk))
}

/// Extra words are ignored: nobody is left to read an error.
fn quit(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    context.session.closing = true;
    Ok(Reply::OK)
}

/// Everything is as for a new connection, but for what it has said of its library.
fn reset(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    context.speak(Protocol::Resp2);
    let (session, around) = (&mut *context.session, &mut *context.around);
    around.monitors.shift_remove(&session.id);
    around.tracking.unfollow(session.id);
    around.pubsub.leave(session.id);
    around.watched.unwatch(session.id);
    session.transaction = None;
    session.db = 0;
    session.name.clear();
    // Behind CLIENT REPLY SKIP this answer is not heard either.
    if session.hearing != Hearing::NotThis {
        session.hearing = Hearing::All;
    }
    guard::begin(session, &around.acl);
    (session.monitors, session.no_evict, session.no_touch) = (false, false, false);
    Ok(Reply::status("RESET"))
}

fn select(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let index = args.database(context)?;
    context.session.db = index;
    Ok(Reply::OK)
}
