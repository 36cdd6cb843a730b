//! Where the value of an expression is, and how it gets where it is wanted.
//!
//! An expression that has been read is not yet in a register: a constant can be an operand, a local variable is in a
//! register already, a comparison is a jump, and an instruction whose target is open can be given any.

use crate::op::{FIRST_CONSTANT, Op, Rk};
use crate::value::Value;

use super::function::Jumps;
use super::{Parser, Result};

/// What kind of value an expression is so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// No expression at all.
    Void,
    Nil,
    True,
    False,
    Number(f64),
    Constant(u32),
    Local(u8),
    Upvalue(u8),
    Global(u32),
    Indexed {
        table: u8,
        key: Rk,
    },
    /// A comparison: the jump that is made where it holds.
    Jump(usize),
    /// An instruction whose target register is open.
    Open(usize),
    Register(u8),
    Call(usize),
    Vararg(usize),
}

/// An expression, with the jumps that leave it early because it is true, or false.
#[derive(Clone, Debug)]
pub(super) struct Expression {
    pub kind: Kind,
    pub if_true: Jumps,
    pub if_false: Jumps,
}

impl Expression {
    pub fn new(kind: Kind) -> Self {
        Self { kind, if_true: Jumps::new(), if_false: Jumps::new() }
    }

    pub fn has_jumps(&self) -> bool {
        !(self.if_true.is_empty() && self.if_false.is_empty())
    }

    /// The number that it is, where it is one by itself.
    pub fn number(&self) -> Option<f64> {
        match self.kind {
            Kind::Number(number) if !self.has_jumps() => Some(number),
            _ => None,
        }
    }

    pub fn has_many_results(&self) -> bool {
        matches!(self.kind, Kind::Call(_) | Kind::Vararg(_))
    }
}

