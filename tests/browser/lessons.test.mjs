// The list of lessons, how far each is, lessons of one's own, code for clients, the pictures beside steps, and the guide.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { serious } from "./axe.mjs";
import { reload, untilKept } from "./kept.mjs";
import { faults, key, keyNames, type, withBrowser, withPage } from "./support.mjs";

let page;

withPage((opened) => {
  page = opened;
});

const at = withBrowser();

const head = (title, rest = "") => `---\ntitle: ${title}\nsummary: What ${title} is for.\nlevel: beginner\nminutes: 5\n${rest}---\n`;
const CODE = [
  ["python redis-py", `r.set("a", 1)  # ${"a line that is wider than any lesson ".repeat(4)}`],
  ["javascript node-redis", "await client.set('a', 1);"],
  ["java jedis", "jedis.set(\"a\", \"1\");"],
  ["go go-redis", "rdb.Set(ctx, \"a\", 1, 0)"],
  ["rust redis-rs", "con.set(\"a\", 1)?;"],
];
const clients = (some) => some.map(([info, text]) => `\`\`\`${info}\n${text}\n\`\`\`\n\n`).join("");
const ONE = `${head("Pipes", "part: patterns\nplace: 2\nsee: memory\n")}Intro.\n
## First \`SET\`\n\n\`\`\`guide\nexpire\nbatch\n\`\`\`\n\n\`\`\`redis\n> SET a 1\nOK\n\`\`\`\n\n${clients(CODE)}
\`\`\`lua\nreturn redis.call('GET', KEYS[1])\n\`\`\`\n
## Second\n\n\`\`\`see\nkey a\n\`\`\`\n\n\`\`\`redis\n> SET b 1\nOK\n> INCR a\n(integer) 2\n\`\`\`\n\n${clients(CODE.slice(2))}
## Third\n\n\`\`\`see\npolicy lab\n\`\`\`\n\n\`\`\`redis\n> GET a\n"2"\n\`\`\`\n`;
const TWO = `${head("Queues", "part: patterns\nplace: 9\n")}## Only\n\n\`\`\`guide\nexpire\n\`\`\`\n\n\`\`\`redis\n> SET q 1\nOK\n\`\`\`\n`;
const THREE = `${head("Atoms", "part: principles\nplace: 1\n")}## Only\n\nWords.\n`;
const INDEX = [
  ["atoms", head("Atoms", "part: principles\nplace: 1\n"), "## Only\n"],
  ["pipes", head("Pipes", "part: patterns\nplace: 2\nsee: memory\n"), "## First `SET`\nexpire\nbatch\n## Second\n## Third\n"],
  ["queues", head("Queues", "part: patterns\nplace: 9\n"), "## Only\nexpire\n"],
].map(([name, front, steps]) => `${name}\n${front}${steps}\n`).join("");

/** Puts three small lessons in the place of those that there are. */
async function withLessons(there = page) {
  await there.route("**/scenarios/index.txt", (route) => route.fulfill({ body: INDEX }));
  for (const [name, body] of [["pipes", ONE], ["queues", TWO], ["atoms", THREE]]) {
    await there.route(`**/scenarios/${name}.md`, (route) => route.fulfill({ body }));
  }
  await reload(there);
}

const toList = (there = page) => there.click("#learn-lessons");
const card = (name, there = page) => there.locator(`.lesson[data-lesson="${name}"]`);
const far = (name) => card(name).locator(".lesson__facts b").innerText();
const choose = async (name, there = page) => {
  await toList(there);
  await card(name, there).click();
};
const begin = async (name, there = page) => {
  await choose(name, there);
  await there.click(".learn__start");
};
const fact = (text, there = page) => there.locator(".learn .zone__fact", { hasText: text }).waitFor();
const next = (there = page) => there.locator(".learn__ways .button", { hasText: "Next" }).click();
const runAll = async (there = page) => {
  for (const run of await there.locator(".learn .play .run").all()) await run.click();
};
const shownTab = () => page.locator(".see__tab[aria-selected=true]").innerText();
const refused = (there = page) => there.locator(".lessons .notice--error");

