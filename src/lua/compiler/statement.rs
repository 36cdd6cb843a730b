//! Statements by the grammar.

use crate::op::Op;
use crate::token::{Token, Word};
use crate::value::Str;

use super::function::Jumps;
use super::value::{Expression, Kind};
use super::{Parser, Result};

impl Parser<'_> {
    /// Statements up to what ends a block.
    pub(super) fn chunk(&mut self) -> Result<()> {
        self.enter_level()?;
        let mut is_last = false;
        while !is_last && !self.ends_block() {
            is_last = self.statement()?;
            self.accept(Token::Char(b';'))?;
            let function = self.function();
            function.free = function.active.len();
        }
        self.leave_level();
        Ok(())
    }

    fn ends_block(&self) -> bool {
        matches!(self.token, Token::End | Token::Word(Word::Else | Word::ElseIf | Word::End | Word::Until))
    }

    fn block(&mut self) -> Result<()> {
        self.enter_block(false);
        self.chunk()?;
        self.leave_block()
    }

    /// One statement. Tells whether it must be the last of its block.
    fn statement(&mut self) -> Result<bool> {
        let line = self.lexer.line;
        let Token::Word(word) = self.token else {
            self.expression_statement()?;
            return Ok(false);
        };
        match word {
            Word::If => self.if_statement(line)?,
            Word::While => self.while_statement(line)?,
            Word::Do => {
                self.advance()?;
                self.block()?;
                self.close(Token::Word(Word::End), Token::Word(Word::Do), line)?;
            }
            Word::For => self.for_statement(line)?,
            Word::Repeat => self.repeat_statement(line)?,
            Word::Function => self.function_statement(line)?,
            Word::Local => {
                self.advance()?;
                if self.accept(Token::Word(Word::Function))? {
                    self.local_function()?;
                } else {
                    self.local_statement()?;
                }
            }
            Word::Return => {
                self.return_statement()?;
                return Ok(true);
            }
            Word::Break => {
                self.advance()?;
                self.break_statement()?;
                return Ok(true);
            }
            _ => self.expression_statement()?,
        }
        Ok(false)
    }

    /// A condition; gives the jumps that are made where it does not hold.
    fn condition(&mut self) -> Result<Jumps> {
        let mut expression = self.expression()?;
        if expression.kind == Kind::Nil {
            expression.kind = Kind::False;
        }
        self.go_if_true(&mut expression)?;
        Ok(expression.if_false)
    }

    fn if_statement(&mut self, line: u32) -> Result<()> {
        let mut to_end = Jumps::new();
        let mut otherwise = self.guarded_block()?;
        loop {
            if self.is(Word::ElseIf) {
                to_end.push(self.jump());
                self.set_targets_here(&otherwise)?;
                otherwise = self.guarded_block()?;
                continue;
            }
            if self.is(Word::Else) {
                to_end.push(self.jump());
                self.set_targets_here(&otherwise)?;
                self.advance()?;
                self.block()?;
            } else {
                to_end.append(&mut otherwise);
            }
            break;
        }
        self.set_targets_here(&to_end)?;
        self.close(Token::Word(Word::End), Token::Word(Word::If), line)
    }

    /// `if` or `elseif`, a condition, `then` and a block.
    fn guarded_block(&mut self) -> Result<Jumps> {
        self.advance()?;
        let otherwise = self.condition()?;
        self.expect(Token::Word(Word::Then))?;
        self.block()?;
        Ok(otherwise)
    }

    fn while_statement(&mut self, line: u32) -> Result<()> {
        self.advance()?;
        let start = self.here();
        let exit = self.condition()?;
        self.enter_block(true);
        self.expect(Token::Word(Word::Do))?;
        self.block()?;
        let back = self.jump();
        self.set_target(back, start)?;
        self.close(Token::Word(Word::End), Token::Word(Word::While), line)?;
        self.leave_block()?;
        self.set_targets_here(&exit)
    }

    fn repeat_statement(&mut self, line: u32) -> Result<()> {
        let start = self.here();
        self.enter_block(true);
        self.enter_block(false);
        self.advance()?;
        self.chunk()?;
        self.close(Token::Word(Word::Until), Token::Word(Word::Repeat), line)?;
        // The condition sees the variables of the block.
        let again = self.condition()?;
        let is_caught = self.function().blocks.last().is_some_and(|block| block.is_caught);
        if is_caught {
            self.break_statement()?;
            self.set_targets_here(&again)?;
            self.leave_block()?;
            let back = self.jump();
            self.set_target(back, start)?;
        } else {
            self.leave_block()?;
            self.set_targets(&again, start)?;
        }
        self.leave_block()
    }

    fn break_statement(&mut self) -> Result<()> {
        let blocks = &self.function().blocks;
        let Some(index) = blocks.iter().rposition(|block| block.is_loop) else {
            return Err(self.error("no loop to break"));
        };
        let is_caught = blocks[index + 1..].iter().any(|block| block.is_caught);
        let locals = blocks[index].locals as u8;
        if is_caught {
            self.emit(Op::Close { a: locals });
        }
        let jump = self.jump();
        self.function().blocks[index].breaks.push(jump);
        Ok(())
    }

    fn for_statement(&mut self, line: u32) -> Result<()> {
        self.enter_block(true);
        self.advance()?;
        let name = self.name()?;
        match self.token {
            Token::Char(b'=') => self.numeric_for(name, line)?,
            Token::Char(b',') | Token::Word(Word::In) => self.generic_for(name)?,
            _ => return Err(self.error("'=' or 'in' expected")),
        }
        self.close(Token::Word(Word::End), Token::Word(Word::For), line)?;
        self.leave_block()
    }

    fn numeric_for(&mut self, name: Str, line: u32) -> Result<()> {
        let base = self.function().free;
        for (at, hidden) in ["(for index)", "(for limit)", "(for step)"].into_iter().enumerate() {
            self.declare_hidden(hidden, at)?;
        }
        self.declare(name, 3)?;
        self.expect(Token::Char(b'='))?;
        self.for_operand()?;
        self.expect(Token::Char(b','))?;
        self.for_operand()?;
        if self.accept(Token::Char(b','))? {
            self.for_operand()?;
        } else {
            let mut step = Expression::new(Kind::Number(1.0));
            self.place_next(&mut step)?;
        }
        self.for_body(base, line, 1, true)
    }

    fn for_operand(&mut self) -> Result<()> {
        let mut operand = self.expression()?;
        self.place_next(&mut operand)
    }

    fn generic_for(&mut self, name: Str) -> Result<()> {
        let base = self.function().free;
        for (at, hidden) in ["(for generator)", "(for state)", "(for control)"].into_iter().enumerate() {
            self.declare_hidden(hidden, at)?;
        }
        self.declare(name, 3)?;
        let mut names = 1;
        while self.accept(Token::Char(b','))? {
            let name = self.name()?;
            self.declare(name, 3 + names)?;
            names += 1;
        }
        self.expect(Token::Word(Word::In))?;
        let line = self.lexer.line;
        let (count, last) = self.expressions()?;
        self.adjust(3, count, last)?;
        // An iterator is called with two arguments.
        self.check_registers(3)?;
        self.for_body(base, line, names, false)
    }

    fn for_body(&mut self, base: usize, line: u32, names: usize, is_numeric: bool) -> Result<()> {
        let a = base as u8;
        self.add_locals_before(3, names);
        self.expect(Token::Word(Word::Do))?;
        let prepare = if is_numeric { self.emit(Op::ForPrepare { a, by: 0 }) } else { self.jump() };
        self.enter_block(false);
        self.add_locals(names);
        self.take_registers(names)?;
        self.block()?;
        self.leave_block()?;
        let end = self.here();
        self.set_target(prepare, end)?;
        let last = if is_numeric {
            self.emit(Op::ForLoop { a, by: 0 })
        } else {
            self.emit(Op::IteratorCall { a, results: names as u8 });
            self.set_line(line);
            self.emit(Op::IteratorTest { a, by: 0 })
        };
        self.set_line(line);
        self.set_target(last, prepare + 1)
    }

    fn local_statement(&mut self) -> Result<()> {
        let mut names = 0;
        loop {
            let name = self.name()?;
            self.declare(name, names)?;
            names += 1;
            if !self.accept(Token::Char(b','))? {
                break;
            }
        }
        let (count, last) = if self.accept(Token::Char(b'='))? {
            self.expressions()?
        } else {
            (0, Expression::new(Kind::Void))
        };
        self.adjust(names, count, last)?;
        self.add_locals(names);
        Ok(())
    }

    fn local_function(&mut self) -> Result<()> {
        let name = self.name()?;
        self.declare(name, 0)?;
        let register = self.function().free as u8;
        self.take_registers(1)?;
        self.add_locals(1);
        let line = self.lexer.line;
        let mut body = self.body(false, line)?;
        self.store(&Expression::new(Kind::Local(register)), &mut body)?;
        // It can be seen by itself, but as a variable only from here on.
        let function = self.function();
        let at = function.proto.code.len();
        if let Some(index) = function.active.last() {
            function.proto.locals[*index].start = at;
        }
        Ok(())
    }

    fn function_statement(&mut self, line: u32) -> Result<()> {
        self.advance()?;
        let name = self.name()?;
        let mut variable = self.variable(name)?;
        while self.token == Token::Char(b'.') {
            self.field(&mut variable)?;
        }
        let has_self = self.token == Token::Char(b':');
        if has_self {
            self.field(&mut variable)?;
        }
        let mut body = self.body(has_self, line)?;
        self.store(&variable, &mut body)?;
        // It happens where it begins.
        self.set_line(line);
        Ok(())
    }

    /// Brings the values of a list to as many as are wanted.
    fn adjust(&mut self, wanted: usize, count: usize, mut last: Expression) -> Result<()> {
        if last.has_many_results() {
            let results = (wanted + 1).saturating_sub(count);
            self.set_results(&last, Some(results))?;
            if results > 1 {
                self.take_registers(results - 1)?;
            }
            return Ok(());
        }
        if last.kind != Kind::Void {
            self.place_next(&mut last)?;
        }
        if wanted > count {
            let from = self.function().free;
            self.take_registers(wanted - count)?;
            self.emit_nil(from, wanted - count);
        }
        Ok(())
    }

    fn return_statement(&mut self) -> Result<()> {
        self.advance()?;
        if self.ends_block() || self.token == Token::Char(b';') {
            self.emit_return(0, 1);
            return Ok(());
        }
        let (count, mut last) = self.expressions()?;
        let locals = self.function().active.len();
        if last.has_many_results() {
            self.set_results(&last, None)?;
            if let Kind::Call(at) = last.kind
                && count == 1
                && let Op::Call { a, arguments, .. } = *self.op(at)
            {
                *self.op(at) = Op::TailCall { a, arguments };
            }
            self.emit_return(locals, 0);
        } else if count == 1 {
            let register = self.place_anywhere(&mut last)?;
            self.emit_return(usize::from(register), 2);
        } else {
            self.place_next(&mut last)?;
            self.emit_return(locals, count as u16 + 1);
        }
        Ok(())
    }

    /// A call or an assignment.
    fn expression_statement(&mut self) -> Result<()> {
        let expression = self.primary()?;
        if let Kind::Call(at) = expression.kind {
            if let Op::Call { results, .. } = self.op(at) {
                *results = 1;
            }
            return Ok(());
        }
        let mut variables = vec![expression];
        self.assignment(&mut variables)
    }

    /// The rest of an assignment to the variables that were read.
    fn assignment(&mut self, variables: &mut Vec<Expression>) -> Result<()> {
        let is_variable = variables.last().is_some_and(|last| {
            matches!(last.kind, Kind::Local(_) | Kind::Upvalue(_) | Kind::Global(_) | Kind::Indexed { .. })
        });
        if !is_variable {
            return Err(self.syntax_error());
        }
        if self.accept(Token::Char(b','))? {
            let next = self.primary()?;
            if let Kind::Local(register) = next.kind {
                self.keep_operands(variables, register)?;
            }
            if variables.len() > self.levels {
                return Err(self.limit(self.levels, "variables in assignment"));
            }
            variables.push(next);
            return self.assignment(variables);
        }
        self.expect(Token::Char(b'='))?;
        let (count, mut last) = self.expressions()?;
        let wanted = variables.len();
        if count == wanted {
            if last.has_many_results() {
                // Of a call among the values one is taken; what is no call stays as it is.
                self.read(&mut last);
            }
            if let Some(variable) = variables.pop() {
                self.store(&variable, &mut last)?;
            }
        } else {
            self.adjust(wanted, count, last)?;
            if count > wanted {
                self.function().free -= count - wanted;
            }
        }
        while let Some(variable) = variables.pop() {
            let register = self.function().free as u8 - 1;
            self.store(&variable, &mut Expression::new(Kind::Register(register)))?;
        }
        Ok(())
    }

    /// Where a local variable is assigned that another one of the same assignment is indexed by, that one goes by a copy.
    fn keep_operands(&mut self, variables: &mut [Expression], register: u8) -> Result<()> {
        let copy = self.function().free as u8;
        let mut is_needed = false;
        for variable in variables {
            if let Kind::Indexed { table, key } = &mut variable.kind {
                if *table == register {
                    *table = copy;
                    is_needed = true;
                }
                if *key == u16::from(register) {
                    *key = u16::from(copy);
                    is_needed = true;
                }
            }
        }
        if is_needed {
            self.emit(Op::Move { a: copy, b: register });
            self.take_registers(1)?;
        }
        Ok(())
    }
}
