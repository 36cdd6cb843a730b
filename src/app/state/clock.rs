//! How the virtual clock is driven: whether it runs, how fast, and the jumps the reader makes.

use std::rc::Rc;

use super::State;

/// The speeds on offer: virtual seconds a second.
pub const SPEEDS: [u32; 6] = [1, 4, 10, 60, 100, 1000];
/// Simulated clients that come for longer than so many milliseconds are played at a speed of their own, or nobody would
/// see them out.
pub const PATIENCE: u64 = 30_000;
pub const HURRY: u32 = 4;

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockMode {
    pub running: bool,
    pub speed: u32,
}

impl Default for ClockMode {
    fn default() -> Self {
        Self { running: true, speed: 1 }
    }
}

/// Why the clock jumped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// By a length of time.
    Step,
    /// To a moment.
    Set,
    /// To the moment at which the next key expires.
    NextExpiry,
    /// To the moment at which the next session gives up waiting.
    NextTimeout,
}

/// A jump of the clock that the reader made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    pub from: u64,
    pub to: u64,
    pub reason: Reason,
    /// The thing to do in the lesson that made it, if one did.
    pub play: Option<(usize, usize)>,
    /// The step that it made.
    pub step: u64,
}

impl Move {
    pub fn by(&self) -> u64 {
        self.to.saturating_sub(self.from)
    }
}

impl State {
    pub(super) fn run(&mut self, running: bool) {
        self.clock.running = running;
        Rc::make_mut(&mut self.timeline).mode(&self.view, self.clock);
    }

    /// The reader's choice, which stays.
    pub(super) fn choose_speed(&mut self, speed: u32) {
        self.hurries = false;
        self.clock.speed = speed.max(1);
        Rc::make_mut(&mut self.timeline).mode(&self.view, self.clock);
    }

    /// Without time nothing would happen, and with little of it, little. A speed that the reader has chosen is kept.
    pub(super) fn clients_started(&mut self) {
        let lasts = self.view.workload.as_ref().and_then(|workload| workload.plan.lasts);
        if self.clock.speed == 1 && lasts.is_some_and(|ms| ms > PATIENCE) {
            (self.hurries, self.clock.speed) = (true, HURRY);
        }
        self.run(true);
    }

    /// Once the clients for whom it hurried have gone, time passes as before.
    pub(super) fn calm_down(&mut self) {
        let are_gone = || self.view.workload.as_ref().is_none_or(|workload| workload.is_over);
        if self.hurries && are_gone() {
            self.choose_speed(1);
        }
    }

    /// How the clock is to run when the page is opened again.
    pub fn kept_clock(&self) -> ClockMode {
        if self.hurries { ClockMode { speed: 1, ..self.clock } } else { self.clock }
    }
}

#[cfg(test)]
mod tests {
    use playground_workload::Plan;

    use super::*;
    use crate::state::Action;
    use crate::state::living::WorkloadView;
    use crate::state::view::View;

    /// What is seen of clients.
    fn seen(state: &State, lasts: &str, is_over: bool) -> State {
        let plan = Plan::parse(&format!("lasts: {lasts}\nclients one: 1\n  sleep(1)\n"), 1).expect("a plan");
        let workload = WorkloadView {
            plan: Rc::new(plan),
            values: Vec::new(),
            elapsed: 0,
            points: Vec::new(),
            fault: None,
            is_over,
            pace: None,
        };
        state.reduce(Action::Seen(Rc::new(View { workload: Some(Rc::new(workload)), ..View::default() })))
    }

    #[test]
    fn time_hurries_while_clients_are_there_for_long() {
        let started = |state: &State, lasts| seen(state, lasts, false).reduce(Action::ClientsStarted);
        let paused = State::default().reduce(Action::Running(false));
        let there = started(&paused, "2m");
        assert_eq!(there.clock, ClockMode { running: true, speed: HURRY });
        assert_eq!(there.kept_clock().speed, 1);
        assert_eq!(seen(&there, "2m", false).clock.speed, HURRY);
        assert_eq!(seen(&there, "2m", true).clock.speed, 1);
        assert_eq!(started(&paused, "30s").clock.speed, 1, "that can be waited for");
        let chosen = paused.reduce(Action::Speed(10));
        assert_eq!(seen(&started(&chosen, "2m"), "2m", true).clock.speed, 10, "the reader's choice stays");
        let meanwhile = there.reduce(Action::Speed(HURRY));
        assert_eq!(seen(&meanwhile, "2m", true).clock.speed, HURRY, "also one made meanwhile");
    }
}
