//! MODULE: there are none, and none can be loaded.

use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;

const ABOUT: CommandSpec = CommandSpec {
    group: Group::Server,
    since: "4.0.0",
    arity: -3,
    flags: Flags::ADMIN.union(Flags::NOSCRIPT).union(Flags::NO_ASYNC_LOADING).union(Flags::PROTECTED),
    run: Some(forbidden),
    ..CommandSpec::BASE
};

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "module",
    group: Group::Server,
    since: "4.0.0",
    arity: -2,
    summary: "Manages modules.",
    complexity: "That of the subcommand",
    subcommands: &[
        CommandSpec {
            name: "module|help",
            since: "5.0.0",
            arity: 2,
            flags: Flags::LOADING.union(Flags::STALE),
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..ABOUT
        },
        CommandSpec {
            name: "module|list",
            arity: 2,
            flags: Flags::ADMIN.union(Flags::NOSCRIPT),
            tips: &["nondeterministic_output_order"],
            summary: "Lists the modules that are loaded: none.",
            complexity: "O(N) for N modules",
            example: "@differs the real server comes with vector sets\n> MODULE LIST\n(empty array)",
            run: Some(list),
            ..ABOUT
        },
        CommandSpec {
            name: "module|load",
            summary: "Loads a module; refused, as by a server that does not allow it.",
            syntax: "path [arg*]",
            example: LOAD,
            ..ABOUT
        },
        CommandSpec {
            name: "module|loadex",
            since: "7.0.0",
            summary: "Loads a module with settings; refused, as by a server that does not allow it.",
            syntax: "path [configs{name value}=CONFIG*+] [args:string=ARGS*]",
            example: LOADEX,
            ..ABOUT
        },
        CommandSpec {
            name: "module|unload",
            arity: 3,
            summary: "Removes a module; refused, as by a server that does not allow it.",
            syntax: "name",
            example: UNLOAD,
            ..ABOUT
        },
    ],
    ..CommandSpec::BASE
}];

const LOAD: &str = "> MODULE LOAD x.so\n(error) ERR MODULE command not allowed. If the enable-module-command option is \
    set to \"local\", you can run it from a local connection, otherwise you need to set this option in the configuration \
    file, and then restart the server.";
const LOADEX: &str = "> MODULE LOADEX x.so\n(error) ERR MODULE command not allowed. If the enable-module-command option \
    is set to \"local\", you can run it from a local connection, otherwise you need to set this option in the \
    configuration file, and then restart the server.";
const UNLOAD: &str = "> MODULE UNLOAD x\n(error) ERR MODULE command not allowed. If the enable-module-command option is \
    set to \"local\", you can run it from a local connection, otherwise you need to set this option in the configuration \
    file, and then restart the server.";

fn list(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::Array(Vec::new()))
}

/// The gates refuse it before it comes so far.
fn forbidden(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Err(Error::ModulesNotAllowed)
}
