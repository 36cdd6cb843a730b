// The node-redis code of the lessons does what the lessons say, against a server of the playground.
//
// usage: node lessons_test.mjs PORT
//
// A part for each lesson hands in what its code leaves to the reader (a database, a console), calls its functions and
// looks at what has come of it on the server. It is a function in PARTS with the name of the lesson's file, in camel
// case.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { Lesson, lessons, real, until } from "./lesson_code.mjs";

const port = Number(process.argv[2]);
const r = real.createClient({ socket: { port } });
const DAY = 24 * 3600;

/** A key has so many seconds left; it may be two seconds since it was given them. */
async function lives(key, least, most = least) {
  const left = await r.ttl(key);
  assert.ok(least - 2 <= left && left <= most, `${key}: ${left} s`);
}

const pairs = (ranking) => ranking.map(({ value, score }) => [value, score]);
const numbers = (count) => Array.from({ length: count }, (_, n) => n);

async function bigValues(lesson) {
  const { add, cart, orders } = await lesson.run();
  assert.equal(await add("ann", "tea", 2), 2);
  assert.equal(await add("ann", "tea", 3), 5);
  assert.equal(await add("ann", "cup", 1), 1);
  assert.deepEqual(await cart("ann"), { tea: 5, cup: 1 });
  assert.deepEqual(await cart("bob"), {});
  await lives("cart:ann", 30 * DAY);
  const wanted = numbers(1203).map((n) => `order ${n}`);
  await r.rPush("orders:ann", wanted);
  const got = [];
  for await (const order of orders("orders:ann")) got.push(order);
  assert.deepEqual(got, wanted);
  for await (const order of orders("orders:bob")) assert.fail(order);
}

async function cacheAside(lesson) {
  const products = new Map([[7, { name: "tea" }]]);
  const asked = [];
  const { getProduct, changeProduct } = await lesson.run({
    async loadFromDatabase(id) {
      asked.push(id);
      return products.get(id) ?? null;
    },
    saveToDatabase: async (id, product) => products.set(id, product),
  });
  for (const id of [7, 7, 8, 8]) assert.deepEqual(await getProduct(id), products.get(id) ?? null);
  assert.deepEqual(asked, [7, 8], "the second time is a hit, also for what there is not");
  await lives("product:7", 3600, 4200);
  await lives("product:8", 60);
  await changeProduct(7, { name: "green tea" });
  assert.equal(await r.exists("product:7"), 0);
  assert.deepEqual(await getProduct(7), { name: "green tea" });
}

async function durability(lesson) {
  const orders = [];
  const failed = [];
  const db = {
    async insertOrder(item, number) {
      if (item === "nothing") throw new Error(item);
      orders.push([item, number]);
    },
    async *ordersInPieces() {
      yield orders.slice(0, 2);
      yield orders.slice(2);
    },
  };
  const { sell, rebuild, best } = await lesson.run({ console: { error: (why) => failed.push(why) } });
  for (const [item, number] of [["tea", 2], ["cup", 3], ["tea", 4], ["pot", 1]]) await sell(db, item, number);
  await assert.rejects(sell(db, "nothing", 1), /^Error: nothing/);
  assert.equal(await r.zScore("best:sellers", "tea"), 6);
  assert.equal(await r.zScore("best:sellers", "nothing"), null);
  assert.equal(await best(2), null, "not ready");
  await r.del("best:sellers");
  await r.zAdd("best:sellers:new", { score: 9, value: "left over" });
  await rebuild(db);
  assert.deepEqual(pairs(await best(1)), [["tea", 6]]);
  assert.deepEqual(pairs(await best(9)), [["tea", 6], ["cup", 3], ["pot", 1]]);
  assert.equal(await r.exists("best:sellers:new"), 0);
  assert.equal(failed.length, 0);
  lesson.clients[0].destroy();
  await sell(db, "tea", 1);
  assert.deepEqual(orders.at(-1), ["tea", 1], "sold without Redis");
  assert.equal(failed.length, 1);
}

async function eviction(lesson) {
  const lines = [];
  const say = (line) => lines.push(line);
  const { lookAtCache } = await lesson.run({ console: { log: say, warn: say, error: say } });
  const look = async () => {
    await lookAtCache();
    return lines.splice(0);
  };
  const warnings = ["no limit: set maxmemory", "nothing is evicted: this is no cache"];
  assert.deepEqual(await look(), warnings);
  await r.set("tea", 1);
  await r.mGet(["tea", "tea", "tea", "cup"]);
  assert.deepEqual(await look(), [...warnings, "75.0 % hits, 0 evicted"]);
  await r.configSet({ maxmemory: "100mb", "maxmemory-policy": "allkeys-lru" });
  assert.deepEqual(await look(), ["75.0 % hits, 0 evicted"]);
}

