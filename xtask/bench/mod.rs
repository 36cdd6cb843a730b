//! `cargo xtask bench`: how the project compares, as ratios of figures measured in one run on one machine.
//! Absolute figures say more about the machine; they are printed beside the ratios, to be read with that in mind.

mod client;
mod crowd;
mod lua;
mod memory;
mod native;
mod scale;
mod servers;
mod template;

use anyhow::Result;

use crate::build;
use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;
use crate::setup::{chromium, node, oracle};
use crate::size;
use crate::test::browser_script;
use servers::Pair;

/// Measures everything but growth, and prints it.
pub fn all(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    native(paths)?;

    let node = node::ensure(paths)?;
    println!("\n== wasm in Node against ioredis-mock");
    build::api::build(paths, toolchain)?;
    process::run(node.command(paths).arg("tests/wasm/bench.mjs"))?;

    println!();
    page(paths, toolchain)
}

/// How long the page takes to start, how smooth it is with many keys, and what it weighs.
pub fn page(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    println!("== page");
    let (node, chromium) = (node::ensure(paths)?, chromium::CHROMIUM.ensure()?);
    let site = build::page::build(paths, toolchain, build::Care::Full)?;
    size::check(&site)?;
    for script in ["tests/browser/startup.mjs", "tests/browser/performance.mjs"] {
        process::run(browser_script(paths, &node, &chromium).arg(script))?;
    }
    Ok(())
}

/// The native server's speed and memory against the real Redis's.
pub fn native(paths: &Paths) -> Result<()> {
    let oracle = oracle::ensure(paths)?;
    let servers = Pair::prepare(paths, &oracle)?;
    println!("== native server against the real Redis: redis-benchmark -P {}", native::PIPELINE);
    native::compare(&servers, &oracle)?;
    println!("\n== memory against the real Redis: 1,000,000 elements");
    memory::compare(&servers)?;
    println!("\n== many connections against the real Redis");
    crowd::compare(&servers)
}

/// What scripts cost, against the real Lua and the real Redis.
pub fn lua(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    let oracle = oracle::ensure(paths)?;
    println!("== the interpreter against Lua 5.1");
    lua::programs(paths, toolchain)?;
    println!("\n== commands called by a script, against the real Redis");
    lua::calls(&Pair::prepare(paths, &oracle)?)?;
    println!("\n== scripts inside of the engine");
    lua::inside(paths)
}

/// What commands cost as data grows.
pub fn scale(paths: &Paths) -> Result<()> {
    let oracle = oracle::ensure(paths)?;
    println!("== cost an operation as data grows");
    scale::compare(&Pair::prepare(paths, &oracle)?)
}
