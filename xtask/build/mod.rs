//! Building what runs outside the native world: the page and the JavaScript packages.
//! Both take the same way: cargo for wasm32, then glue, then an optimiser.

pub mod api;
mod glue;
mod lessons;
pub mod page;

pub use glue::Target;

use std::path::PathBuf;

use anyhow::Result;

use crate::paths::Paths;
use crate::process;
use crate::setup::wasm_target::Toolchain;

/// How much care a build takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Care {
    /// What is sent to browsers: as small as it can be made.
    #[default]
    Full,
    /// For whoever changes the page and looks at it: large and slow, but built in seconds after a change.
    Quick,
}

impl Care {
    /// The profile of cargo.
    fn profile(self) -> &'static str {
        match self {
            Self::Full => "wasm",
            Self::Quick => "wasm-quick",
        }
    }
}

/// Builds `package` for wasm32 and gives the path of `artifact`, its .wasm file.
fn cargo_build(
    paths: &Paths,
    toolchain: Toolchain,
    care: Care,
    package: &str,
    artifact: &str,
) -> Result<PathBuf> {
    let mut command = toolchain.cargo(paths, "build");
    process::run(command.args(["--profile", care.profile(), "--package", package]))?;
    Ok(toolchain.artifact(paths, care.profile(), artifact))
}
