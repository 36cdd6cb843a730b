//! A script gone through, from the intents to what is shown: on a copy, with nothing written down, and then for real.

use playground_engine::Step;

use super::tests::{last, pass, play, run, terminal};
use super::*;
use crate::state::State;
use crate::state::assist::Assist;
use crate::state::debugger::{DebugAction, Origin, Shown, Stepped};
use crate::state::editor::{EditorAction, Mark};

const TAB: TabId = TabId(0);
const TRANSFER: &str = "EVAL \"local from, to = KEYS[1], KEYS[2]
local amount = tonumber(ARGV[1])
local left = tonumber(redis.call('GET', from))
if left < amount then
  return redis.error_reply('POOR too little')
end
redis.call('DECRBY', from, amount)
redis.call('INCRBY', to, amount)
return left - amount\" 2 ann bob 4";

fn page(lines: &[&str]) -> (Bridge, State) {
    let mut bridge = Bridge::default();
    let state = lines.iter().fold(State::default(), |state, line| run(&mut bridge, state, line));
    (bridge, state)
}

fn debug(bridge: &mut Bridge, state: State, intent: DebugIntent) -> State {
    play(bridge, state, Intent::Debug(intent))
}

fn begin(bridge: &mut Bridge, state: State, line: &str) -> State {
    debug(bridge, state, DebugIntent::Begin { tab: TAB, line: line.into(), origin: Origin::Prompt })
}

fn step(bridge: &mut Bridge, state: State) -> State {
    debug(bridge, state, DebugIntent::Step(Step::Over))
}

fn seen(state: &State) -> Rc<Stepped> {
    match &state.debugging.shown {
        Some(Shown::Script(stepped)) => stepped.clone(),
        other => panic!("{other:?}"),
    }
}

fn refused(state: &State) -> Rc<str> {
    match &state.debugging.shown {
        Some(Shown::Refused(why)) => why.clone(),
        other => panic!("{other:?}"),
    }
}

fn locals(stepped: &Stepped) -> Vec<String> {
    let mark = |changed| if changed { " *" } else { "" };
    stepped.locals.iter().map(|held| format!("{}={}{}", held.name, held.value, mark(held.changed))).collect()
}

#[test]
fn each_step_shows_what_it_changed_and_nobody_else_sees_it() {
    let (mut bridge, state) = page(&["MSET ann 10 bob 1"]);
    let (digest, steps) = (bridge.world.engine.digest(), bridge.journal.steps());
    let state = begin(&mut bridge, state, TRANSFER);
    let first = seen(&state);
    assert_eq!((first.line, first.source.lines.len(), &*first.session), (Some(1), 9, MAIN));
    assert_eq!((first.keys.join(" "), first.argv.join(" ")), ("ann bob".into(), "4".into()));
    let state = step(&mut bridge, state);
    let state = step(&mut bridge, state);
    assert_eq!(locals(&seen(&state)), ["from=\"ann\"", "to=\"bob\"", "amount=4 *"]);
    let state = step(&mut bridge, state);
    let third = seen(&state);
    assert_eq!((third.line, third.sent.len()), (Some(4), 1));
    assert_eq!((&*third.sent[0].command, &*third.sent[0].answer.text), ("GET ann", "\"10\""));
    assert!(third.sent[0].is_new && third.sent[0].changed.is_empty());
    let state = debug(&mut bridge, state, DebugIntent::RunTo(vec![8]));
    let there = seen(&state);
    assert_eq!((there.line, there.is_far), (Some(8), false));
    assert_eq!(there.sent[1].changed, [("incrby", "ann".to_owned())]);
    assert!(!there.sent[0].is_new && there.sent[1].is_new);
    let state = debug(&mut bridge, state, DebugIntent::RunTo(Vec::new()));
    let reply = seen(&state).reply.clone().expect("it is over");
    assert_eq!((&*reply.text, reply.is_error, seen(&state).line), ("(integer) 6", false, None));
    assert_eq!((bridge.world.engine.digest(), bridge.journal.steps()), (digest, steps));
    let state = debug(&mut bridge, state, DebugIntent::Abort);
    assert!(state.debugging.shown.is_none() && !bridge.is_debugging());
    assert_eq!(terminal(&state, TAB).log.len(), 1);
}

