//! The script that an argument of a command is: which one, and its words where they are in the line as typed.
//!
//! In double quotes a script is written with escapes, and its words are found in what these stand for. A script that is
//! wrong is no fault of the line, and is not marked.

use playground_engine::parse::Word;

use super::{Class, Span, border};
use crate::client_words;
use crate::lua_words;

/// Words of a script that are told apart; what follows them is plain.
const WORDS: usize = 4_000;
/// Bytes of a script that are read for them.
const READ: usize = 100_000;

/// Which of a line's words is a script.
pub(super) fn place(words: &[Word]) -> Option<usize> {
    let skipped = client_words::repeats(words.iter().map(|word| word.bytes.as_slice())).map_or(0, |_| 1);
    let is = |at: usize, name: &str| {
        words.get(skipped + at).is_some_and(|word| word.bytes.eq_ignore_ascii_case(name.as_bytes()))
    };
    let at = match () {
        () if is(0, "EVAL") || is(0, "EVAL_RO") => 1,
        () if is(0, "SCRIPT") && is(1, "LOAD") => 2,
        () if is(0, "FUNCTION") && is(1, "LOAD") => 2 + usize::from(is(2, "REPLACE")),
        () => return None,
    };
    (skipped + at < words.len()).then_some(skipped + at)
}

/// The quotes of a script and its words.
pub(super) fn spans(word: &Word, line: &str, spans: &mut Vec<Span>) {
    let text = line.as_bytes().get(word.range.clone()).unwrap_or_default();
    let head = text.get(..READ).unwrap_or(text);
    let Argument { bytes, places } = Argument::read(head);
    let place = |at: usize| word.range.start + places.get(at).copied().unwrap_or(head.len());
    let (first, last) = (place(0), place(bytes.len()));
    spans.push(Span { class: Class::Quoted, range: border(line, word.range.start..first) });
    for lua in lua_words::words(&bytes, WORDS) {
        let range = border(line, place(lua.range.start)..place(lua.range.end));
        spans.push(Span { class: Class::Lua(lua.kind), range });
    }
    if head.len() == text.len() {
        spans.push(Span { class: Class::Quoted, range: border(line, last..word.range.end) });
    }
}

/// What an argument stands for, and where each byte of that was written.
struct Argument {
    bytes: Vec<u8>,
    /// One more than there are bytes: where the last one ends.
    places: Vec<usize>,
}

impl Argument {
    fn read(text: &[u8]) -> Self {
        let mut read = Self { bytes: Vec::with_capacity(text.len()), places: Vec::with_capacity(text.len()) };
        let (mut rest, mut quote) = (text, None);
        while let Some(first) = rest.first() {
            let (byte, width) = match (quote, rest) {
                (Some(open), [mark, ..]) if *mark == open => break,
                (None, [b'"' | b'\'', after @ ..]) => {
                    (quote, rest) = (Some(*first), after);
                    continue;
                }
                (Some(b'"'), [b'\\', b'x', high, low, ..]) if is_hex(*high) && is_hex(*low) => {
                    (digit(*high) << 4 | digit(*low), 4)
                }
                (Some(b'"'), [b'\\', escaped, ..]) => (meant(*escaped), 2),
                (Some(b'\''), [b'\\', b'\'', ..]) => (b'\'', 2),
                _ => (*first, 1),
            };
            read.bytes.push(byte);
            read.places.push(text.len() - rest.len());
            rest = rest.get(width..).unwrap_or_default();
        }
        read.places.push(text.len() - rest.len());
        read
    }
}

/// What a letter behind a backslash means.
fn meant(escaped: u8) -> u8 {
    match escaped {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'b' => 0x08,
        b'a' => 0x07,
        other => other,
    }
}

