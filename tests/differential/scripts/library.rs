//! Libraries of functions: few names, so that they are found again and stand in each other's way.

use std::sync::OnceLock;

use playground_engine::{Engine, Options, Reply};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::Union;

use super::super::pools::{self, Word, one_of};
use super::expression::ending;
use super::statement::{body, helpers_of};
use super::template::{Templates, Text, filled, one_text};

/// First lines, and the functions of such libraries. Where two are there already, the real server names one of them by
/// the order of a hash table, so no library has two that others may have. Redis 8.0.2 stops at a library with two names
/// that differ in case alone.
const LIBRARIES: [(u32, &[&str], &[&str], usize); 4] = [
    (3, &["#!lua name=lib1\n", "#!LUA NAME=lib1\n"], &["f1", "f2", "f_5", "", "f-1"], 4),
    (3, &["#!lua name=lib2\n"], &["f3", "f4"], 4),
    (3, &["#!lua name=lib3\n"], &["f1", "f2", "f3", "f4", "F1"], 1),
    (1, WRONG_FIRST_LINES, &["f1", "f3"], 2),
];

const WRONG_FIRST_LINES: &[&str] = &[
    "#!lua\n",
    "#!lua name=a-b\n",
    "#!lua name=lib1 name=lib2\n",
    "#!lua name=lib1 flags=no-writes\n",
    "#!python name=lib1\n",
    "#!lua name=lib1",
    "",
];

const FUNCTIONS: Templates = &[
    (6, "redis.register_function('<F>', function(KEYS, ARGV) local r = {}\n<B><R>\nend)\n"),
    (
        16,
        "redis.register_function{function_name = '<F>', flags = {<FLAGS>}, callback = function(KEYS, ARGV) local r = \
         {}\n<B><R>\nend}\n",
    ),
    (
        1,
        "redis.register_function{function_name = '<F>', description = 'Some text', callback = function(k, a) return \
         {k, a} end}\n",
    ),
];

const FLAGS: &[&str] = &[
    "'no-writes'",
    "",
    "'allow-oom'",
    "'no-writes', 'allow-stale'",
    "'NO-WRITES'",
    "'bogus'",
    "1",
    "nil, 'no-writes'",
    "'no-cluster', 'allow-cross-slot-keys'",
];

/// What the text of a library does besides, most of which is wrong.
const BESIDES: &[&str] = &[
    "local shared = {1, 2}\n",
    "redis.log(redis.LOG_DEBUG, 'x')\n",
    "redis.call('SET', 's', '1')\n",
    "local x = nil + 1\n",
    "local t = {} t.x.y = 1\n",
    "error('no')\n",
    "error({err = 'MY no'})\n",
    "x = 1\n",
    "local x = undefined\n",
    "redis.setresp(3)\n",
    "local s = string.format('%d', 1)\n",
    "redis.register_function('f1')\n",
    "redis.register_function(1, 2, 3)\n",
    "redis.register_function('f9', 5)\n",
    "redis.register_function({}, function() end)\n",
    "redis.register_function{function_name = 'f9'}\n",
    "redis.register_function{callback = function() end}\n",
    "redis.register_function{function_name = 'f9', callback = 5}\n",
    "redis.register_function{function_name = 'f9', callback = function() end, bogus = 1}\n",
    "redis.register_function{function_name = 'f9', callback = function() end, flags = 1}\n",
    "redis.register_function(7, function() return 7 end)\n",
    "do return end\n",
    "end\n",
];

pub fn name() -> BoxedStrategy<Word> {
    one_of(&[b"lib1", b"lib2", b"lib3", b"LIB1", b"nothing", b""])
}

pub fn function_name() -> BoxedStrategy<Word> {
    prop_oneof![
        12 => one_of(&[b"f1", b"f2", b"f3", b"f4"]), 1 => one_of(&[b"F2", b"f_5", b"7", b"nothing", b"", b"f1 "])
    ]
    .boxed()
}

/// One of the first few, mostly.
fn mostly(first: usize, texts: &'static [&'static str]) -> Text {
    prop_oneof![20 => one_text(&texts[..first]), 1 => one_text(texts)].boxed()
}

/// The text of a library.
pub fn code() -> BoxedStrategy<Word> {
    let (body, ending) = (body(), ending());
    let library = |(weight, first_lines, names, most): (u32, _, &'static [&'static str], usize)| {
        let gaps = [
            ("<F>", mostly(names.len().min(2), names)),
            ("<FLAGS>", mostly(4, FLAGS)),
            ("<B>", body.clone()),
            ("<R>", ending.clone()),
        ];
        let functions = prop_oneof![20 => vec(filled(FUNCTIONS, &gaps), 1..=most), 1 => Just(Vec::new())];
        (weight, (one_text(first_lines), functions).boxed())
    };
    let besides = proptest::option::weighted(0.07, (any::<Index>(), one_text(BESIDES)));
    (Union::new_weighted(LIBRARIES.map(library).to_vec()), besides)
        .prop_map(|((first_line, mut parts), besides)| {
            if let Some((at, text)) = besides {
                parts.insert(at.index(parts.len() + 1), text);
            }
            let text = parts.concat();
            format!("{first_line}{}{text}", helpers_of(&text)).into_bytes()
        })
        .boxed()
}

/// Dumps of libraries, some of them damaged.
pub fn payload() -> BoxedStrategy<Word> {
    const CODES: [&str; 2] = [
        "#!lua name=lib1\nredis.register_function('f1', function(k, a) return {k, a} end)",
        "#!lua name=lib3\nredis.register_function('f4', function(k) return redis.call('TYPE', k[1]) end)",
    ];
    static WHOLE: OnceLock<Vec<Word>> = OnceLock::new();
    let whole = select(WHOLE.get_or_init(|| CODES.iter().map(|code| dump_of(code)).collect()).clone());
    let damaged = (whole.clone(), any::<Index>(), any::<u8>()).prop_map(|(mut bytes, at, byte)| {
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes
    });
    prop_oneof![12 => whole, 1 => damaged, 1 => pools::string()].boxed()
}

fn dump_of(code: &str) -> Word {
    let mut engine = Engine::new(Options::default());
    let session = engine.connect();
    let mut execute = |line: &[&str]| {
        engine.execute(session, line.iter().map(|word| word.as_bytes().to_vec()).collect()).reply
    };
    execute(&["FUNCTION", "LOAD", code]);
    match execute(&["FUNCTION", "DUMP"]) {
        Reply::Bulk(dump) => dump,
        other => panic!("no dump of {code}: {other:?}"),
    }
}
