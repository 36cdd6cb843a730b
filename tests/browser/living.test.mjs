// Steps that live: simulated clients with their sliders and charts, and a race, by mouse and by keyboard.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { reload, untilKept } from "./kept.mjs";
import { faults, key, root, type, withBrowser } from "./support.mjs";

const at = withBrowser();
const LESSON = { name: "living.md", mimeType: "text/markdown", buffer: readFileSync(join(root, "tests/browser/fixtures/living.md")) };

/** A lesson of these steps alone. */
const made = (steps) => ({
  name: "made.md",
  mimeType: "text/markdown",
  buffer: Buffer.from(`---\ntitle: Made\nsummary: Made\nlevel: beginner\nminutes: 2\n---\n${steps}`),
});

/** A page with the lesson of the fixture at one of its steps. */
async function lesson(step, options, file = LESSON) {
  const page = await at.open(options);
  if ((options?.width ?? 1440) < 700) await page.click(".bottom__tab:first-child");
  else if ((options?.width ?? 1440) < 1100) await page.click(".header__learn");
  await page.click("#learn-lessons");
  await page.setInputFiles(".lessons__file input", file);
  await page.click(".learn__start");
  for (let n = 1; n < step; n += 1) await page.locator(".learn__ways button").last().click();
  return page;
}

const figure = (page, chart) => page.locator(".figure-chart").nth(chart).locator("dd").allInnerTexts();
const elapsed = async (page) => Number((await page.locator(".living__time").innerText()).match(/(\d+) of/)[1]);
const until = (page, seconds) => page.waitForFunction(
  (wanted) => Number(document.querySelector(".living__time").textContent.match(/(\d+) of/)?.[1]) >= wanted,
  seconds,
);
/** So many seconds by hand: however slow the machine is, the run is not over before something else is done to it. */
async function onward(page, from, to) {
  await page.keyboard.press("Alt+KeyP");
  await page.locator(".clock[data-running=false]").waitFor();
  for (let seconds = from; seconds <= to; seconds += 1) {
    await page.click(".clock__step");
    await until(page, seconds);
  }
}
/** Ten virtual seconds a second. */
const faster = (page) => page.locator(".clock select").selectOption("10");

