//! How much resident memory an element takes, ours and the real Redis's.
//!
//! Each case has fresh servers; what a server holds before it is filled is not counted. Many small values stand beside
//! few big ones, since both kinds of encoding have to be small.

use anyhow::{Context, Result};

use super::servers::{Pair, Server};
use super::template::Filler;

/// Elements in each case.
const ELEMENTS: u64 = 1_000_000;
/// Elements of each small value.
const SMALL: u64 = 10;

/// What is put in: a template for each element, `{k}` being the number of the small value it belongs to.
const CASES: &[(&str, &str)] = &[
    ("string keys", "SET key:{i} value:{i}"),
    ("string keys with a time to live", "SET key:{i} value:{i} EX 100000"),
    ("keys of integers", "SET key:{i} {i}"),
    ("fields of one hash", "HSET big field:{i} value:{i}"),
    ("fields of hashes of 10", "HSET hash:{k} field:{i} value:{i}"),
    ("members of one set", "SADD big member:{i}"),
    ("members of sets of 10", "SADD set:{k} member:{i}"),
    ("integers of sets of 10", "SADD set:{k} {i}"),
    ("members of one sorted set", "ZADD big {r} member:{i}"),
    ("members of sorted sets of 10", "ZADD zset:{k} {r} member:{i}"),
    ("elements of one list", "RPUSH big element:{i}"),
    ("elements of lists of 10", "RPUSH list:{k} element:{i}"),
    ("entries of one stream", "XADD big {i}-1 field {r}"),
];

/// Fills both servers with every case and prints a line for each.
pub fn compare(servers: &Pair<'_>) -> Result<()> {
    println!("{:<34} {:>12} {:>12} {:>7}", "resident bytes an element", "playground", "Redis", "ratio");
    for (name, template) in CASES {
        let ours = measure(&servers.start_ours()?, template)?;
        let theirs = measure(&servers.start_theirs()?, template)?;
        println!("{name:<34} {ours:>12.1} {theirs:>12.1} {:>7.2}", ours / theirs);
    }
    Ok(())
}

fn measure(server: &Server, template: &str) -> Result<f64> {
    let before = server.resident()?;
    let mut filler = Filler::new(ELEMENTS);
    let lines = (0..ELEMENTS).map(|number| {
        let template = template.replace("{k}", &(number / SMALL).to_string());
        filler.fill(&template, number + 1)
    });
    server.connect()?.send(lines, 1_000).with_context(|| format!("filling with `{template}`"))?;
    Ok(server.resident()?.saturating_sub(before) as f64 / ELEMENTS as f64)
}
