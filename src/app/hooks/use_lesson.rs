//! Fetches the lesson's text from beside the page, and tells the bridge what the current step wants seen.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::futures::{JsFuture, spawn_local};
use playground_scenarios::Lesson;
use playground_scenarios::lesson::See;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Response;
use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::bridge::{Intent, Watch};
use crate::state::Action;
use crate::state::lesson::Load;

#[hook]
pub fn use_lesson(state: &UseReducerHandle<Shared>, bridge: Callback<Intent>) {
    let dispatcher = state.dispatcher();
    let wanted =
        (state.lesson.load == Load::Loading).then(|| format!("scenarios/{}.md", state.lesson.name()));
    use_effect_with(wanted, move |wanted| {
        let is_wanted = Rc::new(Cell::new(true));
        if let Some(path) = wanted.clone() {
            let is_wanted = is_wanted.clone();
            spawn_local(async move {
                let lesson = fetch(&path).await.and_then(|text| {
                    let parsed = Lesson::parse(&text).map(Rc::new);
                    parsed.map_err(|error| format!("{path}, line {}: {}", error.line, error.reason))
                });
                // Another one may have been chosen meanwhile.
                if is_wanted.get() {
                    dispatcher.dispatch(Action::LessonLoaded(lesson));
                }
            });
        }
        move || is_wanted.set(false)
    });
    let lesson = &state.lesson;
    let watched = lesson.started.then(|| lesson.lesson()).flatten();
    let watch = watched.map_or_else(Watch::default, |found| Watch {
        step: lesson.step,
        picture: match found.seen_at(lesson.step) {
            Some(See::Key(key)) => Some(key.clone()),
            _ => None,
        },
        check: lesson.current().and_then(|step| step.check().cloned()),
    });
    use_effect_with(watch, move |watch| bridge.emit(Intent::Watch(watch.clone())));
}

/// The names of the lessons that there are, a line each.
pub(super) async fn names() -> Result<String, String> {
    fetch("scenarios/index.txt").await
}

async fn fetch(path: &str) -> Result<String, String> {
    let failed = |_: JsValue| format!("{path} could not be loaded. Is the page still being served?");
    let window = browser::window().ok_or("there is no window")?;
    let answer = JsFuture::from(window.fetch_with_str(path)).await.map_err(failed)?;
    let response: Response = answer.dyn_into().map_err(failed)?;
    if !response.ok() {
        return Err(format!("{path} could not be loaded: the server answered {}.", response.status()));
    }
    let text = JsFuture::from(response.text().map_err(failed)?).await.map_err(failed)?;
    text.as_string().ok_or_else(|| format!("{path} is not text."))
}
