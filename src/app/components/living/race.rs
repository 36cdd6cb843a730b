//! A race in a step: each session's program in a column, a button for each move, prepared orders, and what was done so far.

use std::rc::Rc;

use playground_workload::RacePlan;
use yew::prelude::*;

use crate::bridge::{Intent, LivingIntent};
use crate::components::icon::Icon;
use crate::state::living::{Next, RaceView};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub plan: Rc<RacePlan>,
    /// How it stands, if it is this one that was begun.
    pub view: Option<Rc<RaceView>>,
    pub bridge: Callback<Intent>,
}

#[component(Race)]
pub fn race(props: &Props) -> Html {
    let Props { plan, view, bridge } = props;
    let line_up = {
        let plan = plan.clone();
        bridge.reform(move |_: MouseEvent| Intent::Living(LivingIntent::Line(plan.clone())))
    };
    let begun = view.is_some();
    html! {
        <section class="living race" aria-label="A race">
            <header class="living__head">
                <button class={classes!("button", (!begun).then_some("button--primary"))} onclick={line_up}>
                    { Icon::Play.draw() }{ if begun { "Back to the start" } else { "Line up" } }
                </button>
                { for plan.orders.iter().enumerate().map(|(at, order)| {
                    let plan = plan.clone();
                    let choose = bridge.reform(move |_: MouseEvent| Intent::Living(LivingIntent::Order(plan.clone(), at)));
                    let is_chosen = view.as_ref().and_then(|view| view.order).is_some_and(|(order, _)| order == at);
                    html! {
                        <button class="button race__order" onclick={choose} aria-pressed={is_chosen.to_string()}>{ &order.name }</button>
                    }
                }) }
            </header>
            { super::fault(view.as_ref().and_then(|view| view.fault.as_ref())) }
            <div class="race__columns">
                { for plan.runners.iter().enumerate().map(|(at, _)| column(props, at)) }
            </div>
            if let Some(view) = view { { turn(view, bridge) } { made(view) } }
        </section>
    }
}

/// A session's program, and its next move.
fn column(props: &Props, at: usize) -> Html {
    let Some(runner) = props.plan.runners.get(at) else { return Html::default() };
    let next = props.view.as_ref().and_then(|view| view.next.get(at));
    let here = next.and_then(|next| next.line);
    let lines = super::set_out(&runner.program.text);
    html! {
        <section class="race__column" aria-label={runner.name.clone()}>
            <h4 class="race__name">{ &runner.name }</h4>
            <ol class="race__program" tabindex="0" aria-label={format!("What {} does", runner.name)}>
                { for lines.iter().enumerate().map(|(number, line)| html! {
                    <li aria-current={(here == Some(number)).then_some("step")}><code>{ super::lua(line) }</code></li>
                }) }
            </ol>
            { next.map_or_else(Html::default, |next| step(props, at, &runner.name, next)) }
        </section>
    }
}

fn step(props: &Props, at: usize, name: &str, next: &Next) -> Html {
    let go = props.bridge.reform(move |_: MouseEvent| Intent::Living(LivingIntent::Move(at)));
    match &next.command {
        Some(command) => html! {
            <button class="run race__move" onclick={go} title={format!("{name} sends this command")}>
                { Icon::Play.draw() }<code>{ command.to_string() }</code>
            </button>
        },
        None if next.waits => html! { <p class="race__over">{ "waits for an answer" }</p> },
        None => html! { <p class="race__over">{ Icon::Check.draw() }{ "done" }</p> },
    }
}

/// Who moves next in a prepared order.
fn turn(view: &RaceView, bridge: &Callback<Intent>) -> Html {
    let Some(runner) = view.turn().and_then(|runner| view.plan.runners.get(runner)) else {
        return Html::default();
    };
    let go = |intent: LivingIntent| bridge.reform(move |_: MouseEvent| Intent::Living(intent.clone()));
    html! {
        <div class="race__turn" role="status">
            <button class="button button--primary race__next" onclick={go(LivingIntent::Turn)}>{ format!("{} moves", runner.name) }</button>
            <button class="button race__rest" onclick={go(LivingIntent::Rest)}>{ "Play the rest" }</button>
        </div>
    }
}

fn made(view: &RaceView) -> Html {
    let name =
        |runner: usize| view.plan.runners.get(runner).map(|runner| runner.name.clone()).unwrap_or_default();
    html! {
        <ol class="race__made" aria-label="Moves so far">
            { for view.made.iter().map(|made| html! {
                <li data-runner={made.runner.to_string()}>
                    <b>{ name(made.runner) }</b><code>{ made.command.to_string() }</code><code class="race__answer">{ made.answer.to_string() }</code>
                </li>
            }) }
        </ol>
    }
}
