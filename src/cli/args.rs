//! The command line: which subcommand, and its options. Knows names and types; what they do is in main.rs.

use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::{lab, server};

pub const HELP: &str = "\
usage: redis-playground COMMAND [OPTIONS]

  server    answer Redis clients over TCP; Ctrl-C ends it
              --port N      default 6379; 0 takes a free one
              --bind IP     default 127.0.0.1: nobody but this machine
              --seed N      seed of the random source; default: the time
  run FILE...
            play transcripts, and lessons (.md), and print each answer that is
            not as written; exit code 1 if there is any
  lab       play an access pattern as a cache under every eviction policy, and
            tell how each does; `lab --help` lists its options
";

/// What was asked for.
#[derive(Debug)]
pub enum Task {
    Help,
    LabHelp,
    Lab(Box<lab::Options>),
    Run { files: Vec<PathBuf> },
    Server(server::Options),
}

/// Reads this process's arguments.
pub fn parse() -> Result<Task> {
    read(lexopt::Parser::from_env())
}

fn read(mut parser: lexopt::Parser) -> Result<Task> {
    let command = match parser.next()? {
        None | Some(Short('h') | Long("help")) => return Ok(Task::Help),
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "help" => Ok(Task::Help),
        "lab" => Ok(lab::options(&mut parser)?.map_or(Task::LabHelp, |options| Task::Lab(Box::new(options)))),
        "run" => files(&mut parser),
        "server" => server_options(&mut parser),
        _ => bail!("there is no command `{command}`: see `redis-playground help`"),
    }
}

fn files(parser: &mut lexopt::Parser) -> Result<Task> {
    let mut files = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Task::Help),
            Value(file) => files.push(file.into()),
            other => return Err(other.unexpected().into()),
        }
    }
    if files.is_empty() {
        bail!("`run` wants the files to play");
    }
    Ok(Task::Run { files })
}

fn server_options(parser: &mut lexopt::Parser) -> Result<Task> {
    let mut options = server::Options { bind: IpAddr::V4(Ipv4Addr::LOCALHOST), port: 6379, seed: None };
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => return Ok(Task::Help),
            Short('p') | Long("port") => options.port = parser.value()?.parse()?,
            Long("bind") => options.bind = parser.value()?.parse()?,
            Long("seed") => options.seed = Some(parser.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    Ok(Task::Server(options))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(words: &[&str]) -> Result<Task> {
        read(lexopt::Parser::from_args(words))
    }

    #[test]
    fn a_server_takes_its_options() {
        let task = given(&["server", "--port", "6400", "--bind=::1", "--seed", "7"]);
        let Ok(Task::Server(options)) = task else { panic!("{task:?}") };
        assert_eq!((options.port, options.seed), (6400, Some(7)));
        assert!(options.bind.is_ipv6());
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for words in [&["serve"][..], &["--port"], &["server", "--port", "70000"], &["server", "x"], &["run"]]
        {
            assert!(given(words).is_err(), "{words:?}");
        }
    }
}
