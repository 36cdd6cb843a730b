// Commands over several lines: a quote that is open goes on in the next line, at the prompt, in what is pasted, in the
// script, in what is kept and shared; the words of a script in it have their colours.

import assert from "node:assert/strict";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { put, reload, untilKept } from "./kept.mjs";
import { answers, faults, key, paste, type, withBrowser, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const at = withBrowser();
const EVAL = "EVAL \"\nlocal n = redis.call('INCR', KEYS[1]) -- one more\nreturn n .. [[ \\\"times\\\"]]\n\" 1 visits";

const text = () => page.inputValue("#prompt");
/** The commands in the log, as they are shown there. */
const commands = (there = page) => there.locator(".exchange__line").evaluateAll((lines) =>
  lines.map((line) => line.textContent.slice(line.querySelector(".exchange__prompt").textContent.length)));
const ran = (count) => page.waitForFunction((count) => document.querySelectorAll(".exchange__answer").length === count, count);
/** Each word of a script and its kind, where that is not plain. */
const lua = (where) => page.locator(`${where} [class*=code--lua]`).evaluateAll((parts) =>
  parts.map((part) => `${part.className.split("lua-")[1]}:${part.textContent}`));
const WORDS = [
  "keyword:local", "operator:=", "library:redis", "text:'INCR'", "given:KEYS", "number:1", "comment:-- one more",
  "keyword:return", "operator:..", "text:[[ \\\"times\\\"]]",
];

/** Writes a command as one does, with Enter at the end of each line. */
async function write(command) {
  await page.focus("#prompt");
  for (const [at, line] of command.split("\n").entries()) {
    if (at > 0) await page.keyboard.press("Enter");
    await page.keyboard.type(line);
  }
}

test("Enter goes on in the next line while a quote is open, and runs the command when none is", async () => {
  await write(EVAL);
  assert.equal(await text(), EVAL);
  assert.deepEqual(await commands(), [], "nothing has run yet");
  await page.keyboard.press("Enter");
  await ran(1);
  assert.deepEqual(await commands(), [EVAL]);
  assert.equal(await text(), "");
  await write("ECHO 'a\n  b\"'");
  await page.keyboard.press("Enter");
  await ran(2);
  assert.equal((await answers(page))[1], "\"a\\n  b\\\"\"\n", "line ends and blanks are the argument's");
});

test("Shift+Enter always begins a line; Ctrl+Enter and Run take it as it is", async () => {
  await page.fill("#prompt", "ECHO");
  await page.press("#prompt", "End");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("a");
  assert.equal(await text(), "ECHO\na");
  await page.keyboard.press("Enter");
  await ran(1);
  assert.equal((await answers(page))[0], "\"a\"\n");
  assert.equal(await type(page, "SET k it's", "Control+Enter"), "Invalid argument(s)\n");
  await page.fill("#prompt", "ECHO 'x");
  await page.click(".prompt__send");
  await ran(3);
  assert.equal((await answers(page))[2], "Invalid argument(s)\n");
});

test("the field grows with its lines up to a height, the log keeps its end, and the help says what is open", async () => {
  await paste(page, "PING\n".repeat(80));
  await ran(40);
  const height = () => page.locator("#prompt").evaluate((field) => field.getBoundingClientRect().height);
  const fromEnd = () => page.locator(".terminal__log").evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  const one = await height();
  await write("EVAL \"\nreturn\n1");
  assert.equal(await height(), one + 40);
  assert.ok(await fromEnd() < 5);
  assert.match(await page.locator(".prompt__help").innerText(), /until " is closed/);
  await page.fill("#prompt", `EVAL "${"\n--".repeat(200)}`);
  assert.ok(await height() < 320);
  await page.focus("#prompt");
  await page.keyboard.press("Control+End");
  await page.waitForFunction(() => document.querySelector("#prompt").scrollTop > 1_000);
  const scrolls = () => page.evaluate(() => [document.querySelector("#prompt").scrollTop, document.querySelector(".prompt__hint").scrollTop]);
  await page.waitForTimeout(50);
  const [field, layer] = await scrolls();
  assert.ok(Math.abs(field - layer) < 1, `${field} ${layer}`);
  await page.keyboard.press("Escape");
  assert.equal(await height(), one);
});

test("the coloured text lies under the field's own in every line", async () => {
  await page.fill("#prompt", EVAL);
  const places = await page.evaluate(() => {
    const field = document.querySelector("#prompt").getBoundingClientRect();
    const words = [...document.querySelectorAll(".prompt__typed .code--lua-keyword")];
    return words.map((word) => [word.getBoundingClientRect().left - field.left, word.getBoundingClientRect().top - field.top]);
  });
  assert.deepEqual(places.map(([left, top]) => [Math.round(left), Math.floor(top / 20)]), [[0, 1], [0, 2]]);
});

test("the arrows go from line to line first, and bring a command of several lines back whole", async () => {
  await type(page, "SET a 1");
  await type(page, EVAL);
  await page.press("#prompt", "ArrowUp");
  assert.equal(await text(), EVAL);
  for (let n = 0; n < 3; n += 1) await page.press("#prompt", "ArrowUp");
  assert.equal(await text(), EVAL, "the cursor is on its first line");
  await page.press("#prompt", "ArrowUp");
  assert.equal(await text(), "SET a 1");
  await page.press("#prompt", "ArrowDown");
  assert.equal(await text(), EVAL);
  await page.press("#prompt", "ArrowUp");
  await page.press("#prompt", "ArrowDown");
  assert.equal(await text(), EVAL, "down to its last line");
  await page.press("#prompt", "ArrowDown");
  assert.equal(await text(), "");
  await page.press("#prompt", "Control+r");
  await page.keyboard.type("INCR");
  await page.press("#prompt", "ArrowRight");
  assert.equal(await text(), EVAL);
});

for (const give of ["Escape", "Control+c"]) {
  test(`${give} gives a command of several lines up; the arrow brings it back`, async () => {
    await write("EVAL \"\nreturn 1");
    await page.keyboard.press(give);
    assert.equal(await text(), "");
    assert.deepEqual(await commands(), []);
    await page.keyboard.press("ArrowUp");
    assert.equal(await text(), "EVAL \"\nreturn 1");
    await page.keyboard.press(give);
    await type(page, "PING");
    await page.press("#prompt", "ArrowUp");
    assert.equal(await text(), "PING", "what was run is newer");
  });
}

test("Ctrl+C copies what is selected, as ever", async () => {
  await page.fill("#prompt", "EVAL \"\nreturn 1");
  await page.press("#prompt", "Control+a");
  await page.press("#prompt", "Control+c");
  assert.equal(await text(), "EVAL \"\nreturn 1");
});

test("pasted lines run in turn, but for those inside a quote; what is open at the end stays to be gone on with", async () => {
  await paste(page, `SET a 1\r\n127.0.0.1:6379> ${EVAL.replaceAll("\n", "\r\n")}\r\n# don't\r\nGET a\r\nEVAL 'return\r\n  1`);
  await ran(3);
  assert.deepEqual(await commands(), ["SET a 1", EVAL, "GET a"]);
  assert.equal((await answers(page))[2], "\"1\"\n");
  assert.equal(await text(), "EVAL 'return\n  1");
});

/** Pastes as a keyboard does, so that the field does what it does by itself. */
async function pasteByKeyboard(pasted) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), pasted);
  await page.focus("#prompt");
  await page.keyboard.press("Control+v");
}

