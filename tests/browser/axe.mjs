// What an accessibility checker says of a page.

/** What it finds serious or worse: the rule, and some of the places. */
export async function serious(page) {
  await page.addScriptTag({ url: "/axe.js" });
  // Half-transparent is no colour to measure: what has just come fades in.
  await page.waitForTimeout(700);
  const { violations } = await page.evaluate(() => window.axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  }));
  const found = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return found.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`)]);
}
