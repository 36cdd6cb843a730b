// The faces of a value, what is changed in them and by which commands, where bytes go, and that all of it can be reached by
// the keyboard, at each width, with nothing for an accessibility checker to find.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faults, type, withBrowser } from "./support.mjs";

const at = withBrowser();
const times = (n, make) => Array.from({ length: n }, (_, index) => make(index)).join(" ");

/** Opens a page and runs lines in it; the key that changed last is looked into. */
async function opened(lines, options = {}) {
  const page = await at.open(options);
  if (options.width < 700) await page.click(".bottom__tab:nth-child(2)");
  for (const line of lines) await type(page, line);
  if (options.width < 700) await page.click(".bottom__tab:nth-child(3)");
  await page.locator(".inspector__value").waitFor();
  return page;
}

/** The lines that were run, the last one first. */
const lines = (page) => page.evaluate(() => [...document.querySelectorAll(".exchange__line")].map((line) => {
  return line.textContent.slice(line.querySelector(".exchange__prompt").textContent.length);
}).reverse());

/** Waits until this line was the last to run. */
async function ran(page, line) {
  for (let n = 0; n < 200 && (await lines(page))[0] !== line; n += 1) await page.waitForTimeout(20);
  assert.equal((await lines(page))[0], line);
}

const face = (page, name) => page.locator(".ins-faces__face", { hasText: name });
const shown = (page) => page.locator(".ins-faces__face[aria-selected=true]").innerText();

/** Edits a value in place by the keyboard. */
async function edit(page, label, text, key = "Enter") {
  const value = page.locator(`button[title^="${label}:"]`);
  await value.focus();
  await value.press(key);
  const field = page.locator(`input[aria-label="${label}"]`);
  await field.waitFor();
  await field.fill(text);
  await field.press("Enter");
}

async function close(page) {
  assert.deepEqual(await faults(page), []);
  await page.close();
}

test("each value is shown by the face that fits it, and a choice is remembered by key", async () => {
  const page = await opened(["SET text hello"]);
  assert.equal(await shown(page), "Text");
  for (const [line, expected] of [
    ["SET n 42", "Number"], ["SET doc '{\"a\":[1,2]}'", "JSON"], ["PFADD hll a b c", "HyperLogLog"],
    ["GEOADD geo 13.361389 38.115556 Palermo", "Map"], ["ZADD z 1 a", "Ranking"], ["XADD s * f v", "Entries"],
  ]) {
    await type(page, line);
    await page.waitForFunction((name) => document.querySelector(".ins-faces__face[aria-selected=true]")?.textContent === name, expected);
  }
  await type(page, "SET text hello");
  await face(page, "Hex").click();
  await type(page, "SET other x");
  assert.equal(await shown(page), "Text");
  await type(page, "APPEND text !");
  assert.equal(await shown(page), "Hex");
  assert.match(await page.locator(".ins-hex tbody").innerText(), /00000000\s+68\s*65\s*6c\s*6c\s*6f\s*21\s+hello!/);
  await face(page, "Hex").press("ArrowRight");
  assert.equal(await shown(page), "Bitmap");
  await close(page);
});

test("bytes of any kind are edited in place, by one command that is seen", async () => {
  const page = await opened(["SET k hello", "EXPIRE k 100"]);
  await edit(page, "Value", "two words");
  await ran(page, "SET k \"two words\" KEEPTTL");
  await edit(page, "Value", "\"\\x00\\xff\\\"\"", "F2");
  await ran(page, "SET k \"\\x00\\xff\\\"\" KEEPTTL");
  assert.equal(await page.locator(".value").textContent(), "\"\\x00\\xff\\\"\"");
  const before = (await lines(page)).length;
  await page.locator("button[title^='Value:']").dblclick();
  await page.locator("input[aria-label=Value]").fill("\"open");
  await page.keyboard.press("Enter");
  await page.getByText("The quotes do not close.").waitFor();
  await page.keyboard.press("Escape");
  await page.locator("button[title^='Value:']").waitFor();
  assert.equal((await lines(page)).length, before, "nothing was sent");
  await edit(page, "Seconds to live", "500");
  await ran(page, "EXPIRE k 500");
  await page.locator(".ins-ttl__keep").click();
  await ran(page, "PERSIST k");
  assert.equal(await page.locator(".facts dd").nth(3).innerText(), "none");
  await edit(page, "Name of the key", "new name");
  await ran(page, "RENAME k \"new name\"");
  await close(page);
});

