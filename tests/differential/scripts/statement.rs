//! Statements and whole scripts. What they find goes into the list `r`.
//!
//! No loop turns more than a few times. Nothing raises a table without `err`, by which the real server stops.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::pools::Word;
use super::call::call;
use super::expression::{ending, expression};
use super::template::{Templates, Text, filled, one_text};

/// `T` is a value's text, cut; `R` the value, cut if it is a text; `S` the text of anything, whatever order it comes in.
const TEXT: &str = "local function T(x) if type(x) == 'table' then return 'a table of ' .. #x elseif type(x) == 'function' \
                    then return 'f' end return tostring(x):sub(1, 60) end ";
const CUT: &str = "local function R(x) if type(x) == 'string' then return x:sub(1, 60) end return x end ";
const SORTED: &str = "local function S(v) if type(v) ~= 'table' then return type(v) .. tostring(v) end local o = {} for k, x in \
     pairs(v) do o[#o + 1] = (type(k) == 'number' and '' or S(k)) .. '=' .. S(x) end table.sort(o) return '{' .. \
     table.concat(o, ',') .. '}' end ";
const LIST: &str = "local r = {} ";

const STATEMENTS: Templates = &[
    (140, "r[#r+1] = <C>"),
    (8, "<C>"),
    (12, "r[#r+1] = <A>"),
    (20, "r[#r+1] = {pcall(function() return <A> end)}"),
    (2, "r[#r+1], r[#r+2] = <A>, <A>"),
    (1, "redis.pcall('SET', 's', R(<A>))"),
    (1, "r[#r+1] = redis.pcall('APPEND', 's2', T(<A>))"),
    (1, "r[#r+1] = redis.pcall('HSET', 'h', 'a', R(<A>), 'b', R(<A>))"),
    (1, "r[#r+1] = redis.pcall('RPUSH', 'l', R(<A>), #r)"),
    (1, "r[#r+1] = redis.pcall('ZADD', 'z', tonumber(<A>) or 0, T(<A>))"),
    (1, "r[#r+1] = redis.pcall('INCRBY', 's', R(<A>))"),
    (1, "r[#r+1] = redis.pcall('SADD', 'e', <A>, <A>)"),
    (1, "r[#r+1] = redis.pcall('ECHO', R(<A>))"),
    (2, "r[#r+1] = {pcall(redis.call, 'INCR', T(<A>))}"),
    (2, "for i = 1, 3 do r[#r+1] = redis.pcall('RPUSH', 'l', i, 'e' .. i) end"),
    (1, "for i = 1, 2 do r[#r+1] = <C> end"),
    (
        1,
        "for i, v in ipairs(<A>) do if i > 5 then break end r[#r+1] = redis.pcall('HSET', 'h2', i, R(v)) end",
    ),
    (1, "for k, v in pairs({a = <A>, b = <A>, 3}) do r[#r+1] = T(k) .. T(v) end"),
    (1, "for _, k in ipairs(KEYS) do r[#r+1] = redis.pcall('TYPE', k) end"),
    (
        1,
        "local n = 0 while n < 3 do n = n + 1 r[#r+1] = redis.pcall('INCRBYFLOAT', KEYS[1] or 's3', n / 2) end",
    ),
    (1, "local list = {T(<A>), T(<A>), 'b', 'B'} table.sort(list) r[#r+1] = list"),
    (1, "local list = {<A>, <A>, 3} table.sort(list) r[#r+1] = table.concat(list, ',')"),
    (1, "table.sort(ARGV, function(a, b) return a > b end) r[#r+1] = table.concat(ARGV, ' ')"),
    (1, "table.insert(KEYS, T(<A>)) r[#r+1] = #KEYS"),
    (8, "redis.setresp(3)"),
    (6, "redis.setresp(2)"),
    (1, "redis.setresp(<A>)"),
    (1, "r[#r+1] = {pcall(redis.setresp, <A>)}"),
    (1, "error(T(<A>))"),
    (1, "error('Some ' .. T(<A>), 0)"),
    (1, "error({err = 'MYCODE ' .. T(<A>)})"),
    (1, "error(redis.error_reply(T(<A>)))"),
    (1, "r[#r+1] = {pcall(error, <A>)}"),
    (1, "r[#r+1] = {pcall(error, {err = T(<A>), x = 1})}"),
    (1, "local none none.x = 1"),
    (1, "r.none.x = <A>"),
    (1, "r[nil] = 1"),
    (1, "x = <A>"),
    (1, "redis.x = 1"),
    (1, "string.format = <A>"),
    (1, "_G.x = 1"),
    (1, "rawset(_G, 'x', 1)"),
    (1, "r[#r+1] = {pcall(setmetatable, _G, {})}"),
    (1, "r[#r+1] = {pcall(rawset, redis, 'call', nil)}"),
    (1, "KEYS.x = 1 ARGV[3] = T(<A>)"),
    (1, "r[#r+1] = {pcall(redis.sha1hex, <A>)}"),
    (1, "r[#r+1] = {pcall(redis.log, redis.LOG_DEBUG, T(<A>))}"),
    (1, "r[#r+1] = {pcall(redis.set_repl, <A>)}"),
    (1, "r[#r+1] = {redis.replicate_commands(), redis.breakpoint()}"),
    (1, "r[#r+1] = {pcall(redis.acl_check_cmd, 'SET', R(<A>), 'v')}"),
    (1, "math.randomseed(7) r[#r+1] = {math.random(1000), math.random(5, 9), math.random() < 1}"),
    (1, "r[#r+1] = {type(os.clock()), type(next), pcall(next, {}, 1)}"),
];

