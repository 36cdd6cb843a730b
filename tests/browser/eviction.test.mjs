// The picture of eviction: its settings are commands in the terminal, its victims explain themselves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, step, type, withBrowser } from "./support.mjs";
import { serious } from "./axe.mjs";

const at = withBrowser();

const lines = (page) => page.locator(".exchange__line").allInnerTexts();
const last = async (page) => (await lines(page)).pop().replace(/^.*?> /, "");

async function opened(options) {
  const page = await at.open(options);
  if ((options?.width ?? 1440) < 700) await page.click(".bottom__tab:nth-child(3)");
  await page.click("#tab-eviction");
  return page;
}

/** Fills memory up to the limit by what the page itself offers. */
async function fill(page) {
  for (const word of ["maxmemory 1mb", "allkeys-lru", "SETRANGE"]) await page.locator(".offer .run", { hasText: word }).click();
  await page.locator(".victim").first().waitFor();
}

async function closed(page) {
  assert.deepEqual(await faults(page), []);
  await page.close();
}

test("each setting is a command that is seen in the terminal, and the picture follows", async () => {
  const page = await opened();
  await page.getByText("Set a limit to see eviction.").waitFor();
  await page.getByText("nothing is evicted: commands that need memory are refused").waitFor();
  await page.selectOption("#set-maxmemory-policy", "volatile-ttl");
  assert.equal(await last(page), "CONFIG SET maxmemory-policy volatile-ttl");
  await page.getByText("the one that would expire soonest").waitFor();
  await page.fill("#set-maxmemory", "1mb");
  await page.press("#set-maxmemory", "Enter");
  assert.equal(await last(page), "CONFIG SET maxmemory 1mb");
  assert.equal(await page.inputValue("#set-maxmemory"), "1048576");
  await page.fill("#set-maxmemory-samples", "10");
  await page.locator("button[aria-label='Set maxmemory-samples']").click();
  assert.equal(await last(page), "CONFIG SET maxmemory-samples 10");
  assert.match(await page.locator(".limit__words").innerText(), /^When more than 1\.0 MB is used, 10 keys with a time to live/);
  await type(page, "CONFIG SET maxmemory-policy allkeys-random");
  assert.equal(await page.inputValue("#set-maxmemory-policy"), "allkeys-random");
  await page.fill("#set-maxmemory", "much");
  await page.press("#set-maxmemory", "Enter");
  assert.match(await page.locator(".exchange__answer").last().innerText(), /ERR/);
  await page.selectOption("#set-maxmemory-policy", "allkeys-lrm");
  await page.getByText("This policy came with Redis 8.6.").waitFor();
  await closed(page);
});

test("from an empty server to the first victims in three clicks, all of them in the terminal", async () => {
  const page = await opened();
  await fill(page);
  // On the way up the log draws what came before.
  await page.locator(".terminal__log").evaluate((log) => log.scrollTo(0, 0));
  await page.locator(".terminal__earlier").waitFor({ state: "detached" });
  const ran = (await lines(page)).join("\n");
  for (const line of ["CONFIG SET maxmemory 1mb", "CONFIG SET maxmemory-policy allkeys-lru", "SETRANGE fill:1 9999 x"]) {
    assert.ok(ran.includes(line), line);
  }
  const evicted = Number((await type(page, "INFO stats")).match(/evicted_keys:(\d+)/)[1]);
  assert.ok(evicted > 0);
  assert.match(await page.locator(".part__fact").innerText(), new RegExp(`^${evicted} evicted`));
  assert.equal(await page.locator(".victim").count(), Math.min(evicted, 50));
  await page.click("#tab-memory");
  assert.ok(await page.locator(".chart__mark").count() > 0, "evictions are marked over time");
  await closed(page);
});

test("a victim explains itself: idle time, whom it was compared with, and the pool", async () => {
  const page = await opened();
  await type(page, "CONFIG SET maxmemory-policy allkeys-lru");
  await type(page, "MSET old 1 used 2 other 3");
  await step(page, "+10 s");
  await type(page, "MGET used other");
  const used = Number((await type(page, "INFO memory")).match(/used_memory:(\d+)/)[1]);
  await type(page, `CONFIG SET maxmemory ${used - 1}`);
  const row = page.locator(".victim__row", { hasText: "old" });
  assert.match(await row.innerText(), /^old\s+idle 10 s\s+\d+ B freed/);
  await row.click();
  assert.match(await page.locator(".reason").innerText(), /allkeys-lru, idle 10 s, \d+ bytes freed in db0/);
  const list = (name) => page.locator(`.pool__list[aria-label="${name}"]`);
  assert.equal(await list("Drawn at random").locator(".candidate").count(), 3);
  const victim = list("Drawn at random").locator(".candidate[data-victim]");
  assert.match(await victim.innerText(), /^old[\s\S]*idle 10 s victim/);
  assert.equal(await victim.locator(".candidate__fill").getAttribute("width"), "100.0");
  assert.match(await list("Pool before").innerText(), /Empty: it was the first draw/);
  assert.equal(await list("Pool after").locator(".candidate").count(), 2);
  await row.click();
  assert.equal(await page.locator(".reason").count(), 0);
  await closed(page);
});

