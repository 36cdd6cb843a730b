// The policy lab: workloads are played under every policy while the page stays smooth, and a policy is put to use.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, type, withBrowser } from "./support.mjs";
import { serious } from "./axe.mjs";

const at = withBrowser();

/** How long a task may be, in milliseconds, besides the longest that the machine made of a few; a quiet one stays below 50. */
const TOLERATED = 200;

/** Spins for 8 ms at a time, as long as a run lasts, and gives the longest: what other programs took of it. */
const disturbance = (page) => page.evaluate(async () => {
  let longest = 0;
  for (const end = performance.now() + 4000; performance.now() < end;) {
    const begin = performance.now();
    while (performance.now() < begin + 8);
    longest = Math.max(longest, performance.now() - begin);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return Math.round(longest);
});

async function opened(options) {
  const page = await at.open(options);
  if ((options?.width ?? 1440) < 700) await page.click(".bottom__tab:nth-child(3)");
  await page.click("#tab-lab");
  await page.locator("#lab").waitFor();
  return page;
}

/** A loop of which two thirds fit: small, and known to be the worst for LRU. */
async function small(page, requests = 5000) {
  await page.selectOption("#lab-workload", "loop");
  for (const [field, text] of [["requests", requests], ["keys", 600], ["rate", 50], ["maxmemory", "+90kb"]]) await page.fill(`#lab-${field}`, String(text));
}

const run = (page) => page.click(".lab-form__go");
const stage = (page, name) => page.locator(`.lab-progress[data-stage=${name}]`).waitFor({ timeout: 60_000 });
const words = (page) => page.locator(".lab-progress__words").innerText();
const lines = async (page) => (await page.locator(".exchange__line").allInnerTexts()).map((line) => line.replace(/^.*?> /, ""));
const number = (text) => Number(text.replace(/[^\d.]/g, ""));

async function played(page, requests) {
  await small(page, requests);
  await run(page);
  await stage(page, "ended");
}

/** The table as it stands: rows of texts. */
const rows = (page) => page.locator(".lab-table tbody tr").evaluateAll((all) =>
  all.map((row) => [...row.children].map((cell) => cell.innerText)));

async function closed(page) {
  assert.deepEqual(await faults(page), []);
  await page.close();
}

test("a small workload is played under every policy: bars, best, lines and a table that agree", async () => {
  const page = await opened();
  await page.getByText("Nothing was played yet.").waitFor();
  await page.getByText("your data is untouched").waitFor();
  await played(page);
  assert.match(await words(page), /^Played 5\s000 of 5\s000 requests in [\d.]+ s, in slices of at most \d+ ms\.$/);
  const bars = await page.locator(".lab-bar").evaluateAll((all) => all.map((bar) => ({
    policy: bar.querySelector(".lab-bar__name").innerText,
    ratio: bar.querySelector(".lab-bar__ratio").innerText,
    width: Number(bar.querySelector(".lab-bar__fill").getAttribute("width")),
    mark: bar.querySelector(".lab-bar__mark").innerText.trim(),
  })));
  assert.equal(bars.length, 10);
  const of = (policy) => bars.find((bar) => bar.policy === policy);
  for (const bar of bars) assert.ok(Math.abs(bar.width - number(bar.ratio)) < 0.01, JSON.stringify(bar));
  assert.ok(of("allkeys-lru").width < of("allkeys-random").width / 2, "a loop is the worst for LRU");
  assert.ok(of("noeviction").width > of("allkeys-lfu").width && of("noeviction").mark === "refused");
  const best = bars.filter((bar) => bar.mark === "best");
  assert.equal(best.length, 1);
  const candidates = bars.filter((bar) => bar.mark !== "refused");
  assert.equal(best[0].width, Math.max(...candidates.map((bar) => bar.width)));
  const table = await rows(page);
  assert.deepEqual(Object.fromEntries(table.map(([policy, hits]) => [policy, hits])),
    Object.fromEntries(bars.map(({ policy, ratio }) => [policy, ratio])));
  const hits = table.map((row) => number(row[1]));
  assert.deepEqual(hits, [...hits].sort((a, b) => b - a), "most hits first");
  const refused = Object.fromEntries(table.map((row) => [row[0], number(row[4])]));
  assert.ok(refused.noeviction > 0 && refused["allkeys-lru"] === 0);
  assert.equal(await page.locator(".lab-curve").count(), 10);
  const line = (await page.locator(".lab-curve--chosen").getAttribute("points")).split(" ");
  assert.ok(line.length === 50 && line.at(-1).startsWith("100.00,"), line.join(" "));
  assert.equal(await page.locator(".lab-about__name").innerText(), best[0].policy, "the best is looked at first");
  await page.locator(".lab-bar", { hasText: "allkeys-lru" }).click();
  assert.equal(await page.locator(".lab-about__name").innerText(), "allkeys-lru");
  await closed(page);
});

test("the same workload and seed give the same figures, another seed others", async () => {
  const page = await opened();
  await page.selectOption("#lab-workload", "sessions");
  await page.fill("#lab-requests", "4000");
  await page.fill("#lab-maxmemory", "+200kb");
  const figures = async () => {
    await run(page);
    await stage(page, "running").catch(() => {});
    await stage(page, "ended");
    return rows(page);
  };
  const first = await figures();
  assert.deepEqual(await figures(), first);
  await page.fill("#lab-seed", "2");
  assert.notDeepEqual(await figures(), first);
  await closed(page);
});

test("a run grows, is cancelled by the button and by Escape, and keeps what there is", async () => {
  const page = await opened();
  await page.fill("#lab-requests", "5000000");
  await run(page);
  await page.waitForFunction(() => document.querySelector(".lab-bar__fill")?.getAttribute("width") > 5, null, { timeout: 30_000 });
  const before = await words(page);
  await page.waitForFunction((was) => document.querySelector(".lab-progress__words").innerText !== was, before);
  assert.match(await words(page), /^\d+ %, [\d\s]+ of 5\s000\s000 requests$/);
  await page.locator(".lab-form__go", { hasText: "Cancel" }).click();
  await stage(page, "cancelled");
  const cancelled = await words(page);
  assert.match(cancelled, /^Cancelled after [\d\s]+ of 5\s000\s000 requests; the figures are of these\.$/);
  await page.waitForTimeout(300);
  assert.equal(await words(page), cancelled, "nothing is played any more");
  assert.equal(await page.locator(".lab-bar").count(), 10);
  await run(page);
  await page.waitForFunction(() => /^\d+ %/.test(document.querySelector(".lab-progress__words").innerText));
  await page.keyboard.press("Escape");
  await stage(page, "cancelled");
  await played(page);
  await closed(page);
});

test("using a policy and its limit are commands in the terminal; the lab itself is none", async () => {
  const page = await opened();
  await type(page, "SET mine 1");
  await played(page);
  assert.deepEqual(await lines(page), ["SET mine 1"]);
  assert.match(await type(page, "INFO stats"), /evicted_keys:0/);
  assert.match(await type(page, "DBSIZE"), /^\(integer\) 1$/m);
  const best = await page.locator(".lab-bar[data-best] .lab-bar__name").innerText();
  for (const [word, line] of [["use this policy", /maxmemory-policy/], ["use this limit", /maxmemory \d/]]) {
    await page.locator(".lab-about .run", { hasText: word }).click();
    await page.locator(".lab-about .run", { hasText: line }).filter({ hasText: "in use" }).waitFor();
  }
  const [policy, limit] = (await lines(page)).slice(-2);
  assert.equal(policy, `CONFIG SET maxmemory-policy ${best}`);
  assert.match(limit, /^CONFIG SET maxmemory \d+$/);
  assert.match(await type(page, "CONFIG GET maxmemory-policy"), new RegExp(best));
  await page.click("#tab-eviction");
  assert.equal(await page.inputValue("#set-maxmemory-policy"), best);
  assert.equal(await page.inputValue("#set-maxmemory"), limit.split(" ").pop());
  await page.click("#tab-lab");
  assert.equal(await page.locator(".lab-bar").count(), 10, "what was played is still there");
  await closed(page);
});

test("workloads fill in the form; each pattern has its own settings; one is made like the page's data", async () => {
  const page = await opened();
  const fields = () => page.locator(".lab-form__fields :is(input, select)").evaluateAll((all) => all.map((field) => field.id.slice(4)));
  const common = ["keys", "requests", "rate", "value-size", "ttl", "maxmemory", "samples", "seed"];
  for (const [pattern, own] of [
    ["zipf", ["skew"]], ["uniform", []], ["scan", []], ["loop", ["round"]], ["hotspot", ["hot-keys", "hot-requests", "hot-every"]], ["mix", ["mix"]],
  ]) {
    await page.selectOption("#lab-pattern", pattern);
    assert.deepEqual(await fields(), ["pattern", ...own, ...common]);
  }
  assert.equal(await page.inputValue("#lab-workload"), "own");
  const sentences = new Set();
  for (const preset of ["web", "scan", "sessions", "trends", "loop", "even"]) {
    await page.selectOption("#lab-workload", preset);
    sentences.add(await page.locator("#lab-workload-words").innerText());
  }
  assert.equal(sentences.size, 6);
  const disabled = () => page.locator("#lab-workload option[value=page]").evaluate((option) => option.disabled);
  assert.equal(await disabled(), true);
  const keys = Array.from({ length: 200 }, (_, at) => `session:${at} ${"v".repeat(200)}`);
  await type(page, `MSET ${keys.join(" ")}`);
  await page.waitForFunction(() => !document.querySelector("#lab-workload option[value=page]").disabled);
  await page.selectOption("#lab-workload", "page");
  assert.equal(await page.inputValue("#lab-keys"), "200");
  const size = Number(await page.inputValue("#lab-value-size"));
  assert.ok(size > 150 && size < 260, `${size}`);
  await run(page);
  await stage(page, "ended");
  await closed(page);
});

test("what is wrong is told at its field, and nothing starts until it is mended", async () => {
  const page = await opened();
  for (const [field, text, why] of [
    ["keys", "many", "`many` is no whole number. Try 20000."],
    ["value-size", "9q", "`9q` is no number of bytes: the units are b, k, kb, m, mb, g and gb. Try 100"],
    ["ttl", "soon", "`soon` is no duration"],
    ["maxmemory", "0", "Without a limit nothing is evicted"],
    ["skew", "20", "`20` is not between 0 and 10."],
  ]) {
    const was = await page.inputValue(`#lab-${field}`);
    await page.fill(`#lab-${field}`, text);
    const told = page.locator(`#lab-${field}-wrong`);
    assert.ok((await told.innerText()).startsWith(why), await told.innerText());
    assert.equal(await page.getAttribute(`#lab-${field}`, "aria-describedby"), `lab-${field}-wrong`);
    await run(page);
    assert.equal(await page.evaluate(() => document.activeElement.id), `lab-${field}`, "the field to mend has the keyboard");
    assert.equal(await page.locator(".lab-progress").getAttribute("data-stage"), "idle");
    await page.fill(`#lab-${field}`, was);
    assert.equal(await told.count(), 0);
  }
  await page.fill("#lab-maxmemory", "1kb");
  await run(page);
  await page.getByText(/^1024 bytes are less than the \d+ an empty server has in use\.$/).waitFor();
  await closed(page);
});

test("the table is sorted by its heads, both ways", async () => {
  const page = await opened();
  await played(page);
  const head = (name) => page.locator(".lab-table__sort", { hasText: name });
  const sorted = async (column) => (await rows(page)).map((row) => number(row[column]));
  await head("Evicted").click();
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
  const most = await sorted(2);
  assert.deepEqual(most, [...most].sort((a, b) => b - a));
  await head("Evicted").click();
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "ascending");
  assert.deepEqual(await sorted(2), [...most].reverse());
  await head("Policy").click();
  const names = (await rows(page)).map((row) => row[0]);
  assert.deepEqual(names, [...names].sort());
  await closed(page);
});

