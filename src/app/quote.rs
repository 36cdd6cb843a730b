//! Bytes as one argument of a command line: what is written here, redis-cli's line parser reads back.

use playground_engine::print;

use crate::format;

/// The bytes as they are where they can stand so; readable text in quotes where not; else with escapes.
pub fn argument(bytes: &[u8]) -> String {
    let Some(text) = std::str::from_utf8(bytes).ok().filter(|text| !text.chars().any(format::is_unprintable))
    else {
        return print::quoted(bytes);
    };
    let marks = |c: char| matches!(c, '"' | '\'' | '\\') || c.is_whitespace();
    if !text.is_empty() && !text.contains(marks) && !text.starts_with('#') {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted
}

/// Whole words as a line.
pub fn line(argv: &[Vec<u8>]) -> String {
    argv.iter().map(|word| argument(word)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_engine::parse;

    #[test]
    fn what_is_written_is_read_back() {
        let hostile: [&[u8]; 12] = [
            b"",
            b"plain:key",
            b"two words",
            b"it's",
            b"say \"hi\"",
            b"back\\slash",
            b"\x00\xff",
            b"#note",
            "clé é🙂".as_bytes(),
            "\u{202E}x".as_bytes(),
            b"a\"b",
            b"line\nbreak",
        ];
        for bytes in hostile {
            let written = argument(bytes);
            assert_eq!(parse::split_line(written.as_bytes()), Ok(vec![bytes.to_vec()]), "{written}");
            assert!(!written.contains(['\n', '\u{202E}']), "{written}");
        }
        assert_eq!((argument(b"a:b"), argument("clé x".as_bytes())), ("a:b".into(), "\"clé x\"".into()));
    }
}
