//! `redis-playground run`: plays transcripts and lessons and says where the answers are not as written.
//!
//! The playing is the scenarios crate's; here are only files, and what is printed about them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, anyhow, bail};
use playground_scenarios::replay::{Mismatch, Played, play_case, play_lesson};
use playground_scenarios::{EngineTarget, Lesson, Transcript};

/// What was played of one file.
struct Outcome {
    commands: usize,
    mismatches: Vec<Mismatch>,
}

/// Plays the files in order; an error where any answer differs or a file cannot be played.
pub fn run(files: &[PathBuf]) -> Result<()> {
    let (mut commands, mut wrong) = (0, 0);
    for file in files {
        let outcome = play(file)?;
        for mismatch in &outcome.mismatches {
            println!("{}:{mismatch}", file.display());
        }
        commands += outcome.commands;
        wrong += outcome.mismatches.len();
    }
    if wrong > 0 {
        bail!("{wrong} of {commands} answers are not as written");
    }
    println!("{commands} answers are as written.");
    Ok(())
}

fn play(file: &Path) -> Result<Outcome> {
    let name = file.display();
    let source = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let is_lesson = file.extension().is_some_and(|extension| extension == "md");
    let outcome = if is_lesson { lesson(&source) } else { transcript(&source) };
    // Faults name their line first, so that the file belongs directly before it.
    outcome.map_err(|fault| anyhow!("{name}:{fault}"))
}

fn transcript(source: &str) -> Result<Outcome, String> {
    let transcript = Transcript::parse(source).map_err(|fault| fault.to_string())?;
    let mut target = EngineTarget::default();
    let mut played = Vec::new();
    for case in &transcript.cases {
        played.extend(play_case(case, &mut target)?);
    }
    Ok(Outcome { commands: played.len(), mismatches: played.iter().filter_map(Played::mismatch).collect() })
}

fn lesson(source: &str) -> Result<Outcome, String> {
    let lesson = Lesson::parse(source).map_err(|fault| fault.to_string())?;
    let played = play_lesson(&lesson, &mut EngineTarget::default())?;
    let commands = played.played.len() + played.checked.len();
    Ok(Outcome { commands, mismatches: played.mismatches() })
}
