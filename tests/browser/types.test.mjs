// Every data type in the inspector, reached by the keyboard: what it is called, that nothing is cut, moved or spilt, and
// what an accessibility checker finds, at each width.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, key, paste, type, withBrowser } from "./support.mjs";

const at = withBrowser();
const times = (n, make) => Array.from({ length: n }, (_, index) => make(index)).join(" ");
const note = "a note that says more than one line of a narrow panel can hold, up to its very end";

// Names sort as they stand here, so that one step down is the next.
const TYPES = [
  ["a:text", "60 bytes", [`SET a:text "${"words ".repeat(10)}"`]],
  ["b:integer", "7 bytes", ["SET b:integer 1234567 EX 3600"]],
  ["c:bitmap", "126 bytes", ["SETBIT c:bitmap 7 1", "SETBIT c:bitmap 1000 1"]],
  ["d:loglog", "12\u202F304 bytes", [`PFADD d:loglog ${times(3000, (n) => `user:${n}`)}`]],
  ["e:empty", "0 bytes", ["SET e:empty \"\""]],
  ["f:list", "3 elements", [`RPUSH f:list first "${note}" ""`]],
  ["g:long list", "300 elements", [`RPUSH "g:long list" ${times(300, (n) => `job:${n}`)}`]],
  ["h:hash", "3 fields", [`HSET h:hash name ann note "${note}" code 1234`, "HEXPIRE h:hash 30 FIELDS 1 code"]],
  ["h:timed", "1 field", ["HSET h:timed code 1234", "HEXPIRE h:timed 30 FIELDS 1 code"]],
  ["i:table", "600 fields", [`HSET i:table ${times(600, (n) => `field:${n} ${n}`)}`]],
  ["j:integers", "4 members", ["SADD j:integers 5 -3 70000 9"]],
  ["k:set", "3 members", ["SADD k:set red \"\" \"dark  grey\""]],
  ["l:big set", "200 members", [`SADD "l:big set" ${times(200, (n) => `member:${n}`)}`]],
  ["m:zset", "4 members", ["ZADD m:zset inf top 1.7976931348623157e308 huge 0.1 small -3.25 low"]],
  ["n:skiplist", "200 members", [`ZADD n:skiplist ${times(200, (n) => `${n * 37.25} player:${n}`)}`]],
  ["o:geo", "2 members", ["GEOADD o:geo 13.361389 38.115556 Palermo 15.087269 37.502669 Catania"]],
  ["p:stream", "2 entries", [
    "XADD p:stream 1-0 step start", `XADD p:stream 2-0 step stop note "${note}"`, "XGROUP CREATE p:stream team 0",
    "XREADGROUP GROUP team ann COUNT 1 STREAMS p:stream >",
  ]],
  ["q:huge", "20\u202F000\u202F001 bytes", ["SETRANGE q:huge 20000000 x"]],
];

/** What is wrong with how a key is shown. */
const wrong = (page) => page.evaluate(() => {
  const box = (element) => element.getBoundingClientRect();
  const found = [];
  const [header, foot] = [box(document.querySelector(".header")), box(document.querySelector(".timeline"))];
  if (header.top !== 0 || foot.bottom > innerHeight) found.push(`the page moved: ${header.top}, ${foot.bottom}`);
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  const [list, chosen] = [box(document.querySelector(".keys__list")), box(document.querySelector(".key[aria-selected=true]"))];
  if (chosen.top < list.top - 1 || chosen.bottom > list.bottom + 1) found.push("the chosen key is out of sight");
  for (const cell of document.querySelectorAll(".key__number, .key__encoding, .facts dd, .element__text, .fields__value, .entry__pair dd")) {
    if (getComputedStyle(cell).display === "none") continue;
    if (cell.scrollWidth > cell.clientWidth + 1) found.push(`cut: ${cell.className} ${cell.textContent.slice(0, 40)}`);
  }
  const bars = [...document.querySelectorAll(".rank__bar")].map((bar) => `${box(bar).left} ${box(bar).width}`);
  if (new Set(bars).size > 1) found.push("the bars do not stand in line");
  const shown = document.querySelector(".inspector__value");
  if (shown.scrollWidth > shown.clientWidth) found.push("the value scrolls sideways");
  return found;
});

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  test(`every type is shown whole at ${width} pixels`, async () => {
    const page = await at.open({ width, height, theme: width === 768 ? "dark" : "light" });
    if (width < 700) await page.click(".bottom__tab:nth-child(2)");
    for (const [, , lines] of TYPES) for (const line of lines) await type(page, line);
    if (width < 700) await page.click(".bottom__tab:nth-child(3)");
    await page.addScriptTag({ url: "/axe.js" });
    await page.locator(".keys__list").focus();
    await page.waitForTimeout(700);
    for (const [index, [name, size]] of TYPES.entries()) {
      await page.keyboard.press(index === 0 ? "Home" : "ArrowDown");
      await page.locator(".inspector__name", { hasText: name }).waitFor();
      assert.equal(await page.locator(".facts dd").nth(1).innerText(), size, name);
      assert.notEqual(await page.locator(".inspector__value").innerText(), "", name);
      assert.deepEqual(await wrong(page), [], name);
      const { violations } = await page.evaluate(() => window.axe.run(".see", {
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
      }));
      assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], name);
    }
    assert.deepEqual(await faults(page), []);
    await page.close();
  });
}

