//! A real Redis 8.0 or newer: the judge of every behaviour.
//!
//! `REDIS_SERVER` names one, or the PATH holds one. Otherwise, on Debian, the packages of a newer suite are unpacked into
//! target/oracle together with that suite's C library, and run by that library's own loader: nothing outside that
//! folder changes, and it needs no root. The mirror is the one this machine's apt already uses.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::debian;
use crate::paths::Paths;
use crate::process;

const PROGRAMS: [&str; 3] = ["redis-server", "redis-cli", "redis-benchmark"];
const SUITE: &str = "trixie";
/// The programs and each library that they load.
const PACKAGES: [&str; 13] = [
    "redis-server",
    "redis-tools",
    "libatomic1",
    "libc6",
    "libcap2",
    "libgcc-s1",
    "libjemalloc2",
    "liblzf1",
    "libssl3t64",
    "libstdc++6",
    "libsystemd0",
    "libzstd1",
    "zlib1g",
];

/// The programs of a real Redis.
#[derive(Debug, Clone)]
pub struct Oracle {
    pub server: PathBuf,
    pub cli: PathBuf,
    pub benchmark: PathBuf,
}

impl Oracle {
    /// The programs that stand beside `server`, or else on the PATH.
    fn beside(server: PathBuf) -> Self {
        let sibling = |name: &str| {
            let beside = server.with_file_name(name);
            if process::is_executable(&beside) { Some(beside) } else { process::find(name) }
                .unwrap_or_else(|| PathBuf::from(name))
        };
        Self { cli: sibling("redis-cli"), benchmark: sibling("redis-benchmark"), server }
    }

    /// Tells a program that `command` starts where the real Redis is.
    pub fn tell(&self, command: &mut Command) {
        command.env("REDIS_SERVER", &self.server);
        command.env("REDIS_CLI", &self.cli).env("REDIS_BENCHMARK", &self.benchmark);
    }

    /// `redis-server` on `port` of this machine alone, keeping nothing, with its inspection commands allowed.
    pub fn serve(&self, port: u16, folder: &Path) -> Command {
        let mut command = Command::new(&self.server);
        command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        command.args(["--appendonly", "no", "--enable-debug-command", "yes"]);
        command.args(["--enable-protected-configs", "yes", "--dir"]).arg(folder);
        command
    }
}

/// Finds a real Redis, or unpacks one.
pub fn ensure(paths: &Paths) -> Result<Oracle> {
    if let Some(server) = env::var_os("REDIS_SERVER").map(PathBuf::from) {
        let major = major_version(&server).with_context(|| format!("REDIS_SERVER={}", server.display()))?;
        if major < 8 {
            bail!("REDIS_SERVER is Redis {major}: the tests need 8.0 or newer");
        }
        return Ok(Oracle::beside(server));
    }
    if let Some(server) = process::find("redis-server")
        && major_version(&server).is_ok_and(|major| major >= 8)
    {
        return Ok(Oracle::beside(server));
    }
    let folder = paths.made("oracle");
    let server = folder.join("redis-server");
    if !process::is_executable(&server) {
        if !debian::is_debian() {
            bail!("install Redis 8.0 or newer, or set REDIS_SERVER to the path of its redis-server");
        }
        unpack(&folder).context("unpacking Debian's Redis")?;
        major_version(&server).context("the unpacked redis-server does not run")?;
    }
    Ok(Oracle::beside(server))
}

/// 8 for "Redis server v=8.0.2 sha=…".
fn major_version(server: &Path) -> Result<u32> {
    let text = process::output(Command::new(server).arg("--version"))?;
    let version = text.split_whitespace().find_map(|word| word.strip_prefix("v="));
    let major = version.and_then(|version| version.split('.').next()?.parse().ok());
    major.with_context(|| format!("'{}' names no version", text.trim()))
}

fn unpack(folder: &Path) -> Result<()> {
    let work = folder.join("download");
    for name in ["lists/partial", "cache/archives/partial", "packages"] {
        fs::create_dir_all(work.join(name))?;
    }
    let mirror = mirror()?;
    let key = "/usr/share/keyrings/debian-archive-keyring.gpg";
    fs::write(work.join("sources.list"), format!("deb [signed-by={key}] {mirror} {SUITE} main\n"))?;
    process::run(apt_get(&work).arg("update"))?;
    process::run(apt_get(&work).current_dir(work.join("packages")).arg("download").args(PACKAGES))?;
    for package in fs::read_dir(work.join("packages"))? {
        process::output(Command::new("dpkg").arg("-x").arg(package?.path()).arg(folder.join("root")))?;
    }
    for program in PROGRAMS {
        write_launcher(folder, program)?;
    }
    fs::remove_dir_all(work)?;
    Ok(())
}

/// The Debian mirror among this machine's package sources.
fn mirror() -> Result<String> {
    let format = ["indextargets", "--format", "$(SITE)", "Created-By: Packages"];
    let sites = process::output(Command::new("apt-get").args(format))?;
    let mut sites = sites.lines().filter(|site| site.trim_end_matches('/').ends_with("/debian"));
    let site = sites.next().context("no Debian mirror among the sources of apt")?;
    Ok(site.to_owned())
}

/// apt-get with lists, cache and sources of its own, so that the machine's stay as they are.
fn apt_get(work: &Path) -> Command {
    let option = |name: &str, path: PathBuf| format!("-o{name}={}", path.display());
    let mut command = Command::new("apt-get");
    command.arg("-qq").arg(option("Dir::State::Lists", work.join("lists")));
    command.arg(option("Dir::Cache", work.join("cache")));
    command.arg(option("Dir::Etc::SourceList", work.join("sources.list")));
    command.args(["-oDir::Etc::SourceParts=/dev/null", "-oAPT::Sandbox::User=root"]);
    command
}

/// A script that runs an unpacked program by the unpacked loader; it finds both from its own place, so the folder moves.
fn write_launcher(folder: &Path, program: &str) -> Result<()> {
    let path = folder.join(program);
    let script = format!(
        "#!/bin/sh\n\
         root=$(dirname \"$(readlink -f \"$0\")\")/root\n\
         set -- \"$root/usr/bin/{program}\" \"$@\"\n\
         libraries=$(echo \"$root\"/usr/lib/*-linux-gnu*)\n\
         for loader in \"$root\"/usr/lib64/ld-linux-*.so.* \"$root\"/usr/lib/ld-linux-*.so.*; do\n\
         \x20 [ -x \"$loader\" ] && exec \"$loader\" --library-path \"$libraries:$libraries/systemd\" \"$@\"\n\
         done\n\
         echo \"no loader under $root\" >&2\n\
         exit 1\n"
    );
    fs::write(&path, script)?;
    process::output(Command::new("chmod").arg("+x").arg(&path))?;
    Ok(())
}
