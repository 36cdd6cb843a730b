//! Keeping and sharing through the bridge: what is given out and done again makes the same world.

use super::tests::{last, names, pass, play, run, say, terminal};
use super::*;
use crate::record::Record;
use crate::saved::Saved;
use crate::state::State;
use crate::state::save::Kept;
use crate::state::timeline::Kind;

const ALICE: TabId = TabId(1);

fn save(bridge: &mut Bridge, state: State, intent: SaveIntent) -> State {
    let mut state = play(bridge, state, Intent::Save(intent));
    while bridge.is_waiting() {
        state = play(bridge, state, Intent::Continue);
    }
    state
}

fn exported(bridge: &mut Bridge) -> Record {
    let state = save(bridge, State::default(), SaveIntent::Export);
    let text = state.save.exported.as_ref().and_then(|exported| exported.record.clone()).expect("a record");
    Record::parse(&text).expect("is well formed")
}

/// Two sessions, one of which waits, with time and errors between.
fn lived() -> (Bridge, State) {
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for n in 0..1_300 {
        state = run(&mut bridge, state, &format!("SET k{} \"v {n}\" PX {}", n % 50, 1_000 + n));
        state = pass(&mut bridge, state, n % 90);
    }
    state = play(&mut bridge, state, Intent::Open(Focus::Prompt));
    state = say(&mut bridge, state, ALICE, "BLPOP jobs 0");
    state = say(&mut bridge, state, TabId(0), "NOSUCH thing");
    state = say(&mut bridge, state, TabId(0), "SELECT 3");
    state = say(&mut bridge, state, TabId(0), "RPUSH jobs 1");
    state = say(&mut bridge, state, TabId(0), "SPOP s");
    state = play(&mut bridge, state, Intent::NextExpiry);
    state = say(&mut bridge, state, TabId(0), "EVAL \"\n\treturn '\\\\n'\n\" 0");
    state = say(&mut bridge, state, TabId(0), "SET several 'a\n  b'");
    state = say(&mut bridge, state, TabId(0), "SET \"open");
    state = pass(&mut bridge, state, 70);
    state = play(&mut bridge, state, Intent::Step(3));
    let later = state.view.now + 2;
    state = play(&mut bridge, state, Intent::SetTo(later));
    (bridge, state)
}

fn other(bridge: &mut Bridge, record: Record) -> State {
    save(bridge, State::default(), SaveIntent::Restore(Rc::new(record), Rc::default()))
}

#[test]
fn what_is_done_again_makes_the_same_world_and_the_same_logs() {
    let (mut bridge, state) = lived();
    let mut again = Bridge::default();
    let there = other(&mut again, exported(&mut bridge));
    assert_eq!(again.world.engine.digest(), bridge.world.engine.digest());
    assert_eq!(names(&there), names(&state));
    for tab in [TabId(0), ALICE] {
        let log = |state: &State| {
            terminal(state, tab)
                .log
                .iter()
                .map(|entry| (entry.line.clone(), entry.output.clone()))
                .collect::<Vec<_>>()
        };
        assert_eq!(log(&there), log(&state));
        assert_eq!(terminal(&there, tab).history, terminal(&state, tab).history);
    }
    assert_eq!(last(&there, TabId(0)), "Invalid argument(s)\n");
    let moves = |state: &State| {
        let clock = state.timeline.marks.iter().filter(|mark| mark.kind() == Kind::Clock);
        clock.map(|mark| (mark.step, mark.at, mark.what.clone())).collect::<Vec<_>>()
    };
    assert_eq!((moves(&there).len(), moves(&there)), (3, moves(&state)));
    assert_eq!(there.view.listing.total, state.view.listing.total);
    // It goes on alike, and is written alike.
    let (state, there) = (run(&mut bridge, state, "DBSIZE"), run(&mut again, there, "DBSIZE"));
    assert_eq!(last(&there, TabId(0)), last(&state, TabId(0)));
    assert_eq!(exported(&mut again).write(), exported(&mut bridge).write());
}

#[test]
fn only_what_is_new_is_given_out_to_be_stored() {
    let (mut bridge, _) = lived();
    let batch = |bridge: &mut Bridge| {
        save(bridge, State::default(), SaveIntent::Collect).save.batch.clone().expect("a batch")
    };
    let whole = batch(&mut bridge);
    assert!(whole.first == 0 && whole.of == whole.chunks.len() && whole.of > 3);
    assert_eq!(Record::parse(&whole.chunks.concat()), Ok(exported(&mut bridge)));
    run(&mut bridge, State::default(), "SET more 1");
    let more = batch(&mut bridge);
    assert_eq!((more.first + more.chunks.len(), more.of), (more.of, more.of));
    assert!(more.chunks.len() <= 2);
    let text = [&whole.chunks[..more.first], &more.chunks[..]].concat().concat();
    assert_eq!(Record::parse(&text), Ok(exported(&mut bridge)));
    save(&mut bridge, State::default(), SaveIntent::NotStored);
    assert_eq!(batch(&mut bridge).first, 0);
    // A branch takes what came after it away.
    play(&mut bridge, State::default(), Intent::Travel(Journey::To(700)));
    play(&mut bridge, State::default(), Intent::Travel(Journey::Branch));
    let cut = batch(&mut bridge);
    assert_eq!((cut.first, cut.of), (1, 2));
    // What was kept is not given out again when it has been done again.
    let mut again = Bridge::default();
    other(&mut again, exported(&mut bridge));
    assert_eq!(batch(&mut again).first, 1);
}

