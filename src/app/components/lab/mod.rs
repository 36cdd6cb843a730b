//! The policy lab: which eviction policy suits an access pattern? What is played, how far it is, and what came of it.
//!
//! It plays on engines of its own; the reader's is touched by a command alone, when a policy is to be used there.

mod bars;
mod controls;
mod curves;
mod table;

use std::rc::Rc;

use playground_lab::{PolicyReport, Report};
use yew::prelude::*;

use crate::bridge::Intent;
use crate::components::icon::Icon;
use crate::format;
use crate::hooks::use_survey;
use crate::state::Action;
use crate::state::lab::{self, LabAction, LabState, Stage};
use crate::state::memory::Memory;
use crate::state::view::View;
use bars::Bars;
use controls::Controls;
use curves::Curves;
use table::Table;

/// How the reader's own engine is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub policy: &'static str,
    pub maxmemory: u64,
    pub samples: usize,
    /// Without the last digits, so that a command need not draw the lab anew.
    pub used: u64,
}

impl Setting {
    pub fn of(view: &View) -> Self {
        let View { policy, maxmemory, samples, used_memory, .. } = *view;
        Self { policy, maxmemory, samples, used: used_memory & !0xfff }
    }
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub lab: Rc<LabState>,
    pub setting: Setting,
    pub memory: Rc<Memory>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(LabView)]
pub fn lab_view(props: &Props) -> Html {
    // Only for the workload that is made after the page's data.
    use_survey(props.memory.scope.clone(), "lab", props.bridge.clone());
    let Props { lab, setting, memory, bridge, dispatch } = props;
    let act = dispatch.reform(Action::Lab);
    html! {
        <div class="sheet" id="lab">
            <section class="part">
                <h3 class="part__name">{ "Which policy suits your cache?" }</h3>
                <p class="part__words">
                    { "Plays the same requests under every policy: GET, and on a miss SET. It plays on engines of its own; your data is untouched." }
                </p>
                <Controls form={lab.form.clone()} preset={lab.preset} wrong={lab.wrong()} running={lab.running().is_some()}
                    setting={*setting} survey={memory.survey.clone()} act={act.clone()} />
                { progress(lab) }
            </section>
            if let Some(report) = lab.report() {
                { results(lab, report, setting, bridge, &act) }
            } else {
                <p class="sheet__note">{ "Nothing was played yet. Press Run: hits, evictions and refused writes of each policy appear here as they come." }</p>
            }
        </div>
    }
}

/// How far it is. The line is there before there is anything to tell, so that nothing moves when there is.
fn progress(lab: &LabState) -> Html {
    let (done, planned) = lab.progress();
    let percent = done * 100 / planned.max(1);
    let requests =
        || format!("{} of {} requests", format::count(done as usize), format::count(planned as usize));
    let words = match lab.stage {
        Stage::Idle => "Ready.".to_owned(),
        Stage::Running if done == 0 => "Starting …".to_owned(),
        Stage::Running => format!("{percent} %, {}", requests()),
        Stage::Cancelled if done == 0 => "Cancelled before anything was played.".to_owned(),
        Stage::Cancelled => format!("Cancelled after {}; the figures are of these.", requests()),
        Stage::Ended => {
            let took = lab.took.unwrap_or_default();
            let slices = format!("in slices of at most {:.0} ms", took.longest.ceil());
            format!("Played {} in {:.1} s, {slices}.", requests(), took.whole / 1000.0)
        }
    };
    // For ears: where it is, and not each percent.
    let state = match lab.stage {
        Stage::Idle => "",
        Stage::Running => "The lab plays.",
        Stage::Cancelled => "The lab was cancelled.",
        Stage::Ended => "The lab is done.",
    };
    html! {
        <div class="lab-progress" data-stage={stage(lab.stage)}>
            <progress aria-label="Requests played" max="100" value={percent.to_string()} />
            <p class="part__words lab-progress__words">{ words }</p>
            <p class="hidden" role="status">{ state }</p>
        </div>
    }
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Idle => "idle",
        Stage::Running => "running",
        Stage::Ended => "ended",
        Stage::Cancelled => "cancelled",
    }
}

