// The picture of memory: its figures are those of INFO, its parts can be gone into, and many keys do not stop the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, paste, step, type, withBrowser } from "./support.mjs";
import { serious } from "./axe.mjs";

const at = withBrowser();

const digits = (text) => Number(text.replace(/\D/g, ""));
const figure = (page, name) => page.locator(".figure", { has: page.locator("dt", { hasText: name }) }).locator(".figure__bytes");
const figures = async (page) => {
  const texts = await Promise.all(["Used", "Dataset", "Overhead", "Peak"].map((name) => figure(page, name).innerText()));
  return texts.map(digits);
};
const tile = (page, name) => page.locator(`.tile[aria-label^="${name}, "]`);

async function opened(options) {
  const page = await at.open(options);
  for (const line of [
    "HSET user:1 name ann about something",
    "HSET user:2 name bob about something-else-and-more",
    "MSET user:1:visits 1 user:2:visits 2 plain x",
    `SET session:1 ${"t".repeat(2000)} EX 30`,
  ]) await type(page, line);
  await page.click("#tab-memory");
  await page.locator(".treemap").waitFor();
  return page;
}

async function closed(page) {
  assert.deepEqual(await faults(page), []);
  await page.close();
}

test("the figures are those of INFO memory, and follow", async () => {
  const page = await opened();
  // The first INFO takes memory itself: its statistics.
  await type(page, "INFO memory");
  for (const line of ["PING", "SET more 1", `SET most ${"x".repeat(5000)}`, "DEL most"]) {
    await type(page, line);
    const info = await type(page, "INFO memory");
    const told = ["used_memory", "used_memory_dataset", "used_memory_overhead", "used_memory_peak"]
      .map((name) => Number(info.match(new RegExp(`^${name}:(\\d+)`, "m"))[1]));
    assert.deepEqual(await figures(page), told, line);
  }
  assert.match(await page.locator(".timeline__used").innerText(), /^used\s+[\d.]+ KB$/);
  await type(page, "CONFIG SET maxmemory 2mb");
  assert.match(await page.locator(".timeline__used").innerText(), /^used\s+[\d.]+ KB \/ 2\.0 MB$/);
  assert.match(await page.locator(".gauge").getAttribute("aria-label"), /of 2\.0 MB used/);
  assert.equal(digits(await figure(page, "Limit").innerText()), 2 << 20);
  await closed(page);
});

test("memory goes over virtual time, in words too", async () => {
  const page = await opened();
  await step(page, "+1 m");
  await type(page, `SET big ${"x".repeat(9000)}`);
  const words = await page.locator(".chart__drawing").getAttribute("aria-label");
  assert.match(words, /^Used memory from 00:00:\d\d to 00:01:\d\d: .* KB at first, .* KB now/);
  await closed(page);
});

test("one zooms into a part by click, back by the way, and a key is chosen", async () => {
  const page = await opened();
  assert.match(await tile(page, "user:").getAttribute("aria-label"), /^user:, mostly hash, 4 keys, /);
  await tile(page, "user:").click();
  await tile(page, "1:").waitFor();
  assert.deepEqual(await page.locator(".way__steps li").allInnerTexts(), ["all keys", "user:"]);
  await page.locator(".way__steps .link", { hasText: "all keys" }).click();
  await tile(page, "session:").waitFor();
  await page.locator(".switch .button", { hasText: "by type" }).click();
  await tile(page, "hash").click();
  await tile(page, "user:").click();
  await tile(page, "2").click();
  assert.equal(await page.locator("#tab-keyspace").getAttribute("aria-selected"), "true");
  assert.equal(await page.locator(".inspector__name").innerText(), "user:2");
  await closed(page);
});

