// Widths, themes, the keyboard, and what an accessibility checker finds.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { POLICY, faults, type, withBrowser } from "./support.mjs";

const at = withBrowser();
// The tool tells where it serves the page; who runs this file by hand may leave that out, CI may not.
const byHand = !process.env.PLAYGROUND_URL && !process.env.CI;

const overflows = (page) => page.evaluate(() => {
  const wide = [...document.querySelectorAll("#app *")].filter((element) => {
    const box = element.getBoundingClientRect();
    const inside = element.closest(".timeline__strip, .terminal__log, .prompt__hint, .zone__head, .inspector__value, bdi, [aria-hidden], .hidden");
    return box.width > 0 && !inside && getComputedStyle(element).visibility === "visible" && box.right > innerWidth + 1;
  });
  return wide.map((element) => `${element.tagName}.${element.getAttribute("class")}`);
});

for (const [width, height] of [[390, 844], [768, 1024], [1100, 700], [1440, 900]]) {
  test(`nothing is cut off or scrolls sideways at ${width} pixels`, async () => {
    const page = await at.open({ width, height });
    await type(page, `SET ${"long-name-".repeat(20)} ${"v".repeat(300)} EX 999999`);
    for (const zone of width < 700 ? [1, 2, 3] : [0]) {
      if (zone) await page.click(`.bottom__tab:nth-child(${zone})`);
      assert.deepEqual(await overflows(page), []);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    }
    assert.deepEqual(await faults(page), []);
    await page.close();
  });
}

test("on a phone one zone is shown at a time, and fields do not make it zoom", async () => {
  const page = await at.open({ width: 390, height: 844 });
  for (const [tab, zone] of [[1, "learn"], [2, "do"], [3, "see"]]) {
    await page.click(`.bottom__tab:nth-child(${tab})`);
    assert.deepEqual(await page.locator(".zone:visible").evaluateAll((zones) => zones.map((z) => z.dataset.zone)), [zone]);
  }
  const small = await page.locator("input, select").evaluateAll((fields) =>
    fields.filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16).length);
  assert.equal(small, 0);
  await page.close();
});

test("at 768 pixels the lesson is a drawer, which Escape closes", async () => {
  const page = await at.open({ width: 768, height: 1024 });
  assert.equal(await page.locator(".learn").isVisible(), false);
  await page.click(".header__learn");
  await page.locator(".learn").waitFor({ state: "visible" });
  await page.keyboard.press("Escape");
  await page.locator(".learn").waitFor({ state: "hidden" });
  await page.close();
});

test("zones are hidden and shown by button and by keyboard, never all of them, and stay so", async () => {
  const page = await at.open();
  const shown = () => page.locator(".zone:visible").evaluateAll((zones) => zones.map((zone) => zone.dataset.zone));
  const wide = () => page.locator(".zones").evaluate((zones) =>
    [...zones.children].filter((zone) => zone.offsetWidth > 1).reduce((sum, zone) => sum + zone.offsetWidth, 0));
  assert.deepEqual(await shown(), ["learn", "do", "see"]);
  await page.click("[data-toggles=learn]");
  assert.deepEqual(await shown(), ["do", "see"]);
  assert.ok(await wide() >= 1438, "the others take its room");
  await page.keyboard.press("Alt+Digit3");
  assert.deepEqual(await shown(), ["do"]);
  assert.ok(await wide() >= 1438);
  await page.click("[data-toggles=do]");
  assert.deepEqual(await shown(), ["do"], "one stays");
  assert.equal(await page.locator("[data-toggles=see]").getAttribute("aria-pressed"), "false");
  await page.reload();
  await page.locator("#prompt").waitFor();
  assert.deepEqual(await shown(), ["do"]);
  await page.keyboard.press("Alt+Digit1");
  await page.keyboard.press("Alt+Digit2");
  assert.deepEqual(await shown(), ["learn"]);
  await page.keyboard.press("Alt+Digit3");
  assert.deepEqual(await shown(), ["learn", "see"]);
  assert.ok(await wide() >= 1438);
  await page.setViewportSize({ width: 768, height: 1024 });
  await page.locator(".learn").waitFor({ state: "hidden" });
  assert.deepEqual(await shown(), ["see"]);
  await page.setViewportSize({ width: 390, height: 844 });
  assert.equal((await shown()).length, 1);
  assert.equal(await page.locator(".toggles").isVisible(), false, "the bar at the foot is for that");
  await page.click(".bottom__tab:nth-child(2)");
  assert.deepEqual(await shown(), ["do"], "a phone shows any, whatever is hidden elsewhere");
  await page.close();
});

