//! `cargo xtask bench`: how the project compares, as ratios of figures measured in one run on one machine.
//! Absolute figures say more about the machine; they are printed beside the ratios, to be read with that in mind.

mod native;

use anyhow::Result;

use crate::build;
use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;
use crate::setup::{chromium, node, oracle};
use crate::size;
use crate::test::browser_script;

/// Measures everything and prints it.
pub fn all(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    println!("== native server against the real Redis: redis-benchmark -P {}", native::PIPELINE);
    native::compare(paths, &oracle::ensure(paths)?)?;

    let node = node::ensure(paths)?;
    println!("\n== wasm in Node against ioredis-mock");
    build::api::build(paths, toolchain)?;
    process::run(node.command(paths).arg("tests/wasm/bench.mjs"))?;

    println!("\n== page");
    let site = build::page::build(paths, toolchain)?;
    process::run(browser_script(paths, &node, &chromium::ensure()?).arg("tests/browser/startup.mjs"))?;
    size::check(&site)
}
