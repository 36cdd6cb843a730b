//! Turns real time into virtual time while the clock runs: the only place where real time enters.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use super::browser;
use crate::bridge::Intent;
use crate::state::clock::ClockMode;

/// Real milliseconds between two ticks.
const PERIOD: u32 = 100;
/// A tab in the background is called rarely and a sleeping computer not at all: the virtual clock does not make up for
/// more than this, so that nothing expires unseen.
const LONGEST: f64 = 1_000.0;

#[hook]
pub fn use_ticker(mode: ClockMode, work: u64, bridge: Callback<Intent>) {
    use_effect_with((mode, work), move |(mode, work)| {
        let (ClockMode { running, speed }, work) = (*mode, *work);
        let interval = running.then(|| {
            let mut last = browser::monotonic_ms();
            let mut owed = 0.0;
            Interval::new(PERIOD, move || {
                let now = browser::monotonic_ms();
                owed += (now - last).clamp(0.0, LONGEST) * f64::from(speed);
                last = now;
                let whole = owed.floor();
                owed -= whole;
                bridge.emit(Intent::Tick { ms: whole as u64, work });
            })
        });
        move || drop(interval)
    });
}
