//! Keeps the script for the reader's next visit, in this browser; where it forbids that, only until then.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::state::Action;
use crate::state::editor::{EditorAction, LARGEST};

const NAME: &str = "playground.script";
/// Real milliseconds without another keystroke before it is written.
const PAUSE: u32 = 400;

#[hook]
pub fn use_editor(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        let text = browser::remembered(NAME).filter(|text| !text.is_empty() && text.len() <= LARGEST);
        if let Some(text) = text {
            dispatcher.dispatch(Action::Editor(EditorAction::Type(text)));
        }
    });
    use_effect_with(state.editor.text.clone(), |text| {
        let is_worth_it = text.len() <= LARGEST && (!text.is_empty() || browser::remembered(NAME).is_some());
        let text = text.clone();
        let later = is_worth_it.then(|| Timeout::new(PAUSE, move || browser::remember(NAME, &text)));
        move || drop(later)
    });
}
