//! `string` beside the real 5.1: what stands below each expression is what `lua5.1` (5.1.5 on x86-64 Linux) answers. And
//! what only this interpreter must do: stop where a limit is, and never go deep on the host's stack.

#![allow(clippy::disallowed_methods)]

mod support;

use playground_lua::{Abort, Limits, Signal, Vm};
use support::{results, text};

/// How a program ended, as text.
fn run(source: &str, limits: Limits, slice: u64) -> Result<String, Abort> {
    let mut vm = Vm::new(limits);
    let function = vm.load(source.as_bytes(), b"=script").expect("it compiles");
    vm.start(function, &[]).expect("it starts");
    loop {
        match vm.run(slice) {
            // A copy goes on as the original would.
            Signal::Paused => vm = vm.clone(),
            Signal::Done => break,
            Signal::Failed(error) => return Ok(format!("error: {}", text(&mut vm, error))),
            Signal::Aborted(abort) => return Err(abort),
            Signal::Host => panic!("nobody asks"),
        }
    }
    Ok(results(&mut vm).join(", "))
}

/// An expression on a line, what it gives on the next.
fn check(cases: &str) {
    let lines: Vec<_> = cases.trim().lines().collect();
    for case in lines.chunks(2) {
        let [source, expected] = case else { panic!("no result: {case:?}") };
        let result = run(&format!("return {source}"), Limits::default(), u64::MAX);
        let shown = result.map(|text| format!("= {text}").trim_end().to_owned());
        assert_eq!(shown.as_deref(), Ok(*expected), "{source}");
    }
}

const LIMITS: Limits =
    Limits { memory: 64 << 20, string: 16 << 20, pattern_steps: 5_000_000, depth: 100_000 };

/// Runs on a stack as small as a browser's.
fn limited(source: &str) -> Result<String, Abort> {
    let source = source.to_owned();
    let thread = std::thread::Builder::new().stack_size(512 << 10);
    thread.spawn(move || run(&source, LIMITS, u64::MAX)).expect("a thread").join().expect("no panic")
}

#[test]
fn places_count_from_both_ends() {
    check(
        r##"
string.sub("hello", 2, -2), string.sub("hello", -100, 2), string.sub("hello", 4, 2), string.sub("hello", 0)
= ell, he, , hello
string.sub("hello", 2^53, 1/0), string.sub("hello", -1/0), string.sub(12345, "2", 3.9)
= , hello, 23
string.byte("hello", -1), string.byte("\0\255", 1, 10)
= 111, 0, 255
string.byte("", 1)
=
#string.rep("ab", 3), string.rep("ab", -1), string.rep("ab", 2^32 + 1), string.rep("", 1e9)
= 6, , ab,
string.char(72, 105, 0, 255), string.char()
= Hi\x00\xff,
string.upper("aB1\228"), string.lower("Ab1\196"), string.reverse("a\0bc"), string.len("a\0b")
= AB1\xe4, ab1\xc4, cb\x00a, 3
("y"):rep(3):upper(), #"abc", ("%d"):format(7), getmetatable("").__index == string, string.gfind == string.gmatch
= YYY, 3, 7, true, true
select("#", string.byte(("x"):rep(9000), 1, 7997))
= 7997
"##,
    );
}

