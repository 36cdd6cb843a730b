//! The command line: which subcommand, and its options. Knows names and types; what they do is in main.rs.

use std::ffi::OsString;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::build::Care;
use crate::setup::wasm_target::Toolchain;

/// One line of `cargo xtask help` each.
pub const HELP: &str = "\
usage: cargo xtask COMMAND [OPTIONS]

  serve        build the page and serve it       --port N (8080), --open, --quick
  test         set up what is missing, run every test
  setup        set up what is missing
  build        build the page into target/site   --quick: in seconds, large and slow, to look at a change
  api          build the JavaScript packages into target/npm
  size         print what the built page weighs
  tidy         check generated files, file heads and lengths
  oracle       run a real Redis 8                --port N (7379), --fetch only gets it
  record       fill in expected output of transcripts from the real Redis     [FILES]
  generate     write the generated files
  screenshot   make the README's picture of the page
               --zones: of each zone, in both themes and three widths, in target/pictures
  bench        measure against the real Redis and ioredis-mock; print ratios
               --native only the server's speed and memory, --scale only cost as data grows,
               --lua only scripts: the interpreter against lua5.1, calls of commands against Redis,
               --policies only hit ratios of the policy lab (takes some minutes),
               --page only how the page starts and how smooth it stays with many keys
  fuzz         run a fuzz target: fuzz TARGET    --seconds N (60); targets are lua_source and lua_program

options of all: --wasm-toolchain rustup|debian   which Rust builds for the browser
                                                 (or PLAYGROUND_WASM_TOOLCHAIN)
";

/// What was asked for.
#[derive(Debug)]
pub enum Task {
    Help,
    Serve { port: u16, open: bool, care: Care },
    Test,
    Setup,
    Build { care: Care },
    Api,
    Size,
    Tidy,
    Oracle { port: u16, fetch: bool },
    Record { args: Vec<OsString> },
    Generate { args: Vec<OsString> },
    Screenshot { of: Pictures },
    Bench { part: BenchPart },
    Fuzz { target: String, seconds: u64 },
}

/// What pictures are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// The page, for the README.
    #[default]
    Readme,
    /// Each zone, to be looked at.
    Zones,
}

/// What is measured.
#[derive(Clone, Copy, Debug, Default)]
pub enum BenchPart {
    #[default]
    All,
    Native,
    Scale,
    Lua,
    Policies,
    Page,
}

/// A task, and what is common to all.
#[derive(Debug)]
pub struct Args {
    pub task: Task,
    pub toolchain: Option<Toolchain>,
}

/// Reads this process's arguments.
pub fn parse() -> Result<Args> {
    let mut parser = lexopt::Parser::from_env();
    let mut given = Given::default();
    if let Ok(name) = std::env::var("PLAYGROUND_WASM_TOOLCHAIN") {
        given.toolchain = Some(name.parse()?);
    }
    while let Some(arg) = parser.next()? {
        match arg {
            Short('h') | Long("help") => given.help = true,
            Long("port") => given.port = Some(parser.value()?.parse()?),
            Long("open") => given.open = true,
            Long("zones") => given.pictures = Pictures::Zones,
            Long("quick") => given.care = Care::Quick,
            Long("fetch") => given.fetch = true,
            Long("native") => given.part = Some(BenchPart::Native),
            Long("lua") => given.part = Some(BenchPart::Lua),
            Long("seconds") => given.seconds = Some(parser.value()?.parse()?),
            Long("policies") => given.part = Some(BenchPart::Policies),
            Long("page") => given.part = Some(BenchPart::Page),
            Long("scale") => given.part = Some(BenchPart::Scale),
            Long("wasm-toolchain") => given.toolchain = Some(parser.value()?.parse()?),
            Value(name) if given.command.is_none() => {
                let name = name.string()?;
                if passes_on(&name) {
                    given.rest = parser.raw_args()?.collect();
                }
                given.command = Some(name);
            }
            Value(name) if given.command.as_deref() == Some("fuzz") && given.target.is_none() => {
                given.target = Some(name.string()?);
            }
            unexpected => return Err(unexpected.unexpected().into()),
        }
    }
    given.task()
}

/// The commands of other programs, whose options are theirs to read.
fn passes_on(command: &str) -> bool {
    matches!(command, "record" | "generate")
}

#[derive(Default)]
struct Given {
    command: Option<String>,
    help: bool,
    port: Option<u16>,
    open: bool,
    care: Care,
    pictures: Pictures,
    fetch: bool,
    part: Option<BenchPart>,
    target: Option<String>,
    seconds: Option<u64>,
    rest: Vec<OsString>,
    toolchain: Option<Toolchain>,
}

impl Given {
    fn task(self) -> Result<Args> {
        let command = self.command.as_deref().unwrap_or("help");
        if self.port.is_some() && !matches!(command, "serve" | "oracle")
            || self.open && command != "serve"
            || self.care == Care::Quick && !matches!(command, "serve" | "build")
            || self.pictures == Pictures::Zones && command != "screenshot"
            || self.fetch && command != "oracle"
            || self.part.is_some() && command != "bench"
            || self.seconds.is_some() && command != "fuzz"
        {
            bail!("`{command}` takes no such option: see `cargo xtask help`");
        }
        let task = match command {
            _ if self.help => Task::Help,
            "help" => Task::Help,
            "serve" => Task::Serve { port: self.port.unwrap_or(8080), open: self.open, care: self.care },
            "test" => Task::Test,
            "setup" => Task::Setup,
            "build" => Task::Build { care: self.care },
            "api" => Task::Api,
            "size" => Task::Size,
            "tidy" => Task::Tidy,
            "oracle" => Task::Oracle { port: self.port.unwrap_or(7379), fetch: self.fetch },
            "record" => Task::Record { args: self.rest },
            "generate" => Task::Generate { args: self.rest },
            "screenshot" => Task::Screenshot { of: self.pictures },
            "bench" => Task::Bench { part: self.part.unwrap_or_default() },
            "fuzz" => match self.target {
                Some(target) => Task::Fuzz { target, seconds: self.seconds.unwrap_or(60) },
                None => bail!("which fuzz target? lua_source or lua_program"),
            },
            unknown => bail!("there is no command `{unknown}`\n\n{HELP}"),
        };
        Ok(Args { task, toolchain: self.toolchain })
    }
}