test("the list has the lessons by part and place, with how far each is, and leads to them and back", async () => {
  await withLessons();
  await toList();
  assert.deepEqual(await page.locator(".lessons__part h4").allInnerTexts(), ["Patterns", "Principles", "A lesson of your own"]);
  assert.deepEqual(await page.locator(".lesson__title").allInnerTexts(), ["Pipes", "Queues", "Atoms"]);
  assert.match(await card("pipes").innerText(), /What Pipes is for\.\s*Beginner · 5 min · 3 steps/);
  await page.getByRole("button", { name: "Back to the lesson" }).click();
  await page.locator(".learn__start").waitFor();
  await begin("pipes");
  await fact("1 of 3");
  await runAll();
  await next();
  await toList();
  assert.deepEqual([await far("pipes"), await card("pipes").getAttribute("data-state")], ["1 of 3", "begun"]);
  assert.equal(await card("pipes").getAttribute("aria-current"), "true");
  await card("pipes").click();
  await fact("2 of 3");
  await begin("queues");
  await runAll();
  await page.locator(".learn__done", { hasText: "Lesson complete" }).waitFor();
  await toList();
  assert.deepEqual([await far("queues"), await card("queues").getAttribute("data-state")], ["Done", "done"]);
  assert.match(await page.locator(".lessons__sum").innerText(), /1 of 3 lessons done/);
});

