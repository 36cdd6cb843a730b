//! The top of the page: its name, the clock, and the colours.

use std::rc::Rc;

use yew::prelude::*;

use super::clock_bar::ClockBar;
use super::icon::Icon;
use super::share::Share;
use super::zone_toggles::ZoneToggles;
use crate::bridge::Intent;
use crate::hooks::use_theme::shown_theme;
use crate::state::Action;
use crate::state::clock::ClockMode;
use crate::state::layout::{Hidden, Theme};
use crate::state::save::SaveState;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub clock: ClockMode,
    pub now: u64,
    pub next_expiry: Option<u64>,
    pub next_timeout: Option<u64>,
    /// The past is looked at, in which time stands still.
    pub past: bool,
    pub theme: Option<Theme>,
    pub drawer: bool,
    pub hidden: Hidden,
    /// The lesson's title.
    pub lesson: Option<String>,
    pub save: Rc<SaveState>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Header)]
pub fn header(props: &Props) -> Html {
    let other = shown_theme(props.theme).other();
    let turn = props.dispatch.reform(move |_: MouseEvent| Action::Theme(other));
    let drawer = props.drawer;
    let learn = props.dispatch.reform(move |_: MouseEvent| Action::Drawer(!drawer));
    let keys = props.dispatch.reform(|_: MouseEvent| Action::Shortcuts(true));
    let (icon, title) = match other {
        Theme::Dark => (Icon::Moon, "Dark colours"),
        Theme::Light => (Icon::Sun, "Light colours"),
    };
    html! {
        <header class="header">
            <button class="button button--quiet header__learn" onclick={learn} aria-expanded={drawer.to_string()}
                aria-controls="learn" title="Show or hide the lesson (Escape hides it)">
                { Icon::Book.draw() }<span>{ "Learn" }</span>
            </button>
            <h1 class="header__name"><span class="header__mark" aria-hidden="true" />{ "Redis playground" }</h1>
            if let Some(lesson) = &props.lesson { <p class="header__lesson">{ lesson }</p> }
            <ClockBar clock={props.clock} now={props.now} next_expiry={props.next_expiry} next_timeout={props.next_timeout}
                past={props.past}
                bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
            <ZoneToggles hidden={props.hidden} dispatch={props.dispatch.clone()} />
            <button class="button button--quiet button--icon header__keys" onclick={keys} title="Keyboard shortcuts (?)"
                aria-label="Keyboard shortcuts">{ Icon::Keyboard.draw() }</button>
            <Share save={props.save.clone()} bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
            <button class="button button--quiet button--icon header__theme" onclick={turn} {title}
                aria-label={title}>{ icon.draw() }</button>
        </header>
    }
}
