//! Ways to move the clock further than a second: steps, and a date and time to set it to. Opens under the time shown.

use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlInputElement, Node};
use yew::prelude::*;

use super::icon::Icon;
use crate::bridge::Intent;
use crate::format;

/// How far the buttons step, in milliseconds.
const STEPS: [(u64, &str); 6] = [
    (1_000, "+1 s"),
    (10_000, "+10 s"),
    (60_000, "+1 m"),
    (600_000, "+10 m"),
    (3_600_000, "+1 h"),
    (86_400_000, "+1 d"),
];

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub now: u64,
    /// When the next session gives up waiting.
    pub next_timeout: Option<u64>,
    pub bridge: Callback<Intent>,
    /// The time shown, which opens the menu.
    pub children: Html,
}

#[component(ClockMenu)]
pub fn clock_menu(props: &Props) -> Html {
    let open = use_state(|| false);
    let wrong = use_state(|| None::<&'static str>);
    let field = use_node_ref();
    let whole = use_node_ref();
    {
        // Once, when it opens: a value that followed the clock would overwrite what the reader types.
        let (field, now) = (field.clone(), props.now);
        use_effect_with(*open, move |open| {
            if let Some(input) = field.cast::<HtmlInputElement>().filter(|_| *open) {
                let (date, time) = format::date_time(now);
                input.set_value(&format!("{date}T{time}"));
            }
        });
    }
    let toggle = {
        let (open, wrong) = (open.clone(), wrong.clone());
        Callback::from(move |_: MouseEvent| {
            wrong.set(None);
            open.set(!*open);
        })
    };
    let outside = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(false))
    };
    let escape = {
        let open = open.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                open.set(false);
            }
        })
    };
    // Focus that leaves the menu closes it.
    let leave = {
        let (open, whole) = (open.clone(), whole.clone());
        Callback::from(move |event: FocusEvent| {
            let to = event.related_target().and_then(|target| target.dyn_into::<Node>().ok());
            let inside = whole.cast::<Node>().is_some_and(|whole| whole.contains(to.as_ref()));
            if !inside && to.is_some() {
                open.set(false);
            }
        })
    };
    let set = {
        let (bridge, field, open, wrong, now) =
            (props.bridge.clone(), field.clone(), open.clone(), wrong.clone(), props.now);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = field.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            match format::parse_date_time(&text) {
                Some(moment) if moment > now => {
                    bridge.emit(Intent::SetTo(moment));
                    open.set(false);
                }
                Some(_) => wrong.set(Some("Time only moves forward. Choose a later moment.")),
                None => wrong.set(Some("Choose a date and a time.")),
            }
        })
    };
    html! {
        <div class="menu" ref={whole} onkeydown={escape} onfocusout={leave}>
            <button class="button clock__now" onclick={toggle} aria-expanded={open.to_string()}
                title="Virtual date and time (UTC): step or set forward">
                { props.children.clone() }{ Icon::Chevron.draw() }
            </button>
            if *open {
                <div class="menu__outside" onclick={outside} />
                <div class="menu__panel" role="group" aria-label="Move the clock">
                    <p class="menu__label">{ "Step" }</p>
                    <div class="menu__steps">
                        { for STEPS.into_iter().map(|(ms, word)| {
                            let step = props.bridge.reform(move |_: MouseEvent| Intent::Step(ms));
                            html! { <button class="button" onclick={step}>{ word }</button> }
                        }) }
                    </div>
                    { next_timeout(props) }
                    <form class="menu__set" onsubmit={set}>
                        <label class="menu__label" for="clock-set">{ "Set forward to (UTC)" }</label>
                        <div class="menu__row">
                            <input class="field" id="clock-set" type="datetime-local" step="1" ref={field}
                                aria-describedby="clock-wrong" />
                            <button class="button" type="submit">{ "Set" }</button>
                        </div>
                        <p class="menu__wrong" id="clock-wrong" role="alert">{ (*wrong).unwrap_or_default() }</p>
                    </form>
                </div>
            }
        </div>
    }
}

fn next_timeout(props: &Props) -> Html {
    let jump = props.bridge.reform(|_: MouseEvent| Intent::NextTimeout);
    let left = props.next_timeout.map(|at| format::remaining(at.saturating_sub(props.now)));
    html! {
        <>
            <p class="menu__label">{ "Jump" }</p>
            <button class="button menu__jump" onclick={jump} disabled={left.is_none()}
                title="To the moment at which the next session gives up waiting (Alt+O)">
                { Icon::Skip.draw() }{ "next time-out" }
                <span class="clock__left">{ left.unwrap_or_else(|| "none".to_owned()) }</span>
            </button>
        </>
    }
}
