//! A race: programs of a few commands, whose moves somebody chooses. What goes wrong between two clients goes wrong here
//! as slowly as one likes.
//!
//! ```text
//! setup:
//!   SET stock 10
//! session alice:
//!   local left = GET('stock')
//!   SET('stock', left - 1)
//! session bob:
//!   local left = GET('stock')
//!   SET('stock', left - 1)
//! order lost: alice bob alice bob
//! order kept: alice alice bob bob
//! expect lost: GET stock = 9
//! ```
//!
//! A move is one command and all that the program does with its answer, up to the next command. Who embeds a race sends the
//! commands; it knows no engine.

use playground_engine::{Reply, parse};

use crate::convert;
use crate::fault::Fault;
use crate::plan::Program;
use crate::programs::{Ask, Host, Programs, Step};
use crate::source::{Section, is_name, sections};
use crate::wait::Wait;

/// What somebody would do next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// Send this command.
    Send(Vec<Vec<u8>>),
    /// It has been sent, and is not answered yet.
    Waits,
    Over,
}

/// One of those who race.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runner {
    pub name: String,
    pub program: Program,
}

/// An order of moves that was thought of before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    pub name: String,
    /// Runners by their places.
    pub moves: Vec<usize>,
}

/// What a command that reads answers after all moves of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub line: usize,
    pub order: usize,
    pub argv: Vec<Vec<u8>>,
    /// As redis-cli prints it, without quotes around it.
    pub answer: String,
}

/// Who races, and in which orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RacePlan {
    pub setup: Vec<String>,
    pub runners: Vec<Runner>,
    pub orders: Vec<Order>,
    pub outcomes: Vec<Outcome>,
}

impl RacePlan {
    /// `first_line` is how many lines stand before the text; errors count from there.
    pub fn parse(text: &str, first_line: usize) -> Result<Self, Fault> {
        let mut plan = Self::default();
        let sections = sections(text, first_line)?;
        for section in &sections {
            match section.word.as_str() {
                "setup" => plan.setup.extend(
                    section.body.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned),
                ),
                "session" => plan.runner(section)?,
                "order" => plan.order(section)?,
                "expect" => plan.outcome(section)?,
                word => {
                    return Err(section
                        .fault(format!("{word:?} is not known; there are setup, session, order, expect")));
                }
            }
        }
        if plan.runners.len() < 2 {
            return Err(Fault::new(first_line + 1, "a race has two sessions at least"));
        }
        plan.start()?;
        Ok(plan)
    }

    fn runner(&mut self, section: &Section) -> Result<(), Fault> {
        let name = section.name.clone();
        if !is_name(&name) || self.runners.iter().any(|known| known.name == name) {
            return Err(section.fault("a session has a name of letters and digits that no other has"));
        }
        let program = Program { text: section.body.clone(), line: section.body_line };
        self.runners.push(Runner { name, program });
        Ok(())
    }

    fn order(&mut self, section: &Section) -> Result<(), Fault> {
        let place = |name: &str| {
            let found = self.runners.iter().position(|runner| runner.name == name);
            found.ok_or_else(|| section.fault(format!("no session is called {name}")))
        };
        let moves: Vec<usize> = section.rest.split_whitespace().map(place).collect::<Result<_, _>>()?;
        if moves.is_empty() || section.name.is_empty() {
            return Err(section.fault("an order is written order NAME: SESSION SESSION …"));
        }
        self.orders.push(Order { name: section.name.clone(), moves });
        Ok(())
    }

    fn outcome(&mut self, section: &Section) -> Result<(), Fault> {
        let shape = || section.fault("an outcome is written expect ORDER: COMMAND = ANSWER");
        let (line, answer) = section.rest.rsplit_once(" = ").ok_or_else(shape)?;
        let argv = parse::split_line(line.trim().as_bytes()).map_err(|_| shape())?;
        let order = self.orders.iter().position(|order| order.name == section.name).ok_or_else(shape)?;
        let answer = answer.trim().to_owned();
        self.outcomes.push(Outcome { line: section.line, order, argv, answer });
        Ok(())
    }

    /// All at their start.
    pub fn start(&self) -> Result<Race, Fault> {
        let named: Vec<_> =
            self.runners.iter().map(|runner| (runner.name.as_str(), &runner.program)).collect();
        let mut race = Race { programs: Programs::new(&named)?, next: Vec::new() };
        for at in 0..self.runners.len() {
            let step = race.programs.begin(at, at, &mut Nobody)?;
            let next = race.next_of(at, step)?;
            race.next.push(next);
        }
        Ok(race)
    }
}

/// A race that is under way.
#[derive(Clone, Debug)]
pub struct Race {
    programs: Programs,
    next: Vec<(Move, Option<u32>)>,
}

impl Race {
    /// What a runner does next, and at which line its program stands.
    pub fn next(&self, runner: usize) -> (&Move, Option<u32>) {
        self.next.get(runner).map_or((&Move::Over, None), |(next, line)| (next, *line))
    }

    /// Its command has been sent.
    pub fn sent(&mut self, runner: usize) {
        if let Some((next @ Move::Send(_), _)) = self.next.get_mut(runner) {
            *next = Move::Waits;
        }
    }

    /// Its command is answered.
    pub fn answered(&mut self, runner: usize, reply: &Reply) -> Result<(), Fault> {
        if self.next(runner).0 == &Move::Over {
            return Ok(());
        }
        let step = self.programs.go_on(runner, runner, |heap| convert::answer(heap, reply), &mut Nobody)?;
        let next = self.next_of(runner, step)?;
        if let Some(known) = self.next.get_mut(runner) {
            *known = next;
        }
        Ok(())
    }

    pub fn is_over(&self) -> bool {
        self.next.iter().all(|(next, _)| *next == Move::Over)
    }

    fn next_of(&self, runner: usize, step: Step) -> Result<(Move, Option<u32>), Fault> {
        match step {
            Step::Over => Ok((Move::Over, None)),
            Step::Waits(Wait::Call(argv)) => Ok((Move::Send(argv), self.programs.stands_at(runner))),
            Step::Waits(_) => Err(Fault::new(
                0,
                "in a race, a program sends one command after the other and waits for nothing else",
            )),
        }
    }
}

/// Nothing is asked and counted in a race.
struct Nobody;

impl Host for Nobody {
    fn ask(&mut self, ask: Ask) -> Option<f64> {
        matches!(
            ask,
            Ask::Now | Ask::Zipf { .. } | Ask::Between { .. } | Ask::Exponential { .. } | Ask::Chance(_)
        )
        .then_some(0.0)
    }
}
