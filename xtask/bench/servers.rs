//! The two servers that are measured side by side: the playground's own and the real Redis.
//!
//! Starting them, ending them, and how much memory they hold. Knows nothing of what is measured.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::client::Client;
use crate::paths::Paths;
use crate::process;
use crate::setup::oracle::Oracle;
use crate::setup::wasm_target::native_cargo;

const START_LIMIT: Duration = Duration::from_secs(10);

/// How to start either server.
#[derive(Debug)]
pub struct Pair<'a> {
    paths: &'a Paths,
    oracle: &'a Oracle,
}

impl<'a> Pair<'a> {
    /// Builds our server.
    pub fn prepare(paths: &'a Paths, oracle: &'a Oracle) -> Result<Self> {
        let mut build = native_cargo();
        build.current_dir(&paths.root).args(["build", "--release", "--package", "redis-playground"]);
        process::run(build.arg("--target-dir").arg(&paths.cargo))?;
        Ok(Self { paths, oracle })
    }

    pub fn start_ours(&self) -> Result<Server> {
        let port = free_port()?;
        let program = self.paths.cargo.join("release").join(format!("redis-playground{EXE_SUFFIX}"));
        Server::start(Command::new(program).args(["server", "--port", &port.to_string()]), port)
    }

    pub fn start_theirs(&self) -> Result<Server> {
        let folder = self.paths.made("oracle-data");
        fs::create_dir_all(&folder)?;
        let port = free_port()?;
        Server::start(&mut self.oracle.serve(port, &folder), port)
    }
}

/// A server that ends with this value.
#[derive(Debug)]
pub struct Server {
    child: Child,
    pub port: u16,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, which a failed measurement has told already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(command: &mut Command, port: u16) -> Result<Self> {
        let child = command.stdout(Stdio::null()).spawn().context("starting a server to measure")?;
        let mut server = Self { child, port };
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = server.child.try_wait()? {
                bail!("the server ended at once ({status})");
            }
            if start.elapsed() > START_LIMIT {
                bail!("the server does not listen on port {port}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(server)
    }

    pub fn connect(&self) -> Result<Client> {
        Client::connect(self.port)
    }

    /// Bytes of memory that the process holds now, its resident set, as `ps` tells it.
    pub fn resident(&self) -> Result<u64> {
        let told =
            process::output(Command::new("ps").args(["-o", "rss=", "-p", &self.child.id().to_string()]))?;
        let kilobytes: u64 = told.trim().parse().context("reading what `ps` says of memory")?;
        Ok(kilobytes * 1024)
    }
}

/// A port that nobody uses now; the system does not hand it out again soon.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
