//! Something to do in the lesson: a command, a move of the clock, or a session's turn, by a click.

use std::rc::Rc;

use playground_scenarios::Entry;
use yew::prelude::*;

use super::coloured;
use super::icon::Icon;
use crate::bridge::Intent;
use crate::format;
use crate::state::lesson;
use crate::state::sessions::MAIN;

/// Lines of an answer shown under its command; the terminal has all of it.
const SHOWN_LINES: usize = 12;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub entry: Entry,
    /// Which of the step's things to do it is; none of a solution's.
    pub play: Option<lesson::Play>,
    /// Whose turn it is, where the lesson names sessions.
    pub speaker: Option<Rc<str>>,
    /// It was done, and this is what it answered.
    pub done: Option<Rc<str>>,
    /// Nothing comes after it in its block.
    pub is_last: bool,
    pub bridge: Callback<Intent>,
}

#[component(Play)]
pub fn play(props: &Props) -> Html {
    let speaker = props.speaker.as_deref().unwrap_or(MAIN);
    let (icon, words, title, is_command) = match &props.entry {
        Entry::Run(run) => (Icon::Play, run.text.clone(), "Run this command in the terminal", true),
        Entry::Config { key, value, .. } => {
            (Icon::Play, format!("CONFIG SET {key} {value}"), "Run this command in the terminal", true)
        }
        Entry::Advance { by, .. } => {
            let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
            (Icon::Step, format!("Let {} pass", format::duration(ms)), "Move the virtual clock", false)
        }
        Entry::Receive(_) => {
            (Icon::Eye, format!("See what {speaker} gets"), "Show this session's terminal", false)
        }
        Entry::Close { .. } => (Icon::Cross, format!("Disconnect {speaker}"), "Close this session", false),
        Entry::Session { name, .. } => return turn(name, props.is_last, click(props)),
    };
    let click = click(props);
    let done = props.done.is_some();
    let is_script = words.contains('\n');
    let words = if is_command {
        html! { <code>{ coloured::whole(&words) }</code> }
    } else {
        html! { <span class="run__clock">{ words }</span> }
    };
    let word = match &props.entry {
        Entry::Receive(_) => "show",
        _ if done => "again",
        _ => "run",
    };
    html! {
        <li class="play" data-done={done.to_string()}>
            <button class={classes!("run", is_script.then_some("run--script"))} onclick={click} {title}>
                { icon.draw() }{ words }
                <span class="run__word">{ word }</span>
            </button>
            if let Some(answer) = props.done.as_ref().filter(|answer| !answer.is_empty()) { { shown(answer) } }
        </li>
    }
}

fn click(Props { entry, play, speaker, bridge, .. }: &Props) -> Callback<MouseEvent> {
    let intent = Intent::Play { entry: entry.clone(), play: *play, speaker: speaker.clone() };
    bridge.reform(move |_| intent.clone())
}

/// Whose turn it is from here on; a click shows that session.
fn turn(name: &str, is_last: bool, click: Callback<MouseEvent>) -> Html {
    let words = if is_last && name == MAIN { "Back to session " } else { "In session " };
    html! {
        <li class="play play--turn">
            <button class="play__turn" onclick={click} title="Show this session's terminal">
                { Icon::Prompt.draw() }{ words }<b>{ name }</b>
            </button>
        </li>
    }
}

fn shown(answer: &str) -> Html {
    let head: Vec<&str> = answer.lines().take(SHOWN_LINES).collect();
    let more = if answer.lines().count() > SHOWN_LINES { "\n…" } else { "" };
    html! { <pre class="play__answer">{ format!("{}{more}", head.join("\n")) }</pre> }
}
