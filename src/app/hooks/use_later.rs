//! Lets what takes long to draw come after what the reader waits for.
//!
//! It knows nothing of what is drawn.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

/// Real milliseconds: the answer to a command is on the screen before them, and the eye takes both for one.
const DELAY: u32 = 40;

/// The value, and whether it is late: where it may wait it is as it was a moment ago, and changes that follow each other
/// closely are taken together. `may_wait` is asked with the value to come and the one that is drawn.
#[hook]
pub fn use_later<T: Clone + 'static>(value: T, may_wait: fn(&T, &T) -> bool) -> (T, bool) {
    let drawn = use_mut_ref(|| value.clone());
    let newest = use_mut_ref(|| value.clone());
    let is_due = use_mut_ref(|| false);
    let trigger = use_force_update();
    newest.replace(value.clone());
    if !may_wait(&value, &drawn.borrow()) {
        drawn.replace(value.clone());
        return (value, false);
    }
    let late = drawn.borrow().clone();
    if !is_due.replace(true) {
        Timeout::new(DELAY, move || {
            is_due.replace(false);
            drawn.replace(newest.borrow().clone());
            trigger.force_update();
        })
        .forget();
    }
    (late, true)
}
