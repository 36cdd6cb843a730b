//! One key looked into: what it is, how it is kept, and its value by one of several faces.

use std::rc::Rc;

use playground_engine::picture::Picture;
use yew::prelude::*;

use super::inspect::scene::Scene;
use super::inspect::{self, head, weight};
use crate::bridge::Intent;
use crate::hooks::browser;
use crate::state::Action;
use crate::state::inspect::{self as glances, Face, Glances, Turn};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub selected: Option<Rc<[u8]>>,
    pub picture: Option<Rc<Picture>>,
    pub glances: Rc<Glances>,
    pub now: u64,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Inspector)]
pub fn inspector(props: &Props) -> Html {
    let Some(selected) = &props.selected else {
        return html! {
            <div class="inspector inspector--empty">
                <p>{ "The key that changes is shown here. Choose one in the list to stay with it." }</p>
            </div>
        };
    };
    let scene = Scene {
        key: selected.clone(),
        glance: props.glances.of(selected),
        bridge: props.bridge.clone(),
        dispatch: props.dispatch.clone(),
    };
    html! {
        <section class="inspector" aria-label="Inside the key">
            { head::head(&scene, props.picture.as_deref()) }
            if let Some(picture) = &props.picture {
                <Inside key={key_id(selected)} {scene} picture={picture.clone()} now={props.now} />
            } else {
                <p class="inspector__gone">{ "There is no such key now. Choose another in the list, or make it again in the terminal." }</p>
            }
        </section>
    }
}

/// Fields that are open belong to one key: those of another are not the same.
fn key_id(key: &[u8]) -> String {
    crate::format::name(key)
}

#[derive(Debug, Properties, PartialEq)]
struct InsideProps {
    scene: Scene,
    picture: Rc<Picture>,
    now: u64,
}

#[component(Inside)]
fn inside(props: &InsideProps) -> Html {
    let InsideProps { scene, picture, now } = props;
    // What a value may be drawn as takes a reading of it: once for each change, not for each tick.
    let faces = use_memo(picture.clone(), |picture| glances::faces(picture));
    let shown = scene.glance.shown(&faces);
    html! {
        <div class="ins-body">
            { head::facts(scene, picture, *now) }
            { weight::limits(picture) }
            if faces.0.len() > 1 { { tabs(scene, &faces.0, shown) } }
            <div class="inspector__value" id="ins-face" tabindex="0" role="group" aria-label={format!("Value: {}", shown.word())}>
                { inspect::draw(scene, picture, shown, *now) }
            </div>
            { weight::bytes(picture) }
        </div>
    }
}

/// One button for each face; arrows go from one to the next, as among tabs.
fn tabs(scene: &Scene, faces: &[Face], shown: Face) -> Html {
    let walk = {
        let (scene, faces) = (scene.clone(), faces.to_vec());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(face) = target(&event.key(), &faces, shown) {
                event.prevent_default();
                scene.turn(Turn::Face(face));
                browser::focus(&tab_id(face));
            }
        })
    };
    html! {
        <div class="ins-faces" role="tablist" aria-label="How to draw the value" onkeydown={walk}>
            { for faces.iter().map(|face| {
                let (face, scene) = (*face, scene.clone());
                let chosen = face == shown;
                let choose = Callback::from(move |_: MouseEvent| scene.turn(Turn::Face(face)));
                html! {
                    <button type="button" class="ins-faces__face" role="tab" id={tab_id(face)} onclick={choose} aria-selected={chosen.to_string()}
                        aria-controls="ins-face" tabindex={if chosen { "0" } else { "-1" }}>{ face.word() }</button>
                }
            }) }
        </div>
    }
}

fn tab_id(face: Face) -> String {
    format!("ins-face-{}", face.word().replace(' ', "-"))
}

fn target(key: &str, faces: &[Face], shown: Face) -> Option<Face> {
    let at = faces.iter().position(|face| *face == shown)?;
    let to = match key {
        "ArrowRight" => (at + 1) % faces.len(),
        "ArrowLeft" => (at + faces.len() - 1) % faces.len(),
        "Home" => 0,
        "End" => faces.len() - 1,
        _ => return None,
    };
    faces.get(to).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_the_faces() {
        let faces = [Face::Text, Face::Hex, Face::Bits];
        assert_eq!(target("ArrowRight", &faces, Face::Bits), Some(Face::Text));
        assert_eq!(target("ArrowLeft", &faces, Face::Text), Some(Face::Bits));
        assert_eq!(target("End", &faces, Face::Text), Some(Face::Bits));
        assert_eq!(target("ArrowRight", &[], Face::Text), None);
    }
}
