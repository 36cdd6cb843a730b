//! Time travel through the bridge: looking back, returning, branching, and nothing in between.

use super::tests::{last, names, pass, play, run, say, terminal};
use super::*;
use crate::state::State;
use crate::state::keys::{Entry, Line};
use crate::state::view::Row;

const MAIN_TAB: TabId = TabId(0);

fn travel(bridge: &mut Bridge, state: State, journey: Journey) -> State {
    let mut state = play(bridge, state, Intent::Travel(journey));
    while bridge.is_waiting() {
        state = play(bridge, state, Intent::Continue);
    }
    state
}

fn rows(state: &State) -> Vec<Rc<Row>> {
    let row = |line: &Line| match &line.entry {
        Entry::Key(row) => Some(row.clone()),
        Entry::Space(_) => None,
    };
    state.view.listing.lines.iter().filter_map(row).collect()
}

pub(super) fn keys(state: &State) -> Vec<String> {
    rows(state).iter().map(|row| String::from_utf8_lossy(&row.summary.key).into_owned()).collect()
}

fn played(lines: &[&str]) -> (Bridge, State) {
    let mut bridge = Bridge::default();
    let state = lines.iter().fold(State::default(), |state, line| run(&mut bridge, state, line));
    (bridge, state)
}

#[test]
fn the_past_is_looked_at_and_the_present_is_as_it_was_left() {
    let (mut bridge, state) = played(&["SET a 1", "SET b 1 EX 5", "DEL a"]);
    let digest = bridge.world.engine.digest();
    let state = travel(&mut bridge, state, Journey::To(2));
    assert_eq!((keys(&state), state.view.travel.past), (vec!["a".into(), "b".into()], Some(2)));
    assert!(rows(&state)[1].fresh && !rows(&state)[0].fresh, "what the step made is marked");
    let state = travel(&mut bridge, state, Journey::Back);
    assert_eq!(keys(&state), ["a"]);
    let state = travel(&mut bridge, state, Journey::To(0));
    assert!(keys(&state).is_empty());
    let state = travel(&mut bridge, state, Journey::Forth);
    assert_eq!((keys(&state), state.view.travel.past), (vec!["a".into()], Some(1)));
    let state = travel(&mut bridge, state, Journey::Return);
    assert_eq!((keys(&state), state.view.travel.past), (vec!["b".into()], None));
    assert_eq!(bridge.world.engine.digest(), digest);
    assert_eq!(terminal(&state, MAIN_TAB).log.len(), 3);
}

#[test]
fn nothing_can_be_done_to_the_past_and_no_time_passes_in_it() {
    let (mut bridge, state) = played(&["SET a 1 EX 5", "SET b 1"]);
    let state = travel(&mut bridge, state, Journey::To(1));
    let now = state.view.now;
    let state = run(&mut bridge, state, "FLUSHALL");
    let state = play(&mut bridge, state, Intent::Step(60_000));
    let state = pass(&mut bridge, state, 60_000);
    let state = play(&mut bridge, state, Intent::Open(Focus::Prompt));
    assert_eq!((state.held, state.view.now, state.sessions.tabs.len()), (3, now, 1));
    let state = travel(&mut bridge, state, Journey::Return);
    assert_eq!((keys(&state), state.view.now), (vec!["a".into(), "b".into()], now));
}

#[test]
fn a_branch_forgets_what_came_after_it_and_goes_on() {
    let (mut bridge, state) = played(&["SET a 1", "BLPOP jobs 0"]);
    let state = play(&mut bridge, state, Intent::Open(Focus::Prompt));
    let state = say(&mut bridge, state, TabId(1), "RPUSH jobs x");
    let state = say(&mut bridge, state, TabId(1), "SET later 1");
    assert!(last(&state, MAIN_TAB).contains("\"x\""));
    // Before alice came: main waits, and what it waited for has not come.
    let state = travel(&mut bridge, state, Journey::To(2));
    assert_eq!(names(&state), ["main", "alice"]);
    let state = travel(&mut bridge, state, Journey::Branch);
    assert_eq!((names(&state), state.view.travel.past, state.view.travel.steps), (vec!["main"], None, 2));
    let log: Vec<_> =
        terminal(&state, MAIN_TAB).log.iter().map(|entry| (&*entry.line, entry.waits)).collect();
    assert_eq!(log, [("SET a 1", false), ("BLPOP jobs 0", true)]);
    assert_eq!(state.timeline.marks.len(), 2);
    let state = play(&mut bridge, state, Intent::Open(Focus::Prompt));
    let alice = state.sessions.shown;
    let state = say(&mut bridge, state, alice, "RPUSH jobs y");
    assert!(last(&state, MAIN_TAB).contains("\"y\""), "{}", last(&state, MAIN_TAB));
    assert_eq!(keys(&state), ["a"]);
}

