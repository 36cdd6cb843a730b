//! Source text to instructions in one walk, without a tree between.
//!
//! [`statement`] and [`expression`] follow the grammar; [`value`] says where the value of an expression is and brings it
//! where it is wanted; [`operator`] joins values; [`function`] is the function whose instructions are being written.
//! Registers and instructions are chosen as 5.1 chooses them: its errors name variables by what they say.

mod expression;
mod function;
mod operator;
mod scope;
mod statement;
mod value;

use std::rc::Rc;

use crate::heap::Heap;
use crate::lexer::{Lexer, SyntaxError};
use crate::proto::{Proto, Varargs, short_source};
use crate::token::{Token, Word};
use crate::value::Str;

use function::Function;

type Result<T> = std::result::Result<T, SyntaxError>;

/// How deep statements and expressions may lie in each other where nothing is being called: 5.1 counts both as one.
pub const LEVELS: usize = 200;

/// Compiles a chunk whose statements and expressions lie in each other no deeper than `levels`.
pub fn compile(heap: &mut Heap, source: &[u8], name: &[u8], levels: usize) -> Result<Rc<Proto>> {
    let shown = short_source(name);
    let mut main = Function::new(0);
    main.proto.varargs = Varargs::Yes;
    let mut parser = Parser {
        lexer: Lexer::new(source, &shown),
        heap,
        token: Token::End,
        ahead: None,
        last_line: 1,
        functions: vec![main],
        levels,
        source: name.into(),
    };
    parser.advance()?;
    parser.chunk()?;
    if parser.token != Token::End {
        return Err(parser.expected(Token::End));
    }
    parser.close_function()
}

/// What reads the tokens.
#[derive(Debug)]
struct Parser<'a> {
    lexer: Lexer<'a>,
    heap: &'a mut Heap,
    token: Token,
    /// One token more, where that was looked at already.
    ahead: Option<Token>,
    /// The line of the last token that was consumed.
    last_line: u32,
    /// The function that is being compiled, behind those around it.
    functions: Vec<Function>,
    /// How many more levels there may be.
    levels: usize,
    source: Rc<[u8]>,
}

impl Parser<'_> {
    fn advance(&mut self) -> Result<()> {
        self.last_line = self.lexer.line;
        self.token = match self.ahead.take() {
            Some(token) => token,
            None => self.lexer.next(self.heap)?,
        };
        Ok(())
    }

    /// The token behind the current one.
    fn look_ahead(&mut self) -> Result<Token> {
        let token = self.lexer.next(self.heap)?;
        self.ahead = Some(token);
        Ok(token)
    }

    fn error(&self, message: &str) -> SyntaxError {
        self.lexer.error_near(message, self.token)
    }

    fn expected(&self, token: Token) -> SyntaxError {
        self.error(&format!("'{}' expected", token.text()))
    }

    fn is(&self, word: Word) -> bool {
        self.token == Token::Word(word)
    }

    /// Consumes a token where it is the next.
    fn accept(&mut self, token: Token) -> Result<bool> {
        let is_next = self.token == token;
        if is_next {
            self.advance()?;
        }
        Ok(is_next)
    }

    fn expect(&mut self, token: Token) -> Result<()> {
        if self.accept(token)? { Ok(()) } else { Err(self.expected(token)) }
    }

    /// Consumes what closes something that was opened on a line.
    fn close(&mut self, closing: Token, opening: Token, line: u32) -> Result<()> {
        if self.accept(closing)? {
            return Ok(());
        }
        if line == self.lexer.line {
            return Err(self.expected(closing));
        }
        let (closing, opening) = (closing.text(), opening.text());
        Err(self.error(&format!("'{closing}' expected (to close '{opening}' at line {line})")))
    }

    fn name(&mut self) -> Result<Str> {
        let Token::Name(name) = self.token else {
            return Err(self.expected(Token::Name(Str { index: 0, hash: 0 })));
        };
        self.advance()?;
        Ok(name)
    }

    fn enter_level(&mut self) -> Result<()> {
        match self.levels.checked_sub(1) {
            Some(left) => self.levels = left,
            None => return Err(self.lexer.error_at("chunk has too many syntax levels", None)),
        }
        Ok(())
    }

    fn leave_level(&mut self) {
        self.levels += 1;
    }

    /// A limit of the function that is being compiled.
    fn limit(&self, limit: usize, what: &str) -> SyntaxError {
        let line = self.functions.last().map_or(0, |function| function.proto.line);
        let who = if line == 0 { "main function".to_owned() } else { format!("function at line {line}") };
        self.lexer.error_at(&format!("{who} has more than {limit} {what}"), None)
    }

    /// Ends the function that is being compiled.
    fn close_function(&mut self) -> Result<Rc<Proto>> {
        self.emit_return(0, 1);
        self.remove_locals(0);
        let Some(function) = self.functions.pop() else { return Err(self.error("no function")) };
        let mut proto = function.proto;
        proto.source = Rc::clone(&self.source);
        Ok(self.heap.proto(proto))
    }
}