test("a number is counted up and down, and says how far its limits are", async () => {
  const page = await opened(["SET n 9223372036854775805"]);
  assert.match(await page.locator(".ins-number").innerText(), /INCR can add 2 more/);
  await page.getByRole("button", { name: "+1 INCR" }).click();
  await ran(page, "INCR n");
  assert.equal(await page.locator(".ins-number__value").innerText(), "9223372036854775806");
  await page.locator(".ins-form__field").fill("10");
  await page.getByRole("button", { name: "DECRBY" }).click();
  await ran(page, "DECRBY n 10");
  assert.equal(await page.locator(".ins-number__value").innerText(), "9223372036854775796");
  await type(page, "SET n 1.50");
  assert.match(await page.locator(".ins-number").innerText(), /INCR refuses it/);
  await close(page);
});

test("bits are turned over by a press, and reached by arrows", async () => {
  const page = await opened(["SETBIT b 7 1", "SETBIT b 2000 1"]);
  await face(page, "Bitmap").click();
  assert.match(await page.locator(".ins-note").first().innerText(), /^2 of 2\u202F008 bits/);
  assert.equal(await page.locator(".ins-bit").count(), 512);
  await page.locator("#ins-bit-0").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await ran(page, "SETBIT b 17 1");
  assert.equal(await page.locator("#ins-bit-17").getAttribute("aria-label"), "Bit 17: 1");
  await page.locator("#ins-bit-7").click();
  await ran(page, "SETBIT b 7 0");
  await page.getByRole("button", { name: "Last part" }).click();
  await page.locator("[aria-label='Bit 2000: 1']").waitFor();
  await close(page);
});

test("JSON opens and closes level by level, as it was written", async () => {
  const page = await opened(["SET d '{\"n\":12345678901234567890,\"l\":[{\"deep\":{\"x\":1}}],\"s\":\"<b>\"}'"]);
  const tree = page.locator(".ins-json");
  assert.match(await tree.innerText(), /"n": 12345678901234567890/);
  assert.equal(await page.locator(".ins-json b").count(), 0);
  await tree.locator("summary", { hasText: "1 member" }).first().click();
  await tree.locator("summary", { hasText: "\"deep\"" }).waitFor();
  await close(page);
});

test("a long list is shown from both ends, and pushed, popped and set", async () => {
  const page = await opened([`RPUSH l ${times(3000, (n) => `job:${n}`)}`]);
  assert.equal(await page.locator(".ins-gap").innerText(), "2\u202F890 elements between these and the tail");
  assert.equal(await page.locator(".element__text").last().innerText(), "job:2999");
  await page.getByRole("button", { name: "Next part" }).click();
  await page.locator(".element__text", { hasText: /^job:100$/ }).waitFor();
  assert.match(await page.locator(".ins-gap").first().innerText(), /^100 elements before these/);
  await edit(page, "Element 100", "changed");
  await ran(page, "LSET l 100 changed");
  await page.locator(".ins-form__field").fill("last one");
  await page.locator("[data-verb=RPUSH]").click();
  await ran(page, "RPUSH l \"last one\"");
  await page.getByRole("button", { name: "LPOP" }).click();
  await ran(page, "LPOP l");
  await face(page, "Nodes").click();
  const nodes = await page.locator(".ins-node").allInnerTexts();
  const elements = nodes.map((node) => Number(node.match(/(\d+) elements?/)[1]));
  assert.equal(elements.reduce((sum, n) => sum + n), 3000);
  await close(page);
});

test("fields of a hash have their own time to live, which runs down", async () => {
  const page = await opened(["HSET h user ann code 1234"]);
  await edit(page, "Seconds to live of code", "30");
  await ran(page, "HEXPIRE h 30 FIELDS 1 code");
  await page.locator(".fields__ttl", { hasText: /^(30\.0|29\.\d) s/ }).waitFor();
  await edit(page, "Value of user", "bob");
  await ran(page, "HSET h user bob");
  await page.getByRole("button", { name: "Persist code" }).click();
  await ran(page, "HPERSIST h FIELDS 1 code");
  await page.getByRole("button", { name: "Remove user" }).click();
  await ran(page, "HDEL h user");
  assert.equal(await page.locator(".fields tbody tr").count(), 1);
  await close(page);
});

