//! The native server against the real Redis, both driven by redis-benchmark.
//!
//! The rounds alternate, ours and theirs, so that whatever else the machine does meanwhile falls on both; of each
//! test the median counts.

use std::collections::BTreeMap;
use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::paths::Paths;
use crate::process;
use crate::setup::oracle::Oracle;
use crate::setup::wasm_target::native_cargo;

/// Requests in flight on a connection, so that the servers are measured and not the round trips.
pub const PIPELINE: u32 = 64;
const ROUNDS: usize = 5;
const REQUESTS: u32 = 300_000;
const TESTS: &str = "set,get,incr,mset,zadd,zpopmin";
/// Names are drawn from this many, so that tables are filled and not one key rewritten.
const NAMES: u32 = 100_000;
const START_LIMIT: Duration = Duration::from_secs(10);

/// Requests per second, by the name redis-benchmark gives the test.
type Rates = BTreeMap<String, Vec<f64>>;

/// Measures both and prints a line for each test.
pub fn compare(paths: &Paths, oracle: &Oracle) -> Result<()> {
    let ours = start_ours(paths)?;
    let theirs = start_theirs(paths, oracle)?;
    let (mut our_rates, mut their_rates) = (Rates::new(), Rates::new());
    for _ in 0..ROUNDS {
        measure(oracle, &ours, &mut our_rates)?;
        measure(oracle, &theirs, &mut their_rates)?;
    }
    println!("{:<20} {:>12} {:>12} {:>7}", "requests a second", "playground", "Redis", "ratio");
    for (test, rates) in &our_rates {
        let ours = median(rates);
        let theirs = their_rates.get(test).map_or(f64::NAN, |rates| median(rates));
        println!("{test:<20} {ours:>12.0} {theirs:>12.0} {:>7.2}", ours / theirs);
    }
    Ok(())
}

/// A server that ends with this value.
struct Server {
    child: Child,
    port: u16,
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
}

fn start_ours(paths: &Paths) -> Result<Server> {
    let mut build = native_cargo();
    build.current_dir(&paths.root).args(["build", "--release", "--package", "redis-playground"]);
    process::run(build.arg("--target-dir").arg(&paths.cargo))?;
    let port = free_port()?;
    let program = paths.cargo.join("release").join(format!("redis-playground{EXE_SUFFIX}"));
    Server::start(Command::new(program).args(["server", "--port", &port.to_string()]), port)
}

fn start_theirs(paths: &Paths, oracle: &Oracle) -> Result<Server> {
    let folder = paths.made("oracle-data");
    fs::create_dir_all(&folder)?;
    let port = free_port()?;
    Server::start(&mut oracle.serve(port, &folder), port)
}

/// A port that nobody uses now; the system does not hand it out again soon.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// One round: an empty server, then every test once.
fn measure(oracle: &Oracle, server: &Server, rates: &mut Rates) -> Result<()> {
    let port = server.port.to_string();
    process::output(Command::new(&oracle.cli).args(["-p", &port, "FLUSHALL"]))?;
    let mut benchmark = Command::new(&oracle.benchmark);
    benchmark.args(["-p", &port, "-t", TESTS, "--csv", "-P", &PIPELINE.to_string()]);
    benchmark.args(["-n", &REQUESTS.to_string(), "-r", &NAMES.to_string()]);
    for line in process::output(&mut benchmark)?.lines() {
        // "SET","1234567.88","0.041",… after a header line, whose second field is no number.
        let mut fields = line.split("\",\"").map(|field| field.trim_matches('"'));
        if let (Some(test), Some(Ok(rate))) = (fields.next(), fields.next().map(str::parse)) {
            rates.entry(test.to_owned()).or_default().push(rate);
        }
    }
    Ok(())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
