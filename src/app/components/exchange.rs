//! A command and its answer in the log.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::aside::Aside;
use super::coloured;
use super::reply::Reply;
use crate::format;
use crate::highlight;
use crate::hooks::browser;
use crate::state::Action;
use crate::state::sessions::TabId;
use crate::state::terminal::Entry;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// The session in whose log it is.
    pub tab: TabId,
    pub entry: Rc<Entry>,
    /// It has not happened yet, where the page looks.
    pub later: bool,
    /// Nothing came after it.
    pub newest: bool,
    pub dispatch: Callback<Action>,
}

#[component(Exchange)]
pub fn exchange(props: &Props) -> Html {
    let entry = &props.entry;
    let (tab, id) = (props.tab, entry.id);
    let near = use_state(|| false);
    let approach = {
        let near = near.clone();
        Callback::from(move |()| {
            near.set(true);
            // Once it is there.
            Timeout::new(0, move || browser::focus(&format!("as-{}-{id}", tab.0))).forget();
        })
    };
    let hover = {
        let near = near.clone();
        Callback::from(move |_: PointerEvent| {
            if !*near {
                near.set(true);
            }
        })
    };
    html! {
        <div class="exchange" data-later={props.later.then_some("true")} id={format!("run-{}-{id}", tab.0)}
            onpointerenter={hover}>
            if !entry.line.is_empty() {
            <div class="exchange__line" data-several={entry.line.contains('\n').then_some("true")}><span class="exchange__prompt">{ &*entry.prompt }</span>{ shown_line(&entry.line) }</div>
            }
            <Reply {tab} entry={entry.clone()} near={*near || props.newest} {approach} dispatch={props.dispatch.clone()} />
            if let Some(said) = &entry.aside {
                <Aside {tab} {id} said={said.clone()} open={entry.is_explained}
                    dispatch={props.dispatch.clone()} />
            }
        </div>
    }
}

/// A pasted line may be as long as a book; its head says which one it was.
fn shown_line(line: &str) -> Html {
    const LONGEST: usize = 2_000;
    const MOST_LINES: usize = 60;
    let by_chars = line.char_indices().nth(LONGEST).map(|(end, _)| end);
    let by_lines = line.match_indices('\n').nth(MOST_LINES - 1).map(|(end, _)| end);
    match by_chars.into_iter().chain(by_lines).min() {
        Some(end) => {
            let (head, rest) = line.split_at_checked(end).unwrap_or((line, ""));
            let hidden = format::count(rest.chars().count());
            // What is cut off is not wrong.
            html! { <>{ coloured::coloured(head, &highlight::unfinished(head)) }{ format!("… ({hidden} more characters)") }</> }
        }
        None => coloured::whole(line),
    }
}
