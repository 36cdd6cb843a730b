// The leaderboard lesson, from its cover to its end, by clicks and by typing, wide and on a phone.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, key, open, serve, type, withBrowser } from "./support.mjs";

const at = withBrowser();

/** Clicks everything there is to do in the current step; the exercise by its own solution. */
async function play(page) {
  const solution = page.getByRole("button", { name: "Show a solution" });
  if (await solution.count()) await solution.click();
  for (const run of await page.locator(".learn .play .run").all()) await run.click();
  await page.locator(".learn__done", { hasText: /Step done|Lesson complete/ }).waitFor();
}

for (const [width, height] of [[1440, 900], [390, 844]]) {
  test(`it is played to its end by clicks at ${width} pixels`, async () => {
    const page = await at.open({ width, height });
    if (width < 700) await page.click(".bottom__tab:first-child");
    await page.click(".learn__start");
    const steps = Number((await page.locator(".learn .zone__fact").innerText()).match(/of (\d+)/)[1]);
    for (let at = 1; at <= steps; at += 1) {
      assert.equal(await page.locator(".learn .zone__fact").innerText(), `${at} of ${steps}`);
      await play(page);
      if (at < steps) await page.locator(".learn__ways .button--primary").click();
    }
    assert.match(await page.locator(".learn__done").innerText(), /Lesson complete/);
    const errors = await page.locator(".exchange__answer--error").allTextContents();
    assert.deepEqual(errors, [], "no command of the lesson fails");
    assert.deepEqual(await faults(page), []);
    await page.close();
  });
}

test("the ranking is drawn and follows, every command is in the terminal, and typing counts", async () => {
  const page = await at.open();
  await page.click(".learn__start");
  const commands = await page.locator(".play .run code").allTextContents();
  for (const command of commands) await type(page, command.toLowerCase().startsWith("mset") ? command.replace("MSET", "mset") : command);
  await page.locator(".learn__done", { hasText: "Step done" }).waitFor();
  await page.locator(".learn__ways .button--primary").click();
  await play(page);
  const lines = await page.locator(".exchange__line").allInnerTexts();
  for (const command of await page.locator(".play .run code").allTextContents()) {
    assert.ok(lines.some((line) => line.endsWith(command)), command);
  }
  await key(page, "leaderboard").waitFor();
  const first = await page.locator(".see .rank__name").first().innerText();
  const last = await page.locator(".see .rank__name").last().innerText();
  await type(page, `ZINCRBY leaderboard 1000 ${last}`);
  assert.notEqual(last, first);
  assert.equal(await page.locator(".see .rank__name").first().innerText(), last);
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("a lesson that cannot be loaded says why, and can be tried again", async () => {
  let gone = true;
  const broken = await serve((name) => gone && name.endsWith(".md"));
  const page = await open(at.browser.context, broken.address);
  await page.locator(".notice--error").waitFor();
  assert.match(await page.locator(".notice--error").innerText(), /404[\s\S]*terminal works without it/);
  assert.equal(await type(page, "PING"), "PONG\n");
  gone = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.locator(".learn__start").waitFor();
  await page.close();
  broken.close();
});

test("a page whose code cannot be loaded says so", async () => {
  const broken = await serve((name) => name.endsWith(".wasm"));
  const page = await at.browser.context.newPage();
  await page.goto(broken.address);
  await page.locator("#boot-state[role=alert]").waitFor();
  assert.match(await page.locator(".boot").innerText(), /could not be loaded/);
  await page.close();
  broken.close();
});
