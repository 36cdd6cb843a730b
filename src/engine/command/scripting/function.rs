//! `FUNCTION`, the libraries that the server has, and `FCALL`, which calls what they register.

use super::eval::{Arguments, EVAL, EVAL_RO, split};
use super::script::kill;
use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags, Group};
use crate::dispatch::{self, Context};
use crate::error::Error;
use crate::glob;
use crate::reply::Reply;
use crate::scripting::libraries::{Library, Policy};
use crate::scripting::run::{self, Plan, Program};

const FCALL: CommandSpec = CommandSpec {
    since: "7.0.0",
    complexity: "What the function costs",
    syntax: "function numkeys:integer [key:key#0*] [arg*]",
    ..EVAL
};

const ABOUT: CommandSpec = CommandSpec {
    group: Group::Scripting,
    since: "7.0.0",
    arity: 2,
    flags: Flags::NOSCRIPT,
    ..CommandSpec::BASE
};
const CHANGE: CommandSpec = CommandSpec {
    flags: Flags::NOSCRIPT.union(Flags::WRITE),
    tips: &["request_policy:all_shards", "response_policy:all_succeeded"],
    ..ABOUT
};

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "fcall",
        summary: "Calls a function of a library that the server has.",
        example: "> FUNCTION LOAD \"#!lua name=shop\\nredis.register_function('sell', function(keys, args) \
            return redis.call('DECRBY', keys[1], args[1]) end)\"\n\"shop\"\n> SET stock 5\nOK\n\
            > FCALL sell 1 stock 2\n(integer) 3",
        run: Some(|context, args| fcall(context, args, false)),
        ..FCALL
    },
    CommandSpec {
        name: "fcall_ro",
        flags: EVAL_RO.flags,
        keys: EVAL_RO.keys,
        summary: "Calls a function that only reads.",
        example: "> FUNCTION LOAD \"#!lua name=shop\\nredis.register_function{function_name='left', \
            callback=function(keys) return redis.call('GET', keys[1]) end, flags={'no-writes'}}\"\n\"shop\"\n\
            > SET stock 5\nOK\n> FCALL_RO left 1 stock\n\"5\"",
        run: Some(|context, args| fcall(context, args, true)),
        ..FCALL
    },
    CommandSpec {
        name: "function",
        group: Group::Scripting,
        since: "7.0.0",
        arity: -2,
        summary: "Keeps libraries of functions with the data, to be called by name.",
        complexity: "That of the subcommand",
        subcommands: &[
            CommandSpec {
                name: "function|delete",
                arity: 3,
                summary: "Removes a library and its functions.",
                syntax: "library-name",
                example: "> FUNCTION LOAD \"#!lua name=shop\\nredis.register_function('one', function() return 1 end)\"\n\
                    \"shop\"\n> FUNCTION DELETE shop\nOK\n> FCALL one 0\n(error) ERR Function not found",
                run: Some(delete),
                ..CHANGE
            },
            CommandSpec {
                name: "function|dump",
                summary: "All libraries as bytes that RESTORE takes.",
                complexity: "O(N) for N functions",
                example: "> FUNCTION DUMP\n\"\\x0c\\x00\\x96\\xedh\\x80\\xf5U<\\x93\"",
                run: Some(dump),
                ..ABOUT
            },
            CommandSpec {
                name: "function|flush",
                arity: -2,
                summary: "Removes all libraries.",
                complexity: "O(N) for N functions",
                syntax: "[flush-type(async=ASYNC | sync=SYNC)]",
                example: "> FUNCTION FLUSH\nOK\n> FUNCTION LIST\n(empty array)",
                run: Some(flush),
                ..CHANGE
            },
            CommandSpec {
                name: "function|help",
                flags: Flags::LOADING.union(Flags::STALE),
                summary: "Lists the subcommands.",
                run: Some(help::subcommands),
                ..ABOUT
            },
            CommandSpec {
                name: "function|kill",
                flags: Flags::NOSCRIPT.union(Flags::ALLOW_BUSY),
                tips: &["request_policy:all_shards", "response_policy:one_succeeded"],
                summary: "Stops the function that runs, if it has written nothing yet.",
                example: "> FUNCTION KILL\n(error) NOTBUSY No scripts in execution right now.",
                run: Some(|context, _| kill(context, false)),
                ..ABOUT
            },
            CommandSpec {
                name: "function|list",
                arity: -2,
                tips: &["nondeterministic_output_order"],
                summary: "The libraries with their functions, and if asked for their code.",
                complexity: "O(N) for N functions",
                syntax: "[library-name-pattern=LIBRARYNAME] [withcode=WITHCODE]",
                example: "> FUNCTION LOAD \"#!lua name=shop\\nredis.register_function('one', function() return 1 end)\"\n\
                    \"shop\"\n> FUNCTION LIST LIBRARYNAME s*\n1) 1) \"library_name\"\n   2) \"shop\"\n   3) \"engine\"\n\
                    \u{20}  4) \"LUA\"\n   5) \"functions\"\n   6) 1) 1) \"name\"\n         2) \"one\"\n         \
                    3) \"description\"\n         4) (nil)\n         5) \"flags\"\n         6) (empty array)",
                run: Some(list),
                ..ABOUT
            },
            CommandSpec {
                name: "function|load",
                arity: -3,
                flags: CHANGE.flags.union(Flags::DENYOOM),
                summary: "Takes a library in, whose code registers its functions.",
                complexity: "O(1) besides what the code takes",
                syntax: "[replace=REPLACE] function-code",
                example: "> FUNCTION LOAD \"#!lua name=shop\\nredis.register_function('one', function() return 1 end)\"\n\
                    \"shop\"\n> FCALL one 0\n(integer) 1",
                run: Some(load),
                ..CHANGE
            },
            CommandSpec {
                name: "function|restore",
                arity: -3,
                flags: CHANGE.flags.union(Flags::DENYOOM),
                summary: "Takes in all libraries that DUMP has given.",
                complexity: "O(N) for N functions",
                syntax: "serialized-value [policy(flush=FLUSH | append=APPEND | replace=REPLACE)]",
                example: "> FUNCTION RESTORE \"\\x0c\\x00\\x96\\xedh\\x80\\xf5U<\\x93\" FLUSH\nOK",
                run: Some(restore),
                ..CHANGE
            },
            CommandSpec {
                name: "function|stats",
                flags: Flags::NOSCRIPT.union(Flags::ALLOW_BUSY),
                tips: &["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
                summary: "The function that runs, and how many there are.",
                example: "> FUNCTION STATS\n1) \"running_script\"\n2) (nil)\n3) \"engines\"\n4) 1) \"LUA\"\n   \
                    2) 1) \"libraries_count\"\n      2) (integer) 0\n      3) \"functions_count\"\n      4) (integer) 0",
                run: Some(stats),
                ..ABOUT
            },
        ],
        ..CommandSpec::BASE
    },
];

