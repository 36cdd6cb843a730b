// Scripts that want to take the page down, through the JavaScript API and on the stack that WebAssembly has by default:
// each ends in an error, or goes on until it is killed, and the engine is whole after it.
//
// The natively played set is src/lua/tests/abuse.rs; how deep a result may be is in deep_results.test.mjs.

import assert from "node:assert/strict";
import { test } from "node:test";

import { start } from "./package.mjs";

// Calls of `advance` that a script gets before it is killed, and what each may take on a slow machine.
const TURNS = 12;
const FEW_TURNS = 1;
const PATIENCE = 20_000;
const BUSY = "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.";

const server = start();
const other = server.playground.connect();
server.call("SET", "kept", "data");
const speak = (...command) => server.playground.call(other, command);

/** What a script answers, or "killed" where it had to be. */
function play(source, turns) {
  const { playground, session, call } = server;
  const reply = call("EVAL", source, 0);
  if (reply !== undefined) return reply;
  for (let turn = 0; turn < turns; turn += 1) {
    const before = performance.now();
    playground.advance(6_000);
    assert.ok(performance.now() - before < PATIENCE, `a turn takes ${performance.now() - before} ms`);
    const [arrival] = playground.receive(session);
    if (arrival) return arrival.reply;
  }
  assert.deepEqual(speak("PING"), { error: BUSY });
  assert.equal(speak("SCRIPT", "KILL"), "OK");
  const [{ reply: killed }] = playground.receive(session);
  assert.match(killed.error, /Script killed by user with SCRIPT KILL/);
  return "killed";
}

/** The engine answers, has its data, and runs the next script. */
function isWhole() {
  assert.equal(speak("PING"), "PONG");
  assert.equal(server.call("GET", "kept"), "data");
  assert.equal(server.call("EVAL", "return redis.call('GET', KEYS[1])", 1, "kept"), "data");
  assert.equal(server.call("DBSIZE"), 1);
}

/** A test of each script; the reply must be an error that matches, or `killed`, or what the other check says. */
function all(name, sources, check, turns = TURNS) {
  test(name, () => {
    const wrong = [];
    for (const source of sources) {
      const reply = play(source, turns);
      if (!check(reply)) wrong.push({ source: source.slice(0, 200), reply });
      isWhole();
    }
    assert.deepEqual(wrong, []);
  });
}

const failed = (pattern) => (reply) => pattern.test(reply?.error ?? "");
const killed = (reply) => reply === "killed";
const either = (...checks) => (reply) => checks.some((check) => check(reply));
const LIMIT = failed(/the Redis playground has stopped the script/);

all("no loop holds the page", [
  "while true do end",
  "repeat until false",
  "for i = 1, 1/0 do end",
  "pcall(function() while true do end end)",
  "while true do pcall(error) end",
  "local function f() local ok = pcall(f) return f() end f()",
  "xpcall(function() while true do end end, function() while true do end end)",
  "xpcall(error, function() while true do end end)",
  "coroutine.wrap(function() while true do end end)()",
  "local c = coroutine.wrap(function() while true do coroutine.yield() end end) while true do c() end",
  "return string.gsub('a', '.', function() while true do end end)",
  "return string.gsub(('a'):rep(1e6), '', function() return ('b'):rep(1000):gsub('b', 'c') and '' end)",
  "table.sort({3, 2, 1}, function() while true do end end)",
  "local t = {} for i = 1, 9000 do t[i] = i % 7 end while true do table.sort(t, function(a, b) return a < b end) end",
  "table.foreach({1}, function() while true do end end)",
  "return setmetatable({}, {__index = function() while true do end end}).x",
  "setmetatable({}, {__newindex = function() while true do end end}).x = 1",
  "return setmetatable({}, {__add = function() while true do end end}) + 1",
  "return setmetatable({}, {__concat = function() while true do end end}) .. 1",
  "return setmetatable({}, {__call = function() while true do end end})()",
  "return tostring(setmetatable({}, {__tostring = function() while true do end end}))",
  "local m = {__eq = function() while true do end end} return setmetatable({}, m) == setmetatable({}, m)",
  "local m = {__lt = function() while true do end end} return setmetatable({}, m) < setmetatable({}, m)",
  "for k in function() return 1 end do end",
  "local function f() return f() end f()",
  "local t = setmetatable({}, {__call = function(self) return self() end}) t()",
  "load(function() return ' ' end)",
  "while true do loadstring('return 1')() end",
  "while true do redis.call('GET', 'kept') end",
  "while true do redis.pcall('NOTHING') end",
  "while true do collectgarbage() end",
  "while true do cjson.decode(cjson.encode({1, {2}})) end",
], either(killed, LIMIT), FEW_TURNS);

