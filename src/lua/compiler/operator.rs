//! Operators: their binding, what two constants make at once, and the instruction of each.
//!
//! It knows nothing of tokens but which of them is an operator.

use crate::op::{Op, Rk};
use crate::operate;
use crate::token::{Token, Word};

use super::value::{Expression, Kind};
use super::{Parser, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Negate,
    Not,
    Length,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Concat,
    NotEqual,
    Equal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    And,
    Or,
}

/// How tightly a unary operator binds.
pub(super) const UNARY: u8 = 8;

impl Unary {
    pub fn of(token: Token) -> Option<Self> {
        match token {
            Token::Word(Word::Not) => Some(Self::Not),
            Token::Char(b'-') => Some(Self::Negate),
            Token::Char(b'#') => Some(Self::Length),
            _ => None,
        }
    }
}

impl Binary {
    pub fn of(token: Token) -> Option<Self> {
        Some(match token {
            Token::Char(b'+') => Self::Add,
            Token::Char(b'-') => Self::Subtract,
            Token::Char(b'*') => Self::Multiply,
            Token::Char(b'/') => Self::Divide,
            Token::Char(b'%') => Self::Modulo,
            Token::Char(b'^') => Self::Power,
            Token::Concat => Self::Concat,
            Token::NotEqual => Self::NotEqual,
            Token::Equal => Self::Equal,
            Token::Char(b'<') => Self::Less,
            Token::LessEqual => Self::LessEqual,
            Token::Char(b'>') => Self::Greater,
            Token::GreaterEqual => Self::GreaterEqual,
            Token::Word(Word::And) => Self::And,
            Token::Word(Word::Or) => Self::Or,
            _ => return None,
        })
    }

    /// How tightly it binds to its left and to its right; more to the left where it groups from the right.
    pub fn binding(self) -> (u8, u8) {
        match self {
            Self::Power => (10, 9),
            Self::Multiply | Self::Divide | Self::Modulo => (7, 7),
            Self::Add | Self::Subtract => (6, 6),
            Self::Concat => (5, 4),
            Self::NotEqual
            | Self::Equal
            | Self::Less
            | Self::LessEqual
            | Self::Greater
            | Self::GreaterEqual => (3, 3),
            Self::And => (2, 2),
            Self::Or => (1, 1),
        }
    }

    /// What it makes of two numbers.
    fn fold(self, a: f64, b: f64) -> Option<f64> {
        let result = match self {
            Self::Add => a + b,
            Self::Subtract => a - b,
            Self::Multiply => a * b,
            Self::Divide if b != 0.0 => a / b,
            Self::Modulo if b != 0.0 => operate::modulo(a, b),
            Self::Power => operate::power(a, b),
            _ => return None,
        };
        (!result.is_nan()).then_some(result)
    }

    fn op(self, b: Rk, c: Rk) -> Op {
        let a = 0;
        match self {
            Self::Subtract => Op::Subtract { a, b, c },
            Self::Multiply => Op::Multiply { a, b, c },
            Self::Divide => Op::Divide { a, b, c },
            Self::Modulo => Op::Modulo { a, b, c },
            Self::Power => Op::Power { a, b, c },
            _ => Op::Add { a, b, c },
        }
    }
}

