//! The list of keys by name. Only the rows on the screen exist; two spacers stand for the rest, so that a hundred
//! thousand keys cost what fifty do.

use std::rc::Rc;

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::icon::Icon;
use super::key_row::KeyRow;
use crate::bridge::Intent;
use crate::format;
use crate::hooks::browser;
use crate::state::view::{Ghost, Ghosts, Row, View};

/// The height of a row in the style sheet.
const ROW: f64 = 32.0;
/// Rows beyond the edge, so that scrolling does not show a gap; and how many there are at all.
const MARGIN: usize = 15;
const ROWS: usize = 60;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub view: Rc<View>,
    pub ghosts: Rc<Ghosts>,
    pub bridge: Callback<Intent>,
}

#[component(KeyList)]
pub fn key_list(props: &Props) -> Html {
    let view = &props.view;
    let (list, above, below) = (use_node_ref(), use_node_ref(), use_node_ref());
    {
        let refs = (above.clone(), below.clone());
        use_effect_with((view.first, view.rows.len(), view.keys), move |(first, shown, all)| {
            set_height(&refs.0, *first);
            set_height(&refs.1, all.saturating_sub(first + shown));
        });
    }
    let scrolled = {
        let (list, bridge, shown) = (list.clone(), props.bridge.clone(), view.first);
        Callback::from(move |_: Event| {
            let Some(list) = list.cast::<Element>() else { return };
            let top = (f64::from(list.scroll_top()) / ROW) as usize;
            let first = top.saturating_sub(MARGIN);
            if first.abs_diff(shown) > MARGIN / 2 || (first == 0 && shown != 0) {
                bridge.emit(Intent::Window { first, len: ROWS });
            }
        })
    };
    if view.keys == 0 && props.ghosts.list.is_empty() {
        return empty();
    }
    let on_screen = view.first..view.first + view.rows.len();
    let active = view.selected_at.filter(|at| on_screen.contains(at)).map(row_id);
    html! {
        <div class="keys">
            <div class="keys__head" aria-hidden="true">
                <span>{ "Key" }</span><span>{ "Type" }</span><span>{ "Encoding" }</span>
                <span>{ "Size" }</span><span>{ "Memory" }</span><span>{ "Time to live" }</span>
            </div>
            <div class="keys__list" role="listbox" aria-label="Keys" tabindex="0" ref={&list} onscroll={scrolled}
                onkeydown={walk(props, list.clone())} aria-activedescendant={active}>
                <div class="keys__space" role="presentation" ref={above} />
                { for rows(view, &props.ghosts).into_iter().map(|item| draw(props, item)) }
                <div class="keys__space" role="presentation" ref={below} />
            </div>
        </div>
    }
}

fn empty() -> Html {
    html! {
        <div class="empty">
            { Icon::Key.draw() }
            <p>{ "No keys yet. A key appears here when a command makes one." }</p>
        </div>
    }
}

fn row_id(at: usize) -> String {
    format!("key-{at}")
}

/// A row, or a key on its way out.
enum Item {
    Live(usize, Rc<Row>),
    Leaving(Ghost),
}

/// The rows with the leaving keys among them, where they were.
fn rows(view: &View, ghosts: &Ghosts) -> Vec<Item> {
    let mut items: Vec<Item> =
        view.rows.iter().enumerate().map(|(at, row)| Item::Live(view.first + at, row.clone())).collect();
    let back = |key: &[u8]| view.rows.iter().any(|row| row.summary.key == key);
    for ghost in ghosts.list.iter().filter(|ghost| !back(&ghost.row.summary.key)) {
        let name = |item: &Item| match item {
            Item::Live(_, row) => row.summary.key.clone(),
            Item::Leaving(ghost) => ghost.row.summary.key.clone(),
        };
        let at = items.iter().position(|item| name(item) > ghost.row.summary.key).unwrap_or(items.len());
        items.insert(at, Item::Leaving(ghost.clone()));
    }
    items
}

fn draw(props: &Props, item: Item) -> Html {
    match item {
        Item::Live(at, row) => {
            let selected = props.view.selected.as_deref() == Some(row.summary.key.as_slice());
            let remaining = row.remaining(props.view.now);
            let key: Rc<[u8]> = row.summary.key.as_slice().into();
            let select = props.bridge.reform(move |()| Intent::Select(Some(key.clone())));
            let identity = format!("k{}", format::name(&row.summary.key));
            html! {
                <KeyRow key={identity} id={row_id(at)} {row} {remaining}
                    {selected} {select} place={at + 1} of={props.view.keys} />
            }
        }
        Item::Leaving(ghost) => html! {
            <KeyRow key={format!("g{}", ghost.id)} id={format!("ghost-{}", ghost.id)} row={ghost.row.clone()}
                remaining={Some(0)} selected={false} left={ghost.why} place={0} of={props.view.keys} />
        },
    }
}

/// Arrow keys choose the key above or below, on the screen or not.
fn walk(props: &Props, list: NodeRef) -> Callback<KeyboardEvent> {
    let (chosen, keys) = (props.view.selected_at, props.view.keys);
    let (bridge, has_selected) = (props.bridge.clone(), props.view.selected.is_some());
    Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" && has_selected {
            return bridge.emit(Intent::Select(None));
        }
        let Some(to) = target(&event.key(), chosen, keys) else { return };
        event.prevent_default();
        bridge.emit(Intent::SelectAt(to));
        if let Some(list) = list.cast::<Element>() {
            let (top, height) = (list.scroll_top(), list.client_height());
            list.set_scroll_top(nearest(top, height, to));
        }
    })
}

/// The place that a key of the keyboard leads to.
fn target(key: &str, chosen: Option<usize>, keys: usize) -> Option<usize> {
    let last = keys.checked_sub(1)?;
    match (key, chosen) {
        ("ArrowDown", Some(at)) => Some((at + 1).min(last)),
        ("ArrowUp", Some(at)) => Some(at.saturating_sub(1)),
        ("ArrowDown" | "Home", _) => Some(0),
        ("ArrowUp" | "End", _) => Some(last),
        _ => None,
    }
}

/// How far the list must be scrolled to show a row, moving it no more than that takes.
fn nearest(top: i32, height: i32, row: usize) -> i32 {
    let start = (row as f64 * ROW) as i32;
    let end = start + ROW as i32;
    top.min(start).max(end - height)
}

fn set_height(spacer: &NodeRef, rows: usize) {
    if let Some(spacer) = spacer.cast::<HtmlElement>() {
        browser::set_property(&spacer, "height", &format!("{}px", rows as f64 * ROW));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_stop_at_the_ends() {
        assert_eq!(target("ArrowDown", None, 3), Some(0));
        assert_eq!(target("ArrowDown", Some(1), 3), Some(2));
        assert_eq!(target("ArrowDown", Some(2), 3), Some(2));
        assert_eq!(target("ArrowUp", Some(0), 3), Some(0));
        assert_eq!((target("Home", Some(2), 3), target("End", None, 3)), (Some(0), Some(2)));
        assert_eq!((target("ArrowDown", None, 0), target("x", Some(1), 3)), (None, None));
    }

    #[test]
    fn the_list_moves_only_when_the_row_is_out_of_sight() {
        assert_eq!(nearest(0, 100, 2), 0);
        assert_eq!(nearest(0, 100, 3), 28);
        assert_eq!(nearest(320, 100, 5), 160);
        assert_eq!(nearest(320, 100, 11), 320);
    }
}
