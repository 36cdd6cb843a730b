//! Bytes in an address: base64 in its form for links, and what the part of an address behind `#` asks for.
//!
//! How the bytes were compressed, and what they say, is not known here.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

/// In the alphabet for addresses. Whoever passed the link on may have padded it.
const CODE: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A link is at most this long; mail programs and chats cut longer ones.
pub const LONGEST: usize = 8_000;

/// What an address asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A record, compressed.
    Record(Vec<u8>),
    /// A lesson, and a step of it, counted from 0.
    Lesson { name: String, step: usize },
    /// A lesson at an address, at its cover or at a step.
    LessonAt { address: String, step: Option<usize> },
    /// A record that cannot be read, and why.
    Broken(&'static str),
}

/// What the fragment of an address asks for, if it is one of ours.
pub fn asked(fragment: &str) -> Option<Asked> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if let Some(rest) = fragment.strip_prefix("r=") {
        return Some(match rest.split_once('.') {
            Some(("1", packed)) => match CODE.decode(packed) {
                Ok(bytes) if !bytes.is_empty() => Asked::Record(bytes),
                _ => Asked::Broken(
                    "It is damaged: a part of it is missing or was changed on its way. Ask for it again.",
                ),
            },
            Some((version, _))
                if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                Asked::Broken(
                    "It was made by another version of this page: load the page again, or ask for a new link.",
                )
            }
            _ => Asked::Broken("It is damaged: its beginning is not that of a link. Ask for it again."),
        });
    }
    let (mut lesson, mut address, mut step) = (None, None, None);
    for part in fragment.split('&') {
        match part.split_once('=') {
            Some(("lesson", name)) => lesson = Some(name.to_owned()),
            Some(("lesson-url", path)) => address = Some(path.to_owned()),
            Some(("step", number)) => step = Some(number.parse::<usize>().unwrap_or(1).saturating_sub(1)),
            _ => {}
        }
    }
    match (address, lesson) {
        (Some(address), _) => Some(Asked::LessonAt { address, step }),
        (None, Some(name)) => Some(Asked::Lesson { name, step: step.unwrap_or(0) }),
        (None, None) => None,
    }
}

/// The fragment for a compressed record.
pub fn fragment(packed: &[u8]) -> String {
    format!("#r=1.{}", CODE.encode(packed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_as_they_went_padded_or_not() {
        let bytes = b"\xfb\xff\xfe?";
        assert_eq!(fragment(bytes), "#r=1.-__-Pw");
        for way in ["#r=1.-__-Pw", "#r=1.-__-Pw=="] {
            assert_eq!(asked(way), Some(Asked::Record(bytes.to_vec())), "{way}");
        }
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
        let at = |step| Some(Asked::LessonAt { address: "/own/a.md?v=1".into(), step });
        assert_eq!(asked("#lesson-url=/own/a.md?v=1"), at(None));
        assert_eq!(asked("#step=2&lesson-url=/own/a.md?v=1&lesson=x"), at(Some(1)));
        assert_eq!((asked(""), asked("#"), asked("#learn"), asked("#step=2")), (None, None, None, None));
    }
}
