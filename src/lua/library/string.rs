//! `string`: what is done with bytes, and the methods of strings.
//!
//! Finding and replacing are here and in `gsub`, how a pattern matches is in `pattern`, `format` has a file of its own.
//! Letters are those of the C locale.

use std::ops::Range;

use crate::ctx::Ctx;
use crate::table::Table;
use crate::value::{Str, Value};
use crate::vm::{Flow, Raise, Vm};

use super::buffer::{Buffer, make_room};
use super::format::format;
use super::gsub::gsub;
use super::library;
use super::pattern::{Fault, Found, Matcher, Text, is_plain, search};

type Result<T> = std::result::Result<T, Raise>;

/// How many values a native function of 5.1 may have on its stack.
const STACK: usize = 8_000;

pub(super) fn open(vm: &mut Vm) {
    let table = library(
        vm,
        "string",
        &[
            ("byte", byte),
            ("char", char_of),
            ("dump", dump),
            ("find", |ctx| find(ctx, true)),
            ("format", format),
            ("gsub", gsub),
            ("len", len),
            ("lower", |ctx| mapped(ctx, <[u8]>::make_ascii_lowercase)),
            ("match", |ctx| find(ctx, false)),
            ("rep", rep),
            ("reverse", |ctx| mapped(ctx, <[u8]>::reverse)),
            ("sub", sub),
            ("upper", |ctx| mapped(ctx, <[u8]>::make_ascii_uppercase)),
        ],
    );
    // The older name is the same function.
    let gmatch = vm.native(gmatch, &[]);
    vm.heap.set_field(table, "gmatch", gmatch);
    vm.heap.set_field(table, "gfind", gmatch);
    let metatable = vm.heap.table(Table::default());
    vm.heap.set_field(metatable, "__index", Value::Table(table));
    vm.heap.string_metatable = Some(metatable);
}

/// A place as scripts give it, from the end where it is negative; 0 where it is before the beginning.
fn place(given: i64, length: usize) -> i64 {
    let place = if given < 0 { given.saturating_add(length as i64 + 1) } else { given };
    place.max(0)
}

/// The bytes from a first to a last place, as far as they are there.
fn between(first: i64, last: i64, length: usize) -> Range<usize> {
    let (first, last) = (first.max(1) as usize, (last.max(0) as usize).min(length));
    if first <= last { first - 1..last } else { 0..0 }
}

fn byte(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let string = ctx.string(1)?;
    let length = ctx.str(string).len();
    let first = place(ctx.optional_integer(2, 1)?, length);
    let last = place(ctx.optional_integer(3, first)?, length);
    let range = between(first, last, length);
    let count = range.len();
    if count + ctx.count() > STACK {
        return Err(ctx.error("stack overflow (string slice too long)"));
    }
    ctx.charge(count / 8);
    for at in range {
        let value = ctx.str(string).get(at).copied().unwrap_or(0);
        ctx.push(Value::Number(f64::from(value)));
    }
    Ok(Flow::Return(count))
}

fn char_of(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let mut bytes = Vec::with_capacity(ctx.count());
    for number in 1..=ctx.count() {
        match u8::try_from(ctx.int(number)?) {
            Ok(byte) => bytes.push(byte),
            Err(_) => return Err(ctx.arg_error(number, "invalid value")),
        }
    }
    ctx.charge(bytes.len() / 8);
    ctx.push_str(&bytes);
    Ok(Flow::Return(1))
}

/// There is no bytecode that could be given away.
fn dump(ctx: &mut Ctx<'_>) -> Result<Flow> {
    ctx.function(1)?;
    Err(ctx.error("unable to dump given function"))
}

fn len(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let length = ctx.bytes(1)?.len();
    ctx.push(Value::Number(length as f64));
    Ok(Flow::Return(1))
}

/// A string of the same length.
fn mapped(ctx: &mut Ctx<'_>, change: fn(&mut [u8])) -> Result<Flow> {
    let string = ctx.string(1)?;
    push_changed(ctx, string, 0..ctx.str(string).len(), change)?;
    Ok(Flow::Return(1))
}

fn rep(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let string = ctx.string(1)?;
    let times = usize::try_from(ctx.int(2)?).unwrap_or(0);
    let length = ctx.str(string).len().saturating_mul(times);
    make_room(ctx, length)?;
    // Of nothing there is nothing to repeat.
    let bytes = if length == 0 { Vec::new() } else { ctx.str(string).repeat(times) };
    let string = ctx.heap().string_owned(bytes);
    ctx.push(Value::Str(string));
    Ok(Flow::Return(1))
}

fn sub(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let string = ctx.string(1)?;
    let length = ctx.str(string).len();
    let first = place(ctx.integer(2)?, length);
    let last = place(ctx.optional_integer(3, -1)?, length);
    push_piece(ctx, string, between(first, last, length))?;
    Ok(Flow::Return(1))
}

fn push_piece(ctx: &mut Ctx<'_>, string: Str, range: Range<usize>) -> Result<()> {
    push_changed(ctx, string, range, |_| {})
}

fn push_changed(ctx: &mut Ctx<'_>, string: Str, range: Range<usize>, change: fn(&mut [u8])) -> Result<()> {
    make_room(ctx, range.len())?;
    let mut bytes = ctx.str(string).get(range).unwrap_or_default().to_vec();
    change(&mut bytes);
    let string = ctx.heap().string_owned(bytes);
    ctx.push(Value::Str(string));
    Ok(())
}

