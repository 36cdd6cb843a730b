// Several sessions in a real browser: by mouse and by the keyboard alone, as tabs and side by side, and in a lesson.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, key, step, type, withBrowser } from "./support.mjs";

const at = withBrowser();

const names = (page) => page.locator(".tab__name").allTextContents();
const chosen = (page) => page.locator(".tab[aria-selected=true] .tab__name").textContent();
const tab = (page, name) => page.locator(".tab").filter({ has: page.locator(".tab__name", { hasText: new RegExp(`^${name}$`) }) });
const active = (page) => page.evaluate(() => document.activeElement.id);
const panel = (page, name) => page.locator(".session").filter({ has: page.locator(".session__name", { hasText: new RegExp(`^${name}$`) }) });
const last = (page, name) => panel(page, name).locator(".exchange__answer").last();
const prompt = (page) => page.locator(".session[data-shown=true] .prompt__label");

/** Types a line that is not answered at once. */
async function enter(page, line) {
  await page.fill("#prompt", line);
  await page.press("#prompt", "Enter");
}

/** Waits until a session's last answer is this. */
async function answered(page, name, text) {
  await last(page, name).filter({ hasText: text }).waitFor({ state: "attached" });
}

/** Runs a test on a page of its own, on which nothing may go wrong. */
function onPage(name, options, run) {
  test(name, async () => {
    const page = await at.open(options);
    await run(page);
    assert.deepEqual(await faults(page), []);
    await page.close();
  });
}

async function serious(page) {
  await page.addScriptTag({ url: "/axe.js" });
  await page.waitForTimeout(400);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  }));
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]);
}

onPage("a session waits in its tab, which says so, until another brings what it waits for", {}, async (page) => {
  await page.getByRole("button", { name: "New session" }).click();
  assert.deepEqual(await names(page), ["main", "alice"]);
  assert.equal(await active(page), "prompt");
  await enter(page, "BLPOP jobs 0");
  await panel(page, "alice").locator("[data-blocked]").waitFor();
  await tab(page, "main").click();
  assert.equal(await active(page), "prompt");
  assert.equal(await panel(page, "alice").isVisible(), false);
  assert.equal(await tab(page, "alice").locator(".tab__waits").count(), 1);
  assert.equal(await type(page, "RPUSH jobs one"), "(integer) 1\n");
  await tab(page, "alice").locator(".tab__unseen", { hasText: /^1/ }).waitFor();
  assert.equal(await tab(page, "alice").locator(".tab__waits").count(), 0);
  await tab(page, "alice").click();
  assert.equal(await last(page, "alice").textContent(), "1) \"jobs\"\n2) \"one\"\n");
  assert.equal(await page.locator(".tab__unseen").count(), 0);
});

onPage("each has its own log, history, draft and database, and the keys are those of the one shown", {}, async (page) => {
  await type(page, "SET mine 1");
  await page.fill("#prompt", "half a line");
  await page.keyboard.press("Alt+KeyC");
  await tab(page, "alice").waitFor();
  assert.equal(await page.inputValue("#prompt"), "");
  await page.press("#prompt", "ArrowUp");
  assert.equal(await page.inputValue("#prompt"), "");
  await type(page, "SELECT 2");
  await type(page, "SET hers 1");
  assert.equal(await prompt(page).innerText(), "127.0.0.1:6379[2]>");
  await key(page, "hers").waitFor();
  await page.keyboard.press("Alt+KeyK");
  await key(page, "mine").waitFor();
  assert.equal(await page.inputValue("#prompt"), "half a line");
  assert.equal(await prompt(page).innerText(), "127.0.0.1:6379>");
  assert.deepEqual(await page.locator(".session[data-shown=true] .exchange__line").allInnerTexts(), ["127.0.0.1:6379> SET mine 1"]);
});

onPage("messages come to who listens, whose prompt says so, and a watched key refuses EXEC", {}, async (page) => {
  await page.keyboard.press("Alt+KeyC");
  await tab(page, "alice").waitFor();
  await type(page, "SUBSCRIBE news");
  assert.equal(await prompt(page).innerText(), "127.0.0.1:6379(subscribed mode)>");
  await tab(page, "main").click();
  for (const word of ["one", "two"]) assert.equal(await type(page, `PUBLISH news ${word}`), "(integer) 1\n");
  await tab(page, "alice").locator(".tab__unseen", { hasText: /^2/ }).waitFor();
  await tab(page, "alice").click();
  await answered(page, "alice", "1) \"message\"\n2) \"news\"\n3) \"two\"");
  await type(page, "UNSUBSCRIBE");
  for (const line of ["WATCH stock", "MULTI", "DECR stock"]) await type(page, line);
  assert.equal(await prompt(page).innerText(), "127.0.0.1:6379(TX)>");
  await page.keyboard.press("Alt+KeyJ");
  await page.locator(".tab[aria-selected=true]", { hasText: "main" }).waitFor();
  await type(page, "SET stock 5");
  await tab(page, "alice").click();
  assert.equal(await type(page, "EXEC"), "(nil)\n");
});

