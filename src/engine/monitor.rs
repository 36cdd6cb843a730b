//! The lines that `MONITOR` shows: who sent which command when.
//!
//! Administrative commands are not shown, and passwords are hidden. Nothing here decides when a line is made.

use crate::command::{CommandSpec, Flags};
use crate::measure;
use crate::print;
use crate::reply::Reply;

/// Whether a command may be seen by others.
pub fn is_shown(spec: &CommandSpec) -> bool {
    !spec.flags.intersects(Flags::ADMIN.union(Flags::SKIP_MONITOR))
}

/// One line: the moment in milliseconds, the database and the address of who sent it, and the words.
pub fn line(at: u64, db: usize, from: &str, spec: &CommandSpec, argv: &[Vec<u8>]) -> Reply {
    let mut text = format!("{}.{:03}000 [{db} {from}]", at / 1000, at % 1000);
    let has_secrets = measure::has_secrets(spec);
    for (position, word) in argv.iter().enumerate() {
        text.push(' ');
        let is_secret = has_secrets && measure::is_secret(spec, argv, position);
        let word: &[u8] = if is_secret { b"(redacted)" } else { word };
        text.push_str(&print::quoted(word));
    }
    Reply::status_of(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command;

    #[test]
    fn a_line_tells_when_who_and_what() {
        let shown = |words: &[&str]| {
            let argv: Vec<Vec<u8>> = words.iter().map(|word| word.as_bytes().to_vec()).collect();
            let spec = command::find(&argv[0]).expect("a command");
            match line(1_700_000_000_042, 3, "127.0.0.1:6", spec, &argv) {
                Reply::Status(text) => String::from_utf8_lossy(&text).into_owned(),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(
            shown(&["set", "k", "a\n\"é"]),
            r#"1700000000.042000 [3 127.0.0.1:6] "set" "k" "a\n\"\xc3\xa9""#
        );
        let hidden =
            r#"1700000000.042000 [3 127.0.0.1:6] "HELLO" "3" "AUTH" "(redacted)" "(redacted)" "SETNAME" "x""#;
        assert_eq!(shown(&["HELLO", "3", "AUTH", "me", "pw", "SETNAME", "x"]), hidden);
    }
}