fn is_hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn digit(byte: u8) -> u8 {
    (byte as char).to_digit(16).map_or(0, |digit| digit as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::highlight::{line, parts, unfinished};
    use playground_engine::parse;

    /// The script's part of a line, its words marked.
    fn told(text: &str, spans: &[Span]) -> String {
        let lua = |span: &&Span| match span.class {
            Class::Lua(_) | Class::Quoted => true,
            Class::Error => text[span.range.clone()].starts_with('"'),
            _ => false,
        };
        let tell = |span: &Span| {
            format!("{}:{}", span.class.token().trim_start_matches("lua-"), &text[span.range.clone()])
        };
        spans.iter().filter(lua).map(tell).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn the_words_of_a_script_are_found_where_they_were_typed() {
        let whole = |text: &str| told(text, &line(text));
        assert_eq!(
            whole(r#"EVAL "return redis.call('GET', KEYS[1])" 1 k"#),
            r#"quoted:"|keyword:return|library:redis|text:'GET'|given:KEYS|number:1|quoted:""#
        );
        assert_eq!(
            whole(r#"EVAL "x = \"a\\n\"\n-- \x65nd\nend" 0"#),
            r#"quoted:"|operator:=|text:\"a\\n\"|comment:-- \x65nd|keyword:end|quoted:""#
        );
        assert_eq!(
            whole(r"EVAL_RO 'return \'é\' .. 1' 0"),
            r"quoted:'|keyword:return|text:\'é\'|operator:..|number:1|quoted:'"
        );
        assert_eq!(whole("3 script load return"), "keyword:return");
        assert_eq!(
            whole("FUNCTION LOAD REPLACE \"#!lua name=l\nend\""),
            "quoted:\"|comment:#!lua name=l|keyword:end|quoted:\""
        );
        assert_eq!(whole("FUNCTION LOAD \"end\""), "quoted:\"|keyword:end|quoted:\"");
        assert_eq!(whole("ECHO \"end\""), "quoted:\"end\"");
    }

    #[test]
    fn what_is_wrong_in_a_script_is_not_wrong_in_the_line() {
        assert_eq!(
            told("EVAL \"return [[ 'a\" 0", &line("EVAL \"return [[ 'a\" 0")),
            "quoted:\"|keyword:return|text:[[ 'a|quoted:\""
        );
        let open = "EVAL \"\nlocal x = 'a";
        assert_eq!(told(open, &unfinished(open)), "quoted:\"|keyword:local|operator:=|text:'a");
        assert_eq!(told(open, &line(open)), "error:\"\nlocal x = 'a", "the quote of the line itself");
        assert_eq!(told("EVAL \"a\"b", &line("EVAL \"a\"b")), "error:\"a\"b");
    }

    #[test]
    fn a_long_script_costs_what_its_beginning_costs() {
        let text = format!("EVAL \"{}\" 0", "return é ".repeat(READ));
        let spans = line(&text);
        assert!(spans.len() <= WORDS + 4, "{}", spans.len());
        assert_eq!(parts(&text, &spans).iter().map(|(_, part)| *part).collect::<String>(), text);
        let text = format!("EVAL \"{}\" 0", "é".repeat(READ));
        assert_eq!(parts(&text, &line(&text)).iter().map(|(_, part)| *part).collect::<String>(), text);
    }

    #[test]
    fn an_argument_is_read_as_the_parser_reads_it() {
        let mut seed = 1_u64;
        let mut below = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % n
        };
        let letters = ['"', '\'', '\\', 'x', '4', 'f', 'n', ' ', '\n', 'é', '-', '['];
        for _ in 0..20_000 {
            let text: String = (0..below(12)).map(|_| letters[below(12)]).collect();
            let text = format!("EVAL {text}");
            if let Some(word) = parse::words(text.as_bytes(), 2).get(1).filter(|word| word.is_whole) {
                let read = Argument::read(&text.as_bytes()[word.range.clone()]);
                assert_eq!(read.bytes, word.bytes, "{text:?}");
                assert_eq!(read.places.len(), read.bytes.len() + 1);
            }
            for spans in [line(&text), unfinished(&text)] {
                assert_eq!(parts(&text, &spans).iter().map(|(_, part)| *part).collect::<String>(), text);
            }
        }
    }
}
