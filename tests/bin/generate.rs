//! Writes the files that are made from the engine; `--check` writes nothing and fails where one is stale.

use std::fs;
use std::process::ExitCode;

use playground_tests::determinism::{self, PINNED};
use playground_tests::{commands_md, files, lessons_md};

fn main() -> ExitCode {
    let check = std::env::args().skip(1).any(|arg| arg == "--check");
    let generated = [
        ("COMMANDS.md", commands_md::render()),
        ("LESSONS.md", lessons_md::render()),
        (PINNED, determinism::play(determinism::SEED).text()),
    ];
    let mut stale = 0;
    for (name, text) in generated {
        let path = files::root().join(name);
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        stale += 1;
        if check {
            eprintln!("{name} is stale");
        } else if let Err(why) = fs::write(&path, text) {
            eprintln!("{name}: {why}");
            return ExitCode::FAILURE;
        } else {
            println!("wrote {name}");
        }
    }
    if check && stale > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
