//! Lets what takes long to draw come after what the reader waits for.
//!
//! It knows nothing of what is drawn.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// Real milliseconds: the answer to a command is on the screen before them, and the eye takes both for one.
const DELAY: u32 = 40;

/// The value; where it may wait, as it was a moment ago: changes that follow each other closely are taken together.
/// `may_wait` is asked with the value that is drawn and the one to come.
#[hook]
pub fn use_later<T: Clone + PartialEq + 'static>(value: T, may_wait: fn(&T, &T) -> bool) -> T {
    let shown = use_state(|| value.clone());
    let newest = use_mut_ref(|| value.clone());
    let is_due = use_mut_ref(|| false);
    newest.replace(value.clone());
    if *shown == value {
        return value;
    }
    let waits = may_wait(&shown, &value);
    if !is_due.replace(true) {
        let shown = shown.setter();
        Timeout::new(if waits { DELAY } else { 0 }, move || {
            is_due.replace(false);
            shown.set(newest.borrow().clone());
        })
        .forget();
    }
    if waits { (*shown).clone() } else { value }
}
