//! The functions of `redis` that need nothing of the server, and the errors that they raise.
//!
//! It knows no machine and no command.

use sha1::{Digest as _, Sha1};

use playground_lua::{Ctx, Flow, Heap, NativeFn, Raise, Table, Value};

use super::convert::error_table;
use crate::parse::c_text;

type Result<T> = std::result::Result<T, Raise>;

pub(super) const FUNCTIONS: &[(&str, NativeFn)] = &[
    ("sha1hex", sha1hex),
    ("error_reply", |ctx| reply_table(ctx, "err")),
    ("status_reply", |ctx| reply_table(ctx, "ok")),
    ("log", log),
    ("set_repl", set_repl),
];

/// Those that functions do not have.
pub(super) const OF_SCRIPTS: &[(&str, NativeFn)] = &[
    ("replicate_commands", |ctx| {
        ctx.push(Value::Bool(true));
        Ok(Flow::Return(1))
    }),
    ("breakpoint", |ctx| {
        ctx.push(Value::Bool(false));
        Ok(Flow::Return(1))
    }),
    ("debug", |_| Ok(Flow::Return(0))),
];

pub(super) const CONSTANTS: &[(&str, f64)] = &[
    ("LOG_DEBUG", 0.0),
    ("LOG_VERBOSE", 1.0),
    ("LOG_NOTICE", 2.0),
    ("LOG_WARNING", 3.0),
    ("REPL_NONE", 0.0),
    ("REPL_AOF", 1.0),
    ("REPL_SLAVE", 2.0),
    ("REPL_REPLICA", 2.0),
    ("REPL_ALL", 3.0),
];

/// 8.0.2, a byte for each part.
pub(super) const VERSION_NUMBER: f64 = 0x0008_0002 as f64;

/// The SHA-1 of a text as Redis names scripts by it.
pub fn sha1(text: &[u8]) -> [u8; 40] {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    let mut hex = [0; 40];
    for (pair, byte) in hex.chunks_exact_mut(2).zip(Sha1::digest(text)) {
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    hex
}

fn sha1hex(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.count() != 1 {
        return raise(ctx, "wrong number of arguments");
    }
    let hex = match ctx.arg(1) {
        Value::Str(_) | Value::Number(_) => sha1(ctx.bytes(1)?),
        _ => sha1(b""),
    };
    ctx.push_str(&hex);
    Ok(Flow::Return(1))
}

/// `{err = text}` or `{ok = text}`.
fn reply_table(ctx: &mut Ctx<'_>, field: &str) -> Result<Flow> {
    let text = match ctx.arg(1) {
        Value::Str(text) if ctx.count() == 1 => ctx.str(text).to_vec(),
        _ => {
            let error = redis_error(ctx.heap(), b"wrong number or type of arguments");
            ctx.push(error);
            return Ok(Flow::Return(1));
        }
    };
    let table = if field == "err" {
        redis_error_reply(ctx.heap(), &text)
    } else {
        let heap = ctx.heap();
        let table = heap.table(Table::default());
        let text = Value::Str(heap.string(&text));
        heap.set_field(table, field, text);
        Value::Table(table)
    };
    ctx.push(table);
    Ok(Flow::Return(1))
}

/// What `redis.error_reply` makes of a text of C: its first word is the code, unless it is the only one.
fn redis_error_reply(heap: &mut Heap, text: &[u8]) -> Value {
    let text = c_text(text);
    let bare = text.strip_prefix(b"-").unwrap_or(text);
    let space = bare.iter().position(|byte| *byte == b' ');
    let (code, rest) = space.and_then(|at| bare.split_at_checked(at + 1)).unwrap_or((b"ERR ", bare));
    let start = rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
    let rest = without_line_end(rest.get(start..).unwrap_or_default());
    error_table(heap, &[code, rest].concat(), false)
}

/// There is no log to write to; what is wrong with a call is told.
pub(super) fn log(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.count() < 2 {
        return raise(ctx, "redis.log() requires two arguments or more.");
    }
    let level = match ctx.arg(1) {
        Value::Number(_) => ctx.int(1)?,
        Value::Str(_) if ctx.number(1).is_ok() => ctx.int(1)?,
        _ => return raise(ctx, "First argument must be a number (log level)."),
    };
    if !(0..=3).contains(&level) {
        return raise(ctx, "Invalid log level.");
    }
    Ok(Flow::Return(0))
}

/// There is nobody to replicate to.
fn set_repl(ctx: &mut Ctx<'_>) -> Result<Flow> {
    if ctx.count() != 1 {
        return raise(ctx, "redis.set_repl() requires one argument.");
    }
    let flags = ctx.number(1).map_or(0, playground_lua::to_integer);
    if flags & !3 != 0 {
        return raise(ctx, "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
    }
    Ok(Flow::Return(0))
}

// ---- errors ----------------------------------------------------------------------------------------------------------

/// An error that scripts get from a function of `redis`: with a code, unless it brings its own behind a hyphen.
pub fn redis_error(heap: &mut Heap, message: &[u8]) -> Value {
    let text = match message.strip_prefix(b"-") {
        Some(rest) if rest.contains(&b' ') => rest.to_vec(),
        Some(rest) => [b"ERR ", rest].concat(),
        None => [b"ERR ", message].concat(),
    };
    error_table(heap, without_line_end(&text), false)
}

fn without_line_end(text: &[u8]) -> &[u8] {
    let last = text.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
    text.get(..last.map_or(0, |last| last + 1)).unwrap_or_default()
}

fn raise<T>(ctx: &mut Ctx<'_>, message: &str) -> Result<T> {
    Err(Raise::Error(redis_error(ctx.heap(), message.as_bytes())))
}
