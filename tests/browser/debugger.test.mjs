// A script gone through step by step: what is seen of it, that nothing has happened until it is run for real, and all of
// it by keyboard, on a narrow page, and for those who hear the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { answers, step, type, withPage } from "./support.mjs";

let page;
withPage((opened) => (page = opened));

const TRANSFER = `EVAL "local from, to = KEYS[1], KEYS[2]
local amount = tonumber(ARGV[1])
local left = tonumber(redis.call('GET', from))
if left < amount then
  return redis.error_reply('POOR too little')
end
redis.call('DECRBY', from, amount)
redis.call('INCRBY', to, amount)
return left - amount" 2 ann bob 4`;

/** The line that comes next. */
const next = () => page.locator(".debugger__line[data-next] .debugger__number").textContent();
const button = (name) => page.locator(".debugger__bar").getByRole("button", { name });
const locals = async () => {
  const all = await page.locator(".debugger__held").first().locator(".debugger__variable").allTextContents();
  return all.map((text) => text.trim());
};

async function begin(line = TRANSFER) {
  await type(page, "MSET ann 10 bob 1");
  await page.fill("#prompt", line);
  await page.getByRole("button", { name: "Step through" }).click();
  await page.locator(".debugger__lines").waitFor();
}

test("a transfer is gone through, and left as if nothing had been", async () => {
  await begin();
  assert.equal(await next(), "1");
  assert.match(await page.locator(".debugger__note").textContent(), /copy.*nobody else.*clock stands still/);
  for (const line of ["2", "3", "4"]) {
    await button("Step").click();
    assert.equal(await next(), line);
  }
  assert.deepEqual(await locals(), ['from"ann"', 'to"bob"', "amount4", "left10changed"]);
  assert.equal(await page.locator(".debugger__call").count(), 1);
  assert.match(await page.locator(".debugger__call").textContent(), /GET annline 3"10"/);
  await button("Step").click();
  await button("Step").click();
  assert.match(await page.locator(".debugger__call[data-new]").textContent(), /DECRBY ann 4line 7\(integer\) 6Changed ann \(incrby\)/);
  await button("To the end").click();
  assert.match(await page.locator(".debugger__status").textContent(), /over/);
  assert.equal(await page.locator(".debugger__known .debugger__answer").first().textContent(), "(integer) 6");
  assert.equal(await button("Step").getAttribute("aria-disabled"), "true");
  await button("Stop").click();
  await page.locator("#debugger").waitFor({ state: "detached" });
  assert.equal(await page.inputValue("#prompt"), TRANSFER, "the line is there to be changed");
  assert.equal(await type(page, "MGET ann bob"), '1) "10"\n2) "1"\n');
  assert.equal((await answers(page)).length, 2);
});

test("run for real, it is a command like any other", async () => {
  await begin();
  await button("Step").click();
  await button("Run it for real").click();
  await page.locator("#debugger").waitFor({ state: "detached" });
  assert.deepEqual((await answers(page)).map((text) => text.trim()), ["OK", "(integer) 6"]);
  assert.equal(await page.inputValue("#prompt"), "");
  assert.equal(await type(page, "MGET ann bob"), '1) "6"\n2) "5"\n');
});

test("a breakpoint is where it stops", async () => {
  await begin();
  await page.getByRole("button", { name: "Breakpoint at line 8" }).click();
  await button("To a breakpoint").click();
  assert.equal(await next(), "8");
  await page.getByRole("button", { name: "Breakpoint at line 8" }).click();
  assert.equal(await page.locator(".debugger__line[data-stops]").count(), 0);
  await button("Again").click();
  assert.equal(await next(), "1");
});

test("by keyboard alone", async () => {
  await type(page, "MSET ann 10 bob 1");
  await page.fill("#prompt", TRANSFER);
  await page.locator("#prompt").press("Alt+KeyG");
  await page.locator(".debugger__lines").waitFor();
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Step/);
  await page.keyboard.press("s");
  assert.equal(await next(), "2");
  await page.keyboard.press("F10");
  assert.equal(await next(), "3");
  await page.locator("#debug-line-3").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  assert.equal(await page.locator("#debug-line-8").getAttribute("aria-pressed"), "true");
  await page.keyboard.press("c");
  assert.equal(await next(), "8");
  // The clock of the page is behind the dialog, and stands still.
  const now = await page.locator(".clock__now").textContent();
  await page.keyboard.press("Alt+KeyS");
  assert.equal(await page.locator(".clock__now").textContent(), now);
  await page.keyboard.press("Escape");
  await page.locator("#debugger").waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.activeElement.id), "prompt");
  await page.locator("#prompt").press("Alt+KeyG");
  await page.locator(".debugger__lines").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator("#debugger").waitFor({ state: "detached" });
  assert.deepEqual((await answers(page)).map((text) => text.trim()), ["OK", "(integer) 6"]);
});

