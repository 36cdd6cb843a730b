// The designed states: empty, loading, refused, and names that are too long, run right to left, or are pictures. Each is
// kept as a picture in target/screenshots for people to look at; here it must be there, inside its place, and not blank.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { faults, key, open, root, serve, type, withBrowser } from "./support.mjs";

const at = withBrowser();
const folder = join(root, "target", "screenshots");
// One colour over the whole window compresses to less than this.
const BLANK = 7_000;

/** Takes the picture of a state. */
async function picture(page, name) {
  mkdirSync(folder, { recursive: true });
  const png = await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
  assert.ok(png.length > BLANK, `${name} is blank: ${png.length} bytes`);
}

/** Whether an element ends where its container does, or before. */
const fits = (inner, outer) => inner.evaluate(
  (element, selector) => {
    const [box, place] = [element, element.closest(selector)].map((one) => one.getBoundingClientRect());
    return box.left >= place.left - 1 && box.right <= place.right + 1;
  },
  outer,
);

for (const theme of ["light", "dark"]) {
  test(`empty, ${theme}`, async () => {
    const page = await at.open({ theme });
    await page.locator(".see .empty").waitFor();
    await picture(page, `empty-${theme}`);
    assert.deepEqual(await faults(page), []);
    await page.close();
  });
}

test("loading: the page before its code has come, the lesson before its text has", async () => {
  const page = await at.browser.context.newPage();
  const gates = {};
  for (const kind of ["wasm", "md"]) {
    const opened = new Promise((release) => { gates[kind] = release; });
    await page.route(`**/*.${kind}`, async (route) => {
      await opened;
      await route.continue();
    });
  }
  await page.goto(at.server.address, { waitUntil: "commit" });
  await page.locator("#boot-state", { hasText: "Loading…" }).waitFor();
  gates.wasm();
  await page.locator(".learn__loading").waitFor();
  assert.equal(await type(page, "PING"), "PONG\n", "the terminal does not wait for the lesson");
  await picture(page, "loading");
  gates.md();
  await page.locator(".learn__start").waitFor();
  await page.close();
});

test("refused: a lesson that is not there", async () => {
  const broken = await serve((name) => name.endsWith(".md"));
  const page = await open(at.browser.context, broken.address);
  await page.locator(".notice--error").waitFor();
  await picture(page, "refused");
  await page.close();
  broken.close();
});

for (const [state, name] of [["too-long", "long-".repeat(200)], ["right-to-left", "مفتاح:אב"], ["emoji", "🏆🎲"]]) {
  for (const width of [1440, 390]) {
    test(`a name that is ${state} at ${width} pixels`, async () => {
      const page = await at.open({ width });
      if (width < 700) await page.click(".bottom__tab:nth-child(2)");
      await type(page, `SET "${name}" v EX 60`);
      await type(page, "SET plain v");
      if (width < 700) await page.click(".bottom__tab:nth-child(3)");
      // The list itself shortens what could never be shown.
      const shown = key(page, name.slice(0, 40)).locator(".key__name");
      await shown.waitFor();
      assert.ok(await fits(shown, ".see"), "the name stays inside its panel");
      await picture(page, `${state}-${width}`);
      assert.deepEqual(await faults(page), []);
      await page.close();
    });
  }
}
