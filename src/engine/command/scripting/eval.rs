//! `EVAL`, `EVALSHA`, and those of them that let nothing be written.

use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group, KeyFlags, KeySpec};
use crate::dispatch::{self, Context};
use crate::error::Error;
use crate::scripting::run::{self, Plan, Program};
use crate::scripting::shebang::{self, ScriptFlags};
use crate::scripting::{Sha, lower};

const RUNS: Flags = Flags::NOSCRIPT
    .union(Flags::STALE)
    .union(Flags::SKIP_MONITOR)
    .union(Flags::NO_MANDATORY_KEYS)
    .union(Flags::MOVABLEKEYS);
const ANY: KeyFlags = KeyFlags::RW.union(KeyFlags::ACCESS).union(KeyFlags::UPDATE);

pub(super) const EVAL: CommandSpec = CommandSpec {
    group: Group::Scripting,
    since: "2.6.0",
    arity: -3,
    flags: RUNS,
    keys: &[KeySpec::numkeys(2, ANY)],
    complexity: "What the script costs",
    ..CommandSpec::BASE
};
pub(super) const EVAL_RO: CommandSpec = CommandSpec {
    since: "7.0.0",
    flags: Flags::READONLY.union(RUNS),
    keys: &[KeySpec::numkeys(2, KeyFlags::READ)],
    ..EVAL
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "eval",
        summary: "Runs a script in Lua, as one command: nobody sees anything of it half done.",
        syntax: "script numkeys:integer [key:key#0*] [arg*]",
        example: "> EVAL \"return redis.call('INCRBY', KEYS[1], ARGV[1])\" 1 stock 5\n(integer) 5",
        run: Some(|context, args| eval(context, args, false)),
        ..EVAL
    },
    CommandSpec {
        name: "eval_ro",
        summary: "Runs a script that may only read.",
        syntax: "script numkeys:integer [key:key#0*] [arg*]",
        example: "> SET stock 5\nOK\n> EVAL_RO \"return redis.call('GET', KEYS[1])\" 1 stock\n\"5\"",
        run: Some(|context, args| eval(context, args, true)),
        ..EVAL_RO
    },
    CommandSpec {
        name: "evalsha",
        summary: "Runs a script that the server has already, by its SHA-1.",
        syntax: "sha1 numkeys:integer [key:key#0*] [arg*]",
        example: "> SCRIPT LOAD \"return ARGV[1] * 2\"\n\"96b26102431a126f621a5266b1d35477d6106519\"\n\
            > EVALSHA 96b26102431a126f621a5266b1d35477d6106519 0 21\n(integer) 42",
        run: Some(|context, args| evalsha(context, args, false)),
        ..EVAL
    },
    CommandSpec {
        name: "evalsha_ro",
        summary: "Runs a script that the server has already, and that may only read.",
        syntax: "sha1 numkeys:integer [key:key#0*] [arg*]",
        example: "> SCRIPT LOAD \"return ARGV[1] * 2\"\n\"96b26102431a126f621a5266b1d35477d6106519\"\n\
            > EVALSHA_RO 96b26102431a126f621a5266b1d35477d6106519 0 21\n(integer) 42",
        run: Some(|context, args| evalsha(context, args, true)),
        ..EVAL_RO
    },
];

/// The keys and the other arguments behind the count of keys.
pub(super) type Arguments = (Vec<Vec<u8>>, Vec<Vec<u8>>);

fn arguments(args: &mut Args) -> Result<Arguments, Error> {
    let count = args.int()?;
    split(args, count)
}

/// So many keys, and what is left.
pub(super) fn split(args: &mut Args, count: i64) -> Result<Arguments, Error> {
    let Ok(count) = usize::try_from(count) else {
        return Err(Error::Fixed("ERR Number of keys can't be negative"));
    };
    if count > args.remaining() {
        return Err(Error::Fixed("ERR Number of keys can't be greater than number of args"));
    }
    Ok((args.take_many(count)?, args.rest()))
}

fn eval(context: &mut Context<'_>, args: &mut Args, is_read_only: bool) -> CommandResult {
    dispatch::show_at_once(context, args.line());
    let body = args.take()?;
    let arguments = arguments(args)?;
    let sha = context.around.scripts.add(&body, true)?;
    run(context, sha, &arguments, is_read_only)
}

fn evalsha(context: &mut Context<'_>, args: &mut Args, is_read_only: bool) -> CommandResult {
    dispatch::show_at_once(context, args.line());
    let sha = lower(&args.take()?).ok_or(Error::NoScript)?;
    let arguments = arguments(args)?;
    if context.around.scripts.get(&sha).is_none() {
        return Err(Error::NoScript);
    }
    run(context, sha, &arguments, is_read_only)
}

fn run(context: &mut Context<'_>, sha: Sha, arguments: &Arguments, is_read_only: bool) -> CommandResult {
    let (flags, function) = context.around.scripts.program(&sha).ok_or(Error::NoScript)?;
    let plan = Plan { program: Program::Script(sha), flags, is_read_only };
    run::may_run(context, &plan)?;
    let mut machine = context.around.scripts.take_machine();
    machine.set_arguments(&arguments.0, &arguments.1);
    run::start(context, plan, machine, function, &[])
}

/// What a script that declares its flags makes of its command's: as far as it can be told before it is compiled.
pub fn flags_of(context: &Context<'_>, spec: &CommandSpec, argv: &[Vec<u8>]) -> Flags {
    let script = argv.get(1).map(Vec::as_slice).unwrap_or_default();
    let declared = match spec.name {
        "eval" | "eval_ro" => shebang::of_script(script).map(|(flags, _)| flags).ok(),
        "evalsha" | "evalsha_ro" => context.around.scripts.get(script).map(|script| script.flags),
        "fcall" | "fcall_ro" => {
            context.around.scripts.libraries.function(script).map(|function| function.flags)
        }
        _ => None,
    };
    let Some(flags) = declared.filter(|flags| !flags.contains(ScriptFlags::UNDECLARED)) else {
        return spec.flags;
    };
    let mut own = spec.flags.difference(Flags::STALE.union(Flags::DENYOOM).union(Flags::WRITE));
    if !flags.contains(ScriptFlags::NO_WRITES) {
        own |= Flags::WRITE;
        if !flags.contains(ScriptFlags::ALLOW_OOM) {
            own |= Flags::DENYOOM;
        }
    }
    own
}
