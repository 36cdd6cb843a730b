//! The line parser of redis-cli: words, quotes and escapes.
//!
//! Double quotes know `\n \r \t \b \a \xHH`, `\"` and `\\`; single quotes only `\'`. A closing quote must be followed by
//! a space or the end. Bytes stay bytes; nothing here knows a command.

use std::ops::Range;

/// The line has a quote that is not closed, or is closed and directly followed by more: redis-cli's
/// `Invalid argument(s)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnbalancedQuotes;

impl std::fmt::Display for UnbalancedQuotes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Invalid argument(s)")
    }
}

impl std::error::Error for UnbalancedQuotes {}

/// Splits a line into arguments.
pub fn split_line(line: &[u8]) -> Result<Vec<Vec<u8>>, UnbalancedQuotes> {
    let mut words = Vec::new();
    let mut rest = skip_spaces(line);
    while !rest.is_empty() {
        let (word, after) = take_word(rest)?;
        words.push(word);
        rest = skip_spaces(after);
    }
    Ok(words)
}

/// A word of a line that may still be being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Where it is in the line, its quotes included.
    pub range: Range<usize>,
    pub bytes: Vec<u8>,
    /// Whether its quotes are in order. A word whose quotes are not takes the rest of the line.
    pub is_whole: bool,
}

/// The words of a line and where they are, as many of them as asked for. Where [`split_line`] refuses a line, its last
/// word is the faulty one; of quotes that are still open, its bytes are what they hold so far.
pub fn words(line: &[u8], limit: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = skip_spaces(line);
    while !rest.is_empty() && words.len() < limit {
        let start = line.len() - rest.len();
        if let Ok((bytes, after)) = take_word(rest) {
            words.push(Word { range: start..line.len() - after.len(), bytes, is_whole: true });
            rest = skip_spaces(after);
        } else {
            let closed = |mark: u8| take_word(&[rest, &[mark]].concat()).ok().map(|(bytes, _)| bytes);
            let bytes = closed(b'"').or_else(|| closed(b'\'')).unwrap_or_else(|| rest.to_vec());
            words.push(Word { range: start..line.len(), bytes, is_whole: false });
            break;
        }
    }
    words
}

/// A quote that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quote {
    Double,
    Single,
}

/// The quote that is open behind a line, where one was open before it or none: what [`split_line`] lacks, followed
/// without making words, since a script is asked for it line by line.
pub fn open_quote(before: Option<Quote>, line: &[u8]) -> Option<Quote> {
    let (mut open, mut rest, mut in_word) = (before, line, false);
    loop {
        rest = match (open, rest) {
            (_, []) => return open,
            (Some(Quote::Double), [b'\\', _, after @ ..])
            | (Some(Quote::Single), [b'\\', b'\'', after @ ..]) => after,
            (Some(Quote::Double), [b'"', after @ ..]) | (Some(Quote::Single), [b'\'', after @ ..]) => {
                // What follows a closing quote directly makes the line a faulty one, which ends where it ends.
                if after.first().is_some_and(|byte| !is_space(*byte)) {
                    return None;
                }
                (open, in_word) = (None, false);
                after
            }
            (None, [b'"', after @ ..]) => {
                open = Some(Quote::Double);
                after
            }
            (None, [b'\'', after @ ..]) => {
                open = Some(Quote::Single);
                after
            }
            // To the parser, a line ends there.
            (None, [0, ..]) if in_word => return None,
            (_, [byte, after @ ..]) => {
                in_word = !is_space(*byte) && *byte != 0;
                after
            }
        };
    }
}

/// What C sees of a text: it ends at the first zero byte.
pub fn c_text(text: &[u8]) -> &[u8] {
    text.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// What C's `isspace` takes for space.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)
}

fn skip_spaces(line: &[u8]) -> &[u8] {
    let start = line.iter().position(|b| !is_space(*b) && *b != 0).unwrap_or(line.len());
    &line[start..]
}

