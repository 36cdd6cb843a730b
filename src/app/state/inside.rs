//! The part of the state that the pictures and the timeline draw.
//!
//! It knows nothing of how they draw it, nor of when.

use std::rc::Rc;

use super::State;
use super::eviction::Departures;
use super::history::History;
use super::inspect::Glances;
use super::lab::LabState;
use super::memory::Memory;
use super::timeline::Timeline;
use super::view::{Ghosts, View};

/// What See and the timeline draw, all of one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    pub view: Rc<View>,
    pub ghosts: Rc<Ghosts>,
    pub glances: Rc<Glances>,
    pub history: Rc<History>,
    pub memory: Rc<Memory>,
    pub departures: Rc<Departures>,
    pub lab: Rc<LabState>,
    pub timeline: Rc<Timeline>,
}

impl Inside {
    pub fn of(state: &State) -> Self {
        Self {
            view: state.view.clone(),
            ghosts: state.ghosts.clone(),
            glances: state.glances.clone(),
            history: state.history.clone(),
            memory: state.memory.clone(),
            departures: state.departures.clone(),
            lab: state.lab.clone(),
            timeline: state.timeline.clone(),
        }
    }

    /// Whether it differs from what is drawn because commands ran: whoever sent them waits for their answers, and for
    /// the pictures only then. What the reader asks of a picture itself is not to wait.
    pub fn is_of_commands(&self, drawn: &Self) -> bool {
        let (new, old) = (&self.view, &drawn.view);
        let is_present = |view: &View| view.travel.past.is_none() && view.travel.going.is_none();
        new.commands != old.commands && is_present(new) && is_present(old)
    }
}

#[cfg(test)]
mod tests {
    use super::super::travel::Travel;
    use super::*;

    fn inside(commands: u64, past: Option<u64>) -> Inside {
        let travel = Travel { past, ..Travel::default() };
        let view = Rc::new(View { commands, travel, ..View::default() });
        Inside { view, ..Inside::of(&State::default()) }
    }

    #[test]
    fn only_what_commands_made_may_wait() {
        assert!(inside(2, None).is_of_commands(&inside(1, None)));
        assert!(!inside(1, None).is_of_commands(&inside(1, None)), "a row was chosen");
        assert!(!inside(1, Some(7)).is_of_commands(&inside(2, None)), "on the way to the past");
        assert!(!inside(2, None).is_of_commands(&inside(1, Some(7))), "and back");
    }
}
