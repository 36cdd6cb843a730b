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
    ctx.push(reader);
    Ok(Flow::Call { arguments: 0, then: Box::new(Gather::default()) })
}

impl Continue for Gather {
    fn resume(mut self: Box<Self>, ctx: &mut Ctx<'_>, results: Range<usize>) -> Result<Flow> {
        let piece = if results.is_empty() { Value::Nil } else { ctx.slot(results.start) };
        ctx.clear();
        let text = match piece {
            Value::Str(text) => ctx.str(text).to_vec(),
            Value::Number(value) => number::print(value),
            Value::Nil => Vec::new(),
            _ => {
                // As any error while compiling, it is an answer.
                ctx.push(Value::Nil);
                ctx.push_str(b"reader function must return a string");
                return Ok(Flow::Return(2));
            }
        };
        if text.is_empty() {
            let name = if ctx.arg(2).is_nil() { b"=(load)".to_vec() } else { ctx.bytes(2)?.to_vec() };
            return loaded(ctx, &self.source, &name);
        }
        ctx.make_room(self.source.len() + text.len())?;
        self.source.extend_from_slice(&text);
        ctx.push(ctx.arg(1));
        Ok(Flow::Call { arguments: 0, then: self })
    }

    fn clone_box(&self) -> Box<dyn Continue> {
        Box::new(self.clone())
    }
}
