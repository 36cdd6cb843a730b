//! The lab itself: a plan is played under all its policies at once, slice by slice.
//!
//! Requests are made a block at a time and each policy's engine plays the block, so that at any moment all have had the
//! same requests: a picture of a race, and a fair report when somebody ends it early.

use playground_engine::clock::DEFAULT_START;
use playground_engine::config::MaxmemoryPolicy;

use crate::fault::Fault;
use crate::report::Report;
use crate::run::{Run, Setup};
use crate::workload::{Request, Requests, Workload};

/// All that decides a run.
#[derive(Clone, Debug)]
pub struct Plan {
    pub workload: Workload,
    pub maxmemory: Room,
    /// `maxmemory-samples`.
    pub samples: usize,
    pub policies: Vec<MaxmemoryPolicy>,
    /// Seeds the engines: which keys are drawn as candidates. The workload has a seed of its own.
    pub seed: u64,
    /// Where the engines' clocks start, in milliseconds since the epoch: seconds and minutes begin where they do.
    pub start: u64,
    /// How many stretches the series have.
    pub points: u64,
}

/// How much memory may be in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// As the setting `maxmemory` says; 0 for no limit.
    Total(u64),
    /// So many bytes more than an empty server has in use.
    AboveEmpty(u64),
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            workload: Workload::default(),
            maxmemory: Room::AboveEmpty(4 * 1024 * 1024),
            samples: 5,
            policies: MaxmemoryPolicy::every().map(|(_, policy)| policy).collect(),
            seed: 1,
            start: DEFAULT_START,
            points: 50,
        }
    }
}

const MOST_SAMPLES: usize = 64;
const MOST_POINTS: u64 = 10_000;
/// What all engines may hold together.
const MOST_MEMORY: u64 = if cfg!(target_pointer_width = "64") { 16 << 30 } else { 1 << 30 };
/// More than a key takes besides its name and value.
const AROUND_KEY: u64 = 200;
/// Requests that an engine plays before the next engine's turn: each turn brings its tables into the processor's cache.
const BLOCK: u64 = 8192;

impl Plan {
    fn check(&self, base: u64) -> Result<u64, Fault> {
        self.workload.check()?;
        let policies = self.policies.len() as u64;
        if self.policies.is_empty() {
            return Err(Fault::new("policies", "there is none"));
        }
        for (place, policy) in self.policies.iter().enumerate() {
            if self.policies.iter().take(place).any(|other| other == policy) {
                return Err(Fault::new("policies", format!("`{}` is named twice", policy.word())));
            }
        }
        if !(1..=MOST_SAMPLES).contains(&self.samples) {
            return Err(Fault::new(
                "samples",
                format!("`{}` is not between 1 and {MOST_SAMPLES}", self.samples),
            ));
        }
        if !(1..=MOST_POINTS).contains(&self.points) {
            return Err(Fault::new(
                "points",
                format!("`{}` is not between 1 and {MOST_POINTS}", self.points),
            ));
        }
        let maxmemory = match self.maxmemory {
            Room::Total(bytes) => bytes,
            Room::AboveEmpty(bytes) => base.saturating_add(bytes),
        };
        if (1..=base).contains(&maxmemory) {
            let why = format!("{maxmemory} bytes are less than the {base} an empty server has in use");
            return Err(Fault::new("maxmemory", why));
        }
        let limit = if maxmemory == 0 { u64::MAX } else { maxmemory };
        let each = self.workload.largest() + self.workload.longest_key() + AROUND_KEY;
        let all = self.workload.most_keys().saturating_mul(each);
        if all.min(limit).saturating_mul(policies) > MOST_MEMORY {
            let why =
                format!("{policies} policies at once could take more than the {MOST_MEMORY} bytes there are");
            return Err(Fault::new("maxmemory", why));
        }
        Ok(maxmemory)
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: u64,
    pub planned: u64,
}

impl Progress {
    pub fn is_over(self) -> bool {
        self.done == self.planned
    }
}

#[derive(Clone, Debug)]
pub struct Lab {
    workload: Workload,
    samples: usize,
    points: u64,
    maxmemory: u64,
    base_memory: u64,
    requests: Requests,
    done: u64,
    /// How many stretches are over.
    marked: u64,
    runs: Vec<Run>,
    block: Vec<Request>,
}

impl Lab {
    pub fn new(plan: Plan) -> Result<Self, Fault> {
        let setup = |policy, maxmemory| Setup {
            policy,
            maxmemory,
            samples: plan.samples,
            seed: plan.seed,
            start: plan.start,
        };
        let base_memory = Run::new(&setup(MaxmemoryPolicy::Noeviction, 0)).used_memory();
        let maxmemory = plan.check(base_memory)?;
        let runs = plan.policies.iter().map(|policy| Run::new(&setup(*policy, maxmemory))).collect();
        let requests = plan.workload.requests();
        Ok(Self {
            workload: plan.workload,
            samples: plan.samples,
            points: plan.points,
            maxmemory,
            base_memory,
            requests,
            done: 0,
            marked: 0,
            runs,
            block: Vec::new(),
        })
    }

    /// Plays so many more requests, each under every policy.
    pub fn step(&mut self, requests: u64) -> Progress {
        let until = self.done.saturating_add(requests).min(self.planned());
        while self.done < until {
            let next = self.next_point();
            let count = BLOCK.min(until - self.done).min(next - self.done);
            self.block.clear();
            self.block.extend(self.requests.by_ref().take(count as usize));
            for run in &mut self.runs {
                for request in &self.block {
                    run.play(request);
                }
            }
            self.done += count;
            if self.done == next {
                self.mark();
            }
        }
        self.progress()
    }

    /// Where the stretch under way ends; there are fewer stretches than asked for where there are fewer requests.
    fn next_point(&self) -> u64 {
        let stretches = self.points.min(self.planned()).max(1);
        let end = u128::from(self.planned()) * u128::from(self.marked + 1) / u128::from(stretches);
        end as u64
    }

    fn mark(&mut self) {
        self.marked += 1;
        let seconds = self.seconds();
        for run in &mut self.runs {
            run.mark(self.done, seconds);
        }
    }

    pub fn progress(&self) -> Progress {
        Progress { done: self.done, planned: self.planned() }
    }

    fn planned(&self) -> u64 {
        self.workload.len()
    }

    /// Virtual time since the start.
    fn seconds(&self) -> f64 {
        self.done as f64 / self.workload.rate as f64
    }

    /// What has come of it so far.
    pub fn report(&self) -> Report {
        let seconds = self.seconds();
        Report {
            workload: self.workload.describe(),
            requests: self.done,
            planned: self.planned(),
            seconds,
            maxmemory: self.maxmemory,
            base_memory: self.base_memory,
            samples: self.samples,
            policies: self.runs.iter().map(|run| run.report(self.done, seconds)).collect(),
        }
    }

    /// Frees the engine of one policy; false when there is none left. Where a pause would be felt, the lab is put away with
    /// this, piece by piece, and not dropped as a whole; it has nothing to play or to report afterwards.
    pub fn put_away(&mut self) -> bool {
        self.done = self.planned();
        self.runs.pop().is_some()
    }

    /// Fingerprints of the engines, in the order of the policies: the same for the same plan, wherever it is played.
    pub fn digests(&self) -> Vec<u64> {
        self.runs.iter().map(Run::digest).collect()
    }
}
