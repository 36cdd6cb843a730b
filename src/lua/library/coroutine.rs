//! `coroutine`: programs that take turns.

use crate::ctx::Ctx;
use crate::thread::{Status, Thread};
use crate::value::{Ref, Value};
use crate::vm::{Flow, Raise, Vm};

use super::library;

type Result<T> = std::result::Result<T, Raise>;

pub(super) fn open(vm: &mut Vm) {
    library(
        vm,
        "coroutine",
        &[
            ("create", create),
            ("resume", resume),
            ("running", running),
            ("status", status),
            ("wrap", wrap),
            ("yield", yield_values),
        ],
    );
}

fn new_thread(ctx: &mut Ctx<'_>) -> Result<Ref<Thread>> {
    let function = ctx.arg(1);
    if !matches!(function, Value::Closure(_)) {
        return Err(ctx.arg_error(1, "Lua function expected"));
    }
    let mut thread = Thread::new(ctx.vm.thread.globals);
    thread.stack.push(function);
    thread.top = 1;
    Ok(ctx.heap().thread(thread))
}

fn create(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let thread = new_thread(ctx)?;
    ctx.push(Value::Thread(thread));
    Ok(Flow::Return(1))
}

fn wrap(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let thread = new_thread(ctx)?;
    let function = ctx.vm.native(wrapped, &[Value::Thread(thread)]);
    ctx.push(function);
    Ok(Flow::Return(1))
}

fn status_of(vm: &Vm, thread: Ref<Thread>) -> Status {
    if thread == vm.current { Status::Running } else { vm.heap.threads[thread].status }
}

/// Why a coroutine cannot go on, where it cannot.
fn refusal(vm: &Vm, thread: Ref<Thread>) -> Option<&'static str> {
    match status_of(vm, thread) {
        Status::Suspended => None,
        Status::Running => Some("cannot resume running coroutine"),
        Status::Normal => Some("cannot resume normal coroutine"),
        Status::Dead => Some("cannot resume dead coroutine"),
    }
}

fn resume(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let thread = thread_argument(ctx)?;
    if let Some(refusal) = refusal(ctx.vm, thread) {
        ctx.push(Value::Bool(false));
        ctx.push_str(refusal.as_bytes());
        return Ok(Flow::Return(2));
    }
    for number in 2..=ctx.count() {
        ctx.push(ctx.arg(number));
    }
    Ok(Flow::Resume { thread, arguments: ctx.count() - 1, is_wrapped: false })
}

fn wrapped(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let Value::Thread(thread) = ctx.upvalue(0) else { return Ok(Flow::Return(0)) };
    if let Some(refusal) = refusal(ctx.vm, thread) {
        return Err(ctx.error(refusal));
    }
    for number in 1..=ctx.count() {
        ctx.push(ctx.arg(number));
    }
    Ok(Flow::Resume { thread, arguments: ctx.count(), is_wrapped: true })
}

fn yield_values(ctx: &mut Ctx<'_>) -> Result<Flow> {
    for number in 1..=ctx.count() {
        ctx.push(ctx.arg(number));
    }
    Ok(Flow::Yield(ctx.count()))
}

fn thread_argument(ctx: &mut Ctx<'_>) -> Result<Ref<Thread>> {
    match ctx.arg(1) {
        Value::Thread(thread) => Ok(thread),
        _ => Err(ctx.arg_error(1, "coroutine expected")),
    }
}

fn status(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let thread = thread_argument(ctx)?;
    let word: &[u8] = match status_of(ctx.vm, thread) {
        Status::Suspended => b"suspended",
        Status::Running => b"running",
        Status::Normal => b"normal",
        Status::Dead => b"dead",
    };
    ctx.push_str(word);
    Ok(Flow::Return(1))
}

fn running(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let value = if ctx.vm.waiting.is_empty() { Value::Nil } else { Value::Thread(ctx.vm.current) };
    ctx.push(value);
    Ok(Flow::Return(1))
}
