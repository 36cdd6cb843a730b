//! What the client itself understands, as redis-cli does: words that never reach the server, and a number before a
//! command, which repeats it.
//!
//! Pure: a line in, what it means out.

use playground_engine::parse;

/// A word of the client's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientWord {
    /// Empties the log.
    Clear,
    /// Says what a command is for.
    Help,
    /// Ends the connection.
    Exit,
}

const WORDS: [(&str, ClientWord); 4] = [
    ("clear", ClientWord::Clear),
    ("help", ClientWord::Help),
    ("?", ClientWord::Help),
    ("exit", ClientWord::Exit),
];

/// The client's word of that name, in any case.
pub fn of(word: &[u8]) -> Option<ClientWord> {
    WORDS.iter().find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(word)).map(|(_, word)| *word)
}

/// Whether one of them begins so.
pub fn begins(word: &[u8]) -> bool {
    names().any(|name| name.as_bytes().get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word)))
}

/// Their names, for completion.
pub fn names() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|(name, _)| *name).filter(|name| name.len() > 1)
}

/// How often a line is to be run: the number before its command, where there is one and a command behind it.
pub fn repeats<'w>(mut words: impl Iterator<Item = &'w [u8]>) -> Option<i64> {
    let first = std::str::from_utf8(words.next()?).ok()?;
    words.next()?;
    first.parse().ok()
}

/// What the client makes of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing: it is for the server.
    Nothing,
    Clear,
    /// The words behind `HELP`.
    Help(Vec<Vec<u8>>),
    Exit,
    /// The line behind the number, to be run so often.
    Repeat(u64, String),
    /// A number that is none.
    BadRepeat,
}

/// What the client makes of a line. `clear` and `exit` stand alone, as in redis-cli.
pub fn said(line: &str) -> Said {
    let head = parse::words(line.as_bytes(), 2);
    let words = || head.iter().map(|word| word.bytes.as_slice());
    if let Some(times) = repeats(words()) {
        let rest = head.get(1).and_then(|word| line.get(word.range.start..)).unwrap_or_default();
        return match u64::try_from(times) {
            Ok(times) if times > 0 => Said::Repeat(times, rest.to_owned()),
            _ => Said::BadRepeat,
        };
    }
    match words().next().and_then(of) {
        Some(ClientWord::Clear) if head.len() == 1 => Said::Clear,
        Some(ClientWord::Exit) if head.len() == 1 => Said::Exit,
        Some(ClientWord::Help) => match parse::split_line(line.as_bytes()) {
            Ok(words) => Said::Help(words.into_iter().skip(1).collect()),
            Err(_) => Said::Nothing,
        },
        _ => Said::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clients_words_are_told_from_commands() {
        assert_eq!(said(" CLEAR "), Said::Clear);
        assert_eq!(said("clear x"), Said::Nothing);
        assert_eq!(said("exit"), Said::Exit);
        assert_eq!(said("? config get"), Said::Help(vec![b"config".to_vec(), b"get".to_vec()]));
        assert_eq!(said("GET help"), Said::Nothing);
        assert_eq!(said("HELP \"open"), Said::Nothing);
        assert_eq!(said(""), Said::Nothing);
    }

    #[test]
    fn a_number_before_a_command_repeats_it() {
        assert_eq!(said("3 SET k \"a b\""), Said::Repeat(3, "SET k \"a b\"".into()));
        assert_eq!(said("0 INCR a"), Said::BadRepeat);
        assert_eq!(said("-1 INCR a"), Said::BadRepeat);
        assert_eq!(said("2"), Said::Nothing);
    }
}
