//! The bridge, intent in and actions out, with the reducers behind it.

use super::*;
use crate::state::State;
use crate::state::sessions::SessionView;
use crate::state::terminal::{Entry as Logged, Terminal};

pub(super) fn play(bridge: &mut Bridge, state: State, intent: Intent) -> State {
    bridge.perform(intent).into_iter().fold(state, |state, action| state.reduce(action))
}

/// Time passes, as the ticker has it.
pub(super) fn pass(bridge: &mut Bridge, state: State, ms: u64) -> State {
    let work = state.save.works;
    play(bridge, state, Intent::Tick { ms, work })
}

const MAIN_TAB: TabId = TabId(0);
const ALICE: TabId = TabId(1);

pub(super) fn terminal(state: &State, tab: TabId) -> &Terminal {
    &state.sessions.get(tab).expect("a session").terminal
}

fn main(state: &State) -> &Terminal {
    terminal(state, MAIN_TAB)
}

/// What was last printed in a session.
pub(super) fn last(state: &State, tab: TabId) -> &str {
    terminal(state, tab).log.back().map_or("", |entry: &Rc<Logged>| &entry.output)
}

fn at_prompt(state: &State, tab: TabId) -> &SessionView {
    state.view.session(tab).expect("a session")
}

/// A page with two sessions, the second shown.
fn two() -> (Bridge, State) {
    let mut bridge = Bridge::default();
    let state = play(&mut bridge, State::default(), Intent::Open(Focus::Prompt));
    (bridge, state)
}

pub(super) fn say(bridge: &mut Bridge, state: State, tab: TabId, line: &str) -> State {
    play(bridge, state, Intent::RunIn(tab, vec![line.to_owned()]))
}

pub(super) fn names(state: &State) -> Vec<&str> {
    state.sessions.tabs.iter().map(|tab| &*tab.name).collect()
}

pub(super) fn run(bridge: &mut Bridge, state: State, line: &str) -> State {
    play(bridge, state, Intent::Run(vec![line.to_owned()]))
}

#[test]
fn a_line_prints_what_redis_cli_prints() {
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for line in ["PING", "ECHO \"open", "SELECT 3", "ECHO x"] {
        state = run(&mut bridge, state, line);
    }
    let log: Vec<_> = main(&state).log.iter().map(|entry| (&*entry.prompt, &*entry.output)).collect();
    assert_eq!(
        log,
        [
            ("127.0.0.1:6379> ", "PONG\n"),
            ("127.0.0.1:6379> ", "Invalid argument(s)\n"),
            ("127.0.0.1:6379> ", "OK\n"),
            ("127.0.0.1:6379[3]> ", "\"x\"\n"),
        ]
    );
    assert_eq!(state.view.db, 3);
    state = run(&mut bridge, state, " CLEAR ");
    assert!(main(&state).log.is_empty());
}

#[test]
fn answers_are_printed_for_the_protocol_and_the_command() {
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for line in ["INFO server", "HELLO 3", "ZADD z 1.5 a", "ZSCORE z a", "SELECT 2", "QUIT", "ZSCORE z a"] {
        state = run(&mut bridge, state, line);
    }
    let answers: Vec<_> = main(&state).log.iter().map(|entry| &*entry.output).collect();
    assert!(answers[0].contains("# Server\r\n"), "a text is printed as it is: {}", answers[0]);
    assert_eq!(answers[2..], ["(integer) 1\n", "(double) 1.5\n", "OK\n", "OK\n", "\"1.5\"\n"]);
}

#[test]
fn many_lines_are_run_in_portions_and_can_be_stopped() {
    let mut bridge = Bridge::default();
    let lines = (0..500).map(|n| format!("ECHO {n}")).collect();
    let mut state = play(&mut bridge, State::default(), Intent::Run(lines));
    assert_eq!(main(&state).log.len(), 250);
    assert_eq!(main(&state).waiting.map(|w| (w.left, w.of)), Some((250, 500)));
    state = play(&mut bridge, state, Intent::Continue);
    assert!(bridge.is_waiting());
    assert_eq!(main(&state).waiting.map(|w| (w.left, w.of)), Some((50, 500)));
    state = play(&mut bridge, state, Intent::Stop(MAIN_TAB));
    assert!(!bridge.is_waiting() && main(&state).waiting.is_none());
    assert_eq!(main(&state).log.back().map(|entry| &*entry.output), Some("\"449\"\n"));
}