#[test]
fn arguments_are_checked_as_in_5_1() {
    check(
        r##"
string.rep()
= error: script:1: bad argument #1 to 'rep' (string expected, got no value)
string.rep("x")
= error: script:1: bad argument #2 to 'rep' (number expected, got no value)
string.rep("x", {})
= error: script:1: bad argument #2 to 'rep' (number expected, got table)
("x"):rep({})
= error: script:1: bad argument #1 to 'rep' (number expected, got table)
string.sub("x")
= error: script:1: bad argument #2 to 'sub' (number expected, got no value)
string.char(65, 256)
= error: script:1: bad argument #2 to 'char' (invalid value)
string.char(-1)
= error: script:1: bad argument #1 to 'char' (invalid value)
string.byte(("x"):rep(9000), 1, -1)
= error: script:1: stack overflow (string slice too long)
string.len(nil)
= error: script:1: bad argument #1 to 'len' (string expected, got nil)
string.upper({})
= error: script:1: bad argument #1 to 'upper' (string expected, got table)
string.find("x")
= error: script:1: bad argument #2 to 'find' (string expected, got no value)
string.find("x", "x", "y")
= error: script:1: bad argument #3 to 'find' (number expected, got string)
string.gmatch("x")
= error: script:1: bad argument #2 to 'gmatch' (string expected, got no value)
string.gsub("x", "x")
= error: script:1: bad argument #3 to 'gsub' (string/function/table expected)
string.gsub("x", "x", true)
= error: script:1: bad argument #3 to 'gsub' (string/function/table expected)
string.gsub("x", "x", "x", "y")
= error: script:1: bad argument #4 to 'gsub' (number expected, got string)
string.gsub("x", "x", function() return {} end)
= error: script:1: invalid replacement value (a table)
string.gsub("x", "x", {x = tostring})
= error: script:1: invalid replacement value (a function)
string.gsub("x", "x", setmetatable({}, {__index = 5}))
= error: attempt to index a number value
string.dump(tostring)
= error: script:1: unable to dump given function
string.dump(5)
= error: script:1: bad argument #1 to 'dump' (function expected, got number)
("x"):none()
= error: script:1: attempt to call method 'none' (a nil value)
"##,
    );
}

#[test]
fn patterns_match_as_in_5_1() {
    check(
        r##"
string.find("a.b", ".", 1, true)
= 2, 2
string.find("abc", "b", -1)
= nil
string.find("abc", "", 10), string.find("", "")
= 4, 1, 0
string.find("THE (quick) fox", "%((%a+)%)")
= 5, 11, quick
string.match("  x = 10 ", "^%s*(%w+)%s*=%s*(%d+)%s*$")
= x, 10
string.match("THE (quick) fox", "()%f[%a]%a+()")
= 1, 4
string.match("say \"hi\" now", "([\"']).-%1")
= "
string.match("f(a(b)c)d)", "%b()")
= (a(b)c)
string.match("aaa", "a-"), string.match("aaab", "a-b"), string.match("aaa", "^(a?)(a*)(a+)$")
= , aaab, a, a, a
string.match("x]y", "[]]"), string.match("x^y", "[x^]+"), string.match("a-z", "[a%-z]+"), string.match("5-", "[0-9-]+")
= ], x^, a-z, 5-
string.match("a]", "[+-%%]+"), string.match("]", "[a-%%]+")
= ], ]
string.match("a$b", "a$b"), string.match("a^b", "a^b"), string.match("ab", "^^")
= a$b, a^b, nil
string.find("abc\0def", "c\0d"), string.find("abc\0def", "c.\0x"), string.find("a\0b", "[%z]b"), string.match("a\0b", "%Z*")
= 3, 3, 2, a
string.match("\t\n\v\f\r x", "^%s+"), string.match("\228x", "%a"), string.match("\127", "%c"), string.match("!\"[_~", "^%p+$")
= \x09\x0a\x0b\x0c\x0d , x, \x7f, !"[_~
string.match("abc", "((a)(b))"), string.match("abc", "()b()"), string.match("abab", "(ab)%1"), string.match("ab", "()a%1")
= ab, 2, ab, nil
string.match("THE (quick) fox", "%f[%a]%a+%f[%A]", 5), string.find("abc", "%f[%z]")
= quick, 4, 3
string.match("aXb", "%u"), string.match("aXb", "%U+"), string.match("fFg", "%x+"), string.match("a", "%e"), string.match("e", "%e")
= X, a, fF, nil, e
string.match(1234, 23), string.match("x", "x", 5)
= 23, nil
"##,
    );
}

