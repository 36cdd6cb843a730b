import { test } from "node:test";
import { faults, open, type, paste, withBrowser, key } from "./support.mjs";
const at = withBrowser();
const dir = process.env.SHOTS;
for (const [width, height, theme] of [[1440, 900, "dark"], [1440, 900, "light"], [768, 1024, "light"], [390, 844, "dark"]]) {
  test(`${width} ${theme}`, async () => {
    const page = await at.open({ width, height, theme });
    const zone = async (n) => { if (width < 700) await page.click(`.bottom__tab:nth-child(${n})`); };
    const shot = (name) => page.screenshot({ path: `${dir}/${width}-${theme}-${name}.png` });
    await zone(3); await shot("0empty"); await zone(2);
    for (const line of ["HSET user:1 name ann age 31", "HSET user:2 name bob", "SET user:1:visits 12 EX 400", "SET session:ab12 token EX 60", "SET session:cd34 token EX 6000", "ZADD board 90 ann 70 bob", "RPUSH queue:mail a b c", "XADD log * a 1", "SADD tags:red a", "SET greeting hello", "SET user:1:last:page /home"]) await type(page, line);
    await type(page, "APPEND greeting \" world and all\"");
    await zone(3);
    await shot("1flat");
    await page.click(".keybar .switch .button >> text=Tree");
    await page.locator(".space", { hasText: "user:" }).locator(".space__mark").click();
    await page.locator(".space", { hasText: "1:" }).locator(".space__mark").click();
    await page.locator(".space", { hasText: "user:" }).first().click();
    await page.waitForTimeout(400);
    await page.click(".space-panel__delete");
    await shot("2tree");
    await page.click(".keybar__more");
    await page.locator(".keybar__chip", { hasText: /hash/ }).click();
    await page.fill("#keys-pattern", "user:*");
    await page.selectOption("#keys-order", "memory");
    await shot("3filter");
    await page.fill("#keys-pattern", "user:x*");
    await shot("4none");
    console.log(await faults(page));
    await page.close();
  });
}