test("no long task comes while a workload is played, and the terminal answers meanwhile", async () => {
  const page = await opened();
  const disturbed = await disturbance(page);
  await page.evaluate(() => {
    window.longTasks = [];
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((task) => Math.round(task.duration))))
      .observe({ type: "longtask" });
  });
  await run(page);
  await page.waitForFunction(() => document.querySelector(".lab-bar"), null, { timeout: 30_000 });
  assert.match(await type(page, "INCR meanwhile"), /^\(integer\) 1$/m);
  await stage(page, "ended");
  await page.waitForTimeout(300);
  const tasks = await page.evaluate(() => window.longTasks);
  console.log(`${await words(page)} Tasks over 50 ms: ${tasks.join(", ") || "none"}; spinning for 8 ms took up to ${disturbed} ms.`);
  assert.ok(tasks.every((task) => task < TOLERATED + disturbed), `${tasks}`);
  await closed(page);
});

test("the keyboard alone chooses, plays, cancels and uses a policy", async () => {
  const page = await at.open();
  await page.locator("#tab-keyspace").focus();
  await page.keyboard.press("End");
  const to = async (found, most = 30) => {
    for (let stops = 0; !(await page.evaluate(found)); stops += 1) {
      assert.ok(stops < most, `${found}`);
      await page.keyboard.press("Tab");
    }
  };
  await to(() => document.activeElement.id === "lab-workload");
  await page.keyboard.type("Loop");
  await to(() => document.activeElement.id === "lab-requests");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("3000000\n");
  await stage(page, "running");
  await to(() => document.activeElement.className.includes("lab-form__go"));
  await page.keyboard.press("Enter");
  await stage(page, "cancelled");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /Run/, "the keyboard stays at the button");
  await page.locator("#lab-requests").fill("3000");
  await page.keyboard.press("Enter");
  await stage(page, "ended");
  await to(() => document.activeElement.className.includes("lab-bar"));
  await page.keyboard.press("Enter");
  const chosen = await page.locator(".lab-bar[aria-pressed=true] .lab-bar__name").innerText();
  await to(() => document.activeElement.className.includes("run") && document.activeElement.closest(".lab-about"));
  await page.keyboard.press("Enter");
  await page.locator(".exchange__line", { hasText: `CONFIG SET maxmemory-policy ${chosen}` }).waitFor();
  await closed(page);
});

for (const [theme, width] of [["dark", 1440], ["light", 768], ["dark", 768], ["light", 390]]) {
  test(`an accessibility checker finds nothing serious, nothing is cut off: ${theme}, ${width} pixels`, async () => {
    const page = await opened({ theme, width, height: width < 700 ? 844 : 900 });
    assert.deepEqual(await serious(page), []);
    await page.fill("#lab-keys", "many");
    assert.deepEqual(await serious(page), []);
    await played(page);
    assert.deepEqual(await serious(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    assert.equal(await page.locator(".sheet").evaluate((sheet) => sheet.scrollWidth > sheet.clientWidth), false);
    const cut = await page.locator(".lab-bar :is(.lab-bar__name, .lab-bar__ratio)").evaluateAll((all) =>
      all.filter((element) => element.scrollWidth > element.clientWidth).map((element) => element.innerText));
    assert.deepEqual(cut, []);
    if (width < 700) {
      const little = await page.locator(".sheet :is(input, select)").evaluateAll((fields) =>
        fields.filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16).length);
      assert.equal(little, 0);
    }
    await closed(page);
  });
}