fn results(
    state: &LabState,
    report: &Rc<Report>,
    setting: &Setting,
    bridge: &Callback<Intent>,
    act: &Callback<LabAction>,
) -> Html {
    let chosen = state.chosen().map(|policy| policy.policy);
    let best = lab::best(report);
    let limit = format!(
        "maxmemory {} ({} for data), {} samples, {} of virtual time",
        format::size(report.maxmemory),
        format::size(report.maxmemory.saturating_sub(report.base_memory)),
        report.samples,
        format::duration((report.seconds * 1000.0) as u64)
    );
    html! {
        <>
            <section class="part">
                <h3 class="part__name">{ "Hit ratio of each policy" }</h3>
                <Bars report={report.clone()} {chosen} {best} act={act.clone()} />
                <p class="part__words">{ format!("Played: {}; {limit}.", report.workload) }</p>
            </section>
            if let Some(policy) = state.chosen() { { about(policy, report, setting, bridge) } }
            <section class="part">
                <h3 class="part__name">{ "Hit ratio as requests came" }</h3>
                <Curves report={report.clone()} {chosen} />
            </section>
            <section class="part">
                <h3 class="part__name">{ "All figures" }</h3>
                <Table report={report.clone()} order={state.order} {chosen} {best} act={act.clone()} />
            </section>
        </>
    }
}

/// The policy that is looked at in words, and the commands that put it to use.
fn about(policy: &PolicyReport, report: &Report, setting: &Setting, bridge: &Callback<Intent>) -> Html {
    let count = |n: u64| format::count(n as usize);
    let refused = match policy.refused {
        0 => "no write was refused".to_owned(),
        n => format!(
            "{} with an OOM error",
            format::counted(n as usize, "write was refused", "writes were refused")
        ),
    };
    let expired = match policy.expired() {
        0 => "none expired".to_owned(),
        n => format!(
            "{} expired ({} when a request met them, {} found by the cycle)",
            count(n),
            count(policy.expired_lazily),
            count(policy.expired_actively)
        ),
    };
    let words = format!(
        "{} hits and {} misses; {} evicted, {expired}, {refused}. In the end {} in {}.",
        count(policy.hits),
        count(policy.misses),
        count(policy.evicted),
        format::counted(policy.keys as usize, "key", "keys"),
        format::size(policy.used_memory),
    );
    let use_it = |name: &str, value: &str, word: &'static str, is_set: bool| {
        let line = format!("CONFIG SET {name} {value}");
        let run = {
            let line = line.clone();
            bridge.reform(move |_: MouseEvent| Intent::Run(vec![line.clone()]))
        };
        html! {
            <button class="run" onclick={run}>
                { if is_set { Icon::Check.draw() } else { Icon::Play.draw() } }
                <code>{ line }</code>
                <span class="run__word">{ if is_set { "in use" } else { word } }</span>
            </button>
        }
    };
    html! {
        <section class="part lab-about" aria-label="The chosen policy">
            <h3 class="part__name"><span class="lab-about__name">{ policy.policy }</span>
                <span class="part__fact">{ ratio(policy.hit_ratio) }{ " hits" }</span>
            </h3>
            <p class="part__words">{ words }</p>
            if policy.newer { <p class="part__words">{ "This policy came with Redis 8.6." }</p> }
            { use_it("maxmemory-policy", policy.policy, "use this policy", setting.policy == policy.policy) }
            { use_it("maxmemory", &report.maxmemory.to_string(), "use this limit", setting.maxmemory == report.maxmemory) }
        </section>
    }
}

/// A share of hits, as it is written everywhere in the lab.
fn ratio(share: f64) -> String {
    format!("{:.2} %", share * 100.0)
}
