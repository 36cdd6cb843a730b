//! The libraries that Redis adds: each result is what Redis 8.0.2 answers to the same script.

use playground_lua::{Limits, Value, Vm};

/// Makes one text of all results.
const SHOW: &str = "local function show(...) local t = {} for i = 1, select('#', ...) do \
                    t[i] = tostring((select(i, ...))) end return table.concat(t, ' ') end ";

fn result(vm: &mut Vm, source: &str) -> Vec<u8> {
    let text = format!("{SHOW}return show({source})");
    let function = vm.load(text.as_bytes(), b"@user_script").expect("it compiles");
    vm.start(function, &[]).expect("it starts");
    let signal = vm.run(100_000_000);
    let [Value::Str(text)] = vm.results()[..] else { panic!("{source}: {signal:?}") };
    vm.heap().str(text).to_vec()
}

fn check(cases: &[(&str, &[u8])]) {
    let mut vm = Vm::new(Limits::default());
    for (source, expected) in cases {
        let got = result(&mut vm, source);
        assert!(
            got == *expected,
            "{source}\n  gave {:?}\nnot    {:?}",
            String::from_utf8_lossy(&got),
            String::from_utf8_lossy(expected)
        );
    }
}

#[test]
fn cjson_writes() {
    check(&[
        ("cjson.encode({1, 2, {a = 1}})", b"[1,2,{\"a\":1}]"),
        ("cjson.encode({})", b"{}"),
        ("cjson.encode({{}, {{}}})", b"[{},[{}]]"),
        ("cjson.encode({a = {}, b = {1}})", b"{\"a\":{},\"b\":[1]}"),
        (
            r#"cjson.encode('a/b"c\\d\n\t\r\b\f\0\1\31\127\128\255')"#,
            b"\"a\\/b\\\"c\\\\d\\n\\t\\r\\b\\f\\u0000\\u0001\\u001f\\u007f\x80\xff\"",
        ),
        (
            "cjson.encode(0.1), cjson.encode(1e15), cjson.encode(1e-7), cjson.encode(1/3), cjson.encode(2^53), cjson.encode(tonumber('-0'))",
            b"0.1 1e+15 1e-07 0.33333333333333 9.007199254741e+15 -0",
        ),
        (
            "cjson.encode(nil), cjson.encode(true), cjson.encode(cjson.null), cjson.encode('')",
            b"null true null \"\"",
        ),
        ("cjson.encode({1, nil, 3})", b"[1,null,3]"),
        ("cjson.encode({[1] = 1, [2.5] = 2})", b"{\"1\":1,\"2.5\":2}"),
        ("cjson.encode({[0] = 1})", b"{\"0\":1}"),
        ("cjson.encode({[-1] = 1})", b"{\"-1\":1}"),
        ("cjson.encode({[2^31] = 1})", b"{\"2147483648\":1}"),
        ("cjson.encode({1, 2, [2^32 + 5] = 1})", b"{\"1\":1,\"2\":2,\"4294967301\":1}"),
        ("cjson.encode({[1] = 1, [10] = 1})", b"[1,null,null,null,null,null,null,null,null,1]"),
        (
            "cjson.encode({one = 1, two = 2, three = 3, four = 4, five = 5, [1] = 6, [true and 7] = 8})",
            b"{\"7\":8,\"1\":6,\"two\":2,\"one\":1,\"four\":4,\"five\":5,\"three\":3}",
        ),
        ("cjson.encode(setmetatable({}, {__index = function() return 1 end}))", b"{}"),
    ]);
}

