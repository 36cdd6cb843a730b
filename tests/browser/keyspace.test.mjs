// The list of keys as the reader arranges it: filters, orders, a tree by delimiters, a namespace as a whole, many keys.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { faults, key, keyNames, paste, type, withBrowser } from "./support.mjs";

const at = withBrowser();

const rows = async (page) => (await keyNames(page)).map((name) => name.trim());
const space = (page, name) => page.locator(".space").filter({ has: page.locator("bdi", { hasText: name }) });
const shape = (page, word) => page.locator(".keybar .switch .button", { hasText: word }).click();
const chosen = (page) => page.locator(".key[aria-selected=true] .key__name").innerText();

/** Runs `act` with a page that has these keys, and fails where something went wrong on it. */
async function on(options, lines, act) {
  const page = await at.open(options);
  const { width = 1440 } = options;
  if (width < 700) await page.click(".bottom__tab:nth-child(2)");
  for (const line of lines) await type(page, line);
  if (width < 700) await page.click(".bottom__tab:nth-child(3)");
  await act(page);
  assert.deepEqual(await faults(page), []);
  await page.close();
}

const SOME = [
  "MSET user:1:name ann user:1:visits 12 user:2:name bob greeting hello",
  "HSET session:1 user ann", "EXPIRE session:1 60", "SET session:2 x EX 600", "RPUSH queue/mail a b c",
];

for (const width of [1440, 768, 390]) {
  test(`keys are filtered by name, type, encoding and time to live at ${width} pixels`, () => on({ width, height: 900 }, SOME, async (page) => {
    assert.equal((await rows(page)).length, 7);
    await page.fill("#keys-pattern", "name");
    assert.deepEqual(await rows(page), ["user:1:name", "user:2:name"], "a piece of the name");
    assert.match(await page.locator(".see .zone__head").innerText(), /7 keys[\s\S]*2 listed/);
    await page.fill("#keys-pattern", "user:[1]*");
    assert.deepEqual(await rows(page), ["user:1:name", "user:1:visits"], "a pattern as KEYS takes it");
    await page.fill("#keys-pattern", "");
    await page.click(".keybar__more");
    await page.locator(".keybar__chip", { hasText: "hash" }).click();
    await page.locator(".keybar__chip", { hasText: "list" }).click();
    assert.deepEqual(await rows(page), ["queue/mail", "session:1"]);
    await page.locator(".keybar__filters .button", { hasText: "Clear" }).click();
    await page.selectOption("#keys-encoding", "int");
    assert.deepEqual(await rows(page), ["user:1:visits"]);
    await page.selectOption("#keys-encoding", "");
    await page.selectOption("#keys-volatile", "with");
    assert.deepEqual(await rows(page), ["session:1", "session:2"]);
    assert.match(await page.locator(".keybar__count").innerText(), /^1\s+set$/);
    await page.fill("#keys-pattern", "nothing");
    await page.getByText("No key matches the filter.").waitFor();
    await page.getByText("Clear the filter").click();
    assert.equal((await rows(page)).length, 7);
    assert.equal(await page.locator(".keybar").evaluate((bar) => bar.scrollWidth > bar.clientWidth), false);
  }));

  test(`a tree by delimiters that one chooses at ${width} pixels`, () => on({ width, height: 900 }, SOME, async (page) => {
    await shape(page, "Tree");
    assert.deepEqual(await rows(page), ["greeting", "queue/mail", "session:", "user:"]);
    assert.equal(await space(page, "user:").locator(".space__keys").innerText(), "3 keys");
    await space(page, "user:").locator(".space__mark").click();
    assert.deepEqual((await rows(page)).slice(3), ["user:", "1:", "2:"]);
    assert.deepEqual(await page.locator(".space").evaluateAll((all) => all.map((one) => [one.ariaLevel, one.ariaExpanded])),
      [["1", "false"], ["1", "true"], ["2", "false"], ["2", "false"]]);
    await page.fill("#keys-delimiters", "/");
    await page.press("#keys-delimiters", "Enter");
    assert.deepEqual((await rows(page)).slice(0, 2), ["greeting", "queue/"]);
    await page.fill("#keys-delimiters", ":/");
    await page.press("#keys-delimiters", "Enter");
    assert.deepEqual(await rows(page), ["greeting", "queue/", "session:", "user:", "1:", "2:"], "what was open is open");
    await page.click("#tab-memory");
    await page.click("#tab-keyspace");
    assert.equal((await rows(page)).length, 6, "the list stays as it was arranged");
  }));
}

