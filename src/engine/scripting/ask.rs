//! What a script asks the server for: a command of its own, mostly, which passes gates of its own.
//!
//! It knows no command by name.

use playground_lua::Value;

use super::api::redis_error;
use super::convert;
use super::machine::Ask;
use super::run::{MOST_SENT, Running, Sent};
use crate::command::Flags;
use crate::dispatch::{self, Context, Resolved};
use crate::error::Error;
use crate::guard;
use crate::measure;
use crate::number::double;
use crate::session::{Protocol, Request};

/// Does what a script asks for, and answers.
pub(super) fn answer(context: &mut Context<'_>, running: &mut Running) {
    let Some((ask, arguments)) = running.machine.request() else {
        running.machine.vm.answer(&[]);
        return;
    };
    let result = match ask {
        Ask::Call | Ask::Pcall => command(context, running, &arguments),
        Ask::SetResp => set_protocol(context, running, &arguments),
        Ask::AclCheck => acl_check(context, running, &arguments),
        Ask::Register => {
            refuse(running, b"redis.register_function can only be called on FUNCTION LOAD command")
        }
    };
    let vm = &mut running.machine.vm;
    match (result, ask) {
        (Ok(Some(value)), _) => vm.answer(&[value]),
        (Ok(None), _) => vm.answer(&[]),
        (Err(error), Ask::Pcall) => vm.answer(&[error]),
        (Err(error), _) => vm.fail(error),
    }
}

const NO_ARGUMENT: &[u8] = b"Please specify at least one argument for this redis lib call";
const NO_WORD: &[u8] = b"Lua redis lib command arguments must be strings or integers";

/// One value or none, or an error.
type Answer = Result<Option<Value>, Value>;

fn refuse(running: &mut Running, message: &[u8]) -> Answer {
    Err(redis_error(running.machine.vm.heap(), message))
}

/// The words of a command line that a script has put together.
fn words(running: &mut Running, arguments: &[Value]) -> Option<Vec<Vec<u8>>> {
    let heap = running.machine.vm.heap();
    let word = |value: &Value| match *value {
        Value::Str(text) => Some(heap.str(text).to_vec()),
        Value::Number(number) => Some(number_word(number)),
        _ => None,
    };
    arguments.iter().map(word).collect()
}

/// A number as a command gets it.
fn number_word(number: f64) -> Vec<u8> {
    if let Some(whole) = double::as_integer(number) {
        return whole.to_string().into_bytes();
    }
    // C tells the sign of what is no number.
    let sign = if number.is_nan() && number.is_sign_negative() { "-" } else { "" };
    format!("{sign}{}", double::shortest(number)).into_bytes()
}

fn set_protocol(context: &mut Context<'_>, running: &mut Running, arguments: &[Value]) -> Answer {
    let [version] = arguments else { return refuse(running, b"redis.setresp() requires one argument.") };
    let version = match *version {
        Value::Number(number) => number,
        Value::Str(text) => {
            playground_lua::number::parse(running.machine.vm.heap().str(text)).unwrap_or_default()
        }
        _ => 0.0,
    };
    context.session.protocol = match playground_lua::to_integer(version) {
        2 => Protocol::Resp2,
        3 => Protocol::Resp3,
        _ => return refuse(running, b"RESP version must be 2 or 3."),
    };
    Ok(None)
}

fn acl_check(context: &mut Context<'_>, running: &mut Running, arguments: &[Value]) -> Answer {
    if arguments.is_empty() {
        return refuse(running, NO_ARGUMENT);
    }
    let Some(argv) = words(running, arguments) else {
        return refuse(running, NO_WORD);
    };
    match dispatch::resolve(&argv) {
        Ok(found) => Ok(Some(Value::Bool(guard::would_permit(context, found.spec, &argv)))),
        Err(Error::WrongArity { .. }) => refuse(running, b"Wrong number of args for redis.acl_check_cmd()"),
        Err(_) => refuse(running, b"Invalid command passed to redis.acl_check_cmd()"),
    }
}

/// Runs a command for a script.
fn command(context: &mut Context<'_>, running: &mut Running, arguments: &[Value]) -> Answer {
    if arguments.is_empty() {
        return refuse(running, NO_ARGUMENT);
    }
    let Some(argv) = words(running, arguments) else {
        return refuse(running, NO_WORD);
    };
    let noted = running.sent.is_some().then(|| (argv.clone(), count_events(context)));
    let reply = match admit(context, running, &argv) {
        Ok(Resolved { spec, first_arg }) => {
            running.has_written |= spec.flags.contains(Flags::WRITE);
            dispatch::call(context, Request { argv, spec, first_arg })
        }
        Err(error) => {
            measure::refused(context.around, &argv, &error);
            error.into()
        }
    };
    if let Some((argv, events)) = noted {
        let all = context.around.events.as_deref().unwrap_or_default();
        let events = all.get(events..).unwrap_or_default().to_vec();
        let sent = Sent { line: running.at_line(), argv, reply: reply.clone(), events };
        let all = running.sent.get_or_insert_default();
        if all.len() == MOST_SENT {
            all.pop_front();
        }
        all.push_back(sent);
    }
    let is_error = reply.is_error();
    let value = convert::to_lua(running.machine.vm.heap(), &reply, context.session.protocol);
    if is_error { Err(value) } else { Ok(Some(value)) }
}

fn count_events(context: &Context<'_>) -> usize {
    context.around.events.as_ref().map_or(0, Vec::len)
}

/// The gates for commands of scripts.
fn admit(context: &mut Context<'_>, running: &Running, argv: &[Vec<u8>]) -> Result<Resolved, Error> {
    let found = dispatch::resolve(argv).map_err(|error| match error {
        Error::UnknownCommand { .. } | Error::UnknownSubcommand { .. } => {
            Error::Fixed("ERR Unknown Redis command called from script")
        }
        Error::WrongArity { .. } => {
            Error::Fixed("ERR Wrong number of args calling Redis command from script")
        }
        other => other,
    })?;
    let spec = found.spec;
    if spec.flags.contains(Flags::NOSCRIPT) {
        return Err(Error::Fixed("ERR This Redis command is not allowed from script"));
    }
    guard::permitted(context, spec, argv).map_err(|error| {
        let message = error.message();
        let reason = message.strip_prefix(b"NOPERM ").unwrap_or(&message);
        Error::Said { text: [b"ERR ACL failure in script: ", reason].concat(), is_counted: false }
    })?;
    if running.is_read_only && dispatch::may_write(spec) {
        return Err(Error::Fixed("ERR Write commands are not allowed from read-only scripts."));
    }
    if context.around.config.lacks_replicas() && spec.flags.contains(Flags::WRITE) {
        return Err(Error::NoReplicas);
    }
    let is_full = context.around.scripts.out_of_memory && context.around.config.maxmemory > 0;
    if is_full && !running.allows_oom && !running.has_written && spec.flags.contains(Flags::DENYOOM) {
        return Err(Error::OutOfMemory);
    }
    Ok(found)
}
