// How values cross between JavaScript and the engine, in both directions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { redisVersion, start, version } from "./package.mjs";

const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);

test("versions are known", () => {
  assert.match(version(), /^\d+\.\d+\.\d+$/);
  assert.match(redisVersion(), /^8\.0\.\d+$/);
});

test("arguments may be strings, bytes, numbers and bigints", () => {
  const { call } = start();
  assert.equal(call("SET", "text", "grün 🌱"), "OK");
  assert.equal(call("GET", "text"), "grün 🌱");
  assert.equal(call("STRLEN", "text"), 10);
  call("MSET", "a", 7, "b", -1.5, "c", 2n ** 62n, "d", Buffer.from("buffer"), "e", 1e21);
  assert.deepEqual(call("MGET", "a", "b", "c", "d", "e"), ["7", "-1.5", "4611686018427387904", "buffer", "1e+21"]);
});

test("every byte survives the round trip", () => {
  const { call } = start();
  call("SET", everyByte, everyByte);
  const back = call("GET", everyByte);
  assert.ok(back instanceof Uint8Array, "bytes that are no UTF-8 stay bytes");
  assert.deepEqual(back, everyByte);
  assert.deepEqual(call("KEYS", "*"), [everyByte]);
});

test("with bytes, nothing becomes a string but status words", () => {
  const { call } = start({ bytes: true });
  assert.equal(call("SET", "k", "v"), "OK");
  assert.deepEqual(call("GET", "k"), Uint8Array.of(118));
});

test("replies are plain values", () => {
  const { call } = start();
  assert.equal(call("GET", "missing"), null);
  assert.equal(call("INCR", "n"), 1);
  call("SET", "n", "9007199254740991");
  assert.equal(call("INCRBY", "n", 0), Number.MAX_SAFE_INTEGER);
  assert.equal(call("INCR", "n"), 9007199254740992n);
  assert.deepEqual(call("ZADD", "z", 1, "a", 2.5, "b"), 2);
  assert.deepEqual(call("ZRANGE", "z", 0, -1, "WITHSCORES"), ["a", "1", "b", "2.5"]);
  assert.deepEqual(call("ZMSCORE", "z", "a", "x"), ["1", null]);
});

test("errors are values, in Redis's words", () => {
  const { call } = start();
  call("SET", "k", "v");
  assert.deepEqual(call("INCR", "k"), { error: "ERR value is not an integer or out of range" });
  assert.deepEqual(call("NOSUCH"), { error: "ERR unknown command 'NOSUCH', with args beginning with: " });
  assert.deepEqual(call("GET"), { error: "ERR wrong number of arguments for 'get' command" });
});

test("after HELLO 3 replies are as rich as RESP3", () => {
  const { call } = start();
  const hello = call("HELLO", 3);
  assert.ok(hello instanceof Map);
  assert.equal(hello.get("proto"), 3);
  call("ZADD", "z", 1, "a", 2.5, "b");
  assert.equal(call("ZSCORE", "z", "b"), 2.5);
  assert.deepEqual(call("ZRANGE", "z", 0, -1, "WITHSCORES"), [["a", 1], ["b", 2.5]]);
});

test("a pipeline gives one reply for each command", () => {
  const { playground, session } = start();
  const commands = [["SET", "k", "1"], ["INCR", "k"], ["NOSUCH"], ["GET", "k"]];
  const [set, incr, error, get] = playground.pipeline(session, commands);
  assert.deepEqual([set, incr, get], ["OK", 2, "2"]);
  assert.match(error.error, /^ERR unknown command/);
  assert.deepEqual(playground.pipeline(session, []), []);
});

