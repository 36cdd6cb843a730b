//! The order of events: who comes, what reaches the server and when, who is answered, who dies.
//!
//! Time is counted in microseconds from the start; the engine's clock, which knows milliseconds, follows. A command reaches
//! the server after half of the network's time, waits until those before it are served, takes what the engine's cost
//! model says, and its answer goes back. Events of the same moment happen in the order in which they were arranged.

mod actors;
mod agenda;
mod figures;
mod instruments;
mod service;

use std::collections::VecDeque;
use std::rc::Rc;
use std::time::Duration;

use playground_engine::rng::Rng;
use playground_engine::{Engine, Event as KeyEvent, Reply, SessionId};

use crate::clients::{Clients, State};
use crate::database::Database;
use crate::fault::Fault;
use crate::metrics::Metrics;
use crate::plan::{Amount, Plan};
use crate::programs::Programs;
use agenda::{Agenda, Event};
use instruments::Instruments;
use service::Queue;

/// So many events happen in one call of `advance` at most: a plan that wants more cannot be played.
const MOST_EVENTS: u64 = 500_000;
/// So many instructions of programs count as one more.
const AN_EVENT: u64 = 1_000;

/// What came of a stretch of time.
#[derive(Debug, Default)]
pub struct Advanced {
    /// Milliseconds that passed: fewer than were wanted where too much happened.
    pub passed: u64,
    pub events: Vec<KeyEvent>,
    /// Sessions of others that got something.
    pub mail: Vec<SessionId>,
}

/// A plan that is played.
#[derive(Clone, Debug)]
pub struct Workload {
    plan: Rc<Plan>,
    values: Vec<f64>,
    programs: Programs,
    clients: Clients,
    agenda: Agenda,
    /// Of each group: which arrangement of its coming holds.
    arrangements: Vec<u32>,
    /// How many of each group are to be there, and are.
    there: Vec<usize>,
    database: Database,
    server: Queue,
    tools: Instruments,
    points: VecDeque<Point>,
    /// What the engine's clock said at the start.
    begun: u64,
    /// Who sets up and looks.
    operator: SessionId,
    evicted: u64,
    expired: u64,
    fault: Option<Fault>,
    is_over: bool,
}

/// A point of all charts.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// Milliseconds from the start.
    pub at: u64,
    /// A number for each term of each chart.
    pub values: Vec<Vec<Option<f64>>>,
}

impl Workload {
    /// Connects to an engine and sets up.
    pub fn new(plan: Rc<Plan>, engine: &mut Engine) -> Result<Self, Fault> {
        let named: Vec<_> = plan.groups.iter().map(|group| (group.name.as_str(), &group.program)).collect();
        let programs = Programs::new(&named)?;
        let operator = engine.connect();
        for argv in &plan.setup {
            engine.execute(operator, argv.clone());
        }
        let (random, metrics) = (Rng::seeded(plan.seed), Metrics::default());
        let stats = engine.stats();
        let mut new = Self {
            values: plan.sliders.iter().map(|slider| slider.value).collect(),
            programs,
            clients: Clients::default(),
            agenda: Agenda::default(),
            arrangements: vec![0; plan.groups.len()],
            there: vec![0; plan.groups.len()],
            database: Database::default(),
            server: Queue::default(),
            tools: Instruments { metrics, random, zipf: None, now: 0 },
            points: VecDeque::new(),
            begun: engine.now(),
            operator,
            evicted: stats.evicted,
            expired: stats.expired(),
            fault: None,
            is_over: false,
            plan,
        };
        for at in 0..new.values.len() {
            new.tell(at);
        }
        new.agenda.put(figures::APART, Event::Point);
        let plan = new.plan.clone();
        for group in 0..plan.groups.len() {
            new.arrange(group);
        }
        for (at, death) in plan.deaths.iter().enumerate() {
            new.agenda.put(death.first * 1000, Event::Dies(at));
        }
        Ok(new)
    }

    // ---- what is seen ------------------------------------------------------------------------------------------------

    pub fn plan(&self) -> &Rc<Plan> {
        &self.plan
    }

    pub fn metrics(&self) -> &Metrics {
        &self.tools.metrics
    }

    /// The points of the charts so far, the last ones where there are too many.
    pub fn points(&self) -> impl ExactSizeIterator<Item = &Point> {
        self.points.iter()
    }

    /// The values of the sliders.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Milliseconds since the start.
    pub fn elapsed(&self) -> u64 {
        self.tools.now / 1000
    }

    /// What ended it before its time.
    pub fn fault(&self) -> Option<&Fault> {
        self.fault.as_ref()
    }

    /// Nothing happens any more: its time is up, or something went wrong.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    // ---- what is done to it ------------------------------------------------------------------------------------------

    /// Moves a slider.
    pub fn set(&mut self, slider: usize, value: f64) {
        let Some(plan) = self.plan.sliders.get(slider) else { return };
        let value = if value.is_nan() { plan.value } else { value.clamp(plan.least, plan.most) };
        if let Some(known) = self.values.get_mut(slider) {
            *known = value;
        }
        self.tell(slider);
        for group in 0..self.plan.groups.len() {
            self.arrange(group);
        }
    }

