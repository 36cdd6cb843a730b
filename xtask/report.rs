//! The record of a test run: which suites passed, failed, or could not run and why; shown as a table at the end.
//! Knows nothing of what the suites do.

use std::env;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How a suite ended.
#[derive(Debug)]
enum Outcome {
    Passed,
    Failed(String),
    /// What it needs is missing; what that is.
    NotRun(String),
}

/// The suites so far, in order.
#[derive(Debug, Default)]
pub struct Report {
    suites: Vec<(String, Outcome, Duration)>,
}

impl Report {
    /// Runs a suite that needs nothing more.
    pub fn run(&mut self, name: &str, suite: impl FnOnce() -> Result<()>) {
        self.run_with(name, &Ok(()), |()| suite());
    }

    /// Runs a suite that needs `need`; where that could not be had, the suite counts as not run.
    pub fn run_with<N>(&mut self, name: &str, need: &Result<N>, suite: impl FnOnce(&N) -> Result<()>) {
        println!("\n== {name}");
        let start = Instant::now();
        let outcome = match need {
            Err(missing) => Outcome::NotRun(format!("{missing:#}")),
            Ok(need) => match suite(need) {
                Ok(()) => Outcome::Passed,
                Err(error) => {
                    println!("error: {error:#}");
                    Outcome::Failed(format!("{error:#}"))
                }
            },
        };
        self.suites.push((name.to_owned(), outcome, start.elapsed()));
    }

    /// Prints the table; an error when a suite failed or, in CI, when one did not run.
    pub fn finish(self) -> Result<()> {
        println!("\n{:<22} {:<8} {:>7}", "suite", "result", "seconds");
        for (name, outcome, time) in &self.suites {
            let (word, why) = match outcome {
                Outcome::Passed => ("passed", ""),
                Outcome::Failed(why) => ("FAILED", why.as_str()),
                Outcome::NotRun(why) => ("NOT RUN", why.as_str()),
            };
            let why = why.lines().next().unwrap_or_default();
            println!("{name:<22} {word:<8} {:>7.1}  {why}", time.as_secs_f64());
        }
        let count = |wanted: fn(&Outcome) -> bool| {
            self.suites.iter().filter(|(_, outcome, _)| wanted(outcome)).count()
        };
        let passed = count(|outcome| matches!(outcome, Outcome::Passed));
        let failed = count(|outcome| matches!(outcome, Outcome::Failed(_)));
        let skipped = count(|outcome| matches!(outcome, Outcome::NotRun(_)));
        let tail = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
        println!("\n{passed} passed, {failed} failed{tail}");
        if failed > 0 {
            bail!("{failed} of {} suites failed", self.suites.len());
        }
        if skipped > 0 && in_ci() {
            bail!("{skipped} suites did not run, which CI does not accept");
        }
        Ok(())
    }
}

/// Continuous-integration services set CI; there, a test that cannot run is a failure.
fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}
