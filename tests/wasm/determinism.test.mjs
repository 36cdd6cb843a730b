// The fixed workload, played in WebAssembly: state and answers must be those that the native tests pin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { path, start } from "./package.mjs";

const SEED = 42;
const WORD = 64;

/** FNV-1a over texts, each after its length, as the engine's own digest takes them in. */
class Digest {
  #hash = 0xcbf29ce484222325n;

  word(text) {
    const bytes = Buffer.from(text);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(bytes.length));
    this.#mix(length);
    this.#mix(bytes);
  }

  #mix(bytes) {
    for (const byte of bytes) {
      this.#hash = BigInt.asUintN(WORD, (this.#hash ^ BigInt(byte)) * 0x100000001b3n);
    }
  }

  get value() {
    return this.#hash;
  }
}

test("a run in WebAssembly is the native run", () => {
  const script = readFileSync(path("tests/fixtures/determinism.txt"), "utf8");
  const { playground, session } = start({ seed: SEED });
  const sessions = new Map([["main", session]]);
  let speaker = "main";
  const answers = new Digest();
  for (const line of script.split("\n").filter((line) => line && !line.startsWith("#"))) {
    if (line.startsWith("@advance ")) {
      playground.advance(Number(line.slice("@advance ".length)));
    } else if (line.startsWith("@session ")) {
      speaker = line.slice("@session ".length);
      if (!sessions.has(speaker)) sessions.set(speaker, playground.connect());
    } else {
      answers.word(playground.executeLine(sessions.get(speaker), line).text);
    }
    for (const name of [...sessions.keys()].sort()) {
      for (const { text } of playground.receive(sessions.get(name))) answers.word(text);
    }
  }
  const hex = (number) => number.toString(16).padStart(WORD / 4, "0");
  const pinned = readFileSync(path("tests/fixtures/determinism.digest"), "utf8");
  assert.equal(`${hex(playground.digest())} ${hex(answers.value)}\n`, pinned);
});
