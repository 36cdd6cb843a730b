//! The native server against the real Redis, both driven by redis-benchmark through its whole default set.
//!
//! The rounds alternate, ours and theirs, so that whatever else the machine does meanwhile falls on both; of each
//! test the median counts.

use std::process::Command;

use anyhow::Result;

use super::servers::{Pair, Server};
use crate::process;
use crate::setup::oracle::Oracle;

/// Requests in flight on a connection, so that the servers are measured and not the round trips.
pub const PIPELINE: u32 = 64;
const ROUNDS: usize = 5;
/// The tests of the default set, and how many requests of each: long replies take long.
const SETS: [(&str, u32); 2] = [
    (
        "ping_inline,ping_mbulk,set,get,incr,lpush,rpush,lpop,rpop,sadd,hset,spop,zadd,zpopmin,mset,xadd",
        300_000,
    ),
    ("lrange_100,lrange_300,lrange_500,lrange_600", 20_000),
];
/// Names are drawn from this many, so that tables are filled and not one key rewritten.
const NAMES: u32 = 100_000;

/// Requests per second, by the name redis-benchmark gives the test, in its order.
type Rates = Vec<(String, Vec<f64>)>;

/// Measures both and prints a line for each test.
pub fn compare(servers: &Pair<'_>, oracle: &Oracle) -> Result<()> {
    let (ours, theirs) = (servers.start_ours()?, servers.start_theirs()?);
    let (mut our_rates, mut their_rates) = (Rates::new(), Rates::new());
    for _ in 0..ROUNDS {
        measure(oracle, &ours, &mut our_rates)?;
        measure(oracle, &theirs, &mut their_rates)?;
    }
    println!("{:<36} {:>12} {:>12} {:>7}", "requests a second", "playground", "Redis", "ratio");
    for ((test, ours), (_, theirs)) in our_rates.iter().zip(&their_rates) {
        let (ours, theirs) = (median(ours), median(theirs));
        println!("{test:<36} {ours:>12.0} {theirs:>12.0} {:>7.2}", ours / theirs);
    }
    Ok(())
}

/// One round: an empty server, then every test once.
fn measure(oracle: &Oracle, server: &Server, rates: &mut Rates) -> Result<()> {
    let port = server.port.to_string();
    process::output(Command::new(&oracle.cli).args(["-p", &port, "FLUSHALL"]))?;
    for (tests, requests) in SETS {
        let mut benchmark = Command::new(&oracle.benchmark);
        benchmark.args(["-p", &port, "-t", tests, "--csv", "-P", &PIPELINE.to_string()]);
        benchmark.args(["-n", &requests.to_string(), "-r", &NAMES.to_string()]);
        for line in process::output(&mut benchmark)?.lines() {
            // "SET","1234567.88","0.041",… after a header line, whose second field is no number.
            let mut fields = line.split("\",\"").map(|field| field.trim_matches('"'));
            if let (Some(test), Some(Ok(rate))) = (fields.next(), fields.next().map(str::parse)) {
                match rates.iter_mut().find(|(known, _)| known == test) {
                    Some((_, measured)) => measured.push(rate),
                    None => rates.push((test.to_owned(), vec![rate])),
                }
            }
        }
    }
    Ok(())
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}