all("memory and strings end in a limit that nothing catches", [
  "local t = {} while true do t[#t + 1] = {{}, {}, {}, {}, {}, {}, {}, {}} end",
  "collectgarbage('stop') local t = {} while true do t = {t, {}, {}, {}, {}, {}, {}} end",
  "local t = {} while true do pcall(function() t[#t + 1] = ('x'):rep(1e6) .. #t end) end",
  "local t = {} while true do t[#t + 1] = coroutine.create(function() end) end",
  "local s = 'x' while true do s = s .. s end",
  "local s = 'x' while true do pcall(function() s = s .. s end) end",
  "return ('x'):rep(1e9)",
  "return pcall(string.rep, ('x'):rep(1e6), 1e6)",
  "return ('x'):rep(2^30)",
  "local s = ('x'):rep(1e7) return table.concat({s, s, s, s, s, s, s, s, s})",
  "local s = ('x'):rep(1e7) return s:gsub('.', ('y'):rep(1e6))",
  "local s = ('x'):rep(1e7) return cjson.encode({s, s, s, s, s, s, s, s, s})",
  "local s = ('x'):rep(1e7) return cmsgpack.pack(s, s, s, s, s, s, s, s, s)",
  "return struct.pack('c2147483647', 'x')",
  "local s = '' while true do s = string.format('%s%s%s', s, s, ('x'):rep(1e6)) end",
  "return unpack({}, 1, 1e9)",
], either(LIMIT, failed(/too many results to unpack|too short|out of limits/)));

all("a pattern takes so many steps at most", [
  "return string.find(('a'):rep(100), ('a-'):rep(50) .. 'b')",
  "return string.find(('a'):rep(40), ('a?'):rep(40) .. ('a'):rep(40))",
  "return pcall(string.match, ('a'):rep(1e5), '.-.-.-b')",
  "return string.gsub(('a'):rep(1e5), '(.-).-b', function() end)",
  "return string.gmatch(('('):rep(1e5), '%b()')()",
  "return string.rep('x', 2e5):find(('x*'):rep(30) .. 'y')",
], either(LIMIT, killed, (reply) => reply === null));

const STACK = either(failed(/stack overflow|too complex/), LIMIT, killed);

all("recursion of each kind ends in an error", [
  "local function f() return 1 + f() end return f()",
  "local function f() f() end f()",
  "local function f(...) return f(1, ...) + 1 end return f()",
  "local function f() return select(2, pcall(f)) end error(f())",
  "local function f() pcall(f) error('stack overflow') end f()",
  "local f f = function() return xpcall(f, f) end f() error('stack overflow')",
  "local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end return t[1]",
  "local t = setmetatable({}, {}) getmetatable(t).__newindex = function(t, k, v) t[k + 1] = v end t[1] = 1",
  "local t = setmetatable({}, {}) getmetatable(t).__add = function(a, b) return a + b end return t + 1",
  "local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return a .. b end return t .. 1",
  "local t = setmetatable({}, {}) getmetatable(t).__tostring = function(a) return tostring(a) end return tostring(t)",
  "local t = setmetatable({}, {}) getmetatable(t).__lt = function(a, b) return a < b end return t < t",
  "local m = {} m.__eq = function(a, b) return a == b end return setmetatable({}, m) == setmetatable({}, m)",
  "local t = setmetatable({}, {}) getmetatable(t).__call = function(s) return 1 + s() end return t()",
  "local function f() return 1 + coroutine.wrap(f)() end return f()",
  "local function f() return (string.gsub('a', 'a', f)) end return f()",
  "local function f() table.sort({1, 2}, f) end f()",
  "local function f() table.foreach({1, 2}, f) end f()",
  "local function f() return loadstring('return (...)(...)')(f) .. '' end return f()",
  "local function f() load(f) error('stack overflow') end f()",
  "local s = 'local f, s = ... return 1 + loadstring(s)(f, s)' return loadstring(s)(nil, s)",
], STACK);