test("one pasted command is text, however many lines it has; inside a quote, lines are the argument's", async () => {
  await pasteByKeyboard("SET a 1\n");
  assert.equal(await text(), "SET a 1");
  await page.fill("#prompt", "");
  await pasteByKeyboard(EVAL);
  assert.equal(await text(), EVAL);
  await page.fill("#prompt", "EVAL \"");
  await page.press("#prompt", "End");
  await pasteByKeyboard("local a = 1\nreturn a\n");
  assert.equal(await text(), "EVAL \"local a = 1\nreturn a\n");
  await pasteByKeyboard("\" 0\nPING\n");
  await ran(2);
  assert.deepEqual(await commands(), ["EVAL \"local a = 1\nreturn a\n\" 0", "PING"]);
});

test("such commands come back after a reload: the log, the work, the history of lines", async () => {
  await type(page, "SET a 'x\n y'");
  await type(page, EVAL);
  await untilKept(page, "visits");
  await page.waitForTimeout(600);
  await reload(page);
  await key(page, "a").waitFor();
  assert.deepEqual(await commands(), ["SET a 'x\n y'", EVAL]);
  assert.equal(await type(page, "GET a"), "\"x\\n y\"\n");
  await put(page, [], { clear: true });
  await reload(page);
  assert.deepEqual(await commands(), []);
  await page.press("#prompt", "ArrowUp");
  await page.press("#prompt", "ArrowUp");
  await page.press("#prompt", "ArrowUp");
  assert.equal(await text(), EVAL);
});

