//! The README's picture: the built page in Chromium, as tests/browser/screenshot.mjs sets the scene and keeps it.

use anyhow::Result;

use crate::build::{self, Care};
use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;
use crate::setup::{chromium, node};
use crate::test::browser_script;

/// Takes the picture anew.
pub fn take(paths: &Paths, toolchain: Toolchain) -> Result<()> {
    build::page::build(paths, toolchain, Care::Full)?;
    let mut script = browser_script(paths, &node::ensure(paths)?, &chromium::ensure()?);
    process::run(script.arg("tests/browser/screenshot.mjs"))
}
