//! Keeping and sharing: the journal as records, and records done again.
//!
//! A record is done again through the same way as what is typed, in slices between which the page draws, so that terminals
//! and pictures are as if it had been done now. Where records are stored, and what a command means, is not known here.

use std::rc::Rc;

use playground_engine::Options;

use super::for_redis_cli::data;
use super::world::{self, World};
use super::{Bridge, Clients, Journal, Watch};
use crate::record::{Input, Record, Writer};
use crate::saved::Saved;
use crate::state::Action;
use crate::state::save::{Batch, Exported, File, Kept, Redoing, SaveAction};
use crate::state::sessions::{Focus, MAIN, TabId};
use crate::state::terminal::Exchange;
use crate::state::timeline::Happening;

/// Inputs in a piece of what is stored.
const CHUNK: u64 = 500;
/// Inputs done again before the page may draw, and views taken of them on the way, for what is drawn over time.
const SLICE: usize = 1_000;
const VIEWS: usize = 12;

/// What the page wants kept, shared or done again.
#[derive(Clone, Debug)]
pub enum SaveIntent {
    /// Do what was kept again.
    Restore(Rc<Record>, Rc<Saved>),
    /// What could be taken back when the page was left, as text.
    Previous(Rc<str>),
    /// Do what somebody sent in place of the present work, which can be taken back.
    Accept(Rc<Record>),
    /// Begin with nothing; the present work can be taken back.
    Afresh,
    /// The work before this one.
    TakeBack,
    /// Do no more of it for now: nothing acts, and what is stored stays, until one of the next two.
    Stop,
    GoOn,
    /// Stay at what has been done again so far.
    Stay,
    /// Give out what has not been given out to be stored.
    Collect,
    /// What was given out was not stored.
    NotStored,
    /// Write down the whole record.
    Export,
    /// The record, as a file.
    RecordFile,
    /// What was typed, as a file for redis-cli.
    TypedFile,
    /// The present data, as a file for redis-cli.
    DataFile,
}

impl SaveIntent {
    /// Whether the past has to be left for it.
    fn is_of_the_present(&self) -> bool {
        !matches!(self, Self::Collect | Self::NotStored | Self::Export | Self::RecordFile | Self::TypedFile)
    }
}

/// What the bridge knows of keeping.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    /// How often another work came into the place of one.
    works: u64,
    /// Steps that were given out to be stored.
    stored: u64,
    /// What the engine began with.
    seed: Option<u64>,
    start: Option<u64>,
    restoring: Option<Restoring>,
    /// What can be taken back, as text, and whether it is another than the one that was given out to be stored.
    previous: Option<Rc<str>>,
    previous_changed: bool,
}

/// A record on its way.
#[derive(Debug)]
struct Restoring {
    record: Rc<Record>,
    at: usize,
    stopped: bool,
    saved: Option<Rc<Saved>>,
    /// What the lesson wants seen, once all is done.
    watch: Watch,
}

impl Bridge {
    pub(super) fn is_restoring(&self) -> bool {
        self.keeping.restoring.is_some()
    }

    /// Whether more of a record is to be done by itself.
    pub(super) fn restores_on(&self) -> bool {
        self.keeping.restoring.as_ref().is_some_and(|restoring| !restoring.stopped)
    }

    pub(super) fn works(&self) -> u64 {
        self.keeping.works
    }

    /// What the lesson wants seen waits until all is done.
    pub(super) fn watch_later(&mut self, watch: Watch) {
        if let Some(restoring) = &mut self.keeping.restoring {
            restoring.watch = watch;
        }
    }