#[test]
fn nothing_acts_while_a_record_is_done_again_and_it_can_be_stopped() {
    let (mut bridge, _) = lived();
    let record = exported(&mut bridge);
    let mut again = Bridge::default();
    let state = play(&mut again, State::default(), Intent::Save(SaveIntent::Accept(Rc::new(record.clone()))));
    let progress = |state: &State| state.save.restoring.map(|progress| (progress.done, progress.stopped));
    assert_eq!(progress(&state), Some((1_000, false)));
    let now = state.view.now;
    let state = run(&mut again, state, "FLUSHALL");
    let state = pass(&mut again, state, 5_000);
    assert_eq!((state.held, state.view.now), (1, now));
    let state = play(&mut again, state, Intent::Save(SaveIntent::Stop));
    let state = run(&mut again, state, "FLUSHALL");
    let state = pass(&mut again, state, 5_000);
    assert_eq!((progress(&state), state.held, state.view.now), (Some((1_000, true)), 2, now));
    assert!(!again.is_waiting());
    let state = save(&mut again, state, SaveIntent::GoOn);
    assert_eq!((progress(&state), again.world.engine.digest()), (None, bridge.world.engine.digest()));
}

/// A page that keeps `record` and was stopped on the way through it.
fn stopped(record: &Record) -> (Bridge, State) {
    let mut bridge = Bridge::default();
    let saved = Saved { dismissed: true, ..Saved::default() };
    let restore = SaveIntent::Restore(Rc::new(record.clone()), Rc::new(saved));
    let state = play(&mut bridge, State::default(), Intent::Save(restore));
    let state = play(&mut bridge, state, Intent::Save(SaveIntent::Stop));
    (bridge, state)
}

#[test]
fn a_restore_that_is_stopped_leaves_what_is_stored_until_the_reader_stays_and_it_can_be_taken_back() {
    let record = exported(&mut lived().0);
    let (mut bridge, state) = stopped(&record);
    let state = save(&mut bridge, state, SaveIntent::Collect);
    assert!(state.save.batch.is_none(), "nothing is written over what is stored");
    let state = save(&mut bridge, state, SaveIntent::RecordFile);
    assert_eq!(*state.save.file.as_ref().expect("a file").text, *record.write(), "all of it is downloaded");
    let state = save(&mut bridge, state, SaveIntent::Stay);
    assert!(state.save.restoring.is_none() && state.save.previous && !state.save.dismissed);
    let state = run(&mut bridge, state, "SET mine 1");
    assert_eq!(last(&state, TabId(0)), "OK\n");
    save(&mut bridge, state, SaveIntent::TakeBack);
    assert_eq!(exported(&mut bridge), record);
}

#[test]
fn what_gave_way_to_a_link_can_still_be_taken_back_when_that_is_stopped() {
    let mut bridge = Bridge::default();
    let state = run(&mut bridge, State::default(), "SET mine 1");
    let record = Rc::new(exported(&mut lived().0));
    let state = play(&mut bridge, state, Intent::Save(SaveIntent::Accept(record)));
    let state = play(&mut bridge, state, Intent::Save(SaveIntent::Stop));
    let state = save(&mut bridge, state, SaveIntent::Stay);
    let state = save(&mut bridge, state, SaveIntent::TakeBack);
    assert_eq!(super::travel_tests::keys(&state), ["mine"]);
}

#[test]
fn what_is_accepted_takes_the_place_of_work_that_can_be_taken_back() {
    let mut bridge = Bridge::default();
    let state = run(&mut bridge, State::default(), "SET mine 1");
    let theirs = "redis-playground 1\nseed 9\nstart 5000\n> SET theirs 1\n> NOSUCH \"\n> clear\n@session x\n@close\n@cancel\n";
    let record = Rc::new(Record::parse(theirs).expect("well formed"));
    let state = save(&mut bridge, state, SaveIntent::Accept(record));
    let keys = super::travel_tests::keys;
    assert_eq!((keys(&state), state.view.now), (vec!["theirs".to_owned()], 5_000));
    let state = save(&mut bridge, state, SaveIntent::TakeBack);
    assert_eq!(keys(&state), ["mine"]);
    let state = save(&mut bridge, state, SaveIntent::Afresh);
    assert!(keys(&state).is_empty() && state.save.previous);
    // With nothing done since, there is still the same to be taken back.
    let state = pass(&mut bridge, state, 5_000);
    let state = save(&mut bridge, state, SaveIntent::Afresh);
    assert_eq!(
        (keys(&save(&mut bridge, state.clone(), SaveIntent::TakeBack)), state.view.now % 1_000),
        (vec!["mine".to_owned()], 0)
    );
}

