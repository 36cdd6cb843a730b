//! A function while its instructions are written: registers, constants, jumps.
//!
//! It knows nothing of tokens.

use crate::lexer::SyntaxError;
use crate::op::{FIRST_CONSTANT, Op, Rk};
use crate::proto::Proto;
use crate::table::Table;
use crate::value::Value;

use super::scope::Block;
use super::{Parser, Result};

/// How many registers a function has at most.
const REGISTERS: usize = 250;
/// How many constants an operand can name.
const CONSTANT_OPERANDS: usize = 256;
const CONSTANTS: usize = 1 << 18;
/// How far a jump leads at most.
const JUMP: i64 = (1 << 17) - 1;

/// A function that is being compiled.
#[derive(Debug)]
pub(super) struct Function {
    pub proto: Proto,
    /// The constant of each value, by number. Both zeros are one, as in 5.1.
    constants: Table,
    nil_constant: Option<u32>,
    pub free: usize,
    /// The local variables that live, by register: which of the function's all it is.
    pub active: Vec<usize>,
    pub blocks: Vec<Block>,
    /// No instruction before this one may be changed by the next: something jumps there.
    pub label: usize,
}

impl Function {
    pub fn new(line: u32) -> Self {
        Self {
            proto: Proto { line, registers: 2, ..Proto::default() },
            constants: Table::default(),
            nil_constant: None,
            free: 0,
            active: Vec::new(),
            blocks: Vec::new(),
            label: 0,
        }
    }
}

/// Jumps whose target is still open, by their place.
pub(super) type Jumps = Vec<usize>;

impl Parser<'_> {
    pub(super) fn function(&mut self) -> &mut Function {
        let last = self.functions.len() - 1;
        &mut self.functions[last]
    }

    pub(super) fn at(&mut self) -> usize {
        self.function().proto.code.len()
    }

    pub(super) fn op(&mut self, at: usize) -> &mut Op {
        &mut self.function().proto.code[at]
    }

    /// Writes an instruction, at the line of the last token; gives its place.
    pub(super) fn emit(&mut self, op: Op) -> usize {
        let line = self.last_line;
        let function = self.function();
        function.proto.code.push(op);
        function.proto.lines.push(line);
        function.proto.code.len() - 1
    }

    /// Puts the last instruction at another line.
    pub(super) fn set_line(&mut self, line: u32) {
        if let Some(last) = self.function().proto.lines.last_mut() {
            *last = line;
        }
    }

    pub(super) fn emit_nil(&mut self, from: usize, count: usize) {
        let last = (from + count - 1) as u8;
        let function = self.function();
        if function.proto.code.len() > function.label
            && let Some(Op::LoadNil { a, last: old }) = function.proto.code.last_mut()
            && usize::from(*a) <= from
            && from <= usize::from(*old) + 1
        {
            *old = (*old).max(last);
            return;
        }
        self.emit(Op::LoadNil { a: from as u8, last });
    }

    pub(super) fn emit_return(&mut self, first: usize, results: u16) {
        self.emit(Op::Return { a: first as u8, results });
    }

    /// Registers are about to be used: so many above those that are.
    pub(super) fn check_registers(&mut self, count: usize) -> Result<()> {
        let function = self.function();
        let most = function.free + count;
        if most > usize::from(function.proto.registers) {
            if most >= REGISTERS {
                return Err(self.error("function or expression too complex"));
            }
            self.function().proto.registers = most as u8;
        }
        Ok(())
    }

    pub(super) fn take_registers(&mut self, count: usize) -> Result<()> {
        self.check_registers(count)?;
        self.function().free += count;
        Ok(())
    }

    pub(super) fn free_register(&mut self, register: u8) {
        let function = self.function();
        if usize::from(register) >= function.active.len() {
            function.free -= 1;
        }
    }

    pub(super) fn free_operand(&mut self, operand: Rk) {
        if operand < FIRST_CONSTANT {
            self.free_register(operand as u8);
        }
    }

    /// The number of a constant.
    pub(super) fn constant(&mut self, value: Value) -> Result<u32> {
        let function = self.function();
        let known = match value {
            Value::Nil => function.nil_constant,
            _ => match function.constants.get(value) {
                Value::Number(index) => Some(index as u32),
                _ => None,
            },
        };
        if let Some(index) = known {
            return Ok(index);
        }
        let index = function.proto.constants.len();
        if index >= CONSTANTS {
            return Err(self.lexer.error_at("constant table overflow", None));
        }
        function.proto.constants.push(value);
        match value {
            Value::Nil => function.nil_constant = Some(index as u32),
            Value::Number(number) if number.is_nan() => {}
            _ => drop(function.constants.set(value, Value::Number(index as f64))),
        }
        Ok(index as u32)
    }

    /// A constant as an operand, where one can name it.
    pub(super) fn constant_operand(&mut self, value: Value) -> Result<Option<Rk>> {
        let index = self.constant(value)? as usize;
        Ok((index < CONSTANT_OPERANDS).then(|| FIRST_CONSTANT + index as Rk))
    }
}

