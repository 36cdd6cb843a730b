//! A session: a log of commands and answers, what it waits for, and the prompt under it.
//!
//! A session that is not shown stays in the document, so that its draft and its place in the log stay too.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::exchange::Exchange;
use super::icon::Icon;
use super::prompt::Prompt;
use crate::bridge::Intent;
use crate::format;
use crate::hooks::use_sessions::focus_by_hand;
use crate::state::Action;
use crate::state::assist::Assist;
use crate::state::sessions::{Focus, MAIN, TabId};
use crate::state::terminal::{Terminal as TerminalState, Waiting};
use crate::state::view::{Blocked, LongScript};

/// One click away on the first visit.
const TRY: [&str; 3] = [
    "SET greeting \"hello\" EX 30",
    "ZADD scores 120 ada 95 linus 88 grace",
    "ZRANGE scores 0 -1 REV WITHSCORES",
];

/// Entries of the log that are drawn: rather more than are seen at once, for each has to be laid out anew with its likes.
const DRAWN: usize = 40;
/// How many more each time that more are asked for.
const MORE: usize = 100;
/// Closer to its beginning than this, the log draws more of what came before.
const NEAR_START: i32 = 400;

/// Closer to its end than this, the log follows what is added.
const NEAR_END: i32 = 40;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub tab: TabId,
    pub name: Rc<str>,
    pub state: Rc<TerminalState>,
    pub assist: Rc<Assist>,
    /// The tab is chosen; side by side, others are on the screen, too.
    pub shown: bool,
    /// The step of the past that is looked at.
    pub past: Option<u64>,
    /// Why nothing can be run now.
    pub held: Option<&'static str>,
    /// There are other sessions.
    pub several: bool,
    /// How many are side by side; 1 where one is shown alone.
    pub beside: usize,
    pub prompt: Rc<str>,
    /// What the session waits for.
    pub blocked: Option<Rc<Blocked>>,
    /// Milliseconds since the epoch on the virtual clock; asked for only while the session waits.
    pub now: u64,
    /// Time passes by itself; asked for only while the session waits.
    pub ticks: bool,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Session)]
pub fn session(props: &Props) -> Html {
    let Props { state, tab, shown, .. } = props;
    let (tab, shown) = (*tab, *shown);
    let log = use_node_ref();
    let follows = use_mut_ref(|| true);
    let drawn = use_state(|| DRAWN);
    let earlier = state.log.len().saturating_sub(*drawn);
    let newest = state.log.back().map(|entry| entry.id);
    let show_more = {
        let drawn = drawn.clone();
        Callback::from(move |()| drawn.set(*drawn + MORE))
    };
    let scrolled = {
        let (log, follows, drawn, show_more) =
            (log.clone(), follows.clone(), drawn.clone(), show_more.clone());
        Callback::from(move |_: Event| {
            let Some(log) = log.cast::<Element>().filter(|log| log.client_height() > 0) else { return };
            let at_end = log.scroll_height() - log.scroll_top() - log.client_height() < NEAR_END;
            *follows.borrow_mut() = at_end;
            if at_end && *drawn > DRAWN {
                drawn.set(DRAWN);
            } else if !at_end && earlier > 0 && log.scroll_top() < NEAR_START {
                show_more.emit(());
            }
        })
    };
    {
        // Sticks to its end, unless the reader has scrolled away from it.
        let (log, follows) = (log.clone(), follows.clone());
        let end =
            state.log.back().map(|entry| (entry.id, entry.output.len(), entry.view, entry.is_explained));
        let room = (shown, props.beside, props.blocked.is_some(), state.waiting.is_some(), props.held);
        use_effect_with((end, room), move |_| {
            if let Some(log) = log.cast::<Element>().filter(|_| *follows.borrow()) {
                log.set_scroll_top(log.scroll_height());
            }
        });
    }
    let grown = {
        let (log, follows) = (log.clone(), follows.clone());
        Callback::from(move |()| {
            if let Some(log) = log.cast::<Element>().filter(|_| *follows.borrow()) {
                log.set_scroll_top(log.scroll_height());
            }
        })
    };
    let run = props.bridge.reform(move |lines: Vec<String>| {
        *follows.borrow_mut() = true;
        Intent::RunIn(tab, lines)
    });
    // Side by side, who is spoken in is the one that the pictures follow.
    let entered = {
        let bridge = props.bridge.clone();
        Callback::from(move |_: FocusEvent| {
            if !shown {
                bridge.emit(Intent::Show(tab, Focus::Stay));
            }
        })
    };
    let close = props.bridge.reform(move |_: MouseEvent| Intent::Close(tab, focus_by_hand()));
    let name = &props.name;
    // A list of its own: among children without keys all of it would be made anew at each line.
    let entries = state.log.iter().skip(earlier).map(|entry| html! {
        <Exchange key={entry.id} {tab} entry={entry.clone()} later={props.past.is_some_and(|past| entry.step > past)}
            newest={Some(entry.id) == newest} dispatch={props.dispatch.clone()} />
    });
    let entries: Html = entries.collect();
    html! {
        <div class="session" id={format!("session-{}", tab.0)} role="tabpanel" data-shown={shown.to_string()}
            aria-labelledby={format!("tab-{}", tab.0)} onfocusin={entered}>
            if props.several {
                <div class="session__head">
                    <span class="session__name">{ &**name }</span>
                    <button class="button button--quiet button--icon session__close" onclick={close}
                        title="Close this session" aria-label={format!("Close {name}")}>{ Icon::Cross.draw() }</button>
                </div>
            }
            <div class="terminal__log" role="log" aria-label={format!("Commands and answers of {name}")} tabindex="0" ref={log}
                onscroll={scrolled}>
                { if **name == *MAIN { welcome(&run) } else { another() } }
                if earlier > 0 {
                    <button class="button terminal__earlier" onclick={show_more.reform(|_: MouseEvent| ())}>{ format!("Show {} more before these", format::count(earlier.min(MORE))) }</button>
                }
                { entries }
            </div>
            if let Some(blocked) = &props.blocked {
                { waits(blocked, props) }
            }
            if let Some(waiting) = state.waiting {
                { progress(waiting, props) }
            }
            <Prompt {tab} {shown} held={props.held} prompt={props.prompt.clone()} history={state.history.clone()}
                assist={props.assist.clone()} {run} {grown} bridge={props.bridge.clone()}
                cancel={props.blocked.as_ref().filter(|blocked| can_end(blocked)).map(|_| props.bridge.reform(move |()| Intent::Cancel(tab)))} />
        </div>
    }
}

