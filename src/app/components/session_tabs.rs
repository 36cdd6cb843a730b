//! The tabs of the sessions, as the ARIA pattern has them: arrows choose, Home and End go to the ends, Delete closes,
//! Enter goes to the prompt. Behind them: a new session, and all side by side.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::icon::Icon;
use crate::bridge::Intent;
use crate::hooks::use_sessions::focus_by_hand;
use crate::state::Action;
use crate::state::editor::EditorAction;
use crate::state::sessions::{Focus, TabId};

/// What a tab says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub id: TabId,
    pub name: Rc<str>,
    pub unseen: usize,
    pub waits: bool,
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub labels: Vec<Label>,
    pub shown: TabId,
    pub beside: bool,
    /// Whether the script editor is open.
    pub script: bool,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(SessionTabs)]
pub fn session_tabs(props: &Props) -> Html {
    let list = use_node_ref();
    {
        let list = list.clone();
        use_effect_with((props.shown, props.labels.len()), move |_| reveal(&list));
    }
    let alone = props.labels.len() < 2;
    let beside = props.beside;
    let open = props.bridge.reform(|_: MouseEvent| Intent::Open(focus_by_hand()));
    let script = props.script;
    let write = props.dispatch.reform(move |_: MouseEvent| Action::Editor(EditorAction::Open(!script)));
    let turn = props.dispatch.reform(move |_: MouseEvent| Action::Beside(!beside));
    html! {
        <header class="zone__head sessions__head">
            <div class="tabs" role="tablist" aria-label="Sessions" ref={list} onkeydown={on_key(props)}>
                { for props.labels.iter().map(|label| tab(label, props)) }
            </div>
            <button class="button button--quiet button--icon" onclick={open} title="New session (Alt+C)"
                aria-label="New session">{ Icon::Plus.draw() }</button>
            <button class="button button--quiet button--icon sessions__script" onclick={write} aria-pressed={script.to_string()}
                title="Write a script of commands (Alt+E)" aria-label="Script">{ Icon::Script.draw() }</button>
            <button class="button button--quiet button--icon sessions__beside" onclick={turn} disabled={alone}
                aria-pressed={beside.to_string()} title="All sessions side by side" aria-label="All sessions side by side">
                { Icon::Beside.draw() }
            </button>
        </header>
    }
}

fn tab(label: &Label, props: &Props) -> Html {
    let id = label.id;
    let shown = id == props.shown;
    let show = props.bridge.reform(move |_: MouseEvent| Intent::Show(id, focus_by_hand()));
    // For the mouse alone; the keyboard has Delete.
    let close = props.bridge.reform(move |event: MouseEvent| {
        event.stop_propagation();
        Intent::Close(id, focus_by_hand())
    });
    let unseen = if label.unseen > 99 { "99+".to_owned() } else { label.unseen.to_string() };
    let alone = props.labels.len() < 2;
    let title = if alone {
        "Alt+J and Alt+K go to the next and previous session"
    } else {
        "Delete closes; Alt+J and Alt+K go to the next and previous session"
    };
    html! {
        <button key={id.0} class="tab" id={format!("tab-{}", id.0)} role="tab" aria-selected={shown.to_string()}
            aria-controls={format!("session-{}", id.0)} tabindex={if shown { "0" } else { "-1" }} onclick={show} {title}>
            <span class="tab__name">{ &*label.name }</span>
            if label.waits {
                <span class="tab__waits" title="Waits">{ Icon::Hourglass.draw() }<span class="hidden">{ " waits" }</span></span>
            }
            if label.unseen > 0 {
                <span class="tab__unseen">{ unseen }<span class="hidden">{ " new" }</span></span>
            }
            if !alone {
                <span class="tab__close" aria-hidden="true" title={format!("Close {}", label.name)} onclick={close}>
                    { Icon::Cross.draw() }
                </span>
            }
        </button>
    }
}

fn on_key(props: &Props) -> Callback<KeyboardEvent> {
    let tabs: Vec<TabId> = props.labels.iter().map(|label| label.id).collect();
    let (shown, bridge) = (props.shown, props.bridge.clone());
    Callback::from(move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let at = tabs.iter().position(|tab| *tab == shown).unwrap_or(0);
        let count = tabs.len().max(1);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % count,
            "ArrowLeft" => (at + count - 1) % count,
            "Home" => 0,
            "End" => count - 1,
            "Delete" => {
                event.prevent_default();
                bridge.emit(Intent::Close(shown, Focus::Tab));
                return;
            }
            "Enter" | " " => {
                event.prevent_default();
                bridge.emit(Intent::Show(shown, Focus::Prompt));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(tab) = tabs.get(to) {
            bridge.emit(Intent::Show(*tab, Focus::Tab));
        }
    })
}

/// Brings the chosen tab into sight where there are more than fit, and moves nothing but the tabs.
fn reveal(list: &NodeRef) {
    let Some(list) = list.cast::<HtmlElement>() else { return };
    let chosen = list.query_selector("[aria-selected=true]").ok().flatten();
    let Some(chosen) = chosen.and_then(|chosen| chosen.dyn_into::<HtmlElement>().ok()) else { return };
    let (start, width) = (chosen.offset_left() - list.offset_left(), chosen.offset_width());
    if start < list.scroll_left() {
        list.set_scroll_left(start);
    } else if start + width > list.scroll_left() + list.client_width() {
        list.set_scroll_left(start + width - list.client_width());
    }
}
