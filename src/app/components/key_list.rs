//! The list of keys, flat or as a tree. Only the rows on the screen exist; two spacers stand for the rest, so that a
//! hundred thousand keys cost what fifty do. The keyboard works as in a list box or a tree of the ARIA patterns: the list
//! has the focus and tells which row is active.

use std::cell::RefCell;
use std::rc::Rc;

use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use super::icon::Icon;
use super::key_row::KeyRow;
use super::space_row::SpaceRow;
use crate::bridge::Intent;
use crate::format;
use crate::hooks::browser;
use crate::state::keys::{Entry, Filter, KeysIntent, Line, Listing, Order};
use crate::state::view::{Ghost, Ghosts, Row, View};

/// The height of a row in the style sheet.
const ROW: f64 = 32.0;
/// Rows beyond the edge, so that scrolling does not show a gap; and how many there are at all.
const MARGIN: usize = 15;
const ROWS: usize = 60;
/// Rows that a page up or down goes.
const PAGE: usize = 10;

/// What to try where there is nothing yet.
const FIRST: [&str; 3] =
    ["SET greeting hello EX 60", "HSET user:1 name ann age 31", "ZADD board 90 ann 70 bob"];

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub view: Rc<View>,
    pub ghosts: Rc<Ghosts>,
    pub shown: bool,
    pub bridge: Callback<Intent>,
}

#[component(KeyList)]
pub fn key_list(props: &Props) -> Html {
    let listing = &props.view.listing;
    let (list, above, below) = (use_node_ref(), use_node_ref(), use_node_ref());
    {
        let refs = (above.clone(), below.clone());
        use_effect_with((listing.first, listing.lines.len(), listing.total), move |(first, shown, all)| {
            set_height(&refs.0, *first);
            set_height(&refs.1, all.saturating_sub(first + shown));
        });
    }
    {
        // Where the list is told to scroll it does so once, and not before it can be seen.
        let (list, done) = (list.clone(), use_mut_ref(|| 0));
        use_effect_with((listing.revealed, props.shown), move |((count, row), shown)| {
            if *shown && *done.borrow() != *count {
                *done.borrow_mut() = *count;
                if let Some(list) = list.cast::<HtmlElement>() {
                    // The browser would rather keep the old rows where they were.
                    browser::set_property(&list, "overflow-anchor", "none");
                    list.set_scroll_top(brought(list.scroll_top(), list.client_height(), *row));
                }
            }
        });
    }
    let scrolled = {
        let (list, bridge, shown) = (list.clone(), props.bridge.clone(), listing.first);
        Callback::from(move |_: Event| {
            let Some(list) = list.cast::<HtmlElement>() else { return };
            let top = (f64::from(list.scroll_top()) / ROW) as usize;
            let first = top.saturating_sub(MARGIN);
            if first.abs_diff(shown) > MARGIN / 2 || (first == 0 && shown != 0) {
                bridge.emit(Intent::Window { first, len: ROWS });
            } else {
                browser::set_property(&list, "overflow-anchor", "auto");
            }
        })
    };
    let typed = use_mut_ref(Typed::default);
    if props.view.keys == 0 && props.ghosts.list.is_empty() {
        return empty(&props.bridge);
    }
    if listing.total == 0 && props.ghosts.list.is_empty() {
        return no_match(listing, &props.bridge);
    }
    let on_screen = listing.first..listing.first + listing.lines.len();
    let active = listing.selected_at.filter(|at| on_screen.contains(at)).map(row_id);
    let is_tree = listing.arrangement.tree;
    // A list of its own: among children without keys all rows would be made anew whenever one comes or goes.
    let rows: Html = rows(&props.view, &props.ghosts).into_iter().map(|item| draw(props, item)).collect();
    let fourth = if listing.arrangement.order == Order::Idle { "Idle" } else { "Size" };
    html! {
        <div class="keys">
            <div class="keys__head" aria-hidden="true">
                <span>{ "Key" }</span><span>{ "Type" }</span><span>{ "Encoding" }</span>
                <span>{ fourth }</span><span>{ "Memory" }</span><span>{ "Time to live" }</span>
            </div>
            <div class="keys__list" id="keys-list" role={if is_tree { "tree" } else { "listbox" }} aria-label="Keys" tabindex="0" ref={&list}
                onscroll={scrolled} onkeydown={walk(props, list.clone(), typed)} aria-activedescendant={active}>
                <div class="keys__space" role="presentation" ref={above} />
                { rows }
                <div class="keys__space" role="presentation" ref={below} />
            </div>
        </div>
    }
}