#[test]
fn cjson_refuses() {
    check(&[
        ("pcall(cjson.encode)", b"false bad argument #1 to '?' (expected 1 argument)"),
        ("pcall(cjson.encode, 1, 2)", b"false bad argument #1 to '?' (expected 1 argument)"),
        ("pcall(cjson.encode, pcall)", b"false Cannot serialise function: type not supported"),
        (
            "pcall(function() return cjson.encode(pcall) end)",
            b"false user_script:1: Cannot serialise function: type not supported",
        ),
        (
            "pcall(cjson.encode, coroutine.create(function() end))",
            b"false Cannot serialise thread: type not supported",
        ),
        (
            "pcall(cjson.encode, {[true] = 1})",
            b"false Cannot serialise boolean: table key must be a number or string",
        ),
        (
            "pcall(cjson.encode, {[1] = 1, [11] = 1})",
            b"false Cannot serialise table: excessively sparse array",
        ),
        ("pcall(cjson.encode, 1/0)", b"false Cannot serialise number: must not be NaN or Inf"),
        ("pcall(cjson.encode, {0/0})", b"false Cannot serialise number: must not be NaN or Inf"),
        ("pcall(cjson.encode, {[-1/0] = 1})", b"false Cannot serialise number: must not be NaN or Inf"),
        ("pcall(cjson.decode)", b"false bad argument #1 to '?' (expected 1 argument)"),
        ("pcall(cjson.decode, 1, 2)", b"false bad argument #1 to '?' (expected 1 argument)"),
        ("pcall(cjson.decode, {})", b"false bad argument #1 to '?' (string expected, got table)"),
        ("pcall(cjson.decode, '')", b"false Expected value but found T_END at character 1"),
        ("pcall(cjson.decode, '{')", b"false Expected object key string but found T_END at character 2"),
        ("pcall(cjson.decode, '[1,]')", b"false Expected value but found T_ARR_END at character 4"),
        (
            "pcall(cjson.decode, '[1 2]')",
            b"false Expected comma or array end but found T_NUMBER at character 4",
        ),
        (r#"pcall(cjson.decode, '{"a" 1}')"#, b"false Expected colon but found T_NUMBER at character 6"),
        (
            r#"pcall(cjson.decode, '{"a":1,}')"#,
            b"false Expected object key string but found T_OBJ_END at character 8",
        ),
        (
            "pcall(cjson.decode, '{1:2}')",
            b"false Expected object key string but found T_NUMBER at character 2",
        ),
        (
            r#"pcall(cjson.decode, '{"a":1 "b":2}')"#,
            b"false Expected comma or object end but found T_STRING at character 8",
        ),
        ("pcall(cjson.decode, '1 2')", b"false Expected the end but found T_NUMBER at character 3"),
        ("pcall(cjson.decode, 'nul')", b"false Expected value but found invalid token at character 1"),
        ("pcall(cjson.decode, '-')", b"false Expected value but found invalid number at character 1"),
        (
            r#"pcall(cjson.decode, '"a')"#,
            b"false Expected value but found unexpected end of string at character 3",
        ),
        (
            r#"pcall(cjson.decode, '"\\x"')"#,
            b"false Expected value but found invalid escape code at character 2",
        ),
        (
            r#"pcall(cjson.decode, '"\\uD800"')"#,
            b"false Expected value but found invalid unicode escape code at character 2",
        ),
        (
            r#"pcall(cjson.decode, '"\\uDC00"')"#,
            b"false Expected value but found invalid unicode escape code at character 2",
        ),
        (
            r#"pcall(cjson.decode, '"\\u12"')"#,
            b"false Expected value but found invalid unicode escape code at character 2",
        ),
        (r#"pcall(cjson.decode, '[\0]')"#, b"false JSON parser does not support UTF-16 or UTF-32"),
        (r#"pcall(cjson.decode, 'a\0')"#, b"false JSON parser does not support UTF-16 or UTF-32"),
        (
            r#"pcall(cjson.decode, '[1\0')"#,
            b"false Expected comma or array end but found T_END at character 3",
        ),
        (
            r#"pcall(cjson.decode, '\239\187\1911')"#,
            b"false Expected value but found invalid token at character 1",
        ),
        (
            "pcall(function() return cjson.decode('}') end)",
            b"false user_script:1: Expected value but found T_OBJ_END at character 1",
        ),
    ]);
}

#[test]
fn cjson_reads() {
    check(&[
        (r#"cjson.decode('12'), cjson.decode(12), cjson.decode(' \t\r\n-1.5e3 ')"#, b"12 12 -1500"),
        (r#"cjson.encode(cjson.decode('[1,[],{},[2,{"a":null}]]'))"#, b"[1,{},{},[2,{\"a\":null}]]"),
        ("cjson.decode('null') == cjson.null, cjson.null", b"true userdata: (nil)"),
        (
            r#"cjson.decode('"\\u0041\\u00e9\\uD83D\\uDE00\\u0000\\/\\n"')"#,
            b"A\xc3\xa9\xf0\x9f\x98\x80\x00/\n",
        ),
        (
            "cjson.decode('0x1F'), cjson.decode('-0x1p4'), cjson.decode('01'), cjson.decode('+1'), cjson.decode('1.'), cjson.decode('nan(abc)'), cjson.decode('-Infinity'), cjson.decode('1e999')",
            b"31 -16 1 1 1 nan -inf inf",
        ),
        (
            r#"#cjson.decode('[1,2,3]'), cjson.decode('{"a":1,"a":2}').a, cjson.decode('[true,false]')[2]"#,
            b"3 2 false",
        ),
        (
            r#"cjson.encode(cjson.decode('{"one":1,"two":2,"three":3,"four":4,"five":5}'))"#,
            b"{\"two\":2,\"three\":3,\"one\":1,\"five\":5,\"four\":4}",
        ),
    ]);
}

#[test]
fn cjson_has_settings() {
    check(&[
        (
            "(function() local c = cjson.new() return c.encode_sparse_array(), c.encode_max_depth(), c.decode_max_depth(), c.encode_number_precision(), c.encode_keep_buffer(), c.encode_invalid_numbers(), c.decode_invalid_numbers() end)()",
            b"false 1000 1000 14 true false true",
        ),
        (
            "(function() local c = cjson.new() c.encode_number_precision(3) return c.encode(1/3), cjson.encode(1/3) end)()",
            b"0.333 0.33333333333333",
        ),
        ("(function() local c = cjson.new() return c.encode_sparse_array(true, 0, 5) end)()", b"true 0 5"),
        (
            "(function() local c = cjson.new() c.encode_sparse_array(true) return c.encode({[11] = 1}) end)()",
            b"{\"11\":1}",
        ),
        (
            "(function() local c = cjson.new() c.encode_sparse_array(false, 0) return c.encode({[11] = 1}) end)()",
            b"[null,null,null,null,null,null,null,null,null,null,1]",
        ),
        (
            "(function() local c = cjson.new() c.encode_invalid_numbers('null') return c.encode({1/0, 0/0}), c.encode_invalid_numbers() end)()",
            b"[null,null] null",
        ),
        (
            "(function() local c = cjson.new() c.encode_invalid_numbers(true) return c.encode({1/0, -1/0, 0/0, -(0/0)}) end)()",
            b"[inf,-inf,nan,nan]",
        ),
        (
            "(function() local c = cjson.new() c.decode_invalid_numbers(false) return pcall(c.decode, '0x1') end)()",
            b"false Expected value but found invalid number at character 1",
        ),
        (
            "(function() local c = cjson.new() c.decode_invalid_numbers(false) return pcall(c.decode, 'nan') end)()",
            b"false Expected value but found invalid token at character 1",
        ),
        (
            r#"(function() local c = cjson.new() c.decode_max_depth(2) return pcall(c.decode, '{"a":{"b":{}}}') end)()"#,
            b"false Found too many nested data structures (3) at character 11",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2) return pcall(c.encode, {{{}}}) end)()",
            b"false Cannot serialise, excessive nesting (3)",
        ),
        (
            "pcall(cjson.new().encode_max_depth, 0)",
            b"false bad argument #1 to '?' (expected integer between 1 and 2147483647)",
        ),
        ("pcall(cjson.new().encode_max_depth, 2^32 + 3)", b"true 3"),
        (
            "pcall(cjson.new().encode_max_depth, 'x')",
            b"false bad argument #1 to '?' (number expected, got string)",
        ),
        (
            "pcall(cjson.new().decode_max_depth, 1, 2)",
            b"false bad argument #2 to '?' (found too many arguments)",
        ),
        (
            "pcall(cjson.new().encode_number_precision, 15)",
            b"false bad argument #1 to '?' (expected integer between 1 and 14)",
        ),
        ("pcall(cjson.new().encode_keep_buffer, 1)", b"false bad argument #1 to '?' (invalid option '1')"),
        (
            "pcall(cjson.new().encode_keep_buffer, {})",
            b"false bad argument #1 to '?' (string expected, got table)",
        ),
        (
            "pcall(cjson.new().encode_invalid_numbers, 'bad')",
            b"false bad argument #1 to '?' (invalid option 'bad')",
        ),
        ("pcall(cjson.new().decode_invalid_numbers, 'off')", b"true false"),
        (
            "pcall(cjson.new().encode_sparse_array, nil, -1)",
            b"false bad argument #1 to '?' (expected integer between 0 and 2147483647)",
        ),
        (
            "pcall(cjson.new().encode_sparse_array, true, nil, 'x')",
            b"false bad argument #3 to '?' (number expected, got string)",
        ),
        (
            "pcall(cjson.new().encode_sparse_array, 1, 2, 3, 4)",
            b"false bad argument #4 to '?' (found too many arguments)",
        ),
    ]);
}

#[test]
fn depth_ends_in_an_error() {
    check(&[
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(cjson.encode, nest(1001, 1)) end)()",
            b"false Cannot serialise, excessive nesting (1001)",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(cjson.decode, rep('[', 1001)) end)()",
            b"false Found too many nested data structures (1001) at character 1001",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return #c.encode(nest(7997, 1)), pcall(c.encode, nest(10000, 1)) end)()",
            b"15994 false Cannot serialise, excessive nesting (7998)",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return #c.encode(nest(3999, 'a')), pcall(c.encode, nest(10000, 'a')) end)()",
            b"23990 false Cannot serialise, excessive nesting (4000)",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(c.decode, rep('[', 100000)) end)()",
            b"false Found too many nested data structures (7999) at character 7999",
        ),
        (
            r#"(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(c.decode, rep('{"a":', 100000)) end)()"#,
            b"false Found too many nested data structures (4000) at character 19996",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return type(c.decode(rep('[', 7998) .. rep(']', 7998))) end)()",
            b"table",
        ),
        (
            r#"(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(cmsgpack.unpack, rep('\145', 100000)) end)()"#,
            b"false stack overflow (in function mp_decode_to_lua_array)",
        ),
        (
            r#"(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(cmsgpack.unpack, rep('\129\1', 100000)) end)()"#,
            b"false stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)",
        ),
        (
            r#"(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(cmsgpack.unpack, rep('\129', 100000)) end)()"#,
            b"false stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)",
        ),
        (
            r#"(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(cmsgpack.unpack, rep('\1', 8000)) end)()"#,
            b"false stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)",
        ),
        (
            r#"(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(cmsgpack.unpack_limit, rep('\1', 9000), 7999) end)()"#,
            b"false stack overflow (in function mp_unpack_full)",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return cmsgpack.pack(nest(20, 1)) end)()",
            b"\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0",
        ),
        (
            "(function() local c = cjson.new() c.encode_max_depth(2147483647) c.decode_max_depth(2147483647) local function nest(n, key) local t = {} for i = 2, n do t = {[key] = t} end return t end local function rep(s, n) local t = {} for i = 1, n do t[i] = s end return table.concat(t) end return pcall(struct.unpack, rep('b', 7998), rep('a', 8000)) end)()",
            b"false stack overflow (too many results)",
        ),
        (
            "(function() local t = {} t[1] = t return pcall(cjson.encode, t) end)()",
            b"false Cannot serialise, excessive nesting (1001)",
        ),
        (
            "(function() local t = {} t.t = t return pcall(cjson.encode, t) end)()",
            b"false Cannot serialise, excessive nesting (1001)",
        ),
        (
            "(function() local t = {} t[1] = t return cmsgpack.pack(t) end)()",
            b"\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\x91\xc0",
        ),
    ]);
}

