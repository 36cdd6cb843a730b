//! A namespace in the tree of keys: its part of the name, how many keys it holds, and their bytes.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use super::key_row;
use crate::format;
use crate::state::keys::Space;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub id: String,
    pub space: Rc<Space>,
    pub depth: usize,
    /// Where its own part of the name begins.
    pub from: usize,
    /// Which it is among the rows beside it, from 1 on, and how many these are.
    pub among: (usize, usize),
    pub selected: bool,
    pub select: Callback<()>,
    pub toggle: Callback<()>,
}

#[component(SpaceRow)]
pub fn space_row(props: &Props) -> Html {
    let space = &props.space;
    let click = props.select.reform(|_: MouseEvent| ());
    // A finger or pointer on the mark opens; it does not choose.
    let open = props.toggle.reform(|event: MouseEvent| event.stop_propagation());
    let double = props.toggle.reform(|_: MouseEvent| ());
    let flash = space.changed.map(|(operation, _)| key_row::flash(operation));
    html! {
        <div class={classes!("key", "space", flash)} id={props.id.clone()} role="treeitem" aria-level={(props.depth + 1).to_string()}
            aria-expanded={space.is_open.to_string()} aria-selected={props.selected.to_string()} onclick={click} ondblclick={double}
            aria-posinset={props.among.0.to_string()} aria-setsize={props.among.1.to_string()}
            title={format::short_name(&space.prefix)} data-depth={props.depth.to_string()}>
            <span class="key__name space__name">
                <span class="space__mark" onclick={open} aria-hidden="true">{ Icon::Chevron.draw() }</span>
                <bdi class="key__start">{ key_row::part(&space.prefix, props.from) }</bdi>
            </span>
            <span class="space__keys">{ format::counted(space.share.keys, "key", "keys") }</span>
            <span class="key__number space__memory">{ format::size(space.share.bytes) }</span>
            { key_row::delta(space.changed) }
        </div>
    }
}
