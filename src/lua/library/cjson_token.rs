//! The tokens of JSON text, as cjson reads them: more than JSON has, unless told otherwise.
//!
//! A zero byte ends the text, wherever it is. It knows nothing of values and of what tokens make together.

use crate::number;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token {
    ObjectBegin,
    ObjectEnd,
    ArrayBegin,
    ArrayEnd,
    /// Its text is [`Reader::string`].
    String,
    Number(f64),
    Boolean(bool),
    Null,
    Colon,
    Comma,
    End,
    Error(&'static str),
}

impl Token {
    /// As errors name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ObjectBegin => "T_OBJ_BEGIN",
            Self::ObjectEnd => "T_OBJ_END",
            Self::ArrayBegin => "T_ARR_BEGIN",
            Self::ArrayEnd => "T_ARR_END",
            Self::String => "T_STRING",
            Self::Number(_) => "T_NUMBER",
            Self::Boolean(_) => "T_BOOLEAN",
            Self::Null => "T_NULL",
            Self::Colon => "T_COLON",
            Self::Comma => "T_COMMA",
            Self::End => "T_END",
            Self::Error(what) => what,
        }
    }
}

const INVALID_TOKEN: Token = Token::Error("invalid token");
const INVALID_NUMBER: Token = Token::Error("invalid number");

/// Where in the text a reader is.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    reads_invalid: bool,
    /// Where the last token began, or what is wrong with it is.
    pub start: usize,
    /// The contents of the last string.
    pub string: Vec<u8>,
}

impl<'a> Reader<'a> {
    pub fn new(text: &'a [u8], reads_invalid: bool) -> Self {
        Self { text, at: 0, reads_invalid, start: 0, string: Vec::new() }
    }

    /// Behind the last token.
    pub fn at(&self) -> usize {
        self.at
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn next(&mut self) -> Token {
        while let b' ' | b'\t' | b'\n' | b'\r' = self.byte(0) {
            self.at += 1;
        }
        self.start = self.at;
        let single = match self.byte(0) {
            0 => return Token::End,
            b'{' => Token::ObjectBegin,
            b'}' => Token::ObjectEnd,
            b'[' => Token::ArrayBegin,
            b']' => Token::ArrayEnd,
            b':' => Token::Colon,
            b',' => Token::Comma,
            b'"' => return self.read_string(),
            b'-' | b'0'..=b'9' if self.reads_invalid || !is_invalid_number(self.rest()) => {
                return self.read_number();
            }
            b'-' | b'0'..=b'9' => return INVALID_NUMBER,
            b'+' | b'f' | b'i' | b'I' | b'n' | b'N' | b't' => return self.read_word(),
            _ => return INVALID_TOKEN,
        };
        self.at += 1;
        single
    }

    fn read_word(&mut self) -> Token {
        const WORDS: [(&[u8], Token); 3] =
            [(b"true", Token::Boolean(true)), (b"false", Token::Boolean(false)), (b"null", Token::Null)];
        for (word, token) in WORDS {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return token;
            }
        }
        if self.reads_invalid && is_invalid_number(self.rest()) { self.read_number() } else { INVALID_TOKEN }
    }

    fn read_number(&mut self) -> Token {
        let length = number_length(self.rest());
        let digits = self.rest().get(..length).unwrap_or_default();
        match number::parse(digits) {
            Some(number) => {
                self.at += length;
                Token::Number(number)
            }
            None => INVALID_NUMBER,
        }
    }

    /// A string, from its opening quote on.
    fn read_string(&mut self) -> Token {
        self.string.clear();
        self.at += 1;
        loop {
            let length = self.rest().iter().position(|byte| matches!(byte, 0 | b'"' | b'\\'));
            let plain = self.rest().get(..length.unwrap_or(self.rest().len())).unwrap_or_default();
            self.string.extend_from_slice(plain);
            self.at += plain.len();
            let problem = match self.byte(0) {
                b'"' => {
                    self.at += 1;
                    return Token::String;
                }
                b'\\' => self.read_escape(),
                _ => Err("unexpected end of string"),
            };
            if let Err(what) = problem {
                self.start = self.at;
                return Token::Error(what);
            }
        }
    }