test("and in another browser, by a link", async () => {
  await type(page, "SET a 'x\n y'");
  await page.click(".share__open");
  const address = await page.locator(".share__link").inputValue();
  const there = await at.open({ hash: new URL(address).hash, paused: false });
  assert.match(await there.locator(".offer__text").innerText(), /@typed SET a 'x\\n y'/);
  await there.getByRole("button", { name: "Run it" }).click();
  await key(there, "a").waitFor();
  assert.deepEqual(await commands(there), ["SET a 'x\n y'"]);
  assert.deepEqual(await faults(there), []);
  await there.close();
});

test("the words of a script have their colours at the prompt, in the log and in the script", async () => {
  await page.fill("#prompt", EVAL);
  assert.deepEqual(await lua(".prompt__typed"), WORDS);
  await page.press("#prompt", "Enter");
  await ran(1);
  assert.deepEqual(await lua(".exchange__line"), WORDS);
  const colours = await page.locator(".exchange__line [class*=code--lua]").evaluateAll((parts) =>
    parts.map((part) => getComputedStyle(part).color));
  assert.ok(new Set(colours).size >= 6, colours.join());
  await page.fill("#prompt", "SCRIPT LOAD \"return 'open");
  assert.deepEqual(await lua(".prompt__typed"), ["keyword:return", "text:'open"]);
  await page.fill("#prompt", "ECHO \"return 1\"");
  assert.deepEqual(await lua(".prompt__typed"), []);
  await page.keyboard.press("Alt+KeyE");
  await page.locator("#script").fill(`GET a\n${EVAL}\nGET a`);
  assert.deepEqual(await lua(".editor__code"), WORDS);
});

test("the script steps over a command of several lines at once and marks all of it", async () => {
  await page.keyboard.press("Alt+KeyE");
  const script = page.locator("#script");
  await script.fill("SET a 1\nECHO 'x\n# y\n\nz'\n\nGET a\nECHO 'open\nGET a");
  const lines = (of) => page.locator(".editor__line").evaluateAll((lines, of) => lines.flatMap((line, at) => (of in line.dataset ? [at + 1] : [])), of);
  await script.evaluate((field) => {
    field.focus();
    field.setSelectionRange(0, 0);
  });
  await page.keyboard.press("Control+Enter");
  await ran(1);
  assert.deepEqual(await lines("current"), [2, 3, 4, 5], "the cursor is on the command");
  await page.getByRole("button", { name: "Run command" }).click();
  await ran(2);
  assert.deepEqual(await commands(), ["SET a 1", "ECHO 'x\n# y\n\nz'"]);
  assert.equal((await answers(page))[1], "\"x\\n# y\\n\\nz\"\n");
  assert.deepEqual(await lines("mark"), [1, 2, 3, 4, 5]);
  assert.deepEqual(await lines("current"), [7]);
  assert.deepEqual(await page.locator(".editor__number").allTextContents(), ["1", "2", "3", "4", "5", "6", "7", "8", "9"]);
  assert.match(await page.locator(".editor__help").innerText(), /Line 8: the quote ' is still open/);
  await page.keyboard.press("Control+Shift+Enter");
  await ran(6);
  assert.deepEqual((await commands()).slice(2), ["SET a 1", "ECHO 'x\n# y\n\nz'", "GET a", "ECHO 'open\nGET a"]);
  assert.match(await page.locator(".editor__help").innerText(), /Line 8: Invalid argument/);
  await script.fill("SET a 1\nECHO 'x\n# y\n\nZ'\n\nGET a");
  assert.deepEqual(await lines("mark"), [1], "what was changed in any of its lines has not run");
});

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`several lines at ${width} px, ${theme}`, async () => {
      const there = await at.open({ width, height, theme });
      if (width < 700) await there.locator("nav").getByRole("button", { name: "Do" }).click();
      await type(there, EVAL);
      await there.fill("#prompt", EVAL.slice(0, -12));
      const [field, row] = [await there.locator("#prompt").boundingBox(), await there.locator(".prompt").boundingBox()];
      assert.ok(field.width > row.width * (width < 700 ? 0.85 : 0.6), "code has room");
      if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/multiline-${width}-${theme}.png` });
      assert.equal(await there.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
      assert.deepEqual(await serious(there), []);
      assert.deepEqual(await faults(there), []);
      await there.close();
    });
  }
}
