// Takes a picture of each zone of the built page, and of what opens over it, in both themes and at three widths, into
// target/pictures. `cargo xtask screenshot --zones` runs this; a name or part of one as argument takes fewer.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { put, reload, work } from "./kept.mjs";
import { launch, open, paste, root, serve, step, type } from "./support.mjs";

const WIDTHS = [[1440, 900], [768, 1024], [390, 844]];
const THEMES = ["light", "dark"];
const only = process.argv[2] ?? "";

const DATA = [
  "MSET user:1:name ann user:2:name bob user:3:name cy page:home:views 120 page:shop:views 47",
  "SET session:ann '{\"user\":1,\"cart\":[\"tea\",\"milk\"],\"since\":1767225600}' EX 90",
  "SET session:bob token EX 20",
  "ZADD board 90 ann 80 bob 80 cy 31 dee 120 eva",
  "HSET profile:1 name Ann city Lisbon visits 12",
  "HEXPIRE profile:1 60 FIELDS 1 visits",
  "RPUSH queue:mail m1 m2 m3 m4 m5",
  "SADD tags red green blue",
  "SADD ids 1 2 3 5 8 13",
  "XADD events 1767225600000-0 kind click x 4",
  "XADD events 1767225601500-0 kind click x 9",
  "XADD events 1767225609000-0 kind buy item tea",
  "XGROUP CREATE events workers 0",
  "XREADGROUP GROUP workers w1 COUNT 2 STREAMS events >",
  "PFADD visitors a b c d e f g h i j",
  "GEOADD places 13.361389 38.115556 Palermo 15.087269 37.502669 Catania 12.5113 41.8919 Rome",
  "SETBIT flags 7 1",
  "SETBIT flags 19 1",
];

const TRANSFER = `EVAL "local from, to = KEYS[1], KEYS[2]
local amount = tonumber(ARGV[1])
local left = tonumber(redis.call('HGET', from, 'visits'))
if left < amount then
  return redis.error_reply('POOR too little')
end
redis.call('HINCRBY', from, 'visits', -amount)
redis.call('INCRBY', to, amount)
return left - amount" 2 profile:1 page:home:views 4`;

const tab = (page, name) => page.getByRole("tab", { name, exact: true }).click();

/** On a phone, one zone is shown at a time. */
async function go(page, zone) {
  const place = { learn: 1, do: 2, see: 3 }[zone];
  const bar = page.locator(`.bottom__tab:nth-child(${place})`);
  if (await bar.isVisible()) await bar.click();
}

/** The lesson, out of its drawer where it has one. */
async function learn(page) {
  await go(page, "learn");
  const drawer = page.locator(".header__learn");
  if (await drawer.isVisible()) await drawer.click();
}

/** A step of a lesson, on what the steps before it did. */
async function lesson(page, name, step) {
  await page.evaluate((hash) => (location.hash = hash), `#lesson=${name}&step=${step}`);
  await page.locator(".header__lesson, .learn__count").first().waitFor({ state: "attached" });
  await page.waitForTimeout(1_500);
  await learn(page);
}

/** A piece of the step is brought to the top of what is seen of it. */
const seen = (part) => part.evaluate((element) => element.scrollIntoView({ block: "start" }));

async function look(page, name, face) {
  await type(page, "ECHO look");
  await go(page, "see");
  await page.locator(".key").filter({ has: page.locator(".key__name", { hasText: new RegExp(`^${name}$`) }) }).first().click();
  if (face) await page.locator(".ins-faces__face", { hasText: face }).click();
}

/** Loads the page again with something that it kept, and has a message for. */
async function keep(page, pairs) {
  await page.waitForTimeout(200);
  await put(page, pairs, { clear: true });
  await reload(page);
  await page.locator(".keeper__notice").waitFor();
}

