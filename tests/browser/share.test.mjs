// Sharing: links and files hold what was done; they are shown before they run, whatever somebody put into them.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { serious } from "./axe.mjs";
import { reload, untilKept } from "./kept.mjs";
import { faults, key, keyNames, launch, open, paste, root, step, type, withBrowser, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const at = withBrowser();
const HEAD = "redis-playground 1\nseed 0\nstart 1767225600000\n";
const link = (text) => `#r=1.${deflateRawSync(Buffer.from(text), { level: 9 }).toString("base64url")}`;
const keys = (there = page) => keyNames(there);
const goTo = (fragment, there = page) => there.evaluate((hash) => (location.hash = hash), fragment);
const dialog = (there = page) => there.locator("dialog[open]");

async function download(button) {
  const coming = page.waitForEvent("download");
  await page.locator(".share__file", { hasText: button }).click();
  return (await coming).path();
}

test("a link makes the same keys and the same clock in another browser", async (t) => {
  await type(page, "SET a 1 EX 50");
  await step(page, "+10 s");
  await page.keyboard.press("Alt+KeyC");
  await type(page, "SADD s x y z");
  await type(page, "SPOP s");
  await page.click(".share__open");
  const address = await page.locator(".share__link").inputValue();
  assert.ok(address.length < 400, address);
  const other = await launch();
  // Also where the test fails: a browser that is left open keeps the file from ending.
  t.after(() => other.close());
  const there = await open(other.context, at.server.address, { paused: false, hash: new URL(address).hash });
  await dialog(there).waitFor();
  assert.match(await dialog(there).innerText(), /3 commands, 2 sessions, 1\d/);
  assert.match(await there.locator(".offer__text").innerText(), /> SET a 1 EX 50\n@advance 10000ms step\n@session alice/);
  assert.deepEqual(await keys(there), [], "nothing has run");
  assert.equal(new URL(there.url()).hash, "");
  await there.getByRole("button", { name: "Run it" }).click();
  await there.keyboard.press("Alt+KeyP");
  assert.deepEqual((await keys(there)).sort(), (await keys()).sort());
  await page.keyboard.press("Escape");
  assert.equal(await type(there, "SMEMBERS s"), await type(page, "SMEMBERS s"), "what is random is the same");
  assert.deepEqual(await faults(there), []);
});

test("what is accepted gives way to the work before, which can be taken back; not now leaves all", async () => {
  await type(page, "SET mine 1");
  await goTo(link(`${HEAD}> SET theirs 1\n`));
  await page.getByRole("button", { name: "Not now" }).click();
  assert.deepEqual(await keys(), ["mine"]);
  await goTo(link(`${HEAD}> SET theirs 1\n`));
  await page.getByRole("button", { name: "Run it" }).click();
  await key(page, "theirs").waitFor();
  assert.deepEqual(await keys(), ["theirs"]);
  await page.getByRole("button", { name: "Take it back" }).click();
  assert.deepEqual(await keys(), ["mine"]);
});

const FORGED = [
  ["cut off", link(`${HEAD}> SET theirs 1\n> SET more 2\n`).slice(0, -12), /damaged: what it holds cannot be unpacked. Ask for it again/],
  ["cut off within a letter", "#r=1.abcde", /damaged: a part of it is missing or was changed on its way. Ask for it again/],
  ["too large", link(`${HEAD}${"> SET theirs 1\n".repeat(80_000)}`), /opened. It holds more than a megabyte. Ask for a file instead. Your work/],
  ["another version", link(`${HEAD}> SET a 1`).replace("1.", "9."), /another version of this page: load the page again/],
  ["another version inside", link("redis-playground 9\n"), /version/],
  ["no base64", "#r=1.<script>alert(1)</script>", /damaged/],
  ["no compressed text", `#r=1.${Buffer.from("nonsense").toString("base64url")}`, /cannot be unpacked/],
  ["a bomb", `#r=1.${deflateRawSync(Buffer.alloc(300 << 20, "x"), { level: 9 }).subarray(0, 400_000).toString("base64url")}`, /more than a megabyte/],
  ["bytes that are no text", `#r=1.${deflateRawSync(Buffer.from([0xff, 0xfe, 0x80])).toString("base64url")}`, /cannot be unpacked/],
  ["markup", link("<img src=x onerror=alert(1)>"), /Line 1/],
];

for (const [name, fragment, why] of FORGED) {
  test(`a forged link (${name}) is refused with the reason, and nothing is lost`, async () => {
    await type(page, "SET mine 1");
    await goTo(fragment);
    const refusal = page.locator(".keeper__notice[role=alert]", { hasText: "cannot be opened" });
    await refusal.waitFor();
    assert.match(await refusal.innerText(), why);
    assert.equal(await dialog().count(), 0);
    assert.deepEqual([await keys(), new URL(page.url()).hash], [["mine"], ""]);
    assert.equal(await type(page, "GET mine"), "\"1\"\n");
  });
}

test("markup and control characters in commands are only text, and seen", async () => {
  await goTo(link(`${HEAD}> SET a "<script>alert(1)</script>"\n> ECHO \u202eevil\u0007\n`));
  const text = page.locator(".offer__text");
  await text.waitFor();
  assert.match(await text.innerText(), /<script>alert\(1\)<\/script>"\n> ECHO ⟨U\+202E⟩evil⟨U\+0007⟩/);
  assert.equal(await page.locator(".offer__text script").count(), 0);
});

test("ten thousand lines are counted, shown and done, and too long for a link", async () => {
  const lines = Array.from({ length: 10_000 }, (_, n) => `> SET k${n} ${(n * 7_919) % 10_007}\n`);
  await goTo(link(HEAD + lines.join("")));
  await dialog().waitFor();
  assert.match(await dialog().innerText(), /10\s000 commands/);
  while (await page.locator(".offer__more").count() > 0) await page.locator(".offer__more").click();
  assert.match(await page.locator(".offer__text").innerText(), /> SET k9999 /);
  await page.getByRole("button", { name: "Run it" }).click();
  await page.locator(".zone__fact", { hasText: /10\s000 keys/ }).waitFor();
  await page.click(".share__open");
  await page.locator(".share__said", { hasText: "Send the file" }).waitFor();
  assert.equal(await page.locator(".share__link").count(), 0);
});

test("a file is taken along and opened again", async () => {
  await type(page, "SET a 1");
  await page.click(".share__open");
  const path = await download("All you did");
  const text = await readFile(path, "utf8");
  assert.ok(text.startsWith(HEAD) && text.includes("\n> SET a 1\n"));
  await page.setInputFiles("dialog[open] input[type=file]", { name: "r.txt", mimeType: "text/plain", buffer: Buffer.from(`${text}> SET b 2\n`) });
  await page.getByRole("button", { name: "Run it" }).click();
  await key(page, "b").waitFor();
  await page.click(".share__open");
  await page.setInputFiles("dialog[open] input[type=file]", { name: "r.txt", mimeType: "text/plain", buffer: Buffer.from("PK\x03\x04") });
  await page.locator(".keeper__notice[role=alert]", { hasText: "Line 1" }).waitFor();
  assert.deepEqual(await keys(), ["a", "b"]);
});

test("a link to any lesson there is opens it at once", async () => {
  const folder = join(root, "www", "scenarios");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".md"));
  assert.ok(files.length > 0);
  for (const file of files) {
    await goTo(`#lesson=${file.slice(0, -3)}&step=2`);
    const [, title] = (await readFile(join(folder, file), "utf8")).match(/^title: (.*)$/m);
    await page.locator(".header", { hasText: title }).waitFor();
    await page.locator(".zone__fact", { hasText: "2 of " }).waitFor();
  }
  for (const name of ["nosuch", "../index", ""]) {
    await goTo(`#lesson=${name}`);
    await page.locator(".keeper__notice", { hasText: "no lesson of that name" }).waitFor();
    await page.getByRole("button", { name: "Close this message" }).click();
  }
});

