// The virtual clock: nothing moves unless the reader says so, and keys expire by it, lazily or actively.

import assert from "node:assert/strict";
import { test } from "node:test";
import { key, step, type, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const ttl = (name) => key(page, name).locator(".key__left").innerText();
const timeline = () => page.locator(".timeline__marks").innerText();
const now = async () => {
  const [date, time] = await Promise.all([".clock__date", ".clock__time"].map((part) => page.locator(part).textContent()));
  return Date.parse(`${date}T${time}Z`);
};

test("paused, no time passes; steps let it pass, and the timeline says so", async () => {
  await type(page, "SET k v EX 60");
  await page.waitForTimeout(400);
  assert.equal(await ttl("k"), "1 m 00 s");
  await step(page, "+10 s");
  assert.equal(await ttl("k"), "50.0 s");
  await page.keyboard.press("Alt+KeyS");
  assert.equal(await ttl("k"), "49.0 s");
  assert.equal(await type(page, "TTL k"), "(integer) 49\n");
  assert.match(await timeline(), /\+10 s[\s\S]*\+1 s/);
});

test("a key runs out of time, drains and leaves", async () => {
  await type(page, "SET k v EX 5");
  await step(page, "+10 s");
  const leaving = page.locator(".key--leaving");
  await leaving.waitFor();
  assert.match(await leaving.innerText(), /expired, active/);
  await leaving.waitFor({ state: "detached" });
  await page.locator(".see .empty").waitFor();
  assert.match(await timeline(), /expired[\s\S]*k[\s\S]*active/);
});

test("a key for which there is no room is struck out, and the timeline says why it", async () => {
  await type(page, "CONFIG SET maxmemory-policy allkeys-lru");
  // Large enough that its going makes room for the words of the command too.
  await type(page, `MSET old ${"x".repeat(500)} used 2`);
  await step(page, "+10 s");
  await type(page, "GET used");
  // The first time that a command runs, its histogram of latencies takes memory, too.
  await type(page, "INFO memory");
  const used = Number((await type(page, "INFO memory")).match(/used_memory:(\d+)/)[1]);
  await type(page, `CONFIG SET maxmemory ${used - 1}`);
  const leaving = page.locator(".key--evicted");
  await leaving.waitFor();
  assert.match(await leaving.innerText(), /old[\s\S]*evicted/);
  assert.match(await leaving.locator(".key__name").evaluate((name) => getComputedStyle(name).textDecorationLine), /line-through/);
  await leaving.waitFor({ state: "detached" });
  assert.equal(await key(page, "used").count(), 1);
  assert.match(await timeline(), /evicted[\s\S]*old[\s\S]*idle 10 s/);
});

test("the clock jumps to the next expiry, and to no other", async () => {
  const start = await now();
  await type(page, "SET soon v EX 30");
  await type(page, "SET later v EX 300");
  assert.match(await page.locator(".clock__next").innerText(), /30\.0 s/);
  await page.click(".clock__next");
  await key(page, "soon").waitFor({ state: "detached" });
  assert.equal(await key(page, "later").count(), 1);
  const passed = await now() - start;
  assert.ok(passed >= 30_000 && passed < 32_000, `${passed}`);
  assert.match(await timeline(), /next expiry/);
  await page.keyboard.press("Alt+KeyN");
  await page.locator(".see .empty").waitFor();
  assert.ok(await page.locator(".clock__next").isDisabled());
});

test("the clock is set forward to a date, and never back", async () => {
  await type(page, "SET k v EX 3600");
  await page.click(".clock__now");
  await page.fill("#clock-set", "2025-01-01T00:00:00");
  await page.click(".menu__set button");
  assert.equal(await page.inputValue("#clock-set"), "2025-01-01T00:00", "what was typed stays");
  assert.match(await page.locator(".menu__wrong").innerText(), /only moves forward/);
  await page.fill("#clock-set", "2026-03-01T12:00:00");
  await page.click(".menu__set button");
  await page.locator(".menu__panel").waitFor({ state: "detached" });
  assert.equal(await page.locator(".clock__date").textContent(), "2026-03-01");
  assert.equal(await page.locator(".clock__time").textContent(), "12:00:00");
  assert.equal(await type(page, "EXISTS k"), "(integer) 0\n");
  assert.match(await timeline(), /set to 2026-03-01 12:00:00/);
});

test("the clock's menu closes by Escape and by a click beside it", async () => {
  for (const close of [() => page.keyboard.press("Escape"), () => page.mouse.click(300, 500)]) {
    await page.click(".clock__now");
    await page.locator(".menu__panel").waitFor();
    await close();
    await page.locator(".menu__panel").waitFor({ state: "detached" });
  }
});

test("running, the time to live counts down, and faster at a higher speed", async () => {
  await type(page, "SET k v EX 3000");
  await page.keyboard.press("Alt+KeyP");
  await page.locator(".clock[data-running=true]").waitFor();
  const start = await now();
  await page.waitForTimeout(1200);
  const slow = await now() - start;
  assert.ok(slow >= 1000 && slow <= 4000, `${slow}`);
  await page.selectOption(".clock .select", "1000");
  await key(page, "k").waitFor({ state: "detached", timeout: 10_000 });
  assert.match(await timeline(), /running ×1000/);
});

test("a key past its time that a command meets expires lazily", async () => {
  await type(page, "CONFIG SET hz 1");
  await type(page, "SET k v PX 150");
  await page.keyboard.press("Alt+KeyS");
  assert.equal(await ttl("k"), "due", "the background cycle has not come round yet");
  assert.equal(await type(page, "GET k"), "(nil)\n");
  assert.match(await timeline(), /expired[\s\S]*k[\s\S]*lazy/);
});
