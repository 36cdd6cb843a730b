//! Simulated clients in a step: what they do, sliders to change it, charts of what comes of it.

use std::rc::Rc;

use playground_workload::{Amount, Coming, Group, Plan, Slider};
use yew::prelude::*;

use super::chart::Chart;
use super::slider::Slide;
use crate::bridge::{Intent, LivingIntent};
use crate::components::icon::Icon;
use crate::format;
use crate::state::Action;
use crate::state::clock::{HURRY, PATIENCE};
use crate::state::living::WorkloadView;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub plan: Rc<Plan>,
    /// The clients that are there, if they are those of this plan.
    pub view: Option<Rc<WorkloadView>>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Workload)]
pub fn workload(props: &Props) -> Html {
    let Props { plan, view, bridge, .. } = props;
    let runs = view.as_ref().is_some_and(|view| !view.is_over);
    // What the reader has set: clients that come later begin with it.
    let set = use_state(|| plan.sliders.iter().map(|slider| slider.value).collect::<Vec<f64>>());
    // The run before this one, to compare with: of no use to anybody else, and gone with the step.
    let before = use_state(|| None::<Rc<WorkloadView>>);
    let slide = |at: usize, name: Rc<str>| {
        let (set, bridge) = (set.clone(), bridge.clone());
        Callback::from(move |value: f64| {
            let mut values = (*set).clone();
            if let Some(known) = values.get_mut(at) {
                *known = value;
            }
            set.set(values);
            if runs {
                bridge.emit(Intent::Living(LivingIntent::Slide { name: name.clone(), value }));
            }
        })
    };
    let values: Vec<f64> = plan
        .sliders
        .iter()
        .enumerate()
        .map(|(at, slider)| {
            let there = view.as_ref().filter(|_| runs).and_then(|view| view.values.get(at).copied());
            there.or_else(|| set.get(at).copied()).unwrap_or(slider.value)
        })
        .collect();
    html! {
        <section class="living" aria-label="Simulated clients" data-runs={runs.to_string()}>
            <header class="living__head">
                { steer(props, runs, &set, &before) }
                <span class="living__time">{ time(plan, view.as_deref()) }</span>
            </header>
            if let Some(percent) = view.as_ref().and_then(|view| view.pace) {
                <p class="living__pace" role="status">
                    { format!("More happens than this machine can play: {percent} % of the time passes.") }
                </p>
            }
            { super::fault(view.as_ref().and_then(|view| view.fault.as_ref())) }
            if !plan.sliders.is_empty() {
                <div class="living__sliders">
                    { for plan.sliders.iter().zip(&values).enumerate().map(|(at, (slider, value))| html! {
                        <Slide slider={slider.clone()} value={*value} moved={slide(at, slider.name.as_str().into())} />
                    }) }
                </div>
            }
            if let Some(before) = &*before {
                <p class="living__before">{ format!("Grey: the run before{}", settings(before)) }</p>
            }
            <div class="living__charts">
                { for plan.charts.iter().enumerate().map(|(at, chart)| html! {
                    <Chart number={at} chart={chart.clone()} view={view.clone()} before={(*before).clone()} lasts={plan.lasts} />
                }) }
            </div>
            { for plan.groups.iter().map(|group| program(group, &values)) }
        </section>
    }
}

/// How the sliders and switches stood at the end of a run.
fn settings(run: &WorkloadView) -> String {
    let sliders = run.plan.sliders.iter().zip(&run.values);
    let said = sliders.map(|(Slider { label, is_switch, .. }, value)| match (is_switch, *value == 0.0) {
        (true, true) => format!("{label}: off"),
        (true, false) => format!("{label}: on"),
        (false, _) => format!("{label}: {}", format::score(*value)),
    });
    let said = said.collect::<Vec<_>>().join("; ");
    if said.is_empty() { said } else { format!(". {said}") }
}

fn steer(props: &Props, runs: bool, set: &[f64], before: &UseStateHandle<Option<Rc<WorkloadView>>>) -> Html {
    if runs {
        let stop = props.bridge.reform(|_: MouseEvent| Intent::Living(LivingIntent::Stop));
        return html! { <button class="button living__steer" onclick={stop}>{ Icon::Cross.draw() }{ "Stop" }</button> };
    }
    let (bridge, dispatch, plan) = (props.bridge.clone(), props.dispatch.clone(), props.plan.clone());
    let moved: Vec<(Rc<str>, f64)> = plan
        .sliders
        .iter()
        .zip(set)
        .filter(|(slider, value)| slider.value != **value)
        .map(|(slider, value)| (slider.name.as_str().into(), *value))
        .collect();
    let (before, last) = (before.clone(), props.view.clone());
    let start = Callback::from(move |_: MouseEvent| {
        before.set(last.clone());
        bridge.emit(Intent::Living(LivingIntent::Start(plan.clone())));
        for (name, value) in moved.clone() {
            bridge.emit(Intent::Living(LivingIntent::Slide { name, value }));
        }
        dispatch.emit(Action::ClientsStarted);
    });
    let word = if props.view.is_some() { "Start again" } else { "Start the clients" };
    html! { <button class="button button--primary living__steer" onclick={start}>{ Icon::Play.draw() }{ word }</button> }
}

fn time(plan: &Plan, view: Option<&WorkloadView>) -> String {
    let of = |elapsed: u64| match plan.lasts {
        Some(lasts) => format!("{} of {} s", elapsed / 1000, lasts / 1000),
        None => format!("{} s", elapsed / 1000),
    };
    match view {
        None => match plan.lasts {
            Some(lasts) if lasts > PATIENCE => {
                format!("{} s ({} s at ×{HURRY})", lasts / 1000, lasts / 1000 / u64::from(HURRY))
            }
            Some(lasts) => format!("{} s", lasts / 1000),
            None => String::new(),
        },
        Some(view) if view.is_over => format!("over after {}", of(view.elapsed)),
        Some(view) => of(view.elapsed),
    }
}

/// What the clients of a group do, and how many there are as the sliders stand.
fn program(group: &Group, sliders: &[f64]) -> Html {
    let amount = |amount: Amount| match amount {
        Amount::Fixed(number) => format::score(number),
        Amount::Slider(at) => sliders.get(at).map(|value| format::score(*value)).unwrap_or_default(),
    };
    let how_many = match group.coming {
        Coming::There(number) => match amount(number).as_str() {
            "1" => "one, again and again".to_owned(),
            many => format!("{many} of them, again and again"),
        },
        Coming::Arriving(rate) => format!("{} come a second", amount(rate)),
    };
    let lines = super::set_out(&group.program.text);
    html! {
        <details class="living__program">
            <summary>{ "What each " }<b>{ &group.name }</b>{ " does" }<span class="living__many">{ how_many }</span></summary>
            <pre class="prose__code" tabindex="0"><code>
                { for lines.iter().map(|line| html! { <>{ super::lua(line) }{ "\n" }</> }) }
            </code></pre>
        </details>
    }
}
