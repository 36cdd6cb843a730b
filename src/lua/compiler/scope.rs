//! Which variable a name means: a local one, one of a function around, or a global.
//!
//! It knows nothing of where values go.

use crate::op::Op;
use crate::proto::{Capture, Local};
use crate::value::Str;

use super::function::Jumps;
use super::value::{Expression, Kind};
use super::{Parser, Result};

const LOCALS: usize = 200;
const UPVALUES: usize = 60;

/// A block that is being compiled.
#[derive(Debug)]
pub(super) struct Block {
    pub breaks: Jumps,
    /// How many local variables there were before it.
    pub locals: usize,
    /// Whether a closure caught one of its variables.
    pub is_caught: bool,
    pub is_loop: bool,
}

impl Parser<'_> {
    pub(super) fn enter_block(&mut self, is_loop: bool) {
        let function = self.function();
        let locals = function.active.len();
        function.blocks.push(Block { breaks: Jumps::new(), locals, is_caught: false, is_loop });
    }

    pub(super) fn leave_block(&mut self) -> Result<()> {
        let Some(block) = self.function().blocks.pop() else { return Ok(()) };
        self.remove_locals(block.locals);
        if block.is_caught {
            self.emit(Op::Close { a: block.locals as u8 });
        }
        let function = self.function();
        function.free = function.active.len();
        self.set_targets_here(&block.breaks)
    }

    /// Notes a local variable, which lives from [`Self::add_locals`] on.
    pub(super) fn declare(&mut self, name: Str, already: usize) -> Result<()> {
        if self.function().active.len() + already + 1 > LOCALS {
            return Err(self.limit(LOCALS, "local variables"));
        }
        self.function().proto.locals.push(Local { name, start: 0, end: 0 });
        Ok(())
    }

    pub(super) fn declare_hidden(&mut self, name: &str, already: usize) -> Result<()> {
        let name = self.heap.string(name.as_bytes());
        self.declare(name, already)
    }

    /// The last so many variables that were declared live from here on.
    pub(super) fn add_locals(&mut self, count: usize) {
        self.add_locals_before(count, 0);
    }

    /// The same for those before the last few.
    pub(super) fn add_locals_before(&mut self, count: usize, later: usize) {
        let function = self.function();
        let at = function.proto.code.len();
        let all = function.proto.locals.len() - later;
        for index in all - count..all {
            function.proto.locals[index].start = at;
            function.active.push(index);
        }
    }

    pub(super) fn remove_locals(&mut self, keep: usize) {
        let function = self.function();
        let at = function.proto.code.len();
        for index in function.active.split_off(keep) {
            function.proto.locals[index].end = at;
        }
    }

    /// What a name means.
    pub(super) fn variable(&mut self, name: Str) -> Result<Expression> {
        let depth = self.functions.len() - 1;
        let kind = match self.resolve(name, depth, true)? {
            Some(kind) => kind,
            None => Kind::Global(self.constant(crate::value::Value::Str(name))?),
        };
        Ok(Expression::new(kind))
    }

    /// The variable of a name in a function or one around it; none where it is global.
    fn resolve(&mut self, name: Str, depth: usize, is_innermost: bool) -> Result<Option<Kind>> {
        let function = &mut self.functions[depth];
        let locals = &function.proto.locals;
        if let Some(register) = function.active.iter().rposition(|index| locals[*index].name == name) {
            if !is_innermost {
                let block = function.blocks.iter_mut().rev().find(|block| block.locals <= register);
                if let Some(block) = block {
                    block.is_caught = true;
                }
            }
            return Ok(Some(Kind::Local(register as u8)));
        }
        if depth == 0 {
            return Ok(None);
        }
        let capture = match self.resolve(name, depth - 1, false)? {
            None => return Ok(None),
            Some(Kind::Local(register)) => Capture::Register(register),
            Some(Kind::Upvalue(number)) => Capture::Upvalue(number),
            Some(_) => return Err(self.syntax_error()),
        };
        self.upvalue(name, depth, capture).map(|number| Some(Kind::Upvalue(number)))
    }

    fn upvalue(&mut self, name: Str, depth: usize, capture: Capture) -> Result<u8> {
        let proto = &mut self.functions[depth].proto;
        if let Some(number) = proto.captures.iter().position(|known| *known == capture) {
            return Ok(number as u8);
        }
        if proto.captures.len() >= UPVALUES {
            return Err(self.limit(UPVALUES, "upvalues"));
        }
        proto.captures.push(capture);
        proto.upvalue_names.push(name);
        Ok((proto.captures.len() - 1) as u8)
    }
}
