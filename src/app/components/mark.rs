//! A mark of the timeline: a button that goes to the moment, with a shape for what happened there.
//!
//! What a command or an event means is told by its words; nothing of it is decided here.

use std::rc::Rc;

use playground_engine::{Event, EventKind, Expiry};
use yew::prelude::*;

use super::icon::Icon;
use crate::bridge::{Intent, Journey};
use crate::format;
use crate::state::clock::{Move, Reason};
use crate::state::timeline::{Command, Mark, What};

/// How a mark is drawn: its shape, what follows the shape, and what it says when asked.
struct Drawing {
    kind: &'static str,
    body: Html,
    title: String,
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub mark: Rc<Mark>,
    /// It has not happened yet, where the page looks.
    pub later: bool,
    /// The session's name, where there are several.
    pub session: Option<Rc<str>>,
    /// Its date is another one than that of the mark before.
    pub dated: bool,
    pub bridge: Callback<Intent>,
}

#[component(MarkView)]
pub fn mark_view(props: &Props) -> Html {
    let Props { mark, later, session, dated, bridge } = props;
    let (date, time) = format::date_time(mark.at);
    let shown = html! { if *dated { <span class="mark__day">{ &date }</span> } };
    let Drawing { kind, body, title } = drawing(&mark.what);
    let step = mark.step;
    let go = bridge.reform(move |_: MouseEvent| Intent::Travel(Journey::To(step)));
    let title = format!("{title}{date} {time} UTC, step {}: look at it", format::count(step as usize));
    html! {
        <li class="mark" data-kind={kind} data-later={(*later).then_some("true")}>
            <button class="mark__go" onclick={go} {title}>
                { shown }<time class="mark__time">{ time }</time>
                if let Some(session) = session { <span class="mark__session">{ &**session }</span> }
                { body }
            </button>
        </li>
    }
}

fn drawing(what: &What) -> Drawing {
    match what {
        What::Command(command) => command_mark(command),
        What::Key(event, times) => key_mark(event, *times),
        What::Push(text) => Drawing {
            kind: "push",
            body: html! { <><span class="mark__dot" aria-hidden="true" /><bdi class="mark__text">{ &**text }</bdi></> },
            title: "Arrived by itself. ".to_owned(),
        },
        What::Clock(moved) => Drawing { kind: "clock", body: clock_mark(moved), title: String::new() },
        What::Mode(mode) => {
            let body = if mode.running {
                html! { <>{ Icon::Play.draw() }{ format!("running ×{}", mode.speed) }</> }
            } else {
                html! { <>{ Icon::Pause.draw() }{ "paused" }</> }
            };
            Drawing { kind: "clock", body, title: String::new() }
        }
    }
}

fn command_mark(command: &Command) -> Drawing {
    let kind = match (command.is_error, command.changes) {
        (true, _) => "error",
        (false, 0) => "read",
        (false, _) => "changed",
    };
    // The same change over and over is said once, by the command's own name.
    let renamed = command.changed.filter(|name| *name != command.name && command.changes == 1);
    let body = html! {
        <>
            <span class="mark__dot" aria-hidden="true" />
            <b>{ &command.name }</b>
            if let Some(key) = command.keys.first() { <bdi class="mark__key">{ format::short_name(key) }</bdi> }
            if command.keys.len() > 1 { <span class="mark__how">{ format!("+{}", command.keys.len() - 1) }</span> }
            if let Some(name) = renamed { <span class="mark__how">{ format!("({name})") }</span> }
        </>
    };
    let line: String = command.line.chars().take(200).collect();
    let what = if command.is_error { "an error" } else { "" };
    let changes = format::counted(command.changes, "change", "changes");
    let came = if command.changes > 0 { &changes } else { what };
    let title = if came.is_empty() { format!("{line}. ") } else { format!("{line}: {came}. ") };
    Drawing { kind, body, title }
}

/// A word for how something expired, and who found it.
fn finder(how: Expiry) -> (&'static str, &'static str) {
    match how {
        Expiry::Lazy => ("lazy", "a command met it"),
        Expiry::Active => ("active", "the background cycle found it"),
    }
}

fn key_mark(event: &Event, times: usize) -> Drawing {
    let (kind, how, title) = match &event.kind {
        EventKind::Expired { how, late_ms } => {
            let (word, who) = finder(*how);
            (
                "expired",
                format!("({word}, {late_ms} ms late)"),
                format!("{who}, {late_ms} ms after its time. "),
            )
        }
        EventKind::FieldsExpired { how, fields } => {
            let (word, who) = finder(*how);
            let fields = format::counted(*fields, "field", "fields");
            ("expired", format!("({word}, {fields})"), format!("{who}. "))
        }
        EventKind::Evicted(why) => {
            let standing = format::standing(why.standing, event.at);
            ("evicted", format!("({standing})"), format!("{}, {}. ", why.policy, format::freed(why.bytes)))
        }
        EventKind::Database { .. } => ("database", format!("db{}", event.db), String::new()),
        EventKind::Changed { .. } => ("changed", String::new(), String::new()),
    };
    let body = html! {
        <>
            <span class="mark__dot" aria-hidden="true" />
            <b>{ event.name() }</b>
            if !event.key.is_empty() { <bdi class="mark__key">{ format::short_name(&event.key) }</bdi> }
            if times > 1 { <span>{ format!("×{times}") }</span> }
            if !how.is_empty() { <span class="mark__how">{ how }</span> }
        </>
    };
    Drawing { kind, body, title }
}

fn clock_mark(moved: &Move) -> Html {
    let by = format::duration(moved.by());
    match moved.reason {
        Reason::Step => html! { <>{ Icon::Step.draw() }{ format!("+{by}") }</> },
        Reason::NextExpiry => html! { <>{ Icon::Skip.draw() }{ format!("+{by} to next expiry") }</> },
        Reason::NextTimeout => html! { <>{ Icon::Skip.draw() }{ format!("+{by} to next time-out") }</> },
        Reason::Set => {
            let to = format::date_time(moved.to);
            html! { <>{ Icon::Clock.draw() }{ format!("set to {} {}", to.0, to.1) }</> }
        }
    }
}
