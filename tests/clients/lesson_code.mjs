// The node-redis code of lessons, out of their Markdown, to be run; and ways to look at what comes of it on the server.
//
// Each fence becomes a module as it is, in a temporary folder in which the package `redis` connects to the test's
// server: its port is what the script is called with. Knows nothing of what any lesson shows.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const real = createRequire(path.join(here, "../browser/package.json"))("redis");
const lessons = path.join(here, "../../www/scenarios");
const ownPort = Number(process.argv[2]);
/** The test's own client. */
export const r = real.createClient({ socket: { port: ownPort } });

const FENCE = /^```javascript node-redis\n(.*?)^```$/gms;
/** What is defined at the left margin, and so known to the whole module. */
const DEFINED = /^(?:async +)?(?:function\*?|const|let|class) +([A-Za-z_$][\w$]*)/gm;

const folder = mkdtempSync(path.join(tmpdir(), "redis-playground-lessons-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Clients that lessons have opened. */
const opened = [];
/** Where they find the server. */
let port = ownPort;

/** Notes a client, and those that are made after it. */
function note(client) {
  const duplicate = client.duplicate.bind(client);
  client.duplicate = (...options) => note(duplicate(...options));
  opened.push(client);
  return client;
}

/** What lessons get for node-redis: all of it, but the server of the test stands where a reader's own does. */
function install() {
  globalThis.lessonRedis = {
    ...real,
    createClient(options = {}) {
      return note(real.createClient({ ...options, socket: { port, ...options.socket } }));
    },
  };
  const names = Object.keys(globalThis.lessonRedis).filter((name) => /^\w+$/.test(name) && name !== "default");
  const redis = path.join(folder, "node_modules/redis");
  mkdirSync(redis, { recursive: true });
  writeFileSync(path.join(redis, "package.json"), '{ "name": "redis", "type": "module", "exports": "./index.mjs" }');
  const exported = names.map((name) => `export const ${name} = globalThis.lessonRedis.${name};\n`);
  writeFileSync(path.join(redis, "index.mjs"), exported.join(""));
}
install();

/** The code of one lesson. */
export class Lesson {
  static count = 0;

  constructor(name) {
    this.name = name;
    this.text = readFileSync(path.join(lessons, `${name}.md`), "utf8");
    this.fences = [...this.text.matchAll(FENCE)];
    this.replaced = new Map();
  }

  /**
   * Runs the code, with stand-ins for what it takes from elsewhere, by name; gives what it defines. There may be
   * another port, where nobody listens.
   */
  async run(standIns = {}, otherPort = ownPort) {
    port = otherPort;
    for (const [name, standIn] of Object.entries(standIns)) {
      if (!this.replaced.has(name)) this.replaced.set(name, globalThis[name]);
      globalThis[name] = standIn;
    }
    const defined = {};
    for (const fence of this.fences) {
      // An error shows the lines of the lesson.
      const start = this.text.indexOf("\n", fence.index) + 1;
      const before = this.text.slice(0, start).replace(/[^\n]/g, "");
      const names = [...fence[1].matchAll(DEFINED)].map(([, name]) => name);
      const file = path.join(folder, `${this.name}-${++Lesson.count}.mjs`);
      writeFileSync(file, `${before}${fence[1]}\nexport { ${names.join(", ")} };\n`);
      Object.assign(defined, await import(pathToFileURL(file)));
    }
    return defined;
  }

  /** The clients that its code has opened. */
  get clients() {
    return opened;
  }

  /** Ends its connections, and takes the stand-ins away. */
  end() {
    // One that has not connected yet would complain: it is left to end with the process.
    for (const client of opened.splice(0)) if (client.isReady) client.destroy();
    for (const [name, before] of this.replaced) {
      if (before === undefined) delete globalThis[name];
      else globalThis[name] = before;
    }
  }
}

/** Waits for what takes a moment. */
export async function until(condition) {
  for (let tries = 0; tries < 1000; tries++) {
    if (await condition()) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("it did not come to pass");
}

/** Lets a client, and those that are made after it, subscribe and pass on what GET answers a moment later. */
export function slowDown(client) {
  const { duplicate, get, subscribe } = client;
  const pause = (value) => new Promise((done) => setTimeout(done, 50, value));
  client.duplicate = (...options) => slowDown(duplicate(...options));
  client.get = (...words) => get.apply(client, words).then(pause);
  client.subscribe = (...words) => pause().then(() => subscribe.apply(client, words));
  return client;
}

/** Ends what goes on for ever. */
export class Enough extends Error {}

/** So many numbers, from 0 on. */
export const numbers = (count) => Array.from({ length: count }, (_, n) => n);

/** A key has so many seconds left; it may be two seconds since it was given them. */
export async function lives(key, least, most = least) {
  const left = await r.ttl(key);
  assert.ok(least - 2 <= left && left <= most, `${key}: ${left} s`);
}

/** Waits until a client waits in the server. */
export const untilBlocked = () => until(async () => /^blocked_clients:[^0]/m.test(await r.info("clients")));

/** Ends the wait of the client that waits in the server, or soon will, as its own time-out does. */
export async function timeIsUp() {
  await until(async () => {
    const waiting = (await r.clientList()).find(({ flags }) => flags.includes("b"));
    return waiting && (await r.sendCommand(["CLIENT", "UNBLOCK", `${waiting.id}`])) === 1;
  });
}

/** Awaits what comes to wait in the server, and acts when it does. */
export const onceBlocked = (act, promise) => Promise.all([promise, untilBlocked().then(act)]);

/** Cuts the connections of a lesson's clients, and waits until they are there again. */
export async function cutConnections() {
  const again = opened.map((client) => new Promise((done) => client.once("ready", done)));
  await r.sendCommand(["CLIENT", "KILL", "SKIPME", "yes"]);
  await Promise.all(again);
}

/**
 * Looks on until the lesson ends. The function that it gives tells which commands were sent since it was last called;
 * those by which a client introduces itself are left out.
 */
export async function monitor() {
  const [lines, own] = [[], note(r.duplicate().on("error", () => {}))];
  await own.connect();
  await own.monitor((line) => {
    const [name, ...words] = [...line.matchAll(/"(.*?)(?<!\\)"/g)].map(([, word]) => word);
    lines.push([name.toUpperCase(), ...words].join(" "));
  });
  return async () => {
    await r.echo("up to now");
    const end = () => lines.indexOf("ECHO up to now") + 1;
    await until(end);
    return lines.splice(0, end()).filter((line) => !/^(CLIENT|HELLO|ECHO) /.test(line));
  };
}

/** Blocking commands wait for a while, but no minute. */
export function checkWaits(commands) {
  const waits = commands.flatMap((command) => {
    const [, ms, s] = / BLOCK (\d+)|^(?:BLMOVE|BRPOP) .* (\S+)$/.exec(command) ?? [];
    return ms ? [ms / 1000] : s ? [Number(s)] : [];
  });
  assert.ok(waits.length && waits.every((wait) => 1 <= wait && wait < 60), `${waits} s`);
}

/** The lesson that is being played. */
let playing = "none yet";

/** Plays one lesson on an empty server; gives what is wrong with it, or nothing. */
async function play(name, part) {
  playing = name;
  await r.flushAll();
  await r.configSet({ maxmemory: "0", "maxmemory-policy": "noeviction" });
  await r.configResetStat();
  const lesson = new Lesson(name);
  if (!lesson.fences.length) return `${name}: it has no code for node-redis`;
  try {
    await part(lesson);
    return null;
  } catch (error) {
    return `${name}: ${error.stack}`;
  } finally {
    lesson.end();
  }
}

/** Plays all lessons, each by the part with its name; ends the process. */
export async function playAll(parts) {
  const fail = (why) => {
    process.stderr.write(`${why}\n`);
    process.exit(1);
  };
  // What is thrown where nobody waits for it, such as by a client that has no listener for errors.
  process.on("uncaughtException", (error) => fail(`${playing}: ${error.stack}`));
  // Nothing here takes long.
  setTimeout(fail, 120_000, `it hangs: ${playing}`);
  await r.connect();
  const file = (part) => part.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const named = new Map(parts.map((part) => [file(part), part]));
  const there = readdirSync(lessons).filter((file) => file.endsWith(".md")).map((file) => file.slice(0, -3));
  const wrong = [];
  for (const name of there) {
    const part = named.get(name);
    wrong.push(part ? await play(name, part) : `${name}: it has no part in lessons_test.mjs`);
  }
  for (const name of named.keys()) if (!there.includes(name)) wrong.push(`${name}: there is no such lesson`);
  console.log(`${named.size} lessons played`);
  const complaints = wrong.filter(Boolean);
  if (complaints.length) fail(complaints.join("\n"));
  process.exit();
}
