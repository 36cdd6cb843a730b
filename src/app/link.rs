//! Bytes in an address: base64 in its form for links, and what the part of an address behind `#` asks for.
//!
//! How the bytes were compressed, and what they say, is not known here.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A link is at most this long; mail programs and chats cut longer ones.
pub const LONGEST: usize = 8_000;

/// What an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A record, compressed.
    Record(Vec<u8>),
    /// A lesson, and a step of it, counted from 0.
    Lesson { name: String, step: usize },
    /// A record that cannot be read, and why.
    Broken(&'static str),
}

/// What the fragment of an address asks for, if it is one of ours.
pub fn asked(fragment: &str) -> Option<Asked> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if let Some(rest) = fragment.strip_prefix("r=") {
        return Some(match rest.split_once('.') {
            Some(("1", packed)) => match decode(packed) {
                Some(bytes) if !bytes.is_empty() => Asked::Record(bytes),
                _ => Asked::Broken("It is damaged: a part of it is missing or was changed on its way."),
            },
            Some((version, _))
                if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Asked::Broken("It was made by another version of this page.")
            }
            _ => Asked::Broken("It is damaged: its beginning is not that of a link."),
        });
    }
    let mut lesson = None;
    let mut step = 0;
    for part in fragment.split('&') {
        match part.split_once('=') {
            Some(("lesson", name)) => lesson = Some(name.to_owned()),
            Some(("step", number)) => step = number.parse::<usize>().unwrap_or(1).saturating_sub(1),
            _ => {}
        }
    }
    lesson.map(|name| Asked::Lesson { name, step })
}

/// The fragment for a compressed record.
pub fn fragment(packed: &[u8]) -> String {
    format!("#r=1.{}", encode(packed))
}

fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |place: usize| u32::from(chunk.get(place).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..=chunk.len() {
            let digit = bits >> (18 - 6 * place) & 63;
            text.push(ALPHABET.get(digit as usize).copied().map_or('A', char::from));
        }
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let (mut bytes, mut bits, mut held) = (Vec::with_capacity(text.len() / 4 * 3 + 2), 0_u32, 0);
    for character in text.bytes() {
        let digit = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        (bits, held) = ((bits << 6 | u32::from(digit)) & 0xff_ffff, held + 6);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    (text.len() % 4 != 1).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_went() {
        for length in 0..70_u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37) ^ 0xa5).collect();
            assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }
        assert_eq!(encode(b"\xfb\xff\xfe?"), "-__-Pw");
    }

    #[test]
    fn an_address_asks_for_a_record_a_lesson_or_nothing() {
        assert_eq!(asked(&fragment(b"abc")), Some(Asked::Record(b"abc".to_vec())));
        for broken in ["#r=", "#r=1.", "#r=1.a", "#r=1.a+b/", "#r=x.abcd", "#r=.abcd"] {
            assert!(matches!(asked(broken), Some(Asked::Broken(why)) if why.contains("damaged")), "{broken}");
        }
        assert!(matches!(asked("#r=2.abcd"), Some(Asked::Broken(why)) if why.contains("version")));
        let lesson = |step| Some(Asked::Lesson { name: "leaderboard".into(), step });
        assert_eq!(asked("#lesson=leaderboard&step=3"), lesson(2));
        assert_eq!(asked("#lesson=leaderboard&step=-3"), lesson(0));
        assert_eq!(asked("#lesson=leaderboard"), lesson(0));
        assert_eq!((asked(""), asked("#"), asked("#learn"), asked("#step=2")), (None, None, None, None));
    }
}
