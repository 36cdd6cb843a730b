//! The strip at the foot of the page: what happened, in virtual time, newest at the right.

use std::rc::Rc;

use playground_engine::{Event, EventKind, Expiry};
use web_sys::Element;
use yew::prelude::*;

use super::icon::Icon;
use crate::format;
use crate::state::clock::{Move, Reason};
use crate::state::timeline::{Mark, Timeline as TimelineState, What};

/// Marks drawn.
const DRAWN: usize = 60;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub state: Rc<TimelineState>,
    pub used_memory: u64,
    /// 0 is no limit.
    pub maxmemory: u64,
}

#[component(Timeline)]
pub fn timeline(props: &Props) -> Html {
    let strip = use_node_ref();
    {
        let strip = strip.clone();
        use_effect_with(props.state.marks.back().cloned(), move |_| {
            if let Some(strip) = strip.cast::<Element>() {
                strip.set_scroll_left(strip.scroll_width());
            }
        });
    }
    let marks = &props.state.marks;
    let drawn = marks.iter().skip(marks.len().saturating_sub(DRAWN));
    let mut day = String::new();
    html! {
        <footer class="timeline">
            <h2 class="hidden">{ "Timeline" }</h2>
            <div class="timeline__strip" ref={strip} tabindex="0" role="group" aria-label="Timeline of events">
                if marks.is_empty() {
                    <p class="timeline__empty">{ "What happens to keys, and every move of the clock, is noted here." }</p>
                } else {
                    <ol class="timeline__marks">{ for drawn.map(|mark| draw(mark, &mut day)) }</ol>
                }
            </div>
            <span class="timeline__used" title="What the memory model counts for data and its tables">
                { "used " }<b>{ format::size(props.used_memory) }</b>
                if props.maxmemory > 0 { { format!(" / {}", format::size(props.maxmemory)) } }
            </span>
        </footer>
    }
}

/// A mark, with its date where that is another one than `day`.
fn draw(mark: &Mark, day: &mut String) -> Html {
    let (date, time) = format::date_time(mark.at);
    let new_day = *day != date;
    let shown = html! { if new_day { <span class="mark__day">{ &date }</span> } };
    day.clone_from(&date);
    let at = html! { <time class="mark__time" title={format!("{date} {time} UTC")}>{ time }</time> };
    let (kind, body) = match &mark.what {
        What::Key(event, times) => key_mark(event, *times),
        What::Clock(moved) => ("clock", clock_mark(moved)),
        What::Mode(mode) if mode.running => {
            ("clock", html! { <>{ Icon::Play.draw() }{ format!("running ×{}", mode.speed) }</> })
        }
        What::Mode(_) => ("clock", html! { <>{ Icon::Pause.draw() }{ "paused" }</> }),
    };
    html! { <li class="mark" key={mark.id} data-kind={kind}>{ shown }{ at }{ body }</li> }
}

/// A word for how something expired, and who found it.
fn finder(how: Expiry) -> (&'static str, &'static str) {
    match how {
        Expiry::Lazy => ("lazy", "a command met it"),
        Expiry::Active => ("active", "the background cycle found it"),
    }
}

fn key_mark(event: &Event, times: usize) -> (&'static str, Html) {
    let (kind, how) = match &event.kind {
        EventKind::Expired { how, late_ms } => {
            let (word, who) = finder(*how);
            let late = format!("{who}, {late_ms} ms after its time");
            (
                "expired",
                html! { <span class="mark__how" title={late}>{ format!("({word}, {late_ms} ms late)") }</span> },
            )
        }
        EventKind::FieldsExpired { how, fields } => {
            let (word, who) = finder(*how);
            let fields = format::counted(*fields, "field", "fields");
            (
                "expired",
                html! { <span class="mark__how" title={who}>{ format!("({word}, {fields})") }</span> },
            )
        }
        EventKind::Evicted(why) => {
            let freed = format!("{}, {}", why.policy, format::freed(why.bytes));
            let why = format!("({})", format::standing(why.standing, event.at));
            ("evicted", html! { <span class="mark__how" title={freed}>{ why }</span> })
        }
        EventKind::Database { .. } => {
            ("database", html! { <span class="mark__how">{ format!("db{}", event.db) }</span> })
        }
        EventKind::Changed { .. } => ("changed", Html::default()),
    };
    let body = html! {
        <>
            <span class="mark__dot" aria-hidden="true" />
            <b>{ event.name() }</b>
            if !event.key.is_empty() { <bdi class="mark__key">{ format::short_name(&event.key) }</bdi> }
            if times > 1 { <span>{ format!("×{times}") }</span> }
            { how }
        </>
    };
    (kind, body)
}

fn clock_mark(moved: &Move) -> Html {
    let to = format::date_time(moved.to);
    match moved.reason {
        Reason::Step => html! { <>{ Icon::Step.draw() }{ format!("+{}", format::duration(moved.by())) }</> },
        Reason::NextExpiry => {
            html! { <>{ Icon::Skip.draw() }{ format!("+{} to next expiry", format::duration(moved.by())) }</> }
        }
        Reason::Set => html! { <>{ Icon::Clock.draw() }{ format!("set to {} {}", to.0, to.1) }</> },
    }
}