/// A matcher with the limits of the host.
pub(super) fn matcher(ctx: &mut Ctx<'_>) -> Matcher {
    let room = ctx.vm.limits.memory.saturating_sub(ctx.heap().bytes());
    Matcher::new(ctx.vm.limits.pattern_steps, room)
}

/// What is wrong with a pattern, as an error of the function that was given it.
pub(super) fn raise(ctx: &mut Ctx<'_>, fault: Fault) -> Raise {
    match fault {
        Fault::Malformed(message) => ctx.error(message),
        Fault::Abort(abort) => Raise::Abort(abort),
    }
}

/// Pushes a capture of the last match, counted from 0.
pub(super) fn push_capture(
    ctx: &mut Ctx<'_>,
    matcher: &Matcher,
    subject: Str,
    number: usize,
    whole: &Range<usize>,
) -> Result<()> {
    match matcher.capture(number, whole) {
        Ok(Found::Piece(range)) => push_piece(ctx, subject, range),
        Ok(Found::Position(position)) => {
            ctx.push(Value::Number(position as f64));
            Ok(())
        }
        Err(fault) => Err(raise(ctx, fault)),
    }
}

/// Pushes all captures of the last match; where it has none, the whole of it. Gives how many.
pub(super) fn push_captures(
    ctx: &mut Ctx<'_>,
    matcher: &Matcher,
    subject: Str,
    whole: &Range<usize>,
) -> Result<usize> {
    let count = matcher.captures().max(1);
    for number in 0..count {
        push_capture(ctx, matcher, subject, number, whole)?;
    }
    Ok(count)
}

/// `find` and `match`: the first tells where, the second what.
fn find(ctx: &mut Ctx<'_>, is_find: bool) -> Result<Flow> {
    let (subject, pattern) = (ctx.string(1)?, ctx.string(2)?);
    let length = ctx.str(subject).len();
    let start = place(ctx.optional_integer(3, 1)?, length) - 1;
    let start = (start.max(0) as usize).min(length);
    let mut matcher = matcher(ctx);
    let text = Text { subject: ctx.str(subject), pattern: ctx.str(pattern) };
    let found;
    if is_find && (ctx.arg(4).is_true() || is_plain(text.pattern)) {
        let needed = text.pattern.len();
        let (place, steps) = search(text, start, ctx.vm.limits.pattern_steps);
        found = place.map(|place| place.map(|place| place..place + needed));
        ctx.charge(steps as usize);
    } else {
        found = matcher.find(text, start);
        ctx.charge(matcher.steps as usize);
    }
    let whole = match found {
        Ok(Some(whole)) => whole,
        Ok(None) => {
            ctx.push(Value::Nil);
            return Ok(Flow::Return(1));
        }
        Err(fault) => return Err(raise(ctx, fault)),
    };
    if !is_find {
        return Ok(Flow::Return(push_captures(ctx, &matcher, subject, &whole)?));
    }
    ctx.push(Value::Number((whole.start + 1) as f64));
    ctx.push(Value::Number(whole.end as f64));
    for number in 0..matcher.captures() {
        push_capture(ctx, &matcher, subject, number, &whole)?;
    }
    Ok(Flow::Return(2 + matcher.captures()))
}

fn gmatch(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let (subject, pattern) = (ctx.string(1)?, ctx.string(2)?);
    let next = ctx.vm.native(gmatch_step, &[Value::Str(subject), Value::Str(pattern), Value::Number(0.0)]);
    ctx.push(next);
    Ok(Flow::Return(1))
}

/// The function that `gmatch` returns: its values are the subject, the pattern and where to go on.
fn gmatch_step(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let (Value::Str(subject), Value::Str(pattern), Value::Number(from)) =
        (ctx.upvalue(0), ctx.upvalue(1), ctx.upvalue(2))
    else {
        return Ok(Flow::Return(0));
    };
    let mut matcher = matcher(ctx);
    let text = Text { subject: ctx.str(subject), pattern: ctx.str(pattern) };
    let found = matcher.find_unanchored(text, from as usize);
    ctx.charge(matcher.steps as usize);
    match found {
        Ok(Some(whole)) => {
            // A match of nothing takes one byte along, or it would be found again.
            let next = whole.end + usize::from(whole.is_empty());
            ctx.set_upvalue(2, Value::Number(next as f64));
            Ok(Flow::Return(push_captures(ctx, &matcher, subject, &whole)?))
        }
        Ok(None) => Ok(Flow::Return(0)),
        Err(fault) => Err(raise(ctx, fault)),
    }
}

/// Adds a capture of the last match to a text.
pub(super) fn add_capture(
    ctx: &mut Ctx<'_>,
    matcher: &Matcher,
    subject: Str,
    number: usize,
    whole: &Range<usize>,
    to: &mut Buffer,
) -> Result<()> {
    match matcher.capture(number, whole) {
        Ok(Found::Piece(range)) => to.add(ctx.str(subject).get(range).unwrap_or_default()),
        Ok(Found::Position(position)) => to.add(&crate::number::print(position as f64)),
        Err(fault) => Err(raise(ctx, fault)),
    }
}
