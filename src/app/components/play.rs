//! Something to do in the lesson: a command or a move of the clock, run by a click.

use std::rc::Rc;

use playground_scenarios::Entry;
use yew::prelude::*;

use super::icon::Icon;
use crate::format;

/// Lines of an answer shown under its command; the terminal has all of it.
const SHOWN_LINES: usize = 12;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub entry: Entry,
    /// It was done, and this is what it answered.
    pub done: Option<Rc<str>>,
    pub run: Callback<()>,
}

#[component(Play)]
pub fn play(props: &Props) -> Html {
    let (icon, words, title) = match &props.entry {
        Entry::Run(run) => (Icon::Play, run.text.clone(), "Run this command in the terminal"),
        Entry::Config { key, value, .. } => {
            (Icon::Play, format!("CONFIG SET {key} {value}"), "Run this command in the terminal")
        }
        Entry::Advance { by, .. } => {
            let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
            (Icon::Step, format!("Let {} pass", format::duration(ms)), "Move the virtual clock")
        }
        Entry::Session { .. } | Entry::Receive(_) | Entry::Close { .. } => return Html::default(),
    };
    let is_clock = matches!(props.entry, Entry::Advance { .. });
    let click = props.run.reform(|_: MouseEvent| ());
    let done = props.done.is_some();
    let words = if is_clock {
        html! { <span class="run__clock">{ words }</span> }
    } else {
        html! { <code>{ words }</code> }
    };
    html! {
        <li class="play" data-done={done.to_string()}>
            <button class="run" onclick={click} {title}>
                { icon.draw() }{ words }
                <span class="run__word">{ if done { "again" } else { "run" } }</span>
            </button>
            if let Some(answer) = props.done.as_ref().filter(|answer| !answer.is_empty()) { { shown(answer) } }
        </li>
    }
}

fn shown(answer: &str) -> Html {
    let head: Vec<&str> = answer.lines().take(SHOWN_LINES).collect();
    let more = if answer.lines().count() > SHOWN_LINES { "\n…" } else { "" };
    html! { <pre class="play__answer">{ format!("{}{more}", head.join("\n")) }</pre> }
}
