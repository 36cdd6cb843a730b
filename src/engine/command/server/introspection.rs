//! COMMAND: what the commands themselves are, for clients that complete, document or route them.
//!
//! Everything is read from the specs; [`super::docs`] shapes the larger answers.

use super::docs;
use crate::args::Args;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::command::{self, help, keys};
use crate::dispatch::{self, Context};
use crate::error::Error;
use crate::glob;
use crate::reply::Reply;

/// What the subcommands share.
const ABOUT: CommandSpec = CommandSpec {
    group: Group::Server,
    since: "2.8.13",
    arity: 2,
    flags: Flags::LOADING.union(Flags::STALE),
    acl: &["connection"],
    ..CommandSpec::BASE
};
const UNORDERED: &[&str] = &["nondeterministic_output_order"];

pub const SPECS: &[CommandSpec] = &[CommandSpec {
    name: "command",
    arity: -1,
    tips: UNORDERED,
    summary: "Describes every command.",
    complexity: "O(N) for N commands",
    run: Some(info),
    subcommands: &[
        CommandSpec {
            name: "command|count",
            summary: "Counts the commands there are.",
            example: "> COMMAND COUNT x\n(error) ERR wrong number of arguments for 'command|count' command",
            run: Some(count),
            ..ABOUT
        },
        CommandSpec {
            name: "command|docs",
            since: "7.0.0",
            arity: -2,
            tips: UNORDERED,
            summary: "Documents commands: summary, complexity, arguments.",
            complexity: "O(N) for N commands",
            syntax: "[command-name*]",
            example: "> COMMAND DOCS nothing\n(empty array)",
            run: Some(command_docs),
            ..ABOUT
        },
        CommandSpec {
            name: "command|getkeys",
            arity: -3,
            summary: "Picks the keys out of a full command line.",
            complexity: "O(N) for N arguments",
            syntax: "command [arg*]",
            example: "> COMMAND GETKEYS MSET a 1 b 2\n1) \"a\"\n2) \"b\"",
            run: Some(getkeys),
            ..ABOUT
        },
        CommandSpec {
            name: "command|getkeysandflags",
            since: "7.0.0",
            arity: -3,
            summary: "Picks the keys out of a full command line and tells what is done with each.",
            complexity: "O(N) for N arguments",
            syntax: "command [arg*]",
            example: "> COMMAND GETKEYSANDFLAGS GET a\n1) 1) \"a\"\n   2) 1) RO\n      2) access",
            run: Some(getkeysandflags),
            ..ABOUT
        },
        CommandSpec {
            name: "command|help",
            since: "5.0.0",
            summary: "Lists the subcommands.",
            run: Some(help::subcommands),
            ..ABOUT
        },
        CommandSpec {
            name: "command|info",
            arity: -2,
            tips: UNORDERED,
            summary: "Describes the named commands, or all.",
            complexity: "O(N) for N commands",
            syntax: "[command-name*]",
            example: "> COMMAND INFO nothing\n1) (nil)",
            run: Some(info),
            ..ABOUT
        },
        CommandSpec {
            name: "command|list",
            since: "7.0.0",
            arity: -2,
            tips: UNORDERED,
            summary: "Lists the names of commands: all, a module's, an ACL category's, or those that match a pattern.",
            complexity: "O(N) for N commands",
            syntax: "[filterby(module-name:string=MODULE | category:string=ACLCAT | \
                pattern:pattern=PATTERN)=FILTERBY]",
            example: "> COMMAND LIST FILTERBY PATTERN zscor*\n1) \"zscore\"",
            run: Some(list),
            ..ABOUT
        },
    ],
    ..ABOUT
}];

fn count(_: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::count(command::count()))
}

fn info(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let names = args.rest();
    let infos = if names.is_empty() {
        command::all().map(docs::info).collect()
    } else {
        names.iter().map(|name| command::find_full(name).map_or(Reply::Nil, docs::info)).collect()
    };
    Ok(Reply::Array(infos))
}

fn command_docs(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let names = args.rest();
    let documented = |spec: &CommandSpec| (Reply::bulk(spec.name), docs::docs(spec));
    let docs = if names.is_empty() {
        command::all().map(documented).collect()
    } else {
        names.iter().filter_map(|name| command::find_full(name)).map(documented).collect()
    };
    Ok(Reply::Map(docs))
}

fn list(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let every = command::every();
    let names = |keep: &dyn Fn(&CommandSpec) -> bool| {
        Ok(Reply::Array(every.filter(|spec| keep(spec)).map(|spec| Reply::bulk(spec.name)).collect()))
    };
    if args.is_empty() {
        return names(&|_| true);
    }
    if args.remaining() != 3 || !args.word("FILTERBY") {
        return Err(Error::Syntax);
    }
    if args.word("MODULE") {
        // There are no modules, so none has commands.
        names(&|_| false)
    } else if args.word("ACLCAT") {
        let category = args.take()?.to_ascii_lowercase();
        names(&|spec| spec.acl_categories().iter().any(|c| c.as_bytes() == category))
    } else if args.word("PATTERN") {
        let pattern = args.take()?;
        names(&|spec| glob::matches_ignoring_case(&pattern, spec.name.as_bytes()))
    } else {
        Err(Error::Syntax)
    }
}

fn getkeys(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let found = keys_of(args.rest())?;
    Ok(Reply::Array(found.into_iter().map(|(key, _)| Reply::Bulk(key)).collect()))
}

fn getkeysandflags(_: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let found = keys_of(args.rest())?.into_iter();
    let described = found.map(|(key, flags)| {
        let words = flags.words().map(Reply::status).collect();
        Reply::Array(vec![Reply::Bulk(key), Reply::Set(words)])
    });
    Ok(Reply::Array(described.collect()))
}

/// The keys of a command line and what the command does with them.
fn keys_of(argv: Vec<Vec<u8>>) -> Result<Vec<(Vec<u8>, crate::command::KeyFlags)>, Error> {
    let spec = match dispatch::resolve(&argv) {
        Ok(resolved) => resolved.spec,
        Err(Error::WrongArity { command }) => {
            let spec = command::find_full(command.as_bytes()).ok_or(Error::GetKeysInvalidCommand)?;
            let error = if spec.has_keys() { Error::GetKeysInvalidArguments } else { Error::GetKeysNoKeys };
            return Err(error);
        }
        Err(_) => return Err(Error::GetKeysInvalidCommand),
    };
    if !spec.has_keys() {
        return Err(Error::GetKeysNoKeys);
    }
    // A line in which no key is found is as wrong as one whose count of keys does not fit; scripts need none.
    let may_have_none = spec.flags.contains(Flags::NO_MANDATORY_KEYS);
    keys::of(spec, argv)
        .or(may_have_none.then(Vec::new))
        .filter(|found| !found.is_empty() || may_have_none)
        .ok_or(Error::Fixed("ERR Invalid arguments specified for command"))
}
