//! What an error calls the value it complains of: the variable that it was read from, found in the instructions.
//!
//! The instructions before the one that failed are followed, jumps over them included, to the last that set the register.

use crate::op::Op;
use crate::proto::Proto;
use crate::thread::{Body, Frame};
use crate::value::{Str, Value};
use crate::vm::Vm;

/// A kind of variable and its name.
pub(crate) type Name = (&'static str, Option<Str>);

/// The variable that a register holds at an instruction, where it is one.
pub(crate) fn variable(proto: &Proto, at: usize, register: u8) -> Option<Name> {
    if let Some(name) = proto.local_name(usize::from(register) + 1, at) {
        return Some(("local", Some(name)));
    }
    let text = |value: Option<Value>| match value {
        Some(Value::Str(name)) => Some(name),
        _ => None,
    };
    let setter = last_setter(proto, at, register)?;
    match proto.code[setter] {
        Op::GetGlobal { name, .. } => Some(("global", text(proto.constants.get(name as usize).copied()))),
        Op::Move { a, b } if b < a => variable(proto, setter, b),
        Op::GetTable { key, .. } => Some(("field", text(proto.constant(key)))),
        Op::GetUpvalue { upvalue, .. } => {
            Some(("upvalue", proto.upvalue_names.get(usize::from(upvalue)).copied()))
        }
        Op::Method { name, .. } => Some(("method", text(proto.constant(name)))),
        _ => None,
    }
}

/// The last instruction before `end` that sets the register on the way there.
fn last_setter(proto: &Proto, end: usize, register: u8) -> Option<usize> {
    let mut found = None;
    let mut at = 0;
    while at < end {
        let mut next = at + 1;
        let sets = match proto.code[at] {
            Op::LoadNil { a, last } => (a..=last).contains(&register),
            Op::Method { a, .. } => register == a || register == a.wrapping_add(1),
            Op::Call { a, .. } | Op::TailCall { a, .. } => register >= a,
            Op::IteratorCall { a, .. } => register >= a.saturating_add(2),
            Op::Jump { by } => {
                next = jump_over(at, by, end);
                false
            }
            Op::ForLoop { a, by } | Op::ForPrepare { a, by } => {
                next = jump_over(at, by, end);
                register == a
            }
            op => target(op) == Some(register),
        };
        if sets {
            found = Some(at);
        }
        at = next;
    }
    found
}

/// A jump ahead is followed where it does not lead past the end.
fn jump_over(at: usize, by: i32, end: usize) -> usize {
    let to = (at as i64 + 1 + i64::from(by)) as usize;
    if to > at && to <= end { to } else { at + 1 }
}

fn target(op: Op) -> Option<u8> {
    match op {
        Op::Move { a, .. }
        | Op::LoadConstant { a, .. }
        | Op::LoadBool { a, .. }
        | Op::GetUpvalue { a, .. }
        | Op::GetGlobal { a, .. }
        | Op::GetTable { a, .. }
        | Op::NewTable { a, .. }
        | Op::Add { a, .. }
        | Op::Subtract { a, .. }
        | Op::Multiply { a, .. }
        | Op::Divide { a, .. }
        | Op::Modulo { a, .. }
        | Op::Power { a, .. }
        | Op::Negate { a, .. }
        | Op::Not { a, .. }
        | Op::Length { a, .. }
        | Op::Concat { a, .. }
        | Op::Test { a, .. }
        | Op::TestSet { a, .. }
        | Op::Closure { a, .. }
        | Op::Vararg { a, .. } => Some(a),
        _ => None,
    }
}

impl Vm {
    /// What the function of a call is called by its caller.
    pub(crate) fn function_name(&self, at: usize) -> Option<Name> {
        let frame = &self.thread.frames[at];
        if matches!(frame.body, Body::Lua { .. }) && frame.tail_calls > 0 {
            return None;
        }
        let caller = self.thread.frames.get(at.checked_sub(1)?)?;
        let Frame { body: Body::Lua { proto, .. }, at: next, .. } = caller else { return None };
        let current = next.checked_sub(1)?;
        match proto.code[current] {
            Op::Call { a, .. } | Op::TailCall { a, .. } | Op::IteratorCall { a, .. } => {
                variable(proto, current, a)
            }
            _ => None,
        }
    }
}