test("the list of shortcuts opens by key and by button, and gives the keyboard back", async () => {
  for (const width of [1440, 390]) {
    const page = await at.open({ width, height: 844 });
    const list = page.locator("#shortcuts");
    await page.focus(".terminal__log");
    await page.keyboard.press("?");
    await list.waitFor({ state: "visible" });
    assert.match(await list.innerText(), /Alt\s*N\s*Jump to the next expiry/);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/shortcuts-${width}.png` });
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    assert.equal(await page.evaluate(() => document.activeElement.className), "terminal__log");
    await page.click(".header__keys");
    await list.waitFor({ state: "visible" });
    assert.deepEqual(await serious(page), []);
    await list.getByRole("button", { name: "Close" }).click();
    await list.waitFor({ state: "hidden" });
    await page.fill("#prompt", "");
    await page.type("#prompt", "?");
    assert.equal(await page.inputValue("#prompt"), "?", "in a field it is a character");
    await page.close();
  }
});

test("zones are resized by dragging and by the arrow keys, and stay so", async () => {
  const page = await at.open();
  const width = () => page.locator(".learn").evaluate((zone) => zone.getBoundingClientRect().width);
  const before = await width();
  const bar = page.locator(".splitter").first();
  await bar.focus();
  await bar.press("ArrowRight");
  await bar.press("ArrowRight");
  const wider = await width();
  assert.ok(wider > before + 30);
  const box = await bar.boundingBox();
  await page.mouse.move(box.x, 400);
  await page.mouse.down();
  await page.mouse.move(box.x - 120, 400, { steps: 4 });
  await page.mouse.up();
  const dragged = await width();
  assert.ok(dragged < wider - 90, `${dragged}`);
  await page.reload();
  await page.locator("#prompt").waitFor();
  assert.ok(Math.abs(await width() - dragged) < 2);
  await page.close();
});

test("the system's colours are followed until the reader chooses, and the choice is remembered", async () => {
  const page = await at.open({ theme: "dark" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.emulateMedia({ colorScheme: "light" });
  const light = await background();
  assert.notEqual(dark, light);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.click(".header__theme");
  await page.click(".header__theme");
  await page.click(".header__theme");
  const chosen = await background();
  await page.reload();
  await page.locator("#prompt").waitFor();
  assert.equal(await background(), chosen);
  await page.close();
});

test("everything can be reached and done with the keyboard alone", async () => {
  const page = await at.open();
  await page.keyboard.type("SET k v EX 20");
  await page.keyboard.press("Enter");
  await page.keyboard.type("ZADD lb 1 a 2 b");
  await page.keyboard.press("Enter");
  const seen = new Set();
  for (let at = 0; at < 60; at += 1) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => {
      const active = document.activeElement;
      const box = active.getBoundingClientRect();
      const visible = active === document.body || (box.width > 0 && getComputedStyle(active).outlineStyle !== "none");
      return `${visible ? "" : "unseen "}${active.getAttribute("class") ?? active.id}`;
    }));
  }
  for (const stop of ["clock__mode", "select", "clock__now", "clock__next", "header__theme", "learn__start", "splitter",
    "terminal__log", "run", "keys__list", "timeline__strip"]) {
    assert.ok([...seen].some((name) => name.includes(stop) && !name.startsWith("unseen")), `${stop} in ${[...seen].join(", ")}`);
  }
  await page.locator(".keys__list").focus();
  await page.keyboard.press("Home");
  assert.equal(await page.locator(".inspector__name").textContent(), "k");
  await page.keyboard.press("Alt+KeyN");
  await page.getByText("There is no such key now.").waitFor();
  await page.keyboard.press("Alt+KeyT");
  assert.equal(await page.evaluate(() => document.activeElement.id), "prompt");
  assert.deepEqual(await faults(page), []);
  await page.close();
});

for (const [theme, width] of [["light", 1440], ["dark", 1440], ["light", 390], ["dark", 768]]) {
  test(`an accessibility checker finds nothing serious: ${theme}, ${width} pixels`, async () => {
    const page = await at.open({ theme, width });
    if (width === 768) await page.click(".header__learn");
    if (width < 700) await page.click(".bottom__tab:nth-child(1)");
    await page.click(".learn__start");
    for (const run of await page.locator(".learn .play .run").all()) await run.click();
    if (width === 768) await page.keyboard.press("Escape");
    if (width < 700) await page.click(".bottom__tab:nth-child(2)");
    for (const line of ["SET k v EX 100", "ZADD leaderboard 5 a 3 b 1 c", "NOSUCH"]) await type(page, line);
    await type(page, "LONG \"open", "Control+Enter");
    if (width >= 700) await page.click(".clock__now");
    await page.addScriptTag({ url: "/axe.js" });
    // Half-transparent is no colour to measure: rows that have just come fade in.
    await page.waitForTimeout(400);
    const zones = width < 700 ? [1, 2, 3] : [0];
    for (const zone of zones) {
      if (zone) await page.click(`.bottom__tab:nth-child(${zone})`);
      await page.waitForTimeout(zone ? 700 : 0);
      const { violations } = await page.evaluate(() => window.axe.run(document, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
      }));
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]), []);
    }
    await page.close();
  });
}

test("the tool serves the page under the policy of these tests", { skip: byHand }, async () => {
  const { headers } = await fetch(process.env.PLAYGROUND_URL);
  assert.equal(headers.get("Content-Security-Policy"), POLICY);
  assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
});
