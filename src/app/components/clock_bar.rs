//! The virtual clock: how it runs, what it shows, and the ways to move it.

use yew::prelude::*;

use super::clock_menu::ClockMenu;
use super::icon::Icon;
use crate::bridge::Intent;
use crate::format;
use crate::hooks::browser;
use crate::state::Action;
use crate::state::clock::{ClockMode, SPEEDS};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub clock: ClockMode,
    pub now: u64,
    pub next_expiry: Option<u64>,
    pub next_timeout: Option<u64>,
    /// The past is looked at, in which time stands still.
    pub past: bool,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(ClockBar)]
pub fn clock_bar(props: &Props) -> Html {
    let ClockMode { running, speed } = props.clock;
    let toggle = props.dispatch.reform(move |_: MouseEvent| Action::Running(!running));
    let choose =
        props.dispatch.reform(|event: Event| Action::Speed(browser::chosen(&event).parse().unwrap_or(1)));
    let step = props.bridge.reform(|_: MouseEvent| Intent::Step(1_000));
    let (icon, word, title) = if props.past {
        (Icon::History, "the past", "Time stands still in the past: return from it, or branch")
    } else if running {
        (Icon::Pause, "running", "Pause the virtual clock (Alt+P)")
    } else {
        (Icon::Play, "paused", "Let the virtual clock run (Alt+P)")
    };
    let (date, time) = format::date_time(props.now);
    html! {
        <div class="clock" role="group" aria-label="Virtual clock" data-running={(running && !props.past).to_string()}>
            <button class="button clock__mode" onclick={toggle} {title} disabled={props.past}>
                { icon.draw() }<span class="clock__word">{ word }</span>
            </button>
            <label class="clock__speed" title="How fast virtual time runs">
                <span class="hidden">{ "Speed" }</span>
                <select class="select" onchange={choose}>
                    { for SPEEDS.into_iter().map(|choice| html! {
                        <option value={choice.to_string()} selected={choice == speed}>{ format!("×{choice}") }</option>
                    }) }
                </select>
            </label>
            <ClockMenu now={props.now} next_timeout={props.next_timeout.filter(|_| !props.past)} bridge={props.bridge.clone()}>
                <span class="clock__date">{ date }</span>
                <span class="clock__time">{ time }</span>
            </ClockMenu>
            <button class="button button--icon clock__step" onclick={step} disabled={props.past} title="Step one second (Alt+S)" aria-label="Step one second">
                { Icon::Step.draw() }
            </button>
            { next_expiry(props) }
        </div>
    }
}

fn next_expiry(props: &Props) -> Html {
    let jump = props.bridge.reform(|_: MouseEvent| Intent::NextExpiry);
    let left = props.next_expiry.map(|at| format::remaining(at.saturating_sub(props.now)));
    html! {
        <button class="button clock__next" onclick={jump} disabled={left.is_none() || props.past}
            title="Jump to the moment the next key expires (Alt+N)">
            { Icon::Skip.draw() }
            <span class="clock__nextword">{ "next expiry" }</span>
            <span class="clock__left">{ left.unwrap_or_else(|| "none".to_owned()) }</span>
        </button>
    }
}