test("members and scores are added, changed and removed", async () => {
  const page = await opened(["SADD s red green"]);
  await page.locator(".ins-form__field").fill("dark blue");
  await page.keyboard.press("Enter");
  await ran(page, "SADD s \"dark blue\"");
  await page.getByRole("button", { name: "Remove red" }).click();
  await ran(page, "SREM s red");
  await type(page, "ZADD z 10 ann 20 bob");
  await edit(page, "Score of ann", "25.5");
  await ran(page, "ZADD z 25.5 ann");
  assert.equal(await page.locator(".rank__name").first().innerText(), "ann");
  await page.getByRole("button", { name: "+ 1 for bob" }).click();
  await ran(page, "ZINCRBY z 1 bob");
  await page.getByRole("button", { name: "Remove bob" }).click();
  await ran(page, "ZREM z bob");
  await close(page);
});

test("scores lie on a line, ties above each other, and many as bars", async () => {
  const page = await opened(["ZADD z 5 a 5 b 10 c -inf d inf e"]);
  await face(page, "Number line").click();
  const dots = await page.locator(".ins-line__dot").evaluateAll((all) => all.map((dot) => [dot.getAttribute("cx"), dot.getAttribute("cy")]));
  assert.equal(dots.length, 3);
  const [tied] = dots.filter(([x], index) => dots.findIndex(([other]) => other === x) !== index);
  assert.ok(tied, "two stand in one column");
  assert.deepEqual(await page.locator(".ins-axis__ends span").allInnerTexts(), ["1 at −∞ · 5", "10 · 1 at +∞"]);
  assert.equal(await page.locator(".ins-line__name").count(), 0, "names would stand in the dots above");
  await type(page, "ZREM z b");
  assert.deepEqual(await page.locator(".ins-line__name").allTextContents(), ["a", "c"]);
  await type(page, `ZADD z ${times(500, (n) => `${n} m${n}`)}`);
  assert.equal(await page.locator(".ins-line__dot").count(), 0);
  assert.ok(await page.locator(".ins-line__bar").count() > 40);
  await close(page);
});

test("a stream has its entries, their times and what is pending", async () => {
  const page = await opened(["XADD s 1-0 step start", "XADD s 5-0 step stop", "XGROUP CREATE s team 0", "XREADGROUP GROUP team ann COUNT 5 STREAMS s >"]);
  await face(page, "Groups").click();
  const pending = page.locator(".group table").nth(1).locator("tbody tr");
  assert.equal(await pending.count(), 2);
  assert.match(await pending.first().innerText(), /^1-0\s+ann/);
  await page.getByRole("button", { name: "XACK 1-0" }).click();
  await ran(page, "XACK s team 1-0");
  assert.equal(await pending.count(), 1);
  await face(page, "Time line").click();
  assert.equal(await page.locator(".ins-moments__entry").count(), 2);
  assert.match(await page.locator(".ins-moments__key").innerText(), /team: given up to 5-0, 1 pending/);
  await face(page, "Entries").click();
  await page.getByRole("button", { name: "Delete entry 1-0" }).click();
  await ran(page, "XDEL s 1-0");
  await type(page, `MULTI`);
  for (let n = 0; n < 3; n += 1) await type(page, `XADD s * n ${n}`);
  await type(page, "EXEC");
  assert.equal(await page.locator(".entry").count(), 4);
  await close(page);
});

test("a HyperLogLog tells its error only of elements that are known", async () => {
  const page = await opened([`PFADD h ${times(500, (n) => `e${n}`)}`]);
  assert.match(await page.locator(".ins-hll__estimate").innerText(), /^50\d different elements, estimated$|^49\d different elements, estimated$/);
  assert.equal(await page.locator(".ins-trial__verdict").count(), 0);
  await page.getByRole("button", { name: "Add 10\u202F000 elements" }).click();
  await ran(page, "PFCOUNT hll:trial");
  const verdict = page.locator(".ins-trial__verdict");
  await verdict.filter({ hasText: "True number: 10\u202F000" }).waitFor();
  const [, estimate, error] = (await verdict.innerText()).match(/Estimate: ([\d\u202F]+)\. Error: ([-+][\d.]+) %/);
  const counted = Number(estimate.replaceAll("\u202F", ""));
  assert.equal(await type(page, "PFCOUNT hll:trial"), `(integer) ${counted}\n`);
  assert.ok(Math.abs(Number(error) - (counted / 10_000 - 1) * 100) < 0.006, error);
  await type(page, `PFADD hll:trial ${times(200, (n) => `other:${n}`)}`);
  await verdict.filter({ hasText: "others came too" }).waitFor();
  await close(page);
});

