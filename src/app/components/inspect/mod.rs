//! Pictures of one key, a file for each way to draw a value. They know bytes, numbers and names; what those mean to a
//! command is the engine's to say, and every change is a command that the reader sees.

mod bits;
pub mod command;
mod edit;
mod groups;
mod hash;
pub mod head;
mod hex;
mod json_tree;
mod line;
mod list;
mod map;
mod moments;
mod number;
mod pager;
pub mod ranks;
mod registers;
mod roving;
pub mod scene;
mod set;
mod stream;
mod text;
pub mod weight;

use std::rc::Rc;

use playground_engine::picture::{Inside, Picture};
use yew::prelude::*;

use crate::state::inspect::Face;
use scene::Scene;

/// Draws a value by one of its faces.
pub fn draw(scene: &Scene, picture: &Rc<Picture>, face: Face, now: u64) -> Html {
    let (scene, picture) = (scene.clone(), picture.clone());
    match (face, &picture.inside) {
        (Face::Json, Inside::String(_)) => html! { <json_tree::JsonTree {picture} /> },
        (Face::Number, Inside::String(_)) => html! { <number::Number {scene} {picture} /> },
        (Face::Hex, Inside::String(_)) => html! { <hex::Hex {scene} {picture} /> },
        (Face::Bits, Inside::String(_)) => html! { <bits::Bits {scene} {picture} /> },
        (Face::Registers, Inside::String(_)) => html! { <registers::Registers {scene} {picture} /> },
        (_, Inside::String(_)) => html! { <text::Text {scene} {picture} /> },
        (Face::Nodes, Inside::List(_)) => html! { <list::Nodes {picture} /> },
        (_, Inside::List(_)) => html! { <list::Elements {scene} {picture} /> },
        (_, Inside::Set(_)) => html! { <set::Members {scene} {picture} /> },
        (_, Inside::Hash(_)) => html! { <hash::Fields {scene} {picture} {now} /> },
        (Face::Line, Inside::SortedSet(_)) => html! { <line::NumberLine {picture} /> },
        (Face::Places, Inside::SortedSet(_)) => html! { <map::Map {scene} {picture} /> },
        (_, Inside::SortedSet(_)) => html! { <ranks::Ranks {scene} {picture} /> },
        (Face::Moments, Inside::Stream(_)) => html! { <moments::Moments {scene} {picture} {now} /> },
        (Face::Groups, Inside::Stream(_)) => html! { <groups::Groups {scene} {picture} {now} /> },
        (_, Inside::Stream(_)) => html! { <stream::Entries {scene} {picture} /> },
    }
}

/// What a picture of one type is given.
#[derive(Debug, Properties, PartialEq)]
pub struct PictureProps {
    pub scene: Scene,
    pub picture: Rc<Picture>,
}

/// The same, for pictures in which time passes.
#[derive(Debug, Properties, PartialEq)]
pub struct TimedProps {
    pub scene: Scene,
    pub picture: Rc<Picture>,
    pub now: u64,
}

/// A picture in which nothing is changed.
#[derive(Debug, Properties, PartialEq)]
pub struct StillProps {
    pub picture: Rc<Picture>,
}
