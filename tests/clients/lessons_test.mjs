// The node-redis code of the lessons does what the lessons say, against a server of the playground.
//
// usage: node lessons_test.mjs PORT
//
// A part for each lesson hands in what its code leaves to the reader (a database, a console), calls its functions and
// looks at what has come of it on the server. It is a function in PARTS with the name of the lesson's file, in camel
// case.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Enough, checkWaits, cutConnections, lives, monitor, numbers, onceBlocked, playAll } from "./lesson_code.mjs";
import { r, slowDown, timeIsUp, until, untilBlocked } from "./lesson_code.mjs";

const DAY = 24 * 3600;
const pairs = (ranking) => ranking.map(({ value, score }) => [value, score]);

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

async function jobQueue(lesson) {
  const { enqueue, work, reap } = await lesson.run({ console: { error() {} } });
  const sent = [];
  const send = async (job) => {
    assert.deepEqual(await r.lRange("mail:doing:w1", 0, -1), [job], "kept until it is done");
    await lives("mail:alive:w1", 60);
    await r.expire("mail:alive:w1", 10);
    sent.push(job);
    if (job === "5") throw new Enough();
  };
  // What w1 had in hand when it died, the oldest on the right.
  await r.rPush("mail:doing:w1", ["2", "1"]);
  for (const job of ["3", "4"]) await enqueue(job);
  const commands = await monitor();
  const worked = assert.rejects(work("w1", send), Enough);
  await untilBlocked();
  checkWaits(await commands());
  assert.deepEqual(sent, ["1", "2", "3", "4"]);
  assert.equal(await r.exists(["mail:doing:w1", "mail:queue"]), 0);
  await lives("mail:alive:w1", 60);
  await r.expire("mail:alive:w1", 10);
  await timeIsUp();
  await until(async () => (await r.ttl("mail:alive:w1")) > 10);
  await untilBlocked();
  await enqueue("5");
  await worked;
  const waits = (await commands()).filter((command) => command.startsWith("BLMOVE"));
  assert.equal(waits.length, 1, "who adds a job does not wait for the worker");
  assert.deepEqual([...(await r.sMembers("mail:workers"))], ["w1"]);
  await r.sAdd("mail:workers", "w2");
  await r.rPush("mail:doing:w2", ["7", "6"]);
  await enqueue("8");
  await reap();
  assert.deepEqual(await r.lRange("mail:queue", 0, -1), ["8", "7", "6"]);
  assert.deepEqual(await r.lRange("mail:doing:w1", 0, -1), ["5"], "w1 is alive");
  await r.del("mail:alive:w1");
  await reap();
  assert.deepEqual(await r.lRange("mail:queue", 0, -1), ["8", "7", "6", "5"]);
  await cutConnections();
  await assert.rejects(work("w1", () => r.set("mail:doing:w1", "no list")), /WRONGTYPE/);
  await r.set("mail:queue", "no list");
  await assert.rejects(enqueue("9"), /WRONGTYPE/);
}

