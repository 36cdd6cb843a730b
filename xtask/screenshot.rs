//! The README's picture: the built page in Chromium, as tests/browser/screenshot.mjs sets the scene.

use anyhow::Result;

use crate::build;
use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;
use crate::setup::{chromium, node};
use crate::test::serve_in_background;

/// Where the picture is kept, in the repository.
const PICTURE: &str = "www/screenshot.png";

/// Takes the picture anew.
pub fn take(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    build::page::build(paths, toolchain)?;
    let mut command = node::ensure(paths)?.command(paths);
    command.args(["tests/browser/screenshot.mjs", PICTURE]).env("CHROMIUM", chromium::ensure()?);
    process::run(command.env("PLAYGROUND_URL", serve_in_background(paths)?))?;
    println!("{PICTURE}");
    Ok(())
}