#[test]
fn malformed_patterns_are_told_when_they_are_met() {
    check(
        r##"
string.find("a", "%")
= error: script:1: malformed pattern (ends with '%')
string.find("a", "[a")
= error: script:1: malformed pattern (missing ']')
string.find("a", "[]")
= error: script:1: malformed pattern (missing ']')
string.find("a", "[^]")
= error: script:1: malformed pattern (missing ']')
string.find("a", "[a%")
= error: script:1: malformed pattern (missing ']')
string.find("a", "[%]")
= error: script:1: malformed pattern (missing ']')
string.find("a", "(a")
= error: script:1: unfinished capture
string.find("a", "a)")
= nil
string.find("a", "%1")
= error: script:1: invalid capture index
string.find("a", "(a%1)")
= error: script:1: invalid capture index
string.find("a", "(a)%0")
= error: script:1: invalid capture index
string.find("a", "(a)%2")
= error: script:1: invalid capture index
string.find("a", "%b")
= error: script:1: unbalanced pattern
string.find("a", "%ba")
= error: script:1: unbalanced pattern
string.find("a", "%f")
= error: script:1: missing '[' after '%f' in pattern
string.find("a", "%fa")
= error: script:1: missing '[' after '%f' in pattern
string.find("a", "b[")
= nil
string.find("a", ("()"):rep(32))
= 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
string.find("a", ("()"):rep(33))
= error: script:1: too many captures
string.gsub("abc", "b", "%2")
= error: script:1: invalid capture index
string.gsub("abc", "(b)", "%2")
= error: script:1: invalid capture index
string.gsub("abc", "()(b", "%1")
= a2c, 1
string.gsub("abc", "()(b", "%2")
= error: script:1: unfinished capture
string.gmatch("abc", "(a")()
= error: script:1: unfinished capture
"##,
    );
}

#[test]
fn gsub_replaces_as_in_5_1() {
    check(
        r##"
string.gsub("hello world", "(o)(%s?)", "[%1%2%0]")
= hell[o o ]w[oo]rld, 2
string.gsub("abc", "", "-")
= -a-b-c-, 4
string.gsub("abc", "b*", "-")
= -a--c-, 4
string.gsub("abc", "b", "%")
= a\x00c, 1
string.gsub("abc", "%w", "%%%0%a")
= %aa%ba%ca, 3
string.gsub("abc", "()", "%1")
= 1a2b3c4, 4
string.gsub("abcabc", "b", "x", 1), string.gsub("abcabc", "b", "x", 0), string.gsub("abcabc", "b", "x", -1)
= axcabc, abcabc, abcabc, 0
string.gsub("abcabc", "b", 1.5), string.gsub(121, 1, 3)
= a1.5ca1.5c, 323, 2
string.gsub("aaa", "^a", "b"), string.gsub("aaa", "^b*", "c"), string.gsub("a^a", "a^", "b")
= baa, caaa, ba, 1
string.gsub("$name is $age $none", "%$(%w+)", {name = "lua", age = 5, none = false})
= lua is 5 $none, 3
string.gsub("abc", "%w", setmetatable({a = "1"}, {__index = {b = "2"}}))
= 12c, 3
string.gsub("abc", "%w", setmetatable({a = "1"}, {__index = function(t, k) return k .. k end}))
= 1bbcc, 3
string.gsub("abc", "%w", setmetatable({}, {__index = setmetatable({}, {__index = string.upper})}))
= error: bad argument #1 to '?' (string expected, got table)
string.gsub("abc", "(a)(b)(c)", function(...) return select("#", ...) end)
= 3, 1
string.gsub("abc", "%w", function(c) if c == "b" then return false elseif c == "a" then return nil end return c .. c, 1 end)
= abcc, 3
string.gsub("abc", "()b", function(at) return at end)
= a2c, 1
string.gsub("a(b)c", "%b()", string.upper)
= a(B)c, 1
pcall(string.gsub, "abc", "%w", function(c) error({c}) end)
= false, table
pcall(string.gsub, "abc", "%w", function(c) error("no " .. c, 0) end)
= false, no a
coroutine.resume(coroutine.create(function() return string.gsub("abc", "b", coroutine.yield) end))
= false, attempt to yield across metamethod/C-call boundary
"##,
    );
}

