//! The libraries that Redis adds: whatever they would let grow without end meets a limit, and soon.

use playground_lua::{Abort, Limits, Signal, Vm};

const LIMITS: Limits = Limits { memory: 8 << 20, string: 1 << 20, pattern_steps: 1_000_000, depth: 100_000 };

/// What scripts begin with: a list of the same value so many times, and a text in the same way.
const MANY: &str = "local function many(n, value) local t = {} for i = 1, n do t[i] = value end return t end \
                    local function text(n, part) return table.concat(many(n, part)) end ";

fn run(source: &str) -> Signal {
    let mut vm = Vm::new(LIMITS);
    let function = vm.load(format!("{MANY}{source}").as_bytes(), b"=script").expect("it compiles");
    vm.start(function, &[]).expect("it starts");
    vm.run(100_000_000)
}

fn ends_in(expected: Abort, source: &str) {
    let signal = run(source);
    assert!(matches!(signal, Signal::Aborted(abort) if abort == expected), "{source}: {signal:?}");
}

#[test]
fn text_grows_to_the_limit_of_a_string() {
    for source in [
        "local t = {} for i = 1, 200 do t = {t, t} end return pcall(cjson.encode, t)",
        "local c = cjson.new() c.encode_sparse_array(false, 0) return c.encode({[2^30] = 1})",
        "return cjson.encode(text(2e5, '\\0'))",
        "local t = {} for i = 1, 900 do t[i] = t end return pcall(cmsgpack.pack, t)",
        "return cmsgpack.pack(many(100, text(2e4, 'x')))",
        "return struct.pack(text(100, 's'), unpack(many(100, text(2e4, 'x'))))",
    ] {
        ends_in(Abort::StringLength, source);
    }
}

#[test]
fn values_grow_to_the_limit_of_memory() {
    for source in [
        "return pcall(cjson.decode, '[' .. text(2e5, '[],') .. '1]')",
        "return pcall(cjson.decode, '{' .. text(1.6e5, '\"\":{},') .. '1]')",
        "return pcall(cmsgpack.unpack, '\\221\\0\\3\\0\\0' .. text(2e5, '\\144'))",
        // Keys that differ: each is a string of its own.
        "local t = {} for i = 1, 8e4 do t[i] = '\"' .. i .. '\"' end t = '[' .. table.concat(t, ',') .. ']' \
         local kept = {} for i = 1, 100 do kept[i] = cjson.decode(t) end",
    ] {
        ends_in(Abort::Memory, source);
    }
}

/// With garbage up to the limit there is still room for what comes.
#[test]
fn garbage_gives_way() {
    for source in [
        "cjson.encode(list)",
        "cmsgpack.pack(list)",
        "struct.pack('s', kept[1])",
        "cjson.decode(json)",
        "cmsgpack.unpack(packed)",
    ] {
        // Of 8 MB more than half is kept, so that garbage is not looked for before the limit.
        let source = format!(
            "local kept = {{}} for i = 1, 90 do kept[i] = ('x'):rep(5e4) .. i end local list = many(1e4, 1) \
             local json, packed = cjson.encode(list), cmsgpack.pack(list) \
             for i = 1, 300 do local result = {source} local garbage = ('y'):rep(2e4) .. i end"
        );
        let signal = run(&source);
        assert!(matches!(signal, Signal::Done), "{source}: {signal:?}");
    }
}

/// A table that is empty but large makes no text, however often it is looked through.
#[test]
fn looking_through_tables_has_an_end() {
    let large = "local large = {} for i = 1, 5e4 do large[i] = i end for i = 1, 5e4 do large[i] = nil end \
                 local all = many(2e4, many(2e4, large)) ";
    ends_in(Abort::Memory, &format!("{large} return pcall(cjson.encode, all)"));
    ends_in(Abort::Memory, &format!("{large} return pcall(cmsgpack.pack, all)"));
}

/// A native function that did much leaves less time for the rest.
#[test]
fn time_is_paid() {
    let paid = |source: &str| {
        let mut vm = Vm::new(Limits::default());
        let function = vm.load(source.as_bytes(), b"=script").expect("it compiles");
        vm.start(function, &[]).expect("it starts");
        assert!(matches!(vm.run(1_000_000_000), Signal::Done), "{source}");
        1_000_000_000 - vm.fuel()
    };
    let building = "local t = {} for i = 1, 1e5 do t[i] = i end local s = table.concat(t) ";
    let before = paid(building);
    for rest in
        ["cjson.encode(t)", "cjson.encode(s)", "cjson.decode('\"' .. s .. '\"')", "struct.pack('s', s)"]
    {
        assert!(paid(&format!("{building} return {rest}")) > before + 20_000, "{rest}");
    }
    for rest in [
        "table.maxn(t)",
        "tonumber(s)",
        "tonumber(s, 16)",
        "s + 1",
        "s:sub(2) < s:sub(3)",
        "s:rep(2) < s:rep(3)",
        "#{s:byte(1, 7000)} + #{s:byte(1, 7000)}",
    ] {
        assert!(paid(&format!("{building} return {rest}")) > before + 1_000, "{rest}");
    }
    let holes = "for i = 1, 1e5 do t['k' .. i] = i end for k in pairs(t) do t[k] = nil end";
    assert!(
        paid(&format!("{building} {holes} return next(t)")) > paid(&format!("{building} {holes}")) + 10_000
    );
    for rest in [
        "cmsgpack.pack(t)",
        "cmsgpack.unpack_one('\\219\\0\\7\\0\\0' .. s)",
        "struct.unpack('s', s .. '\\0')",
    ] {
        assert!(paid(&format!("{building} return {rest}")) > before + 10_000, "{rest}");
    }
}
