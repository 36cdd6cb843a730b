// How long a reader waits for the prompt: from the navigation to the moment it is there, in a browser that has never
// seen the page. `cargo xtask bench` runs this on the built page.

import { launch, serve } from "./support.mjs";

const ROUNDS = 5;

// Runs before the page's own scripts, and notes when the prompt appears.
function watch() {
  const look = () => {
    if (document.querySelector("#prompt")) window.promptAt ??= performance.now();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

async function firstPrompt(address) {
  const { context, close } = await launch();
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.goto(address);
    return await (await page.waitForFunction(() => window.promptAt)).jsonValue();
  } finally {
    await close();
  }
}

const site = await serve();
const times = [];
for (let round = 0; round < ROUNDS; round += 1) times.push(await firstPrompt(site.address));
site.close();
times.sort((a, b) => a - b);
const [least, middle, most] = [times[0], times[Math.floor(ROUNDS / 2)], times[ROUNDS - 1]].map((ms) => ms.toFixed(0));
console.log(`first prompt in Chromium: ${middle} ms (median of ${ROUNDS}; ${least} to ${most})`);