async function expiry(lesson) {
  const { remember, change, use } = await lesson.run();
  await remember("code:ann", "1234", 1000);
  assert.equal(await r.get("code:ann"), "1234");
  await lives("code:ann", 1000, 1100);
  for (const n of numbers(20)) {
    await remember("code:bob", `${n}`, 3);
    await lives("code:bob", 3);
  }
  await r.expire("code:ann", 500);
  assert.equal(await change("code:ann", "5678"), true);
  assert.equal(await r.get("code:ann"), "5678");
  await lives("code:ann", 500);
  assert.equal(await change("code:cyn", "1"), false);
  assert.equal(await r.exists("code:cyn"), 0);
  assert.equal(await use("code:ann", 2000), "5678");
  await lives("code:ann", 2000);
  assert.equal(await use("code:cyn", 2000), null);
}

async function featureFlags(lesson) {
  const users = numbers(200).map((n) => `user ${n}`);
  const bucket = (user) => createHash("sha1").update(`new-checkout:${user}`).digest().readUInt32BE(0) % 100;
  const { refresh, isOn } = await lesson.run();
  const on = (flag) => users.filter((user) => isOn(flag, user));
  assert.deepEqual([on("new-checkout"), on("dark-mode")], [[], users]);
  await until(() => lesson.clients[0].isReady);
  await r.hSet("flags:prod", "new-checkout", "25");
  assert.deepEqual(on("new-checkout"), [], "not read yet");
  await refresh();
  const some = users.filter((user) => bucket(user) < 25);
  assert.ok(some.length > 0);
  assert.deepEqual([on("new-checkout"), on("dark-mode")], [some, users]);
  lesson.clients[0].destroy();
  await refresh();
  assert.deepEqual(on("new-checkout"), some, "what was known is kept");
  const complaints = [];
  const alone = await lesson.run({ console: { error: (why) => complaints.push(why) } }, 1);
  await until(() => complaints.length > 0);
  await alone.refresh();
  assert.equal(alone.isOn("dark-mode", "ann"), true, "it works without Redis");
}

async function leaderboard(lesson) {
  const { addPoints, top, around } = await lesson.run();
  const players = ["ann", "bob", "cyn", "dan", "eve"];
  for (const [at, player] of players.entries()) assert.equal(await addPoints(r, "lb", player, 10 * at), 10 * at);
  assert.equal(await addPoints(r, "lb", "ann", 15), 15);
  assert.deepEqual(pairs(await top(r, "lb", 2)), [["eve", 40], ["dan", 30]]);
  const names = async (ranking) => (await ranking).map(({ value }) => value);
  assert.deepEqual(await names(top(r, "lb")), ["eve", "dan", "cyn", "ann", "bob"]);
  assert.deepEqual(await names(around(r, "lb", "ann", 1)), ["cyn", "ann", "bob"]);
  assert.deepEqual(await names(around(r, "lb", "eve")), ["eve", "dan", "cyn"]);
  assert.deepEqual(await around(r, "lb", "nobody"), []);
  for (const n of numbers(20)) await addPoints(r, "many", `player ${n}`, n);
  assert.equal((await top(r, "many")).length, 10);
}

async function lock(lesson) {
  const { take, release } = await lesson.run();
  const token = await take("door", 5000);
  assert.equal(await r.get("lock:door"), token);
  assert.equal(token.length, 32);
  const left = await r.pTTL("lock:door");
  assert.ok(3000 < left && left <= 5000, `${left} ms`);
  assert.equal(await take("door", 5000), null);
  assert.equal(await release("door", "another"), false);
  assert.equal(await r.exists("lock:door"), 1);
  assert.equal(await release("door", token), true);
  assert.equal(await r.exists("lock:door"), 0);
  assert.equal(await release("door", token), false);
}

async function lostUpdate(lesson) {
  const { take } = await lesson.run();
  await r.set("stock:tea", 10);
  assert.equal(await take("tea", 7), true);
  assert.equal(await take("tea", 4), false);
  assert.equal(await r.get("stock:tea"), "3");
  assert.equal(await take("tea", 3), true);
  assert.equal(await r.get("stock:tea"), "0");
  assert.equal(await take("cup", 1), false);
  assert.equal(await r.exists("stock:cup"), 0);
}

async function names(lesson) {
  const { cart, put, forget } = await lesson.run();
  assert.equal(cart(7), "cart:user:7");
  await Promise.all(numbers(1203).map((user) => put(user, "tea", 2)));
  assert.deepEqual({ ...(await r.hGetAll("cart:user:7")) }, { tea: "2" });
  await r.set("cart:usual", 1);
  await forget("cart:user:");
  assert.deepEqual(await r.keys("*"), ["cart:usual"]);
  await forget("nothing:");
  assert.deepEqual(await r.keys("*"), ["cart:usual"]);
}

