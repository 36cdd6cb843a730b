//! A recorded trace: the requests of a real program, as text.
//!
//! One request a line: a key, if known the bytes of its value, and if known how long it is cached.
//!
//! ```text
//! user:1
//! user:2 512
//! GET session:9 2kb 30m
//! ```
//!
//! A word `GET` before the key is passed over, and so are empty lines and those that begin with `#`. What a line does not
//! say is drawn as for any other key. The text comes from anywhere: lines, keys and sizes have limits, and the key names
//! are kept once each.

use std::collections::BTreeMap;
use std::fmt;

use crate::{lifetimes, number, sizes};

pub const MOST_REQUESTS: usize = 10_000_000;
pub const LONGEST_KEY: usize = 1024;

/// The requests in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    keys: Vec<Box<[u8]>>,
    requests: Vec<Recorded>,
}

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Which key, by its number.
    pub key: u32,
    pub size: Option<u32>,
    /// Milliseconds.
    pub lives: Option<u64>,
}

/// Where a trace cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError {
    pub line: usize,
    pub why: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.why)
    }
}

impl std::error::Error for TraceError {}

impl Trace {
    pub fn parse(text: &str) -> Result<Self, TraceError> {
        // An ordered map, since a hash table can be slowed down by who chooses the keys.
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let mut trace = Self::default();
        let mut last = 1;
        for (line, text) in (1..).zip(text.lines()) {
            last = line;
            let fault = |why: String| TraceError { line, why };
            let mut words = text.split_whitespace().peekable();
            let Some(first) = words.next().filter(|word| !word.starts_with('#')) else { continue };
            let key = if first.eq_ignore_ascii_case("get") { words.next().unwrap_or(first) } else { first };
            if key.len() > LONGEST_KEY {
                return Err(fault(format!("a key of {} bytes: {LONGEST_KEY} at most", key.len())));
            }
            let size = words.next().map(size).transpose().map_err(fault)?;
            let lives = words.next().map(lifetimes::one).transpose().map_err(fault)?;
            if let Some(word) = words.next() {
                return Err(fault(format!("`{}` after key, size and lifetime", shown(word))));
            }
            if trace.requests.len() == MOST_REQUESTS {
                return Err(fault(format!("more than {MOST_REQUESTS} requests")));
            }
            // As many keys as requests at most: they fit.
            let next = trace.keys.len() as u32;
            let number = *numbers.entry(key).or_insert(next);
            if number == next {
                trace.keys.push(key.as_bytes().into());
            }
            trace.requests.push(Recorded { key: number, size, lives });
        }
        if trace.requests.is_empty() {
            return Err(TraceError { line: last, why: "there is no request in it".into() });
        }
        Ok(trace)
    }

    /// How many requests there are.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// How many different keys.
    pub fn keys(&self) -> usize {
        self.keys.len()
    }

    /// The largest size that a line names.
    pub fn largest(&self) -> u64 {
        self.requests.iter().filter_map(|request| request.size).max().unwrap_or(0).into()
    }

    /// A request and the name of its key.
    pub fn get(&self, place: usize) -> Option<(Recorded, &[u8])> {
        let request = self.requests.get(place)?;
        Some((*request, self.keys.get(request.key as usize)?))
    }
}

fn size(text: &str) -> Result<u32, String> {
    match number::parse_bytes(text) {
        Ok(bytes) if bytes <= sizes::MOST => Ok(bytes as u32),
        Ok(_) => Err(format!("`{}` is more than the {} bytes a value may have", shown(text), sizes::MOST)),
        Err(_) => Err(format!("`{}` is no size", shown(text))),
    }
}

/// What of a word fits into a message.
fn shown(word: &str) -> String {
    const MOST: usize = 40;
    if word.chars().count() > MOST { word.chars().take(MOST).chain(['…']).collect() } else { word.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_read() {
        let text = "# a comment\nuser:1\n\n  user:2 512\r\nGET user:1 2kb 30m\nget\nGET 7\nGET key 5 1500ms";
        let trace = Trace::parse(text).expect("a trace");
        let read: Vec<_> = (0..trace.len()).filter_map(|place| trace.get(place)).collect();
        let of = |key, size, lives| Recorded { key, size, lives };
        assert_eq!(
            read,
            [
                (of(0, None, None), &b"user:1"[..]),
                (of(1, Some(512), None), b"user:2"),
                (of(0, Some(2048), Some(1_800_000)), b"user:1"),
                (of(2, None, None), b"get"),
                (of(3, None, None), b"7"),
                (of(4, Some(5), Some(1500)), b"key"),
            ]
        );
        assert_eq!((trace.keys(), trace.largest()), (5, 2048));
    }

    #[test]
    fn what_is_no_trace_is_told_with_its_line() {
        let long = "k".repeat(LONGEST_KEY + 1);
        for (text, told) in [
            ("", "1: there is no request in it"),
            ("# only\n# comments", "2: there is no request in it"),
            ("a\nb x", "2: `x` is no size"),
            ("a -1", "1: `-1` is no size"),
            ("a 17mb", "1: `17mb` is more than the 16777216 bytes a value may have"),
            ("a 1 0", "1: `0`: a key has to live for 1 ms at least"),
            ("a 1 5y", "1: `5y` is no duration: the units are ms, s, m, h and d"),
            ("SET a b", "1: `a` is no size"),
            ("a 1 5s more", "1: `more` after key, size and lifetime"),
            (&format!("a\n\n{long}"), "3: a key of 1025 bytes: 1024 at most"),
            (&format!("a {}", "é".repeat(90)), &format!("1: `{}…` is no size", "é".repeat(40))),
        ] {
            assert_eq!(Trace::parse(text).map_err(|error| error.to_string()), Err(told.into()), "{text}");
        }
    }
}
