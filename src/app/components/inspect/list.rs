//! A list: its elements by index, with head and tail marked and the gap between them counted, and the nodes of a long one.

use playground_engine::picture::{Inside, NodePicture, Piece};
use yew::prelude::*;

use super::command::{self, Slot};
use super::edit::{Editable, Form, Verb};
use super::pager::pager;
use super::roving::Roving;
use super::scene::{Scene, label, short_label};
use super::{PictureProps, StillProps};
use crate::format;
use crate::state::inspect::PAGE;

#[component(Elements)]
pub fn elements(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::List(list) = &picture.inside else { return Html::default() };
    let len = picture.summary.len;
    let key = &*scene.key;
    let end = list.from + list.elements.len();
    let tail_from = len.saturating_sub(list.tail.len());
    let push = |word: &'static str| Verb { word, slots: vec![word.into(), key.into(), Slot::Field(0)] };
    let pop = |word: &'static str| {
        let click = scene.runs::<MouseEvent>(&[word.as_bytes(), key]);
        html! { <button type="button" class="button" onclick={click} title={command::line([word.as_bytes(), key])}>{ word }</button> }
    };
    html! {
        <>
            <div class="ins-tools">
                <Form scene={scene.clone()} fields={vec!["New element"]} verbs={vec![push("LPUSH"), push("RPUSH")]} />
                <div class="ins-form">{ pop("LPOP") }{ pop("RPOP") }</div>
            </div>
            { gap(list.from, "before these") }
            <Roving>
                <ol class="elements">
                    { for list.elements.iter().enumerate().map(|(at, element)| row(scene, list.from + at, len, element)) }
                </ol>
                { gap(tail_from.saturating_sub(end), "between these and the tail") }
                if !list.tail.is_empty() {
                    <ol class="elements">
                        { for list.tail.iter().enumerate().map(|(at, element)| row(scene, tail_from + at, len, element)) }
                    </ol>
                }
            </Roving>
            { pager(scene, list.from, list.elements.len(), PAGE, len, "elements") }
        </>
    }
}

fn gap(n: usize, place: &str) -> Html {
    if n == 0 {
        return Html::default();
    }
    html! { <p class="ins-gap">{ format!("{} {place}", format::counted(n, "element", "elements")) }</p> }
}

fn row(scene: &Scene, at: usize, len: usize, element: &Piece) -> Html {
    let slots = vec!["LSET".into(), (&*scene.key).into(), at.to_string().as_bytes().into(), Slot::Field(0)];
    html! {
        <li class="element" key={at}>
            <span class="element__index">{ at }</span>
            if element.whole().is_some() {
                <Editable class="element__text" scene={scene.clone()} shown={short_label(element)} text={label(element)} label={format!("Element {at}")} {slots} />
            } else {
                <span class="element__text"><bdi>{ short_label(element) }</bdi></span>
            }
            { for marks(at, len).into_iter().map(|mark| html! { <span class="element__mark">{ mark }</span> }) }
        </li>
    }
}

/// What the place at an end of the list is called.
fn marks(at: usize, len: usize) -> Vec<&'static str> {
    let head = (at == 0).then_some("head");
    let tail = (at + 1 == len).then_some("tail");
    head.into_iter().chain(tail).collect()
}

/// The chain of listpacks that a long list is.
#[component(Nodes)]
pub fn nodes(StillProps { picture }: &StillProps) -> Html {
    let Inside::List(list) = &picture.inside else { return Html::default() };
    let fullest = list.nodes.iter().map(|node| node.bytes).max().unwrap_or(0).max(1);
    let hidden = list.node_count.saturating_sub(list.nodes.len());
    html! {
        <>
            <p class="ins-note">{ format!("{}, from head to tail; each keeps its elements in one piece of memory.", format::counted(list.node_count, "node", "nodes")) }</p>
            <Roving><ol class="ins-nodes">{ for list.nodes.iter().enumerate().map(|(at, node)| node_row(at, node, fullest)) }</ol></Roving>
            if hidden > 0 { <p class="ins-gap">{ format!("and {} up to the tail", format::counted(hidden, "more node", "more nodes")) }</p> }
        </>
    }
}

fn node_row(at: usize, node: &NodePicture, fullest: usize) -> Html {
    let width = format!("{:.2}", node.bytes as f64 / fullest as f64 * 100.0);
    let what = if node.plain {
        "one big element".to_owned()
    } else {
        format::counted(node.elements, "element", "elements")
    };
    html! {
        <li class="ins-node" key={at}>
            <span class="ins-node__at">{ at }</span>
            <span>{ what }</span>
            <svg class="ins-node__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect width={width} height="10" />
            </svg>
            <span class="ins-node__bytes">{ format::size(node.bytes as u64) }</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_are_marked() {
        let all: Vec<_> = (0..3).map(|at| marks(at, 3)).collect();
        assert_eq!(all, [vec!["head"], vec![], vec!["tail"]]);
        assert_eq!(marks(0, 1), ["head", "tail"]);
        assert!(marks(2, 1000).is_empty(), "the tail is not among those shown");
    }
}