test("victims of a random policy say that there was no comparison, those of LFU their counter", async () => {
  for (const [policy, why, words] of [
    ["allkeys-random", /by chance/, /compared with no other key/],
    ["allkeys-lfu", /use counter \d/, /Drawn at random/],
  ]) {
    const page = await opened();
    await type(page, `CONFIG SET maxmemory-policy ${policy}`);
    await type(page, "MSET a 1 b 2");
    await type(page, "CONFIG SET maxmemory 1000");
    assert.match(await page.locator(".victim__row").first().innerText(), why);
    await page.locator(".victim__row").first().click();
    assert.match(await page.locator(".reason").innerText(), words);
    await closed(page);
  }
});

test("lazy and active expiry are counted apart, with how late they came; hits have a ratio", async () => {
  const page = await opened();
  await page.getByText("No key has expired yet.").waitFor();
  await page.getByText("No key was looked up yet.").waitFor();
  await page.locator(".offer .run", { hasText: "SET soon gone EX 5" }).click();
  await step(page, "+10 s");
  await type(page, "CONFIG SET hz 1");
  await type(page, "SET k v PX 150");
  await page.keyboard.press("Alt+KeyS");
  await type(page, "GET k");
  const counts = await page.locator(".figures--two .figure").allInnerTexts();
  assert.match(counts[0], /^Lazy[\s\S]*\n1\n+last \d+ ms late/);
  assert.match(counts[1], /^Active[\s\S]*\n1\n+last \d+ (ms|s) late/);
  await type(page, "SET x 1");
  await type(page, "GET x");
  const stats = await type(page, "INFO stats");
  const [hits, misses] = ["hits", "misses"].map((name) => Number(stats.match(new RegExp(`keyspace_${name}:(\\d+)`))[1]));
  assert.ok((await page.locator(".sheet").innerText()).includes(`${hits} hit${hits === 1 ? "" : "s"}, ${misses} miss${misses === 1 ? "" : "es"}.`));
  await closed(page);
});

test("the keyboard alone sets a policy and opens a victim", async () => {
  const page = await at.open();
  await page.locator("#tab-keyspace").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  for (const [id, press] of [["set-maxmemory", "1mb\n"], ["set-maxmemory-policy", "allkeys-lru"]]) {
    for (let stops = 0; await page.evaluate(() => document.activeElement.id) !== id; stops += 1) {
      assert.ok(stops < 10, id);
      await page.keyboard.press("Tab");
    }
    if (id === "set-maxmemory") await page.keyboard.press("Control+A");
    await page.keyboard.type(press);
  }
  await page.locator(".exchange__line", { hasText: "CONFIG SET maxmemory-policy" }).first().waitFor();
  await type(page, "CONFIG SET maxmemory-policy allkeys-lru");
  await page.locator(".offer .run", { hasText: "SETRANGE" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".victim").first().waitFor();
  await page.locator("#set-maxmemory-samples").focus();
  for (let stops = 0; !(await page.evaluate(() => document.activeElement.className)).includes("victim__row"); stops += 1) {
    assert.ok(stops < 6, "a victim is reached by Tab");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.locator(".reason").waitFor();
  await closed(page);
});

for (const [theme, width] of [["dark", 1440], ["light", 768], ["light", 390]]) {
  test(`an accessibility checker finds nothing serious: ${theme}, ${width} pixels`, async () => {
    const page = await opened({ theme, width });
    assert.deepEqual(await serious(page), []);
    await fill(page);
    await page.locator(".victim__row").first().click();
    assert.deepEqual(await serious(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.equal(await page.locator(".sheet").evaluate((sheet) => sheet.scrollWidth > sheet.clientWidth), false);
    if (width < 700) {
      const small = await page.locator(".sheet :is(input, select)").evaluateAll((fields) =>
        fields.filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16).length);
      assert.equal(small, 0);
    }
    await closed(page);
  });
}
