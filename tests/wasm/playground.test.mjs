// What a page does with the API: lines as typed, time, events and pictures.

import assert from "node:assert/strict";
import { test } from "node:test";

import { start } from "./package.mjs";

test("an outcome has the reply, its text as redis-cli prints it, and the events", () => {
  const { playground, session } = start();
  const outcome = playground.execute(session, ["ZADD", "board", 10, "ada", 12, "bob"]);
  assert.equal(outcome.reply, 2);
  assert.equal(outcome.text, "(integer) 2\n");
  const event = { at: playground.now(), db: 0, key: "board", name: "zadd", expired: null, evicted: null };
  assert.deepEqual(outcome.events, [event]);
  const range = playground.execute(session, ["ZRANGE", "board", 0, -1]);
  assert.deepEqual(range, { reply: ["ada", "bob"], text: '1) "ada"\n2) "bob"\n', events: [] });
  const flushed = playground.execute(session, ["FLUSHALL"]).events;
  assert.deepEqual(flushed.map(({ key, name }) => [key, name]).at(-1)[0], null);
});

test("events can be switched off", () => {
  const { playground, session } = start({ events: false });
  assert.deepEqual(playground.execute(session, ["SET", "k", "v"]).events, []);
});

test("what calls and pipelines did to keys is told when asked, once and the newest first to stay", () => {
  const { playground, session, call } = start();
  call("SET", "a", "1");
  playground.pipeline(session, [["INCR", "a"], ["GET", "a"], ["DEL", "a"]]);
  playground.execute(session, ["SET", "told", "at once"]);
  assert.deepEqual(playground.events().map(({ key, name }) => [key, name]), [["a", "set"], ["a", "incrby"], ["a", "del"]]);
  assert.deepEqual(playground.events(), []);
  playground.pipeline(session, Array.from({ length: 10_001 }, (_, i) => ["SET", `k${i}`, "v"]));
  const events = playground.events();
  assert.deepEqual([events.length, events.at(0).key, events.at(-1).key], [10_000, "k1", "k10000"]);
});

test("lines are read as redis-cli reads them", () => {
  const { playground, session } = start();
  const line = (text) => playground.executeLine(session, text);
  assert.equal(line('SET "a key" "\\x00\\n"').text, "OK\n");
  assert.equal(line('GET "a key"').text, '"\\x00\\n"\n');
  assert.equal(line(new TextEncoder().encode("ECHO 'ü'")).reply, "ü");
  assert.deepEqual(line("   "), { reply: null, text: "", events: [] });
  assert.equal(line('GET "open').text, "Invalid argument(s)\n");
});

test("a connection that waits has no reply, and receives it later", () => {
  const { playground, session, call } = start();
  const other = playground.connect();
  assert.equal(call("BLPOP", "jobs", 0), undefined);
  assert.deepEqual(playground.session(session).waiting, { until: null });
  assert.deepEqual(playground.receive(session), []);
  assert.equal(playground.call(other, ["RPUSH", "jobs", "one"]), 1);
  const text = '1) "jobs"\n2) "one"\n';
  assert.deepEqual(playground.receive(session), [{ reply: ["jobs", "one"], text, push: false }]);
  assert.deepEqual(playground.receive(session), []);
  assert.equal(playground.session(session).waiting, null);
  call("BLPOP", "jobs", 2);
  assert.deepEqual(playground.session(session).waiting, { until: playground.now() + 2_000 });
  playground.advance(2_000);
  assert.deepEqual(playground.receive(session), [{ reply: null, text: "(nil)\n", push: false }]);
  call("BLPOP", "jobs", 0);
  playground.cancelWait(session);
  assert.equal(playground.receive(session).length, 1);
  call("MULTI");
  call("PING");
  assert.deepEqual(playground.session(session), { db: 0, protocol: 2, queued: 1, waiting: null, closing: false });
  playground.disconnect(session);
  assert.equal(playground.session(session), null);
});

test("keys expire by the playground's clock alone", () => {
  const { playground, call } = start({ start: new Date("2030-01-01T00:00:00Z") });
  assert.equal(playground.now(), Date.UTC(2030, 0));
  call("SET", "k", "v", "EX", 10);
  assert.deepEqual(playground.advance(9_000), []);
  assert.equal(call("TTL", "k"), 1);
  const [event, ...more] = playground.advance(5_000);
  assert.deepEqual(more, []);
  assert.deepEqual([event.key, event.name, event.expired.how], ["k", "expired", "actively"]);
  assert.ok(event.at - event.expired.late === Date.UTC(2030, 0) + 10_000);
  assert.equal(call("EXISTS", "k"), 0);
  assert.equal(playground.now(), Date.UTC(2030, 0) + 14_000);
});

test("the clock jumps to the next expiry", () => {
  const { playground, call } = start();
  const before = playground.now();
  assert.deepEqual(playground.advanceToNextExpiry(), []);
  assert.equal(playground.now(), before);
  call("SET", "soon", "v", "PX", 1500);
  call("SET", "later", "v", "EX", 3600);
  assert.deepEqual(playground.advanceToNextExpiry().map((event) => event.key), ["soon"]);
  assert.equal(call("DBSIZE"), 1);
  assert.ok(playground.now() > before + 1500 && playground.now() < before + 5000);
});

