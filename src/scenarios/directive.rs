//! The lines of a transcript that start with `@`: they steer a replay instead of being sent.
//!
//! An unknown or misspelt directive is an error, never ignored: an ignored one would let a test pass for the wrong
//! reason. What a directive does is the business of [`crate::replay`].

use std::time::Duration;

/// One parsed `@` line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Directive {
    /// `@advance 10s`: let the clock run.
    Advance(Duration),
    /// `@session NAME`: the following commands come from this connection, made when first named.
    Session(String),
    /// `@config key value`: a `CONFIG SET` that belongs to the case and not to what it shows.
    Config { key: String, value: String },
    /// `@seed N`: the engine's random source; before the first command of a case.
    Seed(u64),
    /// `@virtual REASON`: a real server cannot play this case, so its output is the engine's own.
    Virtual(String),
    /// `@unordered`: the next reply's order is that of Redis's hash table; lines are compared sorted.
    Unordered,
    /// `@differs REASON`: the next reply differs from Redis's on purpose; recording leaves it alone.
    Differs(String),
    /// `@expect-blocked`: the next command gets no answer for now, its session waits.
    ExpectBlocked,
    /// `@receive`: what has arrived for the session and has not been shown; the expected text follows.
    Receive,
    /// `@close`: the session disconnects; named again, it connects anew.
    Close,
}

impl Directive {
    /// Parses what follows the `@`; the error is a reason without a line.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, rest) = match text.split_once(char::is_whitespace) {
            Some((name, rest)) => (name, rest.trim()),
            None => (text, ""),
        };
        match name {
            "advance" => parse_duration(rest).map(Self::Advance),
            "session" => word("session", rest).map(Self::Session),
            "config" => config(rest),
            "seed" => rest.parse().map(Self::Seed).map_err(|_| "@seed wants a whole number".to_owned()),
            "virtual" => reason("virtual", rest).map(Self::Virtual),
            "differs" => reason("differs", rest).map(Self::Differs),
            "unordered" => alone("unordered", rest, Self::Unordered),
            "expect-blocked" => alone("expect-blocked", rest, Self::ExpectBlocked),
            "receive" => alone("receive", rest, Self::Receive),
            "close" => alone("close", rest, Self::Close),
            _ => Err(format!("unknown directive @{name}; there are {KNOWN}")),
        }
    }
}

const KNOWN: &str =
    "@advance, @close, @config, @differs, @expect-blocked, @receive, @seed, @session, @unordered, @virtual";

fn alone(name: &str, rest: &str, directive: Directive) -> Result<Directive, String> {
    if rest.is_empty() { Ok(directive) } else { Err(format!("@{name} takes nothing after it")) }
}

fn word(directive: &str, text: &str) -> Result<String, String> {
    if text.is_empty() || text.contains(char::is_whitespace) {
        return Err(format!("@{directive} wants one name"));
    }
    Ok(text.to_owned())
}

fn config(text: &str) -> Result<Directive, String> {
    match text.split_once(char::is_whitespace) {
        Some((key, value)) => Ok(Directive::Config { key: key.to_owned(), value: value.trim().to_owned() }),
        None => Err("@config wants a setting and its value".to_owned()),
    }
}

fn reason(directive: &str, text: &str) -> Result<String, String> {
    if text.is_empty() {
        return Err(format!("@{directive} wants the reason in words"));
    }
    Ok(text.to_owned())
}

const UNITS: [(&str, u64); 5] =
    [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 24 * 3_600_000)];

/// `250ms`, `10s`, `5m`, `1h`, `7d`.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    let amount = number.parse::<u64>().ok();
    match amount.zip(factor).and_then(|(amount, factor)| amount.checked_mul(factor)) {
        Some(ms) => Ok(Duration::from_millis(ms)),
        None => Err(format!("{text:?} is no length of time; write 250ms, 10s, 5m, 1h or 7d")),
    }
}

/// The shortest spelling [`parse_duration`] reads back.
pub fn print_duration(duration: Duration) -> String {
    let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let fits = UNITS.iter().rev().find(|(_, factor)| ms.is_multiple_of(*factor) && ms > 0);
    fits.map_or_else(|| format!("{ms}ms"), |(unit, factor)| format!("{}{unit}", ms / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_and_print() {
        for (text, ms) in
            [("250ms", 250), ("10s", 10_000), ("90s", 90_000), ("5m", 300_000), ("7d", 604_800_000)]
        {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(ms)), "{text}");
            assert_eq!(print_duration(Duration::from_millis(ms)), text);
        }
        for bad in ["", "10", "s", "-1s", "1.5s", "1 s", "99999999999999999999s", "18446744073709551615d"] {
            assert!(parse_duration(bad).is_err(), "{bad}");
        }
        assert_eq!(print_duration(Duration::ZERO), "0ms");
    }

    #[test]
    fn each_directive_has_its_form() {
        assert_eq!(Directive::parse("session  bob "), Ok(Directive::Session("bob".into())));
        assert_eq!(
            Directive::parse("config save 60 1"),
            Ok(Directive::Config { key: "save".into(), value: "60 1".into() })
        );
        assert_eq!(Directive::parse("seed 7"), Ok(Directive::Seed(7)));
        assert_eq!(Directive::parse("expect-blocked"), Ok(Directive::ExpectBlocked));
        assert_eq!(Directive::parse("receive "), Ok(Directive::Receive));
        assert_eq!(Directive::parse("close"), Ok(Directive::Close));
        for bad in [
            "",
            "sesion bob",
            "session",
            "session a b",
            "seed -1",
            "config x",
            "virtual",
            "differs ",
            "unordered x",
            "receive all",
            "close b",
            "expect-blocked 1s",
            "expect blocked",
        ] {
            assert!(Directive::parse(bad).is_err(), "{bad}");
        }
    }
}
