// What the tests of the JavaScript API share: the built package, and the npm packages, which live beside the browser's
// tests. Knows where things are; tests nothing.

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const root = new URL("../../", import.meta.url);

/** A path in the repository. */
export const path = (relative) => fileURLToPath(new URL(relative, root));

/** Loads what npm installed for the project. */
export const npm = createRequire(path("tests/browser/package.json"));

/** The package as Node loads it. */
export const { Playground, version, redisVersion } = npm(path("target/npm/nodejs/playground.js"));

/** A playground and a session of it. */
export function start(options) {
  const playground = new Playground(options);
  const session = playground.connect();
  return { playground, session, call: (...command) => playground.call(session, command) };
}