all("chains are walked without a stack", [
  "local t = {} for i = 1, 1e5 do t = setmetatable({}, {__index = t}) end return t.x",
  "local t = {} for i = 1, 1e5 do t = setmetatable({}, {__newindex = t}) end t.x = 1",
  "local t = {} t = setmetatable(t, {__index = t}) return t.x",
  "local t = setmetatable({}, {}) getmetatable(t).__call = t return t()",
  "local f = error for i = 1, 1e5 do local g = f f = function(...) return g(...) end end return f('stack overflow')",
  "local f = error for i = 1, 1e5 do local g = f f = function(...) return g(...), 1 end end return f('x')",
], failed(/loop in [gs]ettable|attempt to call|stack overflow/));

const nested = (open, inside, close) => `return ${open.repeat(100_000)}${inside}${close.repeat(100_000)}`;
all("source of any depth is refused", [
  nested("(", "1", ")"),
  nested("{", "1", "}"),
  nested("-", "1", "").replace("-", "- "),
  nested("not ", "1", ""),
  nested("1 .. ", "1", ""),
  nested("1 ^ ", "1", ""),
  nested("function() return ", "1", " end"),
  nested("f(", "1", ")"),
  nested("a[", "1", "]"),
  nested("{{", "1", "}}"),
  nested("do ", "", " end").slice(7),
  nested("while true do ", "", " end").slice(7),
  nested("if x then ", "", " end").slice(7),
  nested("repeat ", "", " until x").slice(7),
  nested("for i = 1, 2 do ", "", " end").slice(7),
  `return assert(loadstring('return ' .. ('('):rep(1e6)))`,
  `return assert(loadstring('return ' .. ('{'):rep(1e6)))`,
], failed(/too many syntax levels|too complex|unexpected symbol|upvalues|local variables|Error compiling|chunk has/));

all("formats of any depth are refused", [
  "local t = {} t[1] = t return cjson.encode(t)",
  "local t = {} t.t = t return cjson.encode(t)",
  "local t = {} for i = 1, 10000 do t = {t} end return cjson.encode(t)",
  "cjson.encode_max_depth(1e6) local t = {} t[1] = t return cjson.encode(t)",
  "return cjson.decode(('['):rep(10000) .. (']'):rep(10000))",
  "cjson.decode_max_depth(1e6) return cjson.decode(('['):rep(1e6))",
  "cjson.decode_max_depth(1e6) return cjson.decode(('{\"a\":'):rep(1e5))",
  "return cmsgpack.unpack(('\\145'):rep(1e5))",
  "return cmsgpack.unpack(('\\129\\161a'):rep(1e5) .. '\\192')",
  "return cmsgpack.unpack('\\221\\255\\255\\255\\255')",
  "return cmsgpack.unpack('\\223\\255\\255\\255\\255')",
], either(failed(/nest|deep|recursi|stack overflow|Expected|Missing bytes|Bad data|parse error/i), LIMIT));

test("cmsgpack cuts off what is too deep", () => {
  for (const source of [
    "local t = {} t[1] = t return #cmsgpack.pack(t)",
    "local t = {} for i = 1, 10000 do t = {t} end return #cmsgpack.pack(t)",
    "local t = {} for i = 1, 10000 do t = {a = t} end return #cmsgpack.pack(t)",
  ]) {
    assert.equal(typeof play(source, TURNS), "number", source);
    isWhole();
  }
});