#[test]
fn a_session_that_waits_shows_it_and_goes_on_when_its_time_is_up() {
    let mut bridge = Bridge::default();
    let mut state = run(&mut bridge, State::default(), "BLPOP jobs urgent 5");
    let blocked = at_prompt(&state, MAIN_TAB).blocked.clone().expect("it waits");
    assert_eq!((&*blocked.command, blocked.until), ("BLPOP jobs urgent 5", Some(state.view.now + 5_000)));
    state = run(&mut bridge, state, "ECHO later");
    assert!(!bridge.is_waiting(), "nothing can go on");
    assert_eq!((main(&state).log.len(), main(&state).waiting.map(|w| w.left)), (1, Some(1)));
    state = pass(&mut bridge, state, 5_000);
    assert!(at_prompt(&state, MAIN_TAB).blocked.is_none() && bridge.is_waiting());
    state = play(&mut bridge, state, Intent::Continue);
    let log: Vec<_> = main(&state).log.iter().map(|entry| (&*entry.output, entry.waits)).collect();
    assert_eq!(log, [("(nil)\n", false), ("\"later\"\n", false)]);
    state = run(&mut bridge, state, "BLPOP jobs 0");
    state = play(&mut bridge, state, Intent::Cancel(MAIN_TAB));
    assert_eq!(main(&state).log.back().map(|entry| &*entry.output), Some("(nil)\n"));
    assert!(at_prompt(&state, MAIN_TAB).blocked.is_none());
}

#[test]
fn the_prompt_says_that_commands_are_queued() {
    let mut bridge = Bridge::default();
    let state = run(&mut bridge, State::default(), "MULTI");
    assert_eq!(&*at_prompt(&state, MAIN_TAB).prompt, "127.0.0.1:6379(TX)> ");
    let state = run(&mut bridge, state, "EXEC");
    assert_eq!(&*at_prompt(&state, MAIN_TAB).prompt, "127.0.0.1:6379> ");
}

#[test]
fn the_inspector_follows_what_changes_until_the_reader_chooses() {
    let mut bridge = Bridge::default();
    let mut state = run(&mut bridge, State::default(), "SET a 1");
    state = run(&mut bridge, state, "SET b 1");
    assert_eq!(state.view.selected.as_deref(), Some(&b"b"[..]));
    state = play(&mut bridge, state, Intent::Select(Some(b"a"[..].into())));
    state = run(&mut bridge, state, "SET c 1");
    assert_eq!(state.view.selected.as_deref(), Some(&b"a"[..]));
    let watch = Watch { picture: Some(b"b".to_vec()), ..Watch::default() };
    state = play(&mut bridge, state, Intent::Watch(watch));
    state = run(&mut bridge, state, "SET d 1");
    assert_eq!(state.view.selected.as_deref(), Some(&b"b"[..]));
    // Within a step the reader may look elsewhere; the next one brings its key, the same or not.
    let watch = |step| Intent::Watch(Watch { picture: Some(b"b".to_vec()), step, ..Watch::default() });
    state = play(&mut bridge, state, Intent::Select(Some(b"a"[..].into())));
    state = play(&mut bridge, state, watch(0));
    assert_eq!(state.view.selected.as_deref(), Some(&b"a"[..]));
    state = play(&mut bridge, state, watch(1));
    assert_eq!(state.view.selected.as_deref(), Some(&b"b"[..]));
}

#[test]
fn a_key_is_looked_into_as_the_reader_wants_and_others_from_their_beginning() {
    use playground_engine::picture::Inside;
    let mut bridge = Bridge::default();
    let elements: Vec<_> = (0..500).map(|n| n.to_string()).collect();
    let mut state = run(&mut bridge, State::default(), &format!("RPUSH a {}", elements.join(" ")));
    state = run(&mut bridge, state, &format!("RPUSH b {}", elements.join(" ")));
    let from = |state: &State| match &state.view.inspection.as_ref().expect("a picture").inside {
        Inside::List(list) => list.from,
        _ => usize::MAX,
    };
    let lens = Lens { from: 300, ..Lens::default() };
    state = play(&mut bridge, state, Intent::Inspect(b"b"[..].into(), lens));
    assert_eq!(from(&state), 300);
    state = play(&mut bridge, state, Intent::Select(Some(b"a"[..].into())));
    assert_eq!(from(&state), 0);
}

