//! The journal: every input since the page was opened, in order, and checkpoints of the world on the way.
//!
//! A step is the state after so many inputs; any of them is a checkpoint and the inputs since. Checkpoints lie the closer
//! the nearer the present is, so that going far back costs in proportion to how far. What an input does is the
//! world's business.

use std::collections::VecDeque;

use super::world::{Input, World};

/// Inputs between two checkpoints at least; and as many as a twentieth of the keys, which a checkpoint copies. Where no
/// moment comes at which nothing else is to be done, twice as many.
const SPACING: u64 = 2_000;
const KEYS_AN_INPUT: u64 = 20;
/// Beyond this, a copy would stop the page for longer than it saves.
const LARGEST: u64 = 48 << 20;
/// All checkpoints together, in bytes as the engine counts them, and how many there are at most.
const ROOM: u64 = 256 << 20;
const MOST: usize = 24;
/// Bytes of inputs that are remembered.
const REMEMBERED: usize = 48 << 20;

/// The world as it was.
#[derive(Debug)]
struct Checkpoint {
    step: u64,
    bytes: u64,
    world: World,
}

/// An input, and whether nothing but time came of it.
#[derive(Debug)]
struct Entry {
    input: Input,
    is_idle: bool,
}

/// All inputs and some worlds.
#[derive(Debug)]
pub(super) struct Journal {
    /// The step before the first input that is remembered.
    oldest: u64,
    entries: VecDeque<Entry>,
    /// In order; the first is at `oldest`.
    checkpoints: VecDeque<Checkpoint>,
    bytes: usize,
}

impl Journal {
    /// A journal that begins with a world.
    pub fn new(world: &World) -> Self {
        let mut journal =
            Self { oldest: 0, entries: VecDeque::new(), checkpoints: VecDeque::new(), bytes: 0 };
        journal.keep(world);
        journal
    }

    /// The present step.
    pub fn steps(&self) -> u64 {
        self.oldest + self.entries.len() as u64
    }

    /// The first step that can be gone back to.
    pub fn oldest(&self) -> u64 {
        self.oldest
    }

    /// Writes down an input that was applied, and gives the step that it made. `is_idle`: nothing but time came of it; two
    /// such stretches of time in a row are one.
    pub fn record(&mut self, input: Input, is_idle: bool, world: &World) -> u64 {
        let may_join = self.checkpoints.back().is_some_and(|last| last.step < self.steps());
        if let (Input::Pass(more), true, true) = (&input, is_idle, may_join)
            && let Some(Entry { input: Input::Pass(ms), is_idle: true }) = self.entries.back_mut()
        {
            *ms = ms.saturating_add(*more);
            return self.steps();
        }
        self.bytes += size(&input);
        self.entries.push_back(Entry { input, is_idle });
        if self.wants_checkpoint(world, 2) {
            self.keep(world);
            self.forget();
        }
        self.steps()
    }

    /// Makes a checkpoint where one is wanted, at a moment when nothing else is to be done. Tells whether it did.
    pub fn rest(&mut self, world: &World) -> bool {
        let wanted = self.wants_checkpoint(world, 1);
        if wanted {
            self.keep(world);
            self.forget();
        }
        wanted
    }

    fn wants_checkpoint(&self, world: &World, times: u64) -> bool {
        let since = (self.steps() - self.checkpoints.back().map_or(0, |last| last.step)) / times;
        if since < SPACING {
            return false;
        }
        let snapshot = world.engine.snapshot();
        let keys: usize = snapshot.databases.iter().map(|database| database.keys).sum();
        since >= keys as u64 / KEYS_AN_INPUT && snapshot.used_memory <= LARGEST
    }

    fn keep(&mut self, world: &World) {
        let bytes = world.engine.snapshot().used_memory;
        self.checkpoints.push_back(Checkpoint { step: self.steps(), bytes, world: world.clone() });
        while self.checkpoints.len() > MOST || self.kept() > ROOM {
            let Some(at) = self.dispensable() else { break };
            self.checkpoints.remove(at);
        }
    }

    fn kept(&self) -> u64 {
        self.checkpoints.iter().map(|checkpoint| checkpoint.bytes).sum()
    }

    /// The checkpoint whose absence leaves the smallest gap, measured by how far back it lies; not the first or the last.
    fn dispensable(&self) -> Option<usize> {
        let step = |at: usize| self.checkpoints.get(at).map_or(0, |checkpoint| checkpoint.step);
        let gap = |at: usize| {
            let distance = (self.steps() - step(at)).max(1);
            (step(at + 1) - step(at - 1)) as f64 / distance as f64
        };
        (1..self.checkpoints.len().saturating_sub(1)).min_by(|a, b| gap(*a).total_cmp(&gap(*b)))
    }

    /// Drops the oldest inputs where there are too many, up to a checkpoint.
    fn forget(&mut self) {
        while self.bytes > REMEMBERED && self.checkpoints.len() > 1 {
            self.checkpoints.pop_front();
            let Some(step) = self.checkpoints.front().map(|first| first.step) else { break };
            while self.oldest < step {
                let Some(entry) = self.entries.pop_front() else { break };
                self.bytes -= size(&entry.input);
                self.oldest += 1;
            }
        }
    }

    /// The input that made a step.
    pub fn input(&self, step: u64) -> Option<&Input> {
        let at = step.checked_sub(self.oldest + 1)?;
        self.entries.get(usize::try_from(at).ok()?).map(|entry| &entry.input)
    }

    /// The last world that was kept at or before a step.
    pub fn nearest(&self, step: u64) -> Option<(u64, World)> {
        let checkpoint = self.checkpoints.iter().rev().find(|checkpoint| checkpoint.step <= step)?;
        Some((checkpoint.step, checkpoint.world.clone()))
    }

