// What helps at the prompt and in the log: colours, completion of keys, search in the history, forms of an answer,
// explained errors, HELP, repeated commands, pasted transcripts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { answers, faults, paste, type, withBrowser } from "./support.mjs";

const at = withBrowser();

/** A test on a page of its own that must stay without faults. */
function onPage(name, options, play) {
  test(name, async () => {
    const page = await at.open(options);
    try {
      await play(page);
      assert.deepEqual(await faults(page), []);
    } finally {
      await page.close();
    }
  });
}

const text = (page) => page.inputValue("#prompt");
const last = (page) => page.locator(".session[data-shown=true] .exchange").last();
const coloured = (page, where) =>
  page.locator(`${where} .code`).evaluateAll((parts) => parts.map((part) => `${part.className.split("--")[1]}:${part.textContent}`));

/** On a phone, one zone is shown at a time. */
const toTerminal = (page) => page.locator("nav").getByRole("button", { name: "Do" }).click();

async function enter(page, line) {
  await page.fill("#prompt", line);
  await page.press("#prompt", "Enter");
}

onPage("the line being typed and the lines of the log are coloured by the command's syntax", {}, async (page) => {
  await page.fill("#prompt", "SET k \"a b\" EX 10");
  assert.deepEqual(await coloured(page, ".prompt__typed"), ["command:SET", "key:k", "quoted:\"a b\"", "option:EX", "number:10"]);
  await page.press("#prompt", "Enter");
  assert.deepEqual(await coloured(page, ".exchange__line"), ["command:SET", "key:k", "quoted:\"a b\"", "option:EX", "number:10"]);
  await page.fill("#prompt", "GE");
  assert.deepEqual(await coloured(page, ".prompt__typed"), ["command:GE"]);
  await page.fill("#prompt", "NOSUCH \"open");
  assert.deepEqual(await coloured(page, ".prompt__typed"), ["error:NOSUCH", "quoted:\"open"]);
});

onPage("the coloured text lies exactly under the field's own, however far that is scrolled", { width: 390, height: 800 }, async (page) => {
  await toTerminal(page);
  await page.fill("#prompt", `SET key "${"long é ".repeat(30)}" EX 10 end`);
  const places = () => page.evaluate(() => {
    const input = document.querySelector("#prompt");
    const layer = document.querySelector(".session[data-shown=true] .prompt__hint");
    const style = (element) => {
      const { fontFamily, fontSize, letterSpacing, lineHeight, paddingLeft } = getComputedStyle(element);
      return [fontFamily, fontSize, letterSpacing, lineHeight, paddingLeft].join();
    };
    return { input: input.scrollLeft, layer: layer.scrollLeft, same: style(input) === style(layer),
      left: input.getBoundingClientRect().left - layer.getBoundingClientRect().left };
  });
  await page.press("#prompt", "End");
  await page.waitForFunction(() => document.querySelector("#prompt").scrollLeft > 100);
  await page.waitForTimeout(50);
  const end = await places();
  assert.ok(end.same && end.left === 0 && Math.abs(end.input - end.layer) < 1, JSON.stringify(end));
  await page.press("#prompt", "Home");
  await page.waitForFunction(() => document.querySelector("#prompt").scrollLeft === 0);
  await page.waitForTimeout(50);
  assert.equal((await places()).layer, 0);
});

onPage("keys complete where a key is wanted, those of the fitting type first, quoted where they must be", {}, async (page) => {
  await type(page, "MSET user:1 a user:2 b");
  await type(page, "RPUSH \"user list\" x");
  await page.fill("#prompt", "LPUSH us");
  await page.press("#prompt", "Tab");
  assert.equal(await text(page), "LPUSH \"user list\" ");
  const list = page.getByRole("listbox", { name: "Completions" });
  assert.deepEqual(await list.getByRole("option").locator(".choices__name").allTextContents(), ["\"user list\"", "user:1", "user:2"]);
  const active = () => page.locator("#prompt").getAttribute("aria-activedescendant");
  assert.equal(await page.locator(`#${await active()}`).getAttribute("aria-selected"), "true");
  await page.press("#prompt", "ArrowDown");
  assert.equal(await text(page), "LPUSH user:1 ");
  await page.press("#prompt", "Shift+Tab");
  assert.equal(await text(page), "LPUSH \"user list\" ");
  await page.press("#prompt", "Escape");
  assert.equal(await list.count(), 0);
  assert.equal(await page.locator("#prompt").getAttribute("aria-expanded"), "false");
  await page.fill("#prompt", "GET user:");
  await page.press("#prompt", "Tab");
  await list.getByRole("option", { name: "user:2" }).click();
  assert.equal(await text(page), "GET user:2 ");
  assert.equal(await page.evaluate(() => document.activeElement.id), "prompt");
  await page.fill("#prompt", "SET user:1 us");
  await page.press("#prompt", "ArrowRight");
  assert.equal(await text(page), "SET user:1 us", "no key is wanted there");
});