#[test]
fn a_key_is_chosen_by_its_place_among_all() {
    let mut bridge = Bridge::default();
    let pairs: Vec<_> = (0..200).map(|n| format!("k{n:03} v")).collect();
    let mut state = run(&mut bridge, State::default(), &format!("MSET {}", pairs.join(" ")));
    state = play(&mut bridge, state, Intent::SelectAt(199));
    assert_eq!(
        (state.view.selected.as_deref(), state.view.listing.selected_at),
        (Some(&b"k199"[..]), Some(199))
    );
    state = play(&mut bridge, state, Intent::SelectAt(200));
    assert_eq!(state.view.listing.selected_at, Some(199), "there is none");
    state = run(&mut bridge, state, "DEL k000 k199");
    assert_eq!((state.view.selected.is_some(), state.view.listing.selected_at), (true, None));
    state = play(&mut bridge, state, Intent::SelectAt(0));
    assert_eq!(state.view.selected.as_deref(), Some(&b"k001"[..]));
}

#[test]
fn only_what_is_asked_for_moves_the_clock() {
    let mut bridge = Bridge::default();
    let start = play(&mut bridge, State::default(), Intent::Look);
    let state = play(&mut bridge, start.clone(), Intent::NextExpiry);
    assert_eq!((state.view.now, state.timeline.marks.len()), (start.view.now, 0));
    let state = play(&mut bridge, state, Intent::Step(10_000));
    assert_eq!((state.view.now - start.view.now, state.timeline.marks.len()), (10_000, 1));
    let state = play(&mut bridge, state, Intent::SetTo(0));
    assert_eq!(state.view.now - start.view.now, 10_000);
}

#[test]
fn sessions_have_short_names_and_take_turns() {
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for _ in 0..5 {
        state = play(&mut bridge, state, Intent::Open(Focus::Prompt));
    }
    assert_eq!(names(&state), ["main", "alice", "bob", "carol", "dave", "s5"]);
    assert_eq!((state.sessions.shown, state.sessions.focus), (TabId(5), (5, Focus::Prompt)));
    state = play(&mut bridge, state, Intent::Turn { back: false });
    assert_eq!(state.sessions.shown, MAIN_TAB);
    state = play(&mut bridge, state, Intent::Turn { back: true });
    state = play(&mut bridge, state, Intent::Close(TabId(5), Focus::Tab));
    assert_eq!(state.sessions.shown, TabId(4), "the neighbour");
    state = play(&mut bridge, state, Intent::Close(ALICE, Focus::Tab));
    state = play(&mut bridge, state, Intent::Open(Focus::Stay));
    assert_eq!(names(&state), ["main", "bob", "carol", "dave", "alice"], "a free name is used again");
}

#[test]
fn what_one_waits_for_another_brings_and_lines_behind_it_go_on() {
    let (mut bridge, state) = two();
    let mut state = say(&mut bridge, state, ALICE, "BLPOP jobs 0");
    state = say(&mut bridge, state, ALICE, "ECHO later");
    state = play(&mut bridge, state, Intent::Show(MAIN_TAB, Focus::Prompt));
    state = run(&mut bridge, state, "RPUSH jobs one");
    assert_eq!(last(&state, MAIN_TAB), "(integer) 1\n");
    assert_eq!(last(&state, ALICE), "1) \"jobs\"\n2) \"one\"\n");
    assert!(bridge.is_waiting());
    state = play(&mut bridge, state, Intent::Continue);
    assert_eq!((last(&state, ALICE), bridge.is_waiting()), ("\"later\"\n", false));
    assert_eq!(state.sessions.get(ALICE).map(|tab| tab.unseen), Some(2));
}

