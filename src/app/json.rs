//! Reads JSON for a picture: a tree with numbers and texts as they were written, of bounded depth and size.
//!
//! The browser's own reader would round long numbers and lose members that come twice. What is too deep or too large to be
//! drawn is no document here.

/// A value. Texts and numbers stand as they were written, texts without their quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// A number, `true`, `false` or `null`.
    Word(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

const DEEPEST: usize = 32;
/// Values in all that are worth drawing.
const MOST: usize = 5_000;

/// Whether the bytes are an object or a list.
pub fn is_document(bytes: &[u8]) -> bool {
    document(bytes).is_some()
}

/// The object or list that the bytes are.
pub fn document(bytes: &[u8]) -> Option<Json> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.trim_start_matches(is_space).starts_with(['{', '[']).then_some(())?;
    let mut reader = Reader { rest: text, left: MOST };
    let value = reader.value(0)?;
    reader.skip();
    reader.rest.is_empty().then_some(value)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

struct Reader<'a> {
    rest: &'a str,
    left: usize,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.rest = self.rest.trim_start_matches(is_space);
    }

    /// Takes a mark, if it comes next.
    fn take(&mut self, mark: char) -> bool {
        self.skip();
        let rest = self.rest.strip_prefix(mark);
        rest.inspect(|rest| self.rest = rest).is_some()
    }

    fn value(&mut self, depth: usize) -> Option<Json> {
        self.left = self.left.checked_sub(1)?;
        if depth > DEEPEST {
            return None;
        }
        if self.take('{') {
            return self
                .several('}', |reader| {
                    reader.take('"').then_some(())?;
                    let name = reader.text()?;
                    reader.take(':').then_some(())?;
                    Some((name, reader.value(depth + 1)?))
                })
                .map(Json::Object);
        }
        if self.take('[') {
            return self.several(']', |reader| reader.value(depth + 1)).map(Json::List);
        }
        if self.take('"') {
            return self.text().map(Json::Text);
        }
        self.word().map(Json::Word)
    }

    fn several<T>(&mut self, end: char, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut all = Vec::new();
        if self.take(end) {
            return Some(all);
        }
        loop {
            all.push(one(self)?);
            if self.take(end) {
                return Some(all);
            }
            self.take(',').then_some(())?;
        }
    }

    /// The rest of a text, whose quote is taken; what is escaped stays so.
    fn text(&mut self) -> Option<String> {
        let mut escaped = false;
        for (at, c) in self.rest.char_indices() {
            match c {
                _ if escaped => {
                    let known = matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')
                        || (c == 'u' && is_code(self.rest.get(at + 1..)?));
                    known.then_some(())?;
                    escaped = false;
                }
                '\\' => escaped = true,
                '"' => {
                    let text = self.rest.get(..at)?.to_owned();
                    self.rest = self.rest.get(at + 1..)?;
                    return Some(text);
                }
                c if c < ' ' => return None,
                _ => {}
            }
        }
        None
    }

    fn word(&mut self) -> Option<String> {
        let end = self.rest.find(|c: char| is_space(c) || matches!(c, ',' | ']' | '}' | ':' | '"'));
        let (word, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len()))?;
        let known = matches!(word, "true" | "false" | "null") || is_number(word);
        self.rest = rest;
        known.then(|| word.to_owned())
    }
}

/// Whether four hexadecimal digits come next.
fn is_code(text: &str) -> bool {
    text.as_bytes().get(..4).is_some_and(|four| four.iter().all(u8::is_ascii_hexdigit))
}

fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (word, power) = word.split_once(['e', 'E']).map_or((word, None), |(word, power)| (word, Some(power)));
    let (whole, part) = word.split_once('.').map_or((word, None), |(whole, part)| (whole, Some(part)));
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && part.is_none_or(digits)
        && power.is_none_or(|power| digits(power.strip_prefix(['+', '-']).unwrap_or(power)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_as_they_were_written() {
        let read = document(br#" {"a": [1, -2.50e+3, "x\"\u00e9"], "a": null, "b": {} } "#);
        let list = Json::List(vec![
            Json::Word("1".into()),
            Json::Word("-2.50e+3".into()),
            Json::Text(r#"x\"\u00e9"#.into()),
        ]);
        let object = vec![
            ("a".into(), list),
            ("a".into(), Json::Word("null".into())),
            ("b".into(), Json::Object(Vec::new())),
        ];
        assert_eq!(read, Some(Json::Object(object)));
        let long = document(b"[12345678901234567890123]");
        assert_eq!(long, Some(Json::List(vec![Json::Word("12345678901234567890123".into())])));
    }

    #[test]
    fn what_is_no_document_is_none() {
        for bad in [
            "",
            "1",
            "\"x\"",
            "null",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{a:1}",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[nul]",
            "[\"\\x\"]",
            "[\"\\u12g4\"]",
            "[\"a\nb\"]",
            "[1] 2",
            "[\u{a0}1]",
            "[1e]",
            "[-]",
            "[\"",
            "[\"\\",
        ] {
            assert!(!is_document(bad.as_bytes()), "{bad}");
        }
        assert!(!is_document(b"[\"\xff\"]"));
        assert!(!is_document("[".repeat(100_000).as_bytes()), "it is too deep");
        assert!(!is_document(format!("[{}1]", "1,".repeat(100_000)).as_bytes()), "it is too large");
    }
}