test("clients come, are counted and drawn, change with a slider, and go", async () => {
  const page = await lesson(1);
  assert.equal(await page.locator(".living__before, .figure-chart__before").count(), 0);
  assert.equal(await page.locator(".living__many").innerText(), "60 come a second");
  await page.locator("#slider-rate").fill("80");
  assert.equal(await page.locator(".living__many").innerText(), "80 come a second");
  await page.click(".living__steer");
  await page.locator(".clock[data-running=true]").waitFor();
  await onward(page, 1, 6);
  assert.equal(await page.locator(".slide output").innerText(), "80", "they begin with what was set before");
  await key(page, "page").waitFor();
  assert.match((await figure(page, 0))[0], /^\d+(\.\d)? %$/);
  assert.match((await figure(page, 3))[0], /KB$/);
  assert.deepEqual(await page.locator(".figure-chart").nth(1).locator("dt").allInnerTexts(), ["median", "99th percentile"]);
  assert.ok((await page.locator(".figure-chart__line").first().getAttribute("points")).split(" ").length > 8);
  assert.ok((await page.locator(".figure-chart__drawing").first().getAttribute("aria-label")).includes("hits"));
  await page.locator("#slider-rate").fill("400");
  assert.equal(await page.locator(".slide output").innerText(), "400");
  await page.locator("#slider-lock").check();
  await faster(page);
  await page.keyboard.press("Alt+KeyP");
  await page.locator(".living__time", { hasText: "over after 20 of 20 s" }).waitFor();
  await page.locator(".learn__done", { hasText: "Step done" }).waitFor();
  assert.equal((await type(page, "CLIENT LIST")).trim().split("\n").length, 1);
  assert.equal(await page.locator(".slide output").innerText(), "400", "what was set stays for those who come next");
  await page.locator(".clock select").selectOption("1");
  await page.click(".living__steer");
  await page.locator(".living[data-runs=true]").waitFor();
  await onward(page, 1, 2);
  assert.ok(await page.locator("#slider-lock").isChecked());
  const before = page.locator(".living__before");
  assert.equal(await before.innerText(), "Grey: the run before. Visitors a second: 400; Only one asks the database: on");
  const drawn = (kind) => page.locator(`.figure-chart__${kind}`).first().getAttribute("points").then((points) => points.split(" "));
  const [all, some] = [(await drawn("before")).length, (await drawn("line")).length];
  assert.ok(all > 30 && some < all, `all of the run before, and what there is of this one: ${all}, ${some}`);
  await page.click(".living__steer");
  await page.locator(".living[data-runs=false]").waitFor();
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("the next step's clients begin with their own settings, and are compared with their own runs", async () => {
  const clients = (name) => `\`\`\`workload\nlasts: 5s\nswitch ${name}: off, ${name}\nslider n: 3 from 1 to 9, How many\nchart Done: total(done)\n`
    + `expect: after 1s total(done) > 0\nclients one: n\n  sleep(100)\n  count('done')\n\`\`\`\n`;
  const page = await lesson(1, {}, made(`## One\n\nText.\n\n${clients("first")}\n## Two\n\nText.\n\n${clients("second")}`));
  await page.locator("#slider-first").check();
  await page.locator("#slider-n").fill("7");
  await faster(page);
  for (let runs = 0; runs < 2; runs += 1) {
    await page.locator(".living__steer", { hasText: "Start" }).click();
    await page.locator(".living__time", { hasText: "over after" }).waitFor();
  }
  assert.equal(await page.locator(".living__before").count(), 1);
  await page.locator(".learn__ways button").last().click();
  await page.locator("#slider-second").waitFor();
  assert.equal(await page.locator("#slider-second").isChecked(), false);
  assert.equal(await page.locator(".slide output").innerText(), "3");
  assert.equal(await page.locator(".living__before").count(), 0);
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("clients who stay for long are played faster, and then time passes as before", async () => {
  const plan = "```workload\nlasts: 60s\nchart Done: total(done)\nexpect: after 1s total(done) > 0\nclients one: 1\n  sleep(100)\n  count('done')\n```\n";
  const page = await lesson(1, {}, made(`## One\n\nText.\n\n${plan}`));
  const speed = () => page.locator(".clock select").inputValue();
  assert.deepEqual([await speed(), await page.locator(".living__time").innerText()], ["1", "60 s (15 s at ×4)"]);
  await page.click(".living__steer");
  await page.locator(".living[data-runs=true]").waitFor();
  assert.equal(await speed(), "4");
  await page.click(".living__steer");
  await page.locator(".living[data-runs=false]").waitFor();
  assert.equal(await speed(), "1");
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("what they did is there after a reload, and can be gone back to", async () => {
  const page = await lesson(1);
  await faster(page);
  await page.click(".living__steer");
  await until(page, 4);
  await page.keyboard.press("Alt+KeyP");
  await page.locator(".clock[data-running=false]").waitFor();
  await type(page, "SET mine 1");
  const [then, memory] = [await elapsed(page), await figure(page, 3)];
  await page.keyboard.press("Alt+KeyZ");
  await page.keyboard.press("Alt+KeyZ");
  await page.keyboard.press("Alt+KeyZ");
  await page.locator(".page[data-past]").waitFor();
  assert.ok((await elapsed(page)) <= then);
  await page.keyboard.press("Alt+KeyR");
  await page.locator(".page[data-past]").waitFor({ state: "detached" });
  await untilKept(page, "SET mine");
  await reload(page);
  await key(page, "mine").waitFor();
  assert.equal(await elapsed(page), then);
  assert.deepEqual(await figure(page, 3), memory);
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("a race is run by hand and by a prepared order, and everything is in the sessions", async () => {
  const page = await lesson(2);
  await page.getByRole("button", { name: "Line up" }).click();
  const move = (who) => page.getByRole("region", { name: who, exact: true }).locator(".race__move");
  for (const who of ["alice", "bob", "bob", "alice"]) await move(who).click();
  await page.locator(".race__over").nth(1).waitFor();
  assert.deepEqual(await page.locator(".race__answer").allInnerTexts(), ["\"10\"", "\"10\"", "OK", "OK"]);
  await page.locator(".learn__done", { hasText: "Step done" }).waitFor();
  assert.equal(await type(page, "GET stock"), "\"9\"\n");
  await page.getByRole("button", { name: "One after the other" }).click();
  await page.locator(".race__next", { hasText: "alice moves" }).click();
  assert.equal(await page.locator("[aria-current=step]").first().innerText(), "SET('stock', left - 1)");
  await page.locator(".race__rest").click();
  await page.locator(".race__over").nth(1).waitFor();
  assert.equal(await type(page, "GET stock"), "\"8\"\n");
  assert.deepEqual(await page.locator(".tab__name").allInnerTexts(), ["main", "alice", "bob"]);
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("clients that go wrong say where, and the page goes on", async () => {
  const page = await lesson(3);
  await faster(page);
  await page.click(".living__steer");
  await page.locator(".living__fault", { hasText: "broken: attempt to call global 'nothing'" }).waitFor();
  assert.match(await page.locator(".living__fault").innerText(), /^line 5\d: /);
  assert.equal(await type(page, "PING"), "PONG\n");
  assert.deepEqual(await faults(page), []);
  await page.close();
});

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`living steps at ${width} px, ${theme}, by keyboard`, async () => {
      const page = await lesson(1, { width, height, theme });
      await page.focus(".living__steer");
      await page.keyboard.press("Enter");
      await page.locator(".living[data-runs=true]").waitFor();
      await page.focus("#slider-rate");
      await page.keyboard.press("ArrowRight");
      await page.locator(".slide output", { hasText: "61" }).waitFor();
      await page.focus("#slider-lock");
      await page.keyboard.press("Space");
      assert.ok(await page.locator("#slider-lock").isChecked());
      await page.focus(".living summary");
      await page.keyboard.press("Enter");
      await page.locator(".living details[open]").waitFor();
      const outside = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(await outside(), 0);
      assert.deepEqual(await serious(page), []);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/living-${width}-${theme}.png` });
      await page.focus(".living__steer");
      await page.keyboard.press("Enter");
      await page.locator(".learn__ways button").last().focus();
      await page.keyboard.press("Enter");
      await page.locator(".race .living__head button").nth(2).focus();
      await page.keyboard.press("Enter");
      await page.locator(".race__next").focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Enter");
      await page.locator(".race__answer").nth(1).waitFor();
      assert.equal(await outside(), 0);
      assert.deepEqual(await serious(page), []);
      if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/race-${width}-${theme}.png` });
      assert.deepEqual(await faults(page), []);
      await page.close();
    });
  }
}
