//! `cargo xtask …`: sets up, builds, serves, tests and measures the project.
//!
//! The one tool of the repository, in plain Rust so that it runs wherever Rust does. It knows no Redis semantics and
//! depends on no crate of the engine, so it builds while they do not: what needs them is spawned through cargo.

mod args;
mod bench;
mod build;
mod files;
mod fuzz;
mod paths;
mod process;
mod programs;
mod report;
mod screenshot;
mod serve;
mod setup;
mod size;
mod test;
mod tidy;

use std::fs;
use std::process::ExitCode;

use anyhow::Result;

use args::{Args, BenchPart, Task};
use build::Care;
use paths::Paths;
use setup::{oracle, wasm_target};

fn main() -> ExitCode {
    match args::parse().and_then(|args| perform(args, &Paths::find())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(args: Args, paths: &Paths) -> Result<()> {
    let toolchain = || wasm_target::ensure(args.toolchain);
    match args.task {
        Task::Help => print!("{}", args::HELP),
        Task::Serve { port, open, care } => {
            let listener = serve::Listener::bind(port)?;
            let site = build::page::build(paths, toolchain()?, care)?;
            println!("The playground is at {}  (Ctrl-C stops it)", listener.address());
            if open {
                serve::open_browser(listener.address());
            }
            listener.serve(&site)?;
        }
        Task::Test => test::all(paths, args.toolchain)?,
        Task::Tidy => tidy::check(paths)?,
        Task::Setup => setup::all(paths, args.toolchain)?,
        Task::Build { care } => println!("{}", build::page::build(paths, toolchain()?, care)?.display()),
        Task::Api => println!("{}", build::api::build(paths, toolchain()?)?.display()),
        Task::Size => size::check(&build::page::build(paths, toolchain()?, Care::Full)?)?,
        Task::Screenshot { of } => screenshot::take(paths, toolchain()?, of)?,
        Task::Bench { part: BenchPart::All } => bench::all(paths, toolchain()?)?,
        Task::Bench { part: BenchPart::Native } => bench::native(paths)?,
        Task::Bench { part: BenchPart::Scale } => bench::scale(paths)?,
        Task::Bench { part: BenchPart::Page } => bench::page(paths, toolchain()?)?,
        Task::Bench { part: BenchPart::Lua } => bench::lua(paths, toolchain()?)?,
        Task::Bench { part: BenchPart::Policies } => {
            println!("== the policy lab against the real Redis: hit ratios in percent");
            programs::run(paths, "policies", &["3"], Some(&oracle::ensure(paths)?))?;
        }
        Task::Fuzz { target, seconds } => fuzz::run(paths, &target, seconds)?,
        Task::Oracle { port, fetch } => run_oracle(paths, port, fetch)?,
        Task::Record { args } => programs::run(paths, "record", &args, Some(&oracle::ensure(paths)?))?,
        Task::Generate { args } => programs::run(paths, "generate", &args, None)?,
    }
    Ok(())
}

fn run_oracle(paths: &Paths, port: u16, fetch: bool) -> Result<()> {
    let oracle = oracle::ensure(paths)?;
    println!("{}", oracle.server.display());
    if fetch {
        return Ok(());
    }
    let folder = paths.made("oracle-data");
    fs::create_dir_all(&folder)?;
    process::run(&mut oracle.serve(port, &folder))
}