test("keys are ordered by memory, time to live and idle time, either way", () => on({}, [
  `SET large ${"x".repeat(300)}`, "SET soon x EX 10", "SET later xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx EX 1000",
], async (page) => {
  await page.selectOption("#keys-order", "memory");
  assert.deepEqual(await rows(page), ["large", "later", "soon"]);
  await page.click("#keys-direction");
  assert.deepEqual(await rows(page), ["soon", "later", "large"]);
  await page.selectOption("#keys-order", "ttl");
  assert.deepEqual(await rows(page), ["soon", "later", "large"]);
  await page.click(".clock__now");
  await page.locator(".menu__steps button", { hasText: "+1 s" }).first().click();
  await page.click(".clock__now");
  await type(page, "GET soon");
  await page.selectOption("#keys-order", "idle");
  assert.equal((await rows(page)).at(-1), "soon");
  assert.deepEqual(await page.locator(".key > :nth-child(4)").allInnerTexts(), ["1 s", "1 s", "0 s"]);
  await type(page, "GET large");
  await page.waitForFunction(() => document.querySelector(".key .key__name").innerText === "later");
}));

test("what a command changed shows its bytes, and so does its namespace", () => on({}, ["SET user:1 a", "SET other a"], async (page) => {
  const usage = async () => Number((await type(page, "MEMORY USAGE user:1 SAMPLES 0")).match(/\d+/)[0]);
  const before = await usage();
  await type(page, `APPEND user:1 ${"x".repeat(100)}`);
  assert.equal(await key(page, "user:1").locator(".key__delta").textContent(), `+${await usage() - before} B`);
  assert.equal(await key(page, "other").locator(".key__delta").count(), 0);
  await page.waitForTimeout(800);
  assert.equal(await page.locator(".key__delta").first().evaluate((mark) => getComputedStyle(mark).visibility), "hidden", "for a moment");
  await shape(page, "Tree");
  await type(page, "DEL user:1");
  await type(page, "SET user:2 a");
  await type(page, "SET user:3 a");
  await type(page, "DEL user:2");
  assert.match(await space(page, "user:").locator(".key__delta").textContent(), /^−\d+ B$/);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await type(page, "APPEND other xyzxyzxyzxyzxyzxyzxyzxyzxyz");
  await page.waitForTimeout(1_000);
  assert.equal(await key(page, "other").locator(".key__delta").evaluate((mark) => getComputedStyle(mark).visibility), "visible",
    "without motion it stands still for longer");
}));

test("a namespace is counted, and deleted by commands that are seen first and then in the terminal", () => on({}, [
  ...SOME, "SET \"user:a b\" x",
], async (page) => {
  await shape(page, "Tree");
  await space(page, "user:").click();
  const panel = page.locator(".space-panel");
  assert.deepEqual((await panel.locator(".facts dd").allInnerTexts()).slice(0, 1), ["4"]);
  const usage = async (name) => Number((await type(page, `MEMORY USAGE ${name} SAMPLES 0`)).match(/\d+/)[0]);
  const bytes = await usage("user:1:name") + await usage("user:1:visits") + await usage("user:2:name") + await usage("\"user:a b\"");
  assert.equal(await panel.locator(".facts dd").nth(1).innerText(), `${bytes} bytes`);
  assert.match(await panel.locator("tbody tr").first().innerText(), /string\s+4/);
  await panel.locator(".space-panel__delete").click();
  const command = "UNLINK user:1:name user:1:visits user:2:name \"user:a b\"";
  assert.deepEqual(await panel.locator(".plan__lines code").allInnerTexts(), [command]);
  assert.equal(await space(page, "user:").count(), 1, "nothing has happened yet");
  await panel.locator(".plan__run").click();
  await space(page, "user:").waitFor({ state: "detached" });
  const exchange = page.locator(".exchange").last();
  assert.ok((await exchange.innerText()).includes(command));
  assert.equal(await exchange.locator(".exchange__answer").textContent(), "(integer) 4\n");
  assert.equal(await page.evaluate(() => document.activeElement.id), "keys-list");
  assert.deepEqual(await rows(page), ["greeting", "queue/mail", "session:"]);
}));

