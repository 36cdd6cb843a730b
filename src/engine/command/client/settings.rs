//! What a connection says of itself and how it wants to be treated.

use super::super::connection::client_name;
use super::{ADMIN, COMMON, on_or_off};
use crate::args::Args;
use crate::command::help;
use crate::command::spec::{CommandResult, CommandSpec, Flags};
use crate::dispatch::Context;
use crate::error::Error;
use crate::reply::Reply;
use crate::session::Hearing;

const EVERYWHERE: &[&str] = &["request_policy:all_nodes", "response_policy:all_succeeded"];

pub const SPECS: &[CommandSpec] = &[
    CommandSpec {
        name: "client|getname",
        since: "2.6.9",
        summary: "Shows the name that this connection has given itself.",
        example: "> CLIENT GETNAME\n(nil)\n> CLIENT SETNAME shop\nOK\n> CLIENT GETNAME\n\"shop\"",
        run: Some(getname),
        ..COMMON
    },
    CommandSpec {
        name: "client|help",
        since: "5.0.0",
        flags: Flags::LOADING.union(Flags::STALE),
        summary: "Lists the subcommands of CLIENT.",
        run: Some(help::subcommands),
        ..COMMON
    },
    CommandSpec {
        name: "client|id",
        since: "5.0.0",
        summary: "Shows the number of this connection; later ones have higher numbers.",
        example: "> CLIENT ID\n(integer) 1",
        run: Some(id),
        ..COMMON
    },
    CommandSpec {
        name: "client|no-evict",
        since: "7.0.0",
        arity: 3,
        summary: "Keeps this connection from being closed to free memory, or no more.",
        syntax: "enabled(on=ON | off=OFF)",
        example: "> CLIENT NO-EVICT ON\nOK",
        run: Some(no_evict),
        ..ADMIN
    },
    CommandSpec {
        name: "client|no-touch",
        since: "7.2.0",
        arity: 3,
        summary: "Keeps this connection's commands from counting as uses of keys, or no more.",
        syntax: "enabled(on=ON | off=OFF)",
        example: "> CLIENT NO-TOUCH ON\nOK",
        run: Some(no_touch),
        ..COMMON
    },
    CommandSpec {
        name: "client|reply",
        since: "3.2.0",
        arity: 3,
        summary: "Chooses whether this connection gets replies: always, never, or not to the next command.",
        syntax: "action(on=ON | off=OFF | skip=SKIP)",
        example: "> CLIENT REPLY ON\nOK",
        run: Some(reply),
        ..COMMON
    },
    CommandSpec {
        name: "client|setinfo",
        since: "7.2.0",
        arity: 4,
        tips: EVERYWHERE,
        summary: "Notes the name or version of the library that the client is made with.",
        syntax: "attr(libname:string=LIB-NAME | libver:string=LIB-VER)",
        example: "> CLIENT SETINFO LIB-NAME my-client\nOK",
        run: Some(setinfo),
        ..COMMON
    },
    CommandSpec {
        name: "client|setname",
        since: "2.6.9",
        arity: 3,
        tips: EVERYWHERE,
        summary: "Gives this connection a name, which CLIENT LIST shows; an empty one takes it away.",
        syntax: "connection-name",
        example: "> CLIENT SETNAME \"two words\"\n\
            (error) ERR Client names cannot contain spaces, newlines or special characters.",
        run: Some(setname),
        ..COMMON
    },
];

fn getname(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    let name = &context.session.name;
    Ok(if name.is_empty() { Reply::Nil } else { Reply::bulk(name.clone()) })
}

fn setname(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    context.session.name = client_name(args.take()?)?;
    Ok(Reply::OK)
}

fn id(context: &mut Context<'_>, _: &mut Args) -> CommandResult {
    Ok(Reply::Integer(context.session.id.shown()))
}

fn no_evict(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    context.session.no_evict = on_or_off(args)?;
    Ok(Reply::OK)
}

fn no_touch(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    context.session.no_touch = on_or_off(args)?;
    Ok(Reply::OK)
}

fn reply(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let hearing = &mut context.session.hearing;
    match () {
        () if args.word("ON") => {
            *hearing = Hearing::All;
            return Ok(Reply::OK);
        }
        () if args.word("OFF") => *hearing = Hearing::Nothing,
        () if args.word("SKIP") => {
            if *hearing != Hearing::Nothing {
                *hearing = Hearing::AllButNext;
            }
        }
        () => return Err(Error::Syntax),
    }
    Ok(Reply::NOTHING)
}

fn setinfo(context: &mut Context<'_>, args: &mut Args) -> CommandResult {
    let option = args.take()?;
    let [name, version] = &mut context.session.library;
    let attribute = match () {
        () if option.eq_ignore_ascii_case(b"LIB-NAME") => name,
        () if option.eq_ignore_ascii_case(b"LIB-VER") => version,
        () => return Err(Error::UnrecognizedOption { option }),
    };
    let value = args.take()?;
    if !value.iter().all(u8::is_ascii_graphic) {
        return Err(Error::ClientAttribute { name: option });
    }
    *attribute = value;
    Ok(Reply::OK)
}