test("a circle on the map finds what GEOSEARCH finds", async () => {
  const page = await opened(["GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento"]);
  const [longitude, latitude, radius] = await page.locator(".ins-map__field input").all();
  await longitude.fill("15");
  await latitude.fill("37");
  await radius.fill("200");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.locator(".ins-map__found", { hasText: "3 places within 200 km" }).waitFor();
  assert.deepEqual(await page.locator(".ins-map__list bdi").allInnerTexts(), ["Catania", "Agrigento", "Palermo"]);
  await page.locator(".ins-map .run").click();
  await ran(page, "GEOSEARCH g FROMLONLAT 15 37 BYRADIUS 200 km ASC WITHDIST");
  const answer = await page.locator(".exchange__answer").last().innerText();
  for (const distance of await page.locator(".ins-map__distance").allInnerTexts()) assert.ok(answer.includes(distance.replace(" km", "")), distance);
  await page.locator(".ins-map__plot").focus();
  for (let n = 0; n < 5; n += 1) await page.keyboard.press("-");
  assert.equal(await page.locator(".ins-map__place[data-hit=true]").count(), 1);
  await page.locator(".ins-map__place", { hasText: "Palermo" }).locator("circle").click({ force: true });
  await page.locator(".ins-map__list bdi", { hasText: "Palermo" }).waitFor();
  // The middle lies where the press was: within a few pixels of the place.
  assert.ok(Math.abs(Number(await longitude.inputValue()) - 13.36) < 0.05, await longitude.inputValue());
  assert.ok(Math.abs(Number(await latitude.inputValue()) - 38.11) < 0.05, await latitude.inputValue());
  await close(page);
});

test("the bytes of every type add up to what MEMORY USAGE answers", async () => {
  const page = await at.open();
  for (const line of ["SET k 12", "SET k hello", "APPEND k x", "RPUSH l a b", `RPUSH l2 ${times(3000, (n) => n)}`, "HSET h a 1",
    `HSET h2 ${times(600, (n) => `f${n} v`)}`, "SADD s 1 2", `SADD s2 ${times(300, (n) => `m${n}`)}`, "ZADD z 1 a",
    `ZADD z2 ${times(200, (n) => `${n} m${n}`)}`, "XADD x * f v", "PFADD p a"]) {
    await type(page, line);
    const key = line.split(" ")[1];
    const answer = await type(page, `MEMORY USAGE ${key} SAMPLES 0`);
    const figures = (await page.locator(".ins-bytes__figure").allTextContents()).map((text) => Number(text.replaceAll("\u202F", "")));
    const sum = figures.pop();
    assert.equal(answer, `(integer) ${sum}\n`, key);
    assert.equal(figures.reduce((all, part) => all + part), sum, key);
  }
  await close(page);
});

test("what is typed into a field stays while the clock runs and others change the key", async () => {
  const page = await opened(["HSET h a 1 b 2", "HEXPIRE h 100 FIELDS 1 a"], { paused: false });
  const value = page.locator("button[title^='Value of a:']");
  await value.dblclick();
  await page.locator("input[aria-label='Value of a']").fill("half typ");
  await page.waitForTimeout(600);
  assert.equal(await page.locator("input[aria-label='Value of a']").inputValue(), "half typ");
  await close(page);
});

test("a million elements and a string of a hundred megabytes cost what is shown", async () => {
  const page = await opened(["DEBUG POPULATE 10 k 10", "SETRANGE big 100000000 x"]);
  await face(page, "Hex").click();
  await page.getByRole("button", { name: "Last part" }).click();
  await page.locator(".ins-hex", { hasText: "05f5e100" }).waitFor();
  const before = await page.evaluate(() => performance.now());
  for (let n = 0; n < 10; n += 1) await type(page, "PING");
  const each = (await page.evaluate(() => performance.now()) - before) / 10;
  assert.ok(each < 250, `${each} ms for each command while it is looked into`);
  await close(page);
});