onPage("options complete, also in the middle of a line", {}, async (page) => {
  await page.fill("#prompt", "set k v EX 10 k NX");
  for (let n = 0; n < 3; n += 1) await page.press("#prompt", "ArrowLeft");
  await page.press("#prompt", "Tab");
  assert.equal(await text(page), "set k v EX 10 k NX", "EX excludes KEEPTTL");
  await page.fill("#prompt", "set k v k NX");
  await page.focus("#prompt");
  await page.press("#prompt", "End");
  for (let n = 0; n < 3; n += 1) await page.press("#prompt", "ArrowLeft");
  await page.press("#prompt", "Tab");
  assert.equal(await text(page), "set k v keepttl NX");
  await page.keyboard.type("!");
  assert.equal(await text(page), "set k v keepttl! NX");
});

onPage("the hint marks the argument that comes now and follows options", {}, async (page) => {
  const hint = async (line) => {
    await page.fill("#prompt", line);
    return [await page.locator(".prompt__hint").textContent(), await page.locator(".prompt__current").allTextContents()];
  };
  assert.deepEqual(await hint("RENAME "), ["RENAME key newkey", ["key"]]);
  assert.deepEqual(await hint("RENAME a "), ["RENAME a newkey", ["newkey"]]);
  assert.deepEqual(await hint("SET k v EX "), ["SET k v EX seconds [NX | XX] [GET]", ["seconds"]]);
  assert.deepEqual(await hint("SET k v EX 5 NX "), ["SET k v EX 5 NX [GET]", []]);
});

onPage("Ctrl+R searches the history, which outlives a reload; passwords are not kept", {}, async (page) => {
  for (const line of ["SET color red", "SET colour blue", "GET color", "AUTH secret"]) await type(page, line);
  await page.reload();
  await page.locator("#prompt").waitFor();
  await page.focus("#prompt");
  await page.keyboard.type("own");
  await page.press("#prompt", "Control+r");
  await page.keyboard.type("set COL");
  const options = page.getByRole("listbox").getByRole("option");
  assert.deepEqual(await options.locator(".choices__name").allTextContents(), ["SET colour blue", "SET color red"]);
  await page.press("#prompt", "Control+r");
  assert.equal(await page.locator("[role=option][aria-selected=true]").textContent(), "SET color red");
  await page.press("#prompt", "Escape");
  assert.equal(await text(page), "own");
  await page.press("#prompt", "Control+r");
  await page.keyboard.type("color");
  await page.press("#prompt", "ArrowUp");
  await page.press("#prompt", "ArrowRight");
  assert.equal(await text(page), "SET color red");
  await page.press("#prompt", "Control+r");
  await page.keyboard.type("secret");
  assert.equal(await page.getByRole("listbox").count(), 0);
  assert.match(await page.locator(".prompt__help").innerText(), /No line of the history/);
  await page.fill("#prompt", "blue");
  await page.press("#prompt", "Enter");
  assert.equal(await last(page).locator(".exchange__line").textContent(), "127.0.0.1:6379> SET colour blue");
  await page.press("#prompt", "ArrowUp");
  await page.press("#prompt", "ArrowUp");
  assert.equal(await text(page), "GET color", "lines of the last visit come before those of this one");
});

onPage("without storage, everything but the memory of it works", {}, async (page) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } });
  });
  await page.reload();
  await page.locator("#prompt").waitFor();
  assert.equal(await type(page, "PING"), "PONG\n");
  await page.press("#prompt", "ArrowUp");
  assert.equal(await text(page), "PING");
});

