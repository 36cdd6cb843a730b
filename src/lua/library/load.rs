//! `load` and `loadstring`: source text becomes a function while a program runs.

use std::ops::Range;

use crate::ctx::Ctx;
use crate::number;
use crate::thread::Continue;
use crate::value::Value;
use crate::vm::{Flow, Raise};

type Result<T> = std::result::Result<T, Raise>;

/// The chunk that was compiled, or nil and why not.
fn loaded(ctx: &mut Ctx<'_>, source: &[u8], name: &[u8]) -> Result<Flow> {
    ctx.charge(source.len());
    match ctx.vm.load_here(source, name) {
        Ok(function) => {
            ctx.push(function);
            Ok(Flow::Return(1))
        }
        Err(error) => {
            ctx.push(Value::Nil);
            ctx.push_str(&error.0);
            Ok(Flow::Return(2))
        }
    }
}

pub(super) fn loadstring(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let source = ctx.bytes(1)?.to_vec();
    let name = if ctx.arg(2).is_nil() { source.clone() } else { ctx.bytes(2)?.to_vec() };
    loaded(ctx, &source, &name)
}

/// `load`: gathers what a function gives until it gives nothing more.
#[derive(Clone, Debug, Default)]
struct Gather {
    source: Vec<u8>,
}

pub(super) fn load(ctx: &mut Ctx<'_>) -> Result<Flow> {
    let reader = ctx.function(1)?;
    if !ctx.arg(2).is_nil() {
        ctx.string(2)?;
    }
    read_on(ctx, reader, Box::default())
}

/// Calls the reader. An error in it is an answer, as any that comes while source is read.
fn read_on(ctx: &mut Ctx<'_>, reader: Value, gathered: Box<Gather>) -> Result<Flow> {
    ctx.push(ctx.upvalue(0));
    ctx.push(reader);
    Ok(Flow::Call { arguments: 1, then: gathered })
}

fn failed(ctx: &mut Ctx<'_>, error: Value) -> Result<Flow> {
    // In C nothing has caught it yet when its host sees it.
    let error = ctx.vm.seen_by_host(error);
    ctx.push(Value::Nil);
    ctx.push(error);
    Ok(Flow::Return(2))
}

impl Continue for Gather {
    fn resume(mut self: Box<Self>, ctx: &mut Ctx<'_>, results: Range<usize>) -> Result<Flow> {
        let [is_good, piece] =
            [0, 1].map(|at| if at < results.len() { ctx.slot(results.start + at) } else { Value::Nil });
        ctx.clear();
        if !is_good.is_true() {
            return failed(ctx, piece);
        }
        let text = match piece {
            Value::Str(text) => ctx.str(text).to_vec(),
            Value::Number(value) => number::print(value),
            Value::Nil => Vec::new(),
            _ => {
                let error = ctx.vm.error_in_caller("reader function must return a string");
                return match error {
                    Raise::Error(error) => failed(ctx, error),
                    abort => Err(abort),
                };
            }
        };
        if text.is_empty() {
            let name = if ctx.arg(2).is_nil() { b"=(load)".to_vec() } else { ctx.bytes(2)?.to_vec() };
            return loaded(ctx, &self.source, &name);
        }
        ctx.make_room(self.source.len() + text.len())?;
        self.source.extend_from_slice(&text);
        let reader = ctx.arg(1);
        read_on(ctx, reader, self)
    }

    fn clone_box(&self) -> Box<dyn Continue> {
        Box::new(self.clone())
    }
}