onPage("the keyboard alone opens, chooses and closes sessions", {}, async (page) => {
  await page.keyboard.press("Alt+KeyC");
  await page.keyboard.press("Alt+KeyC");
  await tab(page, "bob").waitFor();
  assert.equal(await active(page), "prompt");
  await page.keyboard.type("BLPOP nothing 0");
  await page.keyboard.press("Enter");
  for (let presses = 0; !(await active(page)).startsWith("tab-"); presses += 1) {
    assert.ok(presses < 10, "the tabs come before the log and the prompt");
    await page.keyboard.press("Shift+Tab");
  }
  assert.equal(await chosen(page), "bob");
  const press = async (code, name) => {
    await page.keyboard.press(code);
    await page.locator(".tab[aria-selected=true]:focus", { hasText: name }).waitFor();
  };
  await press("ArrowRight", "main");
  await press("ArrowLeft", "bob");
  await press("Home", "main");
  await press("End", "bob");
  await press("Delete", "alice");
  assert.deepEqual(await names(page), ["main", "alice"]);
  await press("Delete", "main");
  await page.keyboard.press("Delete");
  assert.deepEqual(await names(page), ["main"], "the last one stays");
  await page.keyboard.press("Enter");
  await page.locator("#prompt:focus").waitFor();
  assert.equal(await type(page, "CLIENT LIST").then((list) => list.trim().split("\n").length), 1);
});

onPage("the mouse closes sessions, the shown one and another", {}, async (page) => {
  const more = page.getByRole("button", { name: "New session" });
  for (let opened = 0; opened < 5; opened += 1) await more.click();
  assert.deepEqual(await names(page), ["main", "alice", "bob", "carol", "dave", "s5"]);
  await tab(page, "alice").locator(".tab__close").click();
  assert.deepEqual([await chosen(page), await names(page)], ["s5", ["main", "bob", "carol", "dave", "s5"]]);
  await tab(page, "s5").locator(".tab__close").click();
  assert.equal(await chosen(page), "dave");
  assert.equal(await active(page), "prompt");
});

onPage("side by side all are on the screen, and the pictures follow whoever is spoken in", {}, async (page) => {
  await page.keyboard.press("Alt+KeyC");
  await tab(page, "alice").waitFor();
  await type(page, "SELECT 1");
  await type(page, "SET hers 1");
  await page.getByRole("button", { name: "All sessions side by side" }).click();
  const boxes = await page.locator(".session:visible").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left));
  assert.equal(new Set(boxes).size, 2, "in two columns");
  await page.keyboard.press("Alt+KeyC");
  await page.locator(".session:visible").nth(2).waitFor();
  const cut = await page.locator(".terminal__log").evaluateAll((logs) =>
    logs.filter((log) => log.scrollHeight - log.scrollTop - log.clientHeight > 2).length);
  assert.equal(cut, 0, "each log shows its end");
  const field = panel(page, "main").locator(".prompt__input");
  await field.click();
  await page.locator(".tab[aria-selected=true]", { hasText: "main" }).waitFor();
  await page.keyboard.type("PUBLISH news hi");
  await page.keyboard.press("Enter");
  await answered(page, "main", "(integer) 0");
  assert.match(await page.locator(".see .zone__head").innerText(), /db0/);
  assert.deepEqual(await serious(page), []);
  // What was done is saved in a second or so; the sessions come back with it, still side by side.
  await page.waitForTimeout(2_500);
  await page.reload();
  await tab(page, "bob").waitFor();
  await page.locator(".session:visible").nth(2).waitFor();
  await panel(page, "alice").getByRole("button", { name: "Close alice" }).click();
  assert.deepEqual(await names(page), ["main", "bob"]);
});

onPage("a session that waits gives up when its time is up, shown or not", {}, async (page) => {
  await page.keyboard.press("Alt+KeyC");
  await tab(page, "alice").waitFor();
  await enter(page, "BLPOP jobs 5");
  await tab(page, "main").click();
  await step(page, "+10 s");
  await answered(page, "alice", "(nil)");
  assert.equal(await page.locator(".tab__waits").count(), 0);
});