test("the list is reached and left with the keyboard alone", async () => {
  await withLessons();
  await page.keyboard.press("Alt+KeyL");
  await page.locator(".lessons").waitFor();
  await page.keyboard.press("Alt+KeyL");
  await page.locator(".learn__start").waitFor();
  await page.focus("#learn-lessons");
  await page.keyboard.press("Enter");
  const focused = () => page.evaluate(() => document.activeElement.dataset.lesson ?? document.activeElement.id);
  for (let tabs = 0; tabs < 8 && (await focused()) !== "queues"; tabs += 1) await page.keyboard.press("Tab");
  assert.equal(await focused(), "queues");
  await page.keyboard.press("Enter");
  await page.locator(".learn__title", { hasText: "Queues" }).waitFor();
  assert.equal(await focused(), "learn-lessons", "the keyboard stays in the zone");
  for (let tabs = 0; tabs < 8 && !(await page.evaluate(() => document.activeElement.matches(".learn__start"))); tabs += 1) {
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await fact("1 of 1");
});

test("how far each lesson is outlives a reload, and one goes on where one was, on what the steps before did", async () => {
  await withLessons();
  await begin("pipes");
  await runAll();
  await next();
  await begin("queues");
  await runAll();
  assert.deepEqual(await keyNames(page), ["q"], "another lesson begins with an empty Redis");
  await untilKept(page, "SET q");
  await reload(page);
  await toList();
  assert.deepEqual([await far("pipes"), await far("queues"), await far("atoms")], ["1 of 3", "Done", "1 step"]);
  await card("pipes").click();
  assert.match(await page.locator(".learn__start").innerText(), /Go on at step 2/);
  await page.click(".learn__start");
  await fact("2 of 3");
  await key(page, "a").waitFor();
  assert.deepEqual(await keyNames(page), ["a"]);
  assert.equal(await page.locator(".play[data-done=true]").count(), 0, "only what the reader did is done");
  await page.locator(".learn__ways .button", { hasText: "Back" }).click();
  assert.equal(await page.locator(".play[data-done=true]").count(), 1);
  await page.click(".share__open");
  await page.getByRole("button", { name: "Take back the work before" }).click();
  await key(page, "q").waitFor({ state: "attached" });
});

test("what is kept of it and is broken or forged does no harm", async () => {
  await withLessons();
  for (const text of ["<html>", "playground-progress 9\nx", `playground-progress 1\n99999999|${"0.0 ".repeat(100_000)}||0 1 2 3 999|pipes\n|||\n`,
    "playground-progress 1\n2|7.7 0.0||0 1 2 999|pipes\n1|||0|../../x\n"]) {
    await page.evaluate((kept) => {
      localStorage.setItem("playground.progress", kept);
      localStorage.setItem("playground.client", kept);
      localStorage.setItem("playground.chosen", "address:https://example.com/x.md");
    }, text);
    await reload(page);
    await page.locator(".notice--error", { hasText: "only opened from the site" }).waitFor();
    await choose("pipes");
    await page.locator(".learn__start").click();
    await fact(/of 3/);
    await toList();
  }
  assert.equal(await far("pipes"), "1 of 3", "only that counts whose commands are told to have been run");
});

test("a lesson is started over, and the progress of all is forgotten and taken back", async () => {
  await withLessons();
  await begin("pipes");
  await runAll();
  await begin("queues");
  await toList();
  await page.getByRole("button", { name: "Forget the progress of all lessons" }).click();
  assert.deepEqual([await far("pipes"), await far("queues")], ["3 steps", "1 step"]);
  await page.getByRole("button", { name: "Take that back" }).click();
  assert.equal(await far("pipes"), "1 of 3");
  await page.getByRole("button", { name: "Forget the progress of all lessons" }).click();
  await reload(page);
  await toList();
  assert.equal(await far("pipes"), "3 steps");
  await card("pipes").click();
  await page.click(".learn__start");
  await runAll();
  await choose("queues");
  await choose("pipes");
  await page.getByRole("button", { name: "Start over" }).click();
  await fact("1 of 3");
  assert.equal(await page.locator(".play[data-done=true]").count(), 0);
  assert.deepEqual(await keyNames(page), []);
});

test("a lesson that is complete leads to the next one, and the last to the list", async () => {
  await withLessons();
  await begin("queues");
  await runAll();
  assert.match(await page.locator(".learn__end").innerText(), /Next in the list: Atoms/);
  await page.getByRole("button", { name: "Next lesson" }).click();
  await page.locator(".learn__title", { hasText: "Atoms" }).waitFor();
  await page.click(".learn__start");
  await page.locator(".learn__done", { hasText: "Lesson complete" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Next lesson" }).count(), 0);
  await page.locator(".learn__end").getByRole("button", { name: "All lessons" }).click();
  await card("atoms").waitFor();
});

test("a step brings its picture, and the reader is not overruled within it", async () => {
  await withLessons();
  await begin("pipes");
  assert.equal(await shownTab(), "Memory");
  await page.getByRole("tab", { name: "Eviction" }).click();
  await runAll();
  assert.equal(await shownTab(), "Eviction");
  await next();
  assert.equal(await shownTab(), "Keyspace");
  assert.equal(await page.locator(".inspector__name").textContent(), "a");
  await runAll();
  await key(page, "b").click();
  assert.equal(await page.locator(".inspector__name").textContent(), "b");
  await next();
  assert.equal(await shownTab(), "Policy lab");
  await page.locator(".learn__ways .button", { hasText: "Back" }).click();
  await page.locator(".inspector__name", { hasText: "a" }).waitFor();
});

const file = (name, text) => ({ name, mimeType: "text/markdown", buffer: Buffer.from(text) });
const OWN = `${head("My own")}## Mine\n\n\`\`\`redis\n> SET own 1\nOK\n\`\`\`\n`;

test("a lesson is opened from a file, says so, and is there after a reload", async () => {
  await withLessons();
  await toList();
  await page.setInputFiles(".lessons__file input", file("mine.md", OWN));
  await page.locator(".learn__title", { hasText: "My own" }).waitFor();
  assert.equal(await page.locator(".learn__origin").innerText(), "From the file mine.md");
  await reload(page);
  await page.locator(".learn__origin", { hasText: "mine.md" }).waitFor();
  await page.click(".learn__start");
  await runAll();
  await page.locator(".learn__done", { hasText: "Lesson complete" }).waitFor();
  assert.equal(await page.locator(".learn__origin").innerText(), "From the file mine.md");
  assert.match(await page.locator(".learn__end").innerText(), /more lessons in the list/);
  await untilKept(page, "SET own 1");
  await reload(page);
  await page.locator(".learn__origin", { hasText: "mine.md" }).waitFor();
  await page.locator(".learn__done", { hasText: "Lesson complete" }).waitFor();
});

test("a file that is no lesson is refused with line and reason, and the lesson stays", async () => {
  await withLessons();
  await begin("pipes");
  const bad = [
    ["no-head.md", "# Hello\n", /no-head\.md, line 1: a lesson starts with a ---/],
    ["fence.md", `${head("X")}## A\n\n\`\`\`redis\nno command\n\`\`\`\n`, /fence\.md, line \d+: /],
    ["html.md", `${head("X")}## A\n\n<script>alert(1)</script>\n`, /html\.md, line 9: raw HTML/],
    ["large.md", `${OWN}${"x".repeat(1 << 20)}`, /large\.md has more than a megabyte/],
    ["bytes.md", Buffer.from([0xff, 0xfe, 0]), /bytes\.md, line 1/],
  ];
  await toList();
  for (const [name, text, said] of bad) {
    await page.setInputFiles(".lessons__file input", file(name, text));
    await refused().filter({ hasText: name }).waitFor();
    assert.match(await refused().innerText(), said);
  }
  if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/lessons-refused.png` });
  await page.getByRole("button", { name: "Back to the lesson" }).click();
  await fact("1 of 3");
});

test("a lesson is dropped on the page", async () => {
  const folder = await mkdtemp(join(tmpdir(), "playground-lesson-"));
  const [good, bad] = [join(folder, "good.md"), join(folder, "bad.md")];
  await writeFile(good, OWN);
  await writeFile(bad, "no\n");
  const session = await page.context().newCDPSession(page);
  const drop = async (path) => {
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    for (const kind of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type: kind, x: 700, y: 300, data });
  };
  await drop(bad);
  await page.locator(".keeper__notice[role=alert]", { hasText: "This lesson cannot be opened. bad.md, line 1" }).waitFor();
  assert.match(await page.locator(".learn__title").innerText(), /Leaderboard/);
  await drop(good);
  await page.locator(".learn__origin", { hasText: "good.md" }).waitFor();
  await rm(folder, { recursive: true });
});

test("a lesson is opened from an address of the site, by a link and by the field; no other site is asked", async () => {
  await withLessons();
  await page.route("**/own/*.md", (route) => route.fulfill(route.request().url().includes("gone") ? { status: 404 } : { body: OWN }));
  const goTo = (hash) => page.evaluate((to) => { location.hash = to; }, hash);
  const notice = (text) => page.locator(".keeper__notice[role=alert]", { hasText: text });
  await goTo("#lesson-url=own/a.md");
  await page.locator(".learn__origin", { hasText: "From /own/a.md on this site" }).waitFor();
  await page.locator(".learn__start").waitFor();
  await goTo("#lesson-url=/own/b.md&step=1");
  await fact("1 of 1");
  await page.locator(".learn__origin", { hasText: "/own/b.md" }).waitFor();
  for (const address of ["https://example.com/x.md", "//example.com/x.md", "data:text/markdown,x", "javascript:alert(1)", "http://127.0.0.1:9/x.md"]) {
    await goTo(`#lesson-url=${address}`);
    await notice("only opened from the site that the page is on").waitFor();
    await page.getByRole("button", { name: "Close this message" }).click();
  }
  await page.locator(".learn__origin", { hasText: "/own/b.md" }).waitFor();
  await toList();
  const field = page.getByLabel("Address of a lesson on this site");
  await field.fill("https://example.com/x.md");
  await field.press("Enter");
  await refused().filter({ hasText: "only opened from the site" }).waitFor();
  await field.fill("/own/c.md");
  await field.press("Enter");
  await page.locator(".learn__origin", { hasText: "/own/c.md" }).waitFor();
  assert.equal(await page.evaluate(() => location.hash), "");
});

test("what is not there at an address of the site is said", async () => {
  const goTo = (hash) => page.evaluate((to) => { location.hash = to; }, hash);
  const elsewhere = [];
  page.on("response", (response) => !response.url().startsWith(new URL("/", page.url()).href) && elsewhere.push(response.url()));
  await page.route("**/own/moved.md", (route) => route.fulfill({ status: 302, headers: { location: "https://example.com/x.md" } }));
  for (const [path, said] of [["/own/gone.md", "the server answered 404"], ["/boot.js", "boot.js, line 1"], ["/own/moved.md", "could not be loaded"]]) {
    await goTo(`#lesson-url=${path}`);
    await page.locator(".keeper__notice[role=alert]", { hasText: said }).waitFor();
    await page.getByRole("button", { name: "Close this message" }).click();
  }
  await page.locator(".learn__title", { hasText: "Leaderboard" }).waitFor();
  // The browser itself tells of what was not there, and of where it was not let to.
  page.faults = page.faults.filter((fault) => !/404|ERR_FAILED|Unsafe attempt|request to/.test(fault));
  assert.deepEqual(elsewhere, []);
});

test("code for clients is one block with tabs; the choice holds for all blocks and after a reload, and code is copied", async () => {
  await withLessons();
  await begin("pipes");
  const tabs = page.getByRole("tablist", { name: "Client library" }).getByRole("tab");
  assert.deepEqual(await tabs.allInnerTexts(), ["redis-py", "node-redis", "Jedis", "go-redis", "redis-rs"]);
  const code = page.locator(".clients__code:visible");
  assert.match(await code.innerText(), /^r\.set/);
  assert.ok(await code.evaluate((block) => block.scrollWidth > block.clientWidth), "a long line is scrolled in its block");
  await page.focus("[role=tab][id^=code-tab][aria-selected=true]");
  for (const [press, name] of [["ArrowLeft", "redis-rs"], ["ArrowRight", "redis-py"], ["End", "redis-rs"], ["ArrowLeft", "go-redis"]]) {
    await page.keyboard.press(press);
    assert.equal(await page.evaluate(() => document.activeElement.textContent), name);
    assert.equal(await page.locator("[id^=code-tab][aria-selected=true]").innerText(), name);
  }
  assert.match(await code.innerText(), /^rdb\.Set/);
  const { origin } = new URL(page.url());
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  await page.click(".clients__copy");
  await page.locator(".clients [role=status]", { hasText: "Copied." }).waitFor({ state: "attached" });
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), "rdb.Set(ctx, \"a\", 1, 0)\n");
  await page.context().clearPermissions();
  await next();
  assert.match(await code.innerText(), /^rdb\.Set/);
  assert.deepEqual(await tabs.allInnerTexts(), ["Jedis", "go-redis", "redis-rs"]);
  await reload(page);
  await begin("pipes");
  await fact("2 of 3");
  assert.match(await code.innerText(), /^rdb\.Set/);
  await page.locator(".learn__ways .button", { hasText: "Back" }).click();
  await tabs.first().click();
  await next();
  assert.match(await code.innerText(), /^jedis/, "where there is no code for the chosen one, the first is shown");
});

