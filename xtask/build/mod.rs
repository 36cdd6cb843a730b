//! Building what runs outside the native world: the page and the JavaScript packages.
//! Both take the same way: cargo for wasm32, then glue, then an optimiser.

pub mod api;
mod glue;
pub mod page;

pub use glue::Target;

use std::path::PathBuf;

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