/// Statements around others.
const AROUND: Templates = &[
    (3, "if <A> then\n<B>else\n<B>end"),
    (3, "for i = 1, 2 do\n<B>end"),
    (3, "local function f(a, ...)\n<B>return <A>, a end r[#r+1] = f(<A>, <A>)"),
    (4, "r[#r+1] = {pcall(function()\n<B>return <A> end)}"),
    (1, "r[#r+1] = {xpcall(function()\n<B>end, function(e) return type(e) == 'table' and e.err or e end)}"),
    (1, "r[#r+1] = coroutine.wrap(function()\n<B>return <A> end)()"),
    (1, "do\n<B>end"),
];

/// The first line, if a script has one that tells of it.
const FIRST_LINES: &[&str] = &[
    "#!lua\n",
    "#!lua flags=no-writes\n",
    "#!lua flags=allow-oom,no-cluster\n",
    "#!lua flags=allow-stale,allow-cross-slot-keys\n",
    "#!lua flags=\n",
    "#!lua  flags=no-writes \n",
    "#!lua flags=bogus\n",
    "#!lua flags=no-writes,\n",
    "#!lua name=lib1\n",
    "#!LUA\n",
    "#!python\n",
    "#!\n",
    "#!lua",
    "#!lua 'flags\n",
    "#!lua flags=no-writes flags=allow-oom\n",
];

/// What makes a script wrong where it is put in.
const WRONG: &[&str] = &[
    " end ",
    "(",
    ")",
    "}",
    " = ",
    "\"",
    "[[",
    "--[[",
    "--",
    "\0",
    " local ",
    " goto x ",
    "0x",
    "1e",
    "~",
    "@",
    "'",
    ",",
    " return ",
    " function ",
    "..",
    ":",
    " nil ",
    " and ",
    "\\",
    "#",
    "\u{e9}",
    " break ",
    "[=",
    "3x",
    "\r",
    ";",
];

/// Some statements, each on a line.
pub fn body() -> Text {
    let plain = || filled(STATEMENTS, &[("<C>", call()), ("<A>", expression())]);
    let around = |inner: Text| filled(AROUND, &[("<B>", lines(inner, 0..4)), ("<A>", expression())]);
    let first = plain();
    let inner = prop_oneof![4 => first.clone(), 1 => around(first.clone())].boxed();
    lines(prop_oneof![5 => first, 1 => around(inner)].boxed(), 0..7)
}

fn lines(statement: Text, number: std::ops::Range<usize>) -> Text {
    vec(statement, number).prop_map(|all| all.into_iter().map(|one| one + "\n").collect()).boxed()
}

/// A script for EVAL.
pub fn script() -> BoxedStrategy<Word> {
    let body = (body(), ending()).prop_map(|(body, ending)| format!("\n{body}{ending}\n"));
    let head = proptest::option::weighted(0.08, one_text(FIRST_LINES)).prop_map(Option::unwrap_or_default);
    let wrong = proptest::option::weighted(0.04, (any::<Index>(), one_text(WRONG)));
    (head, body, wrong)
        .prop_map(|(head, mut body, wrong)| {
            let helpers = helpers_of(&body);
            if let Some((at, text)) = wrong {
                // All of it is ASCII so far.
                body.insert_str(at.index(body.len()), &text);
            }
            format!("{head}{helpers}{LIST}{body}").into_bytes()
        })
        .boxed()
}

/// The functions that a text uses, without which it is read faster.
pub fn helpers_of(body: &str) -> String {
    let all = [("T(", TEXT), ("R(", CUT), ("S(", SORTED)];
    all.iter().filter(|(name, _)| body.contains(name)).map(|(_, text)| *text).collect()
}
