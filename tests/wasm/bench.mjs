// How fast the JavaScript API answers in Node, as ratios to ioredis-mock: `cargo xtask bench` runs this.
//
// Each call, or each pipeline, is awaited on both sides, as code written for ioredis does. The rounds alternate, so
// that whatever else the machine does falls on both, and medians are compared. Start-up is measured in fresh processes.

import { execFileSync } from "node:child_process";
import { npm, path, start } from "./package.mjs";

const API = path("target/npm/nodejs/playground.js");
const MOCK = npm.resolve("ioredis-mock");

const NAMES = 10_000;
const PIPELINE = 100;
const ROUNDS = 7;
// How long one side of a round is measured, in milliseconds.
const SLICE = 150;
// Calls between two looks at the clock.
const BATCH = 16;

const Mock = npm("ioredis-mock");
const { playground, session } = start();
const mock = new Mock();

const key = (i) => `key:${i % NAMES}`;
const member = (i) => `player:${(i * 7919) % NAMES}`;
const hundred = (i) => Array.from({ length: PIPELINE }, (_, j) => key(i * PIPELINE + j));

const pipelined = (name, ...rest) => ({
  calls: PIPELINE,
  ours: (i) => playground.pipeline(session, hundred(i).map((k) => [name, k, ...rest])),
  theirs: (i) => {
    const pipeline = mock.pipeline();
    for (const k of hundred(i)) pipeline[name.toLowerCase()](k, ...rest);
    return pipeline.exec();
  },
});
const single = (name, args) => ({
  calls: 1,
  ours: (i) => playground.call(session, [name, ...args(i)]),
  theirs: (i) => mock[name.toLowerCase()](...args(i)),
});

const CASES = {
  "SET, one call at a time": single("SET", (i) => [key(i), "value"]),
  "GET, one call at a time": single("GET", (i) => [key(i)]),
  [`SET, pipelines of ${PIPELINE}`]: pipelined("SET", "value"),
  [`GET, pipelines of ${PIPELINE}`]: pipelined("GET"),
  [`ZADD, ${NAMES} members`]: single("ZADD", (i) => ["board", i % 1000, member(i)]),
  [`ZRANGE 0 9, ${NAMES} members`]: single("ZRANGE", () => ["board", 0, 9]),
  [`ZREVRANK, ${NAMES} members`]: single("ZREVRANK", (i) => ["board", member(i)]),
};

async function fill() {
  const pairs = Array.from({ length: NAMES }, (_, i) => [i % 1000, member(i)]).flat();
  playground.call(session, ["ZADD", "board", ...pairs]);
  await mock.zadd("board", ...pairs);
  // What is compared must answer alike.
  const [ours, theirs] = [playground.call(session, ["ZRANGE", "board", 0, 9]), await mock.zrange("board", 0, 9)];
  if (String(ours) !== String(theirs)) throw new Error(`ZRANGE: ${ours} here, ${theirs} in ioredis-mock`);
}

// Calls a second over about SLICE milliseconds.
async function rate(call, calls) {
  const start = performance.now();
  let done = 0;
  let elapsed = 0;
  while (elapsed < SLICE) {
    for (let n = 0; n < BATCH; n += 1) await call(done + n);
    done += BATCH;
    elapsed = performance.now() - start;
  }
  return (done * calls * 1000) / elapsed;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function row(name, ours, theirs, ratio) {
  console.log(name.padEnd(30), ours.padStart(12), theirs.padStart(12), ratio.padStart(8));
}

async function compare(name, { calls, ours, theirs }) {
  const rates = { ours: [], theirs: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const pair = [await rate(ours, calls), await rate(theirs, calls)];
    if (round === 0) continue; // Both are still being compiled.
    rates.ours.push(pair[0]);
    rates.theirs.push(pair[1]);
  }
  const [a, b] = [median(rates.ours), median(rates.theirs)];
  row(name, a.toFixed(0), b.toFixed(0), (a / b).toFixed(2));
}

// Milliseconds from an empty process to the first reply, the process's own start left out.
function startUp(program) {
  const times = Array.from({ length: ROUNDS }, () => Number(execFileSync(process.execPath, ["-e", program])));
  return median(times);
}

function compareStartUp() {
  const timed = (body) => `const t = performance.now(); const done = () => console.log(performance.now() - t); ${body}`;
  const ours = startUp(timed(`
    const { Playground } = require(${JSON.stringify(API)});
    const playground = new Playground();
    playground.call(playground.connect(), ["PING"]);
    done();`));
  const theirs = startUp(timed(`
    const Redis = require(${JSON.stringify(MOCK)});
    const redis = new Redis();
    redis.ping().then(() => { done(); redis.disconnect(); });`));
  row("start-up to PONG, ms", ours.toFixed(1), theirs.toFixed(1), (theirs / ours).toFixed(2));
}

row("calls a second", "playground", "ioredis-mock", "ratio");
await fill();
for (const [name, sides] of Object.entries(CASES)) await compare(name, sides);
compareStartUp();
mock.disconnect();