async function jobStream(lesson) {
  const { enqueue, work } = await lesson.run({ console: { error() {} } });
  await r.xGroupCreate("mail:jobs", "mailers", "0", { MKSTREAM: true });
  const [orders, sent] = [numbers(26).map(String), []];
  const send = async (order) => sent.push(order);
  const worked = async (wanted) => {
    await work("w1", send);
    assert.deepEqual(sent.splice(0), wanted);
  };
  const die = (name) => assert.rejects(work(name, () => Promise.reject(new Enough())), Enough);
  const pending = () => r.xPendingRange("mail:jobs", "mailers", "-", "+", 99);
  const age = async (ms) => {
    for (const { id, consumer } of await pending()) {
      await r.xClaimJustId("mail:jobs", "mailers", consumer, 0, id, { IDLE: ms });
    }
  };
  const commands = await monitor();
  for (const order of orders.slice(0, 12)) await enqueue(order);
  const added = (await commands()).filter((command) => command.startsWith("XADD"));
  assert.deepEqual(added.map((command) => command.includes(" MAXLEN ~ 100000 ")), Array(12).fill(true));
  await worked(orders.slice(0, 10));
  await worked(orders.slice(10, 12));
  await onceBlocked(timeIsUp, work("w1", send));
  await onceBlocked(() => enqueue("12"), work("w1", send));
  assert.deepEqual(sent.splice(0), ["12"]);
  checkWaits(await commands());
  assert.deepEqual(await pending(), []);
  for (const order of orders.slice(13, 25)) await enqueue(order);
  await die("w2");
  await die("w2");
  await enqueue("25");
  await age(50_000);
  await worked(["25"]);
  await age(60_000);
  await die("w3");
  const books = (await pending()).map(({ consumer, deliveriesCounter }) => `${consumer} ${deliveriesCounter}`);
  assert.deepEqual(books, [...Array(10).fill("w3 2"), ...Array(2).fill("w2 1")]);
  await age(60_000);
  await worked(orders.slice(13, 23));
  await worked(orders.slice(23, 25));
  assert.deepEqual(await pending(), []);
  await cutConnections();
  await enqueue("26");
  await assert.rejects(work("w1", () => r.set("mail:jobs", "no stream")), /WRONGTYPE/);
  await assert.rejects(enqueue("27"), /WRONGTYPE/);
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

async function notAQueue(lesson) {
  const { place, packNext, readOn } = await lesson.run({ console: { error() {} } });
  const [packed, heard] = [[], []];
  const pack = async (order) => packed.push(order);
  const hear = async ({ order }) => heard.push(order);
  const failAtBlack = (entry) => (entry.order === "black" ? Promise.reject(new Enough()) : hear(entry));
  const commands = await monitor();
  await place("green", 480);
  const sent = await commands();
  assert.deepEqual(sent.map((command) => command.split(" ")[0]), ["MULTI", "LPUSH", "XADD", "EXEC"], "both or none");
  assert.match(sent[2], / MAXLEN ~ 100000 /);
  await place("black", 520);
  const entries = await r.xRange("orders:log", "-", "+");
  const wanted = [{ order: "green", cents: "480" }, { order: "black", cents: "520" }];
  assert.deepEqual(entries.map(({ message }) => ({ ...message })), wanted);
  await assert.rejects(readOn("stock", failAtBlack), Enough);
  assert.equal(await r.get("orders:seen:stock"), entries[0].id, "noted after the work");
  await packNext(pack);
  await packNext(pack);
  await onceBlocked(timeIsUp, packNext(pack));
  await onceBlocked(() => place("mint", 390), packNext(pack));
  await readOn("stock", hear);
  await onceBlocked(timeIsUp, readOn("stock", hear));
  await onceBlocked(() => place("white", 610), readOn("stock", hear));
  checkWaits(await commands());
  assert.deepEqual(packed, ["green", "black", "mint"]);
  assert.deepEqual(heard.splice(0), ["green", "black", "mint", "white"]);
  assert.deepEqual(await r.lRange("orders:todo", 0, -1), ["white"]);
  for (const n of numbers(100)) await place(`${n}`, n);
  await readOn("accounts", hear);
  assert.deepEqual([heard.length, ...heard.slice(0, 4)], [100, "green", "black", "mint", "white"]);
  await readOn("accounts", hear);
  assert.deepEqual([heard.length, heard.at(-1)], [104, "99"]);
  await cutConnections();
  await assert.rejects(packNext(() => Promise.reject(new Enough())), Enough);
  await assert.rejects(readOn("stock", () => r.configSet("maxmemory", "1")), /OOM/);
  await assert.rejects(place("oolong", 700), /OOM/);
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

async function pubSub(lesson) {
  const { change, listen } = await lesson.run({ console: { error() {} } });
  const shown = [];
  const shows = (price) => until(() => shown.at(-1) === price);
  // The price changes before the page knows what it was.
  slowDown(lesson.clients[0]);
  await r.set("price:tea", "4.50");
  const commands = await monitor();
  const listened = listen("tea", (price) => shown.push(price));
  await until(async () => (await r.pubSubNumSub("prices:tea"))["prices:tea"] > 0);
  await change("tea", "4.80");
  await listened;
  await shows("4.80");
  const sent = await commands();
  const order = (...wanted) => assert.deepEqual(sent.filter((command) => wanted.includes(command)).slice(0, 2), wanted);
  order("SUBSCRIBE prices:tea", "GET price:tea");
  order("SET price:tea 4.80", "PUBLISH prices:tea 4.80");
  await change("milk", "1.20");
  // While nobody listens, the price is changed.
  await r.set("price:tea", "5.20");
  await cutConnections();
  await shows("5.20");
  await change("tea", "5.40");
  await shows("5.40");
  assert.ok(!shown.includes("1.20"));
  await listen("milk", (price) => shown.push(price));
  await shows("1.20");
  await r.configSet("maxmemory", "1");
  await assert.rejects(change("tea", "5.60"), /OOM/);
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

const PARTS = [bigValues, cacheAside, durability, eviction, expiry, featureFlags, jobQueue, jobStream, leaderboard];
PARTS.push(lock, lostUpdate, names, notAQueue, outOfMemory, pipelines, precomputedView, pubSub, rateLimiter, rightType);
PARTS.push(serialisation, sessionStore, timeSeries, unbounded);

await playAll(PARTS);
