//! Remembers which zones the reader has hidden.

use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::state::Action;
use crate::state::layout::Hidden;

const NAME: &str = "playground.hidden";

#[hook]
pub fn use_hidden(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        if let Some(tokens) = browser::remembered(NAME) {
            dispatcher.dispatch(Action::Hidden(Hidden::from_tokens(&tokens)));
        }
    });
    use_effect_with(state.layout.hidden, |hidden| {
        if *hidden != Hidden::default() || browser::remembered(NAME).is_some() {
            browser::remember(NAME, &hidden.tokens());
        }
    });
}