const EVERY = [
  ["text", "SET a:text hello"], ["number", "SET b:number 5 EX 100"], ["json", "SET c:json '{\"a\":[1]}'"], ["hll", "PFADD d:hll a b"],
  ["list", "RPUSH e:list a b"], ["quicklist", `RPUSH f:quick ${times(3000, (n) => n)}`], ["hash", "HSET g:hash a 1"], ["set", "SADD h:set a b"],
  ["zset", "ZADD i:zset 1 a 2.5 b"], ["geo", "GEOADD j:geo 13.361389 38.115556 Palermo 15.087269 37.502669 Catania"],
  ["stream", "XADD k:stream * f v"],
];

for (const [width, height, theme] of [[1440, 900, "dark"], [768, 1024, "light"], [390, 844, "light"], [390, 844, "dark"]]) {
  test(`every face is whole at ${width} pixels, ${theme}`, async () => {
    const page = await at.open({ width, height, theme });
    if (width < 700) await page.click(".bottom__tab:nth-child(2)");
    for (const [, line] of EVERY) await type(page, line);
    await type(page, "XGROUP CREATE k:stream team 0");
    await type(page, "XREADGROUP GROUP team ann STREAMS k:stream >");
    if (width < 700) await page.click(".bottom__tab:nth-child(3)");
    await page.addScriptTag({ url: "/axe.js" });
    await page.locator(".keys__list").focus();
    await page.waitForTimeout(700);
    for (const [index, [name]] of EVERY.entries()) {
      await page.locator(".keys__list").focus();
      await page.keyboard.press(index === 0 ? "Home" : "ArrowDown");
      await page.locator(".inspector__name", { hasText: `${String.fromCharCode(97 + index)}:` }).waitFor();
      const faces = Math.max(1, await page.locator(".ins-faces__face").count());
      for (let n = 0; n < faces; n += 1) {
        if (faces > 1) {
          await page.locator(".ins-faces__face[aria-selected=true]").focus();
          await page.keyboard.press("ArrowRight");
          await page.waitForTimeout(30);
        }
        const where = `${name} ${faces > 1 ? await shown(page) : ""}`;
        assert.notEqual((await page.locator(".inspector__value").innerText()).trim(), "", where);
        const wide = await page.evaluate(() => {
          const value = document.querySelector(".inspector__value");
          return [document.documentElement.scrollWidth - innerWidth, value.scrollWidth - value.clientWidth].filter((over) => over > 0);
        });
        assert.deepEqual(wide, [], where);
        assert.ok(!/NaN|Infinity/.test(await page.locator(".inspector").innerHTML()), where);
        const { violations } = await page.evaluate(() => window.axe.run(".inspector", { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] }));
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes[0].html]), [], where);
      }
    }
    await page.locator(".ins-bytes__head").focus();
    await page.keyboard.press("Enter");
    await page.locator(".ins-bytes__sum").waitFor();
    await close(page);
  });
}

/** How often Tab is pressed from one control of a face to the one that follows its list. */
async function stops(page, from, to) {
  await page.locator(from).first().focus();
  for (let n = 1; n < 12; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.locator(to).first().evaluate((one) => one === document.activeElement)) return n;
  }
  return Infinity;
}

test("a list is one stop of Tab, and its arrows reach all of it", async () => {
  const page = await opened([`RPUSH l ${times(300, (n) => `e${n}`)}`]);
  const last = ".ins-pager__button:not(:disabled)";
  assert.equal(await stops(page, ".elements button", last), 1);
  for (const line of [`HSET h ${times(300, (n) => `f${n} ${n}`)}`, `SADD s ${times(300, (n) => `m${n}`)}`, `ZADD z ${times(300, (n) => `${n} m${n}`)}`]) {
    await type(page, line);
    await page.locator(".ins-roving button").first().waitFor();
    assert.equal(await stops(page, ".ins-roving button", last), 1, line.slice(0, 8));
  }
  await page.locator(".ins-roving button[tabindex='0']").first().focus();
  const label = () => page.evaluate(() => document.activeElement.title || document.activeElement.ariaLabel);
  const first = await label();
  await page.keyboard.press("ArrowRight");
  assert.equal(await label(), "ZINCRBY z -1 m299");
  await page.keyboard.press("End");
  assert.equal(await label(), "ZINCRBY z -1 m200");
  await page.keyboard.press("PageUp");
  assert.equal(await label(), "ZINCRBY z -1 m210");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await label(), first);
  // What takes its row away leaves the keyboard in the list.
  await page.keyboard.press("ArrowLeft");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await ran(page, "ZREM z m299");
  await page.waitForFunction(() => document.activeElement.ariaLabel === "Remove m298");
  await close(page);
});

