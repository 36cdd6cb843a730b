//! What commands cost as data grows: microseconds an operation at 1,000 to 1,000,000 elements, ours and the real Redis's.
//!
//! A command whose documented cost does not grow must not grow here either; beside it stands what the real server
//! takes on the same machine in the same run, by the same client.

use std::time::Instant;

use anyhow::{Context, Result};

use super::servers::{Pair, Server};
use super::template::Filler;

const SIZES: [u64; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Requests in flight.
const PIPELINE: usize = 50;
/// How often each operation is measured at each size.
const TIMES: u64 = 5_000;
/// Rounds that alternate between the servers; the quickest of each counts.
const ROUNDS: usize = 3;

/// A type: how an element gets in, and what is measured then.
struct Type {
    name: &'static str,
    fill: &'static str,
    /// Allows no more memory than the elements take, under this policy: what is added has something else evicted.
    policy: Option<&'static str>,
    operations: &'static [&'static str],
}

/// Pairs that take out and put back keep the size as it is.
const TYPES: &[Type] = &[
    Type {
        name: "keys",
        fill: "SET key:{i} value:{i}",
        policy: None,
        operations: &[
            "GET key:{r}",
            "SET key:{r} other",
            "EXPIRE key:{r} 100000",
            "RANDOMKEY",
            "SCAN {r}",
            "OBJECT ENCODING key:{r}",
            "MEMORY USAGE key:{r}",
        ],
    },
    Type {
        name: "full, allkeys-lru",
        fill: "SET key:{i} value:{i}",
        policy: Some("allkeys-lru"),
        operations: &["SET new:{r}:{i} value"],
    },
    Type {
        name: "full, allkeys-lfu",
        fill: "SET key:{i} value:{i}",
        policy: Some("allkeys-lfu"),
        operations: &["SET new:{r}:{i} value"],
    },
    Type {
        name: "hash",
        fill: "HSET big field:{i} value:{i}",
        policy: None,
        operations: &[
            "HGET big field:{r}",
            "HSET big field:{r} other",
            "HSET big new x | HDEL big new",
            "HINCRBY big counter 1",
            "HRANDFIELD big 10",
            "HSCAN big {r}",
            "HEXPIRE big 100000 FIELDS 1 field:{r}",
            "HTTL big FIELDS 1 field:{r}",
            "HLEN big",
        ],
    },
    Type {
        name: "list",
        fill: "RPUSH big element:{i}",
        policy: None,
        operations: &[
            "LPUSH big x | LPOP big",
            "RPUSH big x | RPOP big",
            "LMOVE big big LEFT RIGHT",
            "LINDEX big 0",
            "LINDEX big -1",
            "LRANGE big 0 9",
            "LRANGE big -10 -1",
            "LLEN big",
        ],
    },
    Type {
        name: "set",
        fill: "SADD big member:{i}",
        policy: None,
        operations: &[
            "SISMEMBER big member:{r}",
            "SADD big new | SREM big new",
            "SRANDMEMBER big 10",
            "SADD big member:{r} | SPOP big",
            "SSCAN big {r}",
            "SCARD big",
        ],
    },
    Type {
        name: "sorted set",
        fill: "ZADD big {r} member:{i}",
        policy: None,
        operations: &[
            "ZADD big {r} member:{r}",
            "ZSCORE big member:{r}",
            "ZRANK big member:{r}",
            "ZINCRBY big 1 member:{r}",
            "ZRANGE big 500 509",
            "ZRANGE big {r} +inf BYSCORE LIMIT 0 10",
            "ZCOUNT big {r} +inf",
            "ZADD big 0 new | ZPOPMIN big",
            "ZRANDMEMBER big 10",
        ],
    },
    Type {
        name: "stream",
        fill: "XADD big {i}-1 field {r}",
        policy: None,
        operations: &[
            "XADD big * field value",
            "XRANGE big {r} + COUNT 10",
            "XREVRANGE big {r} - COUNT 10",
            "XREAD COUNT 10 STREAMS big {r}",
            "XDEL big {r}-1",
            "XLEN big",
        ],
    },
    Type {
        name: "geo",
        fill: "GEOADD big {lon} {lat} place:{i}",
        policy: None,
        operations: &[
            "GEOPOS big place:{r}",
            "GEODIST big place:{r} place:{r}",
            "GEOSEARCH big FROMLONLAT {lon} {lat} BYRADIUS 20 km COUNT 10",
        ],
    },
    Type {
        name: "bitmap",
        fill: "SETBIT big {i} 1",
        policy: None,
        operations: &["SETBIT big {r} 0", "GETBIT big {r}", "BITFIELD big GET u8 {r}"],
    },
    Type {
        name: "HyperLogLog",
        fill: "PFADD big element:{i}",
        policy: None,
        operations: &["PFADD big element:{r}", "PFADD big new:{r} | PFCOUNT big"],
    },
];

/// Measures every type at every size and prints a line for each operation.
pub fn compare(servers: &Pair<'_>) -> Result<()> {
    let sizes = SIZES.map(|size| format!("{size:>9} {:>8}", "(Redis)"));
    println!("{:<52} {}", "µs an operation", sizes.join(" "));
    for kind in TYPES {
        println!("{}", kind.name);
        let mut lines = vec![Vec::new(); kind.operations.len()];
        for size in SIZES {
            let (ours, theirs) = (servers.start_ours()?, servers.start_theirs()?);
            fill(&ours, kind, size)?;
            fill(&theirs, kind, size)?;
            for (operation, line) in kind.operations.iter().zip(&mut lines) {
                let (mut our_best, mut their_best) = (f64::INFINITY, f64::INFINITY);
                for _ in 0..ROUNDS {
                    our_best = our_best.min(measure(&ours, operation, size)?);
                    their_best = their_best.min(measure(&theirs, operation, size)?);
                }
                line.push(format!("{our_best:>9.2} {their_best:>8.2}"));
            }
        }
        for (operation, line) in kind.operations.iter().zip(lines) {
            println!("  {operation:<50} {}", line.join(" "));
        }
    }
    Ok(())
}

fn fill(server: &Server, kind: &Type, size: u64) -> Result<()> {
    let mut filler = Filler::new(size);
    let lines = (1..=size).map(|number| filler.fill(kind.fill, number));
    let mut client = server.connect()?;
    client.send(lines, 1_000).with_context(|| format!("filling with `{}`", kind.fill))?;
    if let Some(policy) = kind.policy {
        let most = client.figure("used_memory")?;
        let line = format!("CONFIG SET maxmemory-policy {policy} maxmemory {most}");
        client.send([line], 1)?;
    }
    Ok(())
}

/// Microseconds that each of an operation's commands takes.
fn measure(server: &Server, operation: &str, size: u64) -> Result<f64> {
    let mut filler = Filler::new(size);
    let steps: Vec<&str> = operation.split(" | ").collect();
    let lines: Vec<String> = (0..TIMES)
        .flat_map(|number| steps.iter().map(move |step| (step, number)))
        .map(|(step, number)| filler.fill(step, number))
        .collect();
    let commands = lines.len() as f64;
    let mut client = server.connect()?;
    let start = Instant::now();
    client.send(lines, PIPELINE).with_context(|| format!("measuring `{operation}`"))?;
    Ok(start.elapsed().as_secs_f64() * 1e6 / commands)
}
