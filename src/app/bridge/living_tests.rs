//! Simulated clients and races, as the bridge plays them.

use std::rc::Rc;

use playground_workload::{Plan, RacePlan};

use super::{Bridge, Intent, Journey, LivingIntent, SaveIntent};
use crate::record::Record;
use crate::state::Action;
use crate::state::living::{RaceView, WorkloadView};
use crate::state::save::SaveAction;

fn plan(text: &str) -> Rc<Plan> {
    Rc::new(Plan::parse(text, 0).expect("a plan"))
}

const VISITORS: &str = "lasts: 20s\nslider rate: 50 from 10 to 500, Visitors a second\n\
                        chart Visits: rate(visitor.done)\nclients visitor: rate a second\n  INCR('visits')\n";

struct Stage {
    bridge: Bridge,
    workload: Option<Rc<WorkloadView>>,
    race: Option<Rc<RaceView>>,
    keys: usize,
}

impl Stage {
    fn new() -> Self {
        Self { bridge: Bridge::default(), workload: None, race: None, keys: 0 }
    }

    fn perform(&mut self, intent: Intent) -> Vec<Action> {
        let mut actions = self.bridge.perform(intent);
        while self.bridge.is_waiting() {
            actions.extend(self.bridge.perform(Intent::Continue));
        }
        for action in &actions {
            if let Action::Seen(view) = action {
                (self.workload, self.race, self.keys) = (view.workload.clone(), view.race.clone(), view.keys);
            }
        }
        actions
    }

    fn pass(&mut self, ms: u64) -> Vec<Action> {
        let work = self.bridge.works();
        self.perform(Intent::Tick { ms, work })
    }

    fn living(&mut self, intent: LivingIntent) -> Vec<Action> {
        self.perform(Intent::Living(intent))
    }

    fn seen(&self) -> &WorkloadView {
        self.workload.as_ref().expect("there are clients")
    }

    fn answer(&mut self, line: &str) -> String {
        let actions = self.perform(Intent::Run(vec![line.into()]));
        let ran = actions.iter().find_map(|action| match action {
            Action::Ran(_, exchanges) => exchanges.last(),
            _ => None,
        });
        ran.map(|exchange| exchange.output.to_string()).unwrap_or_default()
    }
}

#[test]
fn clients_come_change_and_go_with_the_clock() {
    let mut stage = Stage::new();
    stage.living(LivingIntent::Start(plan(VISITORS)));
    assert_eq!((stage.seen().elapsed, stage.keys), (0, 0));
    for _ in 0..50 {
        stage.pass(100);
    }
    assert_eq!((stage.seen().elapsed, stage.seen().points.len(), stage.keys), (5_000, 10, 1));
    let before: u32 = stage.answer("GET visits").trim().trim_matches('"').parse().expect("a number");
    assert!((200..300).contains(&before), "{before}");
    stage.living(LivingIntent::Slide { name: "rate".into(), value: 500.0 });
    assert_eq!(stage.seen().values, [500.0]);
    for _ in 0..20 {
        stage.pass(100);
    }
    let more: u32 = stage.answer("GET visits").trim().trim_matches('"').parse().expect("a number");
    assert!((850..1_150).contains(&(more - before)), "{more} {before}");
    stage.living(LivingIntent::Stop);
    assert!(stage.seen().is_over);
    let clients = stage.answer("CLIENT LIST").lines().count();
    assert_eq!(clients, 1);
}

#[test]
fn what_clients_did_can_be_gone_back_to_and_kept() {
    let mut stage = Stage::new();
    stage.living(LivingIntent::Start(plan(VISITORS)));
    for _ in 0..30 {
        stage.pass(100);
    }
    stage.living(LivingIntent::Slide { name: "rate".into(), value: 200.0 });
    for _ in 0..30 {
        stage.pass(100);
    }
    let (digest, points) = (stage.bridge.world.engine.digest(), stage.seen().points.clone());
    let steps = stage.bridge.journal.steps();
    stage.perform(Intent::Travel(Journey::To(steps / 2)));
    assert!(stage.seen().elapsed < 6_000 && stage.seen().pace.is_none());
    stage.perform(Intent::Travel(Journey::Return));
    assert_eq!((stage.bridge.world.engine.digest(), &stage.seen().points), (digest, &points));

    let actions = stage.perform(Intent::Save(SaveIntent::RecordFile));
    let text = actions.iter().find_map(|action| match action {
        Action::Save(SaveAction::File(file)) => Some(file.text.clone()),
        _ => None,
    });
    let text = text.expect("a file");
    assert!(text.contains("@workload 0 lasts: 20s\\nslider rate"), "{text}");
    let record = Record::parse(&text).expect("a record");
    let mut other = Stage::new();
    other.perform(Intent::Save(SaveIntent::Accept(Rc::new(record))));
    assert_eq!((other.bridge.world.engine.digest(), &other.seen().points), (digest, &points));
}

