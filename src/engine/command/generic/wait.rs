//! Waiting until others have what was written: WAIT for replicas, WAITAOF for the disk too.
//!
//! A master with no replicas and nothing appended to a file, which is what the playground is, has reached none of them.
//! To ask for more than that is to wait until the time is up.

use crate::args::Args;
use crate::command::blocking::{self, Patience};
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::session::Cause;

const WAIT: CommandSpec = CommandSpec {
    group: Group::Generic,
    flags: Flags::BLOCKING,
    acl: &["connection"],
    tips: &["request_policy:all_shards", "response_policy:agg_min"],
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "wait",
        since: "3.0.0",
        arity: 3,
        summary: "Waits until so many replicas have all that this session wrote, and tells how many have.",
        syntax: "numreplicas:integer timeout:integer",
        example: "> SET a 1\nOK\n> WAIT 0 100\n(integer) 0",
        run: Some(wait),
        ..WAIT
    },
    CommandSpec {
        name: "waitaof",
        since: "7.2.0",
        arity: 4,
        summary: "Waits until what this session wrote is on disk, here and on so many replicas.",
        syntax: "numlocal:integer numreplicas:integer timeout:integer",
        example: "> SET a 1\nOK\n> WAITAOF 0 0 100\n1) (integer) 0\n2) (integer) 0",
        run: Some(waitaof),
        ..WAIT
    },
];

fn wait(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let replicas = args.int()?;
    let patience = blocking::milliseconds(context, &args.take()?)?;
    let none = Reply::Integer(0);
    Ok(if is_any(replicas) { wait_for(context, patience, none) } else { none })
}

fn waitaof(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let local = args.int()?;
    if !(0..=1).contains(&local) {
        return Err(Error::Fixed("ERR value is out of range, value must between 0 and 1"));
    }
    let replicas = args.int().ok().filter(|replicas| *replicas >= 0).ok_or(Error::NotPositive)?;
    let patience = blocking::milliseconds(context, &args.take()?)?;
    if local > 0 {
        return Err(Error::Fixed(
            "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.",
        ));
    }
    let none = Reply::Array(vec![Reply::Integer(0), Reply::Integer(0)]);
    Ok(if is_any(replicas) { wait_for(context, patience, none) } else { none })
}

/// Whether a number is more than the replicas there are. Redis waits for as many as 32 bits of it say, if for any.
fn is_any(replicas: i64) -> bool {
    replicas > 0 && replicas as i32 > 0
}

/// Waits for what never comes; then, or where nobody can wait, tells how many there were.
fn wait_for(context: &mut Context<'_>, patience: Patience, none: Reply) -> Reply {
    blocking::wait(context, Cause::Acknowledgement, patience, none.clone(), none)
}