test("the entries of a stream and the places that a search found are one stop each", async () => {
  const page = await opened([...Array.from({ length: 4 }, (_, n) => `XADD s 1-${n + 1} f v`)]);
  await page.locator(".log .ins-remove").first().focus();
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), "Delete entry 1-3");
  assert.equal(await page.locator(".log [tabindex='0']").count(), 1);
  await type(page, "GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 13.583333 37.316667 Agrigento");
  await page.locator(".ins-map__field input").nth(2).fill("500");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await page.locator(".ins-map__list li").nth(2).waitFor();
  assert.equal(await page.locator(".ins-map__list [tabindex='0']").count(), 1);
  await page.locator(".ins-map__list li").first().focus();
  await page.keyboard.press("End");
  assert.equal(await page.evaluate(() => document.activeElement === document.querySelector(".ins-map__list li:last-child")), true);
  await close(page);
});

test("a byte is edited in place by SETRANGE", async () => {
  const page = await opened(["SET t hello EX 100"]);
  await face(page, "Hex").click();
  const row = () => page.locator(".ins-hex tbody tr").first().evaluate((one) => one.getBoundingClientRect().height);
  const before = await row();
  await page.locator(".ins-hex__bytes button").first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  const field = page.locator("input[aria-label='Byte 1']");
  await field.waitFor();
  assert.equal(await field.inputValue(), "65");
  assert.ok(Math.abs(await row() - before) < 1, "the rows stay where they are");
  await field.fill("g0");
  await field.press("Enter");
  await page.getByText("Two digits a byte").waitFor();
  await field.fill("00");
  await field.press("Enter");
  await ran(page, "SETRANGE t 1 \"\\x00\"");
  await page.locator(".ins-hex__text", { hasText: "h.llo" }).waitFor();
  assert.match(await type(page, "TTL t"), /100/);
  await close(page);
});

test("places on both sides of the antimeridian are neighbours on the map", async () => {
  const page = await opened(["GEOADD g 178.4 -18.1 Fiji -171.8 -13.8 Samoa"]);
  const x = (name) => page.locator(".ins-map__place", { hasText: name }).locator("circle").evaluate((one) => Number(one.getAttribute("cx")));
  const [fiji, samoa] = [await x("Fiji"), await x("Samoa")];
  assert.ok(fiji > 0 && samoa < 480 && samoa - fiji > 150, `${fiji} ${samoa}`);
  await close(page);
});

for (const width of [1440, 768]) {
  test(`the reader divides the room between the list and the value, at ${width} pixels`, async () => {
    const page = await opened(["HSET h a 1"], { width, height: 900 });
    const height = (part) => page.locator(part).evaluate((one) => one.getBoundingClientRect().height);
    const before = await height(".inspector__value");
    const bar = page.getByRole("separator", { name: "Height of the list of keys" });
    await bar.focus();
    await bar.press("ArrowUp");
    await bar.press("ArrowUp");
    const more = await height(".inspector__value");
    assert.ok(more > before + 15, `${before} ${more}`);
    const box = await bar.boundingBox();
    await page.mouse.move(box.x + 40, box.y);
    await page.mouse.down();
    await page.mouse.move(box.x + 40, box.y + 150, { steps: 4 });
    await page.mouse.up();
    const dragged = await height(".keys");
    assert.ok(await height(".inspector__value") < more - 100);
    await page.reload();
    await page.locator("#prompt").waitFor();
    assert.ok(Math.abs(await height(".see__parts > :is(.keys, .empty)") - dragged) < 2, "and it is remembered");
    await close(page);
  });
}
