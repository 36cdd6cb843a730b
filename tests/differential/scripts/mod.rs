//! Random scripts: the words of `EVAL`, `SCRIPT`, `FUNCTION` and `FCALL`.
//!
//! A script is text made of [templates](template), whose gaps are filled with [calls](call) of commands (the lines are
//! those that are also sent outside of scripts), with [expressions](expression) and with [statements](statement) inside
//! of others. Everything shrinks: fewer statements, and in each gap what stands first in its list. It knows neither
//! engine nor server, and of Lua only how it is written.

mod call;
mod expression;
mod library;
mod statement;
mod template;

use playground_engine::scripting::sha1;
use proptest::prelude::*;

use super::generate::Argv;
use super::pools::{self, Word, one_of};

/// Stands for the name of a script that was sent before, until the line is sent.
const EARLIER: &str = "#sha:";

/// The words of commands about scripts, by the argument's name.
pub fn word(command: &str, argument: &str) -> Option<BoxedStrategy<Word>> {
    Some(match (command, argument) {
        ("eval" | "eval_ro" | "script|load", "script") => statement::script(),
        (_, "sha1") => name_of_a_script(),
        ("fcall" | "fcall_ro", "function") => library::function_name(),
        ("function|load", "function-code") => library::code(),
        ("function|delete", "library-name") => library::name(),
        ("function|list", "library-name-pattern") => {
            one_of(&[b"*", b"lib?", b"l*1", b"lib1", b"LIB2", b"x", b""])
        }
        ("function|restore", "serialized-value") => library::payload(),
        ("eval" | "eval_ro" | "evalsha" | "evalsha_ro" | "fcall" | "fcall_ro", "arg") => pools::string(),
        _ => return None,
    })
}

fn name_of_a_script() -> BoxedStrategy<Word> {
    let earlier = (0..8_usize).prop_map(|place| format!("{EARLIER}{place}").into_bytes());
    let other = one_of(&[
        b"e0e1f9fabfc9d4800c877a703b823ac0578ff8db",
        b"e0e1f9fabfc9d4800c877a703b823ac0578ff8d",
        b"E0E1F9FABFC9D4800C877A703B823AC0578FF8DB",
        b"f_e0e1f9fabfc9d4800c877a703b823ac0578ff8",
        b"",
    ]);
    prop_oneof![12 => earlier, 1 => other].boxed()
}

/// The lines with the names of the scripts before them, counted from the last: every other time in capitals.
pub fn with_names(commands: Vec<Argv>) -> Vec<Argv> {
    let mut known: Vec<[u8; 40]> = Vec::new();
    let named = |mut argv: Argv| {
        for word in argv.iter_mut().skip(1) {
            let place = std::str::from_utf8(word).ok().and_then(|word| word.strip_prefix(EARLIER));
            if let Some(place) = place.and_then(|place| place.parse::<usize>().ok()) {
                // One that nobody has is as good where there is none yet.
                let sha = known.iter().rev().nth(place).copied().unwrap_or_else(|| sha1(b"nothing"));
                *word = if place % 2 == 0 { sha.to_vec() } else { sha.to_ascii_uppercase() };
            }
        }
        let is = |at: usize, name: &str| {
            argv.get(at).is_some_and(|word| word.eq_ignore_ascii_case(name.as_bytes()))
        };
        let body = match () {
            () if is(0, "EVAL") || is(0, "EVAL_RO") => argv.get(1),
            () if is(0, "SCRIPT") && is(1, "LOAD") => argv.get(2),
            () => None,
        };
        known.extend(body.map(|body| sha1(body)));
        argv
    };
    commands.into_iter().map(named).collect()
}
