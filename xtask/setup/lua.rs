//! A real Lua 5.1 for the test that compares ours with it: one that is there, or Debian's.

use std::env;
use std::path::PathBuf;

use anyhow::{Result, bail};

use super::debian;
use crate::process;

/// What it is called where there are several versions.
const NAMES: [&str; 3] = ["lua5.1", "lua51", "lua-5.1"];

/// Finds Lua, or installs it on Debian.
pub fn ensure() -> Result<PathBuf> {
    if let Some(path) = env::var_os("LUA").map(PathBuf::from) {
        if process::is_executable(&path) {
            return Ok(path);
        }
        bail!("LUA is {}, which is no program", path.display());
    }
    if let Some(path) = find() {
        return Ok(path);
    }
    if debian::can_install() {
        debian::install(&["lua5.1"])?;
    }
    match find() {
        Some(path) => Ok(path),
        None => bail!("install Lua 5.1, or set LUA to the path of it"),
    }
}

fn find() -> Option<PathBuf> {
    NAMES.iter().find_map(|name| process::find(name))
}
