//! A Python that has the pinned redis-py, for the test that a real client works against our server.
//! The pin is tests/clients/requirements.txt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::debian;
use crate::paths::Paths;
use crate::process;

/// A Python and, where no virtual environment could be made, the folder that holds its packages.
#[derive(Debug, Clone)]
pub struct Python {
    pub program: PathBuf,
    pub packages: Option<PathBuf>,
}

impl Python {
    /// Tells a program that `command` starts which Python to run.
    pub fn tell(&self, command: &mut Command) {
        command.env("PYTHON", &self.program);
        if let Some(packages) = &self.packages {
            command.env("PYTHONPATH", packages);
        }
    }
}

/// Finds Python and brings its packages up to the requirements.
pub fn ensure(paths: &Paths) -> Result<Python> {
    let wanted = fs::read(paths.root.join(REQUIREMENTS)).context(REQUIREMENTS)?;
    let venv = paths.made("venv");
    let program = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if is_current(&venv, &wanted) && process::is_executable(&program) {
        return Ok(Python { program, packages: None });
    }
    let folder = paths.made("python");
    let system = process::find("python3")
        .or_else(|| process::find("python"))
        .context("install Python 3.9 or newer: no `python3` on the PATH")?;
    if is_current(&folder, &wanted) {
        return Ok(Python { program: system, packages: Some(folder) });
    }
    if make_venv(&system, &venv) {
        install(paths, &program, &[])?;
        fs::write(venv.join(INSTALLED), wanted)?;
        return Ok(Python { program, packages: None });
    }
    eprintln!("note: no virtual environment (on Debian, python3-venv makes them): a plain folder instead");
    install(paths, &system, &["--target", &folder.to_string_lossy()])?;
    fs::write(folder.join(INSTALLED), wanted)?;
    Ok(Python { program: system, packages: Some(folder) })
}

const REQUIREMENTS: &str = "tests/clients/requirements.txt";
/// A copy of the requirements, left beside what they installed.
const INSTALLED: &str = "installed-requirements.txt";

/// Makes a virtual environment; Debian keeps what that takes in a package of its own.
fn make_venv(python: &Path, venv: &Path) -> bool {
    let make = || process::run(Command::new(python).args(["-m", "venv", "--clear"]).arg(venv)).is_ok();
    make() || (debian::can_install() && debian::install(&["python3-venv"]).is_ok() && make())
}

fn is_current(folder: &Path, wanted: &[u8]) -> bool {
    fs::read(folder.join(INSTALLED)).is_ok_and(|installed| installed == wanted)
}

fn install(paths: &Paths, python: &Path, more: &[&str]) -> Result<()> {
    let mut pip = Command::new(python);
    pip.current_dir(&paths.root);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    process::run(pip.args(more).args(["--requirement", REQUIREMENTS]))
}