test("what is no command is a TypeError, and harms nothing", () => {
  const { playground, session, call } = start();
  const bad = [undefined, null, "GET k", 7, {}, [], ["GET", {}], ["GET", null], ["GET", undefined], [Symbol("x")], [["GET"]], [true]];
  for (const command of bad) {
    assert.throws(() => playground.call(session, command), TypeError);
    assert.throws(() => playground.execute(session, command), TypeError);
    assert.throws(() => playground.pipeline(session, [["PING"], command]), TypeError);
  }
  assert.throws(() => playground.pipeline(session, "PING"), TypeError);
  for (const line of [undefined, null, 7, ["PING"], {}]) {
    assert.throws(() => playground.executeLine(session, line), TypeError);
  }
  for (const session of [undefined, "x", NaN, -1, 1.5, {}]) {
    assert.throws(() => playground.call(session, ["PING"]), TypeError);
  }
  for (const time of [-1, NaN, Infinity, undefined, "soon"]) {
    assert.throws(() => playground.advance(time), TypeError);
  }
  for (const options of [7, "x", { seed: -1 }, { seed: 2n ** 64n }, { seed: "x" }, { start: "today" }, { bytes: 1 }]) {
    assert.throws(() => start(options), TypeError);
  }
  assert.equal(call("PING"), "PONG");
});

test("a caller's own code may throw or call back while its arguments are read", () => {
  const { playground, session, call } = start();
  const throwing = new Proxy(["GET", "k"], {
    get(target, name) {
      if (name === "1") throw new RangeError("mine");
      return target[name];
    },
  });
  assert.throws(() => playground.call(session, throwing), RangeError);
  const calling = ["ECHO", "x"];
  Object.defineProperty(calling, 1, { get: () => call("INCR", "n") });
  assert.equal(playground.call(session, calling), "1");
  assert.equal(call("GET", "n"), "1");
});

test("a session that is closed, or never was, gets an error reply", () => {
  const { playground, session, call } = start();
  playground.disconnect(session);
  assert.match(call("PING").error, /^ERR /);
  assert.match(playground.execute(999, ["PING"]).text, /^\(error\) ERR /);
});

test("many values at once are the same values", () => {
  const texts = ["", "plain", 'quo"ted', "back\\slash", "\u0000\u0007\n\u001f", "grün 🌱", "\u2028", "__proto__"];
  const bytes = Uint8Array.of(0xff);
  for (const odd of [[], [bytes]]) {
    const { playground, session, call } = start();
    const values = [...texts, ...texts.map((text) => `${text}!`), ...odd];
    const commands = values.map((value, n) => ["SET", `k${n}`, value]);
    assert.deepEqual(playground.pipeline(session, commands), values.map(() => "OK"));
    const gets = values.map((_, n) => ["GET", `k${n}`]);
    assert.deepEqual(playground.pipeline(session, gets), values);
    assert.deepEqual(call("MGET", ...gets.map(([, key]) => key), "missing"), [...values, null]);
    const mixed = [...gets, ["INCR", "n"], ["SET", "big", "9007199254740993"], ["INCR", "big"], ["NOSUCH"], ["HELLO", 3], ["ZADD", "z", 1.5, "m"], ["ZRANGE", "z", 0, -1, "WITHSCORES"]];
    const replies = playground.pipeline(session, mixed).slice(values.length);
    assert.deepEqual([replies[0], replies[2], replies[5], replies[6]], [1, 9007199254740994n, 1, [["m", 1.5]]]);
    assert.match(replies[3].error, /^ERR unknown command 'NOSUCH'/);
    assert.ok(replies[4] instanceof Map);
  }
});

test("a long ranking keeps its order and its scores in either protocol", () => {
  const { call } = start();
  const members = Array.from({ length: 1000 }, (_, n) => [n / 4, `m${n}`]);
  call("ZADD", "z", ...members.flat());
  const flat = call("ZRANGE", "z", 0, -1, "WITHSCORES");
  assert.deepEqual(flat, members.flatMap(([score, member]) => [member, String(score)]));
  call("HELLO", 3);
  assert.deepEqual(call("ZRANGE", "z", 0, -1, "WITHSCORES"), members.map(([score, member]) => [member, score]));
});