impl Parser<'_> {
    /// Lets a call or `...` give so many results; all of them by `None`.
    pub(super) fn set_results(&mut self, expression: &Expression, count: Option<usize>) -> Result<()> {
        let packed = count.map_or(0, |count| count as u16 + 1);
        match expression.kind {
            Kind::Call(at) => {
                if let Op::Call { results, .. } = self.op(at) {
                    *results = packed;
                }
            }
            Kind::Vararg(at) => {
                let register = self.function().free as u8;
                if let Op::Vararg { a, results } = self.op(at) {
                    *results = packed;
                    *a = register;
                }
                self.take_registers(1)?;
            }
            _ => {}
        }
        Ok(())
    }

    fn set_one_result(&mut self, expression: &mut Expression) {
        match expression.kind {
            Kind::Call(at) => {
                if let Op::Call { a, .. } = *self.op(at) {
                    expression.kind = Kind::Register(a);
                }
            }
            Kind::Vararg(at) => {
                if let Op::Vararg { results, .. } = self.op(at) {
                    *results = 2;
                }
                expression.kind = Kind::Open(at);
            }
            _ => {}
        }
    }

    /// Reads a variable, so that the expression is a value.
    pub(super) fn read(&mut self, expression: &mut Expression) {
        expression.kind = match expression.kind {
            Kind::Local(register) => Kind::Register(register),
            Kind::Upvalue(upvalue) => Kind::Open(self.emit(Op::GetUpvalue { a: 0, upvalue })),
            Kind::Global(name) => Kind::Open(self.emit(Op::GetGlobal { a: 0, name })),
            Kind::Indexed { table, key } => {
                self.free_operand(key);
                self.free_register(table);
                Kind::Open(self.emit(Op::GetTable { a: 0, table, key }))
            }
            Kind::Call(_) | Kind::Vararg(_) => return self.set_one_result(expression),
            _ => return,
        };
    }

    /// The value without its jumps to a register.
    fn discharge(&mut self, expression: &mut Expression, register: u8) -> Result<()> {
        self.read(expression);
        match expression.kind {
            Kind::Nil => self.emit_nil(usize::from(register), 1),
            Kind::True | Kind::False => {
                let value = expression.kind == Kind::True;
                self.emit(Op::LoadBool { a: register, value, skips: false });
            }
            Kind::Constant(constant) => drop(self.emit(Op::LoadConstant { a: register, constant })),
            Kind::Number(number) => {
                let constant = self.constant(Value::Number(number))?;
                self.emit(Op::LoadConstant { a: register, constant });
            }
            Kind::Open(at) => self.op(at).set_target(register),
            Kind::Register(from) => {
                if from != register {
                    self.emit(Op::Move { a: register, b: from });
                }
            }
            _ => return Ok(()),
        }
        expression.kind = Kind::Register(register);
        Ok(())
    }

    fn discharge_anywhere(&mut self, expression: &mut Expression) -> Result<()> {
        if !matches!(expression.kind, Kind::Register(_)) {
            self.take_registers(1)?;
            let register = self.function().free as u8 - 1;
            self.discharge(expression, register)?;
        }
        Ok(())
    }

    /// The value to a register, whichever way it came about.
    pub(super) fn place_in(&mut self, expression: &mut Expression, register: u8) -> Result<()> {
        self.discharge(expression, register)?;
        if let Kind::Jump(jump) = expression.kind {
            expression.if_true.push(jump);
        }
        if expression.has_jumps() {
            let mut load_false = None;
            let mut load_true = None;
            if self.needs_value(&expression.if_true) || self.needs_value(&expression.if_false) {
                let over = if matches!(expression.kind, Kind::Jump(_)) { None } else { Some(self.jump()) };
                self.here();
                load_false = Some(self.emit(Op::LoadBool { a: register, value: false, skips: true }));
                self.here();
                load_true = Some(self.emit(Op::LoadBool { a: register, value: true, skips: false }));
                if let Some(over) = over {
                    self.set_targets_here(&vec![over])?;
                }
            }
            let end = self.here();
            let (jumps_true, jumps_false) =
                (std::mem::take(&mut expression.if_true), std::mem::take(&mut expression.if_false));
            self.set_targets_for_value(&jumps_false, end, Some(register), load_false.unwrap_or(end))?;
            self.set_targets_for_value(&jumps_true, end, Some(register), load_true.unwrap_or(end))?;
        }
        expression.kind = Kind::Register(register);
        Ok(())
    }

    pub(super) fn free(&mut self, expression: &Expression) {
        if let Kind::Register(register) = expression.kind {
            self.free_register(register);
        }
    }

    pub(super) fn place_next(&mut self, expression: &mut Expression) -> Result<()> {
        self.read(expression);
        self.free(expression);
        self.take_registers(1)?;
        let register = self.function().free as u8 - 1;
        self.place_in(expression, register)
    }

    pub(super) fn place_anywhere(&mut self, expression: &mut Expression) -> Result<u8> {
        self.read(expression);
        if let Kind::Register(register) = expression.kind {
            if !expression.has_jumps() {
                return Ok(register);
            }
            // A local variable keeps its value; anything else may be overwritten where it is.
            if usize::from(register) >= self.function().active.len() {
                self.place_in(expression, register)?;
                return Ok(register);
            }
        }
        self.place_next(expression)?;
        match expression.kind {
            Kind::Register(register) => Ok(register),
            _ => Err(self.syntax_error()),
        }
    }

    pub(super) fn place_value(&mut self, expression: &mut Expression) -> Result<()> {
        if expression.has_jumps() {
            return self.place_anywhere(expression).map(drop);
        }
        self.read(expression);
        Ok(())
    }

    /// The value as an operand.
    pub(super) fn place_operand(&mut self, expression: &mut Expression) -> Result<Rk> {
        self.place_value(expression)?;
        let value = match expression.kind {
            Kind::Nil => Some(Value::Nil),
            Kind::True => Some(Value::Bool(true)),
            Kind::False => Some(Value::Bool(false)),
            Kind::Number(number) => Some(Value::Number(number)),
            _ => None,
        };
        if let Some(value) = value
            && self.has_operand_room()
            && let Some(operand) = self.constant_operand(value)?
        {
            expression.kind = Kind::Constant(u32::from(operand - FIRST_CONSTANT));
            return Ok(operand);
        }
        if let Kind::Constant(constant) = expression.kind
            && constant < 256
        {
            return Ok(FIRST_CONSTANT + constant as Rk);
        }
        self.place_anywhere(expression).map(Rk::from)
    }

    /// Whether a constant that comes now could be an operand.
    fn has_operand_room(&mut self) -> bool {
        self.function().proto.constants.len() <= 256
    }

    /// Stores a value in a variable.
    pub(super) fn store(&mut self, variable: &Expression, value: &mut Expression) -> Result<()> {
        match variable.kind {
            Kind::Local(register) => {
                self.free(value);
                return self.place_in(value, register);
            }
            Kind::Upvalue(upvalue) => {
                let a = self.place_anywhere(value)?;
                self.emit(Op::SetUpvalue { a, upvalue });
            }
            Kind::Global(name) => {
                let a = self.place_anywhere(value)?;
                self.emit(Op::SetGlobal { a, name });
            }
            Kind::Indexed { table, key } => {
                let operand = self.place_operand(value)?;
                self.emit(Op::SetTable { table, key, value: operand });
            }
            _ => return Err(self.syntax_error()),
        }
        self.free(value);
        Ok(())
    }

    /// Makes the expression `expression[key]`.
    pub(super) fn indexed(&mut self, expression: &mut Expression, key: &mut Expression) -> Result<()> {
        let Kind::Register(table) = expression.kind else { return Err(self.syntax_error()) };
        let key = self.place_operand(key)?;
        expression.kind = Kind::Indexed { table, key };
        Ok(())
    }

    /// Makes the expression the method of a name, with the object behind it.
    pub(super) fn method(&mut self, expression: &mut Expression, key: &mut Expression) -> Result<()> {
        let object = self.place_anywhere(expression)?;
        self.free(expression);
        let a = self.function().free as u8;
        self.take_registers(2)?;
        let name = self.place_operand(key)?;
        self.emit(Op::Method { a, object, name });
        self.free(key);
        expression.kind = Kind::Register(a);
        Ok(())
    }
}

