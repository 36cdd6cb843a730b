//! Remembers how far the reader is in each lesson, which one was chosen, and whose client's code is shown; fetches the list
//! of lessons.

use std::rc::Rc;

use js_sys::futures::spawn_local;
use playground_scenarios::snippet::Client;
use yew::prelude::*;

use super::{browser, use_lesson};
use crate::app::Shared;
use crate::progress::{self, Marks};
use crate::state::Action;
use crate::state::lessons::{Index, LessonsAction};

const PROGRESS: &str = "playground.progress";
const CLIENT: &str = "playground.client";
const CHOSEN: &str = "playground.chosen";

#[hook]
pub fn use_progress(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        let marks = kept();
        if !marks.is_empty() {
            dispatcher.dispatch(Action::Lessons(LessonsAction::Remembered(marks)));
        }
        // A lesson that had begun comes back with the work; this is for covers.
        if let Some(name) = browser::remembered(CHOSEN).filter(|name| !name.is_empty()) {
            dispatcher.dispatch(Action::LessonChosen(name.into()));
        }
        let name = browser::remembered(CLIENT).unwrap_or_default();
        if let Some(client) = Client::ALL.into_iter().find(|client| client.name() == name) {
            dispatcher.dispatch(Action::Lessons(LessonsAction::Client(client)));
        }
    });
    let written = use_mut_ref(Rc::<Marks>::default);
    use_effect_with(state.lessons.marks.clone(), move |marks| {
        let before = written.replace(marks.clone());
        if **marks == *before {
            return;
        }
        // Another tab may have written of other lessons meanwhile.
        let mut all = if marks.is_empty() { Marks::default() } else { kept() };
        for (name, mark) in marks.iter().filter(|(name, mark)| before.get(name) != Some(mark)) {
            all.insert(name.clone(), mark.clone());
        }
        browser::remember(PROGRESS, &progress::write(&all));
    });
    let (client, chosen) = (state.lessons.client, state.lesson.chosen.clone());
    let first = use_mut_ref(|| true);
    use_effect_with((client, chosen), move |(client, chosen)| {
        // What was remembered is on its way.
        if !first.replace(false) {
            browser::remember(CLIENT, client.name());
            browser::remember(CHOSEN, chosen);
        }
    });
    let dispatcher = state.dispatcher();
    use_effect_with(state.lessons.index == Index::Loading, move |wanted| {
        if *wanted {
            spawn_local(async move {
                let list = use_lesson::list().await.map(Into::into);
                dispatcher.dispatch(Action::Lessons(LessonsAction::Index(Some(list))));
            });
        }
    });
}

fn kept() -> Marks {
    browser::remembered(PROGRESS).map(|text| progress::read(&text)).unwrap_or_default()
}
