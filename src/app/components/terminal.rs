//! The terminal: the sessions' tabs and, under them, the shown session or all of them.

use std::rc::Rc;

use yew::prelude::*;

use super::editor::Editor as EditorView;
use super::session::Session;
use super::session_tabs::{Label, SessionTabs};
use crate::bridge::Intent;
use crate::state::Action;
use crate::state::assist::Assist;
use crate::state::editor::Editor;
use crate::state::sessions::{SessionView, Sessions};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub state: Rc<Sessions>,
    pub assist: Rc<Assist>,
    /// How the sessions stand in the engine.
    pub view: Vec<SessionView>,
    pub editor: Rc<Editor>,
    /// The step of the past that is looked at.
    pub past: Option<u64>,
    /// Why nothing can be run now.
    pub held: Option<&'static str>,
    /// Milliseconds since the epoch on the virtual clock; asked for only while a session waits.
    pub now: u64,
    /// Time passes by itself.
    pub ticks: bool,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Terminal)]
pub fn terminal(props: &Props) -> Html {
    let Props { state, view, .. } = props;
    let standing = |tab| view.iter().find(|session| session.tab == tab);
    let blocked = |tab| standing(tab).and_then(|session| session.blocked.clone());
    let labels: Vec<_> = state
        .tabs
        .iter()
        .map(|tab| Label {
            id: tab.id,
            name: tab.name.clone(),
            unseen: tab.unseen,
            waits: blocked(tab.id).is_some(),
        })
        .collect();
    let shown_name = state.get(state.shown).map(|tab| tab.name.clone()).unwrap_or_default();
    let several = state.tabs.len() > 1;
    let beside = if state.beside { state.tabs.len() } else { 1 };
    html! {
        <section class="zone terminal" id="do" data-zone="do" aria-label="Terminal"
            data-beside={(state.beside && several).then_some("true")}>
            <h2 class="hidden">{ "Terminal" }</h2>
            <SessionTabs {labels} shown={state.shown} beside={state.beside} script={props.editor.open} bridge={props.bridge.clone()}
                dispatch={props.dispatch.clone()} />
            if props.editor.open {
                <EditorView editor={props.editor.clone()} tab={state.shown} session={shown_name} bridge={props.bridge.clone()}
                    dispatch={props.dispatch.clone()} />
            }
            <div class="sessions">
                { for state.tabs.iter().map(|tab| {
                    let blocked = blocked(tab.id);
                    let now = if blocked.is_some() { props.now } else { 0 };
                    let ticks = props.ticks && blocked.is_some();
                    let prompt = standing(tab.id).map(|session| session.prompt.clone()).unwrap_or_default();
                    html! {
                        <Session key={tab.id.0} tab={tab.id} name={tab.name.clone()} state={tab.terminal.clone()}
                            shown={tab.id == state.shown} past={props.past} held={props.held} assist={props.assist.clone()} {several} {beside} {prompt} {blocked} {now} {ticks}
                            bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
                    }
                }) }
            </div>
        </section>
    }
}