fn empty(bridge: &Callback<Intent>) -> Html {
    let run = |line: &'static str| {
        let click = bridge.reform(move |_: MouseEvent| Intent::Run(vec![line.to_owned()]));
        html! { <li><button class="run" onclick={click}>{ Icon::Prompt.draw() }<code>{ line }</code></button></li> }
    };
    html! {
        <div class="empty">
            { Icon::Key.draw() }
            <p>{ "No keys yet. A key appears here when a command makes one. Try:" }</p>
            <ul class="empty__try">{ for FIRST.into_iter().map(run) }</ul>
        </div>
    }
}

fn no_match(listing: &Listing, bridge: &Callback<Intent>) -> Html {
    let all = listing.arrangement.filtered(Filter::default());
    let clear = bridge.reform(move |_: MouseEvent| Intent::Keys(KeysIntent::Arrange(all.clone())));
    html! {
        <div class="empty" role="status">
            { Icon::Funnel.draw() }
            <p>{ "No key matches the filter. Try a shorter piece of the name, or a pattern such as user:*." }</p>
            <button class="button" onclick={clear}>{ "Clear the filter" }</button>
        </div>
    }
}

fn row_id(at: usize) -> String {
    format!("key-{at}")
}

/// A row, or a key on its way out.
enum Item {
    Live(usize, Line),
    Leaving(Ghost),
}

/// The rows with the leaving keys among them, where they were.
fn rows(view: &View, ghosts: &Ghosts) -> Vec<Item> {
    let Listing { first, lines, .. } = &view.listing;
    let mut items: Vec<Item> =
        lines.iter().enumerate().map(|(at, line)| Item::Live(first + at, line.clone())).collect();
    let back = |row: &Row| lines.iter().any(|line| line.key().is_some() && line.name() == row.summary.key);
    let mut leaving: Vec<&Ghost> = ghosts.list.iter().filter(|ghost| !back(&ghost.row)).collect();
    leaving.sort_by_key(|ghost| (ghost.at, ghost.id));
    for ghost in leaving {
        let at = ghost.at.saturating_sub(*first).min(items.len());
        items.insert(at, Item::Leaving(ghost.clone()));
    }
    items
}

fn draw(props: &Props, item: Item) -> Html {
    let Listing { arrangement, selected_at, .. } = &props.view.listing;
    let within = |depth: usize, from: usize| arrangement.tree.then_some((depth, from));
    let tells_idle = arrangement.order == Order::Idle;
    match item {
        Item::Live(at, Line { depth, from, among, entry: Entry::Key(row) }) => {
            let selected = *selected_at == Some(at);
            let remaining = row.remaining(props.view.now);
            let key: Rc<[u8]> = row.summary.key.as_slice().into();
            let select = props.bridge.reform(move |()| Intent::Select(Some(key.clone())));
            let identity = format!("k{}", format::name(&row.summary.key));
            html! {
                <KeyRow key={identity} id={row_id(at)} {row} {remaining} within={within(depth, from)} {tells_idle}
                    {selected} {select} among={Some(among)} />
            }
        }
        Item::Live(at, Line { depth, from, among, entry: Entry::Space(space) }) => {
            let prefix = &space.prefix;
            let choose = {
                let prefix = prefix.clone();
                props.bridge.reform(move |()| Intent::Keys(KeysIntent::Choose(prefix.clone())))
            };
            let toggle = {
                let prefix = prefix.clone();
                props.bridge.reform(move |()| Intent::Keys(KeysIntent::Toggle(prefix.clone())))
            };
            let identity = format!("s{}", format::name(prefix));
            html! {
                <SpaceRow key={identity} id={row_id(at)} {space} {depth} {from} {among} selected={*selected_at == Some(at)}
                    select={choose} {toggle} />
            }
        }
        Item::Leaving(ghost) => html! {
            <KeyRow key={format!("g{}", ghost.id)} id={format!("ghost-{}", ghost.id)} row={ghost.row.clone()}
                remaining={Some(0)} selected={false} left={ghost.why} within={within(ghost.depth, ghost.from)}
                {tells_idle} />
        },
    }
}

