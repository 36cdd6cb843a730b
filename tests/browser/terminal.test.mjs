// The terminal in a real browser: exact answers, history, completion, pasting.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answers, key, paste, type, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const text = () => page.inputValue("#prompt");

test("the first visit says what this is, with the prompt focused and three commands a click away", async () => {
  assert.equal(await page.evaluate(() => document.activeElement.id), "prompt");
  assert.match(await page.locator(".welcome p").innerText(), /A Redis that lives in this page/);
  assert.equal(await page.locator(".welcome .run").count(), 3);
  for (const run of await page.locator(".welcome .run").all()) await run.click();
  assert.deepEqual((await answers(page)).slice(0, 2), ["OK\n", "(integer) 3\n"]);
  await key(page, "greeting").waitFor();
});

test("answers are those of redis-cli, to the byte", async () => {
  const said = [
    ["SET k hello EX 100", "OK\n"],
    ["get k", "\"hello\"\n"],
    ["TTL k", "(integer) 100\n"],
    ["GET nothing", "(nil)\n"],
    ["SET bytes \"a\\x00\\xffé\\n\"", "OK\n"],
    ["GET bytes", "\"a\\x00\\xff\\xc3\\xa9\\n\"\n"],
    ["ZADD lb 90 ann 31 cy 90.5 bob", "(integer) 3\n"],
    ["ZRANGE lb 0 -1 REV WITHSCORES", "1) \"bob\"\n2) \"90.5\"\n3) \"ann\"\n4) \"90\"\n5) \"cy\"\n6) \"31\"\n"],
    ["GET lb", "(error) WRONGTYPE Operation against a key holding the wrong kind of value\n"],
    ["GET", "(error) ERR wrong number of arguments for 'get' command\n"],
    ["KEYS nothing*", "(empty array)\n"],
  ];
  for (const [line, answer] of said) assert.equal(await type(page, line), answer, line);
  assert.equal(await type(page, "SET k \"open", "Control+Enter"), "Invalid argument(s)\n");
  assert.match(await type(page, "NOSUCH a b"), /^\(error\) ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b'/);
});

test("a session that waits says for what and how long, can be cancelled, and goes on", async () => {
  const bar = page.locator("[data-blocked]");
  const last = () => page.locator(".exchange__answer").last().textContent();
  const enter = async (line) => {
    await page.fill("#prompt", line);
    await page.press("#prompt", "Enter");
  };
  await enter("BLPOP jobs urgent 3600");
  assert.match(await bar.innerText(), /Waiting:\s+BLPOP jobs urgent 3600\s+1 h.* left\s+Cancel/);
  await enter("ECHO later");
  await bar.getByRole("button", { name: "Cancel" }).click();
  await page.waitForFunction(() => [...document.querySelectorAll(".exchange__answer")].at(-1)?.textContent === "\"later\"\n");
  assert.equal(await bar.count(), 0);
  assert.deepEqual((await answers(page)).slice(-2), ["(nil)\n", "\"later\"\n"]);
  await enter("BLPOP jobs 0");
  assert.match(await bar.innerText(), /no time-out/);
  await page.press("#prompt", "Escape");
  await bar.waitFor({ state: "detached" });
  assert.equal(await last(), "(nil)\n");
});

test("SELECT changes the prompt as redis-cli does", async () => {
  assert.equal(await page.locator(".prompt__label").innerText(), "127.0.0.1:6379>");
  await type(page, "SELECT 1");
  assert.equal(await page.locator(".prompt__label").innerText(), "127.0.0.1:6379[1]>");
  await type(page, "PING");
  assert.equal(await page.locator(".exchange__prompt").last().textContent(), "127.0.0.1:6379[1]> ");
});

test("the arrows walk through the history and back to what was being typed", async () => {
  await type(page, "SET a 1");
  await type(page, "SET b 2");
  await page.fill("#prompt", "GE");
  await page.press("#prompt", "ArrowUp");
  assert.equal(await text(), "SET b 2");
  await page.press("#prompt", "ArrowUp");
  await page.press("#prompt", "ArrowUp");
  assert.equal(await text(), "SET a 1");
  await page.press("#prompt", "ArrowDown");
  await page.press("#prompt", "ArrowDown");
  assert.equal(await text(), "GE");
});

test("Tab completes command names, and moves on where there is nothing to complete", async () => {
  await page.fill("#prompt", "zrevr");
  await page.press("#prompt", "Tab");
  const first = await text();
  assert.match(first, /^zrevran/);
  await page.press("#prompt", "Tab");
  assert.notEqual(await text(), first);
  assert.equal(await page.locator(".choices__one--chosen").count(), 1);
  await page.fill("#prompt", "object enc");
  await page.press("#prompt", "ArrowRight");
  assert.equal(await text(), "object encoding ");
  await page.fill("#prompt", "");
  await page.press("#prompt", "Tab");
  assert.notEqual(await page.evaluate(() => document.activeElement.id), "prompt");
});

test("the arguments still to come are shown behind the text", async () => {
  await page.fill("#prompt", "RENAME old ");
  assert.equal(await page.locator(".prompt__hint").textContent(), "RENAME old newkey");
  assert.notEqual(await page.locator(".prompt__help").textContent(), "");
});

test("several pasted lines run one after the other, copied prompts left out", async () => {
  await paste(page, "SET a 1\r\n127.0.0.1:6379> INCR a\n\n> GET a");
  await page.locator(".exchange").nth(2).waitFor();
  assert.deepEqual(await answers(page), ["OK\n", "(integer) 2\n", "\"2\"\n"]);
  assert.equal(await text(), "");
});

test("clear clears, a long log is capped, and a huge reply can be shown whole", async () => {
  await type(page, "PING");
  await page.fill("#prompt", "clear");
  await page.press("#prompt", "Enter");
  await page.locator(".exchange").waitFor({ state: "detached" });
  await paste(page, Array.from({ length: 1000 }, (_, n) => `SET key:${n} ${n}`).join("\n"));
  await page.locator(".terminal__waiting").waitFor({ state: "detached" });
  await page.locator(".zone__fact", { hasText: /^1.000 keys$/ }).waitFor();
  assert.ok(await page.locator(".exchange").count() <= 400);
  await type(page, "KEYS *");
  const answer = page.locator(".exchange__answer").last();
  assert.equal((await answer.textContent()).trimEnd().split("\n").length, 200);
  await answer.locator("..").locator(".exchange__more").click();
  assert.equal((await answer.textContent()).trimEnd().split("\n").length, 1000);
});

test("the log follows its end, unless the reader has scrolled away", async () => {
  await paste(page, "PING\n".repeat(80));
  const log = page.locator(".terminal__log");
  const fromEnd = () => log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
  await page.locator(".terminal__earlier").waitFor();
  assert.ok(await fromEnd() < 5);
  assert.equal(await page.locator(".exchange").count(), 40, "no more is drawn than is soon seen");
  await log.evaluate((log) => log.scrollTo(0, 0));
  await page.locator(".exchange").nth(79).waitFor();
  await page.locator(".terminal__earlier").waitFor({ state: "detached" });
  await page.getByText("A Redis that lives").waitFor();
  await page.evaluate(() => document.querySelector(".welcome .run").blur());
  assert.ok(await fromEnd() > 500);
  await type(page, "PING");
  assert.ok(await fromEnd() < 5, "what one runs oneself is shown");
});