fn fcall(context: &mut Context<'_>, args: &mut Args, is_read_only: bool) -> CommandResult {
    dispatch::show_at_once(context, args.line());
    let name = args.take()?;
    let Some(function) = context.around.scripts.libraries.function(&name) else {
        return Err(Error::Fixed("ERR Function not found"));
    };
    let (name, flags) = (function.name.clone(), function.flags);
    let count = args.int().map_err(|_| Error::Fixed("ERR Bad number of keys provided"))?;
    let (keys, rest): Arguments = split(args, count)?;
    let plan = Plan { program: Program::Function(name.clone()), flags, is_read_only };
    run::may_run(context, &plan)?;
    let mut machine = context.around.scripts.libraries.take_machine();
    let function = machine.program(&name.to_ascii_lowercase());
    let arguments = [machine.list(&keys), machine.list(&rest)];
    run::start(context, plan, machine, function, &arguments)
}

fn load(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let mut replaces = false;
    while args.remaining() > 1 {
        let option = args.take()?;
        if !option.eq_ignore_ascii_case(b"REPLACE") {
            return Err(Error::Said {
                text: [b"ERR Unknown option given: ", &option[..]].concat(),
                is_counted: false,
            });
        }
        replaces = true;
    }
    let code = args.take()?;
    let name = context.around.scripts.libraries.load(&code, replaces)?;
    Ok(Reply::Bulk(name))
}

