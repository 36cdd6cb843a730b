//! What workloads do as a whole: figures that can be reckoned, faults with their lines, the same run for the same seed.

use std::rc::Rc;

use playground_engine::{Engine, Reply, parse, print};

use crate::{Metrics, Move, Plan, RacePlan, Stretch, Workload, claims};

fn plan(text: &str) -> Rc<Plan> {
    Rc::new(Plan::parse(text, 0).unwrap_or_else(|fault| panic!("{fault}")))
}

fn play(text: &str, ms: u64) -> (Workload, Engine) {
    let mut engine = Engine::default();
    let mut workload = Workload::new(plan(text), &mut engine).unwrap_or_else(|fault| panic!("{fault}"));
    for _ in 0..ms / 20 {
        workload.advance(&mut engine, 20);
    }
    assert_eq!(workload.fault(), None);
    (workload, engine)
}

fn total(text: &str, ms: u64, name: &str) -> f64 {
    play(text, ms).0.metrics().total(name)
}

fn median(metrics: &Metrics, name: &str) -> f64 {
    metrics.quantile(name, Stretch::Start, 0.5).expect("samples")
}

fn fault(text: &str) -> (usize, String) {
    let plan = match Plan::parse(text, 10) {
        Err(fault) => return (fault.line, fault.why),
        Ok(plan) => plan,
    };
    let mut engine = Engine::default();
    let mut workload = match Workload::new(Rc::new(plan), &mut engine) {
        Err(fault) => return (fault.line, fault.why),
        Ok(workload) => workload,
    };
    workload.advance(&mut engine, 1_000);
    let fault = workload.fault().expect("something goes wrong");
    assert!(workload.is_over());
    (fault.line, fault.why.clone())
}

#[test]
fn those_who_come_come_as_often_as_it_says() {
    let (workload, engine) = play("clients visitor: 200 a second\n  INCR('visits')\n", 20_000);
    let done = workload.metrics().total("visitor.done");
    assert!((3_800.0..4_200.0).contains(&done), "{done}");
    assert_eq!(engine.snapshot().databases[0].keys, 1);
    assert_eq!(workload.points().len(), 40);
}

#[test]
fn those_who_are_there_go_on_and_on() {
    // 50 ms each time: twenty times a second, each of three.
    let done = total("network: 0ms\nclients worker: 3\n  sleep(50) PING()\n", 10_000, "worker.done");
    assert!((594.0..=600.0).contains(&done), "{done}");
}

#[test]
fn a_slider_changes_how_many_there_are() {
    let text = "slider n: 1 from 0 to 10, Workers\nclients worker: n\n  sleep(99) PING()\n";
    let (mut workload, mut engine) = play(text, 5_000);
    let before = workload.metrics().total("worker.done");
    assert!((45.0..=51.0).contains(&before), "{before}");
    workload.set(0, 10.0);
    workload.advance(&mut engine, 5_000);
    let more = workload.metrics().total("worker.done") - before;
    assert!((470.0..=510.0).contains(&more), "{more}");
    workload.set(0, 0.0);
    workload.advance(&mut engine, 200);
    let there = workload.metrics().total("worker.done");
    workload.advance(&mut engine, 1_000);
    assert_eq!(workload.metrics().total("worker.done"), there);
    workload.set(0, 2.0);
    workload.advance(&mut engine, 1_000);
    assert!((18.0..=20.0).contains(&(workload.metrics().total("worker.done") - there)));
}

#[test]
fn the_network_and_the_database_take_their_time() {
    let text =
        "network: 10ms\ndatabase: 30ms, 1 at once\nclients visitor: 1\n  GET('k') query() sleep(1000)\n";
    let latency = median(play(text, 10_000).0.metrics(), "visitor.latency");
    assert!((1_040.0..1_041.0).contains(&latency), "{latency}");
}

#[test]
fn a_database_that_is_overrun_answers_late() {
    let (workload, _) = play("database: 100ms, 2 at once\nclients visitor: 50\n  query()\n", 10_000);
    let metrics = workload.metrics();
    assert!((metrics.total("database.queries") - 248.0).abs() < 4.0);
    assert_eq!(metrics.peak("database.open"), Some(50.0));
    let latency = median(metrics, "database.latency");
    assert!((2_400.0..2_600.0).contains(&latency), "{latency}");
}

#[test]
fn the_server_serves_one_after_the_other() {
    let text = "network: 0ms\nsetup:\n  RPUSH l a b c d\nclients reader: 200\n  LRANGE('l', 0, -1)\n";
    let (workload, _) = play(text, 1_000);
    let metrics = workload.metrics();
    let busy = metrics.count("redis.busy", Stretch::Start) / metrics.seconds(Stretch::Start);
    assert!((95.0..=100.5).contains(&busy), "{busy} percent");
    let (latency, each) = (median(metrics, "reader.latency"), 1_000.0 / metrics.total("reader.done"));
    assert!((each * 190.0..each * 215.0).contains(&latency), "{latency} and {each} each");
}