test("the keyboard alone walks the tree, filters, and deletes", () => on({}, SOME, async (page) => {
  await page.locator("#keys-pattern").focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const list = page.locator("#keys-list[role=tree]");
  await list.focus();
  await list.press("End");
  assert.equal((await chosen(page)).trim(), "user:");
  await list.press("ArrowRight");
  await list.press("ArrowRight");
  assert.equal((await chosen(page)).trim(), "1:");
  await list.press("Enter");
  await list.press("ArrowDown");
  assert.equal(await chosen(page), "name");
  assert.equal(await page.locator(".value").textContent(), "ann");
  assert.equal(await list.getAttribute("aria-activedescendant"), await page.locator(".key[aria-selected=true]").getAttribute("id"));
  await list.press("ArrowLeft");
  assert.equal((await chosen(page)).trim(), "1:");
  await list.press("ArrowLeft");
  await list.press("ArrowLeft");
  assert.equal((await chosen(page)).trim(), "user:");
  await list.press("ArrowLeft");
  assert.deepEqual(await rows(page), ["greeting", "queue/mail", "session:", "user:"]);
  await list.press("Home");
  assert.equal(await chosen(page), "greeting");
  await list.press("Escape");
  assert.equal(await page.locator(".key[aria-selected=true]").count(), 0);
}));

test("rows of a tree tell their place, and letters lead to the next that begins so", () => on({}, [
  "MSET user:1:name ann user:1:visits 12 user:2 bob greeting hello ghost x", `MSET ${Array.from({ length: 200 }, (_, n) => `many:${n} x`).join(" ")} zebra x`,
], async (page) => {
  await shape(page, "Tree");
  const places = () => page.locator(".key").evaluateAll((all) => all.map((row) => `${row.ariaLevel} ${row.ariaPosInSet}/${row.ariaSetSize}`));
  assert.deepEqual(await places(), ["1 1/5", "1 2/5", "1 3/5", "1 4/5", "1 5/5"]);
  await space(page, "user:").locator(".space__mark").click();
  await space(page, /^1:$/).locator(".space__mark").click();
  assert.deepEqual((await places()).slice(3), ["1 4/5", "2 1/2", "3 1/2", "3 2/2", "2 2/2", "1 5/5"]);
  await space(page, "many:").locator(".space__mark").click();
  const list = page.locator("#keys-list");
  await list.focus();
  await list.press("Home");
  await list.press("g");
  assert.equal((await chosen(page)).trim(), "greeting");
  await list.press("g");
  assert.equal((await chosen(page)).trim(), "ghost", "the same letter again: from the top");
  await page.waitForTimeout(1_050);
  await page.keyboard.type("vi");
  const row = page.locator(".key[aria-selected=true]");
  await page.locator(".key[aria-selected=true]", { hasText: "visits" }).waitFor();
  assert.equal(`${await row.getAttribute("aria-level")} ${await row.getAttribute("aria-posinset")}/${await row.getAttribute("aria-setsize")}`, "3 2/2",
    "told without the rows before it, which are not drawn");
  const [box, window] = [await row.boundingBox(), await list.boundingBox()];
  assert.ok(box.y >= window.y && box.y + box.height <= window.y + window.height, "it is within the list's window");
  assert.ok(await page.locator(".key").count() <= 60);
}));

test("a key chosen in the memory picture is scrolled to, whatever hides it", () => on({}, [], async (page) => {
  const line = (from) => `MSET ${Array.from({ length: 500 }, (_, n) => `k:${String(from + n).padStart(4, "0")} v`).join(" ")}`;
  await paste(page, [line(0), line(500), line(1000)].join("\n"));
  await type(page, `SET k:0900 ${"x".repeat(500)}`);
  await page.fill("#keys-pattern", "k:0001");
  await shape(page, "Tree");
  await page.click("#tab-memory");
  await page.locator(".part", { hasText: "Largest keys" }).locator("tbody .link", { hasText: "k:0900" }).click();
  const row = page.locator(".key[aria-selected=true]");
  await row.waitFor();
  assert.equal(await row.getAttribute("title"), "k:0900");
  const [box, list] = [await row.boundingBox(), await page.locator("#keys-list").boundingBox()];
  assert.ok(box.y >= list.y && box.y + box.height <= list.y + list.height, "it is within the list's window");
  assert.equal(await page.inputValue("#keys-pattern"), "");
}));

