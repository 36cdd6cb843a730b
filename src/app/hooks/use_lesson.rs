//! Gets the lesson's text, from beside the page or from where the reader opened it, begins lessons, and tells the bridge
//! what the current step wants seen.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::futures::spawn_local;
use playground_scenarios::Lesson;
use playground_scenarios::see::See;
use yew::prelude::*;

use super::lesson_files;
use crate::app::Shared;
use crate::bridge::{Intent, SaveIntent, Watch};
use crate::lessons::{self, Listed};
use crate::state::Action;
use crate::state::lesson::{Load, Source};
use crate::state::save::SaveAction;

#[hook]
pub fn use_lesson(state: &UseReducerHandle<Shared>, bridge: Callback<Intent>) {
    let dispatcher = state.dispatcher();
    let wanted = (state.lesson.load == Load::Loading).then(|| state.lesson.name().to_owned());
    use_effect_with(wanted, move |wanted| {
        let is_wanted = Rc::new(Cell::new(true));
        if let Some(name) = wanted.clone() {
            let is_wanted = is_wanted.clone();
            spawn_local(async move {
                let lesson = load(&name).await;
                // Another one may have been chosen meanwhile.
                if is_wanted.get() {
                    dispatcher.dispatch(Action::LessonLoaded(lesson));
                }
            });
        }
        move || is_wanted.set(false)
    });
    let lesson = &state.lesson;
    let watch = lesson.begun().map_or_else(Watch::default, |found| Watch {
        step: lesson.step,
        picture: match found.seen_at(lesson.step) {
            Some(See::Key { name, .. }) => Some(name.clone()),
            _ => None,
        },
        check: lesson.current().and_then(|step| step.check().cloned()),
    });
    use_effect_with(watch, move |watch| bridge.emit(Intent::Watch(watch.clone())));
}

async fn load(name: &str) -> Result<Rc<Lesson>, String> {
    match Source::of(name) {
        Source::List(name) => {
            let path = format!("scenarios/{name}.md");
            lesson_files::parsed(&path, &lesson_files::fetch(&path).await?)
        }
        Source::Address(address) => lesson_files::at(address).await.map(|(_, lesson)| lesson),
        Source::File(file) => lesson_files::kept(file),
    }
}

/// The list of lessons.
pub(super) async fn list() -> Result<Vec<Listed>, String> {
    lesson_files::fetch("scenarios/index.txt").await.map(|text| lessons::parse(&text))
}

/// Begins a lesson, or goes on with it, on a Redis of its own on which all is done that the steps before do: answers are
/// as they are written then, whatever was done before.
pub fn begin(
    lesson: &Lesson,
    step: usize,
    anew: bool,
    bridge: &Callback<Intent>,
    dispatch: &Callback<Action>,
) {
    bridge.emit(Intent::Save(SaveIntent::Afresh));
    // The cover says that what gave way can be taken back; no message over it is needed.
    dispatch.emit(Action::Save(SaveAction::Dismissed));
    bridge.emit(Intent::SetUp(lesson.up_to(step)));
    dispatch.emit(if anew { Action::LessonStarted } else { Action::LessonResumed });
    dispatch.emit(Action::LessonStep(step));
}
