//! Has the bridge go on with its survey of memory for as long as the picture of it is on the screen.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::browser;
use crate::bridge::Intent;
use crate::state::memory::Scope;

/// Real milliseconds between two calls.
const PERIOD: u32 = 150;

/// Surveys a scope while the element of that name can be seen.
#[hook]
pub fn use_survey(scope: Scope, element: &'static str, bridge: Callback<Intent>) {
    use_effect_with(scope, move |scope| {
        let scope = scope.clone();
        bridge.emit(Intent::Survey(scope.clone()));
        let interval = Interval::new(PERIOD, move || {
            // On a phone another zone may be shown.
            if browser::element(element).is_some_and(|found| found.client_height() > 0) {
                bridge.emit(Intent::Survey(scope.clone()));
            }
        });
        move || drop(interval)
    });
}