#[test]
fn run_for_real_it_is_a_command_like_any_other() {
    let (mut bridge, state) = page(&["MSET ann 10 bob 1"]);
    let steps = bridge.journal.steps();
    let state = begin(&mut bridge, state, TRANSFER);
    let state = step(&mut bridge, state);
    let state = debug(&mut bridge, state, DebugIntent::Finish);
    assert!(state.debugging.shown.is_none());
    assert_eq!((last(&state, TAB), bridge.journal.steps()), ("(integer) 6\n", steps + 1));
    assert_eq!(&*terminal(&state, TAB).log[1].line, TRANSFER);
    let emptied = |assist: &Assist| assist.inserted.as_ref().map(|inserted| inserted.line.to_string());
    assert_eq!(emptied(&state.assist), Some(String::new()));
    let state = run(&mut bridge, state, "MGET ann bob");
    assert_eq!(last(&state, TAB), "1) \"6\"\n2) \"5\"\n");
}

#[test]
fn a_command_of_the_editor_is_marked_there_when_it_has_run() {
    let (mut bridge, state) = page(&[]);
    let line: Rc<str> = "EVAL \"return 1\" 0".into();
    let state = state.reduce(Action::Editor(EditorAction::Type(format!("PING\n{line}"))));
    let origin = Origin::Script(1);
    let state = debug(&mut bridge, state, DebugIntent::Begin { tab: TAB, line, origin });
    let state = debug(&mut bridge, state, DebugIntent::Finish);
    assert_eq!(state.editor.marks.get(&1), Some(&Mark::Done));
    assert!(state.assist.inserted.is_none());
}

#[test]
fn meanwhile_no_time_passes_and_nothing_else_happens() {
    let (mut bridge, state) = page(&["SET a 1 EX 5"]);
    let now = state.view.now;
    let state = begin(&mut bridge, state, "EVAL \"return redis.call('TTL', 'a')\" 0");
    let state = pass(&mut bridge, state, 60_000);
    let state = play(&mut bridge, state, Intent::Step(60_000));
    let state = run(&mut bridge, state, "FLUSHALL");
    let state = play(&mut bridge, state, Intent::Travel(Journey::Back));
    assert!(!bridge.is_waiting());
    assert_eq!((bridge.world.engine.now(), state.view.travel.past), (now, None));
    let state = debug(&mut bridge, state, DebugIntent::Finish);
    assert_eq!(last(&state, TAB), "(integer) 5\n");
    let state = pass(&mut bridge, state, 1_000);
    assert_eq!(state.view.now, now + 1_000);
}

#[test]
fn what_cannot_be_gone_through_says_why() {
    let (mut bridge, state) = page(&[]);
    let state = begin(&mut bridge, state, "EVAL \"return 1");
    assert!(refused(&state).contains("quote"));
    let state = debug(&mut bridge, state, DebugIntent::Step(Step::Into));
    let state = debug(&mut bridge, state, DebugIntent::Abort);
    let state = run(&mut bridge, state, "MULTI");
    let state = begin(&mut bridge, state, "EVAL \"return 1\" 0");
    assert!(refused(&state).contains("transaction"));
    let state = debug(&mut bridge, state, DebugIntent::Abort);
    let state = run(&mut bridge, state, "DISCARD");
    let state = begin(&mut bridge, state, "EVALSHA nowhere 0");
    let reply = seen(&state).reply.clone().expect("it is over at once");
    assert!(reply.is_error && reply.text.contains("NOSCRIPT"), "{}", reply.text);
    let state = debug(&mut bridge, state, DebugIntent::Abort);
    let state = run(&mut bridge, state, "EVAL \"while true do end\" 0");
    let state = begin(&mut bridge, state, "EVAL \"return 1\" 0");
    assert!(refused(&state).contains("one at a time"));
}

#[test]
fn an_endless_script_can_be_left_and_begun_again() {
    let (mut bridge, state) = page(&[]);
    let state = begin(&mut bridge, state, "EVAL \"local i = 0\nwhile true do\n  i = i + 1\nend\" 0");
    let state = debug(&mut bridge, state, DebugIntent::RunTo(Vec::new()));
    assert!(seen(&state).is_far && seen(&state).reply.is_none());
    let state = state.reduce(Action::Debug(DebugAction::Break(3)));
    let lines: Vec<u32> = state.debugging.breakpoints.iter().copied().collect();
    let state = debug(&mut bridge, state, DebugIntent::RunTo(lines));
    assert_eq!((seen(&state).line, seen(&state).is_far), (Some(3), false));
    let state = debug(&mut bridge, state, DebugIntent::Again);
    assert_eq!((seen(&state).line, state.debugging.breakpoints.len()), (Some(1), 1));
}