fn delete(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    if context.around.scripts.libraries.delete(&args.take()?) {
        Ok(Reply::OK)
    } else {
        Err(Error::Fixed("ERR Library not found"))
    }
}

/// Too many words are told with the name of the subcommand as it was written.
fn few_enough(args: &Args, most: usize) -> Result<(), Error> {
    if args.remaining() <= most {
        return Ok(());
    }
    Err(Error::SubcommandSyntax { container: "function", name: args.subcommand().to_vec() })
}

fn flush(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    few_enough(args, 1)?;
    if !args.is_empty() && !args.word("ASYNC") && !args.word("SYNC") {
        return Err(Error::Fixed("ERR FUNCTION FLUSH only supports SYNC|ASYNC option"));
    }
    context.around.scripts.libraries.flush();
    Ok(Reply::OK)
}

fn dump(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let compress = context.around.config.rdbcompression;
    Ok(Reply::Bulk(context.around.scripts.libraries.dump(compress)))
}

fn restore(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    few_enough(args, 2)?;
    let payload = args.take()?;
    let policy = match () {
        () if args.is_empty() || args.word("APPEND") => Policy::Append,
        () if args.word("FLUSH") => Policy::Flush,
        () if args.word("REPLACE") => Policy::Replace,
        () => {
            return Err(Error::Fixed(
                "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE.",
            ));
        }
    };
    context.around.scripts.libraries.restore(&payload, policy)?;
    Ok(Reply::OK)
}

fn list(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let (mut pattern, mut with_code) = (None, false);
    while !args.is_empty() {
        if !with_code && args.word("WITHCODE") {
            with_code = true;
        } else if pattern.is_none() && args.word("LIBRARYNAME") {
            let Ok(word) = args.take() else {
                return Err(Error::Fixed("ERR library name argument was not given"));
            };
            pattern = Some(word);
        } else {
            let text = [b"ERR Unknown argument ", &args.take()?[..]].concat();
            return Err(Error::Said { text, is_counted: false });
        }
    }
    let libraries = &context.around.scripts.libraries;
    let is_wanted = |library: &&Library| match &pattern {
        Some(pattern) => glob::matches_ignoring_case(pattern, &library.name),
        None => true,
    };
    let describe = |library: &Library| {
        let functions = libraries.functions_of(library).map(|function| {
            let flags = function.flags.words().map(Reply::status).collect();
            Reply::Map(vec![
                (Reply::bulk("name"), Reply::bulk(function.name.as_slice())),
                (Reply::bulk("description"), Reply::bulk_or_nil(function.description.clone())),
                (Reply::bulk("flags"), Reply::Set(flags)),
            ])
        });
        let mut fields = vec![
            (Reply::bulk("library_name"), Reply::bulk(library.name.as_slice())),
            (Reply::bulk("engine"), Reply::bulk("LUA")),
            (Reply::bulk("functions"), Reply::Array(functions.collect())),
        ];
        if with_code {
            fields.push((Reply::bulk("library_code"), Reply::bulk(library.code.as_slice())));
        }
        Reply::Map(fields)
    };
    Ok(Reply::Array(libraries.iter().filter(is_wanted).map(describe).collect()))
}

fn stats(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let now = context.now();
    let scripts = &context.around.scripts;
    let running = match &scripts.running {
        None => Reply::Nil,
        Some(running) if matches!(running.program, Program::Script(_)) => return Err(Error::BusyScript),
        Some(running) => Reply::Map(vec![
            (Reply::bulk("name"), Reply::bulk(running.program.name())),
            (
                Reply::bulk("command"),
                Reply::Array(running.line().iter().map(|word| Reply::bulk(word.as_slice())).collect()),
            ),
            (Reply::bulk("duration_ms"), Reply::Integer((now - running.began) as i64)),
        ]),
    };
    let counts = Reply::Map(vec![
        (Reply::bulk("libraries_count"), Reply::count(scripts.libraries.len())),
        (Reply::bulk("functions_count"), Reply::count(scripts.libraries.functions())),
    ]);
    let engines = Reply::Map(vec![(Reply::bulk("LUA"), counts)]);
    Ok(Reply::Map(vec![(Reply::bulk("running_script"), running), (Reply::bulk("engines"), engines)]))
}
