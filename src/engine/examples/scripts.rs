//! What scripts cost inside of the engine: `cargo xtask bench --lua` runs this.
//!
//! How long a script that is known already takes from `EVAL` to its reply, and how much memory there is after many that
//! left garbage behind which refers to itself.

#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::time::Instant;

use playground_engine::{Engine, Options, Reply, SessionId};

const WARM: u32 = 10_000;
const BATCHES: u32 = 200;
const CALLS: u32 = 200_000;
const EVALUATIONS: u32 = 1_000_000;

fn command(words: &[&str]) -> Vec<Vec<u8>> {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

/// Microseconds a time: the best of many batches, so that what else the machine does is left out.
fn run(engine: &mut Engine, session: SessionId, words: &[&str], times: u32) -> f64 {
    let argv = command(words);
    let batch = times / BATCHES;
    let mut best = f64::MAX;
    for _ in 0..BATCHES {
        let start = Instant::now();
        for _ in 0..batch {
            let reply = engine.execute(session, argv.clone()).reply;
            assert!(!matches!(reply, Reply::Error(_)), "{reply:?}");
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e6 / f64::from(batch));
    }
    best
}

/// A figure of `INFO`.
fn figure(engine: &mut Engine, session: SessionId, name: &str) -> u64 {
    let (Reply::Bulk(text) | Reply::Verbatim(_, text)) =
        engine.execute(session, command(&["INFO", "all"])).reply
    else {
        return 0;
    };
    let text = String::from_utf8_lossy(&text).into_owned();
    let found = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().parse().ok());
    found.unwrap_or_default()
}

fn main() {
    let mut engine = Engine::new(Options { record_events: false, ..Options::default() });
    let session = engine.connect();
    for (what, words) in [
        ("EVAL 'return 1'", &["EVAL", "return 1", "0"][..]),
        (
            "EVAL with a key and a call",
            &["EVAL", "return redis.call('SET', KEYS[1], ARGV[1])", "1", "key", "value"],
        ),
        ("PING, to compare with", &["PING"]),
    ] {
        run(&mut engine, session, words, WARM);
        println!("{what:<34} {:>8.2} µs", run(&mut engine, session, words, CALLS));
    }
    let garbage = ["EVAL", "local t = {} t.t = {t, function() return t end} return 1", "0"];
    let mut before = 0;
    for part in 0..=10 {
        let took = run(&mut engine, session, &garbage, EVALUATIONS / 10);
        let bytes = figure(&mut engine, session, "used_memory_vm_eval");
        if part == 0 {
            before = bytes;
        } else if part == 10 {
            println!(
                "memory after {EVALUATIONS:>9} with garbage {bytes:>8} bytes; {before} after the first tenth"
            );
            println!("one of these                       {took:>8.2} µs");
        }
    }
}
