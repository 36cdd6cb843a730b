//! Keeps the work over a reload, and opens what the address asks for.
//!
//! The bridge gives out pieces of text, the store has them; here is when. Work is written a second after something was done,
//! and after five where it goes on and on.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::callback::Interval;
use js_sys::futures::spawn_local;
use wasm_bindgen::JsValue;
use web_sys::IdbDatabase;
use yew::prelude::*;

use super::lesson_files::{self, OpenedIn};
use super::listener::Listener;
use super::store::{self, Failure};
use super::{browser, files, use_lesson};
use crate::app::Shared;
use crate::bridge::{Intent, SaveIntent};
use crate::link::{self, Asked};
use crate::record::Record;
use crate::saved::{Saved, Unreadable};
use crate::state::layout::Zone;
use crate::state::save::{Kept, SaveAction};
use crate::state::{Action, State};

/// Real milliseconds between two looks, and until work is written while it goes on.
const PERIOD: u32 = 500;
const LONGEST: f64 = 5_000.0;

/// The work and its step, the time, and the rest.
type Present = ((u64, u64), u64, Saved);

/// What was written last, and since when there is something else.
#[derive(Default)]
struct Watcher {
    latest: State,
    written: Option<Present>,
    steps: (u64, u64),
    since: Option<f64>,
}

impl Watcher {
    fn present(&self) -> Present {
        let State { save, view, .. } = &self.latest;
        ((save.works, view.travel.steps), view.now, Saved::of(&self.latest, 0))
    }

    /// Whether something is to be written now.
    fn is_due(&mut self, at_once: bool) -> bool {
        let save = &self.latest.save;
        if save.kept != Kept::Keeping {
            // Whatever was given out last may not be there.
            self.written = None;
            return false;
        }
        if save.restoring.is_some() {
            return false;
        }
        let present = self.present();
        if self.written.as_ref() == Some(&present) {
            self.since = None;
            return false;
        }
        let now = browser::monotonic_ms();
        let waited = now - *self.since.get_or_insert(now);
        // Time alone, which passes always, is not worth a write each second.
        let only_time =
            self.written.as_ref().is_some_and(|(steps, _, saved)| (*steps, saved) == (present.0, &present.2));
        let is_quiet = self.steps == present.0 && waited >= 1_000.0 && !only_time;
        self.steps = present.0;
        if at_once || is_quiet || waited >= LONGEST {
            self.written = Some(present);
            self.since = None;
            return true;
        }
        false
    }
}

#[hook]
pub fn use_save(state: &UseReducerHandle<Shared>, bridge: Callback<Intent>) {
    let database = use_mut_ref(|| None::<IdbDatabase>);
    let owner = use_memo((), |()| format!("{}-{}", js_sys::Math::random(), js_sys::Date::now()));
    let lesson = use_state(|| None::<(Rc<str>, usize)>);
    let watcher = use_mut_ref(Watcher::default);
    watcher.borrow_mut().latest = (***state).clone();
    let dispatch = {
        let dispatcher = state.dispatcher();
        Callback::from(move |action: Action| dispatcher.dispatch(action))
    };
    {
        let (database, bridge, dispatch, lesson) =
            (database.clone(), bridge.clone(), dispatch.clone(), lesson.clone());
        use_effect_with((), move |()| {
            let asked = {
                let dispatch = dispatch.clone();
                move || answer_address(&dispatch, &lesson)
            };
            let files = ["dragover", "drop"].map(|kind| {
                let dispatch = dispatch.clone();
                Listener::on(browser::window(), kind, move |event| files::dragged(&event, &dispatch))
            });
            let listener = {
                let asked = asked.clone();
                Listener::on(browser::window(), "hashchange", move |_| asked())
            };
            spawn_local(async move {
                load(&database, &bridge, &dispatch).await;
                asked();
            });
            move || drop((files, listener))
        });
    }
    {
        let (watcher, bridge) = (watcher.clone(), bridge.clone());
        use_effect_with((), move |()| {
            let look = move |at_once: bool| {
                let is_due = watcher.try_borrow_mut().is_ok_and(|mut watcher| watcher.is_due(at_once));
                if is_due {
                    bridge.emit(Intent::Save(SaveIntent::Collect));
                }
            };
            let (hide, leave) = (look.clone(), look.clone());
            let interval = Interval::new(PERIOD, move || look(false));
            let hidden = Listener::on(browser::document(), "visibilitychange", move |_| hide(true));
            let left = Listener::on(browser::window(), "pagehide", move |_| leave(true));
            move || drop((interval, hidden, left))
        });
    }
    {
        let (database, owner, dispatch) = (database.clone(), owner.clone(), dispatch.clone());
        use_effect_with(state.save.kept == Kept::Keeping, move |keeps| {
            let opened = database.borrow().clone();
            if let (true, Some(opened)) = (*keeps, opened) {
                spawn_local(async move {
                    if let Err(failure) = store::claim(&opened, &owner).await {
                        dispatch.emit(Action::Save(SaveAction::Kept(said(failure))));
                    }
                });
            }
        });
    }
    {
        let (bridge, dispatch) = (bridge.clone(), dispatch.clone());
        let batch = state.save.batch.clone();
        use_effect_with(state.save.given.0, move |_| {
            let opened = database.borrow().clone();
            if let (Some(batch), Some(opened)) = (batch, opened) {
                let meta = Saved::of(&watcher.borrow().latest, batch.of).write();
                spawn_local(async move {
                    if let Err(failure) = store::write(&opened, &owner, &batch, &meta).await {
                        bridge.emit(Intent::Save(SaveIntent::NotStored));
                        dispatch.emit(Action::Save(SaveAction::Kept(said(failure))));
                    }
                });
            }
        });
    }
    {
        let file = state.save.file.clone();
        use_effect_with(state.save.given.1, move |_| {
            if let Some(file) = file {
                files::download(file.name, &file.text);
            }
        });
    }
    let present = state.lesson.clone();
    // What is restored comes first: it may be of another lesson.
    let asked = (*lesson).clone().filter(|_| state.save.restoring.is_none());
    let deps = (asked, present.lesson().is_some(), present.chosen.clone());
    use_effect_with(deps, move |(asked, ..)| {
        let Some((name, step)) = asked else { return };
        if present.name() != &**name {
            dispatch.emit(Action::LessonChosen(name.clone()));
        } else if let Some(found) = present.lesson() {
            if present.started {
                dispatch.emit(Action::LessonStep(*step));
            } else {
                use_lesson::begin(found, *step, false, &bridge, &dispatch);
            }
            dispatch.emit(Action::ShowZone(Zone::Learn));
            lesson.set(None);
        }
    });
}