/// One word and the line from its end on. Quotes may begin in the middle of a word.
fn take_word(mut rest: &[u8]) -> Result<(Vec<u8>, &[u8]), UnbalancedQuotes> {
    let mut word = Vec::new();
    loop {
        match rest {
            [] | [0, ..] => return Ok((word, &[])),
            [byte, ..] if is_space(*byte) => return Ok((word, rest)),
            [b'"', after @ ..] => return closed(quoted(after, &mut word, double_quoted)?, word),
            [b'\'', after @ ..] => return closed(quoted(after, &mut word, single_quoted)?, word),
            [byte, after @ ..] => {
                word.push(*byte);
                rest = after;
            }
        }
    }
}

/// A closing quote ends the word.
fn closed(after: &[u8], word: Vec<u8>) -> Result<(Vec<u8>, &[u8]), UnbalancedQuotes> {
    match after {
        [] => Ok((word, after)),
        [byte, ..] if is_space(*byte) => Ok((word, after)),
        _ => Err(UnbalancedQuotes),
    }
}

/// A piece inside quotes: a byte and how many bytes of the line it took, or the end of the quotes.
type Piece = Option<(u8, usize)>;

fn quoted<'a>(
    mut rest: &'a [u8],
    word: &mut Vec<u8>,
    piece: fn(&[u8]) -> Piece,
) -> Result<&'a [u8], UnbalancedQuotes> {
    while !rest.is_empty() {
        let Some((byte, width)) = piece(rest) else {
            return Ok(&rest[1..]);
        };
        word.push(byte);
        rest = &rest[width..];
    }
    Err(UnbalancedQuotes)
}

fn double_quoted(rest: &[u8]) -> Piece {
    match rest {
        [b'\\', b'x', high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
            Some((hex(*high) << 4 | hex(*low), 4))
        }
        [b'\\', escaped, ..] => {
            let byte = match escaped {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'b' => 0x08,
                b'a' => 0x07,
                other => *other,
            };
            Some((byte, 2))
        }
        [b'"', ..] | [] => None,
        [byte, ..] => Some((*byte, 1)),
    }
}

fn single_quoted(rest: &[u8]) -> Piece {
    match rest {
        [b'\\', b'\'', ..] => Some((b'\'', 2)),
        [b'\'', ..] | [] => None,
        [byte, ..] => Some((*byte, 1)),
    }
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => digit.wrapping_sub(b'A') + 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Option<Vec<Vec<u8>>> {
        split_line(line.as_bytes()).ok()
    }

    #[test]
    fn splits_as_redis_cli_does() {
        let cases: [(&str, Option<&[&[u8]]>); 10] = [
            ("", Some(&[])),
            ("  SET  k\tv ", Some(&[b"SET", b"k", b"v"])),
            (r#"SET k "a b""#, Some(&[b"SET", b"k", b"a b"])),
            (r#""\x41\n\"\\""#, Some(&[b"A\n\"\\"])),
            (r#"'it\'s \n'"#, Some(&[b"it's \\n"])),
            (r#""""#, Some(&[b""])),
            (r#"a"b""#, Some(&[b"ab"])),
            (r#""open"#, None),
            (r#""a"b"#, None),
            (r#""\xZZ""#, Some(&[b"xZZ"])),
        ];
        for (line, expected) in cases {
            let expected = expected.map(|w| w.iter().map(|s| s.to_vec()).collect::<Vec<_>>());
            assert_eq!(words(line), expected, "{line}");
        }
    }

    #[test]
    fn words_of_an_unfinished_line_are_found_where_they_are() {
        let found = |line: &str| {
            let words = super::words(line.as_bytes(), usize::MAX).into_iter();
            words.map(|w| (w.range, String::from_utf8(w.bytes).unwrap(), w.is_whole)).collect::<Vec<_>>()
        };
        assert_eq!(
            found(r#" GET  "a b" x"#),
            [(1..4, "GET".into(), true), (6..11, "a b".into(), true), (12..13, "x".into(), true)]
        );
        assert_eq!(found(r#"GET "my \x41"#)[1], (4..12, r"my A".replace(r"\x41", "A"), false));
        assert_eq!(found("GET 'it")[1], (4..7, "it".into(), false));
        assert_eq!(found(r#"GET "a"b c"#)[1], (4..10, r#""a"b c"#.into(), false));
        assert_eq!(super::words(b"a b c", 2).len(), 2);
        assert!(found("   ").is_empty());
    }
}