test("a script in a lesson has its colours, and what is wrong is not shown", async () => {
  await withLessons();
  await begin("pipes");
  assert.equal(await page.locator(".prose__code .code--lua-keyword").first().innerText(), "return");
});

test("a step says what of the guide it teaches; the guide says which steps teach a line, and leads to them", async () => {
  await withLessons();
  await begin("pipes");
  const lines = page.locator(".taught__line");
  assert.deepEqual(await page.locator(".taught__section").allInnerTexts(), ["Do", "Do"]);
  assert.equal(await lines.first().locator("code").innerText(), "EXPIRE");
  await lines.first().focus();
  await page.keyboard.press("Enter");
  const guide = page.locator("dialog#guide");
  await guide.waitFor();
  const line = guide.locator(".guide__line[data-chosen=true]");
  assert.match(await line.innerText(), /Set appropriate EXPIRE/);
  assert.ok(await line.evaluate((one) => {
    const [box, dialog] = [one, one.closest(".dialog__body")].map((element) => element.getBoundingClientRect());
    return box.top >= dialog.top - 1 && box.bottom <= dialog.bottom + 1;
  }), "it is in sight");
  assert.deepEqual(await line.getByRole("link").allInnerTexts(), ["Pipes, 1: First SET", "Queues, 1: Only"]);
  assert.deepEqual(await guide.locator("h3").allInnerTexts(), ["Principles", "Patterns", "Do", "Don’t", "Use cases"]);
  assert.equal(await guide.locator(".guide__line").count(), 31);
  await page.keyboard.press("Escape");
  await guide.waitFor({ state: "detached" });
  assert.ok(await page.evaluate(() => document.activeElement.matches(".taught__line")), "the keyboard is back");
  await toList();
  await page.getByRole("button", { name: "The guide" }).click();
  await guide.getByRole("link", { name: "Queues, 1: Only" }).click();
  await guide.waitFor({ state: "detached" });
  await page.locator(".learn__lesson", { hasText: "Queues" }).waitFor();
  await fact("1 of 1");
  assert.equal(await type(page, "DBSIZE"), "(integer) 0\n");
});

