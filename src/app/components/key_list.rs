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
    let chosen =
        view.rows.iter().position(|row| Some(row.summary.key.as_slice()) == view.selected.as_deref());
    let active = chosen.map(|at| row_id(view.first + at));
    html! {
        <div class="keys">
            <div class="keys__head" aria-hidden="true">
                <span>{ "Key" }</span><span>{ "Type" }</span><span>{ "Encoding" }</span>
                <span>{ "Size" }</span><span>{ "Memory" }</span><span>{ "Time to live" }</span>
            </div>
            <div class="keys__list" role="listbox" aria-label="Keys" tabindex="0" ref={list} onscroll={scrolled}
                onkeydown={walk(props, chosen)} aria-activedescendant={active}>
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

/// A row, or an expired key on its way out.
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
                remaining={Some(0)} selected={false} left={ghost.how} place={0} of={props.view.keys} />
        },
    }
}

/// Arrow keys choose the row above or below.
fn walk(props: &Props, chosen: Option<usize>) -> Callback<KeyboardEvent> {
    let (view, bridge) = (props.view.clone(), props.bridge.clone());
    Callback::from(move |event: KeyboardEvent| {
        let last = view.rows.len().saturating_sub(1);
        let to = match (event.key().as_str(), chosen) {
            ("ArrowDown", Some(at)) => at + 1,
            ("ArrowUp", Some(at)) => at.saturating_sub(1),
            ("ArrowDown" | "Home", _) => 0,
            ("ArrowUp" | "End", _) => last,
            ("Escape", Some(_)) => return bridge.emit(Intent::Select(None)),
            _ => return,
        };
        event.prevent_default();
        if let Some(row) = view.rows.get(to.min(last)) {
            bridge.emit(Intent::Select(Some(row.summary.key.as_slice().into())));
            if let Some(row) = browser::element(&row_id(view.first + to)) {
                row.scroll_into_view_with_bool(to * 2 < last);
            }
        }
    })
}

fn set_height(spacer: &NodeRef, rows: usize) {
    if let Some(spacer) = spacer.cast::<HtmlElement>() {
        browser::set_property(&spacer, "height", &format!("{}px", rows as f64 * ROW));
    }
}
