//! What a script asks the server for: a command of its own, mostly, which passes gates of its own.
//!
//! It knows no command by name.

use playground_lua::{Value, Vm};

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
    let vm = &running.machine.vm;
    let result = match ask {
        Ask::Call | Ask::Pcall => words(vm, arguments).map(|argv| command(context, running, argv)),
        Ask::SetResp => protocol(vm, arguments).map(|protocol| {
            context.session.protocol = protocol;
            Ok(None)
        }),
        Ask::AclCheck => words(vm, arguments).and_then(|argv| acl_check(context, &argv)),
        Ask::Register => Err("redis.register_function can only be called on FUNCTION LOAD command"),
    };
    let result =
        result.unwrap_or_else(|message| Err(redis_error(running.machine.vm.heap(), message.as_bytes())));
    let vm = &mut running.machine.vm;
    match (result, ask) {
        (Ok(Some(value)), _) => vm.answer(&[value]),
        (Ok(None), _) => vm.answer(&[]),
        (Err(error), Ask::Pcall) => vm.answer(&[error]),
        (Err(error), _) => vm.fail(error),
    }
}

/// One value or none, or an error.
type Answer = Result<Option<Value>, Value>;
/// Why something that is asked for is not even tried.
type Refusal = &'static str;

/// The words of a command line that a script has put together.
fn words(vm: &Vm, arguments: &[Value]) -> Result<Vec<Vec<u8>>, Refusal> {
    if arguments.is_empty() {
        return Err("Please specify at least one argument for this redis lib call");
    }
    let mut words = Vec::with_capacity(arguments.len());
    for argument in arguments {
        words.push(match *argument {
            Value::Str(text) => vm.str(text).to_vec(),
            Value::Number(number) => number_word(number),
            _ => return Err("Lua redis lib command arguments must be strings or integers"),
        });
    }
    Ok(words)
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

/// The protocol that a script chooses.
fn protocol(vm: &Vm, arguments: &[Value]) -> Result<Protocol, Refusal> {
    let [version] = arguments else { return Err("redis.setresp() requires one argument.") };
    let version = match *version {
        Value::Number(number) => number,
        Value::Str(text) => playground_lua::number::parse(vm.str(text)).unwrap_or_default(),
        _ => 0.0,
    };
    match playground_lua::to_integer(version) {
        2 => Ok(Protocol::Resp2),
        3 => Ok(Protocol::Resp3),
        _ => Err("RESP version must be 2 or 3."),
    }
}

fn acl_check(context: &mut Context<'_>, argv: &[Vec<u8>]) -> Result<Answer, Refusal> {
    match dispatch::resolve(argv) {
        Ok(found) => Ok(Ok(Some(Value::Bool(guard::would_permit(context, found.spec, argv))))),
        Err(Error::WrongArity { .. }) => Err("Wrong number of args for redis.acl_check_cmd()"),
        Err(_) => Err("Invalid command passed to redis.acl_check_cmd()"),
    }
}

/// Runs a command for a script.
fn command(context: &mut Context<'_>, running: &mut Running, argv: Vec<Vec<u8>>) -> Answer {
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