test("where the list cannot be loaded, it says so, and the terminal works", async () => {
  let gone = true;
  await page.route("**/scenarios/index.txt", (route) => (gone ? route.fulfill({ status: 503 }) : route.fulfill({ body: INDEX })));
  await reload(page);
  await toList();
  await page.locator(".lessons .notice--error", { hasText: "503" }).waitFor();
  assert.equal(await type(page, "PING"), "PONG\n");
  gone = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await card("pipes").waitFor();
  page.faults = page.faults.filter((fault) => !fault.includes("503"));
});

const wide = (there) => there.evaluate(() => document.documentElement.scrollWidth - innerWidth);

for (const [width, height] of [[1440, 900], [768, 1024], [390, 844]]) {
  for (const theme of ["light", "dark"]) {
    test(`list, step and guide at ${width} px, ${theme}`, async () => {
      const there = await at.open({ width, height, theme });
      await withLessons(there);
      const look = async (name) => {
        assert.equal(await wide(there), 0, name);
        const out = await there.locator(".learn *:visible").evaluateAll((all) => all.filter((one) => {
          const [box, zone] = [one, one.closest(".learn")].map((element) => element?.getBoundingClientRect());
          return zone && !one.closest("pre, .hidden, .clients__tabs, .learn__all") && box.right > zone.right + 1;
        }).map((one) => one.className));
        assert.deepEqual(out, [], name);
        assert.deepEqual(await serious(there), [], name);
        if (process.env.PICTURES) await there.screenshot({ path: `${process.env.PICTURES}/lessons-${name}-${width}-${theme}.png` });
      };
      if (width < 700) await there.click(".bottom__tab:first-child");
      else if (width < 1100) await there.click(".header__learn");
      await begin("pipes", there);
      await runAll(there);
      await look("step");
      await there.locator(".taught").scrollIntoViewIfNeeded();
      await look("taught");
      await next(there);
      await toList(there);
      await look("list");
      await there.setInputFiles(".lessons__file input", file("mine.md", "no lesson"));
      await refused(there).waitFor();
      await there.getByRole("button", { name: "The guide" }).click();
      await there.locator("dialog#guide").waitFor();
      await look("guide");
      await there.keyboard.press("Escape");
      await card("queues", there).click();
      await look("cover");
      await there.click(".learn__start");
      await runAll(there);
      await there.locator(".learn__end").waitFor();
      await look("end");
      assert.deepEqual(await faults(there), []);
      await there.close();
    });
  }
}
