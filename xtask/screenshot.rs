//! Pictures of the built page in Chromium: the README's, or one of each zone. Scripts beside the browser tests set the
//! scenes and keep the pictures.

use anyhow::Result;

use crate::args::Pictures;
use crate::build::{self, Care};
use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;
use crate::setup::{chromium, node};
use crate::test::browser_script;

/// Takes the pictures anew.
pub fn take(paths: &Paths, toolchain: Toolchain, of: Pictures) -> Result<()> {
    build::page::build(paths, toolchain, Care::Full)?;
    let mut script = browser_script(paths, &node::ensure(paths)?, &chromium::CHROMIUM.ensure()?);
    process::run(script.arg(match of {
        Pictures::Readme => "tests/browser/screenshot.mjs",
        Pictures::Zones => "tests/browser/zones.mjs",
    }))
}
