//! LATENCY DOCTOR: what was slow, in words, and what may help.

use std::fmt::Write as _;

use crate::keyspace::Surroundings;
use crate::latency::History;

pub fn report(around: &Surroundings) -> String {
    let config = &around.config;
    let threshold = config.latency_monitor_threshold;
    if threshold == 0 {
        return "Latency is not being watched: latency-monitor-threshold is 0. To note whatever takes 100 milliseconds or\n\
            longer: CONFIG SET latency-monitor-threshold 100\n"
            .into();
    }
    let mut events = around.stats.latency.iter().peekable();
    if events.peek().is_none() {
        return format!(
            "Nothing has taken {threshold} milliseconds or longer since latency is being watched.\n"
        );
    }
    let mut out = format!("What took {threshold} milliseconds or longer:\n\n");
    for (index, (event, history)) in events.enumerate() {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}. {event}: {}", index + 1, figures(history));
    }
    out.push_str("\nWhat may help:\n\n");
    if i64::try_from(threshold.saturating_mul(1000))
        .is_ok_and(|micros| config.slowlog_log_slower_than > micros)
    {
        let _ = writeln!(
            out,
            "- The slow log begins at longer times than are watched here. To see the commands:\n  \
             CONFIG SET slowlog-log-slower-than {}",
            threshold * 1000
        );
    }
    out.push_str(
        "- SLOWLOG GET names the commands. Commands that go through all keys or all of a big collection (KEYS, SMEMBERS,\n  \
         HGETALL, DEL of a big key) have gentler kin: SCAN, SSCAN, HSCAN, UNLINK.\n",
    );
    out
}

/// `3 slow seconds, 12 ms on average (3 ms up or down), one in 20.0 s; worst ever 30 ms`.
fn figures(history: &History) -> String {
    let times: Vec<u64> = history.samples().map(|sample| sample.millis).collect();
    let count = times.len() as u64;
    let mean = times.iter().sum::<u64>().checked_div(count).unwrap_or(0);
    let apart = times.iter().map(|time| time.abs_diff(mean)).sum::<u64>().checked_div(count).unwrap_or(0);
    let (first, last) = (history.samples().next(), history.samples().next_back());
    let span = first.zip(last).map_or(0, |(first, last)| last.at - first.at);
    let every = span.max(1) as f64 / count.max(1) as f64;
    let worst = history.worst;
    format!(
        "{count} slow seconds, {mean} ms on average (mean deviation {apart} ms), one in {every:.1} s; worst ever {worst} ms"
    )
}
