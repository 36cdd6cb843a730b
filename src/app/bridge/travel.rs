//! Time travel: a step of the journal is made again beside the present world and looked at, and the reader returns from it or
//! goes on from there instead.
//!
//! While the past is looked at, it stands in the present's place and nothing acts on it: there are no commands, and no time
//! passes. Long ways are gone in slices between which the page draws. How a view is made is not known here.

use playground_engine::Reply;
use std::rc::Rc;

use super::Bridge;
use super::keys::KeyIndex;
use super::survey::Surveyor;
use super::world::{Came, Input, World};
use crate::state::Action;
use crate::state::clock::Reason;
use crate::state::sessions::TabId;
use crate::state::timeline::Happening;
use crate::state::travel::{Travel, When};

/// Inputs played again before the page may draw: some ten milliseconds.
const SLICE: u64 = 4_000;

/// What is put aside while the past is looked at.
#[derive(Debug)]
pub(super) struct Present {
    world: World,
    index: KeyIndex,
}

/// The way to a step.
#[derive(Debug)]
pub(super) struct Going {
    world: World,
    from: u64,
    at: u64,
    target: u64,
}

impl Bridge {
    // ---- the present: inputs are applied and written down ---------------------------------------------------------------

    pub(super) fn input(&mut self, input: Input) -> (Vec<Happening>, When) {
        let (_, happened, when) = self.take_in(input);
        (happened, when)
    }

    /// Has a session say a line that can be split into words.
    pub(super) fn say(&mut self, tab: TabId, line: Rc<str>) -> (Reply, Vec<Happening>, When) {
        let (reply, happened, when) = self.take_in(Input::Line { tab, line });
        (reply.unwrap_or(Reply::NOTHING), happened, when)
    }

    fn take_in(&mut self, input: Input) -> (Option<Reply>, Vec<Happening>, When) {
        let tab = match &input {
            Input::Line { tab, .. } => Some(*tab),
            _ => None,
        };
        let before = self.world.engine.now();
        let ran = self.is_under_way();
        let came = self.world.apply(&input);
        // Written down as what it was: a stretch of time.
        let input = match (input, self.world.engine.now().saturating_sub(before)) {
            (Input::NextExpiry, 0) => Input::Pass(0),
            (Input::NextExpiry, passed) => Input::Move(passed, Reason::NextExpiry),
            (input, _) => input,
        };
        self.write_down(input, came, tab, ran)
    }

    /// Lets time pass, but not more of it than so many events of simulated clients fill. Tells how much has passed.
    pub(super) fn pass_some(&mut self, ms: u64, events: u64) -> (Vec<Happening>, u64) {
        let ran = self.is_under_way();
        let (came, passed) = self.world.pass_some(ms, events);
        let (_, happened, _) = self.write_down(Input::Pass(passed), came, None, ran);
        (happened, passed)
    }

    /// How far a script or simulated clients get in a stretch of time depends on where the stretch ends.
    fn is_under_way(&self) -> bool {
        self.world.engine.running_script().is_some() || self.world.is_simulating()
    }

    fn write_down(
        &mut self,
        input: Input,
        came: Came,
        tab: Option<TabId>,
        ran: bool,
    ) -> (Option<Reply>, Vec<Happening>, When) {
        let Came { reply, events, mail } = came;
        let is_idle = events.is_empty() && mail.is_empty() && !ran && !self.is_under_way();
        let step = self.journal.record(input, is_idle, &self.world);
        let when = When { step, at: self.world.engine.now() };
        self.mail.extend(mail.into_iter().map(|(tab, mail)| (tab, mail, when)));
        let happened = events.into_iter().map(|event| Happening { step, tab, event }).collect();
        (reply, happened, when)
    }

    /// The present step and moment.
    pub(super) fn when(&self) -> When {
        When { step: self.journal.steps(), at: self.world.engine.now() }
    }

    // ---- the past ------------------------------------------------------------------------------------------------------------

    pub(super) fn is_in_past(&self) -> bool {
        self.present.is_some()
    }

    pub(super) fn is_going(&self) -> bool {
        self.going.is_some()
    }

    pub(super) fn look_at_travel(&self) -> Travel {
        Travel {
            steps: self.journal.steps(),
            oldest: self.journal.oldest(),
            past: self.present.is_some().then_some(self.seen),
            going: self.going.as_ref().map(|going| (going.at - going.from, going.target - going.from)),
        }
    }

    /// Sets out for a step; the present one is where one returns to.
    pub(super) fn travel(&mut self, step: u64) {
        if step >= self.journal.steps() {
            self.come_back();
            return;
        }
        let step = step.max(self.journal.oldest());
        if self.is_in_past() && step == self.seen {
            self.going = None;
            return;
        }
        let Some((kept, world)) = self.journal.nearest(step) else { return };
        // Where the past already looked at lies on the way, the rest of the way is shorter.
        let is_on_the_way = self.is_in_past() && (kept..step).contains(&self.seen);
        let (at, world) = if is_on_the_way { (self.seen, self.world.clone()) } else { (kept, world) };
        self.going = Some(Going { world, from: at, at, target: step });
        self.go_further();
    }

    /// Goes a part of the way.
    pub(super) fn go_further(&mut self) {
        let Some(mut going) = self.going.take() else { return };
        let last = going.target.min(going.at + SLICE);
        // The last input is applied on arrival.
        while going.at < last && going.at + 1 < going.target {
            if let Some(input) = self.journal.input(going.at + 1) {
                going.world.apply(input);
            }
            going.at += 1;
        }
        if going.at + 1 < going.target {
            self.going = Some(going);
        } else {
            self.arrive(going);
        }
    }

    /// Stays where one is, on the way.
    pub(super) fn stop_going(&mut self) {
        self.going = None;
    }

    /// Puts the past in the present's place. What the step itself changed is seen to change.
    fn arrive(&mut self, going: Going) {
        let Going { mut world, at, target, .. } = going;
        let mut index = KeyIndex::of(&world.engine, &self.index);
        if at < target
            && let Some(input) = self.journal.input(target)
        {
            let came = world.apply(input);
            if !came.events.is_empty() {
                index.follow(&came.events, &world.engine);
            }
        }
        let world = std::mem::replace(&mut self.world, world);
        let index = std::mem::replace(&mut self.index, index);
        if self.present.is_none() {
            self.present = Some(Present { world, index });
        }
        self.seen = target;
        self.look_anew();
    }

    /// Back to the present, which is as it was left.
    pub(super) fn come_back(&mut self) {
        self.going = None;
        let Some(Present { world, mut index }) = self.present.take() else { return };
        index.go_on_from(&self.index);
        (self.world, self.index) = (world, index);
        self.look_anew();
    }

    /// Another world is there to be looked at.
    fn look_anew(&mut self) {
        self.surveyor = Surveyor::default();
        self.list.begin_anew(&self.index);
    }

    /// Goes on from the step that is looked at: what came after it is forgotten.
    pub(super) fn branch(&mut self, actions: &mut Vec<Action>) {
        if self.present.take().is_none() {
            return;
        }
        self.going = None;
        self.journal.cut(self.seen);
        // Where those who race stand is no part of the world.
        self.racing = None;
        self.stored_up_to(self.seen);
        self.mail.clear();
        self.follow_connections(actions);
        actions.push(Action::Branched(self.when()));
        self.check();
    }
}
