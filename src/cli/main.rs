//! The playground as a native program: a Redis server for any client, and a player of transcript files.
//!
//! This file only reads the arguments. The engine has neither sockets nor time of day; `server` brings both.

mod args;
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