    /// Programs know a slider as a global.
    fn tell(&mut self, slider: usize) {
        let Some((plan, value)) = self.plan.sliders.get(slider).zip(self.values.get(slider)) else { return };
        if plan.is_switch {
            self.programs.set_switch(&plan.name, *value != 0.0);
        } else {
            self.programs.set_number(&plan.name, *value);
        }
    }

    /// Lets so many milliseconds pass, for the engine as well.
    pub fn advance(&mut self, engine: &mut Engine, ms: u64) -> Advanced {
        self.advance_within(engine, ms, MOST_EVENTS)
    }

    /// Lets so many milliseconds pass, or fewer: once so many events have happened, it ends with the millisecond.
    pub fn advance_within(&mut self, engine: &mut Engine, ms: u64, most: u64) -> Advanced {
        let mut came = Advanced::default();
        let began = engine.now();
        let mut until = self.tools.now.saturating_add(ms.saturating_mul(1000));
        let end = self.plan.lasts.map_or(u64::MAX, |ms| ms.saturating_mul(1000));
        let mut rest = until.saturating_sub(end) / 1000;
        until = until.min(end);
        let (mut happened, spent, mut is_cut_short) = (0, self.programs.spent(), false);
        while !self.is_over {
            let next = self.agenda.next().map_or(until, |at| at.min(until));
            if let Some(timeout) = self.timeout(engine).filter(|at| *at <= next) {
                self.move_to(engine, timeout, &mut came);
                continue;
            }
            let Some((at, event)) =
                self.agenda.next().filter(|at| *at <= until).and_then(|_| self.agenda.take())
            else {
                break;
            };
            happened += 1;
            let events = happened + (self.programs.spent() - spent) / AN_EVENT;
            if events >= most && !is_cut_short {
                until = until.min(at.div_ceil(1000) * 1000);
                (rest, is_cut_short) = (0, true);
            }
            if events > MOST_EVENTS {
                self.fail(Fault::new(
                    0,
                    "this is more than can be played: fewer clients, or slower ones, are wanted",
                ));
            }
            self.move_to(engine, at, &mut came);
            self.happens(engine, event, &mut came);
            self.fetch(engine, &mut came);
        }
        if !self.is_over || self.fault.is_none() {
            self.move_to(engine, until, &mut came);
        }
        if until >= end {
            self.finish(engine);
        }
        if rest > 0 {
            came.events.extend(engine.advance(Duration::from_millis(rest)));
        }
        self.fetch(engine, &mut came);
        came.passed = engine.now() - began;
        came
    }

    /// Disconnects all clients.
    pub fn finish(&mut self, engine: &mut Engine) {
        if !std::mem::replace(&mut self.is_over, true) {
            self.disconnect_all(engine);
        }
    }

    fn disconnect_all(&mut self, engine: &mut Engine) {
        let sessions: Vec<_> = self.clients.sessions().chain([self.operator]).collect();
        for session in sessions {
            engine.disconnect(session);
        }
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }

    fn amount(&self, amount: Amount) -> f64 {
        match amount {
            Amount::Fixed(number) => number,
            Amount::Slider(at) => self.values.get(at).copied().unwrap_or_default(),
        }
    }

    // ---- time --------------------------------------------------------------------------------------------------------

    /// When something in the engine itself is due that somebody may wait for.
    fn timeout(&self, engine: &Engine) -> Option<u64> {
        let at = engine.next_timeout()?.max(engine.now() + 1);
        Some(at.saturating_sub(self.begun).saturating_mul(1000))
    }

    fn move_to(&mut self, engine: &mut Engine, at: u64, came: &mut Advanced) {
        self.tools.now = self.tools.now.max(at);
        self.tools.metrics.set_now(self.tools.now);
        let target = self.begun + self.tools.now / 1000;
        if target > engine.now() {
            let by = Duration::from_millis(target - engine.now());
            came.events.extend(engine.advance(by));
            self.fetch(engine, came);
        }
    }

    /// From now, so many microseconds.
    fn after(&mut self, micros: u64, event: Event) {
        self.agenda.put(self.tools.now + micros, event);
    }

    fn happens(&mut self, engine: &mut Engine, event: Event, came: &mut Advanced) {
        let result = match event {
            Event::Comes { group, arrangement } => self.comes(group, arrangement),
            Event::Begins(at) => self.begins(engine, at),
            Event::Reaches(who, lines, is_pipeline) => {
                self.server.waiting.push_back((who, lines, is_pipeline));
                self.serve(engine, came);
                Ok(())
            }
            Event::Free => {
                self.serve(engine, came);
                Ok(())
            }
            Event::Answered(who, replies, is_pipeline) => self.answered(who, &replies, is_pipeline),
            Event::Found(who, came) => self.found(who, came),
            Event::Wakes(who) => self.go_on(who, &[]),
            Event::Unheard(who, wait) => match self.clients.current(who) {
                Some(client) if client.state == State::Listens(wait) => self.go_on(who, &[Reply::Nil]),
                _ => Ok(()),
            },
            Event::Message(who, message) => self.go_on(who, &actors::heard(&message)),
            Event::Dies(death) => {
                self.dies(engine, death);
                Ok(())
            }
            Event::Returns(at) => {
                self.agenda.put(self.tools.now, Event::Begins(at));
                Ok(())
            }
            Event::Point => {
                self.point(engine, came);
                Ok(())
            }
        };
        if let Err(fault) = result {
            self.fail(fault);
        }
        if self.fault.is_some() {
            self.finish(engine);
        }
    }
}
