//! Building what runs outside the native world: the page and the JavaScript packages.
//! Both take the same way: cargo for wasm32, then glue, then an optimiser.

pub mod api;
mod glue;
pub mod page;

pub use glue::Target;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;

/// The cargo profile of everything that is sent to browsers.
const PROFILE: &str = "wasm";

/// Builds `package` for wasm32 and gives the path of `artifact`, its .wasm file.
fn cargo_build(paths: &Paths, toolchain: Toolchain, package: &str, artifact: &str) -> Result<PathBuf> {
    let mut command = toolchain.cargo(paths, "build");
    process::run(command.args(["--profile", PROFILE, "--package", package]))?;
    Ok(toolchain.artifact(paths, PROFILE, artifact))
}

/// The files under `folder`, deep, as paths relative to it, in order.
pub fn files_under(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder)?.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}
