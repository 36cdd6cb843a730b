// Every lesson, from its cover to its end, by clicks; one by typing alone; and what cannot be loaded.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isAsWritten, names, playStep, steps } from "./lessons.mjs";
import { faults, key, open, serve, site, type, withBrowser } from "./support.mjs";

const at = withBrowser();
const all = names(readFileSync(join(site, "scenarios", "index.txt"), "utf8"));
const written = (name) => steps(readFileSync(join(site, "scenarios", `${name}.md`), "utf8"));
const fact = (page) => page.locator(".learn .zone__fact").innerText();

test("there are lessons", () => assert.ok(all.includes("leaderboard")));

for (const name of all) {
  // One of them on a phone, too.
  for (const width of name === "leaderboard" ? [1440, 390] : [1440]) {
    test(`${name} is played to its end by clicks at ${width} pixels, and each answer is as written`, async () => {
      const page = await at.open({ width, height: 900 });
      if (width < 700) await page.click(".bottom__tab:first-child");
      await page.click("#learn-lessons");
      await page.click(`.lesson[data-lesson="${name}"]`);
      await page.click(".learn__start");
      const lesson = written(name);
      for (const [at, step] of lesson.entries()) {
        assert.equal(await fact(page), `${at + 1} of ${lesson.length}`);
        assert.deepEqual(await playStep(page, step), [], step.title);
        await page.locator(".learn__done", { hasText: /Step done|Lesson complete/ }).waitFor();
        if (at + 1 < lesson.length) await page.locator(".learn__ways .button--primary").click();
      }
      assert.match(await page.locator(".learn__done").innerText(), /Lesson complete/);
      await page.locator(".learn__end").getByRole("button", { name: "All lessons" }).click();
      await page.locator(`.lesson[data-lesson="${name}"][data-state=done]`).waitFor();
      assert.deepEqual(await faults(page), []);
      await page.close();
    });
  }
}

test("the leaderboard is played by typing alone", async () => {
  const page = await at.open();
  const press = async (selector, key) => {
    await page.focus(selector);
    await page.keyboard.press(key);
  };
  await press(".learn__start", "Enter");
  const lesson = written("leaderboard");
  for (const [at, step] of lesson.entries()) {
    for (const entry of [...step.plays, ...step.solution]) {
      if (entry.kind === "advance") {
        await press(".clock__now", "Enter");
        const field = page.locator("#clock-set");
        const [, days, hours] = entry.text.match(/^(?:(\d+)d)?(?:(\d+)h)?$/).map(Number);
        const now = Date.parse(`${await field.inputValue()}Z`);
        await field.fill(new Date(now + ((days || 0) * 24 + (hours || 0)) * 3_600_000).toISOString().slice(0, 19));
        await field.press("Enter");
        continue;
      }
      // In small letters it is the same command.
      const printed = await type(page, entry.text.replace(/^\S+/, (name) => name.toLowerCase()));
      assert.ok(isAsWritten(entry, printed), `${entry.text}: ${printed}`);
    }
    await page.locator(".learn__done", { hasText: /Step done|Lesson complete/ }).waitFor();
    if (at + 1 < lesson.length) await press(".learn__ways .button--primary", "Enter");
  }
  assert.match(await page.locator(".learn__done").innerText(), /Lesson complete/);
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("the ranking is drawn and follows, and every command is in the terminal", async () => {
  const page = await at.open();
  await page.click(".learn__start");
  const lesson = written("leaderboard");
  await playStep(page, lesson[0]);
  await page.locator(".learn__ways .button--primary").click();
  await playStep(page, lesson[1]);
  const lines = await page.locator(".exchange__line").allInnerTexts();
  for (const { text } of [...lesson[0].plays, ...lesson[1].plays]) assert.ok(lines.some((line) => line.endsWith(text)), text);
  await key(page, "leaderboard").waitFor();
  const first = await page.locator(".see .rank__name").first().innerText();
  const last = await page.locator(".see .rank__name").last().innerText();
  await type(page, `ZINCRBY leaderboard 1000 ${last}`);
  assert.notEqual(last, first);
  assert.equal(await page.locator(".see .rank__name").first().innerText(), last);
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("turns say whose they are, and the last one that it leads back", async () => {
  const page = await at.open({ hash: "#lesson=job-stream&step=1" });
  await page.locator(".learn__foot").waitFor();
  const turns = await page.locator(".plays .play__turn").allTextContents();
  assert.deepEqual(turns, ["In session w1", "In session w2", "Back to session main"]);
  await page.locator(".play__turn").last().click();
  await page.locator(".tab[aria-selected=true]", { hasText: "main" }).waitFor();
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("a key is drawn as the step wants it, until the reader turns to another face", async () => {
  const page = await at.open({ hash: "#lesson=job-stream&step=2" });
  await page.locator(".learn__foot").waitFor();
  await playStep(page, written("job-stream")[1]);
  const face = () => page.locator(".ins-faces [aria-selected=true]").innerText();
  assert.equal(await face(), "Groups");
  assert.match(await page.locator("#ins-face").innerText(), /mailers/);
  await page.locator(".ins-faces button", { hasText: "Entries" }).click();
  await type(page, "XADD mail:jobs 9-0 order 9");
  assert.equal(await face(), "Entries");
  await page.locator(".learn__ways .button--primary").click();
  assert.equal(await face(), "Groups");
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("an answer that is not as written is found", async () => {
  const page = await at.open();
  await page.click(".learn__start");
  const [step] = written("leaderboard");
  step.plays[0].answer = ["NO"];
  const wrong = await playStep(page, step);
  assert.deepEqual(wrong.map(({ command, printed }) => [command, printed]), [[step.plays[0].text, "OK\n"]]);
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
