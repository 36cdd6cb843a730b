//! A list's elements in their order, each with its index; head and tail are marked.

use std::rc::Rc;

use yew::prelude::*;

use crate::format;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// From the head on.
    pub elements: Rc<[Vec<u8>]>,
    /// The length of the list, of which these may be a part.
    pub len: usize,
}

#[component(Elements)]
pub fn elements(Props { elements, len }: &Props) -> Html {
    html! {
        <ol class="elements">
            { for elements.iter().enumerate().map(|(at, element)| html! {
                <li class="element">
                    <span class="element__index">{ at }</span>
                    <span class="element__text" title={format::short_name(element)}><bdi>{ format::short_name(element) }</bdi></span>
                    { for marks(at, *len).into_iter().map(|mark| html! { <span class="element__mark">{ mark }</span> }) }
                </li>
            }) }
        </ol>
    }
}

/// What the place at an end of the list is called.
fn marks(at: usize, len: usize) -> Vec<&'static str> {
    let head = (at == 0).then_some("head");
    let tail = (at + 1 == len).then_some("tail");
    head.into_iter().chain(tail).collect()
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
