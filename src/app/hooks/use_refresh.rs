//! Has the bridge renew the order and the figures of the list of keys for as long as it is on the screen.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::browser;
use crate::bridge::Intent;
use crate::state::keys::KeysIntent;

/// Real milliseconds between two calls.
const PERIOD: u32 = 250;

#[hook]
pub fn use_refresh(element: &'static str, bridge: Callback<Intent>) {
    use_effect_with((), move |()| {
        let interval = Interval::new(PERIOD, move || {
            // Another picture, or on a phone another zone, may be shown.
            if browser::element(element).is_some_and(|found| found.client_height() > 0) {
                bridge.emit(Intent::Keys(KeysIntent::Refresh));
            }
        });
        move || drop(interval)
    });
}