async function outOfMemory(lesson) {
  const { fullness, putOrder } = await lesson.run();
  assert.equal(await fullness(), null);
  await r.configSet("maxmemory", "100mb");
  const share = await fullness();
  assert.ok(0 < share && share < 1, `${share}`);
  assert.equal(await putOrder("1 tea"), true);
  await r.set("big", "x".repeat(2_000_000));
  await r.configSet("maxmemory", "1mb");
  assert.ok((await fullness()) > 1);
  assert.equal(await putOrder("2 cups"), false);
  await r.configSet("maxmemory", "0");
  assert.deepEqual(await r.lRange("queue:orders", 0, -1), ["1 tea"]);
  await r.set("queue:orders", "no list");
  await assert.rejects(putOrder("3 teas"), /WRONGTYPE/);
}

async function pipelines(lesson) {
  const { write, offer, read } = await lesson.run();
  await write(Object.fromEntries(numbers(1203).map((n) => [`item ${n}`, `${n}`])));
  assert.equal(await r.dbSize(), 1203);
  await lives("price:item 1202", DAY);
  assert.deepEqual(await read(["item 3", "nothing", "item 1202"]), ["3", null, "1202"]);
  await offer("tea", "3", "4");
  assert.deepEqual(await r.mGet(["price:tea", "before:tea"]), ["3", "4"]);
  await lives("price:tea", DAY);
  await lives("before:tea", DAY);
}

async function precomputedView(lesson) {
  const { refresh, page } = await lesson.run();
  await r.hSet("user:1", "name", "Ann");
  for (const [post, title] of ["Green", "Black", "White"].entries()) {
    await r.hSet(`post:${post}`, { title, author: 1 });
    await r.zAdd("posts:tea", { score: post, value: `${post}` });
  }
  await r.sAdd("post:2:replies", ["5", "6"]);
  const titles = async (count) => (await page(count)).map(({ title }) => title);
  const missing = { title: "White", by: "Ann", replies: 2 };
  assert.deepEqual((await page(9))[0], missing, "a card that is missing is made");
  await refresh("1", "2");
  assert.deepEqual((await r.hKeys("view:tea:cards")).sort(), ["1", "2"]);
  assert.deepEqual(JSON.parse(await r.hGet("view:tea:cards", "2")), missing);
  await r.hSet("post:2", "title", "Yellow");
  assert.deepEqual(await titles(2), ["White", "Black"], "not refreshed yet");
  await refresh("2");
  assert.deepEqual(await titles(3), ["Yellow", "Black", "Green"]);
  await r.del("posts:tea");
  assert.deepEqual(await page(2), []);
}

async function rateLimiter(lesson) {
  const { maySend } = await lesson.run();
  for (const n of numbers(7)) assert.equal(await maySend("555"), n < 5);
  await lives("limit:codes:555", 3600);
  assert.equal(await maySend("556"), true);
  await r.expire("limit:codes:555", 100);
  assert.equal(await maySend("555"), false);
  await lives("limit:codes:555", 100);
}

async function rightType(lesson) {
  const { played, cameBack, best } = await lesson.run();
  const games = [["1", "ann", 5], ["1", "bob", 7], ["1", "ann", 4], ["1", "cyn", 1], ["2", "ann", 1]];
  for (const game of games) await played(...game);
  assert.deepEqual([...(await r.sMembers("online:1"))].sort(), ["ann", "bob", "cyn"]);
  assert.deepEqual([...(await cameBack("1", "2"))], ["ann"]);
  assert.deepEqual(pairs(await best("1", 1)), [["ann", 9]]);
  assert.deepEqual(pairs(await best("1", 5)), [["ann", 9], ["bob", 7], ["cyn", 1]]);
  for (const key of ["online:1", "points:1"]) {
    await lives(key, 30 * DAY);
    await r.expire(key, 100);
    await played("1", "cyn", 1);
    await lives(key, 100);
  }
}

async function serialisation(lesson) {
  const { save, load } = await lesson.run();
  const ann = { given: "Ann", family: "Lee", cents: 250 };
  await save("7", ann);
  assert.deepEqual(JSON.parse(await r.get("customer:7")), { v: 2, ...ann });
  assert.deepEqual(await load("7"), ann);
  assert.equal(await load("8"), null);
  await r.set("customer:8", '{"v":1,"name":"Bob van Dam","cents":5}');
  assert.deepEqual(await load("8"), { given: "Bob", family: "van Dam", cents: 5 });
  await r.set("customer:8", '{"v":3}');
  await assert.rejects(load("8"), /version 3/);
}

