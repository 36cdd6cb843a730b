//! The policy lab: what is to be played, how far it is, what came of it, and what of that is looked at.
//!
//! The playing is an effect (`hooks/use_lab.rs`); here is only what is shown. The lab's engines are not the reader's.

pub mod form;
pub mod presets;

use std::rc::Rc;

use playground_lab::{Fault, PolicyReport, Report};

use form::{Field, Form, Wrong};
use presets::Preset;

/// Where it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    #[default]
    Idle,
    Running,
    Ended,
    Cancelled,
}

/// What the table is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Column {
    Policy,
    #[default]
    Hits,
    Evicted,
    Expired,
    Refused,
    Memory,
}

/// How long it took, in real milliseconds: all of it, and the longest stretch that the page could do nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Took {
    pub whole: f64,
    pub longest: f64,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct LabState {
    pub form: Form,
    pub preset: Preset,
    pub stage: Stage,
    /// Counts what was started.
    run: u64,
    /// What came of which run.
    report: Option<(u64, Rc<Report>)>,
    /// Of the last run that ended.
    pub took: Option<Took>,
    /// What the lab itself found wrong.
    refused: Option<Wrong>,
    /// The policy that is looked at; the best where the reader chose none.
    chosen: Option<&'static str>,
    /// The table's order, and whether it is the other way round.
    pub order: (Column, bool),
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub enum LabAction {
    Type(Field, String),
    Choose(Preset),
    /// A workload after the data of the page.
    LikePage(Form),
    Start,
    Cancel,
    Look(&'static str),
    Sort(Column),
    /// From the one who plays: so far in the run of this number.
    Played(u64, Rc<Report>),
    Ended(u64, Rc<Report>, Took),
    Refused(u64, Fault),
}

impl LabState {
    pub fn apply(&mut self, action: LabAction) {
        match action {
            LabAction::Type(field, text) => {
                self.form.set(field, &text);
                (self.preset, self.refused) = (Preset::Own, None);
            }
            LabAction::Choose(preset) => {
                (self.preset, self.refused) = (preset, None);
                if let Some(form) = preset.form() {
                    self.form = form;
                }
            }
            LabAction::LikePage(form) => {
                (self.form, self.preset, self.refused) = (form, Preset::Page, None);
            }
            LabAction::Start => {
                if self.stage != Stage::Running && self.form.plan().is_ok() {
                    self.run += 1;
                    (self.stage, self.refused, self.took) = (Stage::Running, None, None);
                }
            }
            LabAction::Cancel => {
                if self.stage == Stage::Running {
                    self.stage = Stage::Cancelled;
                    let run = self.run;
                    self.report.take_if(|(of, _)| *of != run);
                }
            }
            LabAction::Look(policy) => self.chosen = Some(policy),
            LabAction::Sort(column) => {
                let (current, turned) = self.order;
                self.order = (column, column == current && !turned);
            }
            LabAction::Played(run, report) if self.running() == Some(run) => {
                self.report = Some((run, report));
            }
            LabAction::Ended(run, report, took) if self.running() == Some(run) => {
                (self.stage, self.report, self.took) = (Stage::Ended, Some((run, report)), Some(took));
            }
            LabAction::Refused(run, fault) if self.running() == Some(run) => {
                self.stage = Stage::Idle;
                self.refused = Some((self.form.field_of(fault.part), form::sentence(&fault.why)));
            }
            // From a run that is over.
            LabAction::Played(..) | LabAction::Ended(..) | LabAction::Refused(..) => {}
        }
    }

    /// The number of the run that is under way.
    pub fn running(&self) -> Option<u64> {
        (self.stage == Stage::Running).then_some(self.run)
    }

    pub fn report(&self) -> Option<&Rc<Report>> {
        self.report.as_ref().map(|(_, report)| report)
    }

    /// Requests played by the run under way or last, and how many there are to be.
    pub fn progress(&self) -> (u64, u64) {
        match &self.report {
            Some((run, report)) if *run == self.run => (report.requests, report.planned),
            _ => (0, 1),
        }
    }

    /// All that is wrong with what was typed.
    pub fn wrong(&self) -> Vec<Wrong> {
        let mut wrong = self.form.plan().err().unwrap_or_default();
        wrong.extend(self.refused.clone());
        wrong
    }

    /// The policy that is looked at.
    pub fn chosen(&self) -> Option<&PolicyReport> {
        let report = self.report()?;
        report.of(self.chosen.or_else(|| best(report))?).or_else(|| report.policies.first())
    }
}

/// The policy with most hits of those that refused no write; of all, where every one did. Nothing where there are no hits.
pub fn best(report: &Report) -> Option<&'static str> {
    let ranking = report.ranking();
    let found = ranking.iter().find(|policy| policy.refused == 0).or(ranking.first())?;
    (found.hits > 0).then_some(found.policy)
}

/// In the order that the table has: most first, names from A on, or the other way round.
pub fn sorted(report: &Report, (column, turned): (Column, bool)) -> Vec<&PolicyReport> {
    let mut rows = report.ranking();
    let by = |figure: fn(&PolicyReport) -> u64| {
        move |a: &&PolicyReport, b: &&PolicyReport| figure(b).cmp(&figure(a))
    };
    match column {
        Column::Hits => {}
        Column::Policy => rows.sort_by_key(|row| row.policy),
        Column::Evicted => rows.sort_by(by(|row| row.evicted)),
        Column::Expired => rows.sort_by(by(PolicyReport::expired)),
        Column::Refused => rows.sort_by(by(|row| row.refused)),
        Column::Memory => rows.sort_by(by(|row| row.used_memory)),
    }
    if turned {
        rows.reverse();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use playground_lab::Lab;

    fn report(requests: u64) -> Rc<Report> {
        let mut form = Preset::Loop.form().expect("a workload");
        for (field, text) in [(Field::Requests, "3000"), (Field::Keys, "600"), (Field::Maxmemory, "+90kb")] {
            form.set(field, text);
        }
        let mut lab = Lab::new(form.plan().expect("a plan")).expect("a lab");
        lab.step(requests);
        Rc::new(lab.report())
    }

    fn started() -> LabState {
        let mut lab = LabState::default();
        lab.apply(LabAction::Start);
        lab
    }

    #[test]
    fn a_run_grows_and_ends() {
        let mut lab = started();
        assert_eq!((lab.running(), lab.progress()), (Some(1), (0, 1)));
        lab.apply(LabAction::Played(1, report(500)));
        assert_eq!(lab.progress(), (500, 3000));
        lab.apply(LabAction::Ended(1, report(3000), Took { whole: 5.0, longest: 2.0 }));
        assert_eq!((lab.stage, lab.running(), lab.progress()), (Stage::Ended, None, (3000, 3000)));
        lab.apply(LabAction::Cancel);
        assert_eq!(lab.stage, Stage::Ended, "there is nothing to cancel");
    }

    #[test]
    fn what_is_cancelled_keeps_what_there_is_and_hears_no_more() {
        let mut lab = started();
        lab.apply(LabAction::Played(1, report(500)));
        lab.apply(LabAction::Cancel);
        lab.apply(LabAction::Played(1, report(900)));
        assert_eq!((lab.stage, lab.progress().0), (Stage::Cancelled, 500));
        lab.apply(LabAction::Start);
        assert_eq!((lab.running(), lab.progress().0), (Some(2), 0));
        assert!(lab.report().is_some(), "the old one is shown until there is a new one");
        lab.apply(LabAction::Cancel);
        assert!(lab.report().is_none(), "but it is not what came of this run");
    }

    #[test]
    fn nothing_starts_that_is_wrong_and_what_the_lab_refuses_is_told() {
        let mut lab = LabState::default();
        lab.apply(LabAction::Type(Field::Keys, "x".into()));
        lab.apply(LabAction::Start);
        assert_eq!((lab.stage, lab.preset, lab.wrong().len()), (Stage::Idle, Preset::Own, 1));
        lab.apply(LabAction::Choose(Preset::WebCache));
        lab.apply(LabAction::Start);
        lab.apply(LabAction::Refused(1, Fault::new("maxmemory", "it is too little")));
        assert_eq!(lab.wrong(), [(Field::Maxmemory, "It is too little.".to_owned())]);
        lab.apply(LabAction::Type(Field::Maxmemory, "+1mb".into()));
        assert!(lab.wrong().is_empty() && lab.running().is_none());
    }

    #[test]
    fn the_best_refuses_nothing() {
        let report = report(3000);
        let (first, best) = (report.ranking()[0], best(&report).expect("there are hits"));
        assert!(first.refused > 0, "what came first stays, and all else is refused");
        assert!(best.starts_with("allkeys-") && report.of(best).is_some_and(|policy| policy.refused == 0));
        let mut lab = started();
        lab.apply(LabAction::Played(1, report.clone()));
        assert_eq!(lab.chosen().map(|policy| policy.policy), Some(best));
        lab.apply(LabAction::Look("allkeys-lru"));
        assert_eq!(lab.chosen().map(|policy| policy.policy), Some("allkeys-lru"));
    }

    #[test]
    fn the_table_is_sorted_both_ways() {
        let report = report(3000);
        let mut lab = started();
        let figures =
            |lab: &LabState| sorted(&report, lab.order).iter().map(|row| row.refused).collect::<Vec<_>>();
        lab.apply(LabAction::Sort(Column::Refused));
        assert!(figures(&lab).is_sorted_by(|a, b| a >= b));
        lab.apply(LabAction::Sort(Column::Refused));
        assert!(figures(&lab).is_sorted() && figures(&lab).last() > Some(&0));
        lab.apply(LabAction::Sort(Column::Policy));
        assert_eq!(sorted(&report, lab.order)[0].policy, "allkeys-lfu");
    }
}