for (const [width, height, theme] of [[1440, 900, "dark"], [768, 1024, "light"], [390, 844, "dark"]]) {
  onPage(`at ${width} pixels nothing is cut off, and an accessibility checker finds nothing`, { width, height, theme }, async (page) => {
    const more = page.getByRole("button", { name: "New session" });
    await more.click();
    await enter(page, "BLPOP jobs 3600");
    await more.click();
    await type(page, "SUBSCRIBE news");
    assert.match(await prompt(page).innerText(), /\(subscribed mode\)>$/, "there is always room for that");
    await tab(page, "main").click();
    await type(page, "PUBLISH news hello");
    for (let opened = 0; opened < 4; opened += 1) await more.click();
    const inside = await page.locator(".sessions__head > *:visible").evaluateAll((all) => {
      const zone = document.querySelector("#do").getBoundingClientRect();
      return all.every((one) => one.getBoundingClientRect().right <= zone.right + 1);
    });
    assert.ok(inside, "the buttons behind the tabs stay");
    const seen = await page.locator(".tab[aria-selected=true]").evaluate((tab) => {
      const [box, list] = [tab, tab.parentElement].map((one) => one.getBoundingClientRect());
      return box.left >= list.left - 1 && box.right <= list.right + 1;
    });
    assert.ok(seen, "the chosen tab is in sight");
    assert.deepEqual(await serious(page), []);
    const beside = page.getByRole("button", { name: "All sessions side by side" });
    assert.equal(await beside.isVisible(), width >= 700);
    if (width >= 700) {
      await beside.click();
      assert.deepEqual(await serious(page), []);
    }
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  });
}

const LESSON = `---
title: Work for two
summary: A worker waits for jobs.
level: beginner
minutes: 5
---

## A job for the worker

\`\`\`redis
@session worker
@expect-blocked
> BLPOP jobs 0
@session main
> RPUSH jobs one
(integer) 1
@session worker
@receive
1) "jobs"
2) "one"
@close
\`\`\`
`;

onPage("a lesson's sessions open, speak and close where the lesson says", {}, async (page) => {
  await page.route("**/*.md", (route) => route.fulfill({ contentType: "text/markdown", body: LESSON }));
  await page.reload();
  await page.click(".learn__start");
  const click = (name) => page.locator(".play .run", { hasText: name }).click();
  await click("BLPOP jobs 0");
  await page.locator(".tab[aria-selected=true]", { hasText: "worker" }).waitFor();
  await panel(page, "worker").locator("[data-blocked]").waitFor();
  await click("RPUSH jobs one");
  await page.locator(".tab[aria-selected=true]", { hasText: "main" }).waitFor();
  await tab(page, "worker").locator(".tab__unseen").waitFor();
  await click("See what worker gets");
  await answered(page, "worker", "1) \"jobs\"\n2) \"one\"");
  await page.locator(".play__turn", { hasText: "main" }).click();
  await page.locator(".tab[aria-selected=true]", { hasText: "main" }).waitFor();
  await click("Disconnect worker");
  await tab(page, "worker").waitFor({ state: "detached" });
  await page.locator(".learn__done", { hasText: "Lesson complete" }).waitFor();
  await click("BLPOP jobs 0");
  await panel(page, "worker").locator("[data-blocked]").waitFor();
  await page.getByRole("button", { name: "Start over" }).click();
  await tab(page, "worker").waitFor({ state: "detached" });
  assert.deepEqual(await names(page), ["main"]);
  assert.equal(await page.locator(".exchange").count(), 0, "it begins with an empty Redis");
});

onPage("what is typed in a step goes to the session that speaks there", {}, async (page) => {
  const steps = "## One\n\n```redis\n@session reader\n> SUBSCRIBE news\n1) \"subscribe\"\n2) \"news\"\n3) (integer) 1\n@session main\n```\n\n## Two\n\nType.\n";
  await page.route("**/*.md", (route) => route.fulfill({ contentType: "text/markdown", body: LESSON.replace(/## A job[\s\S]*/, steps) }));
  await page.reload();
  await page.click(".learn__start");
  await page.locator(".play .run", { hasText: "SUBSCRIBE" }).click();
  await page.locator(".tab[aria-selected=true]", { hasText: "reader" }).waitFor();
  await page.locator(".learn__done", { hasText: "Step done" }).waitFor();
  await page.locator(".learn__ways button", { hasText: "Next" }).click();
  await page.locator(".tab[aria-selected=true]", { hasText: "main" }).waitFor();
  await page.locator(".learn__done", { hasText: "Lesson complete" }).waitFor();
});
