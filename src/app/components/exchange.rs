//! A command and its answer in the log.

use std::rc::Rc;

use yew::prelude::*;

use crate::format;
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
    pub dispatch: Callback<Action>,
}

#[component(Exchange)]
pub fn exchange(props: &Props) -> Html {
    let entry = &props.entry;
    let (tab, id) = (props.tab, entry.id);
    let expand = props.dispatch.reform(move |_: MouseEvent| Action::Expand(tab, id));
    html! {
        <div class="exchange" data-later={props.later.then_some("true")} id={format!("run-{}-{id}", tab.0)}>
            if !entry.line.is_empty() {
            <div class="exchange__line"><span class="exchange__prompt">{ &*entry.prompt }</span>{ shown_line(&entry.line) }</div>
            }
            <pre class={classes!("exchange__answer", entry.is_error.then_some("exchange__answer--error"))}>
                { entry.shown_output().to_owned() }
            </pre>
            if entry.is_cut() {
                <button class="button exchange__more" onclick={expand}>
                    { format!("Show more: {} left", format::counted(entry.hidden_lines, "line", "lines")) }
                </button>
            }
        </div>
    }
}

/// A pasted line may be as long as a book; its head says which one it was.
fn shown_line(line: &str) -> String {
    const LONGEST: usize = 2_000;
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => {
            let hidden = format::count(line.chars().count() - LONGEST);
            format!("{}… ({hidden} more characters)", line.get(..end).unwrap_or_default())
        }
        None => line.to_owned(),
    }
}