impl Parser<'_> {
    pub(super) fn unary(&mut self, operator: Unary, expression: &mut Expression) -> Result<()> {
        match operator {
            Unary::Not => return self.negated(expression),
            Unary::Negate => {
                if let Some(number) = expression.number()
                    && !number.is_nan()
                {
                    expression.kind = Kind::Number(-number);
                    return Ok(());
                }
                let b = self.place_anywhere(expression)?;
                self.free_register(b);
                expression.kind = Kind::Open(self.emit(Op::Negate { a: 0, b }));
            }
            Unary::Length => {
                let b = self.place_anywhere(expression)?;
                self.free_register(b);
                expression.kind = Kind::Open(self.emit(Op::Length { a: 0, b }));
            }
        }
        Ok(())
    }

    /// What is to be done with the left operand before the right one is read.
    pub(super) fn before_right(&mut self, operator: Binary, left: &mut Expression) -> Result<()> {
        match operator {
            Binary::And => self.go_if_true(left),
            Binary::Or => self.go_if_false(left),
            Binary::Concat => self.place_next(left),
            Binary::Add
            | Binary::Subtract
            | Binary::Multiply
            | Binary::Divide
            | Binary::Modulo
            | Binary::Power => {
                if left.number().is_some() {
                    Ok(())
                } else {
                    self.place_operand(left).map(drop)
                }
            }
            _ => self.place_operand(left).map(drop),
        }
    }

    /// Joins both operands in the left one.
    pub(super) fn binary(
        &mut self,
        operator: Binary,
        left: &mut Expression,
        mut right: Expression,
    ) -> Result<()> {
        match operator {
            Binary::And => {
                self.read(&mut right);
                right.if_false.append(&mut left.if_false);
                *left = right;
            }
            Binary::Or => {
                self.read(&mut right);
                right.if_true.append(&mut left.if_true);
                *left = right;
            }
            Binary::Concat => self.concat(left, right)?,
            Binary::Equal => self.compare(left, right, |b, c| Op::Equal { expected: true, b, c })?,
            Binary::NotEqual => self.compare(left, right, |b, c| Op::Equal { expected: false, b, c })?,
            Binary::Less => self.compare(left, right, |b, c| Op::Less { expected: true, b, c })?,
            Binary::LessEqual => self.compare(left, right, |b, c| Op::LessEqual { expected: true, b, c })?,
            // The other way round.
            Binary::Greater => self.compare(left, right, |b, c| Op::Less { expected: true, b: c, c: b })?,
            Binary::GreaterEqual => {
                self.compare(left, right, |b, c| Op::LessEqual { expected: true, b: c, c: b })?;
            }
            _ => self.arithmetic(operator, left, right)?,
        }
        Ok(())
    }

    fn operands(&mut self, left: &mut Expression, right: &mut Expression) -> Result<(Rk, Rk)> {
        let c = self.place_operand(right)?;
        let b = self.place_operand(left)?;
        // The higher register first: they are a stack.
        if b > c {
            self.free(left);
            self.free(right);
        } else {
            self.free(right);
            self.free(left);
        }
        Ok((b, c))
    }

    fn arithmetic(&mut self, operator: Binary, left: &mut Expression, mut right: Expression) -> Result<()> {
        if let (Some(a), Some(b)) = (left.number(), right.number())
            && let Some(result) = operator.fold(a, b)
        {
            left.kind = Kind::Number(result);
            return Ok(());
        }
        let (b, c) = self.operands(left, &mut right)?;
        left.kind = Kind::Open(self.emit(operator.op(b, c)));
        Ok(())
    }

    fn compare(
        &mut self,
        left: &mut Expression,
        mut right: Expression,
        op: impl Fn(Rk, Rk) -> Op,
    ) -> Result<()> {
        let b = self.place_operand(left)?;
        let c = self.place_operand(&mut right)?;
        self.free(&right);
        self.free(left);
        left.kind = Kind::Jump(self.test(op(b, c)));
        Ok(())
    }

    fn concat(&mut self, left: &mut Expression, mut right: Expression) -> Result<()> {
        self.place_value(&mut right)?;
        if let (Kind::Open(at), Kind::Register(register)) = (right.kind, left.kind)
            && let Op::Concat { first, .. } = self.op(at)
        {
            // One instruction joins a whole chain.
            *first = register;
            self.free(left);
            left.kind = Kind::Open(at);
            return Ok(());
        }
        self.place_next(&mut right)?;
        let (Kind::Register(first), Kind::Register(last)) = (left.kind, right.kind) else {
            return Err(self.syntax_error());
        };
        self.free(&right);
        self.free(left);
        left.kind = Kind::Open(self.emit(Op::Concat { a: 0, first, last }));
        Ok(())
    }
}
