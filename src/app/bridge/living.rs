//! Steps that live: simulated clients come, are changed and go; who races makes moves.
//!
//! Clients are a part of the world, so all that they do can be gone back to and kept. A race is not: its commands are lines
//! like any others, and only where its programs stand is remembered here, until the reader goes back in time.

use std::rc::Rc;

use playground_workload::{Move, Plan, Race, RacePlan};

use super::Bridge;
use super::world::Input;
use crate::quote;
use crate::state::Action;
use crate::state::living::{Made, Next, RaceView, WorkloadView};

/// Something of a step that lives.
#[derive(Clone, Debug)]
pub enum LivingIntent {
    /// Simulated clients are to come.
    Start(Rc<Plan>),
    Slide {
        name: Rc<str>,
        value: f64,
    },
    Stop,
    /// All who race stand at their start, with the data as it was.
    Line(Rc<RacePlan>),
    /// The same, and an order is to be played.
    Order(Rc<RacePlan>, usize),
    /// A runner makes its move.
    Move(usize),
    /// Whoever's turn it is in the order.
    Turn,
    /// The same to its end.
    Rest,
}

/// So many events of simulated clients happen before the page may draw.
const SLICE: u64 = 1_200;
/// Ticks of time that are made up for at most: what is beyond is lost, and the reader is told.
const MADE_UP_FOR: u64 = 3;
/// Ticks over which it is reckoned how much is lost.
const RECKONED: u32 = 20;
/// Points that are shown.
const SHOWN: usize = 240;

/// How the time that should pass for simulated clients and the time that does keep up.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pace {
    /// Milliseconds that are yet to pass.
    owed: u64,
    asked: u64,
    given: u64,
    ticks: u32,
    /// In percent, where it is less than all.
    last: Option<u32>,
}

impl Pace {
    fn ask(&mut self, ms: u64) {
        self.owed = (self.owed + ms).min(ms.saturating_mul(MADE_UP_FOR));
        self.asked += ms;
        self.ticks += 1;
        if self.ticks < RECKONED {
            return;
        }
        let percent = (self.given * 100).checked_div(self.asked).unwrap_or(100);
        self.last = (percent < 95).then_some(percent as u32);
        (self.asked, self.given, self.ticks) = (0, 0, 0);
    }

    fn give(&mut self, ms: u64) {
        self.owed = self.owed.saturating_sub(ms);
        self.given += ms;
    }
}

/// A race that is under way.
#[derive(Debug)]
pub(super) struct Racing {
    plan: Rc<RacePlan>,
    race: Race,
    order: Option<(usize, usize)>,
    made: Vec<Made>,
    fault: Option<Rc<str>>,
}

impl Bridge {
    pub(super) fn living(&mut self, intent: LivingIntent, actions: &mut Vec<Action>) {
        match intent {
            LivingIntent::Start(plan) => {
                self.pace = Pace::default();
                self.simulate(Input::Workload(plan), actions);
            }
            LivingIntent::Slide { name, value } => self.simulate(Input::Slider { name, value }, actions),
            LivingIntent::Stop => self.end_workload(actions),
            LivingIntent::Line(plan) => self.line_up(&plan, None, actions),
            LivingIntent::Order(plan, order) => self.line_up(&plan, Some(order), actions),
            LivingIntent::Move(runner) => {
                // Whoever moves by hand leaves the prepared order.
                if let Some(racing) = &mut self.racing {
                    racing.order = None;
                }
                self.make_move(runner, actions);
            }
            LivingIntent::Turn => {
                self.turn_of_order(actions);
            }
            LivingIntent::Rest => while self.turn_of_order(actions) {},
        }
    }

    fn simulate(&mut self, input: Input, actions: &mut Vec<Action>) {
        let (happened, _) = self.input(input);
        self.took_place(happened, actions);
    }

    /// Sends simulated clients away, where there are any.
    pub(super) fn end_workload(&mut self, actions: &mut Vec<Action>) {
        if self.world.is_simulating() {
            self.simulate(Input::EndWorkload, actions);
        }
    }

    // ---- time ----------------------------------------------------------------------------------------------------------

    /// Time passes for simulated clients: as much as can be played at once, and the rest when the page has drawn.
    pub(super) fn tick_with_clients(&mut self, ms: u64, actions: &mut Vec<Action>) {
        self.pace.ask(ms);
        self.play_further(actions);
    }

