//! Plays what the policy lab is to play, between the page's other work, and ends it when the reader says so.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use super::browser;
use super::lab_player::LabPlayer;
use super::listener::Listener;
use crate::app::Shared;
use crate::state::Action;
use crate::state::lab::form::Form;
use crate::state::lab::{LabAction, Took};

/// Milliseconds between two pictures of a run.
const BETWEEN_PICTURES: f64 = 120.0;

#[hook]
pub fn use_lab(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    let form = state.lab.form.clone();
    use_effect_with(state.lab.running(), move |running| {
        let under_way =
            running.map(|number| (Run::start(number, form, dispatcher.clone()), on_escape(dispatcher)));
        move || {
            if let Some((run, escape)) = under_way {
                run.end();
                drop(escape);
            }
        }
    });
}

/// A run under way: a chain of time-outs, each of which plays a slice.
struct Run {
    number: u64,
    form: Form,
    dispatcher: UseReducerDispatcher<Shared>,
    player: RefCell<Option<LabPlayer>>,
    ended: Cell<bool>,
    began: f64,
    shown: Cell<f64>,
}

impl Run {
    fn start(number: u64, form: Form, dispatcher: UseReducerDispatcher<Shared>) -> Rc<Self> {
        let (began, shown) = (browser::monotonic_ms(), Cell::new(0.0));
        let run = Rc::new(Self {
            number,
            form,
            dispatcher,
            player: RefCell::default(),
            ended: Cell::new(false),
            began,
            shown,
        });
        run.go_on();
        run
    }

    fn go_on(self: &Rc<Self>) {
        let this = self.clone();
        Timeout::new(0, move || this.turn()).forget();
    }

    fn tell(&self, action: LabAction) {
        self.dispatcher.dispatch(Action::Lab(action));
    }

    fn turn(self: &Rc<Self>) {
        let Some(mut place) = self.player.try_borrow_mut().ok().filter(|_| !self.ended.get()) else { return };
        let Some(player) = place.as_mut() else {
            // The first turn sets up the engines, which takes as long as a slice.
            let Ok(plan) = self.form.plan() else { return };
            match LabPlayer::new(plan) {
                Ok(player) => {
                    *place = Some(player);
                    self.go_on();
                }
                Err(fault) => self.tell(LabAction::Refused(self.number, fault)),
            }
            return;
        };
        let is_over = player.slice(&browser::monotonic_ms).is_over();
        let now = browser::monotonic_ms();
        if is_over {
            let took = Took { whole: now - self.began, longest: player.longest() };
            return self.tell(LabAction::Ended(self.number, player.report(), took));
        }
        if now - self.shown.get() > BETWEEN_PICTURES {
            self.shown.set(now);
            self.tell(LabAction::Played(self.number, player.report()));
        }
        self.go_on();
    }

    /// Plays no more, and frees what was played on, an engine at a time.
    fn end(&self) {
        self.ended.set(true);
        if let Some(player) = self.player.try_borrow_mut().ok().and_then(|mut player| player.take()) {
            put_away(player);
        }
    }
}

fn put_away(mut player: LabPlayer) {
    Timeout::new(0, move || {
        if player.put_away() {
            put_away(player);
        }
    })
    .forget();
}

/// Escape cancels, wherever the keyboard is, unless it is typing at the prompt, where it has another meaning.
fn on_escape(dispatcher: UseReducerDispatcher<Shared>) -> Listener {
    Listener::on(browser::document(), "keydown", move |event| {
        let typing = browser::target::<Element>(&event);
        let key = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).unwrap_or_default();
        if key == "Escape" && typing.is_none_or(|element| element.id() != "prompt") {
            dispatcher.dispatch(Action::Lab(LabAction::Cancel));
        }
    })
}