    /// Forgets all that came after a step.
    pub fn cut(&mut self, step: u64) {
        while self.steps() > step {
            let Some(entry) = self.entries.pop_back() else { break };
            self.bytes -= size(&entry.input);
        }
        self.checkpoints.retain(|checkpoint| checkpoint.step <= step);
    }
}

fn size(input: &Input) -> usize {
    let text = match input {
        Input::Line { line, .. } => line.len(),
        Input::Open { name, .. } => name.len(),
        Input::Workload(plan) => plan.text.len(),
        _ => 0,
    };
    size_of::<Entry>() + text
}

#[cfg(test)]
impl Journal {
    /// As if all others had been dispensable.
    pub fn keep_only_first(&mut self) {
        self.checkpoints.truncate(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::sessions::TabId;
    use playground_engine::Options;

    fn world() -> World {
        let mut world = World::new(Options::default());
        world.apply(&Input::Open { tab: TabId(0), name: "main".into() });
        world
    }

    fn line(text: String) -> Input {
        Input::Line { tab: TabId(0), line: text.into() }
    }

    fn play(world: &mut World, journal: &mut Journal, input: Input) {
        world.apply(&input);
        journal.record(input, false, world);
        journal.rest(world);
    }

    #[test]
    fn checkpoints_are_bounded_and_lie_closer_towards_the_present() {
        let mut world = world();
        let mut journal = Journal::new(&world);
        for n in 0..120_000_u32 {
            play(&mut world, &mut journal, line(format!("SET k{} {n}", n % 50)));
        }
        assert!(journal.checkpoints.len() <= MOST && journal.checkpoints.len() > MOST / 2);
        for back in [1, 10_000, 30_000, 100_000] {
            let (step, _) = journal.nearest(120_000 - back).expect("one is always there");
            let replayed = 120_000 - back - step;
            assert!(replayed <= SPACING.max(back / 2), "{back} steps back, {replayed} are played again");
        }
    }

    #[test]
    fn without_rest_checkpoints_are_made_at_twice_the_distance() {
        let mut world = world();
        let mut journal = Journal::new(&world);
        for n in 0..SPACING * 5 {
            let input = line(format!("SET k {n}"));
            world.apply(&input);
            journal.record(input, false, &world);
        }
        let steps: Vec<u64> = journal.checkpoints.iter().map(|checkpoint| checkpoint.step).collect();
        assert_eq!(steps, [0, SPACING * 2, SPACING * 4]);
        assert_eq!([journal.rest(&world), journal.rest(&world)], [true, false]);
        assert_eq!(journal.checkpoints.back().map(|last| last.step), Some(SPACING * 5));
    }

    #[test]
    fn any_step_is_a_checkpoint_and_the_inputs_since() {
        let mut world = world();
        let mut journal = Journal::new(&world);
        let mut digests = vec![world.engine.digest()];
        for n in 0..5_000_u32 {
            let input = match n % 7 {
                0 => Input::Pass(u64::from(n % 90)),
                1 => line(format!("ZADD z {n} m{}", n % 40)),
                2 => line(format!("SET k{} {n} PX {}", n % 30, n % 200 + 1)),
                3 => line("SPOP s".into()),
                _ => line(format!("SADD s {}", n % 100)),
            };
            play(&mut world, &mut journal, input);
            digests.push(world.engine.digest());
        }
        for step in [0, 1, 1_999, 2_000, 2_001, 4_321, 5_000] {
            let (from, mut then) = journal.nearest(step).expect("a checkpoint");
            for at in from + 1..=step {
                then.apply(journal.input(at).expect("an input"));
            }
            assert_eq!(then.engine.digest(), digests[step as usize], "step {step}");
        }
        assert!(journal.input(0).is_none() && journal.input(5_001).is_none());
    }

    #[test]
    fn idle_time_is_one_step_but_never_changes_one_that_was_kept() {
        let world = world();
        let mut journal = Journal::new(&world);
        assert_eq!(journal.record(Input::Pass(100), true, &world), 1);
        assert_eq!(journal.record(Input::Pass(100), true, &world), 1);
        assert_eq!(journal.input(1), Some(&Input::Pass(200)));
        assert_eq!(journal.record(Input::Pass(100), false, &world), 2);
        assert_eq!(journal.record(Input::Pass(100), true, &world), 3);
        journal.keep(&world);
        assert_eq!(journal.record(Input::Pass(100), true, &world), 4);
    }

    #[test]
    fn what_is_too_much_is_forgotten_from_the_beginning() {
        let mut world = world();
        let mut journal = Journal::new(&world);
        for n in 0..SPACING * 3 {
            play(&mut world, &mut journal, line(format!("SET k {}", "x".repeat(12_000 + n as usize % 9))));
        }
        assert!(journal.bytes <= REMEMBERED && journal.oldest() > 0);
        assert_eq!((journal.steps(), journal.nearest(journal.oldest() - 1).is_none()), (SPACING * 3, true));
        assert_eq!(journal.nearest(journal.oldest()).map(|(step, _)| step), Some(journal.oldest()));
    }

    #[test]
    fn after_a_cut_the_journal_goes_on_from_there() {
        let mut world = world();
        let mut journal = Journal::new(&world);
        for n in 0..SPACING + 10 {
            play(&mut world, &mut journal, line(format!("SET k {n}")));
        }
        journal.cut(5);
        assert_eq!((journal.steps(), journal.checkpoints.len()), (5, 1));
        assert_eq!(journal.record(line("GET k".into()), false, &world), 6);
    }
}