#[test]
fn messages_come_to_who_listens_and_the_prompt_says_that_it_does() {
    let (mut bridge, state) = two();
    let mut state = say(&mut bridge, state, ALICE, "SUBSCRIBE news");
    assert_eq!(&*at_prompt(&state, ALICE).prompt, "127.0.0.1:6379(subscribed mode)> ");
    state = say(&mut bridge, state, MAIN_TAB, "PUBLISH news hello");
    assert_eq!(last(&state, MAIN_TAB), "(integer) 1\n");
    assert_eq!(last(&state, ALICE), "1) \"message\"\n2) \"news\"\n3) \"hello\"\n");
    state = say(&mut bridge, state, ALICE, "UNSUBSCRIBE");
    assert_eq!(&*at_prompt(&state, ALICE).prompt, "127.0.0.1:6379> ");
}

#[test]
fn a_transaction_is_refused_where_another_session_changed_what_it_watches() {
    let (mut bridge, mut state) = two();
    for (tab, line) in [
        (ALICE, "WATCH stock"),
        (ALICE, "MULTI"),
        (ALICE, "DECR stock"),
        (MAIN_TAB, "SET stock 0"),
        (ALICE, "EXEC"),
    ] {
        state = say(&mut bridge, state, tab, line);
    }
    assert_eq!(last(&state, ALICE), "(nil)\n");
    state = say(&mut bridge, state, MAIN_TAB, "GET stock");
    assert_eq!(last(&state, MAIN_TAB), "\"0\"\n");
}

#[test]
fn closing_a_session_frees_what_it_held() {
    let (mut bridge, state) = two();
    let mut state = say(&mut bridge, state, ALICE, "BLPOP jobs 0");
    state = play(&mut bridge, state, Intent::Close(ALICE, Focus::Prompt));
    assert_eq!((names(&state), state.sessions.shown), (vec!["main"], MAIN_TAB));
    state = run(&mut bridge, state, "RPUSH jobs one");
    state = run(&mut bridge, state, "LLEN jobs");
    assert_eq!(last(&state, MAIN_TAB), "(integer) 1\n", "nobody takes it any more");
    state = play(&mut bridge, state, Intent::Close(MAIN_TAB, Focus::Prompt));
    assert_eq!(names(&state), ["main"], "the last one stays");
}

#[test]
fn who_quits_or_is_killed_connects_anew_and_the_others_stay() {
    let (mut bridge, state) = two();
    let mut state = say(&mut bridge, state, MAIN_TAB, "SELECT 3");
    state = say(&mut bridge, state, ALICE, "SELECT 2");
    state = say(&mut bridge, state, ALICE, "QUIT");
    assert_eq!(last(&state, ALICE), "OK\n");
    let prompts = |state: &State| [MAIN_TAB, ALICE].map(|tab| at_prompt(state, tab).prompt.to_string());
    assert_eq!(prompts(&state), ["127.0.0.1:6379[3]> ", "127.0.0.1:6379> "]);
    state = say(&mut bridge, state, ALICE, "BLPOP jobs 0");
    state = say(&mut bridge, state, MAIN_TAB, "CLIENT KILL TYPE normal");
    assert_eq!(last(&state, MAIN_TAB), "(integer) 1\n");
    assert_eq!(last(&state, ALICE), "Error: Server closed the connection\n");
    assert!(at_prompt(&state, ALICE).blocked.is_none());
}

#[test]
fn the_list_of_keys_follows_the_database_of_the_shown_session() {
    let (mut bridge, state) = two();
    let mut state = say(&mut bridge, state, ALICE, "SELECT 1");
    state = say(&mut bridge, state, ALICE, "SET hers 1");
    assert_eq!((state.view.db, state.view.keys), (1, 1));
    state = play(&mut bridge, state, Intent::Show(MAIN_TAB, Focus::Prompt));
    assert_eq!((state.view.db, state.view.keys), (0, 0));
}

const LESSON: &str = "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\n---\n## One\n\n```redis\n\
    @session worker\n@expect-blocked\n> BLPOP jobs 0\n@session main\n> RPUSH jobs one\n(integer) 1\n\
    @session worker\n@receive\n1) \"jobs\"\n2) \"one\"\n@close\n```\n";