    pub(super) fn save(&mut self, intent: SaveIntent, actions: &mut Vec<Action>) {
        if intent.is_of_the_present() {
            self.come_back();
        }
        match intent {
            SaveIntent::Restore(record, saved) => {
                // Whoever was quicker than the storage does not lose what was typed.
                let typed = self.has_done();
                self.replace(record, Some(saved), typed, actions);
            }
            SaveIntent::Accept(record) => self.replace(record, None, true, actions),
            SaveIntent::Afresh => {
                let Options { seed, start, .. } = Options::default();
                // Nothing is worth taking back, and what could be taken back before still can.
                let keep = self.is_restoring() || self.has_done();
                self.replace(Rc::new(Record { seed, start, inputs: Vec::new() }), None, keep, actions);
            }
            SaveIntent::Previous(text) => {
                self.keeping.previous = Some(text);
                actions.push(Action::Save(SaveAction::Previous(true)));
            }
            SaveIntent::TakeBack => self.take_back(actions),
            SaveIntent::Stop => self.stop_restoring(true, actions),
            SaveIntent::GoOn => self.stop_restoring(false, actions),
            SaveIntent::Stay => {
                if let Some(restoring) = self.keeping.restoring.take() {
                    // What is stored gives way only now. What somebody sent is theirs, and has given way to nothing.
                    if restoring.saved.is_some() {
                        self.gives_way(Some(restoring.record.write()));
                    }
                    self.restored(restoring, actions);
                }
            }
            SaveIntent::Collect => self.collect_batch(actions),
            SaveIntent::NotStored => (self.keeping.stored, self.keeping.previous_changed) = (0, true),
            SaveIntent::Export => {
                let record = self.record().map(|record| record.write().into());
                actions.push(Action::Save(SaveAction::Exported(Rc::new(Exported { record }))));
            }
            SaveIntent::RecordFile => {
                let text = self.record().unwrap_or_else(|| self.remembered()).write().into();
                give("redis-playground.txt", text, actions);
            }
            SaveIntent::TypedFile => give("typed.redis", self.typed().into(), actions),
            SaveIntent::DataFile => give("data.redis", data(&self.world.engine).into(), actions),
        }
    }

    // ---- records -----------------------------------------------------------------------------------------------------

    /// All that was done; nothing where the beginning is forgotten.
    fn record(&self) -> Option<Record> {
        if let Some(restoring) = &self.keeping.restoring {
            return Some((*restoring.record).clone());
        }
        (self.journal.oldest() == 0).then(|| self.remembered())
    }

    /// Whether anything but time is in it.
    fn has_done(&self) -> bool {
        (self.journal.oldest() + 1..=self.journal.steps())
            .any(|step| self.journal.input(step).is_some_and(is_done))
    }

    /// What is remembered of it.
    fn remembered(&self) -> Record {
        let (seed, start) = self.beginning();
        let steps = self.journal.oldest() + 1..=self.journal.steps();
        let inputs = steps.filter_map(|step| self.written(self.journal.input(step)?)).collect();
        Record { seed, start, inputs }
    }

    fn beginning(&self) -> (u64, u64) {
        let Options { seed, start, .. } = Options::default();
        (self.keeping.seed.unwrap_or(seed), self.keeping.start.unwrap_or(start))
    }

    /// An input as records have it: with the session's name.
    fn written(&self, input: &world::Input) -> Option<Input> {
        let name = |tab: &TabId| self.clients.name_of(*tab);
        Some(match input {
            world::Input::Line { tab, line } => Input::Line { session: name(tab)?, line: line.clone() },
            world::Input::Pass(ms) => Input::Pass(*ms),
            world::Input::Move(ms, reason) => Input::Move(*ms, *reason),
            // Is written down as a stretch of time.
            world::Input::NextExpiry => return None,
            world::Input::Open { name, .. } => Input::Open(name.clone()),
            world::Input::Close(tab) => Input::Close(name(tab)?),
            world::Input::Reconnect(tab) => Input::Reconnect(name(tab)?),
            world::Input::Cancel(tab) => Input::Cancel(name(tab)?),
            world::Input::Workload(plan) => Input::Workload(plan.clone()),
            world::Input::Slider { name, value } => Input::Slider { name: name.clone(), value: *value },
            world::Input::EndWorkload => Input::EndWorkload,
        })
    }

    /// What changed since the last time, in whole pieces.
    fn collect_batch(&mut self, actions: &mut Vec<Action>) {
        if self.is_restoring() {
            return;
        }
        if self.journal.oldest() > 0 {
            let batch = Batch { previous: self.changed_previous(), ..Batch::default() };
            actions.push(Action::Save(SaveAction::Batch(Rc::new(batch))));
            actions.push(Action::Save(SaveAction::Kept(Kept::TooMuch)));
            return;
        }
        let steps = self.journal.steps();
        // The last input that was stored may have grown since, where it is a stretch of time.
        let first = self.keeping.stored.min(steps).saturating_sub(1) / CHUNK;
        let of = steps.div_ceil(CHUNK).max(1);
        let chunks = (first..of).map(|chunk| self.chunk(chunk)).collect();
        self.keeping.stored = steps;
        let previous = self.changed_previous();
        let batch = Batch { first: first as usize, chunks, of: of as usize, previous };
        actions.push(Action::Save(SaveAction::Batch(Rc::new(batch))));
    }