#[test]
fn who_asks_for_more_time_than_can_be_played_is_told() {
    let text = "clients reader: 300\n  GET('k')\n";
    let mut bridge = Bridge::default();
    bridge.perform(Intent::Living(LivingIntent::Start(plan(text))));
    let mut pace = None;
    for _ in 0..60 {
        // The page would draw and tick again before all is made up for.
        for action in bridge.perform(Intent::Tick { ms: 1_000, work: 0 }) {
            if let Action::Seen(view) = action {
                pace = view.workload.as_ref().and_then(|workload| workload.pace);
            }
        }
    }
    assert!(pace.is_some_and(|percent| percent < 20), "{pace:?}");
    assert!(bridge.is_waiting());
}

#[test]
fn clients_that_go_wrong_say_where_and_the_page_goes_on() {
    let mut stage = Stage::new();
    stage.living(LivingIntent::Start(plan("clients one: 1\n  GET('k')\n  nothing()\n")));
    stage.pass(100);
    let fault = stage.seen().fault.clone().expect("a fault");
    assert!(fault.starts_with("line 3: one: attempt to call global 'nothing'"), "{fault}");
    assert!(stage.seen().is_over);
    stage.pass(100);
    assert_eq!(stage.answer("PING"), "PONG\n");
}

#[test]
fn clients_wake_on_what_the_reader_sends() {
    let mut stage = Stage::new();
    stage.living(LivingIntent::Start(plan("clients worker: 1\n  BRPOP('jobs', 0) INCR('done')\n")));
    stage.pass(100);
    stage.answer("LPUSH jobs a b c");
    stage.pass(100);
    assert_eq!(stage.answer("GET done"), "\"3\"\n");
}

const STOCK: &str = "setup:\n  SET stock 10\nsession alice:\n  local left = GET('stock')\n  SET('stock', left - 1)\nsession bob:\n  \
                     local left = GET('stock')\n  SET('stock', left - 1)\norder Lost: alice bob alice bob\nexpect Lost: GET stock = 9\n";

#[test]
fn a_race_is_made_move_by_move_in_sessions_of_its_own() {
    let mut stage = Stage::new();
    let plan = Rc::new(RacePlan::parse(STOCK, 0).expect("a race"));
    stage.living(LivingIntent::Line(plan.clone()));
    let race = stage.race.clone().expect("a race");
    assert_eq!(race.next[0].command.as_deref(), Some("GET stock"));
    assert_eq!(race.next.iter().map(|next| next.line).collect::<Vec<_>>(), [Some(0), Some(0)]);
    for runner in [1, 1, 0] {
        stage.living(LivingIntent::Move(runner));
    }
    let race = stage.race.clone().expect("a race");
    assert_eq!((race.next[1].command.clone(), race.is_over()), (None, false));
    assert_eq!((race.next[0].command.as_deref(), race.next[0].line), (Some("SET stock 8"), Some(1)));
    assert_eq!(race.made.iter().map(|made| &*made.answer).collect::<Vec<_>>(), ["\"10\"", "OK", "\"9\""]);
    stage.living(LivingIntent::Move(0));
    assert!(stage.race.as_ref().is_some_and(|race| race.is_over()));
    assert_eq!(stage.answer("GET stock"), "\"8\"\n");

    stage.living(LivingIntent::Order(plan, 0));
    assert_eq!(stage.race.as_ref().and_then(|race| race.turn()), Some(0));
    stage.living(LivingIntent::Turn);
    assert_eq!(stage.race.as_ref().and_then(|race| race.turn()), Some(1));
    stage.living(LivingIntent::Rest);
    assert!(stage.race.as_ref().is_some_and(|race| race.is_over()));
    assert_eq!(stage.answer("GET stock"), "\"9\"\n");
}
