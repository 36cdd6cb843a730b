//! The words of a Lua 5.1 program as colours tell them apart. Plain names, blanks and brackets are left out.
//!
//! Total over bytes, and patient with what is being written: a string or a comment that nothing ends goes on to where
//! the text, or for a short string the line, does. Whether a program can run is not known here.

use std::ops::Range;

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Keyword,
    /// A library.
    Library,
    /// What a script is given: `KEYS` and `ARGV`.
    Given,
    Text,
    Number,
    /// Also the line before a library of functions (`#!lua name=…`).
    Comment,
    Operator,
}

impl Kind {
    /// The last part of its name in the style sheet.
    pub fn token(self) -> &'static str {
        match self {
            Self::Keyword => "lua-keyword",
            Self::Library => "lua-library",
            Self::Given => "lua-given",
            Self::Text => "lua-text",
            Self::Number => "lua-number",
            Self::Comment => "lua-comment",
            Self::Operator => "lua-operator",
        }
    }
}

/// A word and where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub kind: Kind,
    pub range: Range<usize>,
}

const KEYWORDS: [&str; 21] = [
    "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "if", "in", "local", "nil",
    "not", "or", "repeat", "return", "then", "true", "until", "while",
];
/// Those that scripts of Redis find.
const LIBRARIES: [&str; 10] =
    ["redis", "string", "table", "math", "cjson", "cmsgpack", "struct", "bit", "os", "coroutine"];
const GIVEN: [&str; 2] = ["KEYS", "ARGV"];
/// The longer ones first.
const OPERATORS: [&str; 18] =
    ["...", "..", "==", "~=", "<=", ">=", "+", "-", "*", "/", "%", "^", "#", "=", "<", ">", "~", "!"];

/// The words of a program, as many of them as asked for.
pub fn words(source: &[u8], limit: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut at = 0;
    // Behind a point or a colon, a name is a field's, whatever it is called.
    let mut is_field = false;
    while words.len() < limit {
        let rest = source.get(at..).unwrap_or_default();
        let Some(first) = rest.first() else { break };
        let (kind, length) = word(rest, at == 0, is_field);
        if !first.is_ascii_whitespace() && kind != Some(Kind::Comment) {
            is_field = kind.is_none() && matches!(first, b'.' | b':');
        }
        if let Some(kind) = kind {
            words.push(Word { kind, range: at..at + length });
        }
        at += length;
    }
    words
}

/// What the text begins with, if that is coloured, and how many bytes it takes: one at least.
fn word(rest: &[u8], is_first: bool, is_field: bool) -> (Option<Kind>, usize) {
    match rest {
        [b'#', b'!', ..] if is_first => (Some(Kind::Comment), line(rest)),
        [b'-', b'-', after @ ..] => {
            let length = long(after).unwrap_or_else(|| line(after));
            (Some(Kind::Comment), 2 + length)
        }
        [b'"' | b'\'', ..] => (Some(Kind::Text), short(rest)),
        [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => (Some(Kind::Number), number(rest)),
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => {
            let length = run(rest, |byte| byte.is_ascii_alphanumeric() || byte == b'_');
            let name = rest.get(..length).unwrap_or_default();
            let is_in = |names: &[&str]| names.iter().any(|known| known.as_bytes() == name);
            let kind = match () {
                () if is_in(&KEYWORDS) => Some(Kind::Keyword),
                () if is_field => None,
                () if is_in(&LIBRARIES) => Some(Kind::Library),
                () if is_in(&GIVEN) => Some(Kind::Given),
                () => None,
            };
            (kind, length)
        }
        _ => {
            if let Some(length) = long(rest) {
                return (Some(Kind::Text), length);
            }
            let operator = OPERATORS.iter().find(|operator| rest.starts_with(operator.as_bytes()));
            operator.map_or((None, 1), |operator| (Some(Kind::Operator), operator.len()))
        }
    }
}

/// How many bytes from the beginning on are so.
fn run(text: &[u8], is_so: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|byte| !is_so(*byte)).unwrap_or(text.len())
}

/// The rest of the line.
fn line(text: &[u8]) -> usize {
    run(text, |byte| byte != b'\n')
}

/// Text between long brackets (`[[…]]`, `[==[…]==]`), brackets included; none where none begins.
fn long(text: &[u8]) -> Option<usize> {
    let after = text.strip_prefix(b"[")?;
    let level = run(after, |byte| byte == b'=');
    let inside = after.get(level..)?.strip_prefix(b"[")?;
    let end = [b"]".as_slice(), &vec![b'='; level], b"]"].concat();
    let found = inside.windows(end.len()).position(|window| window == end);
    Some(text.len() - inside.len() + found.map_or(inside.len(), |at| at + end.len()))
}

