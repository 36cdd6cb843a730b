//! The JavaScript packages of the API, in target/npm: `nodejs` for Node, `web` for browsers and bundlers.
//! TypeScript's declarations come with each.

use std::path::PathBuf;

use anyhow::Result;

use super::{Care, Target, cargo_build, glue};
use crate::paths::Paths;
use crate::setup::wasm_target::Toolchain;

/// Builds both packages and gives the folder they are in.
pub fn build(paths: &Paths, toolchain: Toolchain) -> Result<PathBuf> {
    let wasm = cargo_build(paths, toolchain, Care::Full, "playground-wasm", "playground_wasm")?;
    let npm = paths.npm();
    glue::generate(paths, &wasm, &npm.join("nodejs"), Target::Node, Care::Full)?;
    glue::generate(paths, &wasm, &npm.join("web"), Target::Web, Care::Full)?;
    Ok(npm)
}
