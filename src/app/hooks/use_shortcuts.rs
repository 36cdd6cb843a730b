//! Keys that work everywhere on the page.
//!
//! Alt with a letter, by its place on the keyboard, since on some systems Alt makes another character of it. The
//! titles of the buttons name them.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::bridge::{Intent, Journey};
use crate::state::Action;
use crate::state::sessions::Focus;

#[hook]
pub fn use_shortcuts(state: &UseReducerHandle<Shared>, bridge: Callback<Intent>) {
    let dispatcher = state.dispatcher();
    use_effect_with(state.clock.running, move |running| {
        let running = *running;
        let listener = Closure::<dyn Fn(KeyboardEvent)>::new(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                dispatcher.dispatch(Action::Drawer(false));
            }
            if !event.alt_key() || event.ctrl_key() || event.meta_key() {
                return;
            }
            match event.code().as_str() {
                "KeyP" => dispatcher.dispatch(Action::Running(!running)),
                "KeyN" => bridge.emit(Intent::NextExpiry),
                "KeyS" => bridge.emit(Intent::Step(1_000)),
                "KeyO" => bridge.emit(Intent::NextTimeout),
                "KeyZ" => bridge.emit(Intent::Travel(Journey::Back)),
                "KeyY" => bridge.emit(Intent::Travel(Journey::Forth)),
                "KeyR" => bridge.emit(Intent::Travel(Journey::Return)),
                "KeyB" => bridge.emit(Intent::Travel(Journey::Branch)),
                "KeyC" => bridge.emit(Intent::Open(Focus::Prompt)),
                "KeyJ" => bridge.emit(Intent::Turn { back: false }),
                "KeyK" => bridge.emit(Intent::Turn { back: true }),
                "KeyT" => browser::focus("prompt"),
                _ => return,
            }
            event.prevent_default();
        });
        let document = browser::document();
        if let Some(document) = &document {
            let _ = document.add_event_listener_with_callback("keydown", listener.as_ref().unchecked_ref());
        }
        move || {
            if let Some(document) = document {
                let callback = listener.as_ref().unchecked_ref();
                let _ = document.remove_event_listener_with_callback("keydown", callback);
            }
        }
    });
}
