//! Node and the packages that tests and tools take from npm, installed exactly as the lock file says.
//! What a package is for is written in tests/browser/package.json, not here.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::paths::Paths;
use crate::process;

/// Node, with the project's packages installed.
#[derive(Debug, Clone)]
pub struct Node {
    pub program: PathBuf,
    packages: PathBuf,
}

impl Node {
    /// `node ARGS…` at the root of the repository.
    pub fn command(&self, paths: &Paths) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&paths.root);
        command
    }

    /// A file of an installed package.
    pub fn package_file(&self, file: &str) -> PathBuf {
        self.packages.join(file)
    }
}

/// Finds Node and brings its packages up to the lock file.
pub fn ensure(paths: &Paths) -> Result<Node> {
    let program = process::find("node").context("install Node.js 20 or newer: no `node` on the PATH")?;
    let version = process::output(Command::new(&program).arg("--version"))?;
    let major = version.trim().trim_start_matches('v').split('.').next().unwrap_or_default();
    if major.parse::<u32>().is_ok_and(|major| major < 20) {
        bail!("install Node.js 20 or newer: this one is {}", version.trim());
    }
    let packages = paths.node_project().join("node_modules");
    install_if_stale(paths, &packages)?;
    Ok(Node { program, packages })
}

/// A copy of the lock file is left in `node_modules`, and compared: times of files mean nothing after a checkout.
fn install_if_stale(paths: &Paths, packages: &std::path::Path) -> Result<()> {
    let project = paths.node_project();
    let lock = fs::read(project.join("package-lock.json")).context("tests/browser/package-lock.json")?;
    let installed = packages.join(".installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let npm = process::find("npm").context("install npm: it is not on the PATH")?;
    let mut command = Command::new(npm);
    command.current_dir(&project);
    command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    process::run(&mut command)?;
    fs::write(installed, lock)?;
    Ok(())
}
