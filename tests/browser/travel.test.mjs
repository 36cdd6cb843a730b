// Time travel: any step is looked at, left or branched from; the timeline leads there and can be filtered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { faults, key, keyNames, paste, step, type, withBrowser, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const mark = (text) => page.locator(".mark__go", { hasText: text });
const marks = () => page.locator(".mark b").allTextContents();
const past = () => page.locator(".timeline").getAttribute("data-past");
const keys = () => keyNames(page);

test("a click on the timeline shows that moment, and Return the present", async () => {
  await type(page, "SET a 1");
  await type(page, "SET b 1 EX 5");
  await step(page, "+10 s");
  await type(page, "DEL a");
  assert.deepEqual(await keys(), []);
  await mark("expired").waitFor();
  await page.locator(".mark__go", { hasText: "set" }).last().click();
  assert.notEqual(await past(), null);
  assert.deepEqual(await keys(), ["a", "b"]);
  assert.equal(await key(page, "b").locator(".key__left").innerText(), "5.0 s");
  assert.match(await page.locator(".clock__mode").innerText(), /the past/);
  assert.equal(await page.locator(".exchange[data-later]").count(), 1, "the command that came later is pale");
  await page.getByRole("button", { name: "Return" }).click();
  assert.equal(await past(), null);
  assert.deepEqual(await keys(), []);
});

test("the keyboard goes back, forth, and to the present; the past cannot be changed", async () => {
  for (const n of [1, 2, 3]) await type(page, `SET k${n} v`);
  await page.keyboard.press("Alt+KeyZ");
  await page.keyboard.press("Alt+KeyZ");
  assert.deepEqual(await keys(), ["k1"]);
  await page.keyboard.press("Alt+KeyY");
  assert.deepEqual(await keys(), ["k1", "k2"]);
  await page.fill("#prompt", "FLUSHALL");
  await page.press("#prompt", "Enter");
  await page.locator(".travel__said", { hasText: "nothing in it can change" }).waitFor();
  assert.equal(await page.inputValue("#prompt"), "FLUSHALL", "the draft stays");
  await page.keyboard.press("Alt+KeyR");
  assert.deepEqual([await past(), await keys()], [null, ["k1", "k2", "k3"]]);
});

test("from a branch another course is taken, and the first one is forgotten", async () => {
  await type(page, "SET course first");
  await type(page, "DEL course");
  await type(page, "SET other 1");
  await page.keyboard.press("Alt+KeyZ");
  await page.keyboard.press("Alt+KeyZ");
  await page.getByRole("button", { name: "Branch from here" }).click();
  assert.equal(await past(), null);
  assert.equal(await page.locator(".exchange").count(), 1);
  assert.equal(await type(page, "GET course"), '"first"\n');
  assert.deepEqual(await keys(), ["course"]);
  assert.deepEqual(await marks(), ["set", "get"]);
});

test("the slider goes to any step, thousands back", async () => {
  await paste(page, Array.from({ length: 3_000 }, (_, n) => `SET k${n} ${n}`).join("\n"));
  await page.locator(".zone__fact", { hasText: /3\s000 keys/ }).waitFor();
  await page.click(".timeline__open");
  // The clock may have run for a moment before it was paused, which is a step, too.
  const steps = Number(await page.locator(".travel__slider").getAttribute("max"));
  await page.locator(".travel__slider").fill(String(steps - 2_993));
  await page.locator(`.timeline[data-past='${steps - 2_993}']`).waitFor();
  assert.equal((await keys()).length, 7);
  assert.match(await page.locator(".travel__step").innerText(), /step\s+[78] of 3\s00[01]/);
});

test("the timeline is filtered by session, by kind and by key", async () => {
  await type(page, "SET user:1 a EX 5");
  await page.keyboard.press("Alt+KeyC");
  await type(page, "SUBSCRIBE news");
  await page.keyboard.press("Alt+KeyK");
  await type(page, "PUBLISH news hello");
  await type(page, "SET order:1 b");
  await step(page, "+10 s");
  await mark("expired").waitFor();
  assert.deepEqual(await marks(), ["set", "subscribe", "publish", "set", "expired"]);
  assert.equal(await page.locator(".mark[data-kind=push]").count(), 1);
  await page.click(".timeline__open");
  await page.selectOption(".travel__filter [aria-label=Session]", { label: "alice" });
  assert.deepEqual([await marks(), await page.locator(".mark").count()], [["subscribe"], 2]);
  await page.selectOption(".travel__filter [aria-label=Session]", { label: "all sessions" });
  await page.selectOption(".travel__filter [aria-label='Kind of event']", "expiries");
  assert.deepEqual(await marks(), ["expired"]);
  await page.selectOption(".travel__filter [aria-label='Kind of event']", { label: "everything" });
  await page.fill(".travel__key", "user:");
  assert.deepEqual(await marks(), ["set", "expired"]);
  await page.fill(".travel__key", "nothing of that name");
  await page.locator(".timeline__empty", { hasText: "fits the filter" }).waitFor();
});

test("the clock jumps to the next time-out", async () => {
  await page.fill("#prompt", "BLPOP jobs 42");
  await page.press("#prompt", "Enter");
  await page.locator("[data-blocked]").waitFor();
  await page.click(".clock__now");
  assert.match(await page.locator(".menu__jump").innerText(), /next time-out\s*42\.0 s/);
  await page.click(".menu__jump");
  assert.equal(await page.locator("[data-blocked]").count(), 0);
  assert.match(await page.locator(".timeline__marks").innerText(), /\+42 s to next time-out/);
});

const at = withBrowser();

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`looking back at ${width} px, ${theme}`, async () => {
      const there = await at.open({ width, height, theme });
      for (const line of ["SET a 1 EX 5", "ZADD lb 90 ann 80 bob", "GET a", "NOSUCH x"]) await type(there, line);
      await there.keyboard.press("Alt+KeyZ");
      await there.keyboard.press("Alt+KeyZ");
      await there.locator(".timeline[data-past]").waitFor();
      if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/travel-${width}-${theme}.png` });
      const outside = await there.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(outside, 0, "nothing sticks out");
      for (const name of ["Branch from here", "Return"]) {
        assert.ok(await there.getByRole("button", { name }).isVisible());
      }
      assert.deepEqual(await serious(there), []);
      assert.deepEqual(await faults(there), []);
      await there.close();
    });
  }
}
