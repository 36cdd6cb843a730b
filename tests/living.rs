//! The lessons as a whole, and their living steps: every line of the guide is taught, no lesson is long, what the text says
//! of a workload's figures is so, every figure that is drawn is measured, and the prepared orders of a race end as they
//! say, on the engine and on a real server.

use std::rc::Rc;

use playground_engine::{Engine, Reply, parse, print};
use playground_scenarios::Lesson;
use playground_scenarios::document::Block;
use playground_tests::{files, lessons_md, oracle, reading_time};
use playground_workload::{Move, Plan, RacePlan, Workload, claims};

fn lessons() -> Vec<(String, Lesson)> {
    let read = |path: &std::path::PathBuf| {
        let name = files::shown(path);
        let lesson = Lesson::parse(&files::read(path)).unwrap_or_else(|fault| panic!("{name}:{fault}"));
        (name, lesson)
    };
    files::lessons().iter().map(read).collect()
}

/// What is in the steps of all lessons.
fn blocks() -> Vec<(String, Block)> {
    let named = |(name, lesson): (String, Lesson)| {
        let blocks = lesson.steps.into_iter().flat_map(|step| step.blocks);
        blocks.map(move |block| (name.clone(), block)).collect::<Vec<_>>()
    };
    lessons().into_iter().flat_map(named).collect()
}

fn workloads() -> impl Iterator<Item = (String, Rc<Plan>)> {
    blocks().into_iter().filter_map(|(name, block)| match block {
        Block::Workload(plan) => Some((name, plan)),
        _ => None,
    })
}

fn races() -> impl Iterator<Item = (String, Rc<RacePlan>)> {
    blocks().into_iter().filter_map(|(name, block)| match block {
        Block::Race(plan) => Some((name, plan)),
        _ => None,
    })
}

#[test]
fn every_line_of_the_guide_is_taught() {
    assert_eq!(lessons_md::untaught(), Vec::<&str>::new());
}

#[test]
fn a_lesson_takes_5_to_10_minutes_and_says_how_many() {
    let wrong = lessons().into_iter().filter_map(|(name, lesson)| {
        let (estimate, said) = (reading_time::minutes(&lesson), f64::from(lesson.head.minutes));
        let fits = (5.0..=10.0).contains(&estimate) && (estimate - said).abs() <= 1.0 && said <= 10.0;
        (!fits).then(|| format!("{name} says {said} and takes {estimate:.1}"))
    });
    assert_eq!(wrong.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn figures_are_what_the_text_says() {
    let mut complaints = Vec::new();
    for (name, plan) in workloads() {
        assert!(!plan.claims.is_empty(), "{name}: a workload without a claim proves nothing");
        let checked = claims::check(&plan).unwrap_or_else(|fault| panic!("{name}:{fault}"));
        for claim in checked.iter().filter(|claim| !claim.holds()) {
            complaints
                .push(format!("{name}:{}: {}: it is {:?}", claim.claim.line, claim.claim.text, claim.found));
        }
    }
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn every_figure_that_is_drawn_is_measured() {
    for (name, plan) in workloads() {
        let mut engine = Engine::default();
        let mut workload =
            Workload::new(plan.clone(), &mut engine).unwrap_or_else(|fault| panic!("{name}:{fault}"));
        let half = plan.lasts.unwrap_or(60_000) / 2;
        workload.advance(&mut engine, half);
        // What only happens with a switch is counted once that is on.
        for (at, slider) in plan.sliders.iter().enumerate().filter(|(_, slider)| slider.is_switch) {
            workload.set(at, 1.0 - slider.value);
        }
        workload.advance(&mut engine, half);
        assert_eq!(workload.fault(), None, "{name}");
        for metric in plan.charts.iter().flat_map(|chart| &chart.terms).flat_map(|term| &term.metrics) {
            assert!(workload.metrics().knows(metric), "{name}: nothing is measured that is called {metric}");
        }
    }
}

/// Plays an order of moves; `send` sends a command of a runner.
fn play(
    plan: &RacePlan,
    order: usize,
    mut send: impl FnMut(usize, &[Vec<u8>]) -> Reply,
) -> Result<(), String> {
    for line in &plan.setup {
        let argv = parse::split_line(line.as_bytes()).map_err(|_| format!("{line}: a quote is open"))?;
        if let Reply::Error(error) = send(0, &argv) {
            return Err(format!("{line}: {}", String::from_utf8_lossy(&error.message())));
        }
    }
    let mut race = plan.start().map_err(|fault| fault.to_string())?;
    for runner in &plan.orders[order].moves {
        let name = &plan.runners[*runner].name;
        let Move::Send(argv) = race.next(*runner).0.clone() else {
            return Err(format!("{name} has no move left in the order {}", plan.orders[order].name));
        };
        race.sent(*runner);
        race.answered(*runner, &send(*runner, &argv)).map_err(|fault| fault.to_string())?;
    }
    if race.is_over() {
        Ok(())
    } else {
        Err(format!("the order {} does not come to an end", plan.orders[order].name))
    }
}

/// As redis-cli prints it, without the quotes around it.
fn plain(reply: &Reply) -> String {
    let text = print::redis_cli(reply);
    let text = text.trim_end();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text).to_owned()
}

#[test]
fn races_end_as_their_orders_say() {
    for (name, plan) in races() {
        assert!(
            !plan.orders.is_empty() && !plan.outcomes.is_empty(),
            "{name}: a race has an order and what comes of it"
        );
        for order in 0..plan.orders.len() {
            let mut engine = Engine::default();
            let sessions: Vec<_> = plan.runners.iter().map(|_| engine.connect()).collect();
            let played =
                play(&plan, order, |runner, argv| engine.execute(sessions[runner], argv.to_vec()).reply);
            played.unwrap_or_else(|why| panic!("{name}: {why}"));
            for outcome in plan.outcomes.iter().filter(|outcome| outcome.order == order) {
                let reply = engine.execute(sessions[0], outcome.argv.clone()).reply;
                assert_eq!(plain(&reply), outcome.answer, "{name}:{}", outcome.line);
            }
        }
    }
}

#[test]
fn races_end_so_on_a_real_server_too() {
    let Some(oracle) = oracle::start_or_skip("races_end_so_on_a_real_server_too") else { return };
    for (name, plan) in races() {
        for order in 0..plan.orders.len() {
            let mut connections: Vec<_> = plan.runners.iter().map(|_| oracle.connect()).collect();
            connections[0].call(&["FLUSHALL"]).expect("an empty server");
            let played = play(&plan, order, |runner, argv| {
                connections[runner].call(argv).expect("an answer").into_reply()
            });
            played.unwrap_or_else(|why| panic!("{name}: {why}"));
            for outcome in plan.outcomes.iter().filter(|outcome| outcome.order == order) {
                let reply = connections[0].call(&outcome.argv).expect("an answer").into_reply();
                assert_eq!(plain(&reply), outcome.answer, "{name}:{}", outcome.line);
            }
        }
    }
}
