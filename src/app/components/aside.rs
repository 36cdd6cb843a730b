//! What is said about an answer: quiet, under it, with lines to put into the prompt; it can be closed.

use std::rc::Rc;

use yew::prelude::*;

use super::coloured;
use super::icon::Icon;
use crate::explain::Aside as Said;
use crate::hooks::browser;
use crate::hooks::use_sessions::focus_by_hand;
use crate::state::Action;
use crate::state::assist::AssistAction;
use crate::state::sessions::{Focus, TabId};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub tab: TabId,
    /// Of the entry in the log.
    pub id: u64,
    pub said: Rc<Said>,
    pub open: bool,
    pub dispatch: Callback<Action>,
}

#[component(Aside)]
pub fn aside(props: &Props) -> Html {
    let Props { tab, id, said, open, .. } = props;
    let (tab, id, open) = (*tab, *id, *open);
    let turn = props
        .dispatch
        .reform(move |_: MouseEvent| Action::Assist(AssistAction::Explain { tab, id, open: !open }));
    if !open {
        let label = if said.is_example { "Examples" } else { "Explain" };
        return html! {
            <button class="aside__open" aria-expanded="false" onclick={turn}>{ Icon::Chevron.draw() }{ label }</button>
        };
    }
    let (hide, title) = if said.is_example {
        ("Hide the examples", "Hide this, and those of coming answers")
    } else {
        ("Hide the explanation", "Hide this, and those of coming errors")
    };
    html! {
        <div class="aside">
            <div class="aside__body">
                <p>{ &said.text }</p>
                if let Some(usage) = &said.usage { <p class="aside__usage"><code>{ usage }</code></p> }
                if !said.offers.is_empty() {
                    <ul class="aside__offers">{ for said.offers.iter().map(|line| offer(line, props)) }</ul>
                }
            </div>
            <button class="button button--quiet button--icon aside__close" onclick={turn} aria-expanded="true" {title}
                aria-label={hide}>{ Icon::Cross.draw() }</button>
        </div>
    }
}

/// A line that a click puts into the prompt, where it can be changed before it is run.
fn offer(line: &Rc<str>, props: &Props) -> Html {
    let (tab, line_to_insert, dispatch) = (props.tab, line.clone(), props.dispatch.clone());
    let click = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::Assist(AssistAction::Insert(tab, line_to_insert.clone())));
        if focus_by_hand() == Focus::Prompt {
            browser::focus("prompt");
        }
    });
    html! {
        <li><button class="aside__offer" onclick={click} title="Put this line into the prompt">
            <code>{ coloured::whole(line) }</code>
        </button></li>
    }
}
