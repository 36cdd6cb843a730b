//! Programs that want to take their host down: each ends in a limit or an error, on a stack as small as a browser's.

#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod support;

use playground_lua::{Abort, Limits, Signal, Value, Vm};
use support::{results, text};

const LIMITS: Limits = Limits { memory: 32 << 20, string: 8 << 20, pattern_steps: 1_000_000, depth: 100_000 };

/// How a program ended.
#[derive(Debug, PartialEq)]
enum End {
    /// Its instructions were used up.
    Endless,
    Aborted(Abort),
    Failed(String),
    Returned(String),
}

/// Runs a program with 20 million instructions on a stack of one megabyte.
fn run(source: &str) -> End {
    let source = source.to_owned();
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    let handle = thread.spawn(move || run_here(&source)).expect("a thread");
    handle.join().expect("no panic")
}

fn run_here(source: &str) -> End {
    let mut vm = Vm::new(LIMITS);
    let function = match vm.load(source.as_bytes(), b"=script") {
        Ok(function) => function,
        Err(error) => return End::Failed(String::from_utf8_lossy(&error.0).into_owned()),
    };
    if let Err(raise) = vm.start(function, &[]) {
        return End::Failed(format!("{raise:?}"));
    }
    let end = match vm.run(20_000_000) {
        Signal::Paused => End::Endless,
        Signal::Aborted(abort) => End::Aborted(abort),
        Signal::Failed(value) => End::Failed(text(&mut vm, value)),
        Signal::Done => End::Returned(results(&mut vm).join(" ")),
        Signal::Host => End::Failed("asks the host".into()),
    };
    // It is whole, and takes the next program.
    let next = vm.load(b"return 1 + 1", b"=next").expect("it compiles");
    let started = vm.start(next, &[]);
    assert!(started.is_ok(), "{source}: {started:?}, {} bytes", vm.heap().bytes());
    assert!(matches!(vm.run(100), Signal::Done), "after {source}");
    assert!(matches!(vm.results(), [Value::Number(2.0)]));
    end
}

#[test]
fn no_loop_holds_its_host() {
    for source in [
        "while true do end",
        "repeat until false",
        "for i = 1, 1/0 do end",
        "pcall(function() while true do end end)",
        "while true do pcall(error) end",
        "xpcall(function() while true do end end, function() while true do end end)",
        "coroutine.wrap(function() while true do end end)()",
        "local c = coroutine.wrap(function() while true do coroutine.yield() end end) while true do c() end",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "local t = {} for i = 1, 9000 do t[i] = i % 7 end while true do table.sort(t, function(a, b) return a < b end) end",
        "return setmetatable({}, {__index = function() while true do end end}).x",
        "return setmetatable({}, {__add = function() while true do end end}) + 1",
        "return setmetatable({}, {__concat = function() while true do end end}) .. 1",
        "return tostring(setmetatable({}, {__tostring = function() while true do end end}))",
        "return setmetatable({}, {__lt = function() while true do end end}) < setmetatable({}, {})  or 1",
        "for k in function() return 1 end do end",
        "local function f() return f() end f()",
        "local function f(...) return f(1, ...) end f()",
        "local t = setmetatable({}, {__call = function(self) return self() end}) t()",
        "table.foreach(setmetatable({1}, nil), function() while true do end end)",
        "load(function() return ' ' end)",
        "local function f() local ok = pcall(f) return f() end f()",
    ] {
        let end = run(source);
        let is_held = matches!(&end, End::Endless | End::Aborted(Abort::Memory | Abort::StringLength))
            || matches!(&end, End::Failed(message) if message.contains("attempt to compare two table values"));
        assert!(is_held, "{source}: {end:?}");
    }
}

/// As far as a number of C's reaches, and further than anybody waits.
#[test]
fn places_where_nothing_is_are_not_walked_one_by_one() {
    let start = std::time::Instant::now();
    for source in ["table.insert({1}, -2^31, 'x')", "for i = 1, 1e9 do table.insert({1}, 1e15, i) end"] {
        assert_eq!(run(source), End::Endless, "{source}: its time is taken all the same");
    }
    assert!(start.elapsed() < std::time::Duration::from_secs(5), "{:?}", start.elapsed());
    let source = "local t = {10, 20, 30, [-3000] = 'a', [-2999] = 'b', [-9000] = 'c', [-4000.5] = 'd', x = 1} \
                  table.insert(t, -5000, 'new') local s = '' \
                  for i = -9001, 10 do if t[i] then s = s .. i .. '=' .. t[i] .. ' ' end end return s .. t[-4000.5]";
    let shown = "-9000=c -5000=new -2999=a -2998=b 2=10 3=20 4=30 d";
    assert_eq!(run(source), End::Returned(shown.into()));
}

#[test]
fn memory_ends_in_a_limit_that_nothing_catches() {
    for source in [
        "local t = {} while true do t[#t + 1] = {} end",
        "local t = {} local i = 0 while true do i = i + 1 t['k' .. i] = i end",
        "local function f() local t = {} while true do t = {t} end end while true do pcall(f) end",
        "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
        "local t = {} while true do t[#t + 1] = function() return t end end",
        "local t = {} for i = 1, 1e9 do t[i] = i end",
        "local t = {} while true do t[#t + 1] = newproxy(true) end",
        "collectgarbage('stop') local t = {} while true do t[#t + 1] = {} end",
        "local function f(...) return 1 + f(1, ...) end f()",
    ] {
        assert_eq!(run(source), End::Aborted(Abort::Memory), "{source}");
    }
    for source in [
        "local s = 'x' while true do s = s .. s end",
        "local s = 'x' while true do pcall(function() s = s .. s end) end",
        "local t = {} for i = 1, 1000 do t[i] = ('x'):len() end return t",
    ] {
        let end = run(source);
        let is_limited = matches!(end, End::Aborted(Abort::StringLength | Abort::Memory) | End::Returned(_));
        assert!(is_limited, "{source}: {end:?}");
    }
}