test("a lesson that comes later is linked without more ado, and is the one that a reload shows", async () => {
  const head = "---\ntitle: Another lesson\nsummary: S\nlevel: beginner\nminutes: 5\n---\n";
  const lesson = `${head}\`\`\`setup\n> SET from:setup 1\nOK\n\`\`\`\n\n## One\n\nWords.\n\n## Two\n\n\`\`\`redis\n> PING\nPONG\n\`\`\`\n`;
  await page.route("**/scenarios/index.txt", (route) => route.fulfill({ body: `another\n${head}` }));
  await page.route("**/scenarios/another.md", (route) => route.fulfill({ body: lesson }));
  await page.click(".learn__start");
  await goTo("#lesson=another&step=2");
  const fact = page.locator(".learn .zone__fact", { hasText: "2 of 2" });
  await fact.waitFor();
  assert.ok((await keys()).includes("from:setup"), "its own commands have run");
  await page.locator(".learn .play .run").click();
  await page.locator(".learn__done", { hasText: /Step done|Lesson complete/ }).waitFor();
  await untilKept(page, "> PING");
  await reload(page);
  await fact.waitFor();
  await page.locator(".header", { hasText: "Another lesson" }).waitFor();
  assert.equal(await page.locator(".learn__start").count(), 0);
});

