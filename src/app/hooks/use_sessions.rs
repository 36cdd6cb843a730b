//! Sends the keyboard to the session that is shown, and remembers whether all are shown side by side.

use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::state::Action;
use crate::state::sessions::Focus;

const NAME: &str = "playground.sessions";
const BESIDE: &str = "beside";

#[hook]
pub fn use_sessions(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        // On a phone, focus would open the keyboard over half the page before anything was read.
        if has_mouse() {
            browser::focus("prompt");
        }
        if browser::remembered(NAME).as_deref() == Some(BESIDE) {
            dispatcher.dispatch(Action::Beside(true));
        }
    });
    let sessions = &state.sessions;
    let shown = sessions.shown;
    use_effect_with(sessions.focus, move |(_, focus)| match focus {
        Focus::Stay => {}
        Focus::Prompt => browser::focus("prompt"),
        Focus::Tab => browser::focus(&format!("tab-{}", shown.0)),
    });
    use_effect_with(sessions.beside, |beside| {
        if *beside || browser::remembered(NAME).is_some() {
            browser::remember(NAME, if *beside { BESIDE } else { "one" });
        }
    });
}

/// Whether there is a mouse, and most likely a keyboard of its own.
pub fn has_mouse() -> bool {
    browser::media("(hover: hover) and (pointer: fine)")
}

/// Where the keyboard goes after a click: to the prompt, unless that opens one over half the page.
pub fn focus_by_hand() -> Focus {
    if has_mouse() { Focus::Prompt } else { Focus::Stay }
}
