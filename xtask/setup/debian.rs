//! Debian's package manager, the one that this tool may install with.
//! Knows how to install; which packages, and what to do elsewhere, is for the callers to know.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use anyhow::Result;

use crate::process;

/// Whether this machine is a Debian, and so its package names are the ones we know.
pub fn is_debian() -> bool {
    fs::read_to_string("/etc/os-release")
        .is_ok_and(|text| text.lines().any(|line| line.trim() == "ID=debian"))
}

/// Whether we may install system packages: on Debian, as root.
pub fn can_install() -> bool {
    is_debian() && process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Refreshes the package lists, once in a run.
pub fn update() -> Result<()> {
    static DONE: OnceLock<()> = OnceLock::new();
    if DONE.get().is_none() {
        process::run(apt_get().args(["-qq", "update"]))?;
        let _ = DONE.set(());
    }
    Ok(())
}

/// Installs `packages` and what they depend on, without what they merely recommend.
pub fn install(packages: &[&str]) -> Result<()> {
    update()?;
    let mut command = apt_get();
    command.args(["-qq", "install", "-y", "--no-install-recommends"]);
    process::run(command.args(packages).stdout(std::process::Stdio::null()))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