test("the link is copied; where the browser forbids that, it is selected to be copied by hand", async () => {
  await type(page, "SET a 1");
  await page.click(".share__open");
  const link = page.locator(".share__link");
  const address = await link.inputValue();
  const said = page.locator("dialog [role=status]", { hasText: /Copied|not allow/ });
  const { origin } = new URL(page.url());
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  await page.click(".share__copy");
  await said.waitFor();
  assert.equal(await said.innerText(), "Copied.");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  const session = await page.context().newCDPSession(page);
  await session.send("Browser.setPermission", { permission: { name: "clipboard-write" }, setting: "denied", origin });
  await page.click(".share__copy");
  await page.locator("dialog [role=status]", { hasText: "not allow" }).waitFor();
  const selected = await link.evaluate((field) => document.activeElement === field && field.value.slice(field.selectionStart, field.selectionEnd));
  assert.equal(selected, address);
  await page.context().clearPermissions();
});

/** Drags a file from the desktop over the middle of something, and drops it there. */
async function drop(path, there) {
  const session = await page.context().newCDPSession(page);
  const box = await there.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + Math.min(box.height / 2, 40)];
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, x, y, data });
  await session.detach();
}

test("a file dropped anywhere on the page is shown before it runs; another file is refused with the reason", async () => {
  const folder = await mkdtemp(join(tmpdir(), "playground-dropped-"));
  const [good, bad] = [join(folder, "good.txt"), join(folder, "bad.txt")];
  await writeFile(good, `${HEAD}> SET theirs 1\n`);
  await writeFile(bad, "> SET theirs 1\n");
  await type(page, "SET mine 1");
  for (const place of [".see", "#prompt", ".learn", ".timeline"]) {
    await drop(good, page.locator(place));
    await dialog().waitFor();
    assert.match(await page.locator(".offer__text").innerText(), /> SET theirs 1/);
    await page.getByRole("button", { name: "Not now" }).click();
    assert.deepEqual(await keys(), ["mine"], place);
  }
  await page.click(".share__open");
  await drop(bad, page.locator("dialog[open]"));
  await page.locator(".keeper__notice[role=alert]", { hasText: "file cannot be opened. Line 1: a record begins with" }).waitFor();
  await page.click(".share__open");
  await drop(good, page.locator("dialog[open]"));
  await page.getByRole("button", { name: "Run it" }).click();
  await key(page, "theirs").waitFor();
  await rm(folder, { recursive: true });
});

