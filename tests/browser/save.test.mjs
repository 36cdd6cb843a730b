// Work survives a reload; what cannot be kept or read is said, and the page goes on.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { kept, put, reload, untilKept, work } from "./kept.mjs";
import { answers, faults, key, keyNames, paste, step, type, withBrowser, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const at = withBrowser();
const keys = () => keyNames(page);
const notice = (text) => page.locator(".keeper__notice", { hasText: text });
const log = () => page.locator(".session[data-shown=true] .exchange").allTextContents();

test("keys, lifetimes, sessions, logs, the clock and the lesson are there after a reload", async () => {
  await page.click(".learn__start");
  await type(page, "SET b \"two words\" EX 100");
  await step(page, "+10 s");
  await page.keyboard.press("Alt+KeyC");
  await type(page, "SELECT 2");
  await type(page, "NOSUCH x");
  await type(page, "ECHO \"open", "Control+Enter");
  await type(page, "LPUSH l 1 2 3");
  await untilKept(page, "LPUSH l");
  await page.waitForTimeout(1_500);
  const before = await log();
  assert.ok(before.some((text) => text.includes("ECHO \"open") && text.includes("Invalid argument(s)")));
  const jumps = () => page.locator(".mark[data-kind=clock]", { hasText: "+" }).allInnerTexts();
  const jumped = await jumps();
  assert.equal(jumped.length, 1);
  const time = await page.locator(".clock__time").innerText();
  await reload(page);
  await key(page, "l").waitFor();
  assert.deepEqual(await log(), before);
  assert.deepEqual(await jumps(), jumped);
  assert.equal(await page.locator(".clock__time").innerText(), time);
  assert.equal(await page.locator(".clock").getAttribute("data-running"), "false");
  assert.match(await page.locator("[role=tab][aria-selected=true]").first().innerText(), /alice/);
  assert.equal(await page.locator(".learn__start").count(), 0, "the lesson has begun");
  await page.keyboard.press("Alt+KeyK");
  assert.equal(await key(page, "b").locator(".key__left").innerText(), "1 m 30 s");
  assert.equal(await type(page, "GET b"), "\"two words\"\n");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  assert.match(await page.inputValue("#prompt"), /SET b/, "the history of lines is there, too");
});

test("thousands of commands come back, and only what is new is written", async () => {
  await paste(page, Array.from({ length: 3_000 }, (_, n) => `SET k${n} ${n}`).join("\n"));
  await untilKept(page, "SET k2999 ");
  const first = await kept(page);
  await type(page, "SET last 1");
  await untilKept(page, "SET last");
  const second = await kept(page);
  const changed = second.filter(([name, text], n) => typeof name === "number" && text !== first[n]?.[1]);
  assert.ok(second.length > 6 && changed.length <= 2, `${changed.length} of ${second.length}`);
  await reload(page);
  await page.locator(".zone__fact", { hasText: /3\s001 keys/ }).waitFor();
  assert.equal(await type(page, "GET k1234"), "\"1234\"\n");
});

test("a branch is what is kept", async () => {
  for (const n of [1, 2, 3]) await type(page, `SET k${n} v`);
  await untilKept(page, "SET k3");
  await page.keyboard.press("Alt+KeyZ");
  await page.keyboard.press("Alt+KeyZ");
  await page.keyboard.press("Alt+KeyB");
  await type(page, "SET other v");
  await untilKept(page, "SET other");
  await reload(page);
  await key(page, "other").waitFor();
  assert.deepEqual(await keys(), ["k1", "other"]);
});

/** Stores thousands of inputs, as a page that was left would have, and loads the page with them. */
async function manyStored() {
  await page.waitForTimeout(200);
  await put(page, work(MANY), { clear: true });
  await reload(page);
}

const MANY = 250_000;
const bar = () => page.locator(".keeper__notice progress");
/** Stops the restore as soon as something is done: on a quick machine it would be over before a pointer got there. */
const stopMidway = () => page.waitForFunction(() => {
  const [progress, stop] = [".keeper__notice progress", ".keeper__notice button"].map((at) => document.querySelector(at));
  if (!progress?.value || stop.textContent !== "Stop") return false;
  stop.focus();
  stop.click();
  return true;
});
const press = (name) => page.getByRole("button", { name, exact: true }).click();

test("a long restore shows how far it is; stopped, it loses nothing, holds what is typed, and goes on", async () => {
  await manyStored();
  await stopMidway();
  await notice("Stopped after").waitFor();
  const far = () => bar().evaluate((element) => element.value);
  const there = await far();
  assert.ok(there > 0 && there < MANY, `${there}`);
  assert.ok(await page.evaluate(() => document.activeElement.closest(".keeper") !== null), "the keyboard stays at the message");
  const stored = await kept(page);
  await page.fill("#prompt", "FLUSHALL");
  await page.press("#prompt", "Enter");
  await page.waitForTimeout(6_000);
  assert.deepEqual((await kept(page)).filter(([name]) => name !== "owner"), stored.filter(([name]) => name !== "owner"));
  assert.equal(await far(), there);
  const coming = page.waitForEvent("download");
  await press("Download all");
  assert.ok((await readFile(await (await coming).path(), "utf8")).includes(`\n> SET k${MANY - 1} v\n`));
  await press("Go on");
  await page.locator(".zone__fact", { hasText: /250\s000 keys/ }).waitFor();
  assert.equal(await bar().count(), 0);
});

test("who stays where a restore was stopped can take all of it back, after a reload, too", async () => {
  await manyStored();
  await stopMidway();
  await press("Stay here");
  await type(page, "SET mine 1");
  await untilKept(page, "SET mine");
  await reload(page);
  await notice("The work before").getByRole("button", { name: "Take it back" }).click();
  await page.locator(".zone__fact", { hasText: /250\s000 keys/ }).waitFor();
});

test("starting afresh empties the page and can be taken back", async () => {
  await type(page, "SET a 1");
  await page.click(".share__open");
  await page.getByRole("button", { name: "Start afresh" }).click();
  assert.deepEqual([await keys(), (await answers(page)).length], [[], 0]);
  await notice("The work before").getByRole("button", { name: "Take it back" }).click();
  assert.deepEqual(await keys(), ["a"]);
});

test("what gave way is there after a reload, until its message is closed; where it is damaged, that is said", async () => {
  await type(page, "SET mine 1");
  await page.click(".share__open");
  await page.getByRole("button", { name: "Start afresh" }).click();
  await type(page, "SET mine 2");
  await untilKept(page, "SET mine 2");
  await reload(page);
  await notice("The work before").getByRole("button", { name: "Take it back" }).click();
  assert.equal(await type(page, "GET mine"), "\"1\"\n");
  await notice("The work before").getByRole("button", { name: "Close this message" }).click();
  await untilKept(page, "GET mine");
  await reload(page);
  await key(page, "mine").waitFor();
  assert.equal(await notice("The work before").count(), 0);
  await put(page, [["previous", "redis-playground 1\nseed x\n"]]);
  await reload(page);
  await key(page, "mine").waitFor();
  await page.click(".share__open");
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Take back the work before" }).click();
  await notice("damaged. Line 2").waitFor();
  assert.match(await readFile(await (await coming).path(), "utf8"), /seed x/);
  assert.equal(await type(page, "GET mine"), "\"1\"\n");
});

test("of two tabs the newer one keeps, and the older one says so", async () => {
  await type(page, "SET old 1");
  await untilKept(page, "SET old");
  const second = await at_same();
  await key(second, "old").waitFor();
  await type(second, "SET new 1");
  await untilKept(second, "SET new");
  await type(page, "SET lost 1");
  await notice("Another tab").waitFor();
  assert.ok(!JSON.stringify(await kept(page)).includes("SET lost"), "nothing is written over the other's work");
  await notice("Another tab").getByRole("button", { name: "Keep this one's" }).click();
  await untilKept(page, "SET lost");
  assert.deepEqual(await faults(second), []);
  await second.close();
});

// A second tab that does not begin with nothing.
async function at_same() {
  const second = await page.context().newPage();
  second.faults = [];
  await second.goto(page.url());
  await second.evaluate(() => (window.violations = []));
  await second.locator("#prompt").waitFor({ state: "attached" });
  return second;
}

const DAMAGE = [
  ["not a record", [[0, "<html>"], ["meta", "version 1\nchunks 1\n"]], /damaged.*Line 1/],
  ["a broken line", [[0, "redis-playground 1\nseed 0\nstart 0\n> SET a 1\n@advance x\n"], ["meta", "version 1\nchunks 1\n"]], /Line 5/],
  ["a missing piece", [[0, "redis-playground 1\nseed 0\nstart 0\n"], ["meta", "version 1\nchunks 2\n"]], /a part of it is missing/],
  ["a newer version", [[0, "redis-playground 7\n"], ["meta", "version 7\nwhatever\n"]], /another version/],
  ["an older version", [[0, "redis-playground 0\n"], ["meta", "version 0\n"]], /another version/],
  ["no text at all", [[0, { a: 1 }], ["meta", 5]], /damaged/],
  ["no word of how it was kept", [[0, "redis-playground 1\nseed 0\nstart 0\n"]], /damaged/],
];

for (const [name, pairs, said] of DAMAGE) {
  test(`${name}: the page says so, gives what there is, and goes on`, async () => {
    await page.waitForTimeout(200);
    await put(page, pairs, { clear: true });
    const there = await kept(page);
    assert.equal(there.length, pairs.length);
    await reload(page);
    await notice("could not be opened").waitFor();
    assert.match(await notice("could not be opened").innerText(), said);
    assert.equal(await type(page, "SET a 1"), "OK\n");
    const coming = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download what there is" }).click();
    const text = await readFile(await (await coming).path(), "utf8");
    const first = pairs[0][1];
    if (typeof first === "string") assert.ok(text.includes(first.split("\n")[0]));
    await page.waitForTimeout(1_800);
    assert.deepEqual(await kept(page), there, "what was there is left alone");
    await page.getByRole("button", { name: "Go on without it" }).click();
    await page.waitForTimeout(5_500);
    await untilKept(page, "SET a 1");
    await reload(page);
    await key(page, "a").waitFor();
  });
}

test("without a database, and without room in it, the page works and says what to do", async () => {
  await page.addInitScript(() => Object.defineProperty(window, "indexedDB", { get() { throw new Error("no"); } }));
  await reload(page);
  await notice("keeps nothing").waitFor();
  assert.equal(await type(page, "SET a 1"), "OK\n");
  const second = await page.context().newPage();
  await second.addInitScript(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (value, name) {
      if (typeof name === "number") throw new DOMException("no room", "QuotaExceededError");
      return put.call(this, value, name);
    };
  });
  await second.goto(page.url());
  await second.locator("#prompt").waitFor();
  assert.equal(await type(second, "SET b 1"), "OK\n");
  await second.locator(".keeper__notice", { hasText: "no more room" }).waitFor();
  await second.close();
});

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`a message at ${width} px, ${theme}`, async () => {
      const there = await at.open({ width, height, theme });
      await there.waitForTimeout(200);
      await put(there, [[0, "<html>"], ["meta", "version 1\nchunks 1\n"]], { clear: true });
      await reload(there);
      await there.locator(".keeper__notice").waitFor();
      if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/save-${width}-${theme}.png` });
      assert.equal(await there.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
      assert.deepEqual(await serious(there), []);
      assert.deepEqual(await faults(there), []);
      await there.close();
    });
  }
}
