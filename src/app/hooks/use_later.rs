//! Lets what takes long to draw come after what the reader waits for.
//!
//! It knows nothing of what is drawn.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// Real milliseconds: the answer to a command is on the screen before them, and the eye takes both for one.
const DELAY: u32 = 40;

/// The value as it was a moment ago. Changes that follow each other closely are taken together.
#[hook]
pub fn use_later<T: Clone + PartialEq + 'static>(value: T) -> T {
    let shown = use_state(|| value.clone());
    let newest = use_mut_ref(|| value.clone());
    let is_due = use_mut_ref(|| false);
    if *shown != value && !is_due.replace(true) {
        let (shown, newest, is_due) = (shown.setter(), newest.clone(), is_due.clone());
        Timeout::new(DELAY, move || {
            is_due.replace(false);
            shown.set(newest.borrow().clone());
        })
        .forget();
    }
    newest.replace(value);
    (*shown).clone()
}
