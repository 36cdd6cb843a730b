//! Scripts that take long, through the bridge: who waits, who is refused, who stops them, and that all of it happens
//! again when it is played again.

use super::tests::{last, pass, play, say, terminal};
use super::*;
use crate::state::State;
use crate::state::view::Blocked;

const MAIN_TAB: TabId = TabId(0);
const ALICE: TabId = TabId(1);
const ENDLESS: &str = "EVAL \"while true do end\" 0";

/// A page with two sessions.
fn two() -> (Bridge, State) {
    let mut bridge = Bridge::default();
    let state = play(&mut bridge, State::default(), Intent::Open(Focus::Prompt));
    (bridge, state)
}

fn blocked(state: &State, tab: TabId) -> Option<Rc<Blocked>> {
    state.view.session(tab).expect("a session").blocked.clone()
}

/// Lets the clock run as the ticker does.
fn tick(bridge: &mut Bridge, mut state: State, ms: u64) -> State {
    for _ in 0..ms / 100 {
        state = pass(bridge, state, 100);
        while bridge.is_waiting() {
            state = play(bridge, state, Intent::Continue);
        }
    }
    state
}

fn log(state: &State, tab: TabId) -> Vec<(String, String)> {
    let entry =
        |entry: &Rc<crate::state::terminal::Entry>| (entry.line.to_string(), entry.output.to_string());
    terminal(state, tab).log.iter().map(entry).collect()
}

#[test]
fn others_wait_for_a_script_and_are_refused_when_it_takes_too_long() {
    let (mut bridge, state) = two();
    let state = say(&mut bridge, state, MAIN_TAB, ENDLESS);
    let began = state.view.now;
    let script = blocked(&state, MAIN_TAB).and_then(|blocked| blocked.script.clone()).expect("it runs");
    assert!(script.is_own && !script.has_written && script.busy_from == Some(began + 5_000));
    let state = tick(&mut bridge, state, 1_000);
    let state = say(&mut bridge, state, ALICE, "GET a");
    let state = say(&mut bridge, state, ALICE, "ECHO later");
    let held = blocked(&state, ALICE).expect("it waits its turn");
    let of = held.script.as_ref().and_then(|script| script.of.clone());
    assert_eq!((&*held.command, of.as_deref()), ("GET a", Some(MAIN)));
    assert_eq!(terminal(&state, ALICE).log.len(), 1, "a client says nothing more until it is answered");
    assert!(terminal(&state, ALICE).log[0].waits);
    let further = blocked(&state, MAIN_TAB).and_then(|blocked| blocked.script.clone()).expect("it runs");
    assert!(further.instructions > script.instructions);
    let state = tick(&mut bridge, state, 4_000);
    let said = log(&state, ALICE);
    assert_eq!(said.iter().map(|(line, _)| line.as_str()).collect::<Vec<_>>(), ["GET a", "ECHO later"]);
    assert!(said.iter().all(|(_, output)| output.starts_with("(error) BUSY")), "{said:?}");
    assert!(blocked(&state, ALICE).is_none() && !terminal(&state, ALICE).log[0].waits);
    let state = say(&mut bridge, state, ALICE, "SCRIPT KILL");
    assert_eq!(last(&state, ALICE), "OK\n");
    assert!(last(&state, MAIN_TAB).contains("Script killed by user"), "{}", last(&state, MAIN_TAB));
    assert!(blocked(&state, MAIN_TAB).is_none());
}

#[test]
fn a_script_is_stopped_from_its_session_and_late_answers_find_their_lines() {
    let (mut bridge, state) = two();
    let state = say(&mut bridge, state, ALICE, "SET a 1");
    let state = say(&mut bridge, state, MAIN_TAB, ENDLESS);
    let state = say(&mut bridge, state, ALICE, "GET a");
    let state = tick(&mut bridge, state, 500);
    let state = play(&mut bridge, state, Intent::Cancel(MAIN_TAB));
    assert!(log(&state, MAIN_TAB)[0].1.contains("killed"));
    assert_eq!(log(&state, ALICE)[1], ("GET a".to_owned(), "\"1\"\n".to_owned()));
    let state = say(&mut bridge, state, MAIN_TAB, "EVAL \"redis.call('SET', 'a', 2) while true do end\" 0");
    let state = play(&mut bridge, state, Intent::Cancel(MAIN_TAB));
    let script = blocked(&state, MAIN_TAB).and_then(|blocked| blocked.script.clone()).expect("it goes on");
    assert!(script.has_written);
    let state = tick(&mut bridge, state, 5_000);
    let state = say(&mut bridge, state, ALICE, "SCRIPT KILL");
    assert!(last(&state, ALICE).starts_with("(error) UNKILLABLE"), "{}", last(&state, ALICE));
}

#[test]
fn a_script_that_takes_long_is_the_same_when_it_is_played_again() {
    let (mut bridge, state) = two();
    let count = "EVAL \"redis.call('SET', 'n', 1) for i = 1, 8000000 do local x = i end return redis.call('INCR', 'n')\" 0";
    let state = say(&mut bridge, state, MAIN_TAB, count);
    let state = tick(&mut bridge, state, 300);
    let state = say(&mut bridge, state, ALICE, "GET n");
    let middle = (state.view.travel.steps, bridge.world.engine.digest());
    let of_middle = blocked(&state, MAIN_TAB).and_then(|blocked| blocked.script.clone()).expect("it runs");
    let state = tick(&mut bridge, state, 600);
    assert_eq!(last(&state, MAIN_TAB), "(integer) 2\n");
    assert_eq!(last(&state, ALICE), "\"2\"\n");
    let end = bridge.world.engine.digest();
    let mut again = World::new(Options::default());
    again.apply(&Input::Open { tab: MAIN_TAB, name: MAIN.into() });
    for step in 1..=bridge.journal.steps() {
        again.apply(bridge.journal.input(step).expect("it was written down"));
        if step == middle.0 {
            assert_eq!(again.engine.digest(), middle.1);
            let instructions = again.engine.running_script().map(|running| running.instructions);
            assert_eq!(instructions, Some(of_middle.instructions));
        }
    }
    assert_eq!((again.engine.digest(), again.engine.now()), (end, state.view.now));
    let state = play(&mut bridge, state, Intent::Travel(Journey::To(middle.0)));
    assert_eq!(bridge.world.engine.digest(), middle.1);
    assert_eq!(blocked(&state, MAIN_TAB).and_then(|blocked| blocked.script.clone()), Some(of_middle));
}