/// Arrow keys choose the row above or below, on the screen or not; in a tree they also go in and out of namespaces.
fn walk(props: &Props, list: NodeRef, typed: Rc<RefCell<Typed>>) -> Callback<KeyboardEvent> {
    let Listing { selected_at, total, arrangement, space, .. } = &props.view.listing;
    let (chosen, total, is_tree) = (*selected_at, *total, arrangement.tree);
    let space: Option<Rc<[u8]>> = space.as_ref().map(|space| space.prefix.as_slice().into());
    let (bridge, has_selected) = (props.bridge.clone(), props.view.selected.is_some() || space.is_some());
    Callback::from(move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() {
            return;
        }
        if let Some(found) = typed.borrow_mut().key(&event.key(), browser::monotonic_ms()) {
            event.prevent_default();
            return bridge.emit(Intent::Keys(found));
        }
        let within = match (event.key().as_str(), &space) {
            ("Escape", _) if has_selected => return bridge.emit(Intent::Select(None)),
            ("ArrowRight", _) if is_tree => Some(KeysIntent::In),
            ("ArrowLeft", _) if is_tree => Some(KeysIntent::Out),
            ("Enter" | " ", Some(prefix)) => Some(KeysIntent::Toggle(prefix.clone())),
            _ => None,
        };
        if let Some(intent) = within {
            event.prevent_default();
            return bridge.emit(Intent::Keys(intent));
        }
        let Some(to) = target(&event.key(), chosen, total) else { return };
        event.prevent_default();
        bridge.emit(Intent::SelectAt(to));
        if let Some(list) = list.cast::<Element>() {
            let (top, height) = (list.scroll_top(), list.client_height());
            list.set_scroll_top(nearest(top, height, to));
        }
    })
}

/// Real milliseconds after which a letter begins another word.
const WORD: f64 = 1_000.0;

/// The beginning of a name that is being typed at the list, and when its last letter came.
#[derive(Debug, Default)]
struct Typed {
    begins: String,
    at: f64,
}

impl Typed {
    /// Where a letter leads: one again and again to the next row that begins with it, different ones to a longer name.
    fn key(&mut self, key: &str, now: f64) -> Option<KeysIntent> {
        if now - self.at > WORD {
            self.begins.clear();
        }
        let is_letter =
            key.chars().count() == 1 && !matches!((key, self.begins.is_empty()), (" ", true) | ("?", _));
        if !is_letter {
            return None;
        }
        if self.begins != key {
            self.begins.push_str(key);
        }
        self.at = now;
        let another = self.begins == key;
        Some(KeysIntent::Find { begins: self.begins.clone(), another })
    }
}

/// The place that a key of the keyboard leads to.
fn target(key: &str, chosen: Option<usize>, rows: usize) -> Option<usize> {
    let last = rows.checked_sub(1)?;
    match (key, chosen) {
        ("ArrowDown", Some(at)) => Some((at + 1).min(last)),
        ("ArrowUp", Some(at)) => Some(at.saturating_sub(1)),
        ("PageDown", at) => Some((at.unwrap_or_default() + PAGE).min(last)),
        ("PageUp", at) => Some(at.unwrap_or_default().saturating_sub(PAGE)),
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

/// The same, but a row that is far away comes to the middle.
fn brought(top: i32, height: i32, row: usize) -> i32 {
    let near = nearest(top, height, row);
    if near.abs_diff(top) <= ROW as u32 {
        near
    } else {
        (row as f64 * ROW) as i32 - (height - ROW as i32) / 2
    }
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
        assert_eq!((target("PageDown", Some(5), 100), target("PageUp", Some(5), 100)), (Some(15), Some(0)));
    }

    #[test]
    fn letters_make_a_word_until_there_is_a_pause() {
        let mut typed = Typed::default();
        let mut key = |key: &str, now: f64| match typed.key(key, now) {
            Some(KeysIntent::Find { begins, another }) => Some((begins, another)),
            _ => None,
        };
        assert_eq!(key("ArrowDown", 5_000.0), None);
        assert_eq!(key(" ", 5_000.0), None, "nothing to go on with");
        assert_eq!(key("u", 5_000.0), Some(("u".into(), true)));
        assert_eq!(key("u", 5_100.0), Some(("u".into(), true)), "the next one");
        assert_eq!(key("s", 5_200.0), Some(("us".into(), false)));
        assert_eq!(key(" ", 5_300.0), Some(("us ".into(), false)));
        assert_eq!(key("é", 7_000.0), Some(("é".into(), true)));
    }

    #[test]
    fn the_list_moves_only_when_the_row_is_out_of_sight() {
        assert_eq!(nearest(0, 100, 2), 0);
        assert_eq!(nearest(0, 100, 3), 28);
        assert_eq!(nearest(320, 100, 5), 160);
        assert_eq!(nearest(320, 100, 11), 320);
        assert_eq!((brought(320, 96, 11), brought(0, 96, 100), brought(0, 96, 0)), (320, 3_168, 0));
    }
}
