//! Scripts: the interpreter against Lua's own, natively and in WebAssembly; commands that a script calls against the real
//! Redis; what a script costs inside of the engine.
//!
//! Programs are timed as processes, all alike. Knows nothing of what they do.

use std::env::consts::EXE_SUFFIX;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};

use super::client::Client;
use super::servers::{Pair, Server};
use crate::build;
use crate::files;
use crate::paths::Paths;
use crate::process;
use crate::setup::lua::LUA;
use crate::setup::node;
use crate::setup::wasm_target::{Toolchain, native_cargo};

/// Rounds that alternate; the quickest of each side counts.
const ROUNDS: usize = 3;
const PROGRAMS: &str = "tests/lua/bench";
/// A million calls of commands, in one script.
const CALLS: [(&str, &str); 3] = [
    (
        "SET and GET of 1,000 keys",
        "for i = 1, 500000 do local k = 'key:' .. i % 1000 redis.call('SET', k, i) redis.call('GET', k) end",
    ),
    ("SET of one key", "for i = 1, 1000000 do redis.call('SET', KEYS[1], 'value') end"),
    ("GET of one key", "for i = 1, 1000000 do redis.call('GET', KEYS[1]) end"),
];

/// Each program of the folder: ours, Lua's own, and ours in WebAssembly.
pub fn programs(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    let judge = LUA.ensure()?;
    let ours = example(paths, "playground-lua", "lua")?;
    let node = node::ensure(paths)?;
    build::api::build(paths, toolchain)?;
    let in_wasm = process::output(node.command(paths).arg("tests/wasm/lua_bench.mjs"))?;
    println!(
        "{:<36} {:>12} {:>12} {:>7} {:>12}",
        "milliseconds", "playground", "Lua 5.1", "ratio", "in wasm"
    );
    for name in files::under(&paths.root.join(PROGRAMS), &[])? {
        let file = paths.root.join(PROGRAMS).join(&name);
        let (mut mine, mut theirs) = (f64::MAX, f64::MAX);
        for _ in 0..ROUNDS {
            mine = mine.min(time(&ours, &file)?);
            theirs = theirs.min(time(&judge, &file)?);
        }
        let name = name.file_stem().unwrap_or_default().to_string_lossy();
        let wasm = in_wasm.lines().find_map(|line| line.strip_prefix(&*name)?.strip_prefix(' '));
        println!("{name:<36} {mine:>12.0} {theirs:>12.0} {:>7.2} {:>12}", mine / theirs, wasm.unwrap_or("-"));
    }
    Ok(())
}

/// Builds an example of a crate and gives where it is.
fn example(paths: &Paths, package: &str, name: &str) -> Result<std::path::PathBuf> {
    let mut build = native_cargo();
    build.current_dir(&paths.root).args(["build", "--release", "--package", package, "--example", name]);
    process::run(build.arg("--target-dir").arg(&paths.cargo))?;
    Ok(paths.cargo.join("release/examples").join(format!("{name}{EXE_SUFFIX}")))
}

/// Milliseconds that a program takes for a file.
fn time(program: &Path, file: &Path) -> Result<f64> {
    let start = Instant::now();
    process::output(Command::new(program).arg(file))?;
    Ok(start.elapsed().as_secs_f64() * 1_000.0)
}

/// A million calls of commands from `EVAL`'s arrival to its reply, at both servers.
pub fn calls(servers: &Pair<'_>) -> Result<()> {
    let (ours, theirs) = (servers.start_ours()?, servers.start_theirs()?);
    println!("{:<36} {:>12} {:>12} {:>7}", "seconds a million calls", "playground", "Redis", "ratio");
    for (what, script) in CALLS {
        let (mut mine, mut real) = (f64::MAX, f64::MAX);
        for _ in 0..ROUNDS {
            mine = mine.min(evaluate(&ours, script)?);
            real = real.min(evaluate(&theirs, script)?);
        }
        println!("{what:<36} {mine:>12.2} {real:>12.2} {:>7.2}", mine / real);
    }
    Ok(())
}

fn evaluate(server: &Server, script: &str) -> Result<f64> {
    let mut client = Client::connect(server.port)?;
    let start = Instant::now();
    client.ask(&["EVAL", script, "1", "key"]).context("a script that calls commands")?;
    Ok(start.elapsed().as_secs_f64())
}

/// The start of a script, and memory after many with garbage.
pub fn inside(paths: &Paths) -> Result<()> {
    process::run(&mut Command::new(example(paths, "playground-engine", "scripts")?))
}
