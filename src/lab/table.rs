//! A report as a table for people: the best policy first, with a bar for its hit ratio.

use std::fmt::Write as _;

use crate::report::{Point, Report};

/// How wide a bar of all hits is.
const BAR: usize = 20;
/// What a line of small pictures is made of, none to all.
const LEVELS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// A line a policy.
pub fn summary(report: &Report) -> String {
    let mut text = head(report);
    let _ = writeln!(
        text,
        "{:<16} {:>7}  {:<BAR$} {:>10} {:>9} {:>8} {:>9} {:>9} {:>9}",
        "policy", "hits", "", "evicted", "expired", "refused", "keys", "used", "peak"
    );
    for p in report.ranking() {
        let _ = writeln!(
            text,
            "{:<16} {:>6.2}%  {} {:>10} {:>9} {:>8} {:>9} {:>9} {:>9}",
            format!("{}{}", p.policy, if p.newer { " *" } else { "" }),
            p.hit_ratio * 100.0,
            bar(p.hit_ratio),
            p.evicted,
            p.expired(),
            p.refused,
            p.keys,
            bytes(p.used_memory),
            bytes(p.peak_memory)
        );
    }
    if report.policies.iter().any(|policy| policy.newer) {
        text.push_str("* newer than Redis 8.0\n");
    }
    text
}

/// The hit ratio of each policy over time, a character a stretch.
pub fn series(report: &Report) -> String {
    let mut text = String::from("hits over time, from none to all\n");
    for policy in report.ranking() {
        let line: String = policy.series.iter().map(level).collect();
        let last = policy.series.last().map_or(0.0, |point| point.hit_ratio);
        let _ = writeln!(text, "{:<16} {:>6.2}%  |{line}|", policy.policy, last * 100.0);
    }
    text
}

fn head(report: &Report) -> String {
    let limit = match report.maxmemory {
        0 => "no maxmemory".to_owned(),
        most => {
            format!("maxmemory {} ({} for data)", bytes(most), bytes(most - report.base_memory.min(most)))
        }
    };
    let ended = if report.is_complete() {
        String::new()
    } else {
        format!("\nended early, after {} of {} requests", report.requests, report.planned)
    };
    format!(
        "{}\n{limit}, maxmemory-samples {}, {} of virtual time{ended}\n\n",
        report.workload,
        report.samples,
        duration(report.seconds)
    )
}

fn bar(ratio: f64) -> String {
    let full = (ratio.clamp(0.0, 1.0) * BAR as f64).round() as usize;
    format!("{}{}", "█".repeat(full), "·".repeat(BAR - full.min(BAR)))
}

fn level(point: &Point) -> char {
    let place = (point.hit_ratio.clamp(0.0, 1.0) * (LEVELS.len() - 1) as f64).round() as usize;
    LEVELS.get(place).copied().unwrap_or(' ')
}

fn bytes(bytes: u64) -> String {
    const UNITS: [&str; 3] = ["K", "M", "G"];
    let (mut size, mut unit) = (bytes as f64 / 1024.0, 0);
    while size >= 1024.0 && unit + 1 < UNITS.len() {
        (size, unit) = (size / 1024.0, unit + 1);
    }
    format!("{size:.2}{}", UNITS.get(unit).copied().unwrap_or_default())
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.1} min", s / 60.0),
        s => format!("{:.1} h", s / 3600.0),
    }
}
