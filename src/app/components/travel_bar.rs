//! Time travel: a slider over all steps, one step back or forth, returning and branching; and what the timeline shows.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use crate::bridge::{Intent, Journey};
use crate::format;
use crate::hooks::browser;
use crate::state::Action;
use crate::state::sessions::TabId;
use crate::state::timeline::{Filter, Kind};
use crate::state::travel::Travel;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub travel: Travel,
    /// How often the past was asked to change.
    pub held: u64,
    pub filter: Filter,
    pub sessions: Vec<(TabId, Rc<str>)>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(TravelBar)]
pub fn travel_bar(props: &Props) -> Html {
    let Travel { steps, oldest, past, going } = props.travel;
    let seen = props.travel.seen();
    // What was asked before the past was looked at is no news.
    let held = props.held;
    let before = use_mut_ref(|| held);
    if past.is_none() {
        *before.borrow_mut() = held;
    }
    let refused = held > *before.borrow();
    let slide = props.bridge.reform(move |event: InputEvent| {
        Intent::Travel(browser::typed(&event).parse().map_or(Journey::Stop, Journey::To))
    });
    let go = |journey: Journey| props.bridge.reform(move |_: MouseEvent| Intent::Travel(journey));
    let forgotten = (oldest > 0).then(|| {
        format!(
            "The first {} are forgotten: there was no room.",
            format::counted(oldest as usize, "step", "steps")
        )
    });
    html! {
        <div class="travel" role="group" aria-label="Time travel">
            <div class="travel__way">
                <button class="button button--icon" onclick={go(Journey::Back)} disabled={seen <= oldest}
                    title="Look at the step before (Alt+Z)" aria-label="One step back">{ Icon::Back.draw() }</button>
                <input class="travel__slider" type="range" min={oldest.to_string()} max={steps.to_string()}
                    value={seen.to_string()} oninput={slide} disabled={steps <= oldest} aria-label="Step that is looked at"
                    aria-valuetext={format!("step {seen} of {steps}")} title={forgotten} />
                <button class="button button--icon" onclick={go(Journey::Forth)} disabled={past.is_none()}
                    title="Look at the step after (Alt+Y)" aria-label="One step forth">{ Icon::Next.draw() }</button>
                <span class="travel__step">
                    { "step " }<b>{ format::count(seen as usize) }</b>{ format!(" of {}", format::count(steps as usize)) }
                </span>
            </div>
            if let Some((done, of)) = going {
                <div class="travel__past">
                    <progress max={of.to_string()} value={done.to_string()} aria-label="On the way to that step" />
                    <button class="button" onclick={go(Journey::Stop)}>{ "Stop" }</button>
                </div>
            } else if past.is_some() {
                <div class="travel__past">
                    <span class="travel__said" role="status">
                        { if refused { "This is the past, and nothing in it can change." } else { "You are looking back." } }
                    </span>
                    <button class="button" onclick={go(Journey::Branch)}
                        title="Go on from this step; what came after it is forgotten (Alt+B)">{ "Branch from here" }</button>
                    <button class="button button--primary" onclick={go(Journey::Return)} title="Back to the present (Alt+R)">
                        { "Return" }
                    </button>
                </div>
            } else {
                { filter(props) }
            }
        </div>
    }
}

fn filter(props: &Props) -> Html {
    let Filter { tab, kind, key } = props.filter.clone();
    let change = |set: fn(&mut Filter, &str)| {
        let now = props.filter.clone();
        move |value: String| {
            let mut filter = now.clone();
            set(&mut filter, &value);
            Action::Filter(filter)
        }
    };
    let session = change(|filter, value| filter.tab = value.parse().ok().map(TabId));
    let what = change(|filter, value| filter.kind = Kind::ALL.into_iter().find(|kind| kind.word() == value));
    let name = change(|filter, value| value.clone_into(&mut filter.key));
    html! {
        <div class="travel__filter" role="group" aria-label="What the timeline shows">
            if props.sessions.len() > 1 {
                <select class="select" aria-label="Session" onchange={props.dispatch.reform(move |event: Event| session(browser::chosen(&event)))}>
                    <option value="" selected={tab.is_none()}>{ "all sessions" }</option>
                    { for props.sessions.iter().map(|(id, name)| html! {
                        <option value={id.0.to_string()} selected={tab == Some(*id)}>{ &**name }</option>
                    }) }
                </select>
            }
            <select class="select" aria-label="Kind of event" onchange={props.dispatch.reform(move |event: Event| what(browser::chosen(&event)))}>
                <option value="" selected={kind.is_none()}>{ "everything" }</option>
                { for Kind::ALL.into_iter().map(|choice| html! {
                    <option value={choice.word()} selected={kind == Some(choice)}>{ choice.word() }</option>
                }) }
            </select>
            <input class="field travel__key" type="search" placeholder="Key" aria-label="Part of a key's name" value={key}
                autocomplete="off" autocapitalize="off" spellcheck="false"
                oninput={props.dispatch.reform(move |event: InputEvent| name(browser::typed(&event)))} />
        </div>
    }
}
