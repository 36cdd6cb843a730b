//! Whole databases: counting, emptying and exchanging them; and the time.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::number;
use crate::reply::Reply;

const EMPTIED: CommandSpec = CommandSpec {
    group: Group::Server,
    arity: -1,
    flags: Flags::WRITE,
    acl: &["keyspace", "dangerous"],
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    complexity: "O(N) for N keys removed",
    syntax: "[flush-type(async=ASYNC@4.0.0 | sync=SYNC@6.2.0)]",
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "dbsize",
        group: Group::Server,
        arity: 1,
        flags: Flags::READONLY.union(Flags::FAST),
        acl: &["keyspace"],
        tips: &["request_policy:all_shards", "response_policy:agg_sum"],
        summary: "Counts the keys of the selected database, expired ones that nobody has met included.",
        example: "> MSET a 1 b 2\nOK\n> DBSIZE\n(integer) 2",
        run: Some(dbsize),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "flushall",
        summary: "Removes every key of every database.",
        example: "> SET a 1\nOK\n> FLUSHALL\nOK\n> DBSIZE\n(integer) 0",
        run: Some(flushall),
        ..EMPTIED
    },
    CommandSpec {
        name: "flushdb",
        summary: "Removes every key of the selected database.",
        example: "> SET a 1\nOK\n> FLUSHDB ASYNC\nOK\n> EXISTS a\n(integer) 0",
        run: Some(flushdb),
        ..EMPTIED
    },
    CommandSpec {
        name: "swapdb",
        group: Group::Server,
        since: "4.0.0",
        arity: 3,
        flags: Flags::WRITE.union(Flags::FAST),
        acl: &["keyspace", "dangerous"],
        summary: "Exchanges two databases at once: clients of the one see the keys of the other.",
        complexity: "O(N) for N clients that watch keys or wait for them",
        syntax: "index1:integer index2:integer",
        example: "> SET a 1\nOK\n> SWAPDB 0 1\nOK\n> EXISTS a\n(integer) 0",
        run: Some(swapdb),
        ..CommandSpec::BASE
    },
    CommandSpec {
        name: "time",
        group: Group::Server,
        since: "2.6.0",
        arity: 1,
        flags: Flags::LOADING.union(Flags::STALE).union(Flags::FAST),
        tips: &["nondeterministic_output"],
        summary: "The server's time: seconds since 1970, and microseconds of the running second.",
        example: "@differs the clock is the playground's own\n> TIME\n1) \"1767225600\"\n2) \"0\"",
        run: Some(time),
        ..CommandSpec::BASE
    },
];

fn dbsize(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::count(context.db()?.len()))
}

/// `ASYNC` or `SYNC`, which make no difference here: there is no thread to free memory in.
fn flush_mode(args: &mut Args) -> Result<(), Error> {
    let _either = args.word("ASYNC") || args.word("SYNC");
    args.finish()
}

fn flushdb(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    flush_mode(args)?;
    context.keyspace.flush(context.session.db, context.around);
    Ok(Reply::OK)
}

fn flushall(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    flush_mode(args)?;
    context.keyspace.flush_all(context.around);
    Ok(Reply::OK)
}

fn swapdb(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let index = |text: Vec<u8>, error: Error| {
        number::parse_i64(&text).and_then(|n| i32::try_from(n).ok()).ok_or(error)
    };
    let first = index(args.take()?, Error::InvalidFirstDbIndex)?;
    let second = index(args.take()?, Error::InvalidSecondDbIndex)?;
    let exists = |n: i32| usize::try_from(n).ok().filter(|n| *n < context.keyspace.len());
    let (Some(first), Some(second)) = (exists(first), exists(second)) else {
        return Err(Error::DbIndexOutOfRange);
    };
    context.keyspace.swap(first, second, context.around);
    Ok(Reply::OK)
}

fn time(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let now = context.now();
    let part = |n: u64| Reply::bulk(n.to_string());
    Ok(Reply::Array(vec![part(now / 1000), part(now % 1000 * 1000)]))
}