test("keys made by DEBUG POPULATE are listed", () => on({}, ["DEBUG POPULATE 30"], async (page) => {
  assert.match(await page.locator(".see .zone__head").innerText(), /30 keys/);
  await key(page, "key:0").waitFor();
}));

test("without keys three commands are one click away, and make some", () => on({}, [], async (page) => {
  const empty = page.locator(".see .empty .run");
  assert.equal(await empty.count(), 3);
  const command = await empty.first().innerText();
  await empty.first().click();
  await page.locator(".key").waitFor();
  assert.ok((await page.locator(".exchange").last().innerText()).includes(command.trim()));
}));

test("odd names in a tree are text, and keep to their row", () => on({}, [
  "SET \"::\" v", "SET \"a::b\" v", "SET \"<b>x</b>:<i>\" v", "SET \"\\x00:\\xff\" v", `SET "${"deep:".repeat(40)}end" v`, "SET \"مفتاح:جلسة\" v",
], async (page) => {
  await shape(page, "Tree");
  for (const prefix of [":", "a:", "<b>x</b>:"]) await space(page, new RegExp(`^${prefix}$`)).first().locator(".space__mark").click();
  assert.equal(await page.locator("#keys-list b, #keys-list i").count(), 0);
  const list = page.locator("#keys-list");
  await list.focus();
  await list.press("Home");
  for (let step = 0; step < 60; step += 1) {
    await list.press("ArrowRight");
    await list.press("ArrowDown");
  }
  const heights = await page.locator(".key").evaluateAll((all) => [...new Set(all.map((one) => Math.round(one.getBoundingClientRect().height)))]);
  assert.deepEqual(heights, [32]);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
}));

test("a hundred thousand keys: a command, a filter, an order and a tree", () => on({}, ["DEBUG POPULATE 100000 user"], async (page) => {
  await key(page, "user:0").first().waitFor();
  const timed = (act) => page.evaluate(async (name) => {
    const set = (selector, value, kind) => {
      const field = document.querySelector(selector);
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set.call(field, value);
      field.dispatchEvent(new Event(kind, { bubbles: true }));
    };
    const acts = {
      filter: () => set("#keys-pattern", "*99*", "input"),
      memory: () => set("#keys-order", "memory", "change"),
      idle: () => set("#keys-order", "idle", "change"),
      tree: () => [...document.querySelectorAll(".keybar .switch .button")][1].click(),
      open: () => document.querySelector(".space__mark").click(),
      all: () => set("#keys-pattern", "", "input"),
      name: () => set("#keys-order", "name", "change"),
      command: () => {
        set("#prompt", "SET user:5x1 v", "input");
        document.querySelector("#prompt").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
      },
    };
    const start = performance.now();
    acts[name]();
    await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
    return performance.now() - start;
  }, act);
  const times = {};
  for (const act of ["command", "filter", "all", "memory", "idle", "tree", "open", "name", "command"]) times[act] = (await timed(act)).toFixed(0);
  console.log(`milliseconds to the picture, 100 000 keys: ${JSON.stringify(times)}`);
  assert.ok(await page.locator(".key").count() <= 100);
  assert.ok(Number(times.filter) < 1_000 && Number(times.command) < 500, JSON.stringify(times));
  await page.fill("#keys-pattern", "user:99999");
  assert.deepEqual((await rows(page)).at(-1), "99999");
}));

for (const [theme, width] of [["light", 1440], ["dark", 1440], ["light", 768], ["dark", 390], ["light", 390]]) {
  test(`an accessibility checker finds nothing serious: ${theme}, ${width} pixels`, () => on({ theme, width, height: 900 }, SOME, async (page) => {
    assert.deepEqual(await serious(page), []);
    await page.click(".keybar__more");
    await page.locator(".keybar__chip").first().click();
    await page.locator(".keybar__chip").first().click();
    await shape(page, "Tree");
    await space(page, "user:").click();
    await page.click(".space-panel__delete");
    assert.deepEqual(await serious(page), []);
    await page.fill("#keys-pattern", "nothing like it");
    assert.deepEqual(await serious(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  }));
}