#[test]
fn a_session_that_was_closed_is_there_again_after_a_branch() {
    let (mut bridge, state) = played(&["SET a 1"]);
    let state = play(&mut bridge, state, Intent::Open(Focus::Prompt));
    let state = say(&mut bridge, state, TabId(1), "SELECT 3");
    let state = play(&mut bridge, state, Intent::Close(TabId(1), Focus::Tab));
    let state = travel(&mut bridge, state, Journey::Back);
    let state = travel(&mut bridge, state, Journey::Branch);
    assert_eq!(names(&state), ["main", "alice"]);
    let prompt = state.view.session(TabId(1)).expect("alice").prompt.clone();
    assert_eq!(&*prompt, "127.0.0.1:6379[3]> ");
}

#[test]
fn each_step_of_a_long_run_is_made_again_as_it_was() {
    let mut bridge = Bridge::default();
    let mut state = play(&mut bridge, State::default(), Intent::Open(Focus::Stay));
    let mut digests = vec![0, bridge.world.engine.digest()];
    let mut note = |bridge: &Bridge| {
        let step = bridge.journal.steps() as usize;
        digests.resize(step + 1, 0);
        digests[step] = bridge.world.engine.digest();
    };
    state = say(&mut bridge, state, TabId(1), "SUBSCRIBE news");
    note(&bridge);
    for n in 0..6_000_u64 {
        let line = match n % 11 {
            0 => format!("SET k{} {n} PX {}", n % 97, n % 500 + 1),
            1 => "SPOP s 2".to_owned(),
            2 => format!("PUBLISH news {n}"),
            3 => format!("CONFIG SET maxmemory {}", if n % 3 == 0 { "0" } else { "900kb" }),
            4 => format!("APPEND big {}", "x".repeat(300)),
            5 => "CONFIG SET maxmemory-policy allkeys-lru".to_owned(),
            6 => "RANDOMKEY".to_owned(),
            _ => format!("SADD s {}", n % 1_000),
        };
        state = say(&mut bridge, state, MAIN_TAB, &line);
        note(&bridge);
        if n % 101 == 0 {
            state = play(&mut bridge, state, Intent::NextExpiry);
            note(&bridge);
        }
        if n % 13 == 0 {
            state = pass(&mut bridge, state, 97);
            note(&bridge);
        }
    }
    let steps = bridge.journal.steps();
    assert!(state.departures.victims.len() > 1, "some were evicted");
    for step in [1, 2, 777, 2_000, 2_001, 3_500, steps - 1] {
        state = travel(&mut bridge, state, Journey::To(step));
        assert_eq!(state.view.travel.past, Some(step));
        assert_eq!(bridge.world.engine.digest(), digests[step as usize], "step {step}");
    }
    state = travel(&mut bridge, state, Journey::To(steps));
    assert_eq!((state.view.travel.past, bridge.world.engine.digest()), (None, digests[steps as usize]));
}

#[test]
fn the_way_to_a_step_can_be_left() {
    let mut bridge = Bridge::default();
    let lines = (0..9_000).map(|n| format!("SET k{} {n}", n % 3_000)).collect();
    let mut state = play(&mut bridge, State::default(), Intent::Run(lines));
    while bridge.is_waiting() {
        state = play(&mut bridge, state, Intent::Continue);
    }
    // Without the checkpoints on the way it is a long one.
    bridge.journal.keep_only_first();
    state = play(&mut bridge, state, Intent::Travel(Journey::To(8_999)));
    assert_eq!((state.view.travel.going, state.view.travel.past), (Some((4_000, 8_999)), None));
    state = play(&mut bridge, state, Intent::Travel(Journey::Stop));
    assert_eq!((state.view.travel.going, bridge.is_waiting()), (None, false));
}

#[test]
fn the_clock_jumps_to_the_next_time_out() {
    let (mut bridge, state) = played(&["BLPOP jobs 7"]);
    assert_eq!(bridge.world.engine.next_timeout(), state.view.next_timeout);
    let from = state.view.now;
    assert_eq!(state.view.next_timeout, Some(from + 7_000));
    let state = play(&mut bridge, state, Intent::NextTimeout);
    assert_eq!(
        (state.view.now, state.view.next_timeout, last(&state, MAIN_TAB)),
        (from + 7_000, None, "(nil)\n")
    );
}
