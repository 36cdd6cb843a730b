//! Replication and persistence as a master sees them that has no replicas and no disk.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Deprecated, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::reply::Reply;

const REPLICAOF: CommandSpec = CommandSpec {
    group: Group::Server,
    arity: 3,
    flags: Flags::ADMIN.union(Flags::NOSCRIPT).union(Flags::STALE).union(Flags::NO_ASYNC_LOADING),
    summary: "Makes the server a replica of another, or a master with NO ONE, which it is already.",
    syntax: "args(host-port{host port:integer} | no-one{no=NO one=ONE})",
    run: Some(replicaof),
    ..CommandSpec::BASE
};

const ABOUT: CommandSpec = CommandSpec {
    group: Group::Server,
    arity: 1,
    flags: Flags::LOADING.union(Flags::STALE).union(Flags::FAST),
    acl: &["admin", "dangerous"],
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "failover",
        since: "6.2.0",
        arity: -1,
        flags: Flags::ADMIN.union(Flags::NOSCRIPT).union(Flags::STALE),
        acl: &[],
        summary: "Hands the role of the master over to a replica.",
        syntax: "[target{host port:integer [force=FORCE]}=TO] [abort=ABORT] [milliseconds:integer=TIMEOUT]",
        example: "> FAILOVER\n(error) ERR FAILOVER requires connected replicas.",
        run: Some(failover),
        ..ABOUT
    },
    CommandSpec {
        name: "lastsave",
        tips: &["nondeterministic_output"],
        summary: "When data was last saved, in seconds since 1970: here, when the server started.",
        example: "@differs the clock is the playground's own\n> LASTSAVE\n(integer) 1767225600",
        run: Some(lastsave),
        ..ABOUT
    },
    CommandSpec { name: "replicaof", since: "5.0.0", example: "> REPLICAOF NO ONE\nOK", ..REPLICAOF },
    CommandSpec {
        name: "role",
        since: "2.8.12",
        flags: Flags::NOSCRIPT.union(Flags::LOADING).union(Flags::STALE).union(Flags::FAST),
        summary: "The server's part in replication: a master, how far it is, and its replicas.",
        example: "> ROLE now\n(error) ERR wrong number of arguments for 'role' command",
        run: Some(role),
        ..ABOUT
    },
    CommandSpec {
        name: "slaveof",
        deprecated: Some(Deprecated { since: "5.0.0", replaced_by: "`REPLICAOF`" }),
        example: "> SLAVEOF NO ONE\nOK",
        ..REPLICAOF
    },
];

fn role(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::Array(vec![Reply::bulk("master"), Reply::Integer(0), Reply::Array(Vec::new())]))
}

fn replicaof(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (host, port) = (args.take()?, args.take()?);
    if host.eq_ignore_ascii_case(b"no") && port.eq_ignore_ascii_case(b"one") {
        return Ok(Reply::OK);
    }
    if number::parse_i64(&port).is_none_or(|port| !(0..=65_535).contains(&port)) {
        return Err(Error::Fixed("ERR Invalid master port"));
    }
    Err(Error::Fixed("ERR the Redis playground reaches no other server, so it can be nobody's replica"))
}

/// The line is read to its end before it turns out that there is nobody to hand over to.
fn failover(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (mut to, mut timeout, mut abort, mut force) = (false, false, false, false);
    while !args.is_empty() {
        let more = args.remaining() - 1;
        if !timeout && more > 0 && args.word("TIMEOUT") {
            timeout = true;
            if args.int()? <= 0 {
                return Err(Error::Fixed("ERR FAILOVER timeout must be greater than 0"));
            }
        } else if more == 0 && !to && !timeout && !force && args.word("ABORT") {
            abort = true;
        } else if !to && more >= 2 && args.word("TO") {
            to = true;
            args.take()?;
            args.int()?;
        } else if !force && args.word("FORCE") {
            force = true;
        } else {
            return Err(Error::Syntax);
        }
    }
    Err(Error::Fixed(if abort {
        "ERR No failover in progress."
    } else {
        "ERR FAILOVER requires connected replicas."
    }))
}

fn lastsave(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let seconds = context.around.stats.started / 1000;
    Ok(Reply::Integer(i64::try_from(seconds).unwrap_or(i64::MAX)))
}