test("from the script editor, and only for commands that run scripts", async () => {
  await page.fill("#prompt", "GET a");
  assert.equal(await page.getByRole("button", { name: "Step through" }).count(), 0);
  await page.keyboard.press("Alt+KeyE");
  await page.locator("#script").fill('PING\nEVAL "local x = 1\nreturn x" 0');
  await page.locator("#script").press("Alt+KeyG");
  await page.locator(".debugger__lines").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.locator(".editor__line[data-mark=done]").first().waitFor();
  assert.equal((await answers(page)).at(-1).trim(), "(integer) 1");
});

test("what cannot be gone through says why", async () => {
  await type(page, "MULTI");
  await page.fill("#prompt", 'EVAL "return 1" 0');
  await page.getByRole("button", { name: "Step through" }).click();
  assert.match(await page.locator(".debugger__refused").textContent(), /transaction/);
  await page.keyboard.press("Escape");
  await type(page, "DISCARD");
  await page.fill("#prompt", 'EVAL "return (" 0');
  await page.getByRole("button", { name: "Step through" }).click();
  assert.match(await page.locator(".debugger__answer--error").textContent(), /Error compiling script/);
});

test("it can be used by everybody, and on a phone", async () => {
  for (const width of [1440, 768, 390]) {
    for (const theme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: theme });
      if (width === 390) await page.locator(".bottom__tab:nth-child(2)").click();
      await begin();
      for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press("s");
      assert.equal(await next(), "8");
      assert.deepEqual(await serious(page), []);
      const box = await page.locator("#debugger").boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= width, JSON.stringify(box));
      const inside = await page.locator("#debugger .dialog__body").evaluate((body) => body.scrollWidth <= body.clientWidth);
      assert.ok(inside, `${width} px`);
      await page.keyboard.press("Escape");
      await page.fill("#prompt", "");
    }
  }
});

test("a script that takes long keeps its session, and the others hear of it", async () => {
  await page.keyboard.press("Alt+KeyC");
  await page.keyboard.press("Alt+KeyK");
  const shown = page.locator(".session[data-shown=true]");
  await page.fill("#prompt", 'EVAL "while true do end" 0');
  await page.press("#prompt", "Enter");
  await shown.locator(".terminal__why").waitFor();
  assert.match(await shown.locator(".terminal__waiting").first().textContent(), /Running: .*instructions/);
  assert.match(await shown.locator(".terminal__why").textContent(), /other sessions wait .*BUSY.*clock is paused/);
  await page.keyboard.press("Alt+KeyJ");
  await page.fill("#prompt", "PING");
  await page.press("#prompt", "Enter");
  assert.match(await shown.locator(".terminal__why").textContent(), /script of main.*waits/);
  assert.equal(await shown.getByRole("button", { name: "Stop", exact: true }).count(), 0);
  await step(page, "+10 s");
  assert.match((await shown.locator(".exchange__answer").allTextContents()).at(-1), /BUSY/);
  assert.equal((await type(page, "SCRIPT KILL")).trim(), "OK");
  await page.keyboard.press("Alt+KeyK");
  assert.match((await shown.locator(".exchange__answer").allTextContents()).at(-1), /killed/);
  assert.equal(await shown.locator(".terminal__why").count(), 0);
});

test("the page answers while an endless script runs, and stops it", async () => {
  await page.keyboard.press("Alt+KeyP");
  await page.fill("#prompt", 'EVAL "while true do end" 0');
  await page.press("#prompt", "Enter");
  const figure = page.locator(".terminal__waiting span").nth(1);
  const first = await figure.textContent();
  await page.waitForTimeout(1_000);
  assert.notEqual(await figure.textContent(), first);
  // How long a turn of the page waits, while time goes on.
  const slowest = await page.evaluate(async () => {
    let slowest = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      const began = performance.now();
      await new Promise((done) => setTimeout(done, 10));
      slowest = Math.max(slowest, performance.now() - began);
    }
    return slowest;
  });
  assert.ok(slowest < 1_000, `${slowest} ms`);
  assert.match(await page.locator(".terminal__why").textContent(), /goes on as the clock runs/);
  await page.locator("#prompt").press("Escape");
  await page.locator(".terminal__why").waitFor({ state: "detached" });
  assert.match((await answers(page)).at(-1), /killed/);
  await page.fill("#prompt", `EVAL "redis.call('SET', 'a', 1) while true do end" 0`);
  await page.press("#prompt", "Enter");
  await page.locator(".terminal__why", { hasText: "cannot be stopped" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Stop", exact: true }).count(), 0);
});