test("what is more than a link may hold is not made into one, however well it is compressed", async () => {
  await page.click(".share__open");
  const text = `${HEAD}> SET big ${"x".repeat(1_100_000)}\n`;
  await page.setInputFiles("dialog[open] input[type=file]", { name: "r.txt", mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "Run it" }).click();
  await key(page, "big").waitFor();
  await page.click(".share__open");
  await page.locator(".share__said", { hasText: "more than a megabyte" }).waitFor();
  assert.equal(await page.locator(".share__link").count(), 0);
});

const oracle = ["redis-server", "redis-cli"].map((name) => join(root, "target", "oracle", name));
const real = process.env.REDIS_SERVER && process.env.REDIS_CLI ? [process.env.REDIS_SERVER, process.env.REDIS_CLI] : oracle;

test("redis-cli plays the files into a real Redis, which then has the same data",
  { skip: real.every((path) => existsSync(path)) ? false : "there is no real Redis here" }, async () => {
    await paste(page, ["SET s \"a\\x00b\\n\" EX 5000", "RPUSH l 1 2 3", "HSET h f v g w", "ZADD z 1.5 a 2 b", "SADD i 1 2 3",
      "XADD x 1-1 f v", "PFADD p a b c", "SELECT 4", "SET n 10", "SETBIT bits 9 1", "SELECT 0", "ECHO \"x"].join("\n"));
    // An open quote waits for its end; as it is, it is an answer of the page, and of redis-cli.
    await page.locator("#prompt").press("Control+Enter");
    await page.locator(".session .exchange").nth(11).waitFor();
    const digest = (await type(page, "DEBUG DIGEST")).trim();
    await page.click(".share__open");
    const files = [await download("Typed commands"), await download("The data")];
    const [server, cli] = real;
    const port = await new Promise((resolve) => {
      const probe = createServer().listen(0, "127.0.0.1", () => {
        const { port: free } = probe.address();
        probe.close(() => resolve(free));
      });
    });
    const running = spawn(server, ["--port", port, "--save", "", "--enable-debug-command", "yes"], { stdio: "ignore" });
    const ask = (input, ...words) => execFileSync(cli, ["-p", port, ...words], { input, encoding: "utf8" }).trim();
    try {
      for (let tries = 0; tries < 100; tries += 1) {
        try { if (ask("", "PING") === "PONG") break; } catch { await page.waitForTimeout(50); }
      }
      for (const path of files) {
        ask("", "FLUSHALL");
        const said = ask(await readFile(path, "utf8"));
        assert.ok(!/ERR|WRONGTYPE/.test(said), said);
        assert.equal(ask("", "DEBUG", "DIGEST"), digest, path);
      }
    } finally {
      running.kill();
    }
  });

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`sharing at ${width} px, ${theme}, by keyboard`, async () => {
      const there = await at.open({ width, height, theme });
      await type(there, "SET a 1");
      await there.focus(".share__open");
      await there.keyboard.press("Enter");
      await there.locator(".share__link").waitFor();
      const picture = async (name) => {
        if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/${name}-${width}-${theme}.png` });
      };
      await picture("share");
      const outside = () => there.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(await outside(), 0);
      for (let n = 0; n < 12; n += 1) {
        await there.keyboard.press("Tab");
        assert.ok(await there.evaluate(() => document.activeElement === document.body || document.activeElement.closest("dialog") !== null));
      }
      assert.deepEqual(await serious(there), []);
      await there.keyboard.press("Escape");
      await dialog(there).waitFor({ state: "detached" });
      assert.ok(await there.evaluate(() => document.activeElement.matches(".share__open")), "the keyboard is where it was");
      await goTo(link(`${HEAD}> SET theirs 1\n@session alice\n> BLPOP q 0\n@advance 5000ms\n`), there);
      await dialog(there).waitFor();
      await picture("offer");
      assert.equal(await outside(), 0);
      assert.deepEqual(await serious(there), []);
      assert.deepEqual(await faults(there), []);
      await there.close();
    });
  }
}