#[test]
fn a_lesson_with_several_sessions_opens_shows_and_closes_them() {
    let lesson = Rc::new(playground_scenarios::Lesson::parse(LESSON).expect("a lesson"));
    let turns = turns::Turns::of(&lesson, 0);
    let mut bridge = Bridge::default();
    let mut state = State::default().reduce(Action::LessonLoaded(Ok(lesson.clone())));
    state = state.reduce(Action::LessonStarted);
    let shown = |state: &State| state.sessions.get(state.sessions.shown).map(|tab| tab.name.to_string());
    let expected = ["worker", "worker", "main", "main", "worker", "worker", "main"];
    for (at, entry) in lesson.steps[0].plays().enumerate() {
        let intent = Intent::Play { entry: entry.clone(), play: Some((0, at)), speaker: turns.at_play(at) };
        state = play(&mut bridge, state, intent);
        assert_eq!(shown(&state).as_deref(), Some(expected[at]), "after {entry:?}");
        if at == 5 {
            assert_eq!(last(&state, ALICE), "1) \"jobs\"\n2) \"one\"\n");
        }
    }
    assert_eq!(names(&state), ["main"]);
    assert!(state.lesson.is_complete(0));
}

#[test]
fn typing_counts_for_the_lesson_in_the_session_whose_turn_it_is() {
    let lesson = Rc::new(playground_scenarios::Lesson::parse(LESSON).expect("a lesson"));
    let mut bridge = Bridge::default();
    let mut state = State::default().reduce(Action::LessonLoaded(Ok(lesson))).reduce(Action::LessonStarted);
    state = run(&mut bridge, state, "BLPOP jobs 0");
    assert!(state.lesson.done.is_empty(), "it was the worker's turn");
    state = play(&mut bridge, state, Intent::Cancel(MAIN_TAB));
    state = play(&mut bridge, state, Intent::SetUp(vec![Entry::Session { line: 1, name: "worker".into() }]));
    state = say(&mut bridge, state, ALICE, "BLPOP jobs 0");
    state = say(&mut bridge, state, MAIN_TAB, "rpush jobs one");
    state = play(&mut bridge, state, Intent::Close(ALICE, Focus::Prompt));
    assert!(state.lesson.is_complete(0));
}

#[test]
fn a_lesson_that_closes_the_only_session_leaves_its_tab() {
    let mut bridge = Bridge::default();
    let mut state = run(&mut bridge, State::default(), "BLPOP jobs 0");
    let close = Intent::Play { entry: Entry::Close { line: 1 }, play: None, speaker: Some("main".into()) };
    state = play(&mut bridge, state, close);
    assert_eq!((names(&state), last(&state, MAIN_TAB)), (vec!["main"], "(closed)\n"));
    assert!(at_prompt(&state, MAIN_TAB).blocked.is_none());
}

#[test]
fn the_clients_own_words_never_reach_the_server() {
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for line in ["HELP get", "? @geo", "2 help get", "0 INCR n", "exit", "PING"] {
        state = run(&mut bridge, state, line);
    }
    let log = &main(&state).log;
    assert!(log[0].output.starts_with("\n  GET key\n") && log[1].output.contains("GEOADD"));
    assert_eq!(
        (&*log[2].output, &*log[3].output),
        (&*log[0].output, "Invalid redis-cli repeat command option value.\n")
    );
    assert_eq!((&*log[4].line, &*log[4].output, &*log[5].output), ("exit", "OK\n", "PONG\n"));
    let served = play(&mut bridge, state, Intent::Run(vec!["INFO stats".into()]));
    assert!(
        last(&served, MAIN_TAB).contains("total_commands_processed:2\r\n"),
        "{}",
        last(&served, MAIN_TAB)
    );
}

#[test]
fn what_a_number_repeats_is_shown_once_and_can_be_stopped() {
    let mut bridge = Bridge::default();
    let mut state = run(&mut bridge, State::default(), "3 INCR n");
    let log: Vec<_> = main(&state).log.iter().map(|entry| (&*entry.line, &*entry.output)).collect();
    assert_eq!(log, [("3 INCR n", "(integer) 1\n"), ("", "(integer) 2\n"), ("", "(integer) 3\n")]);
    assert_eq!(*main(&state).history, ["3 INCR n".into()]);
    state = run(&mut bridge, state, "2 3 PING");
    assert!(last(&state, MAIN_TAB).starts_with("(error) ERR unknown command '3'"));
    state = run(&mut bridge, state, "9000000000000000000 INCR n");
    assert!(main(&state).waiting.is_some() && bridge.is_waiting());
    state = play(&mut bridge, state, Intent::Stop(MAIN_TAB));
    assert!(main(&state).waiting.is_none() && !bridge.is_waiting());
}

