//! The root of the page: the state, the effects, and the zones side by side.

use std::ops::Deref;
use std::rc::Rc;

use yew::prelude::*;

use crate::bridge::Intent;
use crate::components::bottom_bar::BottomBar;
use crate::components::debugger::Debugger;
use crate::components::guide::Guide;
use crate::components::header::Header;
use crate::components::keeper::Keeper;
use crate::components::learn::Learn;
use crate::components::offer::Offer;
use crate::components::see::See;
use crate::components::shortcut_list::ShortcutList;
use crate::components::splitter::{Edge, Splitter};
use crate::components::terminal::Terminal;
use crate::components::timeline::Timeline;
use crate::hooks::{
    browser, use_bridge, use_editor, use_ghosts, use_hidden, use_inspect, use_lab, use_later, use_lesson,
    use_line_history, use_progress, use_save, use_sessions, use_shortcuts, use_theme, use_ticker,
};
use crate::state::clock::ClockMode;
use crate::state::inside::Inside;
use crate::state::{Action, State};

/// The state as yew holds it; reducing is the state's own affair.
#[derive(Debug, Default, PartialEq)]
pub struct Shared(State);

impl Deref for Shared {
    type Target = State;

    fn deref(&self) -> &State {
        &self.0
    }
}

impl Reducible for Shared {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        Rc::new(Self(self.0.reduce(action)))
    }
}

/// The page.
#[component(App)]
pub fn app() -> Html {
    let state = use_reducer(Shared::default);
    let bridge = use_bridge(&state);
    use_ticker(state.clock, state.save.works, bridge.clone());
    use_editor(&state);
    use_ghosts(&state);
    use_lab(&state);
    use_lesson(&state, bridge.clone());
    use_line_history(&state);
    use_progress(&state);
    use_inspect(&state, bridge.clone());
    use_sessions(&state);
    use_hidden(&state);
    use_save(&state, bridge.clone());
    use_theme(&state);
    use_shortcuts(&state, bridge.clone());
    {
        let bridge = bridge.clone();
        use_effect_with((), move |()| bridge.emit(Intent::Look));
    }
    use_effect_with(state.layout.drawer, |open| {
        if *open {
            browser::focus("learn-close");
        }
    });
    let dispatch = {
        let dispatcher = state.dispatcher();
        use_callback((), move |action: Action, ()| dispatcher.dispatch(action))
    };
    let layout = state.layout;
    let view = &state.view;
    let (inside, is_late) = use_later(Inside::of(&state), Inside::is_of_commands);
    let sessions: Vec<_> = state.sessions.tabs.iter().map(|tab| (tab.id, tab.name.clone())).collect();
    let past = view.travel.past;
    // No time passes until all is done again, nor while a script is gone through.
    let running = state.clock.running && state.save.restoring.is_none() && state.debugging.shown.is_none();
    let held = match (past, state.save.restoring) {
        (_, Some(progress)) if progress.stopped => Some("Go on or stay first"),
        (_, Some(_)) => Some("Restoring your work …"),
        (Some(_), None) => Some("Looking at the past"),
        (None, None) => None,
    };
    html! {
        <div class="page" data-zone={layout.zone.token()} data-drawer={layout.drawer.then_some("open")}
            data-past={past.map(|_| "true")} data-late={is_late.then_some("true")} data-hidden={layout.hidden.tokens()}>
            <Header clock={ClockMode { running, ..state.clock }} now={view.now} next_expiry={view.next_expiry}
                next_timeout={view.next_timeout} past={past.is_some()} theme={layout.theme}
                drawer={layout.drawer} hidden={layout.hidden} lesson={state.lesson.lesson().map(|lesson| lesson.head.title.clone())} save={state.save.clone()}
                bridge={bridge.clone()} dispatch={dispatch.clone()} />
            <main class="zones">
                <Learn state={state.lesson.clone()} lessons={state.lessons.clone()} used={view.commands > 0} picture={view.picture.clone()}
                    workload={view.workload.clone()} race={view.race.clone()} bridge={bridge.clone()}
                    dispatch={dispatch.clone()} />
                <Splitter edge={Edge::Learn} label="Width of the lesson" />
                <Terminal state={state.sessions.clone()} assist={state.assist.clone()} editor={state.editor.clone()} view={view.sessions.clone()} {past} {held}
                    now={if view.sessions.iter().any(|session| session.blocked.is_some()) { view.now } else { 0 }}
                    ticks={running && past.is_none()}
                    bridge={bridge.clone()} dispatch={dispatch.clone()} />
                <Splitter edge={Edge::See} label="Width of the pictures" />
                <See picture={layout.picture} inside={inside.clone()} bridge={bridge.clone()} dispatch={dispatch.clone()} />
            </main>
            <Timeline state={inside.timeline.clone()} travel={inside.view.travel} held={state.held} {sessions}
                used_memory={inside.view.used_memory} maxmemory={inside.view.maxmemory} bridge={bridge.clone()} dispatch={dispatch.clone()} />
            <BottomBar zone={layout.zone} dispatch={dispatch.clone()} />
            <ShortcutList open={layout.shortcuts} dispatch={dispatch.clone()} />
            <Guide lessons={state.lessons.clone()} dispatch={dispatch.clone()} />
            <Debugger state={state.debugging.clone()} bridge={bridge.clone()} dispatch={dispatch.clone()} />
            <Keeper save={state.save.clone()} bridge={bridge.clone()} dispatch={dispatch.clone()} />
            if let Some(offer) = state.save.offer.clone() {
                <Offer {offer} {bridge} {dispatch} />
            }
        </div>
    }
}
