//! Tells the bridge how the reader looks at the key that is looked into.

use yew::prelude::*;

use crate::app::Shared;
use crate::bridge::Intent;

#[hook]
pub fn use_inspect(state: &UseReducerHandle<Shared>, bridge: Callback<Intent>) {
    let wanted = state.view.selected.clone().map(|key| {
        let lens = state.glances.of(&key).lens();
        (key, lens)
    });
    use_effect_with(wanted, move |wanted| {
        if let Some((key, lens)) = wanted.clone() {
            bridge.emit(Intent::Inspect(key, lens));
        }
    });
}