/// Text in quotes, up to the end of the line where nothing closes it.
fn short(text: &[u8]) -> usize {
    let Some((mark, mut rest)) = text.split_first() else { return 0 };
    loop {
        match rest {
            [] | [b'\n', ..] => return text.len() - rest.len(),
            [b'\\', b'\r', b'\n', after @ ..] | [b'\\', _, after @ ..] => rest = after,
            [byte, after @ ..] => {
                rest = after;
                if byte == mark {
                    return text.len() - rest.len();
                }
            }
        }
    }
}

/// A number as Lua reads it: whatever may follow its digits belongs to it, right or wrong.
fn number(text: &[u8]) -> usize {
    let mut length = run(text, |byte| byte.is_ascii_digit() || byte == b'.');
    if matches!(text.get(length..), Some([b'e' | b'E', b'+' | b'-', ..])) {
        length += 2;
    }
    length + run(text.get(length..).unwrap_or_default(), |byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> String {
        let tell = |word: &Word| {
            let letter = match word.kind {
                Kind::Keyword => 'k',
                Kind::Library => 'l',
                Kind::Given => 'g',
                Kind::Text => 't',
                Kind::Number => 'n',
                Kind::Comment => 'c',
                Kind::Operator => 'o',
            };
            format!("{letter}:{}", &source[word.range.clone()])
        };
        words(source.as_bytes(), usize::MAX).iter().map(tell).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn words_are_told_apart() {
        assert_eq!(
            told("local n = redis.call('GET', KEYS[1]) or 0"),
            "k:local|o:=|l:redis|t:'GET'|g:KEYS|n:1|k:or|n:0"
        );
        assert_eq!(
            told("for i=1,#ARGV do x = i..'a' end"),
            "k:for|o:=|n:1|o:#|g:ARGV|k:do|o:=|o:..|t:'a'|k:end"
        );
        assert_eq!(
            told("return 0x1F + .5e-3 + 3e+2 ~= 1..2"),
            "k:return|n:0x1F|o:+|n:.5e-3|o:+|n:3e+2|o:~=|n:1..2"
        );
        assert_eq!(told("-- é a note\nf(...)"), "c:-- é a note|o:...");
        assert_eq!(told("#!lua name=lib\n#t"), "c:#!lua name=lib|o:#");
    }

    #[test]
    fn a_field_is_no_library() {
        assert_eq!(told("a.string, a:table(), a . bit, a..bit"), "o:..|l:bit");
        assert_eq!(told("a.KEYS --x\n.redis redis"), "c:--x|l:redis");
        assert_eq!(told("redistribute string_ KEYS1 _end"), "");
    }

    #[test]
    fn long_brackets_end_at_their_own_level() {
        assert_eq!(told("x [[a\n]=]b]] y"), "t:[[a\n]=]b]]");
        assert_eq!(told("[==[a]]b]=]c]==]1"), "t:[==[a]]b]=]c]==]|n:1");
        assert_eq!(told("--[=[a\n]]b]=]1"), "c:--[=[a\n]]b]=]|n:1");
        assert_eq!(told("--[a\n1"), "c:--[a|n:1");
        assert_eq!(told("t[t[1]] [=a"), "n:1|o:=");
    }

    #[test]
    fn what_is_unfinished_goes_on_to_where_it_can() {
        assert_eq!(told("'a\\'b\n1"), "t:'a\\'b|n:1");
        assert_eq!(told("\"a\\\n'b\" 1"), "t:\"a\\\n'b\"|n:1");
        assert_eq!(told("'\\"), "t:'\\");
        assert_eq!(told("[[a\nb"), "t:[[a\nb");
        assert_eq!(told("--[[a\nb"), "c:--[[a\nb");
        assert_eq!(words(b"1 2 3", 2).len(), 2);
    }

    #[test]
    fn any_bytes_give_words_in_order_that_lie_in_them() {
        let mut seed = 1_u64;
        let mut below = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % n
        };
        let pieces: [&[u8]; 20] = [
            b"[",
            b"]",
            b"=",
            b"--",
            b"\"",
            b"'",
            b"\\",
            b"\n",
            b"\r",
            b"end",
            b"redis",
            b".",
            b"1",
            b"e",
            b"-",
            b"\xff",
            b"\x00",
            "é".as_bytes(),
            b" ",
            b"#!",
        ];
        for _ in 0..5_000 {
            let source: Vec<u8> = (0..below(24)).flat_map(|_| pieces[below(20)].to_vec()).collect();
            let mut end = 0;
            for word in words(&source, usize::MAX) {
                assert!(word.range.start >= end && word.range.end > word.range.start, "{source:?}");
                end = word.range.end;
            }
            assert!(end <= source.len());
        }
    }
}
