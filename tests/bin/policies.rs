//! Prints how the policy lab compares with a real Redis: `cargo xtask bench --policies` starts it.
//!
//! Takes the number of times each trace is played, and then the names of the traces, or none for all.

use std::process::ExitCode;

use playground_tests::oracle;
use playground_tests::policies::{Contest, Figures, Trace, compete, traces};

/// Real servers play by chance: this often, unless it is said.
const TIMES: usize = 3;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("policies: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut args = std::env::args().skip(1).peekable();
    let times =
        args.next_if(|arg| arg.parse::<usize>().is_ok()).and_then(|arg| arg.parse().ok()).unwrap_or(TIMES);
    let wanted: Vec<String> = args.collect();
    let known = traces();
    if let Some(name) = wanted.iter().find(|name| !known.iter().any(|trace| trace.name == **name)) {
        return Err(format!("there is no trace `{name}`"));
    }
    let program = oracle::find()?;
    println!(
        "Each trace was played {times} times on either side: means, ± the standard deviation. `level` is ours with as many\n\
         keys as fit into the real server: what is left there is the choice of victims."
    );
    for trace in
        known.iter().filter(|trace| wanted.is_empty() || wanted.iter().any(|name| name == trace.name))
    {
        let contests = compete(&program, trace, &trace.policies(), times)?;
        print(trace, &contests);
    }
    Ok(())
}

fn print(trace: &Trace, contests: &[Contest]) {
    println!("\n{}: {}, {} KB for data", trace.name, trace.workload.describe(), trace.room / 1024);
    println!(
        "{:<16}{:>13}{:>13}{:>8}{:>8}{:>8}{:>14}{:>16}{:>16}{:>16}{:>7}",
        "", "hits % ours", "Redis", "diff", "level", "diff", "keys", "evicted", "expired", "refused", "s"
    );
    for Contest { policy, ours, real, level } in contests {
        let ((ours, ours_by), (real, real_by)) = (Figures::summary(ours), Figures::summary(real));
        let level = Figures::summary(level).0;
        let pair = |of: fn(&Figures) -> f64| format!("{:.0}/{:.0}", of(&ours), of(&real));
        println!(
            "{:<16}{:>13}{:>13}{:>+8.2}{:>8.2}{:>+8.2}{:>14}{:>16}{:>16}{:>16}{:>7.2}",
            policy.word(),
            format!("{:.2} ±{:.2}", ours.hits, ours_by.hits),
            format!("{:.2} ±{:.2}", real.hits, real_by.hits),
            ours.hits - real.hits,
            level.hits,
            level.hits - real.hits,
            pair(|figures| figures.keys),
            pair(|figures| figures.evicted),
            pair(|figures| figures.expired),
            pair(|figures| figures.refused),
            real.seconds,
        );
    }
}