#[test]
fn keys_are_offered_by_prefix_with_the_fitting_type_first() {
    use crate::complete::Wanted;
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for line in ["MSET a1 x a2 x b x", "RPUSH a3 x", "SET a0 x PX 5", "SELECT 1", "SET a9 x"] {
        state = run(&mut bridge, state, line);
    }
    let mut ask = |bridge: &mut Bridge, prefix: &str, kind| {
        let wanted = Wanted { prefix: prefix.into(), kind };
        state = play(
            bridge,
            std::mem::take(&mut state),
            Intent::Assist(AssistIntent::Keys(MAIN_TAB, wanted.clone())),
        );
        let keys = state.assist.known.of(MAIN_TAB, Some(&wanted));
        keys.iter().map(|key| String::from_utf8_lossy(&key.name).into_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(ask(&mut bridge, "a", None), "a9");
    bridge.perform(Intent::Run(vec!["SELECT 0".into()]));
    assert_eq!(ask(&mut bridge, "a", None), "a0 a1 a2 a3");
    assert_eq!(ask(&mut bridge, "a", Some("list")), "a3 a0 a1 a2");
    assert_eq!(ask(&mut bridge, "c", None), "");
    let many: Vec<_> = (0..300).map(|n| format!("SET m{n} x")).collect();
    bridge.perform(Intent::Run(many));
    while bridge.is_waiting() {
        bridge.perform(Intent::Continue);
    }
    assert_eq!(ask(&mut bridge, "m", None).split(' ').count(), 50);
}

#[test]
fn answers_keep_their_replies_and_errors_are_explained_by_the_data() {
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for line in ["SET k v", "LPUSH k x", "BLPOP q 0"] {
        state = run(&mut bridge, state, line);
    }
    state = play(&mut bridge, state, Intent::Open(Focus::Stay));
    state = say(&mut bridge, state, ALICE, "RPUSH q v");
    let log = &main(&state).log;
    let said = log[1].aside.as_ref().expect("an explanation");
    assert!(said.text.starts_with("k holds a string, and LPUSH works on lists"), "{}", said.text);
    assert!(log.iter().all(|entry| entry.reply.is_some()), "the late answer, too");
    for line in ["MULTI", "LPUSH k x", "EXEC"] {
        state = say(&mut bridge, state, ALICE, line);
    }
    let exec = terminal(&state, ALICE).log.back().expect("an answer");
    assert!(exec.aside.as_ref().is_some_and(|said| said.text.contains("undoes nothing")));
}

#[test]
fn an_exercise_is_looked_at_after_commands_that_change_no_key() {
    let check = "---\ntitle: T\nsummary: S\nlevel: beginner\nminutes: 5\n---\n## One\n\n```check\n> XPENDING s g\n1) (integer) 0\n\
        2) (nil)\n3) (nil)\n4) (nil)\n```\n\n```solution\n> PING\nPONG\n```\n\n```wrong\n> PING\nPONG\n```\n";
    let lesson = playground_scenarios::Lesson::parse(check).expect("a lesson");
    let mut bridge = Bridge::default();
    let mut state = State::default();
    for line in ["XADD s 1-0 f v", "XGROUP CREATE s g 0", "XREADGROUP GROUP g c STREAMS s >"] {
        state = run(&mut bridge, state, line);
    }
    let watch = Watch { check: lesson.steps[0].check().cloned(), ..Watch::default() };
    state = play(&mut bridge, state, Intent::Watch(watch));
    assert!(state.view.checked.as_ref().is_some_and(|checked| checked.unmet.is_some()));
    state = run(&mut bridge, state, "XACK s g 1-0");
    assert!(state.view.checked.as_ref().is_some_and(|checked| checked.unmet.is_none()));
}