test("the arrow keys move the list no further than they must", async () => {
  const page = await at.open();
  await paste(page, times(30, (n) => `SET k${String(n).padStart(2, "0")} v\n`));
  await key(page, "k29").waitFor({ state: "attached" });
  const list = page.locator(".keys__list");
  const top = () => list.evaluate((element) => element.scrollTop);
  await list.press("Home");
  for (let n = 0; n < 5; n += 1) await list.press("ArrowDown");
  assert.equal(await top(), 0, "the chosen row was in sight all the time");
  await list.press("End");
  await list.press("ArrowUp");
  const end = await top();
  assert.ok(end > 0);
  await list.press("ArrowUp");
  assert.equal(await top(), end);
  await page.close();
});

test("Home, End and the arrows reach every key, however many there are", async () => {
  const page = await at.open();
  await type(page, `MSET ${times(2000, (n) => `k:${String(n).padStart(4, "0")} v`)}`);
  const list = page.locator(".keys__list");
  const chosen = page.locator(".key[aria-selected=true] .key__name");
  await list.press("End");
  await chosen.filter({ hasText: "k:1999" }).waitFor();
  await list.press("ArrowUp");
  await chosen.filter({ hasText: "k:1998" }).waitFor();
  // Away from the chosen row by the wheel, and back to it by the next arrow.
  await list.evaluate((element) => element.scrollTo(0, 0));
  await key(page, "k:0000").waitFor();
  await list.press("ArrowUp");
  await chosen.filter({ hasText: "k:1997" }).waitFor();
  await list.press("Home");
  await chosen.filter({ hasText: "k:0000" }).waitFor();
  await page.close();
});

test("names that look alike in quotes are told apart, and leave when they are removed", async () => {
  const page = await at.open();
  await type(page, "SADD s \"\\x01\" \"\\\"\\\\x01\\\"\" \"\" \"\\\"\\\"\"");
  const members = async () => (await page.locator(".member").allInnerTexts()).sort();
  assert.equal(new Set(await members()).size, 4);
  await type(page, "SREM s \"\\x01\" \"\"");
  assert.deepEqual(await members(), ["\"\\\"\\\"\"", "\"\\\"\\\\x01\\\"\""]);
  assert.deepEqual(await faults(page), []);
  await page.close();
});

test("a long text is cut between its letters, and an empty one is shown to be empty", async () => {
  const page = await at.open();
  await type(page, `SET long a${"é".repeat(2600)}`);
  assert.equal(await page.locator(".value").textContent(), `a${"é".repeat(2047)}`);
  assert.match(await page.locator(".ins-pager__words").textContent(), /1 – 4\u202F095 of 5\u202F201 bytes/);
  await type(page, "SET empty \"\"");
  assert.equal(await page.locator(".value").textContent(), "\"\"");
  await type(page, "SET turned \"a\\xe2\\x80\\xaeb\"");
  assert.equal(await page.locator(".value").textContent(), "\"a\\xe2\\x80\\xaeb\"");
  await page.close();
});