    fn changed_previous(&mut self) -> Option<Rc<str>> {
        let has_changed = std::mem::take(&mut self.keeping.previous_changed);
        has_changed.then(|| self.keeping.previous.clone().unwrap_or_default())
    }

    fn chunk(&self, chunk: u64) -> String {
        let mut writer = Writer::default();
        if chunk == 0 {
            let (seed, start) = self.beginning();
            writer.header(seed, start);
        }
        let last = self.journal.steps().min((chunk + 1) * CHUNK);
        for step in chunk * CHUNK + 1..=last {
            if let Some(input) = self.journal.input(step).and_then(|input| self.written(input)) {
                writer.input(&input);
            }
        }
        writer.text
    }

    /// What came after a step is another now.
    pub(super) fn stored_up_to(&mut self, step: u64) {
        self.keeping.stored = self.keeping.stored.min(step);
    }

    // ---- done again --------------------------------------------------------------------------------------------------

    fn gives_way(&mut self, record: Option<String>) {
        (self.keeping.previous, self.keeping.previous_changed) = (record.map(Rc::from), true);
    }

    /// The work before this one, whose text may have come from anywhere.
    fn take_back(&mut self, actions: &mut Vec<Action>) {
        let Some(text) = self.keeping.previous.clone() else { return };
        match Record::parse(&text) {
            Ok(record) => self.replace(Rc::new(record), None, true, actions),
            Err(problem) => {
                let said = problem.said();
                let reason = format!(
                    "The work before this one is damaged. {said}. What there is of it is downloaded."
                );
                actions.push(Action::Save(SaveAction::Refused(Some(reason.into()))));
                give("redis-playground-damaged.txt", text, actions);
            }
        }
    }

    /// Puts a record in the place of all that is there.
    fn replace(
        &mut self,
        record: Rc<Record>,
        saved: Option<Rc<Saved>>,
        keep: bool,
        actions: &mut Vec<Action>,
    ) {
        if keep {
            self.gives_way(self.record().map(|record| record.write()));
        }
        let (seed, start) = (record.seed, record.start);
        let mut world = World::new(Options { seed, start, ..Options::default() });
        let fresh = Self {
            clients: Clients::connect(&mut world),
            journal: Journal::new(&world),
            world,
            ..Self::default()
        };
        let before = std::mem::replace(self, fresh);
        self.window.1 = before.window.1;
        self.index.operation = before.index.operation + 1;
        let Keeping { works, restoring, previous, previous_changed, .. } = before.keeping;
        let works = works + 1;
        let watch = restoring.map_or(before.watch, |restoring| restoring.watch);
        let restoring = Some(Restoring { record, at: 0, stopped: false, saved, watch });
        actions.push(Action::Save(SaveAction::Emptied { works }));
        actions.push(Action::Save(SaveAction::Previous(previous.is_some())));
        let (seed, start) = (Some(seed), Some(start));
        self.keeping = Keeping { works, stored: 0, seed, start, restoring, previous, previous_changed };
        self.restore_further(actions);
    }

    /// Does all that is left, at once.
    pub(super) fn restore_all(&mut self, actions: &mut Vec<Action>) {
        while self.is_restoring() {
            self.restore_further(actions);
        }
    }

    /// Does a slice of the record again.
    pub(super) fn restore_further(&mut self, actions: &mut Vec<Action>) {
        let Some(mut restoring) = self.keeping.restoring.take() else { return };
        let record = restoring.record.clone();
        let until = record.inputs.len().min(restoring.at + SLICE);
        let mut log = Log::default();
        let mut seen = (0, self.world.engine.now());
        for input in record.inputs.get(restoring.at..until).unwrap_or_default() {
            self.again(input, &mut log, actions);
            if !self.mail.is_empty() {
                self.flush(&mut log, actions);
                self.collect(actions);
            }
            let now = self.world.engine.now();
            if seen.0 < VIEWS && now >= seen.1 + 1_000 {
                seen = (seen.0 + 1, now);
                self.flush(&mut log, actions);
                actions.push(Action::Seen(Rc::new(self.look())));
            }
        }
        self.flush(&mut log, actions);
        restoring.at = until;
        if until < record.inputs.len() {
            self.keeping.restoring = Some(restoring);
            self.tell_progress(actions);
        } else {
            self.restored(restoring, actions);
        }
    }

