// How smooth the page is with many keys: from the Enter key to the painted answer, and the longest stretches in which the
// page could not react while 1,000 commands a second run. `cargo xtask bench --page` runs this on the built page; sizes as
// arguments measure others. Fails where the first size misses its limits.

import { launch, open, serve, type } from "./support.mjs";

const SIZES = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100_000, 1_000_000];
const LIMITS = { paint: 50, task: 200 };
const LINES = 200;
const SECONDS = 10;
const [BATCHES, BATCH] = [10, 100]; // a second, and commands in each

const shapes = [
  (n) => `SET user:${n}:name reader-${n} EX ${60 + n % 600}`,
  (n) => `GET user:${n}:name`,
  (n) => `INCRBY page:${n % 500}:views ${n % 7}`,
  (n) => `ZADD board ${n % 997} player:${n % 300}`,
  (n) => `HSET session:${n % 400} user ${n} seen ${n * 3}`,
  (n) => `LPUSH queue:${n % 20} job-${n}`,
  (n) => `EXPIRE page:${n % 500}:views 90`,
  (n) => `DEL user:${(n * 31) % 5_000}:name`,
];
const line = (n) => shapes[n % shapes.length](n);

// Runs in the page: notes each Enter in the prompt and when its answer was painted, and every long task.
function watch() {
  window.paints = [];
  window.tasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) window.tasks.push({ startTime, duration });
  }).observe({ type: "longtask" });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.id !== "prompt") return;
    const from = performance.now();
    const newest = () => [...document.querySelectorAll(".session[data-shown=true] .exchange")].pop()?.id;
    const before = newest();
    const painted = () => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      // What is sent while a frame is made arrives when it has been painted.
      port1.onmessage = () => (newest() === before ? painted() : window.paints.push(performance.now() - from));
      port2.postMessage(0);
    });
    painted();
  }, { capture: true });
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

async function paints(page, lines) {
  await page.evaluate(() => { window.paints = []; });
  for (const [done, text] of lines.entries()) {
    await page.fill("#prompt", text);
    await page.press("#prompt", "Enter");
    await page.waitForFunction((count) => window.paints.length >= count, done + 1);
  }
  return (await page.evaluate(() => window.paints)).sort((a, b) => a - b);
}

// Runs in the page: pastes a batch whenever one is due, as somebody with quick fingers would, until all is done.
async function drive({ batches, period }) {
  window.tasks = [];
  const from = performance.now();
  const input = document.querySelector("#prompt");
  for (const [at, lines] of batches.entries()) {
    const early = from + at * period - performance.now();
    await new Promise((due) => setTimeout(due, Math.max(0, early)));
    const data = new DataTransfer();
    data.setData("text/plain", lines);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  }
  while (document.querySelector(".terminal__waiting")) await new Promise(requestAnimationFrame);
  return { took: performance.now() - from, tasks: window.tasks };
}

async function load(page) {
  const batches = Array.from({ length: SECONDS * BATCHES }, (_, batch) =>
    Array.from({ length: BATCH }, (_, n) => line(batch * BATCH + n)).join("\n"));
  const { took, tasks } = await page.evaluate(drive, { batches, period: 1_000 / BATCHES });
  return { rate: SECONDS * BATCHES * BATCH / took * 1_000, tasks: tasks.map(({ duration }) => duration).sort((a, b) => a - b) };
}

const ms = (value) => `${value.toFixed(1)} ms`;
const site = await serve();
const browser = await launch();
let missed = false;
for (const keys of SIZES) {
  const page = await open(browser.context, site.address, { paused: false });
  await page.evaluate(watch);
  await type(page, `DEBUG POPULATE ${keys} user`);
  await page.waitForTimeout(1_000);
  console.log(`${keys.toLocaleString("en")} keys`);
  for (const tab of ["Keyspace", "Memory"]) {
    await page.getByRole("tab", { name: tab }).click();
    await page.waitForTimeout(500);
    const times = await paints(page, Array.from({ length: LINES }, (_, n) => line(n)));
    const [half, most] = [at(times, 0.5), at(times, 0.95)];
    console.log(`  ${tab}: Enter to paint ${ms(half)} median, ${ms(most)} 95th percentile, ${ms(times.at(-1))} at most`);
    const { rate, tasks } = await load(page);
    const longest = tasks.at(-1) ?? 0;
    console.log(`  ${tab}: ${rate.toFixed(0)} commands/s for ${SECONDS} s: ${tasks.length} tasks over 50 ms, the longest ${ms(longest)}`);
    if (keys === SIZES[0] && (most > LIMITS.paint || longest > LIMITS.task)) missed = true;
  }
  // Some thousand steps back, along the slider.
  const steps = await page.evaluate(async () => {
    const button = document.querySelector(".timeline__open");
    if (button.getAttribute("aria-expanded") === "false") button.click();
    while (!document.querySelector(".travel__slider")) await new Promise(requestAnimationFrame);
    const slider = document.querySelector(".travel__slider");
    const steps = Number(slider.max);
    const times = [];
    for (const back of [1, 1_000, 10_000]) {
      const target = steps - back;
      const from = performance.now();
      slider.value = String(target);
      slider.dispatchEvent(new InputEvent("input", { bubbles: true }));
      while (document.querySelector(".timeline").dataset.past !== String(target)) await new Promise(requestAnimationFrame);
      times.push([back, performance.now() - from]);
      document.querySelector(".travel .button--primary").click();
      await new Promise((done) => setTimeout(done, 300));
    }
    return times;
  });
  console.log(`  ${steps.map(([back, took]) => `${back.toLocaleString("en")} steps back ${ms(took)}`).join(", ")}`);
  await page.close();
}
await browser.close();
site.close();
if (missed) {
  console.error(`With ${SIZES[0]} keys, Enter to paint must stay below ${LIMITS.paint} ms (95th percentile) and tasks below ${LIMITS.task} ms.`);
  process.exit(1);
}
