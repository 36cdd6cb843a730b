//! What is seen of a step that lives: simulated clients and their figures, or a race and its moves. Plain values.

use std::rc::Rc;

use playground_workload::{Plan, Point, RacePlan};

/// Simulated clients, while they are there and after.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkloadView {
    pub plan: Rc<Plan>,
    /// Of the sliders.
    pub values: Vec<f64>,
    /// Virtual milliseconds since they came.
    pub elapsed: u64,
    /// The last points of the charts.
    pub points: Vec<Point>,
    /// What went wrong, and at which line of the lesson.
    pub fault: Option<Rc<str>>,
    pub is_over: bool,
    /// How much of the time that should have passed did, in percent, where that is not all of it.
    pub pace: Option<u32>,
}

/// What one of those who race does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    /// The command, as it would be typed; none where the program is over.
    pub command: Option<Rc<str>>,
    /// The line at which its program stands, counted from 0 in the program.
    pub line: Option<usize>,
    /// It has been sent, and is not answered.
    pub waits: bool,
}

/// A move that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    pub runner: usize,
    pub command: Rc<str>,
    pub answer: Rc<str>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct RaceView {
    pub plan: Rc<RacePlan>,
    /// Of each runner.
    pub next: Vec<Next>,
    /// The prepared order that is being played, and how many of its moves are made.
    pub order: Option<(usize, usize)>,
    pub made: Vec<Made>,
    pub fault: Option<Rc<str>>,
}

impl RaceView {
    pub fn is_over(&self) -> bool {
        self.next.iter().all(|next| next.command.is_none() && !next.waits)
    }

    /// Who moves next in the order that is played.
    pub fn turn(&self) -> Option<usize> {
        let (order, at) = self.order?;
        self.plan.orders.get(order)?.moves.get(at).copied()
    }
}