onPage("on a phone, completion and search are a tap away", { width: 390, height: 800 }, async (page) => {
  await toTerminal(page);
  const button = page.locator(".session[data-shown=true]").getByRole("button", { name: "Search the history" });
  await type(page, "SET a 1");
  await type(page, "PING");
  await button.click();
  const options = page.getByRole("listbox").getByRole("option");
  assert.deepEqual(await options.locator(".choices__name").allTextContents(), ["PING", "SET a 1"]);
  const box = await options.first().boundingBox();
  assert.ok(box.height >= 40 && box.x >= 0 && box.x + box.width <= 390, JSON.stringify(box));
  await options.nth(1).click();
  assert.equal(await text(page), "SET a 1");
});

onPage("where there is no Tab key, completions are offered as one types", { width: 390, height: 800 }, async (page) => {
  const device = await page.context().newCDPSession(page);
  await device.send("Emulation.setDeviceMetricsOverride", { width: 390, height: 800, deviceScaleFactor: 1, mobile: true });
  await device.send("Emulation.setTouchEmulationEnabled", { enabled: true });
  await page.reload();
  await page.locator("#prompt").waitFor({ state: "attached" });
  await toTerminal(page);
  await type(page, "MSET user:1 a user:2 b");
  await page.fill("#prompt", "GET us");
  const options = page.getByRole("listbox", { name: "Completions" }).getByRole("option");
  await options.nth(1).waitFor();
  assert.ok((await options.first().boundingBox()).height >= 40);
  await options.nth(1).click();
  assert.equal(await text(page), "GET user:2 ");
  assert.deepEqual(await serious(page), []);
});

onPage("an answer is shown as a table, as JSON, as the bytes on the wire, and new ones too if told so", {}, async (page) => {
  await type(page, "HSET h name ann data \"{\\\"a\\\":[1,2]}\"");
  await type(page, "HGETALL h");
  const view = last(page).getByRole("combobox", { name: "Show the answer as" });
  await view.selectOption("table");
  const cells = (selector) => last(page).locator(selector).allTextContents();
  assert.deepEqual(await cells("th"), ["Field", "Value"]);
  assert.deepEqual(await cells("td"), ["name", "ann", "data", "{\"a\":[1,2]}"]);
  await view.selectOption("json");
  assert.equal(await last(page).locator(".exchange__answer").textContent(),
    "name: \"ann\"\ndata: {\n        \"a\": [\n          1,\n          2\n        ]\n      }\n");
  await view.selectOption("resp");
  assert.match(await last(page).locator(".exchange__answer").textContent(), /^\*4\\r\\n\n\$4\\r\\n\nname\\r\\n\n\$3\\r\\n\nann/);
  assert.equal(await view.inputValue(), "resp");
  await view.selectOption("all-table");
  assert.equal(await view.inputValue(), "table");
  await enter(page, "ZADD z 1 a 2 b");
  await enter(page, "ZRANGE z 0 -1 WITHSCORES");
  await last(page).locator("table").waitFor();
  assert.deepEqual(await cells("th"), ["Member", "Score"]);
  await enter(page, "PING");
  await page.waitForFunction(() => [...document.querySelectorAll(".exchange__answer")].at(-1)?.textContent === "PONG\n");
  assert.deepEqual(await last(page).locator("option[value=table]").count(), 0, "a word is no table");
  await enter(page, "HELLO 3");
  await last(page).locator("th", { hasText: "Field" }).waitFor();
  await last(page).getByRole("combobox").selectOption("resp");
  assert.match(await last(page).locator(".exchange__answer").textContent(), /^%7\\r\\n/);
});

onPage("a long table grows when asked to", {}, async (page) => {
  await paste(page, `${Array.from({ length: 500 }, (_, n) => `RPUSH l ${n}`).join("\n")}\nLRANGE l 0 -1`);
  await page.locator(".terminal__waiting").waitFor({ state: "detached" });
  await last(page).getByRole("combobox").selectOption("table");
  assert.equal(await last(page).locator("tbody tr").count(), 200);
  await last(page).getByRole("button", { name: "Show more: 300 rows left" }).click();
  assert.equal(await last(page).locator("tbody tr").count(), 500);
});

