//! Keeps the lines that were run for the reader's next visit, in this browser; where it forbids that, only until then.

use std::rc::Rc;

use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::state::Action;
use crate::state::assist::AssistAction;

const NAME: &str = "playground.history";
/// What is stored may come from anywhere.
const MOST: usize = 500;
const LONGEST: usize = 1_000;

#[hook]
pub fn use_line_history(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        let text = browser::remembered(NAME).unwrap_or_default();
        let lines = text.lines().filter(|line| !line.trim().is_empty() && line.len() <= LONGEST);
        let lines: Vec<Rc<str>> = lines.take(MOST).map(Rc::from).collect();
        if !lines.is_empty() {
            dispatcher.dispatch(Action::Assist(AssistAction::Remembered(lines)));
        }
    });
    use_effect_with(state.assist.kept.clone(), |kept| {
        if !kept.is_empty() {
            browser::remember(NAME, &kept.join("\n"));
        }
    });
}
