//! A Rust that can build for wasm32-unknown-unknown.
//!
//! Two ways. The Rust already in use, when it has that target or rustup can add it. Where rustup's server cannot be
//! reached, Debian's own Rust with the library's source package: it stands beside the first one, builds the standard
//! library itself, and therefore has a target folder of its own. Elsewhere: a message that says what to install.

use std::env;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::debian;
use crate::paths::Paths;
use crate::process;

const TARGET: &str = "wasm32-unknown-unknown";
/// A server that is not there can hang for minutes; the download itself takes seconds.
const ADD_LIMIT: Duration = Duration::from_mins(1);
const DEBIAN_PACKAGES: [&str; 5] =
    ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "rust-web-clippy"];

/// Which Rust builds what runs in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toolchain {
    /// The Rust in use, with its wasm target.
    Rustup,
    /// Debian's Rust, which compiles the standard library as well.
    Debian,
}

impl FromStr for Toolchain {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Self> {
        match name {
            "rustup" => Ok(Self::Rustup),
            "debian" => Ok(Self::Debian),
            _ => bail!("unknown wasm toolchain '{name}': it is `rustup` or `debian`"),
        }
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rustup => "the Rust in use",
            Self::Debian => "Debian's Rust",
        })
    }
}

impl Toolchain {
    /// `cargo SUBCOMMAND` for the wasm target, ready for packages and a profile to be named.
    pub fn cargo(self, paths: &Paths, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Rustup => native_cargo(),
            Self::Debian => debian_cargo(),
        };
        command.current_dir(&paths.root).arg(subcommand);
        command.args(["--target", TARGET, "--target-dir"]).arg(self.folder(paths));
        if self == Self::Debian {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        command
    }

    /// Where a build for `profile` leaves the .wasm file of `artifact`.
    pub fn artifact(self, paths: &Paths, profile: &str, artifact: &str) -> PathBuf {
        let folder = self.folder(paths).join(TARGET).join(profile);
        folder.join(format!("{artifact}.wasm"))
    }

    fn folder(self, paths: &Paths) -> PathBuf {
        match self {
            Self::Rustup => paths.cargo.clone(),
            Self::Debian => paths.cargo.join("debian-wasm"),
        }
    }
}

/// The cargo that runs this tool, so that what it builds is built by the same one.
pub fn native_cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Finds or installs a Rust that builds for the browser; `wanted` allows one of the two ways only.
pub fn ensure(wanted: Option<Toolchain>) -> Result<Toolchain> {
    match wanted {
        Some(Toolchain::Rustup) => rustup(),
        Some(Toolchain::Debian) => debian_rust(),
        None => rustup().or_else(|error| {
            eprintln!("note: {error:#}");
            debian_rust()
        }),
    }
}

fn rustup() -> Result<Toolchain> {
    if has_target() {
        return Ok(Toolchain::Rustup);
    }
    if process::find("rustup").is_none() {
        bail!("this Rust has no {TARGET} target and was not installed by rustup");
    }
    process::run_within(Command::new("rustup").args(["target", "add", TARGET]), ADD_LIMIT)
        .context("rustup could not add the wasm target")?;
    if !has_target() {
        bail!("rustup added {TARGET} to another toolchain than the one in use");
    }
    Ok(Toolchain::Rustup)
}

/// Whether the Rust in use has the target's standard library.
fn has_target() -> bool {
    let asked = process::output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]));
    asked.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn debian_rust() -> Result<Toolchain> {
    if debian_is_ready() {
        return Ok(Toolchain::Debian);
    }
    if !debian::can_install() {
        bail!(
            "the page needs Rust's {TARGET} target: run `rustup target add {TARGET}`, \
             or install your system's package of it (Fedora: rust-std-static-{TARGET}, Arch: rust-wasm)"
        );
    }
    debian::install(&DEBIAN_PACKAGES)?;
    if linker().is_none_or(|path| !path.exists()) {
        let package = linker().context("rust-web-llvm brought no /usr/bin/rust-lld")?;
        debian::install(&[&package.file_name().unwrap_or_default().to_string_lossy()])?;
    }
    if !debian_is_ready() {
        bail!("Debian's {} leave no working linker for {TARGET}", DEBIAN_PACKAGES.join(", "));
    }
    Ok(Toolchain::Debian)
}

fn debian_is_ready() -> bool {
    debian::is_debian()
        && ["cargo", "cargo-clippy"]
            .iter()
            .all(|name| process::is_executable(&Path::new("/usr/bin").join(name)))
        && linker().is_some_and(|path| path.exists())
        && sysroot_source().is_some_and(|path| path.is_dir())
}

/// The library's source, which build-std compiles.
fn sysroot_source() -> Option<PathBuf> {
    let mut rustc = debian_env(Command::new("/usr/bin/rustc"));
    let sysroot = process::output(rustc.args(["--print", "sysroot"])).ok()?;
    Some(Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library"))
}

/// What the link /usr/bin/rust-lld points to: `lld-NN`, the name of its package too, which rustc's do not depend on.
fn linker() -> Option<PathBuf> {
    let link = Path::new("/usr/bin/rust-lld");
    let target = fs::read_link(link).ok()?;
    Some(link.parent()?.join(target))
}

fn debian_cargo() -> Command {
    let mut command = debian_env(Command::new("/usr/bin/cargo"));
    command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    command
}

/// Frees `command` of what the other Rust's cargo told this process about itself.
fn debian_env(mut command: Command) -> Command {
    let path = env::var_os("PATH").unwrap_or_default();
    let path = [PathBuf::from("/usr/bin")].into_iter().chain(env::split_paths(&path));
    if let Ok(path) = env::join_paths(path) {
        command.env("PATH", path);
    }
    for name in ["RUSTUP_TOOLCHAIN", "RUSTUP_HOME", "RUSTC", "RUSTDOC", "LD_LIBRARY_PATH", "CARGO"] {
        command.env_remove(name);
    }
    command
}
