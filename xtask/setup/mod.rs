//! What the other subcommands need on the machine, each found or installed by a file of its own.
//! `cargo xtask setup` gets everything at once; the others get what they need when they need it.

pub mod chromium;
pub mod debian;
pub mod lua;
pub mod node;
pub mod oracle;
mod program;
pub mod python;
pub mod wasm_target;

use anyhow::Result;

use crate::paths::Paths;
use wasm_target::Toolchain;

/// Gets everything; what could not be got is told at the end, all of it, with what to do.
pub fn all(paths: &Paths, toolchain: Option<Toolchain>) -> Result<()> {
    let mut missing = Vec::new();
    let mut tell = |what: &str, found: Result<String>| match found {
        Ok(found) => println!("{what}: {found}"),
        Err(error) => missing.push(format!("{what}: {error:#}")),
    };
    tell("wasm target", wasm_target::ensure(toolchain).map(|found| found.to_string()));
    tell("Node packages", node::ensure(paths).map(|node| node.program.display().to_string()));
    tell("Chromium", chromium::CHROMIUM.ensure().map(|path| path.display().to_string()));
    tell("Redis 8", oracle::ensure(paths).map(|oracle| oracle.server.display().to_string()));
    tell("Lua 5.1", lua::LUA.ensure().map(|path| path.display().to_string()));
    tell("redis-py", python::ensure(paths).map(|python| python.program.display().to_string()));
    if missing.is_empty() {
        return Ok(());
    }
    anyhow::bail!("not everything could be set up:\n  {}", missing.join("\n  "))
}
