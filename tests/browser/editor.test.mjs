// The script editor: lines run alone, selected or all; each is marked by what came of it; the script survives a reload.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { answers, faults, withBrowser, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const script = () => page.locator("#script");
const marks = () => page.locator(".editor__line").evaluateAll((lines) => lines.map((line) => line.dataset.mark ?? ""));

async function write(text) {
  await page.keyboard.press("Alt+KeyE");
  await script().fill(text);
}

/** Puts the cursor on a line, or selects from its beginning to the end of another. */
const at = (from, to = from) => script().evaluate((field, [from, to]) => {
  const lines = field.value.split("\n");
  const start = lines.slice(0, from).reduce((sum, line) => sum + line.length + 1, 0);
  const end = lines.slice(0, to + 1).reduce((sum, line) => sum + line.length + 1, 0) - 1;
  field.focus();
  field.setSelectionRange(start, from === to ? start : end);
}, [from, to]);

test("a teacher steps through a script line by line", async () => {
  await write("# one\nSET a 1\n\nINCR a\nGET a");
  await at(1);
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Control+Enter");
  assert.deepEqual(await answers(page), ["OK\n", "(integer) 2\n"]);
  assert.deepEqual(await marks(), ["", "done", "", "done", ""]);
  await page.getByRole("button", { name: "Run line" }).click();
  assert.deepEqual((await answers(page)).at(-1), '"2"\n');
});

test("a selection runs, and all; a line that fails is marked and said", async () => {
  await write("SET a x\nINCR a\nSET b 1\n@advance 1s");
  await at(0, 1);
  await page.getByRole("button", { name: "Run selection" }).click();
  assert.deepEqual(await marks(), ["done", "failed", "", ""]);
  assert.match(await page.locator(".editor__help").innerText(), /Line 2: .*not an integer/);
  await page.keyboard.press("Control+Shift+Enter");
  assert.equal((await answers(page)).length, 5);
  assert.deepEqual(await marks(), ["done", "failed", "done", "failed"]);
  await at(3);
  await page.keyboard.press("ArrowRight");
  await page.locator(".editor__help", { hasText: /Line 4: Directives/ }).waitFor();
  await script().fill("SET a x\nINCR c\nSET b 1");
  assert.deepEqual(await marks(), ["done", "", ""], "what was changed has not run");
});

test("it runs in the session that is shown, and each line waits its turn", async () => {
  await page.keyboard.press("Alt+KeyC");
  await write("BLPOP jobs 5\nECHO after");
  await page.keyboard.press("Control+Shift+Enter");
  await page.locator(".session[data-shown=true] [data-blocked]").waitFor();
  assert.equal(await page.locator(".editor__where").innerText(), "in alice");
  assert.deepEqual(await marks(), ["done", "sent"]);
  await page.keyboard.press("Alt+KeyO");
  await page.locator(".editor__line[data-mark=done]").nth(1).waitFor();
});

test("Tab completes; after Escape it leaves, as everywhere", async () => {
  await write("ZADD lb 1 a\nZRANGEST");
  await script().press("End");
  await script().press("Control+End");
  await page.keyboard.press("Tab");
  assert.equal((await script().inputValue()).trim(), "ZADD lb 1 a\nZRANGESTORE");
  assert.equal(await page.evaluate(() => document.activeElement.id), "script");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "script");
});

test("the script survives a reload and is empty for whoever has none", async () => {
  await page.keyboard.press("Alt+KeyE");
  await page.getByRole("button", { name: "Begin with an example" }).click();
  assert.match(await script().inputValue(), /RPUSH jobs/);
  await page.keyboard.press("Control+Shift+Enter");
  await page.locator(".editor__line[data-mark=done]").first().waitFor();
  assert.equal(await page.locator(".editor__line[data-mark=failed]").count(), 0, "the example runs");
  await page.waitForTimeout(600);
  await page.reload();
  await page.locator("#prompt").waitFor();
  await page.keyboard.press("Alt+KeyE");
  assert.match(await script().inputValue(), /RPUSH jobs/);
});

test("five thousand lines: only those on the screen are drawn, and the last is reached", async () => {
  await write("");
  // As if it were pasted: what a test types comes a line at a time.
  await script().evaluate((field) => {
    const text = Array.from({ length: 5_000 }, (_, n) => `SET key:${n} ${n}`).join("\n");
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, text);
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  });
  assert.ok(await page.locator(".editor__line").count() < 100);
  await script().evaluate((field) => { field.scrollTop = field.scrollHeight; });
  await page.locator(".editor__number", { hasText: /^5000$/ }).waitFor();
  const apart = await page.evaluate(() => {
    const field = document.querySelector("#script");
    const last = [...document.querySelectorAll(".editor__line")].pop();
    return Math.abs(last.getBoundingClientRect().bottom - field.getBoundingClientRect().top - (field.scrollHeight - field.scrollTop));
  });
  assert.ok(apart <= 2, `the layer lies under the text: ${apart}`);
});

const browser = withBrowser();

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`the script at ${width} px, ${theme}`, async () => {
      const there = await browser.open({ width, height, theme });
      await there.keyboard.press("Alt+KeyE");
      await there.locator("#script").fill("# a queue\nRPUSH jobs a b\nINCR jobs\nLRANGE jobs 0 -1");
      await there.keyboard.press("Control+Shift+Enter");
      await there.locator(".editor__line[data-mark=failed]").waitFor();
      if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/editor-${width}-${theme}.png` });
      assert.equal(await there.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      assert.deepEqual(await serious(there), []);
      assert.deepEqual(await faults(there), []);
      await there.close();
    });
  }
}
