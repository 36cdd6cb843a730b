// The declarations: they compile under the strictest settings, a program that uses everything compiles against them,
// and the API's own part never says `any`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { npm, path } from "./package.mjs";

test("a strict TypeScript program compiles against the declarations", () => {
  const compiler = npm.resolve("typescript/lib/tsc.js");
  const settings = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "esnext", "--module", "nodenext"];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...settings, path("tests/wasm/usage.ts")], { encoding: "utf8" });
  assert.equal(status, 0, stdout);
});

test("nothing of the API is any", () => {
  const declarations = readFileSync(path("target/npm/nodejs/playground.d.ts"), "utf8");
  const code = declarations.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  assert.doesNotMatch(code, /\bany\b/);
});