async function sessionStore(lesson) {
  const { logIn, session } = await lesson.run();
  const id = await logIn("ann");
  assert.notEqual(id, await logIn("ann"));
  assert.ok(id.length >= 32);
  const key = `session:${id}`;
  assert.deepEqual({ ...(await r.hGetAll(key)) }, { user: "ann", cart: "0" });
  await lives(key, 1800);
  await r.expire(key, 100);
  assert.deepEqual({ ...(await session(id)) }, { user: "ann", cart: "0" });
  await lives(key, 1800);
  assert.equal(await session("nobody's"), null);
}

async function timeSeries(lesson) {
  const { bucket, record, window } = await lesson.run();
  const noon = Math.floor(1_750_000_000 / 3600) * 3600;
  assert.equal(bucket(3, 0), "oven:3:1970-01-01T00");
  for (const [at, degrees] of [[-10, 180], [0, 181], [10, 181], [3600, 179]]) await record(3, noon + at, degrees);
  assert.deepEqual(await r.zRange(bucket(3, noon), 0, -1), [`${noon}:181`, `${noon + 10}:181`]);
  await lives(bucket(3, noon), 7 * DAY);
  assert.deepEqual(await window(3, noon - 10, noon + 9), [`${noon - 10}:180`, `${noon}:181`]);
  assert.deepEqual(await window(3, noon + 1, noon + 3600), [`${noon + 10}:181`, `${noon + 3600}:179`]);
  assert.deepEqual(await window(4, noon, noon + 3600), []);
}

async function unbounded(lesson) {
  const { log, seen, happened } = await lesson.run();
  await Promise.all(numbers(1003).map((n) => log("shop", `line ${n}`)));
  const lines = await r.lRange("log:shop", 0, -1);
  assert.deepEqual([lines.length, lines[0], lines.at(-1)], [1000, "line 1002", "line 3"]);
  const now = Math.floor(Date.now() / 1000);
  await r.zAdd("online:recent", [{ score: now - 301, value: "bob" }, { score: now - 200, value: "cyn" }]);
  await seen("ann");
  assert.deepEqual(await r.zRange("online:recent", 0, -1), ["cyn", "ann"]);
  await lives("online:recent", 300);
  await r.eval("for n = 1, 101000 do redis.call('XADD', 'events', '*', 'n', n) end");
  await happened({ n: "last" });
  const kept = await r.xLen("events");
  assert.ok(100_000 <= kept && kept < 100_500, `${kept} kept`);
  const [{ message }] = await r.xRevRange("events", "+", "-", { COUNT: 1 });
  assert.deepEqual({ ...message }, { n: "last" });
}

const PARTS = [bigValues, cacheAside, durability, eviction, expiry, featureFlags, leaderboard, lock, lostUpdate, names];
PARTS.push(outOfMemory, pipelines, precomputedView, rateLimiter, rightType, serialisation, sessionStore, timeSeries);
PARTS.push(unbounded);

/** Lessons whose code is not run yet. */
const NOT_YET = ["job-queue", "job-stream", "not-a-queue", "pub-sub"];

/** The lesson that is being played. */
let playing = "none yet";

/** Plays one lesson on an empty server; gives what is wrong with it, or nothing. */
async function play(name, part) {
  playing = name;
  await r.flushAll();
  await r.configSet({ maxmemory: "0", "maxmemory-policy": "noeviction" });
  await r.configResetStat();
  const lesson = new Lesson(name, port);
  if (!lesson.fences.length) return `${name}: it has no code for node-redis`;
  try {
    await part(lesson);
    return null;
  } catch (error) {
    return `${name}: ${error.stack}`;
  } finally {
    lesson.end();
  }
}

async function main() {
  const file = (part) => part.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const parts = new Map(PARTS.map((part) => [file(part), part]));
  const there = readdirSync(lessons).filter((file) => file.endsWith(".md")).map((file) => file.slice(0, -3));
  const wrong = [];
  for (const name of there) {
    const part = parts.get(name);
    if (part) wrong.push(await play(name, part));
    else if (!NOT_YET.includes(name)) wrong.push(`${name}: it has no part in lessons_test.mjs`);
  }
  for (const name of parts.keys()) {
    if (!there.includes(name)) wrong.push(`${name}: there is no such lesson`);
    if (NOT_YET.includes(name)) wrong.push(`${name}: it has a part, and is called one that is not run yet`);
  }
  console.log(`${parts.size} lessons played`);
  const complaints = wrong.filter(Boolean);
  if (complaints.length) throw new Error(complaints.join("\n"));
}

// Nothing here takes long.
setTimeout(() => {
  console.error(`it hangs: ${playing}`);
  process.exit(1);
}, 120_000);
await r.connect();
await main();
process.exit();
