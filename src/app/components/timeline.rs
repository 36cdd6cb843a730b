//! The strip at the foot of the page: what was done and what happened, in virtual time, newest at the right; above it, when it
//! is open, the controls of time travel.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::icon::Icon;
use super::mark::MarkView;
use super::travel_bar::TravelBar;
use crate::bridge::Intent;
use crate::format;
use crate::state::Action;
use crate::state::sessions::TabId;
use crate::state::timeline::Timeline as TimelineState;
use crate::state::travel::Travel;

/// Marks drawn.
const DRAWN: usize = 60;
/// In milliseconds.
const DAY: u64 = 86_400_000;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub state: Rc<TimelineState>,
    pub travel: Travel,
    /// How often the past was asked to change.
    pub held: u64,
    /// The sessions and their names.
    pub sessions: Vec<(TabId, Rc<str>)>,
    pub used_memory: u64,
    /// 0 is no limit.
    pub maxmemory: u64,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Timeline)]
pub fn timeline(props: &Props) -> Html {
    let Props { state, travel, bridge, .. } = props;
    let travel = *travel;
    let open = use_state(|| false);
    let strip = use_node_ref();
    let seen = travel.seen();
    let marks = state.drawn(DRAWN, seen);
    {
        // Its end is in sight, or the moment that is looked at.
        let strip = strip.clone();
        let end = marks.last().map(|mark| (mark.id, Rc::as_ptr(mark).cast::<()>()));
        use_effect_with((end, travel.past), move |(end, past)| {
            let Some(strip) = strip.cast::<Element>() else { return };
            let later = strip.query_selector("[data-later]").ok().flatten();
            match later.filter(|_| past.is_some()) {
                Some(later) => {
                    let left =
                        later.get_bounding_client_rect().left() - strip.get_bounding_client_rect().left();
                    let middle = f64::from(strip.client_width()) / 2.0;
                    strip.set_scroll_left(strip.scroll_left() + (left - middle) as i32);
                }
                // Words in the place of marks are read from their beginning.
                None if end.is_none() => strip.set_scroll_left(0),
                None => strip.set_scroll_left(strip.scroll_width()),
            }
        });
    }
    let toggle = {
        let open = open.clone();
        Callback::from(move |_: MouseEvent| open.set(!*open))
    };
    let is_away = travel.past.is_some() || travel.going.is_some();
    let is_open = *open || is_away;
    let several = props.sessions.len() > 1;
    let name = |tab: Option<TabId>| {
        let tab = tab.filter(|_| several)?;
        props.sessions.iter().find(|(id, _)| *id == tab).map(|(_, name)| name.clone())
    };
    let mut day = 0;
    html! {
        <footer class="timeline" data-past={travel.past.map(|step| step.to_string())}>
            <h2 class="hidden">{ "Timeline" }</h2>
            if is_open {
                <TravelBar {travel} held={props.held} filter={state.filter.clone()} sessions={props.sessions.clone()}
                    bridge={bridge.clone()} dispatch={props.dispatch.clone()} />
            }
            <div class="timeline__row">
                <button class="button button--quiet button--icon timeline__open" onclick={toggle} aria-expanded={is_open.to_string()}
                    disabled={is_away} title="Time travel and what is shown here" aria-label="Time travel and filter">
                    { Icon::History.draw() }
                </button>
                <div class="timeline__strip" ref={strip} tabindex="0" role="group" aria-label="Timeline of events">
                    if state.marks.is_empty() {
                        <p class="timeline__empty">{ "Commands, what happens to keys, and every move of the clock are noted here." }</p>
                    } else if marks.is_empty() {
                        <p class="timeline__empty">{ "Nothing on the timeline fits the filter." }</p>
                    } else {
                        <ol class="timeline__marks">
                            { for marks.iter().map(|mark| {
                                let of_mark = mark.at / DAY;
                                let dated = std::mem::replace(&mut day, of_mark) != of_mark;
                                html! {
                                    <MarkView key={mark.id} mark={Rc::clone(mark)} later={travel.is_later(mark.step)}
                                        session={name(mark.tab)} {dated} bridge={bridge.clone()} />
                                }
                            }) }
                        </ol>
                    }
                </div>
                <span class="timeline__used" title="What the memory model counts for data and its tables">
                    { "used " }<b>{ format::size(props.used_memory) }</b>
                    if props.maxmemory > 0 { { format!(" / {}", format::size(props.maxmemory)) } }
                </span>
            </div>
        </footer>
    }
}
