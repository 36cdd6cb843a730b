//! The words of access control: few users, so that commands meet each other's, and rules of every kind.
//!
//! The default user is only looked at: it is who plays.

use playground_engine::command;
use playground_engine::command::spec::ACL_CATEGORIES;
use proptest::prelude::*;
use proptest::sample::select;

use super::pools::{self, Word, one_of};

/// The users that are made.
pub const USERS: &[&[u8]] = &[b"ann", b"ben"];

/// The words of ACL's subcommands, by the argument's name.
pub fn word(command: &str, argument: &str) -> Option<BoxedStrategy<Word>> {
    Some(match (command, argument) {
        ("acl|setuser" | "acl|deluser", "username") => {
            prop_oneof![12 => one_of(USERS), 1 => one_of(&[b"a b", b"a\0b"])].boxed()
        }
        (_, "username") => {
            prop_oneof![12 => one_of(USERS), 1 => one_of(&[b"default", b"nobody", b""])].boxed()
        }
        (_, "rule") => rule(),
        (_, "category") => category(),
        (_, "bits") => {
            prop_oneof![4 => one_of(&[b"1", b"4", b"5", b"64", b"4096", b"0"]), 1 => pools::integer()].boxed()
        }
        _ => return None,
    })
}

/// Whether this makes one of the few users, or none.
pub fn is_name_of_few(name: &[u8]) -> bool {
    USERS.contains(&name) || name.iter().any(|byte| matches!(byte, b' ' | 0))
}

/// A user that may be asked about.
pub fn user() -> BoxedStrategy<Word> {
    word("acl|dryrun", "username").unwrap_or_else(pools::junk)
}

fn rule() -> BoxedStrategy<Word> {
    let state = one_of(&[
        b"on",
        b"off",
        b"OFF",
        b"reset",
        b"sanitize-payload",
        b"skip-sanitize-payload",
        b"clearselectors",
        b"",
    ]);
    let password = one_of(&[
        b">one",
        b">two",
        b">",
        b"<one",
        b"<three",
        b"nopass",
        b"resetpass",
        b"#7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        b"!7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed",
        b"#7692",
    ]);
    let keys = one_of(&[
        b"~s*",
        b"~z*",
        b"~k",
        b"%R~s*",
        b"%W~z*",
        b"%RW~l*",
        b"%r~*",
        b"%W~*",
        b"~*",
        b"allkeys",
        b"resetkeys",
        b"resetkeys",
        b"resetkeys",
        b"%~x",
        b"%RR~x",
        b"~",
        b"%R",
        b"~a b",
    ]);
    let channels =
        one_of(&[b"&c", b"&news*", b"&*", b"allchannels", b"resetchannels", b"resetchannels", b"&", b"&a b"]);
    let selector = one_of(&[
        b"(+get ~s*)",
        b"(+@all %R~*)",
        b"(~z* +@write -del)",
        b"()",
        b"(on)",
        b"(+set",
        b"~k)",
        b"(",
        b")",
        b"(+nothing)",
        b"(\"+get)",
    ]);
    let first_arg = one_of(&[
        b"+select|0",
        b"+SELECT|1",
        b"-select",
        b"+config|get|x",
        b"+get|",
        b"+config|nothing",
        b"-select|0",
    ]);
    prop_oneof![
        2 => state, 2 => password, 5 => keys, 2 => channels, 2 => selector, 1 => first_arg, 6 => of_command(),
        6 => of_category(), 1 => pools::junk()
    ]
    .boxed()
}

fn signed(name: BoxedStrategy<Word>, before: &'static str) -> BoxedStrategy<Word> {
    (any::<bool>(), name)
        .prop_map(move |(allow, name)| [if allow { b"+" } else { b"-" }, before.as_bytes(), &name].concat())
        .boxed()
}

fn of_command() -> BoxedStrategy<Word> {
    let specs = command::all().flat_map(|spec| std::iter::once(spec).chain(spec.subcommands));
    let gaps = command::UNSUPPORTED.iter().map(|gap| gap.name);
    let names: Vec<Word> =
        specs.map(|spec| spec.name).chain(gaps).map(|name| name.as_bytes().to_vec()).collect();
    let few = one_of(&[
        b"get",
        b"set",
        b"config",
        b"config|get",
        b"config|set",
        b"GET",
        b"mget",
        b"del",
        b"nothing",
    ]);
    prop_oneof![signed(select(names).boxed(), ""), signed(few, "")].boxed()
}

fn of_category() -> BoxedStrategy<Word> {
    prop_oneof![6 => signed(category(), "@"), 1 => signed(one_of(&[b"all", b"ALL"]), "@")].boxed()
}

fn category() -> BoxedStrategy<Word> {
    let known: Vec<Word> = ACL_CATEGORIES.iter().map(|word| word.as_bytes().to_vec()).collect();
    prop_oneof![12 => select(known), 1 => one_of(&[b"READ", b"nothing", b""])].boxed()
}