    /// Whether there is time to be made up for.
    pub(super) fn owes_time(&self) -> bool {
        self.pace.owed > 0 && self.world.is_simulating() && !self.is_in_past() && !self.is_restoring()
    }

    pub(super) fn play_further(&mut self, actions: &mut Vec<Action>) {
        let (happened, passed) = self.pass_some(self.pace.owed, SLICE);
        self.pace.give(passed);
        if !self.world.is_simulating() {
            self.pace.owed = 0;
        }
        self.took_place(happened, actions);
    }

    pub(super) fn look_at_workload(&self) -> Option<Rc<WorkloadView>> {
        let workload = self.world.workload.as_ref()?;
        let skipped = workload.points().len().saturating_sub(SHOWN);
        let is_over = workload.is_over();
        Some(Rc::new(WorkloadView {
            plan: workload.plan().clone(),
            values: workload.values().to_vec(),
            elapsed: workload.elapsed(),
            points: workload.points().skip(skipped).cloned().collect(),
            fault: workload.fault().map(|fault| match fault.line {
                0 => fault.why.as_str().into(),
                _ => fault.to_string().into(),
            }),
            is_over,
            pace: self.pace.last.filter(|_| !is_over && !self.is_in_past()),
        }))
    }

    // ---- races ---------------------------------------------------------------------------------------------------------

    fn line_up(&mut self, plan: &Rc<RacePlan>, order: Option<usize>, actions: &mut Vec<Action>) {
        // A plan that cannot be started has been refused where it was read.
        let Ok(race) = plan.start() else { return };
        if let Some(first) = plan.runners.first() {
            let tab = self.speaker(&first.name.as_str().into(), actions);
            self.run(tab, plan.setup.clone(), None, actions);
        }
        let order = order.map(|order| (order, 0));
        self.racing = Some(Racing { plan: plan.clone(), race, order, made: Vec::new(), fault: None });
    }

    /// Makes the next move of the order that is played; whether there is another one.
    fn turn_of_order(&mut self, actions: &mut Vec<Action>) -> bool {
        let Some(Racing { plan, order: Some((order, at)), .. }) = &mut self.racing else { return false };
        let moves = plan.orders.get(*order).map(|order| order.moves.clone()).unwrap_or_default();
        let Some(runner) = moves.get(*at).copied() else { return false };
        *at += 1;
        let more = *at < moves.len();
        self.make_move(runner, actions) && more
    }

    /// Has a runner send its command; whether it was answered.
    fn make_move(&mut self, runner: usize, actions: &mut Vec<Action>) -> bool {
        let Some(racing) = &mut self.racing else { return false };
        let (Move::Send(argv), Some(name)) = (
            racing.race.next(runner).0.clone(),
            racing.plan.runners.get(runner).map(|runner| runner.name.clone()),
        ) else {
            return false;
        };
        racing.race.sent(runner);
        let line = quote::line(&argv);
        let tab = self.speaker(&name.as_str().into(), actions);
        let mut ran = Vec::new();
        self.run(tab, vec![line.clone()], None, &mut ran);
        let exchange = ran.iter().find_map(|action| match action {
            Action::Ran(_, exchanges) => exchanges.last().cloned(),
            _ => None,
        });
        actions.extend(ran);
        let Some((racing, exchange)) = self.racing.as_mut().zip(exchange) else { return false };
        racing.made.push(Made { runner, command: line.into(), answer: exchange.output.trim_end().into() });
        let Some(kept) = exchange.reply else { return false };
        if let Err(fault) = racing.race.answered(runner, &kept.reply) {
            racing.fault = Some(fault.to_string().into());
        }
        racing.fault.is_none()
    }

    pub(super) fn look_at_race(&self) -> Option<Rc<RaceView>> {
        let Racing { plan, race, order, made, fault } = self.racing.as_ref()?;
        let next = plan.runners.iter().enumerate().map(|(at, runner)| {
            let (next, line) = race.next(at);
            let line = line.and_then(|line| (line as usize).checked_sub(runner.program.line));
            match next {
                Move::Send(argv) => Next { command: Some(quote::line(argv).into()), line, waits: false },
                Move::Waits => Next { command: None, line, waits: true },
                Move::Over => Next { command: None, line: None, waits: false },
            }
        });
        let next = next.collect();
        Some(Rc::new(RaceView {
            plan: plan.clone(),
            next,
            order: *order,
            made: made.clone(),
            fault: fault.clone(),
        }))
    }
}
