//! Listens for the shortcuts that work everywhere on the page. Which there are is listed elsewhere.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};
use yew::prelude::*;

use super::browser;
use super::listener::Listener;
use crate::app::Shared;
use crate::bridge::{Intent, Journey};
use crate::components::lesson_list::SWITCH;
use crate::shortcuts::{self, Act};
use crate::state::Action;
use crate::state::editor::EditorAction;
use crate::state::layout::Zone;
use crate::state::lessons::LessonsAction;
use crate::state::sessions::Focus;

/// Where the lesson is a drawer over the page.
const NARROW: &str = "(width < 1100px)";

#[hook]
pub fn use_shortcuts(state: &UseReducerHandle<Shared>, bridge: Callback<Intent>) {
    let (dispatcher, closer) = (state.dispatcher(), state.dispatcher());
    use_effect_with((state.clock.running, state.editor.open), move |(running, script)| {
        let (running, script) = (*running, *script);
        let act = move |act: Act| match act {
            Act::Prompt => browser::focus("prompt"),
            Act::OpenSession => bridge.emit(Intent::Open(Focus::Prompt)),
            Act::NextSession => bridge.emit(Intent::Turn { back: false }),
            Act::SessionBefore => bridge.emit(Intent::Turn { back: true }),
            Act::Run => dispatcher.dispatch(Action::Running(!running)),
            Act::Step => bridge.emit(Intent::Step(1_000)),
            Act::NextExpiry => bridge.emit(Intent::NextExpiry),
            Act::NextTimeout => bridge.emit(Intent::NextTimeout),
            Act::Back => bridge.emit(Intent::Travel(Journey::Back)),
            Act::Forth => bridge.emit(Intent::Travel(Journey::Forth)),
            Act::Return => bridge.emit(Intent::Travel(Journey::Return)),
            Act::Branch => bridge.emit(Intent::Travel(Journey::Branch)),
            Act::Toggle(Zone::Learn) if browser::media(NARROW) => dispatcher.dispatch(Action::Drawer(true)),
            Act::Toggle(zone) => dispatcher.dispatch(Action::ToggleZone(zone)),
            Act::Lessons => {
                dispatcher.dispatch(Action::Lessons(LessonsAction::Toggle));
                if browser::media(NARROW) {
                    dispatcher.dispatch(Action::Drawer(true));
                }
                browser::focus(SWITCH);
            }
            Act::Script => dispatcher.dispatch(Action::Editor(EditorAction::Open(!script))),
            Act::Help => dispatcher.dispatch(Action::Shortcuts(true)),
        };
        let listener = Listener::on(browser::document(), "keydown", move |event| {
            let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
            // Where a dialog lies over all, Escape is the dialog's.
            let dialog =
                browser::document().and_then(|page| page.query_selector("dialog[open]").ok().flatten());
            if event.key() == "Escape" && dialog.is_none() {
                closer.dispatch(Action::Drawer(false));
            }
            if event.ctrl_key() || event.meta_key() {
                return;
            }
            let shortcut = if event.alt_key() {
                shortcuts::find(&event.code()).map(|shortcut| shortcut.act)
            } else {
                (event.key() == "?" && !is_writing(event)).then_some(Act::Help)
            };
            if let Some(shortcut) = shortcut {
                event.prevent_default();
                act(shortcut);
            }
        });
        move || drop(listener)
    });
}

/// Whether the key belongs into a field.
fn is_writing(event: &KeyboardEvent) -> bool {
    browser::target::<HtmlElement>(event)
        .is_some_and(|target| matches!(&*target.tag_name(), "INPUT" | "TEXTAREA" | "SELECT"))
}
