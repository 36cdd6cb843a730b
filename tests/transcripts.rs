//! Replays every transcript, every lesson and every command's example against the engine; where a real server is at
//! hand, against that too, so that recorded answers cannot drift from what Redis says.

use std::collections::BTreeMap;

use playground_scenarios::replay::Mismatch;
use playground_scenarios::{EngineTarget, Lesson, Target, Transcript};
use playground_tests::oracle;
use playground_tests::record::{Script, Source, check, record, replay};
use playground_tests::server_target::ServerTarget;

fn sources() -> Vec<Source> {
    Source::all().unwrap_or_else(|fault| panic!("{fault}"))
}

/// Plays all sources and fails with every answer that is not as written.
fn all_hold(mut play: impl FnMut(&Source) -> Result<Vec<Mismatch>, String>) {
    let mut complaints = Vec::new();
    for source in sources() {
        let name = &source.name;
        match play(&source) {
            Ok(found) => complaints.extend(found.iter().map(|mismatch| format!("{name}:{mismatch}"))),
            Err(why) => complaints.push(format!("{name}:{why}")),
        }
    }
    assert!(
        complaints.is_empty(),
        "{} answers are not as written\n\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

#[test]
fn the_engine_answers_as_written() {
    all_hold(replay);
}

#[test]
fn the_real_server_answers_as_written() {
    let Some(oracle) = oracle::start_or_skip("the_real_server_answers_as_written") else { return };
    let mut server = ServerTarget::new(&oracle).expect("the oracle answers");
    all_hold(|source| check(source, &mut server));
}

/// What a case leaves behind must not reach the connection that clears up after it. Here the server gives idle clients
/// the smallest buffer at once, as it does after some seconds; what does not fit in there counts against the limit.
#[test]
fn a_limit_on_output_ends_with_its_case() {
    let name = "a_limit_on_output_ends_with_its_case";
    let Some(oracle) = oracle::start_or_skip(name) else { return };
    oracle.connect().call(&["DEBUG", "REPLYBUFFER", "PEAK-RESET-TIME", "100"]).expect("a setting for tests");
    let mut server = ServerTarget::new(&oracle).expect("the oracle answers");
    let case = "> CONFIG SET client-output-buffer-limit \"normal 7 0 3\"\nOK\n@advance 2s\n";
    let script =
        Script::Transcript(Transcript::parse(&format!("--- a\n{case}--- b\n{case}")).expect("well-formed"));
    let source = Source { name: name.into(), path: None, text: String::new(), script };
    assert_eq!(check(&source, &mut server), Ok(vec![]));
    assert_eq!(server.reset(None), Ok(()));
}

#[test]
fn case_names_are_unique() {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for source in sources() {
        let Script::Transcript(transcript) = &source.script else { continue };
        for case in &transcript.cases {
            let here = format!("{}:{}", source.name, case.line);
            if let Some(there) = seen.insert(case.name.clone(), here.clone()) {
                panic!("{here}: the case {} is named like the one at {there}", case.name);
            }
        }
    }
}

#[test]
fn a_wrong_expectation_is_reported_with_its_line() {
    let text = "--- right-and-wrong\n> PING\nPONG\n> ECHO v\n\"w\"\n> PING\n";
    let script = Script::Transcript(Transcript::parse(text).expect("well-formed"));
    let source = Source { name: "made-up".into(), path: None, text: text.into(), script };
    let found = replay(&source).expect("plays");
    let lines: Vec<usize> = found.iter().map(|mismatch| mismatch.line).collect();
    assert_eq!(lines, [4, 6], "the wrong answer and the missing one");
    assert_eq!(found[0].to_string(), "4: ECHO v\n  - \"w\"\n  + \"v\"\n");
}

fn replayed(text: &str) -> Result<Vec<Mismatch>, String> {
    let script = Script::Transcript(Transcript::parse(text).expect("well-formed"));
    replay(&Source { name: "made-up".into(), path: None, text: text.into(), script })
}

#[test]
fn what_an_exercise_asks_for_is_not_recorded_over() {
    let lesson = |answer: &str, asked: &str| {
        let head = "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\n---\n";
        let exercise = format!(
            "```check\n> GET k\n{asked}```\n\n```solution\n> SET k 1\nOK\n```\n\n```wrong\n> SET k 2\nOK\n```\n"
        );
        format!("{head}## A\n\n```redis\n> PING\n{answer}```\n\n{exercise}")
    };
    let recorded = |text: String| {
        let script = Script::Lesson(Box::new(Lesson::parse(&text).expect("a lesson")));
        let source = Source { name: "a".into(), path: None, text, script };
        record(&source, &mut EngineTarget::default())
    };
    assert_eq!(recorded(lesson("", "")), Ok(lesson("PONG\n", "\"1\"\n")));
    assert_eq!(recorded(lesson("old\n", "\"1\"\n")), Ok(lesson("PONG\n", "\"1\"\n")));
    let refused = recorded(lesson("", "\"3\"\n")).expect_err("it is not what the solution brings about");
    assert!(refused.starts_with("14: the solution does not pass the exercise"), "{refused}");
}

#[test]
fn waiting_where_none_is_expected_is_reported() {
    let found = replayed("--- unannounced\n> BLPOP q 0\n(nil)\n> PING\nPONG\n").expect("plays");
    assert_eq!(found.len(), 1, "what follows is not played: {found:?}");
    assert!(found[0].to_string().starts_with("2: BLPOP q 0\n  the session blocks here"), "{}", found[0]);
    let found = replayed("--- vain\n@expect-blocked\n> PING\n> ECHO a\n\"a\"\n").expect("plays");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].to_string().starts_with("3: PING\n  it should block, but answers\n  + PONG"),
        "{}",
        found[0]
    );
}

#[test]
fn what_arrives_has_to_be_written_down() {
    let found = replayed("--- silence\n> PING\nPONG\n@receive\n").expect("plays");
    assert_eq!(found[0].to_string(), "4: @receive\n  no answer is recorded here; it is\n  + (nothing)\n");
    assert_eq!(replayed("--- silence\n> PING\nPONG\n@receive\n(nothing)\n"), Ok(vec![]));
}

#[test]
fn nobody_speaks_who_waits_or_has_gone() {
    let waiting = "--- a\n@expect-blocked\n> BLPOP q 0\n> PING\nPONG\n";
    assert_eq!(replayed(waiting), Err("4: the session main waits and cannot speak".into()));
    let gone = "--- a\n> QUIT\nOK\n@receive\n(closed)\n> PING\nPONG\n";
    assert!(replayed(gone).is_err_and(|why| why.starts_with("6: the server has closed the session main")));
    assert_eq!(replayed("--- a\n> QUIT\nOK\n@close\n> PING\nPONG\n"), Ok(vec![]));
    assert_eq!(replayed("--- a\n@session b\n@receive\n"), Err("3: there is no session b".into()));
}
