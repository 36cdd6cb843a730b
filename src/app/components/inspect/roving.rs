//! Many controls that are one stop of the Tab key: from the one that it reaches, the arrows lead to the others.
//!
//! What is in the list is its owner's; here it is rows, each with some controls or, where it has none, itself to be
//! reached. They are found in the page after it is drawn, so that a row costs its owner nothing.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::hooks::browser;

/// What is a row, and either that or a control in it.
const ROWS: &str = "li, tbody tr, .ins-bits__row";
const REACHED: &str = "li, tbody tr, .ins-bits__row, button:not(:disabled)";
/// Rows that a page up or down goes.
const PAGE: usize = 10;

/// A row, and a control in it.
type Place = (usize, usize);

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub children: Html,
}

#[component(Roving)]
pub fn roving(props: &Props) -> Html {
    let ring = use_node_ref();
    let here = use_mut_ref(Place::default);
    // A control was used that may take its row away, and with it the keyboard.
    let used = use_mut_ref(|| false);
    {
        let (ring, here, used) = (ring.clone(), here.clone(), used.clone());
        use_effect(move || {
            let rows = rows(&ring);
            let reached = settle(&rows, &mut here.borrow_mut());
            if used.replace(false) && browser::is_nowhere() {
                let _ = reached.map(HtmlElement::focus);
            }
        });
    }
    let onfocusin = {
        let (ring, here) = (ring.clone(), here.clone());
        Callback::from(move |event: FocusEvent| {
            let rows = rows(&ring);
            if let Some(place) = browser::target(&event).and_then(|target| place_of(&rows, &target)) {
                *here.borrow_mut() = place;
                settle(&rows, &mut here.borrow_mut());
            }
        })
    };
    let onkeydown = {
        let ring = ring.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.alt_key() || event.ctrl_key() || event.meta_key() {
                return;
            }
            let rows = rows(&ring);
            let widths: Vec<usize> = rows.iter().map(Vec::len).collect();
            let place = browser::target(&event).and_then(|target| place_of(&rows, &target));
            let to = place.and_then(|place| target(&event.key(), place, &widths));
            if let Some(control) = to.and_then(|(row, column)| rows.get(row)?.get(column)) {
                event.prevent_default();
                let _ = control.focus();
            }
        })
    };
    // What opens a field takes nothing away.
    let onclick = Callback::from(move |event: MouseEvent| {
        let target = browser::target::<Element>(&event);
        *used.borrow_mut() =
            target.is_some_and(|target| target.closest(".ins-edit").ok().flatten().is_none());
    });
    html! { <div class="ins-roving" ref={ring} {onfocusin} {onkeydown} {onclick}>{ props.children.clone() }</div> }
}

/// The rows as they are drawn now, each with what in it can be reached.
fn rows(ring: &NodeRef) -> Vec<Vec<HtmlElement>> {
    let mut rows: Vec<Vec<HtmlElement>> = Vec::new();
    let Some(ring) = ring.cast::<Element>() else { return rows };
    let Ok(inside) = ring.query_selector_all(REACHED) else { return rows };
    let is_row = |element: &HtmlElement| element.matches(ROWS).unwrap_or(false);
    for element in (0..inside.length()).filter_map(|at| inside.item(at)?.dyn_into::<HtmlElement>().ok()) {
        if is_row(&element) {
            rows.push(vec![element]);
        } else if let Some(row) = rows.last_mut() {
            // The controls stand for their row.
            if let Some(bare) = row.pop_if(|first| is_row(first)) {
                let _ = bare.remove_attribute("tabindex");
            }
            row.push(element);
        }
    }
    rows
}

fn place_of(rows: &[Vec<HtmlElement>], target: &HtmlElement) -> Option<Place> {
    let column = |row: &Vec<HtmlElement>| row.iter().position(|control| control == target);
    rows.iter().enumerate().find_map(|(at, row)| Some((at, column(row)?)))
}

/// Lets the Tab key reach one place, the nearest that there is, and no other.
fn settle<'a>(rows: &'a [Vec<HtmlElement>], here: &mut Place) -> Option<&'a HtmlElement> {
    here.0 = here.0.min(rows.len().checked_sub(1)?);
    here.1 = here.1.min(rows.get(here.0)?.len().saturating_sub(1));
    for (at, row) in rows.iter().enumerate() {
        for (column, control) in row.iter().enumerate() {
            let index = if (at, column) == *here { "0" } else { "-1" };
            if control.get_attribute("tabindex").as_deref() != Some(index) {
                let _ = control.set_attribute("tabindex", index);
            }
        }
    }
    rows.get(here.0)?.get(here.1)
}

/// Where a key leads: up and down by rows, to the sides by controls, from row to row.
fn target(key: &str, (row, column): Place, widths: &[usize]) -> Option<Place> {
    let last = widths.len().checked_sub(1)?;
    let to = match key {
        "ArrowUp" => row.checked_sub(1)?,
        "ArrowDown" if row < last => row + 1,
        "PageUp" => row.saturating_sub(PAGE),
        "PageDown" => (row + PAGE).min(last),
        "Home" => 0,
        "End" => last,
        "ArrowLeft" if column > 0 => return Some((row, column - 1)),
        "ArrowLeft" => {
            let before = row.checked_sub(1)?;
            return Some((before, widths.get(before)?.checked_sub(1)?));
        }
        "ArrowRight" if column + 1 < *widths.get(row)? => return Some((row, column + 1)),
        "ArrowRight" if row < last => return Some((row + 1, 0)),
        _ => return None,
    };
    Some((to, column.min(widths.get(to)?.checked_sub(1)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_reach_every_control_and_stop_at_the_ends() {
        let widths = [2, 1, 3];
        assert_eq!(target("ArrowRight", (0, 1), &widths), Some((1, 0)));
        assert_eq!(target("ArrowLeft", (2, 0), &widths), Some((1, 0)));
        assert_eq!(target("ArrowLeft", (1, 0), &widths), Some((0, 1)));
        assert_eq!(target("ArrowDown", (0, 1), &widths), Some((1, 0)), "a shorter row");
        assert_eq!([target("ArrowUp", (0, 0), &widths), target("ArrowDown", (2, 1), &widths)], [None, None]);
        assert_eq!(
            [target("ArrowLeft", (0, 0), &widths), target("ArrowRight", (2, 2), &widths)],
            [None, None]
        );
        assert_eq!(
            [target("End", (0, 1), &widths), target("Home", (2, 2), &widths)],
            [Some((2, 1)), Some((0, 1))]
        );
        let long = [1; 25];
        assert_eq!(
            [target("PageDown", (20, 0), &long), target("PageUp", (12, 0), &long)],
            [Some((24, 0)), Some((2, 0))]
        );
        assert_eq!([target("Home", (0, 0), &[]), target("x", (0, 0), &widths)], [None, None]);
    }
}
