//! Plays transcripts and lessons against a real server, to record its answers or to check the recorded ones.
//!
//! A `@virtual` case cannot be played there: its answers are the engine's own, which its reason says in the file. An
//! answer that `@differs` is the engine's, too, and a check insists that it really differs, so that the mark goes when
//! the difference does.

use std::path::{Path, PathBuf};

use playground_engine::command;
use playground_scenarios::format::{Rewrite, rewrite};
use playground_scenarios::replay::{Mismatch, Played, PlayedLesson, play_case, play_lesson};
use playground_scenarios::transcript::parse_body;
use playground_scenarios::{Case, EngineTarget, Lesson, Target, Transcript};

use crate::files;

/// A text with answers in it.
#[derive(Clone, Debug)]
pub enum Script {
    Transcript(Transcript),
    Lesson(Box<Lesson>),
}

/// A script and where it stands.
#[derive(Clone, Debug)]
pub struct Source {
    /// As a reader names it: a path, or a command's name for its example.
    pub name: String,
    /// `None` for examples, which stand in Rust files.
    pub path: Option<PathBuf>,
    pub text: String,
    pub script: Script,
}

impl Source {
    /// Reads a `.txt` transcript or an `.md` lesson; the error is `file:line: reason`.
    pub fn read(path: &Path) -> Result<Self, String> {
        let text = files::read(path);
        let name = files::shown(path);
        let script = if path.extension().is_some_and(|extension| extension == "md") {
            Lesson::parse(&text).map(|lesson| Script::Lesson(Box::new(lesson)))
        } else {
            Transcript::parse(&text).map(Script::Transcript)
        };
        let script = script.map_err(|fault| format!("{name}:{fault}"))?;
        Ok(Self { name, path: Some(path.to_owned()), text, script })
    }

    /// All transcripts and lessons of the repository, and every command's example.
    pub fn all() -> Result<Vec<Self>, String> {
        let paths = files::transcripts().into_iter().chain(files::lessons());
        let read = paths.map(|path| Self::read(&path)).collect::<Result<Vec<_>, _>>()?;
        Ok(read.into_iter().chain(examples()?).collect())
    }
}

/// Each supported command's example, as a transcript of one case.
fn examples() -> Result<Vec<Source>, String> {
    let specs = command::every();
    let example = |spec: &command::CommandSpec| {
        let name = format!("example of {}", spec.name);
        let entries = parse_body(spec.example, 0).map_err(|fault| format!("{name}:{fault}"))?;
        let case = Case { name: name.clone(), line: 1, seed: None, virtual_reason: None, entries };
        let script = Script::Transcript(Transcript { cases: vec![case] });
        Ok(Source { name, path: None, text: spec.example.to_owned(), script })
    };
    specs.filter(|spec| !spec.example.is_empty()).map(example).collect()
}

/// Plays a source against the engine and says what is not as written.
pub fn replay(source: &Source) -> Result<Vec<Mismatch>, String> {
    let mut engine = EngineTarget::default();
    match &source.script {
        Script::Lesson(lesson) => Ok(play_lesson(lesson, &mut engine)?.mismatches()),
        Script::Transcript(transcript) => {
            let mut found = Vec::new();
            for case in &transcript.cases {
                found.extend(play_case(case, &mut engine)?.iter().filter_map(Played::mismatch));
            }
            Ok(found)
        }
    }
}

/// How often a case is played before it counts as different: a real clock may tick between two commands.
const TRIES: usize = 3;

/// Plays a source against a real server and says where it answers otherwise than written.
pub fn check(source: &Source, server: &mut impl Target) -> Result<Vec<Mismatch>, String> {
    match &source.script {
        Script::Lesson(lesson) => steady(|| Ok(play_lesson(lesson, server)?.mismatches())),
        Script::Transcript(transcript) => {
            let mut found = Vec::new();
            for case in transcript.cases.iter().filter(|case| case.virtual_reason.is_none()) {
                found.extend(steady(|| {
                    Ok(play_case(case, server)?.iter().filter_map(wrong_on_server).collect())
                })?);
            }
            Ok(found)
        }
    }
}

/// What is different each time.
fn steady(mut play: impl FnMut() -> Result<Vec<Mismatch>, String>) -> Result<Vec<Mismatch>, String> {
    let mut found = play()?;
    for _ in 1..TRIES {
        if found.is_empty() {
            break;
        }
        found = play()?;
    }
    Ok(found)
}

fn wrong_on_server(played: &Played) -> Option<Mismatch> {
    match (&played.expected.differs, played.mismatch()) {
        (None, mismatch) => mismatch,
        (Some(_), Some(_)) => None,
        (Some(_), None) => {
            let what =
                format!("{}\n  @differs stands here, but the real server answers the same", played.text);
            Some(Mismatch { line: played.expected.line, what })
        }
    }
}

/// The text of a source with the answers that the server gives now. What an exercise asks for is not recorded over: where
/// its solution does not bring that about, one of the two is wrong.
pub fn record(source: &Source, server: &mut impl Target) -> Result<String, String> {
    let mut engine = EngineTarget::default();
    let played = match &source.script {
        Script::Lesson(lesson) => {
            let PlayedLesson { mut played, checked, .. } = play_lesson(lesson, server)?;
            let mut unmet = checked.iter().filter(|condition| !condition.expected.text.is_empty());
            if let Some(Mismatch { line, what }) = unmet.find_map(Played::mismatch) {
                return Err(format!("{line}: the solution does not pass the exercise: {what}"));
            }
            played.extend(checked);
            played
        }
        Script::Transcript(transcript) => {
            let mut played = Vec::new();
            for case in &transcript.cases {
                played.extend(record_case(case, server, &mut engine)?);
            }
            played
        }
    };
    if let Some((line, why)) = played.iter().find_map(|one| Some((one.expected.line, one.misjudged()?))) {
        return Err(format!("{line}: {why}"));
    }
    // An answer that holds stays as it is: under @unordered the server may give it in another order each time.
    let stale = played.iter().filter(|played| played.mismatch().is_some());
    let mut rewrites: Vec<_> = stale.map(|played| Rewrite::of(&played.expected, played.printed())).collect();
    rewrites.sort_by_key(|rewrite| rewrite.lines.start);
    Ok(rewrite(&source.text, &rewrites))
}

fn record_case(
    case: &Case,
    server: &mut impl Target,
    engine: &mut EngineTarget,
) -> Result<Vec<Played>, String> {
    if case.virtual_reason.is_some() {
        return play_case(case, engine);
    }
    let from_server = play_case(case, server)?;
    if from_server.iter().all(|played| played.expected.differs.is_none()) {
        return Ok(from_server);
    }
    let from_engine = play_case(case, engine)?;
    let choose =
        |(server, engine): (Played, Played)| if server.expected.differs.is_some() { engine } else { server };
    Ok(from_server.into_iter().zip(from_engine).map(choose).collect())
}
