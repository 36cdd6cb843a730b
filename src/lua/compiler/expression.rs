//! Expressions by the grammar.

use crate::op::{Op, Rk};
use crate::proto::{Varargs, packed_size};
use crate::token::{Token, Word};
use crate::value::{Str, Value};

use super::function::Function;
use super::operator::{Binary, UNARY, Unary};
use super::value::{Expression, Kind};
use super::{Parser, Result};

/// How many values of a list are put in their table at once.
const BATCH: usize = 50;

impl Parser<'_> {
    pub(super) fn expression(&mut self) -> Result<Expression> {
        let (expression, _) = self.operation(0)?;
        Ok(expression)
    }

    /// An expression whose operators bind tighter than `limit`, and the operator behind it.
    fn operation(&mut self, limit: u8) -> Result<(Expression, Option<Binary>)> {
        self.enter_level()?;
        let mut left = match Unary::of(self.token) {
            Some(operator) => {
                self.advance()?;
                let (mut operand, _) = self.operation(UNARY)?;
                self.unary(operator, &mut operand)?;
                operand
            }
            None => self.simple()?,
        };
        let mut operator = Binary::of(self.token);
        while let Some(current) = operator
            && current.binding().0 > limit
        {
            self.advance()?;
            self.before_right(current, &mut left)?;
            let (right, next) = self.operation(current.binding().1)?;
            self.binary(current, &mut left, right)?;
            operator = next;
        }
        self.leave_level();
        Ok((left, operator))
    }

    fn simple(&mut self) -> Result<Expression> {
        let kind = match self.token {
            Token::Number(number) => Kind::Number(number),
            Token::String(string) => Kind::Constant(self.constant(Value::Str(string))?),
            Token::Word(Word::Nil) => Kind::Nil,
            Token::Word(Word::True) => Kind::True,
            Token::Word(Word::False) => Kind::False,
            Token::Dots => {
                let proto = &mut self.function().proto;
                if proto.varargs == Varargs::No {
                    return Err(self.error("cannot use '...' outside a vararg function"));
                }
                proto.varargs = Varargs::Yes;
                Kind::Vararg(self.emit(Op::Vararg { a: 0, results: 2 }))
            }
            Token::Char(b'{') => return self.constructor(),
            Token::Word(Word::Function) => {
                self.advance()?;
                let line = self.lexer.line;
                return self.body(false, line);
            }
            _ => return self.primary(),
        };
        self.advance()?;
        Ok(Expression::new(kind))
    }

    /// What may be called or indexed, with all that is done so.
    pub(super) fn primary(&mut self) -> Result<Expression> {
        let mut expression = self.prefix()?;
        loop {
            match self.token {
                Token::Char(b'.') => self.field(&mut expression)?,
                Token::Char(b'[') => {
                    self.place_anywhere(&mut expression)?;
                    let mut key = self.bracketed()?;
                    self.indexed(&mut expression, &mut key)?;
                }
                Token::Char(b':') => {
                    self.advance()?;
                    let mut name = self.name_constant()?;
                    self.method(&mut expression, &mut name)?;
                    self.arguments(&mut expression)?;
                }
                Token::Char(b'(' | b'{') | Token::String(_) => {
                    self.place_next(&mut expression)?;
                    self.arguments(&mut expression)?;
                }
                _ => return Ok(expression),
            }
        }
    }

    fn prefix(&mut self) -> Result<Expression> {
        match self.token {
            Token::Char(b'(') => {
                let line = self.lexer.line;
                self.advance()?;
                let mut expression = self.expression()?;
                self.close(Token::Char(b')'), Token::Char(b'('), line)?;
                self.read(&mut expression);
                Ok(expression)
            }
            Token::Name(name) => {
                self.advance()?;
                self.variable(name)
            }
            _ => Err(self.error("unexpected symbol")),
        }
    }

    fn name_constant(&mut self) -> Result<Expression> {
        let name = self.name()?;
        Ok(Expression::new(Kind::Constant(self.constant(Value::Str(name))?)))
    }

    pub(super) fn field(&mut self, expression: &mut Expression) -> Result<()> {
        self.place_anywhere(expression)?;
        self.advance()?;
        let mut name = self.name_constant()?;
        self.indexed(expression, &mut name)
    }

    /// `[key]`
    fn bracketed(&mut self) -> Result<Expression> {
        self.advance()?;
        let mut key = self.expression()?;
        self.place_value(&mut key)?;
        self.expect(Token::Char(b']'))?;
        Ok(key)
    }

    /// The arguments of a call of what is in the last register.
    fn arguments(&mut self, callee: &mut Expression) -> Result<()> {
        let line = self.lexer.line;
        let arguments = match self.token {
            Token::Char(b'(') => {
                if line != self.last_line {
                    return Err(self.error("ambiguous syntax (function call x new statement)"));
                }
                self.advance()?;
                let arguments = if self.token == Token::Char(b')') {
                    Expression::new(Kind::Void)
                } else {
                    let (_, last) = self.expressions()?;
                    self.set_results(&last, None)?;
                    last
                };
                self.close(Token::Char(b')'), Token::Char(b'('), line)?;
                arguments
            }
            Token::Char(b'{') => self.constructor()?,
            Token::String(string) => {
                let constant = self.constant(Value::Str(string))?;
                self.advance()?;
                Expression::new(Kind::Constant(constant))
            }
            _ => return Err(self.error("function arguments expected")),
        };
        let Kind::Register(a) = callee.kind else { return Err(self.syntax_error()) };
        let packed = if arguments.has_many_results() {
            0
        } else {
            let mut last = arguments;
            if last.kind != Kind::Void {
                self.place_next(&mut last)?;
            }
            (self.function().free - usize::from(a)) as u16
        };
        callee.kind = Kind::Call(self.emit(Op::Call { a, arguments: packed, results: 2 }));
        self.set_line(line);
        // The function and its arguments go, one result comes.
        self.function().free = usize::from(a) + 1;
        Ok(())
    }

    /// Expressions between commas, all but the last in registers. Gives their number and the last.
    pub(super) fn expressions(&mut self) -> Result<(usize, Expression)> {
        let mut count = 1;
        let mut last = self.expression()?;
        while self.accept(Token::Char(b','))? {
            self.place_next(&mut last)?;
            last = self.expression()?;
            count += 1;
        }
        Ok((count, last))
    }

    /// A function from its parameters to its end.
    pub(super) fn body(&mut self, has_self: bool, line: u32) -> Result<Expression> {
        self.functions.push(Function::new(line));
        self.expect(Token::Char(b'('))?;
        if has_self {
            self.declare_hidden("self", 0)?;
            self.add_locals(1);
        }
        self.parameters()?;
        self.expect(Token::Char(b')'))?;
        self.chunk()?;
        self.function().proto.last_line = self.lexer.line;
        self.close(Token::Word(Word::End), Token::Word(Word::Function), line)?;
        let proto = self.close_function()?;
        let protos = &mut self.function().proto.protos;
        protos.push(proto);
        let index = protos.len() as u32 - 1;
        Ok(Expression::new(Kind::Open(self.emit(Op::Closure { a: 0, proto: index }))))
    }

    fn parameters(&mut self) -> Result<()> {
        let mut count = 0;
        let mut has_more = false;
        if self.token != Token::Char(b')') {
            loop {
                match self.token {
                    Token::Name(name) => {
                        self.advance()?;
                        self.declare(name, count)?;
                        count += 1;
                    }
                    Token::Dots => {
                        self.advance()?;
                        has_more = true;
                    }
                    _ => return Err(self.error("<name> or '...' expected")),
                }
                if has_more || !self.accept(Token::Char(b','))? {
                    break;
                }
            }
        }
        if has_more {
            self.declare_hidden("arg", count)?;
            self.function().proto.varargs = Varargs::Table;
            count += 1;
        }
        self.add_locals(count);
        let function = self.function();
        function.proto.parameters = (function.active.len() - usize::from(has_more)) as u8;
        let registers = function.active.len();
        self.take_registers(registers)
    }

    fn constructor(&mut self) -> Result<Expression> {
        let line = self.lexer.line;
        let at = self.emit(Op::NewTable { a: 0, array: 0, nodes: 0 });
        let mut table = Expression::new(Kind::Open(at));
        self.place_next(&mut table)?;
        let Kind::Register(register) = table.kind else { return Err(self.syntax_error()) };
        let mut list = List { table: register, stored: 0, pending: 0, fields: 0 };
        let mut last = Expression::new(Kind::Void);
        self.expect(Token::Char(b'{'))?;
        while self.token != Token::Char(b'}') {
            self.flush(&mut list, &mut last)?;
            let token = self.token;
            match token {
                Token::Name(name) if self.look_ahead()? == Token::Char(b'=') => {
                    self.record(&mut list, Some(name))?;
                }
                Token::Char(b'[') => self.record(&mut list, None)?,
                _ => {
                    last = self.expression()?;
                    list.pending += 1;
                }
            }
            if !self.accept(Token::Char(b','))? && !self.accept(Token::Char(b';'))? {
                break;
            }
        }
        self.close(Token::Char(b'}'), Token::Char(b'{'), line)?;
        self.flush_last(&mut list, last)?;
        if let Op::NewTable { array, nodes, .. } = self.op(at) {
            *array = packed_size(list.stored);
            *nodes = packed_size(list.fields);
        }
        Ok(table)
    }

    /// `name = value` or `[key] = value`
    fn record(&mut self, list: &mut List, name: Option<Str>) -> Result<()> {
        let free = self.function().free;
        let mut key = if name.is_some() { self.name_constant()? } else { self.bracketed()? };
        list.fields += 1;
        self.expect(Token::Char(b'='))?;
        let key = self.place_operand(&mut key)?;
        let mut value = self.expression()?;
        let value: Rk = self.place_operand(&mut value)?;
        self.emit(Op::SetTable { table: list.table, key, value });
        self.function().free = free;
        Ok(())
    }

    fn flush(&mut self, list: &mut List, last: &mut Expression) -> Result<()> {
        if last.kind == Kind::Void {
            return Ok(());
        }
        self.place_next(last)?;
        last.kind = Kind::Void;
        if list.pending == BATCH {
            self.set_list(list, BATCH, false);
        }
        Ok(())
    }

    fn flush_last(&mut self, list: &mut List, mut last: Expression) -> Result<()> {
        if list.pending == 0 {
            return Ok(());
        }
        if last.has_many_results() {
            self.set_results(&last, None)?;
            let count = list.pending;
            self.set_list(list, count, true);
            // How many come is not known: they make no room beforehand.
            list.stored -= 1;
            return Ok(());
        }
        if last.kind != Kind::Void {
            self.place_next(&mut last)?;
        }
        let count = list.pending;
        self.set_list(list, count, false);
        Ok(())
    }

    fn set_list(&mut self, list: &mut List, count: usize, is_open: bool) {
        list.stored += count;
        let first = ((list.stored - 1) / BATCH * BATCH + 1) as u32;
        let count = if is_open { 0 } else { count as u16 };
        self.emit(Op::SetList { a: list.table, count, first });
        self.function().free = usize::from(list.table) + 1;
        list.pending = 0;
    }
}

/// A table constructor that is being read.
#[derive(Debug)]
struct List {
    table: u8,
    stored: usize,
    pending: usize,
    fields: usize,
}
