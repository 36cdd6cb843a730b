//! LATENCY: when the server was slow, as [`crate::latency`] remembers it, and how long each command takes.

mod doctor;
mod graph;

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::command::{self, help};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::stats::CommandFigures;

/// What the subcommands share.
const ABOUT: CommandSpec = CommandSpec {
    group: Group::Server,
    since: "2.8.13",
    arity: 2,
    flags: Flags::ADMIN.union(Flags::NOSCRIPT).union(Flags::LOADING).union(Flags::STALE),
    tips: &["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"],
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "latency",
    group: Group::Server,
    since: "2.8.13",
    arity: -2,
    summary: "Shows when the server was slow, and how long commands take.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "latency|doctor",
            summary: "Tells in words what was slow and what may help.",
            example: "@differs our own words\n> LATENCY DOCTOR\n\
                Latency is not being watched: latency-monitor-threshold is 0. To note whatever takes 100 milliseconds or\n\
                longer: CONFIG SET latency-monitor-threshold 100",
            run: Some(doctor),
            ..ABOUT
        },
        CommandSpec {
            name: "latency|graph",
            arity: 3,
            summary: "Draws the slow moments of an event with letters.",
            syntax: "event",
            example: "> LATENCY GRAPH command\nERR No samples available for event 'command'",
            run: Some(graph),
            ..ABOUT
        },
        CommandSpec {
            name: "latency|help",
            flags: Flags::LOADING.union(Flags::STALE),
            tips: &[],
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..ABOUT
        },
        CommandSpec {
            name: "latency|histogram",
            since: "7.0.0",
            arity: -2,
            summary: "How many calls of each command took up to so many microseconds.",
            complexity: "O(N) for N commands that have been called",
            syntax: "[command*]",
            example: "> LATENCY HISTOGRAM getdel\n(empty array)",
            run: Some(histogram),
            ..ABOUT
        },
        CommandSpec {
            name: "latency|history",
            arity: 3,
            summary: "The seconds in which an event was slow, with its worst time in each.",
            syntax: "event",
            example: "> LATENCY HISTORY command\n(empty array)",
            run: Some(history),
            ..ABOUT
        },
        CommandSpec {
            name: "latency|latest",
            summary: "Each event's latest slow second, the time it took then and the worst it ever took.",
            example: "> LATENCY LATEST\n(empty array)",
            run: Some(latest),
            ..ABOUT
        },
        CommandSpec {
            name: "latency|reset",
            arity: -2,
            tips: &["request_policy:all_nodes", "response_policy:agg_sum"],
            summary: "Forgets what is known of some events, or of all.",
            syntax: "[event*]",
            example: "> LATENCY RESET command\n(integer) 0",
            run: Some(reset),
            ..ABOUT
        },
    ],
    ..CommandSpec::BASE
}];

fn number(number: u64) -> Reply {
    Reply::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

fn doctor(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::Verbatim(*b"txt", doctor::report(context.around).into_bytes()))
}

fn graph(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let event = args.take()?;
    let now = context.now() / 1000;
    let Some((name, history)) = context.around.stats.latency.event(&event) else {
        return Err(Error::NoLatencySamples { event });
    };
    Ok(Reply::Verbatim(*b"txt", graph::draw(name, history, now).into_bytes()))
}

fn histogram(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let by_command = &context.around.stats.by_command;
    let known = by_command.iter().filter(|(_, figures)| !figures.latency.is_empty());
    let shown =
        |(spec, figures): (&command::CommandSpec, &CommandFigures)| (Reply::bulk(spec.name), bars(figures));
    if args.is_empty() {
        return Ok(Reply::Map(known.map(shown).collect()));
    }
    let known: Vec<_> = known.collect();
    let mut found = Vec::new();
    for name in args.rest() {
        let Some(wanted) = command::find_full(&name) else { continue };
        // A container stands for its subcommands.
        let is_wanted =
            |name: &str| name == wanted.name || wanted.subcommands.iter().any(|sub| sub.name == name);
        found.extend(known.iter().filter(|(spec, _)| is_wanted(spec.name)).copied().map(shown));
    }
    Ok(Reply::Map(found))
}

fn bars(figures: &CommandFigures) -> Reply {
    let bars = figures.latency.bars().into_iter().map(|(micros, calls)| (number(micros), number(calls)));
    Reply::Map(vec![
        (Reply::bulk("calls"), number(figures.latency.total())),
        (Reply::bulk("histogram_usec"), Reply::Map(bars.collect())),
    ])
}

fn history(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let event = args.take()?;
    let known = context.around.stats.latency.event(&event);
    let samples = known.into_iter().flat_map(|(_, history)| history.samples());
    let shown = samples.map(|sample| Reply::Array(vec![number(sample.at), number(sample.millis)]));
    Ok(Reply::Array(shown.collect()))
}

fn latest(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let shown = context.around.stats.latency.iter().filter_map(|(name, history)| {
        let last = history.samples().next_back()?;
        let figures = [last.at, last.millis, history.worst].map(number);
        Some(Reply::Array(std::iter::once(Reply::bulk(name)).chain(figures).collect()))
    });
    Ok(Reply::Array(shown.collect()))
}

fn reset(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let monitor = &mut context.around.stats.latency;
    let forgotten = if args.is_empty() {
        monitor.forget_all()
    } else {
        args.rest().iter().filter(|event| monitor.forget(event)).count()
    };
    Ok(Reply::count(forgotten))
}