    fn read_escape(&mut self) -> Result<(), &'static str> {
        let byte = match self.byte(1) {
            byte @ (b'"' | b'\\' | b'/') => byte,
            b'b' => 0x08,
            b't' => b'\t',
            b'n' => b'\n',
            b'f' => 0x0c,
            b'r' => b'\r',
            b'u' => return self.read_unicode().ok_or("invalid unicode escape code"),
            _ => return Err("invalid escape code"),
        };
        self.string.push(byte);
        self.at += 2;
        Ok(())
    }

    /// A character by its number; one above 0xffff comes as two, a high and a low surrogate.
    fn read_unicode(&mut self) -> Option<()> {
        let mut code = self.hex(2)?;
        let mut length = 6;
        if (0xd800..0xdc00).contains(&code) {
            if (self.byte(6), self.byte(7)) != (b'\\', b'u') {
                return None;
            }
            let low = self.hex(8).filter(|low| (0xdc00..0xe000).contains(low))?;
            code = 0x1_0000 + ((code & 0x3ff) << 10 | low & 0x3ff);
            length = 12;
        }
        // A low surrogate by itself is no character.
        let character = char::from_u32(code)?;
        self.string.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        self.at += length;
        Some(())
    }

    /// Four hexadecimal digits.
    fn hex(&self, ahead: usize) -> Option<u32> {
        let mut code = 0;
        for digit in ahead..ahead + 4 {
            code = code << 4 | char::from(self.byte(digit)).to_digit(16)?;
        }
        Some(code)
    }
}

/// Whether what begins here is a number that JSON does not have: a plus sign, leading zeros, hexadecimal, no number at all.
fn is_invalid_number(text: &[u8]) -> bool {
    let digits = match text {
        [b'+', ..] => return true,
        [b'-', rest @ ..] => rest,
        _ => text,
    };
    match digits {
        [b'0', b'x' | b'X' | b'0'..=b'9', ..] => true,
        [first, ..] if first.is_ascii_alphabetic() => {
            let begins = |name: &[u8]| digits.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(name));
            begins(b"inf") || begins(b"nan")
        }
        _ => false,
    }
}

/// How much of a text is a number, as C's `strtod` takes as much as it can.
fn number_length(text: &[u8]) -> usize {
    let count = |from: usize, is_digit: fn(&u8) -> bool| {
        text.get(from..).unwrap_or_default().iter().take_while(|byte| is_digit(byte)).count()
    };
    let byte = |at: usize| text.get(at).copied().unwrap_or(0);
    let begins = |from: usize, name: &[u8]| {
        text.get(from..from + name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
    };
    // Digits with a point among them: up to where they go, and whether there is any.
    let mantissa = |from: usize, is_digit: fn(&u8) -> bool| {
        let whole = count(from, is_digit);
        let end = from + whole;
        if byte(end) != b'.' {
            return (end, whole > 0);
        }
        let fraction = count(end + 1, is_digit);
        (end + 1 + fraction, whole + fraction > 0)
    };
    let exponent = |from: usize, letter: u8| {
        let sign = usize::from(matches!(byte(from + 1), b'+' | b'-'));
        let digits = count(from + 1 + sign, u8::is_ascii_digit);
        if byte(from).eq_ignore_ascii_case(&letter) && digits > 0 { from + 1 + sign + digits } else { from }
    };
    let sign = usize::from(matches!(byte(0), b'+' | b'-'));
    if begins(sign, b"infinity") {
        return sign + 8;
    }
    if begins(sign, b"inf") {
        return sign + 3;
    }
    if begins(sign, b"nan") {
        let tag = if byte(sign + 3) == b'(' {
            count(sign + 4, |byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        } else {
            0
        };
        return if byte(sign + 3) == b'(' && byte(sign + 4 + tag) == b')' {
            sign + 5 + tag
        } else {
            sign + 3
        };
    }
    if begins(sign, b"0x") {
        let (end, has_digit) = mantissa(sign + 2, u8::is_ascii_hexdigit);
        return if has_digit { exponent(end, b'p') } else { sign + 1 };
    }
    let (end, has_digit) = mantissa(sign, u8::is_ascii_digit);
    if has_digit { exponent(end, b'e') } else { 0 }
}