#[test]
fn cmsgpack_writes() {
    check(&[
        ("cmsgpack.pack(1, 2, 'a', nil, true, false, {1, {a = 1}}, pcall, cjson.null)", b"\x01\x02\xa1a\xc0\xc3\xc2\x92\x01\x81\xa1a\x01\xc0\xc0"),
        ("cmsgpack.pack(127, 128, 255, 256, 65535, 65536, 2^32 - 1, 2^32, 2^63)", b"\x7f\xcc\x80\xcc\xff\xcd\x01\x00\xcd\xff\xff\xce\x00\x01\x00\x00\xce\xff\xff\xff\xff\xcf\x00\x00\x00\x01\x00\x00\x00\x00\xca_\x00\x00\x00"),
        ("cmsgpack.pack(-1, -32, -33, -128, -129, -32768, -32769, -2^31, -2^31 - 1, -2^63)", b"\xff\xe0\xd0\xdf\xd0\x80\xd1\xff\x7f\xd1\x80\x00\xd2\xff\xff\x7f\xff\xd2\x80\x00\x00\x00\xd3\xff\xff\xff\xff\x7f\xff\xff\xff\xd3\x80\x00\x00\x00\x00\x00\x00\x00"),
        ("cmsgpack.pack(1.5, 0.1, 0/0, 1/0, -1/0, 16777217.5, 1e39)", b"\xca?\xc0\x00\x00\xcb?\xb9\x99\x99\x99\x99\x99\x9a\xcb\xff\xf8\x00\x00\x00\x00\x00\x00\xca\x7f\x80\x00\x00\xca\xff\x80\x00\x00\xcbAp\x00\x00\x18\x00\x00\x00\xcbH\x07\x82\x87\xf4\x9cJ\x1d"),
        ("cmsgpack.pack({}), cmsgpack.pack({[1] = 1, [3] = 3}), cmsgpack.pack({[1.5] = 1}), cmsgpack.pack({[0] = 1})", b"\x90 \x82\x01\x01\x03\x03 \x81\xca?\xc0\x00\x00\x01 \x81\x00\x01"),
        ("pcall(cmsgpack.pack)", b"false bad argument #0 to '?' (MessagePack pack needs input.)"),
        ("pcall(function() cmsgpack.pack() end)", b"false user_script:1: bad argument #0 to 'pack' (MessagePack pack needs input.)"),
        ("cmsgpack._NAME, cmsgpack._VERSION, cmsgpack._COPYRIGHT, cmsgpack._DESCRIPTION", b"cmsgpack lua-cmsgpack 0.4.0 Copyright (C) 2012, Salvatore Sanfilippo MessagePack C implementation for Lua"),
    ]);
}

