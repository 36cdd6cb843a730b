//! The server under test: the built program on a free port, ended with the test, and the clients that may be missing.

// Each test file uses its part of this module.
#![allow(dead_code)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use playground_tests::files;
use playground_tests::resp::Connection;

/// The built program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_redis-playground");

/// A running server.
#[derive(Debug)]
pub struct Server {
    process: Child,
    port: u16,
}

impl Server {
    /// Starts the program on a free port of its own choice, which it prints once it listens.
    pub fn start() -> Self {
        Self::spawn(&mut Command::new(PROGRAM))
    }

    /// The same, but allowed only so many open files.
    #[cfg(unix)]
    pub fn start_with_descriptors(count: u32) -> Self {
        let script = format!("ulimit -n {count}; exec \"$0\" \"$@\"");
        Self::spawn(Command::new("sh").args(["-c", &script, PROGRAM]))
    }

    fn spawn(command: &mut Command) -> Self {
        let mut process = command
            .args(["server", "--port", "0", "--seed", "1"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("its output is piped");
        BufReader::new(stdout).read_line(&mut line).expect("it prints where it listens");
        let address = line.split(" listens on ").nth(1).and_then(|rest| rest.split(';').next());
        let port = address.and_then(|address| address.rsplit(':').next()).and_then(|port| port.parse().ok());
        Self { process, port: port.unwrap_or_else(|| panic!("no port in {line:?}")) }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn address(&self) -> (&'static str, u16) {
        ("127.0.0.1", self.port)
    }

    pub fn connect(&self) -> Connection {
        Connection::open(self.address()).expect("the server accepts connections")
    }

    /// Bytes of memory in use, where the system tells.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// A client program: the one a variable names, the project's own copy, or one on the PATH. Without any, a notice that
/// cannot be overlooked, or a failure under CI.
pub fn client(test: &str, variable: &str, own: &str, on_path: &str, check: &[&str]) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from);
    let candidates = match named {
        Some(named) => vec![named],
        None => vec![files::root().join(own), PathBuf::from(on_path)],
    };
    let found = candidates.into_iter().find(|candidate| works(candidate, check));
    if found.is_none() {
        let notice = format!("NOT RUN: {test} needs {on_path}; name one with {variable}.\n");
        assert!(std::env::var_os("CI").is_none(), "{notice}");
        // Written past the test harness, which would swallow a print of a test that passes.
        std::io::stderr().write_all(notice.as_bytes()).ok();
    }
    found
}

fn works(program: &Path, check: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(check).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