/** What is seen, by name; each starts from the same data. */
const SCENES = {
  "learn-cover": learn,
  "learn-step": async (page) => {
    await learn(page);
    await page.click(".learn__start");
    await page.locator(".learn .play .run").first().click();
  },
  "learn-list": async (page) => {
    await learn(page);
    await page.getByRole("button", { name: "All lessons" }).click();
  },
  "learn-script": async (page) => {
    await lesson(page, "rate-limiter", 5);
    await page.locator(".run--script").first().click();
    await seen(page.locator(".run--script").first());
  },
  "learn-clients": async (page) => {
    await lesson(page, "job-queue", 7);
    await seen(page.locator(".clients").first());
  },
  "learn-living": async (page) => {
    await lesson(page, "cache-aside", 5);
    const clients = page.locator(".living").first();
    await clients.locator(".living__steer").click();
    await page.waitForTimeout(12_000);
    await clients.locator(".living__steer").click();
    await clients.locator("#slider-lock").check();
    await clients.locator(".living__steer").click();
    await page.waitForTimeout(8_000);
    await seen(clients);
  },
  "learn-race": async (page) => {
    await lesson(page, "lost-update", 2);
    const race = page.locator(".living").first();
    await race.locator(".race__order").nth(1).click();
    await race.locator(".race__next").click();
    await race.locator(".race__next").click();
    await seen(race);
  },
  "do-answers": async (page) => {
    for (const line of ["GET user:1:name", "HGETALL profile:1", "INCR board", "ZRANGE board 0 -1 REV WITHSCORES"]) await type(page, line);
    await page.fill("#prompt", "ZADD board NX 5 ");
  },
  "do-sessions": async (page) => {
    await page.keyboard.press("Alt+KeyC");
    await page.fill("#prompt", "BLPOP jobs 30");
    await page.press("#prompt", "Enter");
    await page.keyboard.press("Alt+KeyK");
    const beside = page.getByRole("button", { name: /side by side/i });
    if (await beside.first().isVisible()) await beside.first().click();
  },
  "do-script": async (page) => {
    await go(page, "do");
    await page.keyboard.press("Alt+KeyE");
    await page.locator("#script").fill("# who leads, and by how much\nZADD board 131 fay\nINCR board\n\nZRANGE board 0 2 REV WITHSCORES\nZRANK board ann");
    await page.keyboard.press("Control+Shift+Enter");
    await page.locator(".editor__line[data-mark=done]").last().waitFor();
  },
  "do-debugger": async (page) => {
    await go(page, "do");
    await page.fill("#prompt", TRANSFER);
    await page.getByRole("button", { name: "Step through" }).click();
    await page.locator("#debug-line-9").click();
    for (let steps = 0; steps < 5; steps += 1) await page.keyboard.press("s");
  },
  "do-debugger-over": async (page) => {
    await go(page, "do");
    await page.fill("#prompt", TRANSFER);
    await page.locator("#prompt").press("Alt+KeyG");
    await page.locator(".debugger__lines").waitFor();
    await page.keyboard.press("c");
  },
  "do-script-line": async (page) => {
    await go(page, "do");
    await page.fill("#prompt", TRANSFER);
  },
  "do-endless": async (page) => {
    await go(page, "do");
    await page.fill("#prompt", 'EVAL "while true do end" 0');
    await page.press("#prompt", "Enter");
    await page.locator(".terminal__why").waitFor();
  },
  "see-keyspace": async (page) => go(page, "see"),
  "see-filter": async (page) => {
    await go(page, "see");
    await page.click(".keybar__more");
    await page.selectOption("#keys-volatile", "with");
  },
  "see-tree": async (page) => {
    await go(page, "see");
    await page.getByRole("button", { name: "Tree" }).or(page.getByRole("radio", { name: "Tree" })).first().click({ force: true });
    await page.locator(".space__mark").first().click();
  },
  ...Object.fromEntries([
    ["string", "session:ann"], ["list", "queue:mail"], ["hash", "profile:1"], ["set", "tags"], ["zset", "board"],
    ["stream", "events"], ["hyperloglog", "visitors"], ["geo", "places"], ["bitmap", "flags", "Bitmap"],
    ["line", "board", "Number line"], ["moments", "events", "Time line"], ["groups", "events", "Groups"], ["hex", "session:ann", "Hex"],
  ].map(([kind, name, face]) => [`see-${kind}`, (page) => look(page, name, face)])),
  "see-memory": async (page) => {
    await go(page, "see");
    await tab(page, "Memory");
    await page.waitForTimeout(600);
  },
  "see-eviction": async (page) => {
    await type(page, "CONFIG SET maxmemory-policy allkeys-lru");
    for (const part of [0, 1, 2]) {
      await paste(page, Array.from({ length: 100 }, (_, n) => `SET cache:${part * 100 + n} ${"v".repeat(400)}`).join("\n"));
      await page.waitForTimeout(400);
      await step(page, "+10 s");
    }
    await type(page, "CONFIG SET maxmemory 900kb");
    await go(page, "see");
    await tab(page, "Eviction");
    await page.locator(".victim, .eviction__victim").first().click().catch(() => {});
  },
  "see-lab": async (page) => {
    await go(page, "see");
    await tab(page, "Policy lab");
    await page.getByRole("button", { name: "Run", exact: true }).last().click();
    await page.locator("[data-stage=ended]").waitFor({ timeout: 120_000 });
    await page.locator(".lab-bars").first().scrollIntoViewIfNeeded().catch(() => {});
  },
  "timeline-past": async (page) => {
    await step(page, "+10 s");
    await page.keyboard.press("Alt+KeyZ");
    await page.keyboard.press("Alt+KeyZ");
    await page.keyboard.press("Alt+KeyZ");
  },
  share: async (page) => {
    await page.click(".share__open");
    await page.locator(".share__link").waitFor();
  },
  "share-too-long": async (page) => {
    await paste(page, Array.from({ length: 3_000 }, (_, n) => `SET cache:${n} ${(n * 7_919) % 10_007}`).join("\n"));
    await page.waitForTimeout(1_000);
    await page.click(".share__open");
    await page.locator(".share__said").waitFor();
  },
  "share-offer": async (page) => {
    const text = `redis-playground 1\nseed 0\nstart 1767225600000\n@session main\n> ECHO \u202eevil\n${DATA.map((line) => `> ${line}\n`).join("")}@session alice\n> BLPOP jobs 30\n@advance 10000ms step\n`;
    await page.evaluate((hash) => (location.hash = hash), `#r=1.${deflateRawSync(text).toString("base64url")}`);
    await page.locator(".offer__text").waitFor();
  },
  "share-refused": async (page) => {
    await page.evaluate(() => (location.hash = "#r=1.abcde"));
    await page.locator(".keeper__notice").waitFor();
  },
  "share-previous": async (page) => {
    await page.click(".share__open");
    await page.getByRole("button", { name: "Start afresh" }).click();
    await page.locator(".keeper__notice").waitFor();
  },
  "restore-running": (page) => keep(page, work(700_000)),
  "restore-stopped": async (page) => {
    await keep(page, work(250_000));
    await page.getByRole("button", { name: "Stop", exact: true }).click();
  },
  "restore-damaged": (page) => keep(page, [[0, "<html>"], ["meta", "version 1\nchunks 1\n"]]),
  "clock-menu": async (page) => page.click(".clock__now"),
  shortcuts: async (page) => page.keyboard.press("Alt+KeyH"),
};

const folder = join(root, "target", "pictures");
await mkdir(folder, { recursive: true });
const site = await serve();
const browser = await launch();
let failed = 0;
for (const [name, scene] of Object.entries(SCENES).filter(([name]) => name.includes(only))) {
  for (const [width, height] of WIDTHS) {
    for (const theme of THEMES) {
      const page = await open(browser.context, site.address, { width, height, theme });
      page.setDefaultTimeout(10_000);
      try {
        await paste(page, DATA.join("\n"));
        await page.waitForTimeout(300);
        await scene(page);
        await page.mouse.move(0, 0);
        // What has just come has faded in.
        await page.waitForTimeout(1_000);
      } catch (error) {
        failed += 1;
        console.error(`${name}, ${width} px, ${theme}: ${error.message.split("\n")[0]}`);
      }
      await page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) });
      await page.close();
    }
  }
  console.log(name);
}
await browser.close();
site.close();
console.log(`in ${folder}`);
if (failed > 0) process.exit(1);
