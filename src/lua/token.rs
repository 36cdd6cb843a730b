//! The words of Lua, and how an error names one.

use crate::value::Str;

/// One token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token {
    Word(Word),
    /// A single character that is a token of its own.
    Char(u8),
    Concat,
    Dots,
    Equal,
    GreaterEqual,
    LessEqual,
    NotEqual,
    Number(f64),
    Name(Str),
    String(Str),
    End,
}

macro_rules! words {
    ($($word:ident = $text:literal),* $(,)?) => {
        /// A reserved word.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Word { $($word),* }

        impl Word {
            pub fn of(text: &[u8]) -> Option<Self> {
                match text {
                    $(_ if text == $text.as_bytes() => Some(Self::$word),)*
                    _ => None,
                }
            }

            pub fn text(self) -> &'static str {
                match self { $(Self::$word => $text),* }
            }
        }
    };
}

words! {
    And = "and", Break = "break", Do = "do", Else = "else", ElseIf = "elseif", End = "end", False = "false", For = "for",
    Function = "function", If = "if", In = "in", Local = "local", Nil = "nil", Not = "not", Or = "or", Repeat = "repeat",
    Return = "return", Then = "then", True = "true", Until = "until", While = "while",
}

impl Token {
    /// The token as an error names it where its text is not at hand.
    pub fn text(self) -> String {
        match self {
            Self::Word(word) => word.text().into(),
            Self::Char(byte) if byte.is_ascii_control() => format!("char({byte})"),
            // Bytes beyond ASCII are written as the letters of Latin 1, and back to bytes where the message is made.
            Self::Char(byte) => char::from(byte).into(),
            Self::Concat => "..".into(),
            Self::Dots => "...".into(),
            Self::Equal => "==".into(),
            Self::GreaterEqual => ">=".into(),
            Self::LessEqual => "<=".into(),
            Self::NotEqual => "~=".into(),
            Self::Number(_) => "<number>".into(),
            Self::Name(_) => "<name>".into(),
            Self::String(_) => "<string>".into(),
            Self::End => "<eof>".into(),
        }
    }
}