fn said(failure: Failure) -> Kept {
    match failure {
        Failure::Elsewhere => Kept::Elsewhere,
        Failure::Full => Kept::Full,
        Failure::Other(reason) => Kept::Blocked(reason.into()),
    }
}

/// Reads what was kept, and has it done again.
async fn load(
    database: &Rc<RefCell<Option<IdbDatabase>>>,
    bridge: &Callback<Intent>,
    dispatch: &Callback<Action>,
) {
    let kept = |kept: Kept| dispatch.emit(Action::Save(SaveAction::Kept(kept)));
    let found = match store::open().await {
        Ok(opened) => {
            let found = store::read(&opened).await;
            *database.borrow_mut() = Some(opened);
            found
        }
        Err(failure) => Err(failure),
    };
    let found = match found {
        Ok(found) => found,
        Err(failure) => return kept(said(failure)),
    };
    if let Some(previous) = found.previous {
        bridge.emit(Intent::Save(SaveIntent::Previous(previous.into())));
    }
    let text = found.chunks.concat();
    let unreadable = |reason: String| {
        let all = format!(
            "{}{text}",
            found
                .meta
                .as_deref()
                .map(|meta| format!("# {}\n", meta.replace('\n', "\n# ")))
                .unwrap_or_default()
        );
        kept(Kept::Unreadable { reason: reason.into(), text: all.into() });
    };
    let Some(meta) = &found.meta else {
        if found.chunks.is_empty() && !found.is_odd {
            return kept(Kept::Keeping);
        }
        return unreadable("It is damaged: a part of it is missing.".into());
    };
    let saved = match Saved::parse(meta) {
        Ok(saved) => saved,
        Err(Unreadable::OtherVersion) => {
            return unreadable("It was kept by another version of this page.".into());
        }
        Err(Unreadable::Damaged) => {
            return unreadable("It is damaged: how it was kept cannot be read.".into());
        }
    };
    if found.is_odd || saved.chunks != found.chunks.len() {
        return unreadable("It is damaged: a part of it is missing.".into());
    }
    match Record::parse(&text) {
        Ok(record) => {
            kept(Kept::Keeping);
            bridge.emit(Intent::Save(SaveIntent::Restore(Rc::new(record), Rc::new(saved))));
        }
        Err(problem) if problem.other_version => {
            unreadable("It was kept by another version of this page.".into());
        }
        Err(problem) => unreadable(format!("It is damaged. {}.", problem.said())),
    }
}

/// Does what the address asks for, once.
fn answer_address(dispatch: &Callback<Action>, lesson: &UseStateHandle<Option<(Rc<str>, usize)>>) {
    let Some(window) = browser::window() else { return };
    let location = window.location();
    let Some(asked) = link::asked(&location.hash().unwrap_or_default()) else { return };
    let rest =
        format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
    if let Ok(history) = window.history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&rest));
    }
    match asked {
        Asked::Record(packed) => files::open_link(packed, dispatch.clone()),
        Asked::Broken(why) => files::refuse("link", why, dispatch),
        Asked::LessonAt { address, step } => {
            let (shown, lesson) = (dispatch.clone(), lesson.clone());
            let opened = move |name: Rc<str>| {
                shown.emit(Action::ShowZone(Zone::Learn));
                if let Some(step) = step {
                    lesson.set(Some((name, step)));
                }
            };
            lesson_files::open_address(address, OpenedIn::Page, dispatch.clone(), Callback::from(opened));
        }
        Asked::Lesson { name, step } => {
            let (dispatch, lesson) = (dispatch.clone(), lesson.clone());
            spawn_local(async move {
                match use_lesson::list().await {
                    Ok(list) if list.iter().any(|known| *known.name == *name) => {
                        lesson.set(Some((name.into(), step)));
                    }
                    Ok(_) => files::refuse("link", "There is no lesson of that name.", &dispatch),
                    Err(reason) => files::refuse("link", &reason, &dispatch),
                }
            });
        }
    }
}
