// The list of keys and the inspector: what is shown of a key, odd names, and many keys.

import assert from "node:assert/strict";
import { test } from "node:test";
import { key, keyNames, paste, type, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

test("a key has its type, encoding, size, memory and time to live", async () => {
  await page.locator(".see .empty").waitFor();
  await type(page, "SET greeting hello EX 30");
  await type(page, "ZADD lb 1 a 2 b");
  const cells = (name) => key(page, name).locator("> *").allInnerTexts();
  const greeting = (await cells("greeting")).map((cell) => cell.trim());
  assert.equal(greeting[0], "greeting");
  assert.match(greeting[1], /string/);
  assert.deepEqual(greeting.slice(2, 4), ["embstr", "5"]);
  assert.match(greeting[5], /^30\.0 s/);
  const board = await cells("lb");
  assert.match(board[1], /zset/);
  assert.deepEqual(board.slice(2, 4), ["listpack", "2"]);
  // What MEMORY USAGE answers on a real Redis 8.0.
  assert.deepEqual([greeting[4], board[4]], ["72 B", "80 B"]);
  assert.deepEqual(await page.locator(".key__name").allInnerTexts(), ["greeting", "lb"], "sorted by name");
});

test("the inspector shows a string, and follows it", async () => {
  await type(page, "SET other x");
  await type(page, "SET k hello");
  assert.equal(await page.locator(".value").textContent(), "hello", "what changed is shown unasked");
  await key(page, "k").click();
  assert.equal(await page.locator(".value").textContent(), "hello");
  await type(page, "APPEND k \" world\"");
  assert.equal(await page.locator(".value").textContent(), "hello world");
  await type(page, "DEL k");
  await page.getByText("There is no such key now.").waitFor();
});

test("a sorted set is a ranking, with how far its encoding is from converting", async () => {
  const members = Array.from({ length: 97 }, (_, n) => `${n} m${n}`).join(" ");
  await type(page, `ZADD lb ${members}`);
  await key(page, "lb").click();
  assert.equal(await page.locator(".conversion__figure").first().textContent(), "97/128");
  assert.equal(await page.locator(".rank").count(), 97);
  assert.equal(await page.locator(".rank__name").first().innerText(), "m96");
  await type(page, "ZINCRBY lb 500 m3");
  assert.equal(await page.locator(".rank__name").first().innerText(), "m3");
  assert.equal(await page.locator(".rank__fill").first().getAttribute("width"), "100.00");
  await type(page, `ZADD lb ${Array.from({ length: 40 }, (_, n) => `${n} n${n}`).join(" ")}`);
  assert.equal(await page.locator(".facts dd").first().innerText(), "skiplist");
  assert.equal(await page.locator(".conversion").count(), 0);
});

test("a stream shows its newest entries first, and the groups that read it", async () => {
  await type(page, "XADD log 1-0 step start user ada");
  await type(page, "XADD log 2-0 step stop");
  await key(page, "log").click();
  assert.deepEqual(await page.locator(".entry__id").allInnerTexts(), ["2-0", "1-0"]);
  assert.deepEqual(await page.locator(".entry").last().locator("dd").allInnerTexts(), ["start", "ada"]);
  await page.locator(".ins-faces__face", { hasText: "Groups" }).click();
  assert.equal(await page.locator(".group").count(), 0);
  await type(page, "XGROUP CREATE log team 0");
  await type(page, "XREADGROUP GROUP team ann COUNT 1 STREAMS log >");
  assert.equal(await page.locator(".group__state").innerText(), "delivered up to 1-0, 1 still to be delivered");
  const consumer = page.locator(".group table").first().locator("tbody tr > *");
  assert.deepEqual((await consumer.allInnerTexts()).slice(0, 2), ["ann", "1"]);
  assert.equal(await page.locator(".facts dd").first().innerText(), "stream");
});

test("a set shows its members, and of integers how wide each is kept", async () => {
  await type(page, "SADD tags red green 3");
  await key(page, "tags").click();
  assert.deepEqual(await page.locator(".member").allInnerTexts(), ["red", "green", "3"]);
  assert.match(await page.locator(".value__note").textContent(), /read from the start/);
  assert.deepEqual(await page.locator(".conversion__figure").allInnerTexts(), ["3/128", "5/64"]);
  await type(page, "SADD ids 3 1 2");
  await key(page, "ids").click();
  assert.deepEqual(await page.locator(".member").allInnerTexts(), ["1", "2", "3"]);
  assert.match(await page.locator(".value__note").textContent(), /16 bits each/);
  await type(page, "SADD ids 70000");
  assert.match(await page.locator(".value__note").textContent(), /32 bits each/);
  assert.equal(await page.locator(".conversion__figure").textContent(), "4/512");
  await type(page, `SADD ids ${Array.from({ length: 200 }, (_, n) => `m${n}`).join(" ")}`);
  assert.equal(await page.locator(".facts dd").first().innerText(), "hashtable");
  assert.equal(await page.locator(".member").count(), 100);
  assert.match(await page.locator(".ins-pager__words").textContent(), /1 – 100 of 204 members/);
});

test("a list shows its elements by index, with head and tail", async () => {
  await type(page, "RPUSH queue first second third");
  await key(page, "queue").click();
  assert.deepEqual(await page.locator(".element__index").allInnerTexts(), ["0", "1", "2"]);
  assert.deepEqual(await page.locator(".element__text").allInnerTexts(), ["first", "second", "third"]);
  assert.deepEqual(await page.locator(".element__mark").allInnerTexts(), ["head", "tail"]);
  assert.equal(await page.locator(".element").first().locator(".element__mark").innerText(), "head");
  await type(page, `RPUSH queue ${Array.from({ length: 120 }, (_, n) => n).join(" ")}`);
  assert.equal(await page.locator(".element").count(), 110);
  assert.equal(await page.locator(".ins-gap").innerText(), "13 elements between these and the tail");
  assert.deepEqual(await page.locator(".element__mark").allInnerTexts(), ["head", "tail"]);
});

test("a hash is a table of fields and values, with times to live where there are any", async () => {
  await type(page, "HSET session user ann code 1234");
  await key(page, "session").click();
  const cells = (row) => page.locator(".fields tbody tr").nth(row).locator("> *").allInnerTexts();
  assert.deepEqual((await cells(0)).slice(0, 2), ["user", "ann"]);
  assert.deepEqual(await page.locator(".conversion__figure").allInnerTexts(), ["2/512", "4/64"]);
  await type(page, "HEXPIRE session 30 FIELDS 1 code");
  const [field, value, left] = await cells(0);
  assert.deepEqual([field, value], ["code", "1234"]);
  assert.match(left, /^(30\.0|29\.\d) s/);
  assert.deepEqual((await cells(1)).slice(0, 3), ["user", "ann", "—"]);
  assert.equal(await page.locator(".facts dd").first().innerText(), "listpackex");
});

test("names and values are text, whatever they look like", async () => {
  const markup = "<img src=x onerror=alert(1)>";
  await type(page, `SET '${markup}' '<script>alert(2)</script>'`);
  await type(page, `ZADD z 1 '${markup}'`);
  await key(page, markup).click();
  assert.equal(await page.locator(".inspector__name").textContent(), markup);
  assert.equal(await page.locator(".value").textContent(), "<script>alert(2)</script>");
  await key(page, "z").click();
  assert.equal(await page.locator(".rank__name").textContent(), markup);
  assert.equal(await page.locator("#app img, #app script").count(), 0);
});

test("where a name has no room, its middle gives way, and its end is seen", async () => {
  const hours = ["08", "09", "10"].map((hour) => `oven:7:readings:2026-01-01T${hour}`);
  for (const name of hours) await type(page, `SET ${name} v`);
  assert.deepEqual(await keyNames(page), hours);
  const seen = await page.locator(".key__name").evaluateAll((names) => names.map((name) => {
    const [start, end] = [".key__start", ".key__end"].map((part) => name.querySelector(part));
    const inside = end.getBoundingClientRect().right <= name.getBoundingClientRect().right + 0.5;
    return [start.scrollWidth > start.clientWidth, inside, end.textContent];
  }));
  assert.deepEqual(seen, [[true, true, "-01T08"], [true, true, "-01T09"], [true, true, "-01T10"]]);
});

test("right-to-left, emoji, empty, binary and very long names have their place", async () => {
  const long = "a-very-long-name:".repeat(30);
  for (const name of ["مفتاح:جلسة", "🙂🚀", "", "\\x00\\xff", "\u202Eevil", long]) await type(page, `SET "${name}" v`);
  const names = await page.locator(".key__name").allTextContents();
  for (const shown of ["مفتاح:جلسة", "🙂🚀", "\"\"", "\"\\x00\\xff\"", "\"\\xe2\\x80\\xaeevil\""]) {
    assert.ok(names.includes(shown), `${shown} in ${names}`);
  }
  const row = await key(page, "a-very-long").boundingBox();
  assert.equal(Math.round(row.height), 32);
  const columns = await page.locator(".key__encoding").evaluateAll((cells) => cells.map((c) => c.getBoundingClientRect().left));
  assert.equal(new Set(columns).size, 1, "columns stand in line");
  await key(page, "a-very-long").click();
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
});

test("another database has its own list, and the others are counted", async () => {
  await type(page, "SET a 1");
  await type(page, "SELECT 1");
  await page.locator(".see .empty").waitFor();
  assert.match(await page.locator(".see .zone__head").innerText(), /db1[\s\S]*0 keys[\s\S]*db0: 1/);
});

test("twenty thousand keys scroll, and only those on the screen exist", async () => {
  const line = (from) => `MSET ${Array.from({ length: 500 }, (_, n) => `k:${String(from + n).padStart(6, "0")} v`).join(" ")}`;
  const started = Date.now();
  await paste(page, Array.from({ length: 40 }, (_, n) => line(n * 500)).join("\n"));
  await page.locator(".zone__fact", { hasText: /^20.000 keys$/ }).waitFor();
  assert.ok(Date.now() - started < 10_000);
  assert.ok(await page.locator(".key").count() <= 100);
  await page.locator(".keys__list").evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await key(page, "k:019999").waitFor();
  await key(page, "k:019999").click();
  assert.equal(await page.locator(".inspector__name").textContent(), "k:019999");
  await type(page, "FLUSHALL");
  await page.locator(".see .empty").waitFor();
  await paste(page, `${line(0)}\n${line(500)}`);
  await key(page, "k:000000").waitFor();
});

test("the arrow keys walk through the list", async () => {
  for (const name of ["a", "b", "c"]) await type(page, `SET ${name} ${name}`);
  const list = page.locator(".keys__list");
  await list.focus();
  await list.press("Home");
  await list.press("ArrowDown");
  assert.equal(await page.locator(".key[aria-selected=true] .key__name").innerText(), "b");
  assert.equal(await page.locator(".value").textContent(), "b");
  await list.press("Escape");
  assert.equal(await page.locator(".key[aria-selected=true]").count(), 0);
});
