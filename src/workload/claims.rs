//! Whether a plan's figures are what its text says: each claim is looked at in a run of its own sliders.
//!
//! The page need not do this; a test does.

use std::rc::Rc;

use playground_engine::Engine;

use crate::fault::Fault;
use crate::metrics::Stretch;
use crate::plan::{Claim, Plan};
use crate::simulation::Workload;

/// A claim and the figure that there was.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    pub claim: Claim,
    pub found: Option<f64>,
}

impl Checked {
    pub fn holds(&self) -> bool {
        self.found.is_some_and(|found| self.claim.comparison.holds(found, self.claim.number))
    }
}

/// So long at a time, as a page would.
const STEP: u64 = 50;

/// Plays a plan on an empty engine and looks at each of its claims.
pub fn check(plan: &Rc<Plan>) -> Result<Vec<Checked>, Fault> {
    plan.claims.iter().map(|claim| check_one(plan, claim)).collect()
}

fn check_one(plan: &Rc<Plan>, claim: &Claim) -> Result<Checked, Fault> {
    let mut engine = Engine::default();
    let mut workload = Workload::new(plan.clone(), &mut engine)?;
    for (slider, value) in &claim.with {
        workload.set(*slider, *value);
    }
    while workload.elapsed() < claim.after && !workload.is_over() {
        workload.advance(&mut engine, STEP.min(claim.after - workload.elapsed()));
    }
    if let Some(fault) = workload.fault() {
        return Err(fault.clone());
    }
    let found = claim.term.value(workload.metrics(), Stretch::Start);
    Ok(Checked { claim: claim.clone(), found })
}