#[test]
fn one_round_trip_is_enough_for_many_commands() {
    let took = |program: &str| {
        let text = format!(
            "network: 4ms\nclients one: 1\n  local began = now()\n  {program}\n  sample('took', now() - began)\n"
        );
        median(play(&text, 1_000).0.metrics(), "took")
    };
    let slow = took("for i = 1, 10 do SET('k' .. i, i) end");
    let quick = took(
        "local lines = {} for i = 1, 10 do lines[i] = {'SET', 'k' .. i, i} end local replies = pipeline(lines) \
         if #replies ~= 10 or replies[10] ~= 'OK' then error('no') end",
    );
    assert!((40.0..41.0).contains(&slow) && (4.0..4.1).contains(&quick), "{slow} {quick}");
}

#[test]
fn who_waits_for_a_job_is_served_and_gives_up() {
    let text = "clients producer: 1\n  sleep(1000) LPUSH('jobs', now())\nclients worker: 1\n  \
                local job = BRPOP('jobs', 0.3)\n  \
                if job then sample('delay', now() - job[2]) else count('vain') end\n";
    let (workload, _) = play(text, 10_000);
    let delay = workload.metrics().quantile("delay", Stretch::Start, 1.0).expect("samples");
    assert!(delay < 1.0, "{delay}");
    let vain = workload.metrics().total("vain");
    assert!((26.0..=32.0).contains(&vain), "{vain}");
}

#[test]
fn messages_are_heard_by_who_listens() {
    let text = "clients speaker: 1\n  sleep(100) PUBLISH('news', 'hello')\nclients listener: 2\n  SUBSCRIBE('news')\n  \
                while true do\n    local text, channel = receive(50)\n    \
                if text == 'hello' and channel == 'news' then count('heard') elseif text == nil then count('silence') end\n  end\n";
    let (workload, _) = play(text, 10_000);
    let heard = workload.metrics().total("heard");
    assert!((196.0..=200.0).contains(&heard), "{heard}");
    assert!(workload.metrics().total("silence") > 100.0);
}

/// A time-out belongs to the wait that it was set for.
#[test]
fn who_has_heard_something_waits_anew() {
    let text = "clients speaker: 1\n  sleep(100) PUBLISH('news', 'hello')\nclients listener: 1\n  SUBSCRIBE('news')\n  \
                while true do\n    if receive(150) then count('heard') else count('silence') end\n  end\n";
    let (workload, _) = play(text, 10_000);
    assert!((97.0..=100.0).contains(&workload.metrics().total("heard")));
    assert_eq!(workload.metrics().total("silence"), 0.0);
}

#[test]
fn a_worker_that_dies_leaves_its_work_undone() {
    let text = "fault: every 1s kill worker for 100ms\nclients producer: 20 a second\n  LPUSH('jobs', 'x')\n\
                clients worker: 2\n  BRPOP('jobs', 0) count('taken') sleep(50) count('finished')\n";
    let metrics = play(text, 30_000).0.metrics().clone();
    assert_eq!(metrics.total("worker.deaths"), 30.0);
    let lost = metrics.total("taken") - metrics.total("finished");
    assert!((15.0..=32.0).contains(&lost), "{lost}");
}

#[test]
fn an_error_is_no_value_and_its_text() {
    let text = "setup:\n  SET k v\nclients one: 1\n  local ok, why = LPUSH('k', 1)\n  \
                if ok == nil and why:find('^WRONGTYPE') then count('seen') end sleep(100)\n";
    let metrics = play(text, 1_000).0.metrics().clone();
    assert!(metrics.total("seen") >= 9.0);
    assert_eq!(metrics.total("errors"), metrics.total("seen"));
}

const MIXED: &str = "seed: 5\nlasts: 8s\nprobe depth: LLEN jobs\nchart Depth: level(depth)\n\
                     fault: at 3s kill worker for 1s\n\
                     clients producer: 100 a second\n  LPUSH('jobs', zipf(100) .. ':' .. between(1, 6))\n\
                     clients worker: 3\n  BRPOP('jobs', 0) sleep(exponential(30)) if chance(0.1) then count('rare') end\n";