#[test]
fn what_is_garbage_is_no_reason_to_stop() {
    for source in [
        "for i = 1, 3e5 do local t = {i, {i}} t[2][1] = t end return 'done'",
        "collectgarbage('stop') for i = 1, 3e5 do local t = {i, {i}} end return 'done'",
        "local s = ('x') for i = 1, 20 do s = s .. s end for i = 1, 100 do local z = s .. i end return 'done'",
        "for i = 1, 2e4 do coroutine.wrap(function() coroutine.yield() end)() end return 'done'",
        "for i = 1, 1e5 do local function f() return f end end return 'done'",
        "local w = setmetatable({}, {__mode = 'k'}) for i = 1, 1e5 do w[{}] = i end return 'done'",
        "local w = setmetatable({}, {__mode = 'v'}) for i = 1, 1e5 do w[i] = {} end return 'done'",
    ] {
        assert_eq!(run(source), End::Returned("done".into()), "{source}");
    }
}

#[test]
fn recursion_of_any_kind_ends_in_an_error() {
    for (source, expected) in [
        ("local function f() return 1 + f() end return pcall(f)", "stack overflow"),
        ("local function f() f() end return pcall(f)", "stack overflow"),
        (
            "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end return pcall(function() return t[1] end)",
            "C stack overflow",
        ),
        (
            "local t = setmetatable({}, {}) getmetatable(t).__add = function(a, b) return a + b end return pcall(function() return t + 1 end)",
            "C stack overflow",
        ),
        (
            "local t = setmetatable({}, {}) getmetatable(t).__tostring = function(a) return tostring(a) end return pcall(tostring, t)",
            "C stack overflow",
        ),
        (
            "local t = setmetatable({}, {}) getmetatable(t).__lt = function(a, b) return a < b end return pcall(function() return t < t end)",
            "C stack overflow",
        ),
        ("local function f(t) table.sort({1, 2}, f) end return pcall(f)", "C stack overflow"),
        ("local function f(t) table.foreach({1, 2}, f) end return pcall(f)", "C stack overflow"),
        ("local function f() return xpcall(f, f) end return 0, select(2, f())", ""),
        (
            "local t = {} t = setmetatable(t, {__index = t}) return pcall(function() return t.x end)",
            "loop in gettable",
        ),
        (
            "local f = pcall for i = 1, 1000 do local g = f f = function(...) return g(...) end end return 0, f(error)",
            "",
        ),
    ] {
        let end = run(source);
        assert!(matches!(&end, End::Returned(text) if text.contains(expected)), "{source}: {end:?}");
    }
    // A chain of coroutines that wait for each other is a limit of the host's.
    let end = run("local function f() coroutine.wrap(f)() end f()");
    assert!(matches!(end, End::Aborted(Abort::Depth | Abort::Memory)), "{end:?}");
    let end = run("local a = {} for i = 1, 7000 do a[i] = pcall end return pcall(unpack(a))");
    assert!(matches!(&end, End::Returned(_) | End::Aborted(Abort::Memory)), "{end:?}");
    // A value that calls itself by its own metatable, without end.
    let end = run("local t = {} setmetatable(t, {__call = t}) return pcall(t)");
    assert!(matches!(&end, End::Returned(text) if text.contains("attempt to call")), "{end:?}");
}

#[test]
fn source_of_any_depth_is_compiled_or_refused() {
    let nested = [
        ("(", "1", ")"),
        ("{", "1", "}"),
        ("- ", "1", ""),
        ("not ", "1", ""),
        ("1 .. ", "1", ""),
        ("1 ^ ", "1", ""),
        ("function() return ", "1", " end"),
        ("f(", "1", ")"),
        ("a[", "1", "]"),
    ];
    for (open, inside, close) in nested {
        let source = format!("return {}{inside}{}", open.repeat(100_000), close.repeat(100_000));
        let end = run(&source);
        let is_refused = matches!(&end, End::Failed(message) if message.contains("too many syntax levels")
            || message.contains("too complex") || message.contains("unexpected symbol") || message.contains("upvalues"));
        assert!(is_refused, "{open}: {end:?}");
    }
    for (open, close) in [
        ("do ", " end"),
        ("while true do ", " end"),
        ("if x then ", " end"),
        ("repeat ", " until x"),
        ("for i = 1, 2 do ", " end"),
    ] {
        let end = run(&format!("{}{}", open.repeat(100_000), close.repeat(100_000)));
        assert!(
            matches!(&end, End::Failed(message) if message.contains("too many syntax levels")
            || message.contains("local variables")),
            "{open}: {end:?}"
        );
    }
    // Long, but not deep.
    let chain = "x".to_owned() + &".x".repeat(100_000);
    assert!(matches!(run(&format!("return pcall(function() return {chain} end)")), End::Returned(_)));
    let elseifs = format!("if x then {} end", "elseif x then ".repeat(20_000));
    assert!(matches!(run(&elseifs), End::Returned(_)));
    let names = (0..300).map(|n| format!("v{n}")).collect::<Vec<_>>().join(", ");
    assert!(
        matches!(run(&format!("local {names}")), End::Failed(message) if message.contains("has more than 200 local variables"))
    );
}