#[test]
fn what_can_be_taken_back_is_given_out_to_be_stored_and_may_be_damaged_when_it_comes() {
    let batch = |bridge: &mut Bridge| {
        save(bridge, State::default(), SaveIntent::Collect)
            .save
            .batch
            .clone()
            .expect("a batch")
            .previous
            .clone()
    };
    let mut bridge = Bridge::default();
    let state = run(&mut bridge, State::default(), "SET mine 1");
    assert_eq!(batch(&mut bridge), None);
    save(&mut bridge, state, SaveIntent::Afresh);
    let previous = batch(&mut bridge).expect("the work that gave way");
    assert!(previous.ends_with("> SET mine 1\n") && batch(&mut bridge).is_none(), "once");
    save(&mut bridge, State::default(), SaveIntent::NotStored);
    assert_eq!(batch(&mut bridge).as_ref(), Some(&previous), "again where that failed");
    // On a page that is opened later.
    let mut later = Bridge::default();
    let state = save(&mut later, State::default(), SaveIntent::Previous(previous));
    assert!(state.save.previous && !state.save.dismissed);
    let state = other(&mut later, exported(&mut bridge));
    assert!(state.save.previous && batch(&mut later).is_none());
    let state = save(&mut later, state, SaveIntent::TakeBack);
    assert_eq!(super::travel_tests::keys(&state), ["mine"]);
    let state = save(&mut later, state, SaveIntent::Previous("<html>".into()));
    let state = save(&mut later, state, SaveIntent::TakeBack);
    assert!(state.save.refused.as_ref().is_some_and(|reason| reason.contains("damaged. Line 1")));
    assert_eq!(&*state.save.file.as_ref().expect("a file").text, "<html>");
    assert_eq!(super::travel_tests::keys(&state), ["mine"]);
}

#[test]
fn how_the_page_was_left_comes_back_with_it() {
    let mut bridge = Bridge::default();
    let state = play(&mut bridge, State::default(), Intent::Open(Focus::Prompt));
    let record = exported(&mut bridge);
    let saved = Rc::new(Saved::of(&state.reduce(Action::Running(false)), 1));
    let mut again = Bridge::default();
    let there = save(&mut again, State::default(), SaveIntent::Restore(Rc::new(record), saved));
    assert_eq!((there.sessions.shown, there.clock.running), (ALICE, false));
    // The ticker of before has not heard of it yet.
    let now = there.view.now;
    let there = play(&mut again, there, Intent::Tick { ms: 400, work: 0 });
    assert_eq!(there.view.now, now);
    assert_eq!(pass(&mut again, there, 400).view.now, now + 400);
}

#[test]
fn too_much_is_said_and_not_stored() {
    let mut bridge = Bridge::default();
    let line = "x".repeat(200_000);
    for n in 0..6_000 {
        run(&mut bridge, State::default(), &format!("SET k {n}{}", if n % 10 == 0 { &line } else { "" }));
    }
    assert!(bridge.journal.oldest() > 0);
    let state = save(&mut bridge, State::default(), SaveIntent::Collect);
    assert_eq!(
        (&state.save.kept, state.save.batch.as_ref().map(|batch| batch.of)),
        (&Kept::TooMuch, Some(0))
    );
    let state = save(&mut bridge, state, SaveIntent::TypedFile);
    assert!(state.save.file.as_ref().expect("a file").text.contains("SET k 5999"));
}

#[test]
fn files_for_redis_cli_hold_what_one_connection_can_play() {
    let (mut bridge, state) = lived();
    // Keys that are due but still there are in a digest, and in no file.
    let mut state = play(&mut bridge, state, Intent::Step(60_000));
    for line in [
        "SET \"a\\x00b\" 7 PX 2500",
        "HSET h f v",
        "SELECT 0",
        "ZADD z 1.5 a 2 b",
        "SADD s x 1",
        "SET t 1 EX 9",
    ] {
        state = say(&mut bridge, state, TabId(0), line);
    }
    let state = save(&mut bridge, state, SaveIntent::TypedFile);
    let typed = state.save.file.as_ref().expect("a file").text.clone();
    assert!(typed.contains("ECHO \"session alice\"\nECHO \"left out, since it waits: BLPOP jobs 0\"\n"));
    assert!(
        typed.contains("ECHO \"left out, since it cannot be split into words: SET \\\"open\"\n"),
        "{typed}"
    );
    let state = save(&mut bridge, state, SaveIntent::DataFile);
    let data = state.save.file.as_ref().expect("a file").text.clone();
    // Played into another engine, it makes the same keys.
    let mut copy = Bridge::default();
    let mut there = State::default();
    for line in data.lines() {
        there = run(&mut copy, there, line);
        assert_eq!(last(&there, TabId(0)), "OK\n", "{line}");
    }
    let digest = |bridge: &mut Bridge| {
        let state = say(bridge, State::default(), TabId(0), "DEBUG DIGEST");
        last(&state, TabId(0)).to_owned()
    };
    assert_eq!(digest(&mut copy), digest(&mut bridge));
}