#[test]
fn cmsgpack_reads() {
    check(&[
        (
            r#"cmsgpack.unpack('\1\255\163abc\192\194\195\202\63\192\0\0\207\255\255\255\255\255\255\255\255')"#,
            b"1 -1 abc nil false true 1.5 -1",
        ),
        (r#"cjson.encode({cmsgpack.unpack('\146\1\2\130\161a\1\161b\144')})"#, b"[[1,2],{\"a\":1,\"b\":{}}]"),
        ("pcall(cmsgpack.unpack)", b"false bad argument #1 to '?' (string expected, got no value)"),
        ("pcall(cmsgpack.unpack, {})", b"false bad argument #1 to '?' (string expected, got table)"),
        ("cmsgpack.unpack(12)", b"49 50"),
        (r#"pcall(cmsgpack.unpack, '\193')"#, b"false Bad data format in input."),
        (r#"pcall(cmsgpack.unpack, '\204')"#, b"false Missing bytes in input."),
        (r#"pcall(cmsgpack.unpack, '\221\255\255\255\255\1')"#, b"false Missing bytes in input."),
        (r#"pcall(cmsgpack.unpack, '\129\192\1')"#, b"false table index is nil"),
        (r#"pcall(cmsgpack.unpack, '\129\203\127\248\0\0\0\0\0\0\1')"#, b"false table index is NaN"),
        (r#"cmsgpack.unpack_one('\1\2')"#, b"1 1"),
        (r#"cmsgpack.unpack_one('\1\2', 1)"#, b"-1 2"),
        (r#"cmsgpack.unpack_one('\1\2', 2)"#, b"-1"),
        (r#"pcall(cmsgpack.unpack_one, '\1\2', 3)"#, b"false Start offset 3 greater than input length 2."),
        (
            r#"pcall(cmsgpack.unpack_one, '\1\2', -1)"#,
            b"false Invalid request to unpack with offset of -1 and limit of 2.",
        ),
        (r#"cmsgpack.unpack_limit('\1\2\3', 2)"#, b"2 1 2"),
        (r#"cmsgpack.unpack_limit('\1\2\3', 2, 1)"#, b"-1 2 3"),
        (r#"cmsgpack.unpack_limit('\1\2\3', 0)"#, b"1 2 3"),
        (r#"cmsgpack.unpack_limit('\1\2\3', 0, 1)"#, b"1"),
        (
            r#"pcall(cmsgpack.unpack_limit, '\1\2\3')"#,
            b"false bad argument #2 to '?' (number expected, got no value)",
        ),
        (
            r#"pcall(cmsgpack.unpack_limit, '\1\2\3', -5, 1)"#,
            b"false Invalid request to unpack with offset of 1 and limit of 3.",
        ),
    ]);
}

#[test]
fn struct_packs() {
    check(&[
        ("struct.pack('bBhHlLTiI', 1, 2, 3, 4, 5, 6, 7, 8, 9)", b"\x01\x02\x03\x00\x04\x00\x05\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00\x09\x00\x00\x00"),
        ("struct.pack('>bBhHlLTiI', -1, 2, 3, 4, 5, 6, 7, 8, 9)", b"\xff\x02\x00\x03\x00\x04\x00\x00\x00\x00\x00\x00\x00\x05\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00\x07\x00\x00\x00\x08\x00\x00\x00\x09"),
        ("struct.pack('>i3i9<i9', -2, -2, -2)", b"\xff\xff\xfe\x00\xff\xff\xff\xff\xff\xff\xff\xfe\xfe\xff\xff\xff\xff\xff\xff\xff\x00"),
        ("struct.pack('fd', 1.5, 0.1), struct.pack('>fd', 1.5, 0.1)", b"\x00\x00\xc0?\x9a\x99\x99\x99\x99\x99\xb9? ?\xc0\x00\x00?\xb9\x99\x99\x99\x99\x99\x9a"),
        ("struct.pack('sc3c0xc', 'ab', 'abcd', 'xyz', 'q')", b"ab\x00abcxyz\x00q"),
        ("struct.pack('!4bi!8bd', 1, 2, 3, 4)", b"\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x10@"),
        ("struct.pack('>L', 2^63), struct.pack('>L', 2^64), struct.pack('>L', 0/0), struct.pack('>L', -1e300), struct.pack('i0', 1)", b"\x80\x00\x00\x00\x00\x00\x00\x00 \x00\x00\x00\x00\x00\x00\x00\x00 \x80\x00\x00\x00\x00\x00\x00\x00 \x80\x00\x00\x00\x00\x00\x00\x00 "),
        ("pcall(struct.pack)", b"false bad argument #1 to '?' (string expected, got no value)"),
        ("pcall(struct.pack, 'i')", b"false bad argument #2 to '?' (number expected, got nil)"),
        ("pcall(struct.pack, 's', {})", b"false bad argument #2 to '?' (string expected, got table)"),
        ("pcall(struct.pack, 'q', 1)", b"false bad argument #1 to '?' (invalid format option 'q')"),
        ("pcall(function() struct.pack('q') end)", b"false user_script:1: bad argument #1 to 'pack' (invalid format option 'q')"),
        ("pcall(struct.pack, 'c5', 'abc')", b"false bad argument #3 to '?' (string too short)"),
        ("pcall(struct.pack, 'i33', 1)", b"false integral size 33 is larger than limit of 32"),
        ("pcall(struct.pack, 'i99999999999', 1)", b"false integral size overflow"),
        ("pcall(struct.pack, '!3i', 1)", b"false alignment 3 is not a power of 2"),
        (r#"struct.pack('\0q')"#, b""),
    ]);
}

#[test]
fn struct_unpacks() {
    check(&[
        (r#"struct.unpack('bBhi3', '\255\255\255\255\1\2\128')"#, b"-1 255 -1 -8388095 8"),
        (
            r#"struct.unpack('>i16', '\1\2\128\1\2\128\1\2\128\1\2\128\1\2\128\1')"#,
            b"-9.2230878130821e+18 17",
        ),
        ("struct.unpack('fd', struct.pack('fd', 1.5, 0.1))", b"1.5 0.1 13"),
        (r#"struct.unpack('sbc0', 'ab\0\2xyz')"#, b"ab xy 7"),
        ("struct.unpack('i', 'abcdefgh', 5)", b"1751606885 9"),
        ("pcall(struct.unpack, 'i', 'abc')", b"false bad argument #2 to '?' (data string too short)"),
        (
            "pcall(struct.unpack, 'i', 'abcd', 0)",
            b"false bad argument #3 to '?' (offset must be 1 or greater)",
        ),
        ("pcall(struct.unpack, 'i', 'abcd', -1)", b"false bad argument #2 to '?' (data string too short)"),
        ("pcall(struct.unpack, 's', 'abc')", b"false unfinished string in data"),
        ("pcall(struct.unpack, 'c0', 'abc')", b"false format 'c0' needs a previous size"),
        (r#"pcall(struct.unpack, 'bc0', '\9abc')"#, b"false bad argument #2 to '?' (data string too short)"),
        ("struct.unpack('c1c0', '2abc')", b"ab 4"),
        ("struct.unpack('', 'abc', 9)", b"9"),
        ("pcall(struct.unpack, ' ', 'abc', 9)", b"false bad argument #2 to '?' (data string too short)"),
        (
            "struct.size('bhilBHILTfdxc7i3!8bd!4bd!2bd'), struct.size('!8bi3bi5bi7'), struct.size('zqw')",
            b"94 22 0",
        ),
        ("pcall(struct.size, 's')", b"false bad argument #1 to '?' (option 's' has no fixed size)"),
        ("pcall(struct.size, 'c0')", b"false bad argument #1 to '?' (option 'c0' has no fixed size)"),
        ("pcall(struct.size, '?')", b"false bad argument #1 to '?' (invalid format option '?')"),
    ]);
}

#[test]
fn bits() {
    check(&[
        (
            "bit.tobit(2^31), bit.tobit(2^32 + 5), bit.tobit(1.5), bit.tobit(2.5), bit.tobit(-0.5), bit.tobit(1e300), bit.tobit(1/0), bit.tobit(0/0), bit.tobit('0x10')",
            b"-2147483648 5 2 2 0 -2013235812 0 0 16",
        ),
        (
            "bit.bnot(0), bit.band(7, 14, 6), bit.bor(1, 2, 4), bit.bxor(1, 3, 7), bit.bswap(0x12345678)",
            b"-1 6 7 5 2018915346",
        ),
        (
            "bit.lshift(0x87654321, 4), bit.rshift(0x87654321, 4), bit.arshift(0x87654321, 4), bit.rol(0x87654321, 4), bit.ror(0x87654321, 4), bit.lshift(1, 33)",
            b"1985229328 141972530 -126462926 1985229336 410407986 2",
        ),
        (
            "bit.tohex(1), bit.tohex(0xdeadbeef, 4), bit.tohex(0xdeadbeef, -4), bit.tohex(1, 0), bit.tohex(1, 99), bit.tohex(1, -2^31)",
            b"00000001 beef BEEF  00000001 00000001",
        ),
        ("pcall(bit.tobit)", b"false bad argument #1 to '?' (number expected, got no value)"),
        ("pcall(bit.tobit, 'x')", b"false bad argument #1 to '?' (number expected, got string)"),
        ("pcall(bit.bor, 1, 'x', {})", b"false bad argument #3 to '?' (number expected, got table)"),
        ("pcall(bit.lshift, 1)", b"false bad argument #2 to '?' (number expected, got no value)"),
        ("pcall(bit.tohex, 1, nil)", b"false bad argument #2 to '?' (number expected, got nil)"),
    ]);
}

#[test]
fn libraries_are_walked_in_order() {
    check(&[
        ("(function() local t = {} for key in pairs(cjson) do t[#t + 1] = key end return table.concat(t, ' ') end)()", b"_NAME encode decode_max_depth _VERSION decode_invalid_numbers encode_keep_buffer null encode_number_precision new encode_max_depth encode_invalid_numbers decode encode_sparse_array"),
        ("(function() local t = {} for key in pairs(cmsgpack) do t[#t + 1] = key end return table.concat(t, ' ') end)()", b"_DESCRIPTION pack _NAME unpack _COPYRIGHT _VERSION unpack_one unpack_limit"),
        ("(function() local t = {} for key in pairs(struct) do t[#t + 1] = key end return table.concat(t, ' ') end)()", b"pack size unpack"),
        ("(function() local t = {} for key in pairs(bit) do t[#t + 1] = key end return table.concat(t, ' ') end)()", b"band rshift bor bnot bswap bxor tobit ror lshift tohex rol arshift"),
        ("(function() local t = {} for key in pairs(cjson.new()) do t[#t + 1] = key end return table.concat(t, ' ') end)()", b"_NAME encode decode_max_depth _VERSION decode_invalid_numbers encode_keep_buffer null encode_number_precision new encode_max_depth encode_invalid_numbers decode encode_sparse_array"),
        ("cjson._NAME, cjson._VERSION", b"cjson 2.1.0"),
        ("(function() local t = {} for i = 1, 6 do local k = {} for j = 1, 30 + i do k[j] = i end t[table.concat(k)] = i end return cjson.encode(t) end)()", b"{\"1111111111111111111111111111111\":1,\"22222222222222222222222222222222\":2,\"666666666666666666666666666666666666\":6,\"333333333333333333333333333333333\":3,\"4444444444444444444444444444444444\":4,\"55555555555555555555555555555555555\":5}"),
    ]);
}

/// A copy of an interpreter goes its own way, with its settings.
#[test]
fn settings_are_an_interpreters_own() {
    let mut vm = Vm::new(Limits::default());
    result(&mut vm, "cjson.encode_number_precision(3)");
    let mut copy = vm.clone();
    assert_eq!(result(&mut copy, "cjson.encode(1/3)"), b"0.333");
    result(&mut copy, "cjson.encode_number_precision(5)");
    assert_eq!(result(&mut copy, "cjson.encode(1/3)"), b"0.33333");
    assert_eq!(result(&mut vm, "cjson.encode(1/3)"), b"0.333");
}
