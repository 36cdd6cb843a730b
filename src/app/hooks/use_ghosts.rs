//! Lets expired keys leave the picture once their fading is over.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::app::Shared;
use crate::state::Action;

/// As long as the style sheet fades them.
const FADING_MS: u32 = 1_200;

#[hook]
pub fn use_ghosts(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with(state.ghosts.newest(), move |newest| {
        if let Some(up_to) = *newest {
            Timeout::new(FADING_MS, move || dispatcher.dispatch(Action::GhostsGone(up_to))).forget();
        }
    });
}