onPage("errors are explained, with lines to go on with, until that is closed", {}, async (page) => {
  await type(page, "ZADD lb 1 ann");
  assert.match(await type(page, "GET lb"), /^\(error\) WRONGTYPE/);
  assert.match(await last(page).locator(".aside").innerText(), /lb holds a sorted set, and GET works on strings/);
  await last(page).getByRole("button", { name: "ZRANGE lb 0 -1 WITHSCORES" }).click();
  assert.equal(await text(page), "ZRANGE lb 0 -1 WITHSCORES");
  assert.equal(await page.evaluate(() => document.activeElement.id), "prompt");
  await type(page, "ZAD lb 2 bob");
  await last(page).getByRole("button", { name: "ZADD lb 2 bob" }).click();
  await page.press("#prompt", "Enter");
  await page.waitForFunction(() => [...document.querySelectorAll(".exchange__answer")].at(-1)?.textContent === "(integer) 1\n");
  await type(page, "GET");
  assert.match(await last(page).locator(".aside").innerText(), /takes 1 argument and got none\.\s+GET key/);
  await last(page).getByRole("button", { name: "Hide the explanation" }).click();
  await type(page, "GET");
  assert.equal(await last(page).locator(".aside").count(), 0);
  await last(page).getByRole("button", { name: "Explain" }).click();
  assert.match(await last(page).locator(".aside").innerText(), /takes 1 argument/);
  assert.equal(await type(page, "SET k \"open", "Control+Enter"), "Invalid argument(s)\n");
  assert.match(await last(page).locator(".aside").innerText(), /quote/);
});

onPage("HELP is the client's own, as in redis-cli", {}, async (page) => {
  assert.match(await type(page, "help strlen"), /^\n {2}STRLEN key\n {2}summary: .+\n {2}since: 2\.2\.0\n {2}group: string\n/);
  await last(page).getByRole("button", { name: "STRLEN greeting" }).click();
  assert.equal(await text(page), "STRLEN greeting");
  assert.match(await type(page, "? CONFIG get"), /^\n {2}CONFIG GET parameter/);
  assert.match(await type(page, "HELP @geo"), /GEOADD key[\s\S]+GEOSEARCH key/);
  assert.match(await type(page, "HELP"), /help @<group>[\s\S]+@sorted-set/);
  await page.fill("#prompt", "help @hyp");
  await page.press("#prompt", "Tab");
  assert.equal(await text(page), "help @hyperloglog ");
});

onPage("a number before a command repeats it, and a long repetition can be stopped", {}, async (page) => {
  await enter(page, "3 INCR n");
  await page.waitForFunction(() => document.querySelectorAll(".exchange").length === 3);
  assert.deepEqual(await answers(page), ["(integer) 1\n", "(integer) 2\n", "(integer) 3\n"]);
  assert.equal(await page.locator(".exchange__line").count(), 1);
  assert.equal(await type(page, "0 INCR n"), "Invalid redis-cli repeat command option value.\n");
  await enter(page, "1000000000 INCR n");
  await page.getByRole("button", { name: "Stop" }).click();
  await page.locator(".terminal__waiting").waitFor({ state: "detached" });
  assert.equal(await type(page, "PING"), "PONG\n");
});

onPage("a pasted transcript runs its commands: prompts, answers, comments and blank lines are left out", {}, async (page) => {
  await paste(page, "# set up\r\n127.0.0.1:6379> SET a 1\r\nOK\r\n127.0.0.1:6379[2](TX)> GET a\r\n\"1\"\r\n\r\n  # done\r\nINCR a\r\n");
  await page.waitForFunction(() => document.querySelectorAll(".exchange").length === 3);
  assert.deepEqual(await answers(page), ["OK\n", "\"1\"\n", "(integer) 2\n"]);
});

for (const theme of ["light", "dark"]) {
  for (const width of [1440, 768, 390]) {
    onPage(`nothing of it shuts anybody out: ${theme}, ${width}`, { theme, width }, async (page) => {
      if (width < 700) await toTerminal(page);
      await type(page, "ZADD lb 1 ann 2 bob");
      await type(page, "ZRANGE lb 0 -1 WITHSCORES");
      await last(page).getByRole("combobox").selectOption("table");
      await type(page, "GET lb");
      await type(page, "HELP GET");
      await type(page, "SET k \"v w\" EX 10");
      await page.fill("#prompt", "GET ");
      await page.press("#prompt", "Tab");
      await page.fill("#prompt", "SET k v E");
      await page.press("#prompt", "Tab");
      assert.deepEqual(await serious(page), []);
      await page.press("#prompt", "Escape");
      await page.press("#prompt", "Control+r");
      assert.deepEqual(await serious(page), []);
    });
  }
}