/// Jumps.
impl Parser<'_> {
    /// A jump whose target is still open.
    pub(super) fn jump(&mut self) -> usize {
        self.emit(Op::Jump { by: 0 })
    }

    /// What is written next is jumped to.
    pub(super) fn here(&mut self) -> usize {
        let at = self.at();
        self.function().label = at;
        at
    }

    pub(super) fn set_target(&mut self, jump: usize, target: usize) -> Result<()> {
        let distance = target as i64 - (jump as i64 + 1);
        if distance.abs() > JUMP {
            return Err(self.error("control structure too long"));
        }
        match self.op(jump) {
            Op::Jump { by }
            | Op::ForLoop { by, .. }
            | Op::ForPrepare { by, .. }
            | Op::IteratorTest { by, .. } => {
                *by = distance as i32;
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn set_targets(&mut self, jumps: &Jumps, target: usize) -> Result<()> {
        self.set_targets_for_value(jumps, target, None, target)
    }

    pub(super) fn set_targets_here(&mut self, jumps: &Jumps) -> Result<()> {
        let here = self.here();
        self.set_targets(jumps, here)
    }

    /// The instruction that decides whether a jump is made: the one before it, where that is a test.
    pub(super) fn control(&mut self, jump: usize) -> &mut Op {
        let is_test = jump >= 1
            && matches!(
                self.op(jump - 1),
                Op::Equal { .. }
                    | Op::Less { .. }
                    | Op::LessEqual { .. }
                    | Op::Test { .. }
                    | Op::TestSet { .. }
            );
        self.op(if is_test { jump - 1 } else { jump })
    }

    /// Whether a jump leaves no value behind, so that one must be made.
    pub(super) fn needs_value(&mut self, jumps: &Jumps) -> bool {
        jumps.iter().any(|jump| !matches!(self.control(*jump), Op::TestSet { .. }))
    }

    /// Lets the test before a jump leave its value in a register, or nowhere. Tells whether it leaves one at all.
    fn set_test_register(&mut self, jump: usize, register: Option<u8>) -> bool {
        let control = self.control(jump);
        let Op::TestSet { b, expected, .. } = *control else { return false };
        *control = match register {
            Some(register) if register != b => Op::TestSet { a: register, b, expected },
            _ => Op::Test { a: b, expected },
        };
        true
    }

    pub(super) fn drop_values(&mut self, jumps: &Jumps) {
        for jump in jumps {
            self.set_test_register(*jump, None);
        }
    }

    /// Jumps that leave a value lead to one place, and those that leave none to another.
    pub(super) fn set_targets_for_value(
        &mut self,
        jumps: &Jumps,
        with_value: usize,
        register: Option<u8>,
        without: usize,
    ) -> Result<()> {
        for jump in jumps {
            let target = if self.set_test_register(*jump, register) { with_value } else { without };
            self.set_target(*jump, target)?;
        }
        Ok(())
    }

    /// An error of this function's.
    pub(super) fn syntax_error(&self) -> SyntaxError {
        self.error("syntax error")
    }
}
