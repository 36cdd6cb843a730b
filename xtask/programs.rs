//! The project's own programs that know the engine: the recorder and the generator of files.
//! They are spawned through cargo, since this tool must build, and quickly, while the engine does not.

use std::ffi::OsStr;

use anyhow::Result;

use crate::paths::Paths;
use crate::process;
use crate::setup::oracle::Oracle;
use crate::setup::wasm_target::native_cargo;

/// Runs the program `name` of the tests' crate; one that asks a real Redis is told where it is.
pub fn run(paths: &Paths, name: &str, args: &[impl AsRef<OsStr>], oracle: Option<&Oracle>) -> Result<()> {
    let mut command = native_cargo();
    command.current_dir(&paths.root).args(["run", "--quiet", "--package", "playground-tests"]);
    command.args(["--bin", name, "--"]).args(args);
    if let Some(oracle) = oracle {
        oracle.tell(&mut command);
    }
    process::run(&mut command)
}