#[test]
fn the_same_seed_makes_the_same_run_whatever_the_steps() {
    let run = |steps: &[u64]| {
        let mut engine = Engine::default();
        let mut workload = Workload::new(plan(MIXED), &mut engine).expect("it starts");
        for ms in steps.iter().cycle() {
            if workload.is_over() {
                break;
            }
            workload.advance(&mut engine, *ms);
        }
        let points: Vec<_> = workload.points().cloned().collect();
        (points, workload.metrics().total("rare"), workload.elapsed())
    };
    let (points, rare, elapsed) = run(&[1]);
    assert_eq!((points.len(), elapsed), (16, 8_000));
    assert!(rare > 10.0 && points.iter().any(|point| point.values[0][0] > Some(0.0)));
    for steps in [&[16][..], &[7, 100], &[8_000], &[100_000]] {
        assert_eq!(run(steps), (points.clone(), rare, elapsed), "{steps:?}");
    }
}

#[test]
fn a_slice_ends_where_enough_has_happened_and_nothing_is_lost() {
    let mut engine = Engine::default();
    let mut workload = Workload::new(plan(MIXED), &mut engine).expect("it starts");
    let (mut passed, mut slices) = (0, 0);
    while passed < 4_000 {
        passed += workload.advance_within(&mut engine, 4_000 - passed, 100).passed;
        slices += 1;
    }
    assert!((15..60).contains(&slices), "{slices}");
    let mut other = Engine::default();
    let mut whole = Workload::new(plan(MIXED), &mut other).expect("it starts");
    whole.advance(&mut other, 4_000);
    assert!(whole.points().eq(workload.points()) && engine.digest() == other.digest());
}

#[test]
fn a_copy_goes_on_like_the_original() {
    let mut engine = Engine::default();
    let mut workload = Workload::new(plan(MIXED), &mut engine).expect("it starts");
    workload.advance(&mut engine, 4_000);
    let (mut copy, mut other) = (workload.clone(), engine.clone());
    workload.advance(&mut engine, 4_000);
    copy.advance(&mut other, 4_000);
    assert!(workload.points().eq(copy.points()));
    assert_eq!(engine.digest(), other.digest());
}

#[test]
fn when_it_is_over_all_are_gone_and_time_goes_on() {
    let mut engine = Engine::default();
    let before = engine.now();
    let text = "lasts: 1s\nclients worker: 5\n  BLPOP('jobs', 0)\n";
    let mut workload = Workload::new(plan(text), &mut engine).expect("it starts");
    workload.advance(&mut engine, 500);
    let own = engine.connect();
    let count = |engine: &mut Engine| {
        let reply = engine.execute(own, vec![b"CLIENT".to_vec(), b"LIST".to_vec()]).reply;
        let (Reply::Bulk(text) | Reply::Verbatim(_, text)) = reply else { panic!("{reply:?}") };
        String::from_utf8_lossy(&text).lines().count()
    };
    assert_eq!(count(&mut engine), 7);
    workload.advance(&mut engine, 5_000);
    assert!(workload.is_over());
    assert_eq!((count(&mut engine), engine.now() - before), (1, 5_500));
}

#[test]
fn what_is_wrong_in_a_plan_is_said_with_its_line() {
    assert_eq!(fault("").0, 11);
    assert_eq!(fault("seed: 1\n").0, 11);
    assert_eq!(fault("  x\n").0, 11);
    assert_eq!(fault("nonsense\n").0, 11);
    for (text, why) in [
        ("seed: x", "whole number"),
        ("lasts: long", "time"),
        ("slider a: 5 from 1 to 3, A", "no value of a slider"),
        ("switch a: maybe, A", "no value of a slider"),
        ("slider a b: 1 from 1 to 3, A", "name"),
        ("network: far", "neither a number nor a slider"),
        ("database: 4ms", "written database:"),
        ("probe x: DEL k", "only reads"),
        ("chart X: size(k)", "no figure"),
        ("chart X: rate(a, b)", "no figure"),
        ("fault: at 1s kill nobody", "no clients called nobody"),
        ("fault: now kill one", "written fault:"),
        ("expect: after 1s total(x)", "what is expected"),
        ("expect: with x on after 1s total(x) > 1", "what is expected"),
        ("moon: full", "is not known; there are seed"),
        ("seed: 1\n  2", "nothing is set in below seed"),
    ] {
        let (at, reason) = fault(&format!("{text}\nclients one: 1\n  PING()\n"));
        assert!(at == 11 && reason.contains(why), "{text}: {at} {reason}");
    }
}

