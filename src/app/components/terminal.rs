//! The terminal: a log of commands and answers, and the prompt under it.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::exchange::Exchange;
use super::icon::Icon;
use super::prompt::Prompt;
use crate::bridge::Intent;
use crate::format;
use crate::state::Action;
use crate::state::terminal::{Terminal as TerminalState, Waiting};
use crate::state::view::Blocked;

/// One click away on the first visit.
const TRY: [&str; 3] = [
    "SET greeting \"hello\" EX 30",
    "ZADD scores 120 ada 95 linus 88 grace",
    "ZRANGE scores 0 -1 REV WITHSCORES",
];

/// Closer to its end than this, the log follows what is added.
const NEAR_END: i32 = 40;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub state: Rc<TerminalState>,
    pub prompt: Rc<str>,
    /// What the session waits for.
    pub blocked: Option<Rc<Blocked>>,
    /// Milliseconds since the epoch on the virtual clock; asked for only while the session waits.
    pub now: u64,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Terminal)]
pub fn terminal(props: &Props) -> Html {
    let state = &props.state;
    let log = use_node_ref();
    let follows = use_mut_ref(|| true);
    let scrolled = {
        let (log, follows) = (log.clone(), follows.clone());
        Callback::from(move |_: Event| {
            if let Some(log) = log.cast::<Element>() {
                *follows.borrow_mut() =
                    log.scroll_height() - log.scroll_top() - log.client_height() < NEAR_END;
            }
        })
    };
    {
        // Sticks to its end, unless the reader has scrolled away from it.
        let (log, follows) = (log.clone(), follows.clone());
        use_effect_with(state.log.back().map(|entry| entry.id), move |_| {
            if let Some(log) = log.cast::<Element>().filter(|_| *follows.borrow()) {
                log.set_scroll_top(log.scroll_height());
            }
        });
    }
    let run = props.bridge.reform(move |lines: Vec<String>| {
        *follows.borrow_mut() = true;
        Intent::Run(lines)
    });
    html! {
        <section class="zone terminal" id="do" data-zone="do" aria-label="Terminal">
            <h2 class="hidden">{ "Terminal" }</h2>
            <div class="terminal__log" role="log" aria-label="Commands and answers" tabindex="0" ref={log} onscroll={scrolled}>
                { welcome(&run) }
                { for state.log.iter().map(|entry| html! {
                    <Exchange key={entry.id} entry={entry.clone()} dispatch={props.dispatch.clone()} />
                }) }
            </div>
            if let Some(blocked) = &props.blocked {
                { waits(blocked, props.now, &props.bridge) }
            }
            if let Some(waiting) = state.waiting {
                { progress(waiting, &props.bridge) }
            }
            <Prompt prompt={props.prompt.clone()} history={state.history.clone()} {run}
                cancel={props.blocked.as_ref().map(|_| props.bridge.reform(|()| Intent::Cancel))} />
        </section>
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

fn waits(blocked: &Blocked, now: u64, bridge: &Callback<Intent>) -> Html {
    let left = blocked.until.map(|until| format!("{} left", format::remaining(until.saturating_sub(now))));
    html! {
        <div class="terminal__waiting" data-blocked="true">
            <span class="terminal__blocked" role="status">
                { "Waiting: " }<code class="terminal__command">{ &*blocked.command }</code>
            </span>
            <span>{ left.unwrap_or_else(|| "no time-out".to_owned()) }</span>
            <button class="button" onclick={bridge.reform(|_: MouseEvent| Intent::Cancel)}
                title="Ends the waiting as a time-out would (Esc in the prompt)">{ "Cancel" }</button>
        </div>
    }
}

fn progress(waiting: Waiting, bridge: &Callback<Intent>) -> Html {
    let done = waiting.of.saturating_sub(waiting.left);
    html! {
        <div class="terminal__waiting">
            <progress max={waiting.of.to_string()} value={done.to_string()} aria-label="Lines run" />
            <span>{ format!("{done} of {} lines", waiting.of) }</span>
            <button class="button" onclick={bridge.reform(|_: MouseEvent| Intent::Stop)}>{ "Stop" }</button>
        </div>
    }
}
