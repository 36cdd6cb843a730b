// Lessons as their files have them, for tests that play them: what there is to do in each step, and what it answers.

/** The names in the list of lessons, as the build writes it. */
export function names(index) {
  return index.split("\n\n").map((entry) => entry.trim().split("\n")[0]).filter(Boolean);
}

/** Whether the quotes of a command are closed: one that is open goes on in the next line. */
const isWhole = (command) => /^(?:[^"']|"(?:\\[\s\S]|[^"\\])*"|'(?:\\'|[^'])*')*$/.test(command);

/** What there is to do in a block, in its order: `run`, `advance`, `turn`, `show`, `close`, with what it answers. */
function entries(lines) {
  const found = [];
  let [unordered, blocks] = [false, false];
  for (const line of lines) {
    const last = found.at(-1);
    if (last?.kind === "run" && !last.answer.length && !isWhole(last.text)) {
      last.text += `\n${line}`;
      continue;
    }
    const [, directive, rest] = line.match(/^@(\S+) ?(.*)$/) ?? [];
    if (line.startsWith("> ")) {
      found.push({ kind: "run", text: line.slice(2), unordered, blocks, answer: [] });
      [unordered, blocks] = [false, false];
    } else if (directive === "unordered") unordered = true;
    else if (directive === "expect-blocked") blocks = true;
    else if (directive) {
      const kind = { session: "turn", receive: "show", close: "close", advance: "advance", config: "run" }[directive];
      // What the answer to a setting is, no lesson writes.
      found.push({ kind, text: rest, answer: directive === "receive" ? [] : ["OK"] });
    } else if (found.length && !line.startsWith("#")) found.at(-1).answer.push(line.replace(/^\\/, ""));
  }
  for (const entry of found) while (entry.answer.at(-1)?.trim() === "") entry.answer.pop();
  return found;
}

/** The steps of a lesson: a title, what there is to do in the order in which the page shows it, and a solution apart. */
export function steps(source) {
  const found = [];
  let [fence, info, lines] = [null, "", []];
  for (const line of source.replace(/^---\n[\s\S]*?\n---\n/, "").split("\n")) {
    const [, mark, rest] = line.match(/^(`{3,}|~{3,})(.*)$/) ?? [];
    if (fence) {
      if (!(mark?.startsWith(fence) && !rest.trim())) {
        lines.push(line);
        continue;
      }
      if (info === "redis") found.at(-1).plays.push(...entries(lines));
      if (info === "solution") found.at(-1).solution.push(...entries(lines));
      fence = null;
    } else if (mark) [fence, info, lines] = [mark, rest.trim(), []];
    else if (line.startsWith("## ")) found.push({ title: line.slice(3), plays: [], solution: [] });
  }
  return found;
}

const numberless = (line) => line.replace(/^(\s*\d+\) )+/, "");

/** Whether what is printed is what is written; the log shows only the first lines of a long answer. */
export function isAsWritten({ answer, unordered }, printed) {
  const lines = printed.replaceAll("\r", "").replace(/\n+$/, "").split("\n");
  if (unordered) return JSON.stringify(lines.map(numberless).sort()) === JSON.stringify(answer.map(numberless).sort());
  const written = answer.length > lines.length && lines.length >= 10 ? answer.slice(0, lines.length) : answer;
  return lines.join("\n").trim() === written.join("\n").trim();
}

/** The last command in each session's log, whose beginning is not there for ever. */
const lastOnes = () => [...document.querySelectorAll(".session")].map((one) => [...one.querySelectorAll(".exchange")].pop()?.id).join();

/** Waits until a command that was given has its answer in the shown session, or waits there, and gives what is printed. */
async function answered(page, entry, before) {
  if (entry.blocks) {
    await page.locator(".session[data-shown=true] [data-blocked]").waitFor();
    return "";
  }
  await page.waitForFunction(`(${lastOnes})() !== ${JSON.stringify(before)}`, null, { polling: 5 });
  return page.locator(".session[data-shown=true] .exchange").last().locator(".exchange__answer").first().textContent();
}

/** Has simulated clients come, looks at them for a while, and sends them away; the clock stands still again. */
async function watchClients(page, block) {
  await block.locator(".living__steer").click();
  await page.waitForFunction((clients) => parseInt(clients.querySelector(".living__time").textContent, 10) >= 3, await block.elementHandle());
  await block.locator(".living__steer", { hasText: "Stop" }).click();
  await block.and(page.locator("[data-runs=false]")).waitFor();
  await page.keyboard.press("Alt+KeyP");
  await page.locator(".clock[data-running=false]").waitFor();
  return block.locator(".living__fault").allInnerTexts();
}

/** Plays the last of a race's prepared orders, its first move by itself. */
async function runRace(block) {
  await block.locator(".race__order").last().click();
  await block.locator(".race__next").click();
  if (await block.locator(".race__rest").count()) await block.locator(".race__rest").click();
  const columns = await block.locator(".race__column").count();
  await block.locator(".race__over").nth(columns - 1).waitFor();
  return block.locator(".living__fault").allInnerTexts();
}

/** Clicks all there is to do in the current step, and gives what was not answered as written. */
export async function playStep(page, step) {
  const solution = page.getByRole("button", { name: "Show a solution" });
  if (await solution.count()) await solution.click();
  const all = [...step.plays, ...step.solution];
  const blocks = await page.locator(".learn .prose :is(.play, .living)").all();
  const kinds = await page.locator(".learn .prose :is(.play, .living)").evaluateAll((found) => found.map((one) => one.className));
  const places = blocks.filter((_, at) => !kinds[at].startsWith("living"));
  if (places.length !== all.length) return [`${places.length} things to do, ${all.length} are written`];
  const wrong = [];
  let next = 0;
  for (const [place, block] of blocks.entries()) {
    if (kinds[place].startsWith("living")) {
      const faults = kinds[place].includes("race") ? await runRace(block) : await watchClients(page, block);
      wrong.push(...faults);
      continue;
    }
    const [at, entry] = [next, all[next]];
    next += 1;
    if (entry.kind === "turn") continue;
    const before = await page.evaluate(lastOnes);
    await block.locator(".run").click();
    if (entry.kind !== "run") {
      const isShown = at < step.plays.length && entry.kind !== "show";
      if (isShown) await page.locator(`.learn .prose .play >> nth=${at}`).and(page.locator("[data-done=true]")).waitFor();
      continue;
    }
    const printed = await answered(page, entry, before);
    if (!entry.blocks && !isAsWritten(entry, printed)) wrong.push({ command: entry.text, written: entry.answer, printed });
  }
  return wrong;
}
