//! Plays a lab in slices so short that the page stays smooth, by a clock that is passed in. Touches no browser, so it is
//! tested natively.

use std::rc::Rc;

use playground_lab::{Fault, Lab, Plan, Progress, Report};

/// How long a slice may take, in milliseconds: two thirds of what a screen gives a frame.
pub const LONGEST_SLICE: f64 = 12.0;
/// What is aimed at for a slice, and for one of the steps it is made of: the last may take longer than those before.
const SLICE: f64 = 7.0;
const STEP: f64 = 2.0;
/// Requests of a step: at first, and at most.
const FIRST: u64 = 8;
const MOST: u64 = 2048;
/// Steps of a slice, should the clock stand still.
const MOST_STEPS: usize = 32;

/// A lab under way.
#[derive(Debug)]
pub struct LabPlayer {
    lab: Lab,
    /// Requests of the next step.
    step: u64,
    longest: f64,
}

impl LabPlayer {
    pub fn new(plan: Plan) -> Result<Self, Fault> {
        Ok(Self { lab: Lab::new(plan)?, step: FIRST, longest: 0.0 })
    }

    /// Plays for some milliseconds of the clock.
    pub fn slice(&mut self, clock: &dyn Fn() -> f64) -> Progress {
        let begin = clock();
        let mut last = begin;
        for _ in 0..MOST_STEPS {
            if self.lab.step(self.step).is_over() {
                break;
            }
            let now = clock();
            self.step = next_step(self.step, now - last);
            if now - begin + STEP > SLICE {
                break;
            }
            last = now;
        }
        self.longest = self.longest.max(clock() - begin);
        self.lab.progress()
    }

    /// The longest slice so far, in milliseconds.
    pub fn longest(&self) -> f64 {
        self.longest
    }

    pub fn report(&self) -> Rc<Report> {
        Rc::new(self.lab.report())
    }

    /// Frees a part of it; false when nothing is left.
    pub fn put_away(&mut self) -> bool {
        self.lab.put_away()
    }
}

/// So many requests as the last step tells to be right. It grows twofold at most, since the next requests may cost more;
/// a step that took too long shrinks it at once.
fn next_step(step: u64, took: f64) -> u64 {
    let right = step as f64 * STEP / took.max(0.01);
    (right as u64).clamp(1, step * 2).min(MOST)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::state::lab::form::Field;
    use crate::state::lab::presets::Preset;
    use playground_engine::config::MaxmemoryPolicy;
    use playground_lab::{Room, Workload};

    /// A clock that goes on by so much at each look.
    fn clock(by: f64) -> impl Fn() -> f64 {
        let now = Cell::new(0.0);
        move || {
            now.set(now.get() + by);
            now.get()
        }
    }

    #[test]
    fn what_the_page_plays_is_what_the_lab_reports() {
        let mut form = Preset::NightlyScan.form().expect("a workload");
        for (field, text) in [
            (Field::Requests, "20000"),
            (Field::Seed, "9"),
            (Field::Lifetimes, "0.5:1s-20s"),
            (Field::Samples, "3"),
        ] {
            form.set(field, text);
        }
        let mut player = LabPlayer::new(form.plan().expect("a plan")).expect("a lab");
        let clock = clock(1.9);
        let mut slices = 0;
        while !player.slice(&clock).is_over() {
            slices += 1;
        }
        assert!(slices > 500, "{slices}");
        let workload = Workload {
            pattern: "0.5*zipf:0.99,0.5*scan".parse().expect("a pattern"),
            keys: 20_000,
            requests: 20_000,
            trace: None,
            rate: 1000,
            sizes: "100-1kb".parse().expect("sizes"),
            lifetimes: "0.5:1s-20s".parse().expect("lifetimes"),
            seed: 9,
        };
        let plan = Plan {
            workload,
            maxmemory: Room::AboveEmpty(2 << 20),
            samples: 3,
            policies: MaxmemoryPolicy::every().map(|(_, policy)| policy).collect(),
            seed: 9,
            ..Plan::default()
        };
        let mut lab = Lab::new(plan).expect("a lab");
        lab.step(u64::MAX);
        let report = lab.report();
        assert!(report.policies.iter().any(|policy| policy.evicted > 0));
        assert_eq!(*player.report(), report);
    }

    #[test]
    fn a_slice_ends_in_time_and_steps_follow_the_clock() {
        let plan = || Preset::WebCache.form().expect("a workload").plan().expect("a plan");
        let mut player = LabPlayer::new(plan()).expect("a lab");
        // Each step seems to take 3 ms: two of them, and the slice is over.
        player.slice(&clock(3.0));
        assert_eq!((player.lab.progress().done, player.longest()), (FIRST + 5, 9.0));
        assert!(player.longest() < LONGEST_SLICE);
        let mut still = LabPlayer::new(plan()).expect("a lab");
        assert!(!still.slice(&clock(0.0)).is_over(), "a clock that stands still ends a slice as well");
    }

    #[test]
    fn steps_grow_slowly_and_shrink_at_once() {
        assert_eq!([next_step(8, 0.1), next_step(100, 4.0), next_step(100, 4000.0)], [16, 50, 1]);
        assert_eq!(next_step(MOST, 0.0), MOST);
    }
}
