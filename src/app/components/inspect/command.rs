//! Command lines made of bytes: whatever a key or value holds, the line means exactly that to the prompt.

use playground_engine::{parse, print};

/// A word as one would type it: bare where it can stand so, else in redis-cli's quotes.
pub fn word(bytes: &[u8]) -> String {
    let bare = |byte: &u8| byte.is_ascii_alphanumeric() || b":._-+@/*$".contains(byte);
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && bytes.iter().all(bare) => text.to_owned(),
        _ => print::quoted(bytes),
    }
}

/// A line of these words.
pub fn line<W: AsRef<[u8]>>(words: impl IntoIterator<Item = W>) -> String {
    let words: Vec<_> = words.into_iter().map(|one| word(one.as_ref())).collect();
    words.join(" ")
}

/// What was typed into a field: bytes in quotes as redis-cli reads them, anything else as it stands. `None` where quotes
/// do not close.
pub fn typed(text: &str) -> Option<Vec<u8>> {
    if !text.starts_with('"') {
        return Some(text.as_bytes().to_vec());
    }
    match <[Vec<u8>; 1]>::try_from(parse::split_line(text.as_bytes()).ok()?) {
        Ok([bytes]) => Some(bytes),
        Err(_) => None,
    }
}

/// A word of a line that is still to be typed in part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    Word(Vec<u8>),
    /// The text of the field with this number.
    Field(usize),
}

impl From<&[u8]> for Slot {
    fn from(word: &[u8]) -> Self {
        Self::Word(word.to_vec())
    }
}

impl From<&str> for Slot {
    fn from(word: &str) -> Self {
        Self::Word(word.as_bytes().to_vec())
    }
}

/// Bytes written as pairs of hexadecimal digits, at least one.
pub fn digits(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().filter(|c| *c != ' ').map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

/// The line, when the fields hold these bytes.
pub fn filled(slots: &[Slot], fields: &[Vec<u8>]) -> Option<String> {
    let words: Option<Vec<&[u8]>> = slots
        .iter()
        .map(|slot| match slot {
            Slot::Word(word) => Some(word.as_slice()),
            Slot::Field(at) => fields.get(*at).map(Vec::as_slice),
        })
        .collect();
    words.map(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_means_the_bytes_it_was_made_of() {
        let all: Vec<u8> = (0..=255).collect();
        for value in
            [&b""[..], b"plain", b"two words", b"\"", b"'", b"\\x41", b"a\0b", "é🙂".as_bytes(), &all]
        {
            let made = line([&b"SET"[..], b"k:1", value]);
            assert_eq!(
                parse::split_line(made.as_bytes()),
                Ok(vec![b"SET".to_vec(), b"k:1".to_vec(), value.to_vec()]),
                "{made}"
            );
        }
        assert_eq!(line(["LSET", "jobs", "-1", "x y"]), r#"LSET jobs -1 "x y""#);
    }

    #[test]
    fn what_is_shown_in_a_field_means_itself_when_it_is_sent() {
        for value in [&b""[..], b"plain", b" spaces ", b"\"quoted\"", b"a\nb", b"\xff\xfe", "é".as_bytes()] {
            assert_eq!(typed(&crate::format::name(value)).as_deref(), Some(value));
        }
        assert_eq!(typed("\"open"), None);
        assert_eq!(typed("\"one\" two"), None);
    }

    #[test]
    fn bytes_are_pairs_of_digits() {
        assert_eq!(digits("0a Ff"), Some(vec![0x0a, 0xff]));
        assert_eq!(
            [digits("f"), digits(""), digits("0x0a"), digits("-1"), digits("é1")],
            [None, None, None, None, None]
        );
    }

    #[test]
    fn fields_take_their_places() {
        let slots = ["HSET".into(), "h".into(), Slot::Field(0), Slot::Field(1)];
        assert_eq!(filled(&slots, &[b"f".to_vec(), b"v v".to_vec()]), Some("HSET h f \"v v\"".into()));
        assert_eq!(filled(&slots, &[b"f".to_vec()]), None);
    }
}
