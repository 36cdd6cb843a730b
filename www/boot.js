// Starts the page: loads the compiled Rust beside it. A file of its own, since the page's policy forbids inline scripts.

import init from "./playground.js";

await init({ module_or_path: "./playground_bg.wasm" });
