//! Records what a real Redis answers into transcripts and lessons, or checks what is recorded.
//!
//! `record [FILE …]` rewrites the answers of these files (all, when none is named) in place; `record --check` writes
//! nothing and fails where the real server answers otherwise. Cases marked `@virtual` are named, since their answers
//! are the engine's own.

use std::path::PathBuf;
use std::process::ExitCode;

use playground_tests::oracle::{self, Oracle};
use playground_tests::record::{Script, Source, check, record};
use playground_tests::server_target::ServerTarget;

fn main() -> ExitCode {
    let (flags, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|arg| arg.starts_with('-'));
    let only_check = flags.iter().any(|flag| flag == "--check");
    if flags.iter().any(|flag| flag != "--check") {
        eprintln!("usage: record [--check] [FILE ...]");
        return ExitCode::from(2);
    }
    match run(only_check, &files) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(count) => {
            eprintln!("{count} answers are not the real server's");
            ExitCode::FAILURE
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// How many answers are wrong; when recording, none is afterwards.
fn run(only_check: bool, files: &[String]) -> Result<usize, String> {
    let sources = match files {
        [] => Source::all()?,
        files => files.iter().map(|file| Source::read(&PathBuf::from(file))).collect::<Result<_, _>>()?,
    };
    let oracle = Oracle::start(&oracle::find()?)?;
    let mut server = ServerTarget::new(&oracle).map_err(|why| why.to_string())?;
    let mut wrong = 0;
    for source in &sources {
        report_virtual(source);
        match &source.path {
            Some(path) if !only_check => {
                let recorded = record(source, &mut server).map_err(|why| format!("{}:{why}", source.name))?;
                if recorded != source.text {
                    std::fs::write(path, recorded).map_err(|why| format!("{}: {why}", source.name))?;
                    println!("recorded {}", source.name);
                }
            }
            _ => {
                let mismatches =
                    check(source, &mut server).map_err(|why| format!("{}:{why}", source.name))?;
                for mismatch in &mismatches {
                    println!("{}:{mismatch}", source.name);
                }
                wrong += mismatches.len();
            }
        }
    }
    Ok(wrong)
}

fn report_virtual(source: &Source) {
    let Script::Transcript(transcript) = &source.script else { return };
    for case in &transcript.cases {
        if let Some(reason) = &case.virtual_reason {
            println!("{}:{}: {} is the engine's own word: {reason}", source.name, case.line, case.name);
        }
    }
}
