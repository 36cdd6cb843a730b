// Results of scripts that are nested deep or contain themselves: what is too deep is an error in its place, and everything
// that looks at the reply afterwards has room for it on WebAssembly's default stack.

import assert from "node:assert/strict";
import { test } from "node:test";

import { start } from "./package.mjs";

// As src/engine/scripting/convert.rs has it: so many tables, and the error inside of the last.
const DEEPEST = 1_000;
const TOO_DEEP = { error: "ERR reached lua stack limit" };

const repeat = (step) => (depth) => `local t = {} for i = 1, ${depth} do t = ${step} end return t`;
const SHAPES = {
  lists: repeat("{t}"),
  "lists with more than their first": repeat("{1, 2, 3, 4, 5, 6, 7, 8, t}"),
  maps: repeat("{map = {a = t}}"),
  "keys of maps": repeat("{map = {[t] = 1}}"),
  sets: repeat("{set = {[t] = true}}"),
};
const ENDLESS = {
  list: "local t = {} t[1] = t return t",
  map: "local t = {} t.map = {a = t} return t",
  "map in a list": "local t = {} t[1] = {map = {a = t}} return t",
  set: "local t = {} t.set = {[t] = true} return t",
};

/** Everything that can be done with a reply, with each protocol; the engine is whole after it. */
function show(source) {
  for (const protocol of [2, 3]) {
    const { playground, session, call } = start();
    const monitor = playground.connect();
    call("SET", "kept", "data");
    call("HELLO", protocol);
    playground.call(monitor, ["MONITOR"]);
    const script = `redis.setresp(${protocol}) ${source}`;
    assert.ok(call("EVAL", script, 0) !== undefined);
    assert.ok(playground.execute(session, ["EVAL", script, 0]).text.length > 0);
    assert.equal(playground.pipeline(session, [["MULTI"], ["EVAL", script, 0], ["EXEC"]]).length, 3);
    // One that does not answer at once: it waits for its reader in the outbox.
    assert.ok(call("EVAL", `for i = 1, 2e7 do end ${script}`, 0) === undefined);
    for (let turn = 0; turn < 40 && playground.session(session).waiting; turn += 1) playground.advance(1_000);
    assert.equal(playground.receive(session).length, 1);
    assert.notEqual(playground.digest(), 0n);
    assert.equal(call("GET", "kept"), "data");
    playground.free();
  }
}

for (const [name, nested] of Object.entries(SHAPES)) {
  test(`results of ${name}, as deep as may be and deeper`, () => {
    for (const depth of [DEEPEST - 1, DEEPEST, DEEPEST + 1, 3_998, 10_000]) show(nested(depth));
  });
}

for (const [name, source] of Object.entries(ENDLESS)) {
  test(`a ${name} that contains itself`, () => show(source));
}

test("a table that contains itself more than once is too much", () => {
  const { call } = start();
  const error = "ERR the Redis playground has stopped the script: its result is longer than 128 MB";
  for (const source of [
    "local t = {} t[1] = t t[2] = t return t",
    "local t = {} for i = 1, 40 do t = {t, t} end return t",
    "local t = {} for i = 1, 500 do t[i] = t end return t",
    "local t = {} t.map = {a = t, b = t, c = {t, t}} return t",
    "local m = {} m.set = {[m] = true, [{m, m}] = true} return m",
    "local s, t = ('x'):rep(1e6), {} for i = 1, 1e3 do t[i] = s end return t",
  ]) {
    assert.deepEqual(call("EVAL", source, 0), { error });
    assert.equal(call("PING"), "PONG");
  }
});

test("what is too deep is an error in its place", () => {
  const { call } = start();
  let reply = call("EVAL", ENDLESS.list, 0);
  let depth = 0;
  for (; Array.isArray(reply); depth += 1) [reply] = reply;
  assert.deepEqual([reply, depth], [TOO_DEEP, DEEPEST + 1]);
});