#[test]
fn what_is_wrong_in_a_program_is_said_with_its_line() {
    for (program, line, why) in [
        ("  PING(", 12, "unexpected symbol"),
        ("\n  GTE('k')", 13, "attempt to call global 'GTE'"),
        ("  GET(nil)", 12, "takes text and numbers, not a nil"),
        ("  while true do end", 12, "without waiting"),
        ("  local x = 1", 12, "waits for nothing"),
        ("  local s = 'x' while true do s = s .. s end", 12, "more than it may"),
        ("  sleep('long')", 12, "number expected"),
        ("  pipeline({1})", 12, "table of commands"),
        ("  count(nil, 1)", 12, "wants a name"),
        (
            "  local many = {} for i = 1, 10001 do many[i] = {'PING'} end pipeline(many)",
            12,
            "10000 commands at most",
        ),
        ("  error('mine')", 12, "mine"),
    ] {
        let (at, reason) = fault(&format!("clients one: 1\n{program}\n"));
        assert!(at == line && reason.contains(why), "{program}: {at} {reason}");
    }
}

#[test]
fn claims_are_looked_at_with_their_sliders() {
    let text = "slider n: 1 from 1 to 5, Workers\nclients worker: n\n  sleep(100) PING()\n\
                expect: after 10s total(worker.done) >= 95\n\
                expect: with n 5 after 10s total(worker.done) > 490\nexpect: after 1s total(worker.done) > 100\n";
    let checked = claims::check(&plan(text)).expect("it is played");
    assert_eq!(checked.iter().map(claims::Checked::holds).collect::<Vec<_>>(), [true, true, false]);
}

#[test]
fn a_race_is_lost_or_not_by_the_order_of_moves() {
    let program = "  local left = GET('stock')\n  SET('stock', left - 1)\n";
    let text = format!(
        "setup:\n  SET stock 10\nsession alice:\n{program}session bob:\n{program}order lost: alice bob alice bob\n\
         order kept: alice alice bob bob\nexpect lost: GET stock = 9\nexpect kept: GET stock = 8\n"
    );
    let plan = RacePlan::parse(&text, 0).expect("a race");
    for outcome in &plan.outcomes {
        let mut engine = Engine::default();
        let sessions: Vec<_> = plan.runners.iter().map(|_| engine.connect()).collect();
        for line in &plan.setup {
            engine.execute(sessions[0], parse::split_line(line.as_bytes()).expect("a line"));
        }
        let mut race = plan.start().expect("it starts");
        assert_eq!((race.next(0).1, race.next(1).1), (Some(4), Some(7)));
        for runner in &plan.orders[outcome.order].moves {
            let Move::Send(argv) = race.next(*runner).0.clone() else { panic!("no move") };
            race.sent(*runner);
            let reply = engine.execute(sessions[*runner], argv).reply;
            race.answered(*runner, &reply).expect("it goes on");
        }
        assert!(race.is_over());
        let reply = engine.execute(sessions[0], outcome.argv.clone()).reply;
        assert_eq!(print::redis_cli(&reply).trim().trim_matches('"'), outcome.answer);
    }
    assert_eq!(RacePlan::parse("session a:\n  PING()\n", 4).expect_err("alone").line, 5);
    assert!(RacePlan::parse("session a:\n  PING()\nsession b:\n  sleep(1)\n", 4).is_err());
}

/// What a forged link could ask for: it ends, and says why.
#[test]
fn what_is_too_much_is_stopped_soon() {
    let busy = "clients busy: 1000\n  for i = 1, 100000 do local x = i end sleep(0.01)\n";
    let quick = "clients quick: 1000\n  sleep(0)\n";
    for text in [busy, quick] {
        let mut engine = Engine::default();
        let mut workload = Workload::new(plan(text), &mut engine).expect("it starts");
        assert!(workload.advance_within(&mut engine, 1_000, 1_000).passed <= 1, "{text}");
        workload.advance(&mut engine, 60_000);
        let fault = workload.fault().expect("it is too much");
        assert!(fault.why.contains("more than can be played"), "{fault}");
    }
    let groups: Vec<String> = (0..21).map(|n| format!("clients g{n}: 1\n  PING()\n")).collect();
    assert!(Plan::parse(&groups.concat(), 0).expect_err("too many").why.contains("20 groups"));
}

#[test]
fn what_is_no_number_is_not_measured() {
    let text = "clients odd: 1\n  level('a', 1 / 0) level('b', 0 / 0) count('c', 1 / 0) sample('d', 0 / 0)\n  \
                count('e', 1e308) count('e', 1e308) local n = zipf(0 / 0, 0 / 0) n = between(0 / 0, 1 / 0) sleep(0 / 0) sleep(10)\n";
    let metrics = play(text, 1_000).0.metrics().clone();
    for name in ["a", "b", "c", "d"] {
        assert!(!metrics.knows(name), "{name}");
    }
    assert!(metrics.total("e").is_finite() && metrics.total("odd.done") > 50.0);
}