    fn stop_restoring(&mut self, stopped: bool, actions: &mut Vec<Action>) {
        if let Some(restoring) = &mut self.keeping.restoring {
            restoring.stopped = stopped;
        }
        self.tell_progress(actions);
    }

    fn tell_progress(&self, actions: &mut Vec<Action>) {
        let progress = self.keeping.restoring.as_ref().map(|Restoring { record, at, stopped, .. }| Redoing {
            done: *at,
            of: record.inputs.len(),
            stopped: *stopped,
        });
        actions.push(Action::Save(SaveAction::Restoring(progress)));
    }

    fn restored(&mut self, restoring: Restoring, actions: &mut Vec<Action>) {
        let Restoring { record, at, saved, watch, .. } = restoring;
        let is_whole = at == record.inputs.len();
        if is_whole && saved.is_some() && self.journal.steps() == at as u64 {
            self.keeping.stored = at as u64;
        }
        let shown = saved.as_ref().map_or(MAIN, |saved| &saved.shown);
        if let Some(tab) = self.clients.named(shown) {
            self.show(tab, Focus::Stay, actions);
        }
        self.tell_progress(actions);
        if let Some(saved) = saved {
            actions.push(Action::Save(SaveAction::Progress(saved)));
        }
        if self.keeping.previous_changed {
            // Of this one the reader has not been told.
            actions.push(Action::Save(SaveAction::Previous(self.keeping.previous.is_some())));
        }
        self.watch = watch;
        self.follow(&[]);
        self.check();
    }

    fn again(&mut self, input: &Input, log: &mut Log, actions: &mut Vec<Action>) {
        let tab = match input {
            Input::Pass(ms) => {
                let (happened, _) = self.input(world::Input::Pass(*ms));
                log.happened.extend(happened);
                return;
            }
            Input::Move(ms, reason) => {
                self.flush(log, actions);
                self.step(*ms, *reason, None, actions);
                return;
            }
            Input::Open(name) => {
                self.flush(log, actions);
                self.open(Some(name.clone()), Focus::Stay, actions);
                return;
            }
            Input::Workload(plan) => {
                return self.simulate_again(world::Input::Workload(plan.clone()), log, actions);
            }
            Input::Slider { name, value } => {
                let slider = world::Input::Slider { name: name.clone(), value: *value };
                return self.simulate_again(slider, log, actions);
            }
            Input::EndWorkload => return self.simulate_again(world::Input::EndWorkload, log, actions),
            Input::Line { session, .. }
            | Input::Close(session)
            | Input::Reconnect(session)
            | Input::Cancel(session) => self.clients.named(session),
        };
        let Some(tab) = tab else { return };
        match input {
            Input::Line { line, .. } => {
                if log.tab != tab {
                    self.flush(log, actions);
                    log.tab = tab;
                }
                let exchange = self.run_again(tab, line, &mut log.happened);
                log.exchanges.extend(exchange);
            }
            Input::Close(_) => {
                self.flush(log, actions);
                self.close(tab, Focus::Stay, None, actions);
            }
            Input::Reconnect(session) => {
                self.flush(log, actions);
                self.reconnect(tab, session, None, actions);
            }
            Input::Cancel(_) => {
                self.flush(log, actions);
                self.cancel(tab, actions);
            }
            Input::Pass(_)
            | Input::Move(..)
            | Input::Open(_)
            | Input::Workload(_)
            | Input::Slider { .. }
            | Input::EndWorkload => {}
        }
    }

    fn simulate_again(&mut self, input: world::Input, log: &mut Log, actions: &mut Vec<Action>) {
        self.flush(log, actions);
        let (happened, _) = self.input(input);
        self.took_place(happened, actions);
    }

    fn flush(&mut self, log: &mut Log, actions: &mut Vec<Action>) {
        let Log { tab, exchanges, happened } = std::mem::take(log);
        if !exchanges.is_empty() {
            actions.push(Action::Ran(tab, exchanges));
        }
        self.took_place(happened, actions);
        log.tab = tab;
    }
}

/// What was done again and is not shown yet.
#[derive(Default)]
struct Log {
    tab: TabId,
    exchanges: Vec<Exchange>,
    happened: Vec<Happening>,
}

fn is_done(input: &world::Input) -> bool {
    !matches!(input, world::Input::Pass(_) | world::Input::Move(..))
}

fn give(name: &'static str, text: Rc<str>, actions: &mut Vec<Action>) {
    actions.push(Action::Save(SaveAction::File(Rc::new(File { name, text }))));
}
