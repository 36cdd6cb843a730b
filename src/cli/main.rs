//! The playground as a native program: a Redis server for any client, a player of transcript files, and the policy lab.
//!
//! This file only reads the arguments. The engine has neither sockets nor time of day; `server` brings both.

mod args;
mod lab;
mod run;
mod server;

use std::process::ExitCode;

use args::Task;

fn main() -> ExitCode {
    let done = args::parse().and_then(|task| match task {
        Task::Help => {
            print!("{}", args::HELP);
            Ok(())
        }
        Task::LabHelp => {
            print!("{}", lab::HELP);
            Ok(())
        }
        Task::Lab(options) => lab::run(*options),
        Task::Run { files } => run::run(&files),
        Task::Server(options) => server::run(&options),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("redis-playground: {error:#}");
            ExitCode::FAILURE
        }
    }
}
