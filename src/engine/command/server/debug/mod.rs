//! DEBUG: what helps to look inside, to stop the server for a while, or to fill it. What would crash or reload a server,
//! or belongs to files and networks, is declared by name.
//!
//! To Redis this is one command whose first argument decides; its subcommands have no specs of their own.

mod digest;
mod fill;
mod look;
mod protocol;

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "debug",
    group: Group::Server,
    arity: -2,
    flags: Flags::ADMIN.union(Flags::NOSCRIPT).union(Flags::LOADING).union(Flags::STALE),
    summary: "Looks inside, stops the server for a while, or fills it: DEBUG HELP lists what there is.",
    complexity: "That of the subcommand",
    example: "> SET a 1\nOK\n> DEBUG SLEEP 2\nOK\n> DEBUG POPULATE 3\nOK\n> DBSIZE\n(integer) 4",
    run: Some(debug),
    ..CommandSpec::BASE
}];

type Run = fn(&mut Context<'_>, &mut Args) -> CommandResult;

struct Sub {
    name: &'static str,
    /// How many words may follow it.
    words: std::ops::RangeInclusive<usize>,
    usage: &'static str,
    about: &'static str,
    run: Run,
}

const fn sub(
    name: &'static str,
    words: std::ops::RangeInclusive<usize>,
    usage: &'static str,
    about: &'static str,
    run: Run,
) -> Sub {
    Sub { name, words, usage, about, run }
}

const SUBS: &[Sub] = &[
    sub("DIGEST", 0..=0, "", "A fingerprint of all data.", digest::all),
    sub(
        "DIGEST-VALUE",
        0..=usize::MAX,
        "[key ...]",
        "A fingerprint of each of these values.",
        digest::values,
    ),
    sub("ERROR", 1..=1, "string", "Answers with an error of these words.", protocol::error),
    sub("HELP", 0..=0, "", "Lists the subcommands.", help),
    sub("OBJECT", 1..=1, "key", "How the value of a key is kept.", look::object),
    sub(
        "POPULATE",
        1..=3,
        "count [prefix [size]]",
        "Makes so many strings, named key:0, key:1 …",
        fill::populate,
    ),
    sub("PROTOCOL", 1..=1, "type", "Answers with a value of this type of RESP.", protocol::sample),
    sub("SET-ACTIVE-EXPIRE", 1..=1, "0|1", "Stops the expire cycle, or lets it go on.", set_active_expire),
    sub("SLEEP", 1..=1, "seconds", "Stops the server; the clock moves on.", sleep),
];

/// Subcommands of Redis 8.0 that the playground does not have.
const UNSUPPORTED: &[&str] = &[
    "debug|aof-flush-sleep",
    "debug|assert",
    "debug|change-repl-id",
    "debug|client-eviction",
    "debug|clusterlink",
    "debug|config-rewrite-force-all",
    "debug|crash-and-recover",
    "debug|dict-resizing",
    "debug|drop-cluster-packet-filter",
    "debug|htstats",
    "debug|htstats-key",
    "debug|internal_secret",
    "debug|leak",
    "debug|listpack",
    "debug|loadaof",
    "debug|log",
    "debug|mallctl",
    "debug|mallctl-str",
    "debug|mark-internal-client",
    "debug|oom",
    "debug|panic",
    "debug|pause-cron",
    "debug|quicklist",
    "debug|quicklist-packed-threshold",
    "debug|reload",
    "debug|repl-pause",
    "debug|replicate",
    "debug|replybuffer",
    "debug|restart",
    "debug|script",
    "debug|sdslen",
    "debug|segfault",
    "debug|set-skip-checksum-validation",
    "debug|stringmatch-test",
    "debug|structsize",
];

fn debug(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let name = args.take()?;
    let is = |word: &str| word.as_bytes().eq_ignore_ascii_case(&name);
    if let Some(sub) = SUBS.iter().find(|sub| is(sub.name) && sub.words.contains(&args.remaining())) {
        return (sub.run)(context, args);
    }
    let unsupported = UNSUPPORTED.iter().find(|full| full.split_once('|').is_some_and(|(_, word)| is(word)));
    Err(match unsupported {
        Some(command) => Error::Unsupported { command },
        None => Error::SubcommandSyntax { container: "debug", name },
    })
}

fn help(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let title = "DEBUG <subcommand> [<arg> [value] [opt] ...]. Subcommands are:".to_owned();
    let lines = SUBS.iter().flat_map(|sub| {
        let usage = format!("{} {}", sub.name, sub.usage);
        [usage.trim_end().to_owned(), format!("    {}", sub.about)]
    });
    let lines = std::iter::once(title).chain(lines);
    Ok(Reply::Array(lines.map(Reply::status_of).collect()))
}

fn set_active_expire(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    // As C's `atoi`: what is no number is none.
    let number = args.take()?;
    let digits = number.strip_prefix(b"-").unwrap_or(&number);
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    context.around.active_expire = digits.copied().any(|digit| digit != b'0');
    Ok(Reply::OK)
}

/// The server does nothing for so long, and nobody's clock stands still: the engine moves it when the command is over.
fn sleep(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let seconds = crate::number::double::parse_score(&args.take()?).unwrap_or(0.0).max(0.0);
    context.around.slept = context.around.slept.saturating_add((seconds * 1000.0) as u64);
    context.around.stats.work.spend((seconds * 1e9) as u64);
    Ok(Reply::OK)
}
