//! Commands over several lines: a line at whose end a quote is open goes on in the next one, as in a shell.
//!
//! Quotes are those of redis-cli's line parser. Line ends inside a quote belong to the argument; lines end with line feeds alone.

use std::borrow::Cow;
use std::ops::Range;

use playground_engine::parse;
pub use playground_engine::parse::Quote;

/// A command that takes more than a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    pub lines: Range<usize>,
    /// Where it is in the text, without the end of its last line.
    pub bytes: Range<usize>,
    /// What is still open at its end; it then goes to the end of the text.
    pub open: Option<Quote>,
}

/// The quote that is open at the end of a command, if one is.
pub fn open(command: &str) -> Option<Quote> {
    behind(None, command)
}

/// The quote that is open behind a line, where one was open before it or none.
pub fn behind(before: Option<Quote>, line: &str) -> Option<Quote> {
    if before.is_none() && stands_alone(line) { None } else { parse::open_quote(before, line.as_bytes()) }
}

/// Comments and directives never go on.
fn stands_alone(line: &str) -> bool {
    line.trim_start().starts_with(['#', '@'])
}

/// The commands of a script that take more than a line.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let (mut open, mut from, mut end) = (None, (0, 0), 0);
    for (at, line) in text.split_inclusive('\n').enumerate() {
        let start = end;
        end += line.len();
        if open.is_none() {
            from = (at, start);
        }
        open = behind(open, line);
        if at > from.0 && open.is_none() {
            let last = end - (line.len() - line.trim_end_matches('\n').len());
            blocks.push(Block { lines: from.0..at + 1, bytes: from.1..last, open });
        }
    }
    let lines = text.lines().count();
    if open.is_some() && lines > from.0 + 1 {
        blocks.push(Block { lines: from.0..lines, bytes: from.1..text.len(), open });
    }
    blocks
}

/// The text with line feeds where its lines end, however they did.
pub fn with_line_feeds(text: &str) -> Cow<'_, str> {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_is_open_until_it_is_closed() {
        let (double, single) = (Some(Quote::Double), Some(Quote::Single));
        for (line, expected) in [
            ("SET k v", None),
            ("EVAL \"return", double),
            ("EVAL \"return 'a", double),
            ("EVAL \"return \\\"", double),
            ("EVAL \"return\" 0", None),
            ("EVAL 'return \"a", single),
            ("EVAL 'it\\'s", single),
            ("EVAL 'a\\", single),
            ("SET k it's", single),
            ("SET k \"a\"b \"", None),
            ("# don't", None),
            ("  @session it's", None),
            ("", None),
        ] {
            assert_eq!(open(line), expected, "{line}");
        }
        assert_eq!(behind(double, "x' \\\" y"), double);
        assert_eq!(behind(double, "# still inside"), double);
        assert_eq!(behind(double, "x\" 'y"), single);
    }

    #[test]
    fn it_is_open_where_the_parser_lacks_nothing_else() {
        let mut seed = 1_u64;
        let mut below = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % n
        };
        let letters = ['"', '\'', '\\', ' ', '\n', 'a', 'x', '4', '\0', 'é'];
        for _ in 0..20_000 {
            let line: String = (0..below(12)).map(|_| letters[below(10)]).collect();
            let lacks = |mark: &str| parse::split_line(format!("{line}{mark}").as_bytes()).is_ok();
            // A backslash at the end would hide the mark.
            let shown = !line.ends_with('\\');
            let expected = match () {
                () if lacks("") => None,
                () if lacks("\"") => Some(Quote::Double),
                () if lacks("'") => Some(Quote::Single),
                () => None,
            };
            assert!(!shown || open(&line) == expected, "{line:?}: {:?}", open(&line));
            let by_lines = line.split_inclusive('\n').fold(None, behind);
            let is_plain = !line.contains('\0');
            assert!(!is_plain || open(&line).is_none() || by_lines == open(&line), "{line:?}");
        }
    }

    #[test]
    fn lines_belong_together_while_a_quote_is_open() {
        let text = "SET a 1\nEVAL \"\nreturn 1\" 0\n# don't\nGET a\nECHO 'x\n\n";
        let blocks = blocks(text);
        let told: Vec<_> =
            blocks.iter().map(|block| (block.lines.clone(), &text[block.bytes.clone()])).collect();
        assert_eq!(told, [(1..3, "EVAL \"\nreturn 1\" 0"), (5..7, "ECHO 'x\n\n")]);
        assert_eq!([blocks[0].open, blocks[1].open], [None, Some(Quote::Single)]);
        assert!(super::blocks("ECHO 'x").is_empty() && super::blocks("").is_empty());
        assert_eq!(super::blocks("'\n'")[0].bytes, 0..3);
    }
}
