//! The README's picture: the built page in Chromium, as tests/browser/screenshot.mjs sets the scene.

use anyhow::Result;

use crate::build;
use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;
use crate::setup::{chromium, node};
use crate::test::browser_script;

/// Where the picture is kept, in the repository.
const PICTURE: &str = "www/screenshot.png";

/// Takes the picture anew.
pub fn take(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    build::page::build(paths, toolchain)?;
    let mut script = browser_script(paths, &node::ensure(paths)?, &chromium::ensure()?);
    process::run(script.args(["tests/browser/screenshot.mjs", PICTURE]))?;
    println!("{PICTURE}");
    Ok(())
}
