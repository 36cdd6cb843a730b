//! Source bytes to tokens, with the lines they stand on and 5.1's words for what is no token.
//!
//! It knows nothing of grammar.

use crate::heap::Heap;
use crate::number;
use crate::token::{Token, Word};

/// Reads tokens from source text.
#[derive(Debug)]
pub struct Lexer<'a> {
    source: &'a [u8],
    at: usize,
    /// The text of the token that is read.
    text: Vec<u8>,
    pub line: u32,
    name: &'a [u8],
}

/// A source that is not Lua, with what is told about it.
#[derive(Debug)]
pub struct SyntaxError(pub Vec<u8>);

type Result<T> = std::result::Result<T, SyntaxError>;

/// More lines than a function could have.
const MAX_LINES: u32 = i32::MAX as u32 - 2;

impl<'a> Lexer<'a> {
    /// `name` is the chunk's name as errors give it.
    pub fn new(source: &'a [u8], name: &'a [u8]) -> Self {
        Self { source, at: 0, text: Vec::new(), line: 1, name }
    }

    fn peek(&self) -> Option<u8> {
        self.source.get(self.at).copied()
    }

    fn save(&mut self) {
        if let Some(byte) = self.peek() {
            self.text.push(byte);
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Of a line's end in any of its four spellings.
    fn end_line(&mut self) -> Result<()> {
        let first = self.peek();
        self.at += 1;
        if matches!(self.peek(), Some(b'\n' | b'\r')) && self.peek() != first {
            self.at += 1;
        }
        self.line += 1;
        if self.line >= MAX_LINES { Err(self.error_at("chunk has too many lines", None)) } else { Ok(()) }
    }

    /// An error at this line, near a text where one is given.
    pub fn error_at(&self, message: &str, near: Option<&[u8]>) -> SyntaxError {
        let mut text = self.name.to_vec();
        text.extend_from_slice(format!(":{}: {message}", self.line).as_bytes());
        if let Some(near) = near {
            text.extend_from_slice(b" near '");
            // C's end of a string is also that of what is told.
            text.extend(near.iter().take_while(|byte| **byte != 0));
            text.push(b'\'');
        }
        SyntaxError(text)
    }

    /// An error near a token, told by its own text where it has one.
    pub fn error_near(&self, message: &str, token: Token) -> SyntaxError {
        match token {
            Token::Name(_) | Token::String(_) | Token::Number(_) => self.error_at(message, Some(&self.text)),
            // To C, this one is none.
            Token::Char(0) => self.error_at(message, None),
            other => {
                let text: Vec<u8> = other.text().chars().map(|letter| letter as u8).collect();
                self.error_at(message, Some(&text))
            }
        }
    }

    /// An error near what has been read of a token.
    fn error_here(&self, message: &str) -> SyntaxError {
        self.error_at(message, Some(&self.text))
    }

    /// The next token.
    pub fn next(&mut self, heap: &mut Heap) -> Result<Token> {
        self.text.clear();
        loop {
            let Some(byte) = self.peek() else { return Ok(Token::End) };
            match byte {
                b'\n' | b'\r' => self.end_line()?,
                b'-' => {
                    self.at += 1;
                    if !self.eat(b'-') {
                        return Ok(Token::Char(b'-'));
                    }
                    self.comment(heap)?;
                }
                b'[' => match self.long_bracket() {
                    Bracket::Long(level) => return self.long_string(level, heap, "string"),
                    Bracket::Plain => return Ok(Token::Char(b'[')),
                    Bracket::Broken => {
                        return Err(self.error_here("invalid long string delimiter"));
                    }
                },
                b'=' => return Ok(self.one_or_two(b'=', Token::Equal)),
                b'<' => return Ok(self.one_or_two(b'<', Token::LessEqual)),
                b'>' => return Ok(self.one_or_two(b'>', Token::GreaterEqual)),
                b'~' => return Ok(self.one_or_two(b'~', Token::NotEqual)),
                b'"' | b'\'' => return self.quoted(byte, heap),
                b'.' => {
                    self.save();
                    // A zero byte counts as a point here, see `number`.
                    let mut eat_point = || self.eat(b'.') || self.eat(0);
                    if eat_point() {
                        return Ok(if eat_point() { Token::Dots } else { Token::Concat });
                    }
                    if self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                        return self.number();
                    }
                    return Ok(Token::Char(b'.'));
                }
                b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
                b'0'..=b'9' => return self.number(),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                        self.save();
                    }
                    return Ok(match Word::of(&self.text) {
                        Some(word) => Token::Word(word),
                        None => Token::Name(heap.string(&self.text)),
                    });
                }
                _ => {
                    self.at += 1;
                    return Ok(Token::Char(byte));
                }
            }
        }
    }

    fn one_or_two(&mut self, one: u8, two: Token) -> Token {
        self.at += 1;
        if self.eat(b'=') { two } else { Token::Char(one) }
    }

    fn comment(&mut self, heap: &mut Heap) -> Result<()> {
        if self.peek() == Some(b'[') {
            let bracket = self.long_bracket();
            self.text.clear();
            if let Bracket::Long(level) = bracket {
                self.long_string(level, heap, "comment")?;
                self.text.clear();
                return Ok(());
            }
        }
        while !matches!(self.peek(), None | Some(b'\n' | b'\r')) {
            self.at += 1;
        }
        Ok(())
    }

    /// What begins with a bracket: `[`, then `=` any number of times, then `[` again.
    fn long_bracket(&mut self) -> Bracket {
        self.save();
        let start = self.at;
        while self.peek() == Some(b'=') {
            self.save();
        }
        let level = self.at - start;
        match self.peek() {
            Some(b'[') => Bracket::Long(level),
            _ if level == 0 => Bracket::Plain,
            _ => Bracket::Broken,
        }
    }

    /// The rest of a long string from its second bracket on.
    fn long_string(&mut self, level: usize, heap: &mut Heap, what: &str) -> Result<Token> {
        self.save();
        let opening = self.text.len();
        let is_kept = what == "string";
        if matches!(self.peek(), Some(b'\n' | b'\r')) {
            self.end_line()?;
        }
        loop {
            match self.peek() {
                None => {
                    return Err(self.error_at(&format!("unfinished long {what}"), Some(b"<eof>")));
                }
                Some(b'[') => {
                    if matches!(self.long_bracket(), Bracket::Long(inner) if inner == level) {
                        self.save();
                        if level == 0 {
                            return Err(self.error_at("nesting of [[...]] is deprecated", Some(b"[")));
                        }
                    }
                }
                Some(b']') => {
                    self.save();
                    let start = self.at;
                    while self.peek() == Some(b'=') {
                        self.save();
                    }
                    if self.at - start == level && self.peek() == Some(b']') {
                        self.save();
                        break;
                    }
                }
                Some(b'\n' | b'\r') => {
                    self.text.push(b'\n');
                    self.end_line()?;
                    if !is_kept {
                        self.text.truncate(opening);
                    }
                }
                Some(_) if is_kept => self.save(),
                Some(_) => self.at += 1,
            }
        }
        let string = if is_kept { &self.text[opening..self.text.len() - opening] } else { &[][..] };
        Ok(Token::String(heap.string(string)))
    }

    fn quoted(&mut self, quote: u8, heap: &mut Heap) -> Result<Token> {
        self.save();
        loop {
            match self.peek() {
                None => return Err(self.error_at("unfinished string", Some(b"<eof>"))),
                Some(b'\n' | b'\r') => return Err(self.error_here("unfinished string")),
                Some(b'\\') => {
                    self.at += 1;
                    self.escape()?;
                }
                Some(byte) => {
                    self.save();
                    if byte == quote {
                        break;
                    }
                }
            }
        }
        let string = heap.string(&self.text[1..self.text.len() - 1]);
        Ok(Token::String(string))
    }

    fn escape(&mut self) -> Result<()> {
        let Some(byte) = self.peek() else { return Ok(()) };
        let meant = match byte {
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0b,
            b'\n' | b'\r' => {
                self.text.push(b'\n');
                return self.end_line();
            }
            b'0'..=b'9' => {
                let mut code = 0;
                for _ in 0..3 {
                    let Some(digit @ b'0'..=b'9') = self.peek() else { break };
                    code = code * 10 + u32::from(digit - b'0');
                    self.at += 1;
                }
                match u8::try_from(code) {
                    Ok(byte) => self.text.push(byte),
                    Err(_) => return Err(self.error_here("escape sequence too large")),
                }
                return Ok(());
            }
            other => other,
        };
        self.text.push(meant);
        self.at += 1;
        Ok(())
    }

    /// A number from its first digit on, or from behind its point.
    fn number(&mut self) -> Result<Token> {
        while matches!(self.peek(), Some(b'0'..=b'9' | b'.')) {
            self.save();
        }
        // C finds a zero byte in each list of characters, and what stands before one in a text is all of it.
        if matches!(self.peek(), Some(b'e' | b'E' | 0)) {
            self.save();
            if matches!(self.peek(), Some(b'+' | b'-' | 0)) {
                self.save();
            }
        }
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            self.save();
        }
        match number::parse(&self.text) {
            Some(number) => Ok(Token::Number(number)),
            None => Err(self.error_here("malformed number")),
        }
    }
}

enum Bracket {
    Long(usize),
    Plain,
    Broken,
}
