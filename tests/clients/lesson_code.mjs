// The node-redis code of lessons, out of their Markdown, to be run: each fence becomes a module as it is, in a
// temporary folder in which the package `redis` connects to the test's server.
//
// Knows nothing of what any lesson shows.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
export const real = createRequire(path.join(here, "../browser/package.json"))("redis");
export const lessons = path.join(here, "../../www/scenarios");

const FENCE = /^```javascript node-redis\n(.*?)^```$/gms;
/** What is defined at the left margin, and so known to the whole module. */
const DEFINED = /^(?:async +)?(?:function\*?|const|let|class) +([A-Za-z_$][\w$]*)/gm;

const folder = mkdtempSync(path.join(tmpdir(), "redis-playground-lessons-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** Clients that lessons have opened. */
const opened = [];
/** Where they find the server. */
let port = 0;

/** What lessons get for node-redis: all of it, but the server of the test stands where a reader's own does. */
function install() {
  globalThis.lessonRedis = {
    ...real,
    createClient(options = {}) {
      const client = real.createClient({ ...options, socket: { port, ...options.socket } });
      opened.push(client);
      return client;
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

  constructor(name, serverPort) {
    this.name = name;
    this.port = serverPort;
    this.text = readFileSync(path.join(lessons, `${name}.md`), "utf8");
    this.fences = [...this.text.matchAll(FENCE)];
    this.replaced = new Map();
  }

  /**
   * Runs the code, with stand-ins for what it takes from elsewhere, by name; gives what it defines. There may be
   * another port, where nobody listens.
   */
  async run(standIns = {}, otherPort = this.port) {
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
