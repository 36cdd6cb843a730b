//! What is inside, in several pictures behind tabs, one of which is shown.

use yew::prelude::*;

use super::eviction_view::EvictionView;
use super::keyspace_view::KeyspaceView;
use super::lab::{LabView, Setting};
use super::memory_view::MemoryView;
use super::usage::Figures;
use crate::bridge::Intent;
use crate::hooks::browser;
use crate::state::Action;
use crate::state::inside::Inside;
use crate::state::layout::Picture;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub picture: Picture,
    pub inside: Inside,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(See)]
pub fn see(props: &Props) -> Html {
    let shown = props.picture;
    let Props { inside, bridge, dispatch, .. } = props;
    let Inside { view, ghosts, glances, history, memory, departures, lab, .. } = inside;
    // The list of keys stays where it was scrolled to; the other pictures are made when they are looked at.
    let content = |picture: Picture| match picture {
        Picture::Keyspace => {
            html! { <KeyspaceView view={view.clone()} ghosts={ghosts.clone()} glances={glances.clone()} shown={picture == shown} bridge={bridge.clone()} dispatch={dispatch.clone()} /> }
        }
        Picture::Memory if picture == shown => html! {
            <MemoryView figures={Figures::of(view)} history={history.clone()} memory={memory.clone()}
                bridge={bridge.clone()} dispatch={dispatch.clone()} />
        },
        Picture::Eviction if picture == shown => html! {
            <EvictionView view={view.clone()} history={history.clone()} departures={departures.clone()}
                bridge={bridge.clone()} dispatch={dispatch.clone()} />
        },
        Picture::Lab if picture == shown => html! {
            <LabView lab={lab.clone()} setting={Setting::of(view)} memory={memory.clone()} bridge={bridge.clone()}
                dispatch={dispatch.clone()} />
        },
        _ => Html::default(),
    };
    html! {
        <section class="zone see" id="see" data-zone="see" aria-label="Inside">
            <div class="see__tabs" role="tablist" aria-label="What to look at" onkeydown={walk(shown, props.dispatch.clone())}>
                { for Picture::ALL.into_iter().map(|picture| {
                    let show = props.dispatch.reform(move |_: MouseEvent| Action::ShowPicture(picture));
                    let chosen = picture == shown;
                    html! {
                        <button class="see__tab" role="tab" id={tab_id(picture)} onclick={show} aria-selected={chosen.to_string()}
                            aria-controls={panel_id(picture)} tabindex={if chosen { "0" } else { "-1" }}>
                            { picture.word() }
                        </button>
                    }
                }) }
            </div>
            { for Picture::ALL.into_iter().map(|picture| html! {
                <div class="panel" role="tabpanel" id={panel_id(picture)} aria-labelledby={tab_id(picture)}
                    hidden={picture != shown}>
                    { content(picture) }
                </div>
            }) }
        </section>
    }
}

fn tab_id(picture: Picture) -> String {
    format!("tab-{}", picture.token())
}

pub fn panel_id(picture: Picture) -> String {
    format!("panel-{}", picture.token())
}

/// Goes to another picture, with the keyboard.
pub fn go_to(picture: Picture, dispatch: &Callback<Action>) {
    dispatch.emit(Action::ShowPicture(picture));
    browser::focus(&tab_id(picture));
}

/// Arrow keys choose the tab beside, round and round.
fn walk(shown: Picture, dispatch: Callback<Action>) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if let Some(to) = target(&event.key(), shown) {
            event.prevent_default();
            go_to(to, &dispatch);
        }
    })
}

fn target(key: &str, shown: Picture) -> Option<Picture> {
    let all = Picture::ALL;
    let at = all.iter().position(|picture| *picture == shown)?;
    let to = match key {
        "ArrowRight" => (at + 1) % all.len(),
        "ArrowLeft" => (at + all.len() - 1) % all.len(),
        "Home" => 0,
        "End" => all.len() - 1,
        _ => return None,
    };
    all.get(to).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_the_tabs() {
        assert_eq!(target("ArrowRight", Picture::Lab), Some(Picture::Keyspace));
        assert_eq!(target("ArrowLeft", Picture::Keyspace), Some(Picture::Lab));
        assert_eq!(target("End", Picture::Keyspace), Some(Picture::Lab));
        assert_eq!(target("x", Picture::Keyspace), None);
    }
}
