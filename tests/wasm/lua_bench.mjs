// How long the programs in tests/lua/bench take as scripts in WebAssembly, in milliseconds: `cargo xtask bench --lua` prints
// them beside the native times. The quickest of a few rounds counts.

import { readFileSync, readdirSync } from "node:fs";
import { path, start } from "./package.mjs";

const ROUNDS = 3;
const FOLDER = "tests/lua/bench";

function time(source) {
  const { playground, session, call } = start();
  const began = performance.now();
  let reply = call("EVAL", source, 0);
  while (reply === undefined) {
    playground.advance(1_000);
    reply = playground.receive(session)[0]?.reply;
  }
  const took = performance.now() - began;
  if (reply?.error) throw new Error(reply.error);
  playground.free();
  return took;
}

for (const name of readdirSync(path(FOLDER)).filter((name) => name.endsWith(".lua")).sort()) {
  const source = readFileSync(path(`${FOLDER}/${name}`));
  const times = Array.from({ length: ROUNDS }, () => time(source));
  console.log(name.replace(".lua", ""), Math.min(...times).toFixed(1));
}