#[test]
fn gmatch_goes_through_all_matches() {
    check(
        r##"
(function(t) for k, v in string.gmatch("a=1, b=2", "(%w+)=(%w+)") do t[#t + 1] = k .. v end return unpack(t) end)({})
= a1, b2
(function(t) for at in string.gmatch("abc", "()") do t[#t + 1] = at end return unpack(t) end)({})
= 1, 2, 3, 4
(function(t) for w in string.gmatch("^a^b", "^a") do t[#t + 1] = w end return unpack(t) end)({})
= ^a
(function(t) for w in string.gmatch("one two", "%a*") do t[#t + 1] = w end return unpack(t) end)({})
= one, , two,
(function(f) return f(), select("#", f()), select("#", f()) end)(string.gmatch("a", "a"))
= a, 0, 0
"##,
    );
}

#[test]
fn format_writes_as_printf_does() {
    check(
        r##"
string.format("%5.3s|%-8d|%+08.2f|%#x|%%", "abcdef", 42, 3.14159, 255)
=   abc|42      |+0003.14|0xff|%
string.format("%d %d %d %d %d", 2^53, -2^63, 2^63, 0/0, 1/0), string.format("%i", -3.99)
= 9007199254740992 -9223372036854775808 -9223372036854775808 -9223372036854775808 -9223372036854775808, -3
string.format("%x %X %o %u", -1, 2^63, 8, -1), string.format("%x %x", 2^64, 1/0)
= ffffffffffffffff 8000000000000000 10 18446744073709551615, 0 0
string.format("%5d|%-5d|%05d|%+d|% d|%.3d|%8.3d|%08.3d|%.0d", 42, 42, 42, 42, 42, 42, 42, 42, 0)
=    42|42   |00042|+42| 42|042|     042|     042|
string.format("%#o|%#X|%#.5x|%#10x|%#010x|%#x|%#.0o", 8, 255, 255, 255, 255, 0, 0)
= 010|0XFF|0x000ff|      0xff|0x000000ff|0|0
string.format("%e %E %.0e %#.0e %10.2e", 12345.678, 0.00012, 5, 5, -1e300)
= 1.234568e+04 1.200000E-04 5e+00 5.e+00 -1.00e+300
string.format("%f %.0f %#.0f %.3f %f", 1/3, 2.5, 2.5, -0.0005, 1e22)
= 0.333333 2 2. -0.001 10000000000000000000000.000000
string.format("%g %g %g %g %G %#g %.3g %g", 1e20, 1e-5, 100000, 1e6, 1e-10, 1, 1234, 0.1)
= 1e+20 1e-05 100000 1e+06 1E-10 1.00000 1.23e+03 0.1
string.format("%#g %#.3g", 999999.5, 999.5)
= 1.e+06 1.e+03
string.format("%.14g %.17g %.99f", 0.1, 0.1, 0.1)
= 0.1 0.10000000000000001 0.100000000000000005551115123125782702118158340454101562500000000000000000000000000000000000000000000
string.format("%5.1f|%f|%010f|%+e|%G", 1/0, -1/0, 1/0, 1/0, -1/0)
=   inf|-inf|       inf|+inf|-INF
string.format("%g %g", -0.0, 5e-324), #string.format("%99.99f", -1.7976931348623157e308)
= -0 4.94066e-324, 410
string.format("[%c%5c%-5c]", 65, 66, 67), #string.format("%c|%5c|%-5c", 0, 0, 0), string.format("%c", 2^32 + 65)
= [A    BC    ], 6,
string.format("%q", "a\r\n\0\"\\z\t\255")
= "a\r\\x0a\000\"\\z\x09\xff"
string.format("[%s][%10s][%-10s][%.2s][%.0s]", "a", "b", "c", "def", "g"), string.format("%s %s", 1, 1.5)
= [a][         b][c         ][de][], 1 1.5
string.format("[%s][%5s]", "a\0b", "a\0b"), #string.format("%5s", ("x"):rep(120) .. "\0y"), #string.format("%.50s", ("x"):rep(120))
= [a][    a], 122, 50
string.format("a\0b%sc", "x"), string.format("%05s|%05c", "a", 65), string.format("%x", "0x10")
= a\x00bxc,     a|    A, 10
"##,
    );
}

#[test]
fn wrong_formats_are_told_as_in_5_1() {
    check(
        r##"
string.format("%")
= error: script:1: bad argument #2 to 'format' (no value)
string.format("%", 1)
= error: script:1: invalid option '%' to 'format'
string.format("%d")
= error: script:1: bad argument #2 to 'format' (no value)
string.format("%d", "x")
= error: script:1: bad argument #2 to 'format' (number expected, got string)
string.format("%s", nil)
= error: script:1: bad argument #2 to 'format' (string expected, got nil)
string.format("%s", {})
= error: script:1: bad argument #2 to 'format' (string expected, got table)
string.format("%q", true)
= error: script:1: bad argument #2 to 'format' (string expected, got boolean)
string.format("%y", 1)
= error: script:1: invalid option '%y' to 'format'
string.format("%10F", 1)
= error: script:1: invalid option '%F' to 'format'
string.format("%ld", 1)
= error: script:1: invalid option '%l' to 'format'
string.format("%5", 1)
= error: script:1: invalid option '%' to 'format'
string.format("%100d", 1)
= error: script:1: invalid format (width or precision too long)
string.format("%1.100d", 1)
= error: script:1: invalid format (width or precision too long)
string.format("%-+ #0d", 1)
= +1
string.format("%-+ #0-d", 1)
= error: script:1: invalid format (repeated flags)
string.format("%d %d", 1)
= error: script:1: bad argument #3 to 'format' (no value)
string.format()
= error: script:1: bad argument #1 to 'format' (string expected, got no value)
"##,
    );
}

#[test]
fn a_pattern_that_takes_forever_ends() {
    for source in [
        "return string.find(('a'):rep(30), ('a?'):rep(30) .. ('a'):rep(30))",
        "return string.match(('a'):rep(300), ('.-'):rep(20) .. 'b')",
        "return string.match(('a'):rep(100000), '(.*)(.*)%2b')",
        "return string.gsub(('('):rep(100000), '%b()', '')",
        "return string.find(('a'):rep(4000000), ('a'):rep(2000000) .. 'b', 1, true)",
        "return string.find(('b'):rep(100000), '[' .. ('a'):rep(100000) .. ']')",
        "return pcall(string.gsub, ('a'):rep(100000), '', ('%1'):rep(100000))",
        "return string.gmatch(('a'):rep(100000), '.-.-b')()",
        "return string.gsub(('a'):rep(100000), '(.-).-b', function() end)",
    ] {
        assert_eq!(limited(source), Err(Abort::PatternSteps), "{source}");
    }
}

#[test]
fn steps_are_taken_off_the_budget() {
    let mut vm = Vm::new(Limits::default());
    let source = b"return string.find(('a'):rep(20), ('a?'):rep(20) .. ('a'):rep(20))";
    let function = vm.load(source, b"=script").expect("it compiles");
    vm.start(function, &[]).expect("it starts");
    // It has done all of it at once, and makes up for it before anything else.
    for _ in 0..10 {
        assert!(matches!(vm.run(10_000), Signal::Paused));
        assert_eq!(vm.fuel(), 0);
    }
    assert!(matches!(vm.run(1_000_000_000), Signal::Done));
    assert!(vm.fuel() < 1_000_000_000);
}

#[test]
fn a_pattern_may_be_as_long_as_it_likes() {
    for (source, expected) in [
        ("return string.find(('a'):rep(1000000), ('a?'):rep(1000000))", "1, 1000000"),
        ("return #string.match(('a'):rep(1000000), ('a'):rep(1000000))", "1000000"),
        ("return string.find(('a'):rep(1000000) .. 'b', '^.-b')", "1, 1000001"),
        (
            "return string.find(('a'):rep(1000000), '^' .. ('a?'):rep(1000000) .. '()()$')",
            "1, 1000000, 1000001, 1000001",
        ),
        ("return string.find('', ('a*'):rep(1000000))", "1, 0"),
        ("return string.find(('('):rep(1000000) .. (')'):rep(1000000), '%b()')", "1, 2000000"),
        ("return select(2, pcall(string.find, 'a', ('('):rep(1000000)))", "too many captures"),
    ] {
        assert_eq!(limited(source).as_deref(), Ok(expected), "{source}");
    }
}

#[test]
fn the_ways_that_are_noted_are_memory() {
    let limits = Limits { memory: 8 << 20, ..Limits::default() };
    let source = "return string.find(('a'):rep(1000000), ('a?'):rep(1000000))";
    assert_eq!(run(source, limits, u64::MAX), Err(Abort::Memory));
}

#[test]
fn no_string_grows_beyond_its_limit() {
    for source in [
        "return string.rep('x', 1e9)",
        "return pcall(string.rep, ('x'):rep(1000), 2^31 - 1)",
        "local s = 'xx' while true do s = s:rep(2) end",
        "return string.gsub(('a'):rep(1000000), 'a', ('b'):rep(1000))",
        "return string.gsub(('a'):rep(1000), '.+', ('%0'):rep(1000000))",
        "return string.gsub(('a'):rep(1000000), 'a', {a = ('b'):rep(1000)})",
        "local b = ('b'):rep(100000) return string.gsub(('a'):rep(1000), 'a', function() return b end)",
        "return string.format(('%s'):rep(200), unpack((function(t) for i = 1, 200 do t[i] = ('x'):rep(100000) end return t end)({})))",
        "return string.format('%q', ('\"'):rep(10000000))",
    ] {
        assert_eq!(limited(source), Err(Abort::StringLength), "{source}");
    }
    assert_eq!(
        limited("return string.rep('', 1e9), #string.rep('x', 16 * 2^20)").as_deref(),
        Ok(", 16777216")
    );
}

#[test]
fn what_is_held_is_counted_and_garbage_is_not() {
    // Each level holds what it has made so far while the next one runs.
    let held = "local function deep(n) return (string.gsub(('a'):rep(4000) .. n, '%d+', function() return deep(n + 1) end)) end
        return pcall(deep, 1)";
    assert!(limited(held).is_ok());
    let many = "local list = {} for i = 1, 1e9 do
        local run = coroutine.create(function() string.gsub(i .. ('a'):rep(1e6) .. 'b', 'b', function() string.gsub('a', 'a', {}) end) end)
        list[i] = run coroutine.resume(run) list[i] = i .. ('a'):rep(1e6) end";
    assert_eq!(limited(many), Err(Abort::Memory));
    let garbage =
        "for i = 1, 100 do local s = string.rep('x', 1e7 + i):upper():lower():reverse():sub(2) end return 1";
    assert_eq!(limited(garbage).as_deref(), Ok("1"));
    assert_eq!(
        limited("return string.match(('a'):rep(3e6), ('(.'):rep(30) .. '.*' .. (')'):rep(30))"),
        Err(Abort::Memory)
    );
}

#[test]
fn gsub_calls_back_without_nesting() {
    let nested = "local function f(s, n) if n == 0 then return s end
        return (s:gsub('a', function(a) return '<' .. f(a, n - 1) .. '>' end)) end
        return f('a', 5), select(2, pcall(f, 'a', 100000))";
    assert_eq!(limited(nested).as_deref(), Ok("<<<<<a>>>>>, C stack overflow"));
    let long = "local n = 0
        local s, count = (('ab'):rep(20000)):gsub('a', function(c) n = n + 1 return n % 7 == 0 and c:rep(100) or nil end)
        return #s, count, n, s:sub(1, 20), (s:gsub('a+', '')):len()";
    let expected = run(long, LIMITS, u64::MAX);
    assert_eq!(expected.as_deref(), Ok("322843, 20000, 20000, ababababababaaaaaaaa, 20000"));
    // The same in slices, and with all that lies on the stack collected in between.
    assert_eq!(run(long, LIMITS, 5_000), expected);
    let collecting = "return string.gsub(('abc'):rep(2000), '%w', function(c) if c == 'b' then collectgarbage() end return c .. c end)";
    let doubled = format!("{}, 6000", "aabbcc".repeat(2_000));
    assert_eq!(run(collecting, LIMITS, 50), Ok(doubled));
}
