// What every browser test needs: the built page on a server that sends the page's policy, a browser, and a page that
// fails its test on any console error or policy violation.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { after, afterEach, before, beforeEach } from "node:test";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "..", "..");
export const site = process.env.PLAYGROUND_SITE ?? join(root, "target", "site");
export const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

// Files that tests add to the site, by path: same-origin, so that the policy lets them in.
const extra = new Map([
  ["/axe.js", join(here, "node_modules", "axe-core", "axe.min.js")],
]);

/** Serves the built page; where `missing` says so, a file is not found. */
export async function serve(missing = () => false) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://site").pathname);
    const name = path === "/" ? "/index.html" : path;
    const file = extra.get(name) ?? join(site, normalize(name));
    const headers = { "Content-Security-Policy": POLICY, "Content-Type": TYPES[extname(name)] ?? "text/plain" };
    const body = missing(name) ? null : await readFile(file).catch(() => null);
    response.writeHead(body ? 200 : 404, headers).end(body ?? "not found");
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  server.unref();
  return { address: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A browser with a profile of its own. */
export async function launch() {
  const known = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const executablePath = known.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium: name one in CHROMIUM");
  const profile = await mkdtemp(join(tmpdir(), "playground-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--disable-lcd-text",
    ],
  });
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// The pictures and the timeline are drawn a moment after the answer they follow from, and nothing that reads a page may
// see it between the two: what Playwright reads by waits for that, so that no test has to think of it.
const READERS = [
  "allInnerTexts", "allTextContents", "ariaSnapshot", "boundingBox", "count", "evaluate", "evaluateAll", "getAttribute", "innerText",
  "inputValue", "isChecked", "isDisabled", "isEnabled", "isHidden", "isVisible", "screenshot", "textContent",
];

/** Lets what reads a page, or a part of it, wait until the page has settled. */
function readSettled(page) {
  for (const [reader, pageOf] of [[page, (self) => self], [page.locator("body"), (self) => self.page()]]) {
    const kind = Object.getPrototypeOf(reader);
    for (const name of READERS.filter((name) => kind[name] && !kind[name].settles)) {
      const read = kind[name];
      kind[name] = async function (...given) {
        await settled(pageOf(this));
        return read.apply(this, given);
      };
      kind[name].settles = true;
    }
  }
}

/** Opens the page and waits until it can be used. `page.faults` gathers what must not happen. */
export async function open(context, address, { width = 1440, height = 900, theme = "light", paused = true, hash = "" } = {}) {
  const page = await context.newPage();
  readSettled(page);
  page.faults = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") page.faults.push(message.text());
  });
  page.on("pageerror", (error) => page.faults.push(String(error)));
  page.on("dialog", (dialog) => {
    page.faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(address) && !request.url().startsWith(`blob:${address}`)) page.faults.push(`request to ${request.url()}`);
  });
  await page.addInitScript(() => {
    // What earlier tests left is gone before the page could read it; what this one leaves outlives a reload.
    if (!sessionStorage.getItem("begun")) localStorage.clear();
    sessionStorage.setItem("begun", "yes");
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  // Once a page, before it reads what an earlier one kept; a reload keeps what there is.
  await page.addInitScript(() => {
    if (sessionStorage.getItem("opened")) return;
    sessionStorage.setItem("opened", "yes");
    const request = indexedDB.open("redis-playground", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("work");
    request.onsuccess = () => {
      request.result.transaction("work", "readwrite").objectStore("work").clear();
      request.result.close();
    };
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: theme });
  // What waits for a time that passes by itself is found on a machine slower than the author's.
  const rate = Number(process.env.PLAYGROUND_SLOWER ?? 1);
  if (rate > 1) await (await context.newCDPSession(page)).send("Emulation.setCPUThrottlingRate", { rate });
  await page.goto(address + hash);
  await page.evaluate(() => localStorage.clear());
  await page.locator("#prompt").waitFor({ state: "attached" });
  if (paused) {
    await page.keyboard.press("Alt+KeyP");
    await page.locator(".clock[data-running=false]").waitFor();
  }
  return page;
}

/** Gives the tests of a file a server and a browser; the result's `open` opens a page on them. */
export function withBrowser() {
  const at = { open: (options) => open(at.browser.context, at.server.address, options) };
  before(async () => {
    at.server = await serve();
    at.browser = await launch();
  });
  after(async () => {
    await at.browser?.close();
    at.server?.close();
  });
  return at;
}

/** Gives each test of a file a page of its own, through `use`, and fails those on whose page something went wrong. */
export function withPage(use) {
  const at = withBrowser();
  let page;
  beforeEach(async () => {
    page = await at.open();
    use(page);
  });
  afterEach(async () => {
    const found = await faults(page);
    await page.close();
    assert.deepEqual(found, []);
  });
}

/** What must not have happened on a page. */
export async function faults(page) {
  return [...page.faults, ...(await page.evaluate(() => window.violations))];
}

/** Waits until the pictures and the timeline show what the last answers came of; not for all that a restore brings. */
async function settled(page) {
  await page.locator(".page[data-late]:not(:has(.keeper__notice progress))").waitFor({ state: "detached" });
}

/** Types a line at the prompt of the shown session and gives the answer that is printed. Where a quote is open, Enter alone
 * would not run it. */
export async function type(page, line, key = "Enter") {
  const before = await page.evaluate(() => [...document.querySelectorAll(".session[data-shown=true] .exchange")].pop()?.id);
  await page.fill("#prompt", line);
  await page.press("#prompt", key);
  await page.waitForFunction(
    (known) => [...document.querySelectorAll(".session[data-shown=true] .exchange")].pop()?.id !== known,
    before,
    { polling: 5 },
  );
  return page.locator(".session[data-shown=true] .exchange").last().locator(".exchange__answer").textContent();
}

/** The row of a key in the list. */
export function key(page, name) {
  return page.locator(".key:not(.key--leaving)").filter({ has: page.locator(".key__name", { hasText: name }) });
}

/** The names in the list of keys. */
export function keyNames(page) {
  return page.locator(".key:not(.key--leaving) .key__name").allTextContents();
}

/** Moves the virtual clock by one of the menu's steps, such as `+10 s`. */
export async function step(page, by) {
  await page.click(".clock__now");
  await page.locator(".menu__steps button", { hasText: by }).first().click();
  await page.click(".clock__now");
}

/** Pastes text at the prompt, as a clipboard would. */
export function paste(page, text) {
  return page.locator("#prompt").evaluate((input, pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);
}

/** The answers in the log, oldest first. */
export function answers(page) {
  return page.locator(".exchange__answer").allTextContents();
}