fn welcome(run: &Callback<Vec<String>>) -> Html {
    html! {
        <div class="welcome">
            <p>{ "A Redis that lives in this page. Type a command, or try one:" }</p>
            <ul class="welcome__list">
                { for TRY.into_iter().map(|line| {
                    let click = run.reform(move |_: MouseEvent| vec![line.to_owned()]);
                    html! {
                        <li><button class="run" onclick={click} title="Run this command">
                            { Icon::Play.draw() }<code>{ line }</code>
                        </button></li>
                    }
                }) }
            </ul>
        </div>
    }
}

fn another() -> Html {
    html! { <div class="welcome"><p>{ "Another client of the same Redis, with a connection of its own." }</p></div> }
}

/// Whether the waiting can be ended from the session itself.
fn can_end(blocked: &Blocked) -> bool {
    blocked.script.as_ref().is_none_or(|script| script.is_own && !script.has_written)
}

fn waits(blocked: &Blocked, props: &Props) -> Html {
    let (tab, now) = (props.tab, props.now);
    let left = blocked.until.map(|until| format!("{} left", format::remaining(until.saturating_sub(now))));
    let script = blocked.script.as_ref();
    let (what, figure) = match script {
        Some(script) if script.is_own => ("Running: ", so_far(script, now)),
        Some(_) => ("Waiting its turn: ", String::new()),
        None => ("Waiting: ", left.unwrap_or_else(|| "no time-out".to_owned())),
    };
    let (label, title) = match script {
        Some(_) => {
            ("Stop", "Stops the script, as SCRIPT KILL from another session would (Esc in the prompt)")
        }
        None => ("Cancel", "Ends the waiting as a time-out would (Esc in the prompt)"),
    };
    html! {
        <div class="terminal__waiting" data-blocked="true" data-script={script.map(|_| "true")}>
            <span class="terminal__blocked" role="status">
                { what }<code class="terminal__command">{ &*blocked.command }</code>
            </span>
            <span>{ figure }</span>
            if can_end(blocked) {
                <button class="button" onclick={props.bridge.reform(move |_: MouseEvent| Intent::Cancel(tab))} {title}>{ label }</button>
            }
            if let Some(script) = script {
                <p class="terminal__why">{ about_script(script, now, props.ticks) }</p>
            }
        </div>
    }
}

/// How far a script is.
fn so_far(script: &LongScript, now: u64) -> String {
    let instructions = usize::try_from(script.instructions).unwrap_or(usize::MAX);
    let elapsed = format::remaining(now.saturating_sub(script.began));
    format!("{} instructions, {elapsed}", format::short_count(instructions))
}

/// What a script that takes long means for this session and for the others.
fn about_script(script: &LongScript, now: u64, ticks: bool) -> String {
    let clock = match (script.is_own, ticks) {
        (_, false) => "The clock is paused: the script goes on when it runs or is moved.",
        (true, true) => "It goes on as the clock runs.",
        (false, true) => "",
    };
    let left = script.busy_from.map(|from| from.saturating_sub(now));
    let until = |who: &str| match left {
        Some(left) => format!("for {} more, then {who} told BUSY", format::remaining(left)),
        None => "until it ends".to_owned(),
    };
    let of = script.of.as_deref().unwrap_or("a closed session");
    let others = match (script.is_own, left) {
        (true, Some(0)) => "Nothing else is done meanwhile: other sessions are told BUSY.".to_owned(),
        (true, _) => format!("Nothing else is done meanwhile: other sessions wait {}.", until("they are")),
        (false, _) => {
            let until = until("it is");
            format!("Redis runs a script of {of}, and nothing beside it: this command waits {until}.")
        }
    };
    let stop = match (script.is_own, script.has_written) {
        (true, true) => "It has written something, so it cannot be stopped: half of its work would stay.",
        (false, true) => "It has written something, so SCRIPT KILL would be refused.",
        _ => "",
    };
    let said = [&*others, clock, stop];
    said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

fn progress(waiting: Waiting, props: &Props) -> Html {
    let tab = props.tab;
    let done = waiting.of.saturating_sub(waiting.left);
    html! {
        <div class="terminal__waiting">
            <progress max={waiting.of.to_string()} value={done.to_string()} aria-label="Lines run" />
            <span>{ format!("{done} of {} lines", waiting.of) }</span>
            <button class="button" onclick={props.bridge.reform(move |_: MouseEvent| Intent::Stop(tab))}>{ "Stop" }</button>
        </div>
    }
}
