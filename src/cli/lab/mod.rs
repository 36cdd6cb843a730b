//! `redis-playground lab`: plays a plan of the policy lab and prints the report.
//!
//! The playing and the tables are the lab's; here are only the terminal, the trace's file and JSON.

mod options;

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use playground_lab::{Lab, Progress, Report, Trace, csv, table};

use options::Format;
pub use options::{HELP, Options, options};

/// Requests between two looks at the clock and at who wants an end.
const SLICE: u64 = 2_000;
/// Bytes of a trace's text.
const MOST_TRACE: u64 = 1 << 30;
const BETWEEN_SIGNS: Duration = Duration::from_millis(100);

/// Plays and prints; where there is a terminal, it shows how far it is, and Enter ends it early.
pub fn run(options: Options) -> Result<()> {
    let mut plan = options.plan;
    if let Some(file) = &options.trace {
        let name = file.display();
        let text = read(file).with_context(|| format!("--trace: cannot read {name}"))?;
        let trace = Trace::parse(&text).map_err(|error| anyhow!("--trace: {name}:{error}"))?;
        plan.workload.trace = Some(Arc::new(trace));
    }
    let lab = Lab::new(plan).map_err(|fault| anyhow!("--{fault}"))?;
    let report = play(lab);
    io::stdout().write_all(text(&report, options.format, options.series)?.as_bytes())?;
    Ok(())
}

/// A file's text, unless it is endless.
fn read(file: &Path) -> Result<String> {
    let mut text = String::new();
    File::open(file)?.take(MOST_TRACE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST_TRACE {
        bail!("it has more than {MOST_TRACE} bytes");
    }
    Ok(text)
}

fn play(mut lab: Lab) -> Report {
    let watched = io::stderr().is_terminal();
    let ended = if watched && io::stdin().is_terminal() { ended_by_enter() } else { Arc::default() };
    let mut shown = Instant::now();
    while !lab.step(SLICE).is_over() && !ended.load(Ordering::Relaxed) {
        if watched && shown.elapsed() >= BETWEEN_SIGNS {
            shown = Instant::now();
            let Progress { done, planned } = lab.progress();
            eprint!("\r{:3} %  {done} of {planned} requests (Enter ends it) ", done * 100 / planned.max(1));
        }
    }
    if watched {
        // The line is wiped out: it says nothing any more.
        eprint!("\r{:70}\r", "");
    }
    lab.report()
}

/// Becomes true when somebody presses Enter.
fn ended_by_enter() -> Arc<AtomicBool> {
    let ended = Arc::new(AtomicBool::new(false));
    let sign = Arc::clone(&ended);
    std::thread::spawn(move || {
        // A terminal that is closed ends it, too.
        let _ = io::stdin().read_line(&mut String::new());
        sign.store(true, Ordering::Relaxed);
    });
    ended
}

fn text(report: &Report, format: Format, series: bool) -> Result<String> {
    Ok(match (format, series) {
        (Format::Table, false) => table::summary(report),
        (Format::Table, true) => format!("{}\n{}", table::summary(report), table::series(report)),
        (Format::Csv, false) => csv::summary(report),
        (Format::Csv, true) => csv::series(report),
        (Format::Json, true) => serde_json::to_string_pretty(report)? + "\n",
        (Format::Json, false) => {
            let mut report = report.clone();
            report.policies.iter_mut().for_each(|policy| policy.series.clear());
            serde_json::to_string_pretty(&report)? + "\n"
        }
    })
}