test("an eviction tells who was compared and why this key had to go", () => {
  const { playground, call } = start();
  call("MSET", "a", 1, "b", 2, "c", 3);
  playground.advance(60_000);
  call("MGET", "a", "c");
  // The first time that a command runs, its histogram of latencies takes memory, too.
  call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
  const events = playground.execute(playground.connect(), [
    "CONFIG", "SET", "maxmemory", playground.snapshot().usedMemory - 1,
  ]).events;
  assert.deepEqual(events.map(({ key, name }) => [key, name]), [["b", "evicted"]]);
  const { policy, standing, freed, compared } = events[0].evicted;
  assert.deepEqual([policy, standing], ["allkeys-lru", { idle: 60, counter: null, deadline: null }]);
  assert.equal(freed, 40, "an entry and a name: the integer was one that keys share");
  assert.deepEqual(compared.sampled.map(({ key }) => key).sort(), ["a", "b", "c"]);
  assert.deepEqual(compared.before, []);
  assert.deepEqual(compared.after.map(({ db, standing: { idle } }) => [db, idle]), [[0, 0], [0, 0]]);
  assert.equal(playground.snapshot().evicted, 1);
});

test("a snapshot shows the state and does not change it", () => {
  const { playground, call } = start();
  const empty = playground.snapshot();
  assert.deepEqual([empty.databases, empty.nextExpiry, empty.now], [[], null, playground.now()]);
  call("MSET", "a", 1, "b", 2);
  call("EXPIRE", "a", 60);
  call("SELECT", 3);
  call("SET", "c", 3);
  const digest = playground.digest();
  const full = playground.snapshot();
  assert.deepEqual(full.databases, [{ index: 0, keys: 2, volatile: 1 }, { index: 3, keys: 1, volatile: 0 }]);
  assert.equal(full.nextExpiry, playground.now() + 60_000);
  assert.ok(full.usedMemory > empty.usedMemory);
  assert.deepEqual([full.expiredLazily, full.expiredActively], [0, 0]);
  assert.equal(playground.digest(), digest);
});

test("keys are listed in pieces", () => {
  const { playground, call } = start();
  for (let n = 0; n < 25; n += 1) call("SET", `key:${n}`, "x".repeat(n));
  const all = playground.keys(0, 0, 100);
  assert.equal(all.length, 25);
  const pieces = [0, 10, 20].flatMap((from) => playground.keys(0, from, 10));
  assert.deepEqual(pieces, all);
  const { memory, ...rest } = all.find(({ key }) => key === "key:7");
  assert.deepEqual(rest, { key: "key:7", type: "string", encoding: "embstr", length: 7, expiresAt: null, idle: 0 });
  assert.equal(memory, 64);
  assert.deepEqual(playground.keys(99, 0, 10), []);
});

test("a key can be looked into", () => {
  const { playground, call } = start();
  call("ZADD", "board", 10, "ada", 12.5, "bob", 7, "cyn");
  const board = playground.inspect(0, "board", 2);
  assert.equal(board.type, "zset");
  assert.equal(board.encoding, "listpack");
  assert.deepEqual(board.value, { kind: "zset", members: [{ member: "bob", score: 12.5 }, { member: "ada", score: 10 }] });
  assert.deepEqual(board.conversion, { entries: 3, limit: 128 });
  call("SADD", "ids", 3, 1, 70000);
  assert.deepEqual(playground.inspect(0, "ids", 2).value, { kind: "set", members: ["1", "3"], integerBits: 32 });
  call("SADD", "tags", "red", 7);
  assert.deepEqual(playground.inspect(0, "tags", 9).value, { kind: "set", members: ["red", "7"], integerBits: null });
  call("XADD", "log", "1-0", "step", "start");
  call("XADD", "log", "2-0", "step", "stop", "by", "ann");
  call("XGROUP", "CREATE", "log", "team", 0);
  call("XREADGROUP", "GROUP", "team", "ann", "COUNT", 1, "STREAMS", "log", ">");
  assert.deepEqual(playground.inspect(0, "log", 1).value, {
    kind: "stream",
    entries: [{ id: "2-0", fields: [["step", "stop"], ["by", "ann"]] }],
    groups: [{ name: "team", lastId: "1-0", pending: 1, consumers: [{ name: "ann", pending: 1 }] }],
  });
  call("SET", "text", "hello");
  const text = playground.inspect(0, "text", 4);
  assert.deepEqual([text.value, text.conversion], [{ kind: "string", bytes: "hell" }, null]);
  call("RPUSH", "queue", "a", "b", "c");
  const queue = playground.inspect(0, "queue", 2);
  assert.deepEqual([queue.type, queue.encoding, queue.value], ["list", "listpack", { kind: "list", elements: ["a", "b"] }]);
  call("HSET", "user", "name", "ann", "code", 1234);
  call("HPEXPIREAT", "user", 4102444800000, "FIELDS", 1, "code");
  const user = playground.inspect(0, "user", 10);
  assert.deepEqual([user.encoding, user.value], ["listpackex", { kind: "hash", fields: [
    { field: "code", value: "1234", expiresAt: 4102444800000 },
    { field: "name", value: "ann", expiresAt: null },
  ] }]);
  assert.equal(playground.inspect(0, "missing", 10), null);
});

test("sessions are apart", () => {
  const { playground, session } = start();
  const other = playground.connect();
  assert.notEqual(other, session);
  playground.call(other, ["SELECT", 1]);
  playground.call(other, ["SET", "k", "theirs"]);
  assert.equal(playground.call(session, ["GET", "k"]), null);
});

test("the same calls give the same run", () => {
  const run = (seed) => {
    const { playground, call } = start({ seed });
    for (let n = 0; n < 500; n += 1) {
      call("SET", `k${n}`, n, "PX", 100 + n * 7);
      call("ZADD", "z", n % 17, `m${n}`);
      playground.advance(3);
      call("RANDOMKEY");
    }
    return playground.digest();
  };
  assert.equal(typeof run(1), "bigint");
  assert.equal(run(1), run(1n));
  assert.notEqual(run(1), run(2));
});
