//! Calls of commands: the lines that are sent outside of scripts, written in Lua, with a word of them changed for something
//! that the script has at hand.
//!
//! Outside, chance and order are left out by looking at both sides before and after. Inside nobody looks, so what depends on
//! them is not called, and what comes in any order is sorted by the script.

use playground_engine::command::Group;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::Union;

use super::super::compare;
use super::super::generate::{Argv, Target, line, targets, weight};
use super::template::{Text, one_text, quoted};

/// Commands that scripts do not call, each with the reason.
const LEFT_OUT: &[(&str, &str)] = &[
    ("acl", "not for scripts, which `OTHERS` shows; its lines are long"),
    ("config", "the same"),
    ("spop", "draws at random unless it takes all"),
    ("zrangebylex", "over different scores it depends on the towers of a skip list, see `certain`"),
    ("zrevrangebylex", "the same"),
    ("zlexcount", "the same"),
    ("zremrangebylex", "the same"),
    ("sunionstore", "may store the order of a hash table, see `certain`"),
    ("sdiffstore", "the same"),
    ("sinterstore", "the same"),
    ("sort", "may show the order of a hash table, and stumbles over numbers met before, see `certain`"),
    ("sort_ro", "the same"),
];

/// Lines that are refused, or that concern scripts themselves. What is not supported at all says so before that.
const OTHERS: &[&str] = &[
    "'PING'",
    "'EVAL', 'return 1', 0",
    "'EVALSHA', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', 0",
    "'FCALL', 'f1', 0",
    "'SCRIPT', 'FLUSH'",
    "'FUNCTION', 'LIST'",
    "'MULTI'",
    "'EXEC'",
    "'WATCH', 's'",
    "'SUBSCRIBE', 'a'",
    "'MONITOR'",
    "'AUTH', 'x'",
    "'HELLO', '3'",
    "'CLIENT', 'ID'",
    "'CONFIG', 'SET', 'maxmemory', '1'",
    "'ACL', 'WHOAMI'",
    "'DEBUG', 'SLEEP', '0'",
    "'NOTHING'",
    "'OBJECT', 'NOTHING', 's'",
    "'GET'",
    "'SET', 's'",
    "'BLPOP', 'l', 0",
    "''",
    "",
    "nil",
    "{}",
    "1",
    "'get', 's'",
    "'GET', 's', nil",
    "'GET', {}",
    "'ECHO', true",
    "unpack(ARGV)",
    "'DEL', unpack(KEYS)",
];

/// What may stand where a word stood.
const WORDS: &[&str] = &[
    "KEYS[1]",
    "ARGV[1]",
    "KEYS[2]",
    "ARGV[2]",
    "T(r[#r])",
    "R(r[#r])",
    "R(r[1])",
    "#r",
    "#KEYS",
    "1",
    "3.5",
    "-1",
    "0",
    "1e15",
    "2^53",
    "1/0",
    "-1/0",
    "0/0",
    "0.1",
    "1e100",
    "nil",
    "true",
    "{}",
    "tonumber(T(r[#r]))",
    "tostring(#r)",
    "T(r[#r]) .. 'x'",
    "'a' .. #r",
    "KEYS[9]",
];

/// A call of a command.
pub fn call() -> Text {
    let lines = targets().into_iter().filter_map(|target| Some((weight(target.spec), of_command(target)?)));
    let others = (how(), one_text(OTHERS)).prop_map(|(how, words)| format!("{how}({words})"));
    let lines = Union::new_weighted(lines.collect());
    prop_oneof![30 => lines, 1 => others].boxed()
}

fn how() -> Text {
    prop_oneof![7 => Just("redis.pcall"), 1 => Just("redis.call")].prop_map(str::to_owned).boxed()
}

/// Calls of one command, if scripts may call it.
fn of_command(target: Target) -> Option<Text> {
    let spec = target.spec;
    let whole = target.container.unwrap_or(spec).name;
    // Those of scripts would contain scripts without end.
    if spec.group == Group::Scripting || LEFT_OUT.iter().any(|(name, _)| [spec.name, whole].contains(name)) {
        return None;
    }
    let is_sorted = compare::is_in_any_order(spec.name);
    if !is_sorted && !compare::is_exact(spec.name) {
        return None;
    }
    let changed = proptest::option::weighted(0.3, (any::<Index>(), one_text(WORDS)));
    let text =
        (how(), line(target), any::<bool>(), changed).prop_map(move |(how, argv, numbers, changed)| {
            let changed = changed.filter(|_| may_change(&argv));
            let call = format!("{how}({})", words(&argv, numbers, changed).join(", "));
            if is_sorted { format!("S({call})") } else { call }
        });
    Some(text.boxed())
}

/// Whether any word may become any other: not where the test has chosen numbers that it can wait for or has room for.
fn may_change(argv: &Argv) -> bool {
    let name = String::from_utf8_lossy(&argv[0]).to_lowercase();
    let is_of_time = |word: &Vec<u8>| {
        let word = word.to_ascii_uppercase();
        [&b"EX"[..], b"PX"].contains(&&word[..])
    };
    let takes_room = ["setbit", "bitfield", "setrange", "xautoclaim", "restore"].contains(&&name[..]);
    !takes_room && !name.contains("expire") && !name.contains("setex") && !argv.iter().any(is_of_time)
}

fn words(argv: &Argv, numbers: bool, changed: Option<(Index, String)>) -> Vec<String> {
    let is_number = |word: &[u8]| {
        let number = std::str::from_utf8(word).ok().and_then(|text| text.parse::<i32>().ok());
        number.is_some_and(|number| number.to_string().as_bytes() == word)
    };
    let written = |word: &Vec<u8>| match word {
        word if word.eq_ignore_ascii_case(b"BYLEX") => "'BYSCORE'".to_owned(),
        word if numbers && is_number(word) => String::from_utf8_lossy(word).into_owned(),
        word => quoted(word),
    };
    let mut words: Vec<String> = argv.iter().map(written).collect();
    if let Some((at, text)) = changed
        && argv.len() > 1
    {
        let at = 1 + at.index(argv.len() - 1);
        words[at] = text;
    }
    words
}