/// Conditions.
impl Parser<'_> {
    fn invert(&mut self, jump: usize) {
        match self.control(jump) {
            Op::Equal { expected, .. } | Op::Less { expected, .. } | Op::LessEqual { expected, .. } => {
                *expected = !*expected;
            }
            _ => {}
        }
    }

    /// A jump that is made where the expression is as true as `condition`.
    fn jump_on(&mut self, expression: &mut Expression, condition: bool) -> Result<usize> {
        if let Kind::Open(at) = expression.kind
            && let Op::Not { b, .. } = *self.op(at)
        {
            let function = self.function();
            function.proto.code.pop();
            function.proto.lines.pop();
            return Ok(self.test(Op::Test { a: b, expected: !condition }));
        }
        self.discharge_anywhere(expression)?;
        self.free(expression);
        let Kind::Register(b) = expression.kind else { return Err(self.syntax_error()) };
        Ok(self.test(Op::TestSet { a: u8::MAX, b, expected: condition }))
    }

    /// A test and the jump that it decides on.
    pub(super) fn test(&mut self, op: Op) -> usize {
        self.emit(op);
        self.jump()
    }

    /// What is written next runs where the expression is true.
    pub(super) fn go_if_true(&mut self, expression: &mut Expression) -> Result<()> {
        self.read(expression);
        match expression.kind {
            Kind::Constant(_) | Kind::Number(_) | Kind::True => {}
            Kind::Jump(jump) => {
                self.invert(jump);
                expression.if_false.push(jump);
            }
            _ => {
                let jump = self.jump_on(expression, false)?;
                expression.if_false.push(jump);
            }
        }
        let jumps = std::mem::take(&mut expression.if_true);
        self.set_targets_here(&jumps)
    }

    /// What is written next runs where the expression is false.
    pub(super) fn go_if_false(&mut self, expression: &mut Expression) -> Result<()> {
        self.read(expression);
        match expression.kind {
            Kind::Nil | Kind::False => {}
            Kind::Jump(jump) => expression.if_true.push(jump),
            _ => {
                let jump = self.jump_on(expression, true)?;
                expression.if_true.push(jump);
            }
        }
        let jumps = std::mem::take(&mut expression.if_false);
        self.set_targets_here(&jumps)
    }

    pub(super) fn negated(&mut self, expression: &mut Expression) -> Result<()> {
        self.read(expression);
        match expression.kind {
            Kind::Nil | Kind::False => expression.kind = Kind::True,
            Kind::Constant(_) | Kind::Number(_) | Kind::True => expression.kind = Kind::False,
            Kind::Jump(jump) => self.invert(jump),
            Kind::Open(_) | Kind::Register(_) => {
                self.discharge_anywhere(expression)?;
                self.free(expression);
                let Kind::Register(b) = expression.kind else { return Err(self.syntax_error()) };
                expression.kind = Kind::Open(self.emit(Op::Not { a: 0, b }));
            }
            _ => return Err(self.syntax_error()),
        }
        std::mem::swap(&mut expression.if_true, &mut expression.if_false);
        let (if_true, if_false) = (expression.if_true.clone(), expression.if_false.clone());
        self.drop_values(&if_false);
        self.drop_values(&if_true);
        Ok(())
    }
}
