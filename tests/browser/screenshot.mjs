// Takes the README's picture of the built page: the leaderboard lesson, played half way. Run by `node`.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launch, open, root, serve, type } from "./support.mjs";

const STEPS = 3;
const server = await serve();
const browser = await launch();
const page = await open(browser.context, server.address, { theme: "dark" });

await page.click(".learn__start");
for (let step = 0; step <= STEPS; step += 1) {
  if (step === STEPS) await type(page, "ZADD leaderboard 60 eva 75 finn 110 gus 155 hana 88 ivo 132 jo");
  // What is not in the picture need not be in the terminal: fewer letters, a smaller file.
  if (step === STEPS) await page.fill("#prompt", "clear").then(() => page.press("#prompt", "Enter"));
  for (const run of await page.locator(".learn .play .run").all()) await run.click();
  if (step < STEPS) await page.locator(".learn__ways .button--primary").click();
}
await type(page, "SET session:ann token EX 90");
await type(page, "INCR visits");
await page.fill("#prompt", "ZADD leaderboard ");
await page.mouse.move(0, 0);
// The bars have grown and the new rows faded in.
await page.waitForTimeout(1500);
const picture = await page.screenshot();
const to = join(root, "www", "screenshot.png");
await writeFile(to, picture);
console.log(`${to}: ${Math.round(picture.length / 1024)} KB`);

await browser.close();
server.close();
