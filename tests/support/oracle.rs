//! Finds and starts a real Redis 8: the judge of every behaviour.
//!
//! In order: the program that `REDIS_SERVER` names, the one unpacked by `cargo xtask oracle` into `target/oracle`,
//! `redis-server` on the PATH. Each test starts one of its own, on a free port and in an empty folder, and it dies with
//! the test. Where there is none, a test says so loudly and is not run; under `CI` it fails.

use std::io::Write;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::files;
use crate::resp::Connection;

/// The oldest version that may judge.
const OLDEST_MAJOR: u32 = 8;

/// A running Redis server, stopped when dropped.
#[derive(Debug)]
pub struct Oracle {
    process: Child,
    port: u16,
    folder: PathBuf,
    program: PathBuf,
}

/// The server to run, or why there is none.
pub fn find() -> Result<PathBuf, String> {
    if let Some(named) = std::env::var_os("REDIS_SERVER") {
        let named = PathBuf::from(named);
        return check_version(&named).map(|()| named).map_err(|why| format!("REDIS_SERVER: {why}"));
    }
    let unpacked = files::root().join("target/oracle/redis-server");
    let candidates = [unpacked, PathBuf::from("redis-server")];
    let mut reasons = Vec::new();
    for candidate in candidates {
        match check_version(&candidate) {
            Ok(()) => return Ok(candidate),
            Err(why) => reasons.push(why),
        }
    }
    Err(reasons.join("; "))
}

/// A running oracle; without one, a notice that cannot be overlooked, or a failure under CI.
pub fn start_or_skip(test: &str) -> Option<Oracle> {
    match find().and_then(|program| Oracle::start(&program)) {
        Ok(oracle) => Some(oracle),
        Err(why) => {
            let notice = format!(
                "NOT RUN: {test} needs a real Redis {OLDEST_MAJOR} ({why}). `cargo xtask oracle` gets one, \
                 or name one with REDIS_SERVER.\n"
            );
            assert!(std::env::var_os("CI").is_none(), "{notice}");
            // Written past the test harness, which would swallow a print of a test that passes.
            std::io::stderr().write_all(notice.as_bytes()).ok();
            None
        }
    }
}

fn check_version(program: &Path) -> Result<(), String> {
    let shown = program.display();
    let output = Command::new(program).arg("--version").output().map_err(|why| format!("{shown}: {why}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let version = text.split("v=").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap_or("?");
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    match major {
        Some(major) if major >= OLDEST_MAJOR => Ok(()),
        _ => Err(format!("{shown} is version {version}")),
    }
}

impl Oracle {
    pub fn start(program: &Path) -> Result<Self, String> {
        // Between choosing a free port and the server's taking it, somebody else may: then once more.
        let mut last = String::new();
        for _ in 0..5 {
            match Self::try_start(program) {
                Ok(oracle) => return Ok(oracle),
                Err(why) => last = why,
            }
        }
        Err(last)
    }

    fn try_start(program: &Path) -> Result<Self, String> {
        let port = free_port().map_err(|why| why.to_string())?;
        let folder = empty_folder().map_err(|why| why.to_string())?;
        let process = Command::new(program)
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--enable-debug-command", "yes", "--enable-protected-configs", "yes", "--dir"])
            .arg(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|why| format!("{}: {why}", program.display()))?;
        let mut oracle = Self { process, port, folder, program: program.to_owned() };
        oracle.wait_until_ready()?;
        Ok(oracle)
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(20);
        while Instant::now() < deadline {
            let answers = Connection::open(self.address()).and_then(|mut server| server.call(&["PING"]));
            if answers.is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.process.try_wait() {
                return Err(format!("{} stopped at once: {status}", self.program.display()));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(format!("{} does not answer", self.program.display()))
    }

    pub fn address(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn connect(&self) -> Connection {
        Connection::open(self.address()).expect("the oracle accepts connections")
    }

    /// The redis-cli that belongs to the server: `REDIS_CLI`, or beside it.
    pub fn redis_cli(&self) -> PathBuf {
        std::env::var_os("REDIS_CLI").map_or_else(|| self.program.with_file_name("redis-cli"), PathBuf::from)
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

/// A port nobody listens on at the moment.
pub fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn empty_folder() -> std::io::Result<PathBuf> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("redis-playground-oracle-{}-{count}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
