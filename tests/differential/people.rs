//! The words of commands about clients. Which client is meant is said by its place in the crowd; a line gets the number or
//! address of the connection there when it is sent.

use proptest::prelude::*;

use super::pools::{Word, one_of};

/// The user of the connection that looks on: no line of a crowd is about it.
pub const ONLOOKER: &str = "onlooker";
/// More milliseconds than a test takes.
pub const LONG: &[u8] = b"100000000000";
/// More seconds than any connection has lived.
pub const OLD: &[u8] = b"4000000000";
const ID: &str = "#id:";
const ADDRESS: &str = "#addr:";

/// The words of `CLIENT`'s subcommands and of `HELLO`, by the argument's name.
pub fn word(command: &str, argument: &str) -> Option<BoxedStrategy<Word>> {
    if !command.starts_with("client|") && command != "hello" {
        return None;
    }
    Some(match argument {
        "client-id" => {
            prop_oneof![9 => place(ID), 1 => one_of(&[b"0", b"-1", b"999999999999", b"a", b""])].boxed()
        }
        "old-format" | "addr" => {
            prop_oneof![9 => place(ADDRESS), 1 => one_of(&[b"127.0.0.1:1", b""])].boxed()
        }
        "laddr" => one_of(&[b"127.0.0.1:1", b""]),
        "username" => one_of(&[b"default", b"default", b"nobody"]),
        "maxage" => one_of(&[OLD, b"0", b"-1", b"a"]),
        "timeout" => {
            prop_oneof![9 => Just(LONG.to_vec()), 1 => one_of(&[b"0", b"-1", b"a", b"9223372036854775807"])]
                .boxed()
        }
        "prefix" => one_of(&[b"l", b"s", b"z", b"k", b"x", b"", b"s2"]),
        "connection-name" | "clientname" => one_of(&[b"ann", b"ben", b"", b"a b"]),
        "libname" | "libver" => one_of(&[b"lib", b"1.2", b"", b"a b"]),
        "protover" => one_of(&[b"2", b"3", b"2", b"3", b"4", b"a"]),
        _ => return None,
    })
}

fn place(kind: &'static str) -> BoxedStrategy<Word> {
    (0..5_usize).prop_map(move |place| format!("{kind}{place}").into_bytes()).boxed()
}

/// A connection as commands name it.
pub struct Named {
    pub id: u64,
    pub address: String,
}

/// What a line says when it is sent.
pub fn resolved(argv: &[Word], people: &[Named]) -> Vec<Word> {
    let named = |word: &Word, kind: &str| {
        let place: usize = std::str::from_utf8(word).ok()?.strip_prefix(kind)?.parse().ok()?;
        people.get(place % people.len())
    };
    let resolve = |word: &Word| match (named(word, ID), named(word, ADDRESS)) {
        (Some(person), _) => person.id.to_string().into_bytes(),
        (_, Some(person)) => person.address.clone().into_bytes(),
        _ => word.clone(),
    };
    argv.iter().map(resolve).collect()
}