test("the keyboard alone goes in, back, and to a key", async () => {
  const page = await opened();
  await page.locator("#tab-memory").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-eviction");
  await page.keyboard.press("ArrowLeft");
  await page.locator(".tile[tabindex='0']").waitFor();
  const label = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  for (let stops = 0; !(await label())?.startsWith("session:"); stops += 1) {
    assert.ok(stops < 20, "the largest tile is reached by Tab");
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("ArrowRight");
  assert.match(await label(), /^user:/);
  await page.keyboard.press("Enter");
  await tile(page, "1:").waitFor();
  await page.waitForFunction(() => document.activeElement.id === "tile-0");
  await page.keyboard.press("Escape");
  await tile(page, "session:").waitFor();
  await page.waitForFunction(() => document.activeElement.id === "tile-0");
  await page.keyboard.press("Enter");
  await tile(page, "1").waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute("aria-label")?.startsWith("1, string"));
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-keyspace");
  assert.equal(await page.locator(".inspector__name").innerText(), "session:1");
  await closed(page);
});

test("the table says what the picture shows; keys and times to live are listed", async () => {
  const page = await opened();
  await page.locator(".instead summary").click();
  const rows = await page.locator(".instead tbody tr").allInnerTexts();
  assert.equal(rows.length, await page.locator(".tile").count());
  assert.match(rows[0], /^session:\s+S?\s*string\s+1\s+2\.\d KB/);
  const usage = digits(await type(page, "MEMORY USAGE user:2 SAMPLES 0"));
  const large = page.locator(".part", { hasText: "Largest keys" }).locator("tbody tr");
  assert.equal(await large.filter({ hasText: "user:2" }).first().locator("td").nth(1).innerText(), `${usage} B`);
  const lives = await page.locator(".life").allInnerTexts();
  assert.match(lives[1], /up to 1 m\s+1 key/);
  assert.match(lives[6], /none\s+5 keys/);
  await large.first().locator(".link").click();
  assert.equal(await page.locator(".inspector__name").innerText(), "session:1");
  await closed(page);
});

test("without keys the picture says what will be there", async () => {
  const page = await at.open();
  await page.click("#tab-memory");
  await page.getByText("db0 holds no keys yet.").waitFor();
  await page.getByText("is not simulated").waitFor();
  await closed(page);
});

test("a hundred thousand keys are surveyed in slices that leave the page its frames", async () => {
  const page = await at.open();
  await page.evaluate(() => {
    const plain = window.setInterval;
    window.slices = [];
    window.setInterval = (call, ms, ...rest) => plain(ms === 150 ? () => {
      const start = performance.now();
      call();
      window.slices.push(performance.now() - start);
    } : call, ms, ...rest);
  });
  const line = (from) => `MSET ${Array.from({ length: 1000 }, (_, n) => `shop:${n % 97}:item:${from + n} some-value`).join(" ")}`;
  await paste(page, Array.from({ length: 100 }, (_, n) => line(n * 1000)).join("\n"));
  await page.locator(".zone__fact", { hasText: /^100.000 keys$/ }).waitFor({ timeout: 60_000 });
  await page.click("#tab-memory");
  await page.locator(".tile").first().waitFor();
  assert.match(await page.locator(".part", { has: page.locator(".treemap") }).innerText(), /100.000 keys/);
  await page.locator(".tile").first().click();
  await page.locator(".tile[aria-label^='the rest']").waitFor();
  const slices = await page.evaluate(() => window.slices);
  console.log(`the longest of ${slices.length} slices took ${Math.max(...slices).toFixed(1)} ms`);
  assert.ok(slices.toSorted((a, b) => a - b)[Math.floor(slices.length / 2)] < 30, `${slices}`);
  await closed(page);
});

for (const [theme, width] of [["light", 1440], ["dark", 768], ["dark", 390]]) {
  test(`an accessibility checker finds nothing serious: ${theme}, ${width} pixels`, async () => {
    const page = await at.open({ theme, width });
    const zone = (n) => (width < 700 ? page.click(`.bottom__tab:nth-child(${n})`) : null);
    await zone(2);
    for (const line of ["HSET user:1 a 1", "ZADD lb 1 a", "SET session:1 x EX 9", "RPUSH q 1", "XADD s * a 1", "SADD t a"]) await type(page, line);
    await zone(3);
    await page.click("#tab-memory");
    await page.locator(".tile").first().waitFor();
    await page.locator(".instead summary").click();
    assert.deepEqual(await serious(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.equal(await page.locator(".sheet").evaluate((sheet) => sheet.scrollWidth > sheet.clientWidth), false);
    await closed(page);
  });
}
