//! What is noted before a command runs and reckoned after it: the one place where commands become figures.
//!
//! Commands run inside others (`EXEC`, scripts), so what the outer one has met is put aside meanwhile and what the inner
//! one took is added to it. Nothing here changes what a command answers.

use crate::command::{self, CommandSpec, Flags, Group};
use crate::cost::{self, Size, Work};
use crate::dispatch::Context;
use crate::error::Error;
use crate::keyspace::Surroundings;
use crate::memory::Breakdown;
use crate::number;
use crate::reply::Reply;
use crate::slowlog::Mark;
use crate::stats::Stats;

/// A command that runs.
#[derive(Clone, Copy, Debug)]
pub struct Running {
    spec: &'static CommandSpec,
    number: usize,
    line: Size,
    noted: Mark,
    /// What the command around this one had met.
    outer: Work,
}

/// Before a command runs.
pub fn begin(around: &mut Surroundings, spec: &'static CommandSpec, argv: &[Vec<u8>]) -> Running {
    let logs = is_slowlog_on(around) && !spec.flags.contains(Flags::SKIP_SLOWLOG);
    let (stats, line) = (&mut around.stats, Size::of_line(argv));
    let noted = match logs {
        true if has_secrets(spec) => stats.slowlog.note_cut(argv, |index| is_secret(spec, argv, index)),
        true => stats.slowlog.note(argv, line.bytes),
        false => stats.slowlog.mark(),
    };
    let outer = std::mem::take(&mut stats.work);
    stats.errors_laid_to = stats.error_replies;
    Running { spec, number: command::number_of(spec), line, noted, outer }
}

/// After it has run. One that has begun to wait will run once more, and is counted then.
pub fn end(context: &mut Context<'_>, running: Running, reply: &Reply) {
    let Running { spec, number, line, noted, outer } = running;
    let waits = context.session.is_blocked();
    let stats = &mut context.around.stats;
    let nanos = cost::nanos(number, line, &stats.work, reply);
    stats.work = outer;
    stats.work.spend(nanos);
    if !waits {
        let micros = cost::micros(nanos);
        count_call(context.around, number, micros);
        if let Reply::Error(error) = reply {
            count_error(context.around, error);
            // It was counted with a command that a script sent; that the script failed by it was not.
            let is_counted = matches!(error, Error::Said { is_counted: true, .. });
            context.around.stats.by_command.numbered(number).failed += u64::from(is_counted);
        }
        lay_errors_to(&mut context.around.stats, number);
        watch_slow(context, spec, micros, noted);
    }
    context.around.stats.slowlog.forget(noted);
    if spec.flags.contains(Flags::WRITE) {
        Breakdown::note_peak(context.keyspace, context.around);
    }
}

/// A command has failed if there were errors since the command before it began or was over. So one that runs others has
/// failed by an error of its own behind the last of them, such as a refusal of what `EXEC` was to run.
fn lay_errors_to(stats: &mut Stats, number: usize) {
    if stats.error_replies > stats.errors_laid_to {
        stats.by_command.numbered(number).failed += 1;
    }
    stats.errors_laid_to = stats.error_replies;
}

/// A command has waited in vain: it counts, although nothing of it is left to run.
pub fn in_vain(around: &mut Surroundings, spec: &CommandSpec) {
    count_call(around, command::number_of(spec), cost::micros(cost::COMMAND));
}

fn count_call(around: &mut Surroundings, number: usize, micros: u64) {
    let stats = &mut around.stats;
    stats.commands += 1;
    stats.rate.count(around.clock.now());
    let figures = stats.by_command.numbered(number);
    figures.calls += 1;
    figures.micros = figures.micros.saturating_add(micros);
    if around.config.latency_tracking {
        stats.histograms += u64::from(figures.latency.is_empty());
        figures.latency.record(micros.saturating_mul(1000));
    }
}

/// A gate refused a command, or there is no such command.
pub fn refused(around: &mut Surroundings, argv: &[Vec<u8>], error: &Error) {
    if let Some(spec) = command_of(argv) {
        around.stats.by_command.of(spec).rejected += 1;
    }
    count_error(around, error);
}

/// The command or subcommand that a line is for, whether or not it may run.
fn command_of(argv: &[Vec<u8>]) -> Option<&'static CommandSpec> {
    let spec = command::find(argv.first()?)?;
    match argv.get(1) {
        Some(word) if !spec.subcommands.is_empty() => spec.subcommand(word),
        _ => Some(spec),
    }
}

/// An error answers something.
pub fn count_error(around: &mut Surroundings, error: &Error) {
    if matches!(error, Error::Said { is_counted: true, .. }) {
        return;
    }
    around.stats.error_replies += 1;
    around.stats.by_error.count(&error.message());
}

fn is_slowlog_on(around: &Surroundings) -> bool {
    around.config.slowlog_log_slower_than >= 0 && around.config.slowlog_max_len > 0
}

/// The slow log and the latency monitor, each for what is as slow as its setting says.
fn watch_slow(context: &mut Context<'_>, spec: &CommandSpec, micros: u64, noted: Mark) {
    let (now, session, around) = (context.now(), &*context.session, &mut *context.around);
    let (config, skips) = (&around.config, spec.flags.contains(Flags::SKIP_SLOWLOG));
    let slow = u64::try_from(config.slowlog_log_slower_than).is_ok_and(|least| micros >= least);
    if slow && is_slowlog_on(around) && !skips {
        let (address, name) = (session.address(), session.name.clone());
        let max = around.config.slowlog_max_len;
        around.stats.slowlog.log(noted, now, micros, address, name, max);
    }
    let event = if spec.flags.contains(Flags::FAST) { "fast-command" } else { "command" };
    let threshold = around.config.latency_monitor_threshold;
    around.stats.latency.add_if_slow(event, now, micros.saturating_mul(1000), threshold);
}

/// Commands whose lines carry passwords.
pub fn has_secrets(spec: &CommandSpec) -> bool {
    matches!(spec.group, Group::Connection | Group::Server)
        && matches!(spec.name, "auth" | "hello" | "acl|setuser" | "acl|deluser" | "config|set")
}

/// Whether a word of such a line is not for the log.
pub fn is_secret(spec: &CommandSpec, argv: &[Vec<u8>], index: usize) -> bool {
    let is =
        |at: usize, word: &str| argv.get(at).is_some_and(|arg| arg.eq_ignore_ascii_case(word.as_bytes()));
    match spec.name {
        "auth" => index > 0,
        "hello" => hello_hides(argv, index),
        "config|set" => {
            index % 2 == 1
                && index > 2
                && ["requirepass", "masterauth", "masteruser", "tls-key-file-pass"]
                    .iter()
                    .any(|name| is(index - 1, name))
        }
        _ => index > 1,
    }
}

/// Of HELLO, Redis hides what it has found to be a user and a password before it finds a fault.
fn hello_hides(argv: &[Vec<u8>], index: usize) -> bool {
    if !argv.get(1).is_some_and(|version| matches!(number::parse_i64(version), Some(2 | 3))) {
        return false;
    }
    let mut rest = argv.get(2..).unwrap_or_default();
    while let [option, words @ ..] = rest {
        let at = argv.len() - words.len();
        match words {
            [_, _, after @ ..] if option.eq_ignore_ascii_case(b"AUTH") => {
                if (at..at + 2).contains(&index) {
                    return true;
                }
                rest = after;
            }
            [name, after @ ..]
                if option.eq_ignore_ascii_case(b"SETNAME") && name.iter().all(u8::is_ascii_graphic) =>
            {
                rest = after;
            }
            _ => return false,
        }
    }
    false
}
