//! `SCRIPT`: the scripts that the server has.

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::scripting::run::Program;

const ABOUT: CommandSpec = CommandSpec {
    group: Group::Scripting,
    since: "2.6.0",
    arity: 2,
    flags: Flags::NOSCRIPT,
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "script",
    group: Group::Scripting,
    since: "2.6.0",
    arity: -2,
    summary: "Keeps scripts, so that they need not be sent each time.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "script|debug",
            since: "3.2.0",
            arity: 3,
            summary: "Whether scripts are run step by step, which the playground does in its own way.",
            syntax: "mode(yes=YES | sync=SYNC | no=NO)",
            example: "> SCRIPT DEBUG NO\nOK",
            run: Some(debug),
            ..ABOUT
        },
        CommandSpec {
            name: "script|exists",
            arity: -3,
            tips: &["request_policy:all_shards", "response_policy:agg_logical_and"],
            summary: "Which of these scripts the server has.",
            complexity: "O(N) for N scripts",
            syntax: "sha1*",
            example: "> SCRIPT LOAD \"return 1\"\n\"e0e1f9fabfc9d4800c877a703b823ac0578ff8db\"\n\
                > SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0123\n1) (integer) 1\n2) (integer) 0",
            run: Some(exists),
            ..ABOUT
        },
        CommandSpec {
            name: "script|flush",
            arity: -2,
            tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
            summary: "Forgets all scripts.",
            complexity: "O(N) for N scripts",
            syntax: "[flush-type(async=ASYNC | sync=SYNC)@6.2.0]",
            example: "> EVAL \"return 1\" 0\n(integer) 1\n> SCRIPT FLUSH\nOK\n\
                > SCRIPT EXISTS e0e1f9fabfc9d4800c877a703b823ac0578ff8db\n1) (integer) 0",
            run: Some(flush),
            ..ABOUT
        },
        CommandSpec {
            name: "script|help",
            since: "5.0.0",
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..ABOUT
        },
        CommandSpec {
            name: "script|kill",
            flags: Flags::NOSCRIPT.union(Flags::ALLOW_BUSY),
            tips: &["request_policy:all_shards", "response_policy:one_succeeded"],
            summary: "Stops the script that runs, if it has written nothing yet.",
            example: "> SCRIPT KILL\n(error) NOTBUSY No scripts in execution right now.",
            run: Some(|context, _| kill(context, true)),
            ..ABOUT
        },
        CommandSpec {
            name: "script|load",
            arity: 3,
            flags: Flags::NOSCRIPT.union(Flags::STALE),
            tips: &["request_policy:all_nodes", "response_policy:all_succeeded"],
            summary: "Takes a script in without running it, and gives its SHA-1.",
            complexity: "O(N) for a script of N bytes",
            syntax: "script",
            example: "> SCRIPT LOAD \"return 1\"\n\"e0e1f9fabfc9d4800c877a703b823ac0578ff8db\"\n\
                > EVALSHA e0e1f9fabfc9d4800c877a703b823ac0578ff8db 0\n(integer) 1",
            run: Some(load),
            ..ABOUT
        },
    ],
    ..CommandSpec::BASE
}];

/// The real server's debugger talks with a terminal of its own.
fn debug(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if context.in_transaction {
        return Err(Error::Fixed("ERR SCRIPT DEBUG must be called outside a pipeline"));
    }
    match () {
        () if args.word("NO") => Ok(Reply::OK),
        () if args.word("YES") || args.word("SYNC") => {
            Err(Error::Fixed("ERR SCRIPT DEBUG YES and SYNC are not supported by the Redis playground"))
        }
        () => Err(Error::Fixed("ERR Use SCRIPT DEBUG YES/SYNC/NO")),
    }
}

fn exists(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let scripts = &context.around.scripts;
    Ok(Reply::Array(args.rest().iter().map(|sha| Reply::flag(scripts.get(sha).is_some())).collect()))
}

fn flush(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if !args.is_empty() && !args.word("ASYNC") && !args.word("SYNC") || !args.is_empty() {
        return Err(Error::Fixed("ERR SCRIPT FLUSH only support SYNC|ASYNC option"));
    }
    context.around.scripts.flush();
    Ok(Reply::OK)
}

fn load(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let sha = context.around.scripts.add(&args.take()?, false)?;
    Ok(Reply::bulk(sha))
}

/// Stops what runs, a script or a function.
pub(super) fn kill(context: &mut Context<'_>, is_script: bool) -> CommandResult {
    let Some(running) = &mut context.around.scripts.running else {
        return Err(Error::Fixed("NOTBUSY No scripts in execution right now."));
    };
    if running.has_written {
        return Err(Error::Fixed(
            "UNKILLABLE Sorry the script already executed write commands against the dataset. You can either \
            wait the script termination or kill the server in a hard way using the SHUTDOWN NOSAVE command.",
        ));
    }
    if matches!(running.program, Program::Script(_)) != is_script {
        return Err(running.program.busy());
    }
    running.is_killed = true;
    Ok(Reply::OK)
}
