//! Memory as a treemap: each tile's area is what it takes. A tile with an inside is zoomed into, a key is chosen.
//!
//! One tile at a time is reached by Tab, the others from there by the arrow keys. The same is said in a table below.

use std::rc::Rc;

use web_sys::Element;
use yew::prelude::*;

use super::type_badge::{TypeBadge, letter};
use crate::format;
use crate::hooks::browser;
use crate::squarify::{Rect, squarify};
use crate::state::memory::{Part, Scope, Survey, Tile};

/// The height in pixels, and how wide a tile is reckoned to be; the width itself follows the page.
const HEIGHT: f64 = 220.0;
const WIDTH: f64 = 440.0;
/// Smaller tiles have nothing written on them.
const LEAST: (f64, f64) = (18.0, 20.0);
/// Where a name begins, behind the letter of its type, and what a letter of either takes, in pixels.
const NAME: f64 = 26.0;
const LETTER: f64 = 7.3;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub survey: Rc<Survey>,
    pub look_at: Callback<Scope>,
    pub select: Callback<Rc<[u8]>>,
}

#[component(Treemap)]
pub fn treemap(props: &Props) -> Html {
    let survey = &props.survey;
    let reached = use_state(|| 0_usize);
    let moved = use_mut_ref(|| false);
    let drawing = use_node_ref();
    let width = use_state(|| WIDTH);
    {
        // What can be written on a tile depends on how wide the page has made it.
        let (drawing, width) = (drawing.clone(), width.clone());
        use_effect(move || {
            let Some(drawing) = drawing.cast::<Element>() else { return };
            let there = drawing.get_bounding_client_rect().width();
            if there > 0.0 && (there - *width).abs() >= 1.0 {
                width.set(there);
            }
        });
    }
    {
        // Who zooms with the keyboard goes on in the new picture.
        let (moved, reached) = (moved.clone(), reached.clone());
        use_effect_with(survey.scope.clone(), move |_| {
            reached.set(0);
            if moved.replace(false) {
                browser::focus(&tile_id(0));
            }
        });
    }
    let go = {
        let (moved, look_at) = (moved, props.look_at.clone());
        Callback::from(move |scope: Scope| {
            moved.replace(true);
            look_at.emit(scope);
        })
    };
    let act = {
        let (go, select) = (go.clone(), props.select.clone());
        Callback::from(move |part: Part| match part {
            Part::Inner(scope) => go.emit(scope),
            Part::Key(key) => select.emit(key),
            Part::Rest => {}
        })
    };
    let sizes: Vec<f64> = survey.tiles.iter().map(|tile| tile.share.bytes as f64).collect();
    let places = squarify(&sizes, Rect { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT });
    let current = (*reached).min(survey.tiles.len().saturating_sub(1));
    let walk = {
        let (count, around, act) = (survey.tiles.len(), survey.scope.around(), act.clone());
        let part = survey.tiles.get(current).map(|tile| tile.part.clone());
        Callback::from(move |event: KeyboardEvent| {
            let key = event.key();
            match (key.as_str(), &around, &part) {
                ("Escape", Some(around), _) => go.emit(around.clone()),
                ("Enter" | " ", _, Some(part)) => act.emit(part.clone()),
                _ => {
                    let Some(to) = target(&key, current, count) else { return };
                    reached.set(to);
                    browser::focus(&tile_id(to));
                }
            }
            event.prevent_default();
        })
    };
    let whole = survey.inside.bytes;
    html! {
        <>
            <svg ref={drawing} class="treemap" height={HEIGHT.to_string()} width="100%" role="group" onkeydown={walk}
                aria-label="Memory by its parts. Arrow keys go from part to part, Enter into one, Escape back">
                { for survey.tiles.iter().zip(&places).enumerate().map(|(at, (tile, place))| {
                    draw(at, tile, *place, at == current, survey, &act)
                }) }
                <g class="treemap__words" aria-hidden="true">
                    { for survey.tiles.iter().zip(&places).map(|(tile, place)| words(tile, *place, *width / WIDTH, survey)) }
                </g>
            </svg>
            <details class="instead">
                <summary>{ "The same as a table" }</summary>
                <table class="table">
                    <thead><tr><th>{ "Part" }</th><th>{ "Type" }</th><th>{ "Keys" }</th><th>{ "Memory" }</th><th>{ "Share" }</th></tr></thead>
                    <tbody>{ for survey.tiles.iter().map(|tile| row(tile, survey, whole, &act)) }</tbody>
                </table>
            </details>
        </>
    }
}

fn tile_id(at: usize) -> String {
    format!("tile-{at}")
}

fn target(key: &str, at: usize, count: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    match key {
        "ArrowRight" | "ArrowDown" => Some((at + 1).min(last)),
        "ArrowLeft" | "ArrowUp" => Some(at.saturating_sub(1)),
        "Home" => Some(0),
        "End" => Some(last),
        _ => None,
    }
}

/// What a tile is called within its scope.
pub fn name(tile: &Tile, drawn: &Scope) -> String {
    match &tile.part {
        Part::Inner(scope) if scope.kind != drawn.kind => scope.kind.unwrap_or_default().to_owned(),
        Part::Inner(scope) => format::short_name(scope.last_part()),
        Part::Key(key) => {
            format::short_name(key.get(drawn.prefix.len()..).filter(|rest| !rest.is_empty()).unwrap_or(key))
        }
        Part::Rest => "the rest".to_owned(),
    }
}

fn draw(at: usize, tile: &Tile, place: Rect, current: bool, survey: &Survey, act: &Callback<Part>) -> Html {
    let name = name(tile, &survey.scope);
    let keys = format::counted(tile.share.keys, "key", "keys");
    let size = format::size(tile.share.bytes);
    let kind = tile.kind.unwrap_or_default();
    let what = match (&tile.part, tile.is_mixed) {
        (Part::Rest, _) => format!("{name}, {keys}, {size}"),
        (_, true) => format!("{name}, mostly {kind}, {keys}, {size}"),
        (_, false) => format!("{name}, {kind}, {keys}, {size}"),
    };
    let is_rest = tile.part == Part::Rest;
    let click = act.reform({
        let part = tile.part.clone();
        move |_: MouseEvent| part.clone()
    });
    html! {
        <g key={format!("{name}{is_rest}")} id={tile_id(at)} class="tile" role={if is_rest { "img" } else { "button" }} data-kind={kind}
            tabindex={if current { "0" } else { "-1" }} aria-label={what.clone()} onclick={click}>
            <title>{ what }</title>
            <rect class="tile__area" x={across(place.x)} y={format!("{:.2}", place.y)} width={across(place.width)}
                height={format!("{:.2}", place.height)} />
        </g>
    }
}

/// A part of the width, whatever that is.
fn across(part: f64) -> String {
    format!("{:.3}%", part / WIDTH * 100.0)
}

/// Whether a text fits on a tile whole: a part of a size would read as another.
fn fits(text: &str, start: f64, width: f64) -> bool {
    start + text.chars().count() as f64 * LETTER <= width
}

/// What is written on a tile, which is so many times as wide as was reckoned.
fn words(tile: &Tile, place: Rect, stretched: f64, survey: &Survey) -> Html {
    let width = place.width * stretched;
    if width < LEAST.0 || place.height < LEAST.1 {
        return Html::default();
    }
    let (name, size) = (name(tile, &survey.scope), format::size(tile.share.bytes));
    let kind = tile.kind.unwrap_or_default();
    let letter = match (&tile.part, tile.is_mixed) {
        (Part::Rest, _) => "…".to_owned(),
        (_, true) => format!("{}+", letter(kind)),
        (_, false) => letter(kind).to_owned(),
    };
    html! {
        <svg data-kind={kind} x={across(place.x)} y={format!("{:.2}", place.y)} width={across(place.width)}
            height={format!("{:.2}", place.height)}>
            <text class="tile__letter" x="6" y="16">{ letter }</text>
            if fits(&name, NAME, width) {
                <text class="tile__name" x={NAME.to_string()} y="16">{ name }</text>
            }
            if place.height > LEAST.1 * 2.0 && fits(&size, 6.0, width) {
                <text x="6" y="33">{ size }</text>
            }
        </svg>
    }
}

fn row(tile: &Tile, survey: &Survey, whole: u64, act: &Callback<Part>) -> Html {
    let name = name(tile, &survey.scope);
    let click = act.reform({
        let part = tile.part.clone();
        move |_: MouseEvent| part.clone()
    });
    html! {
        <tr>
            <th scope="row">
                if tile.part == Part::Rest { { name } } else {
                    <button class="link" onclick={click}><bdi>{ name }</bdi></button>
                }
            </th>
            <td>
                if let Some(kind) = tile.kind { <TypeBadge {kind} /> }
                if tile.is_mixed { { if tile.kind.is_some() { " and others" } else { "any" } } }
            </td>
            <td>{ format::count(tile.share.keys) }</td>
            <td>{ format::size(tile.share.bytes) }</td>
            <td>{ share(tile.share.bytes, whole) }</td>
        </tr>
    }
}

/// A part of a whole, in percent.
pub fn share(part: u64, whole: u64) -> String {
    format!("{:.1} %", part as f64 / whole.max(1) as f64 * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::memory::Share;

    #[test]
    fn a_tile_is_called_by_what_it_adds() {
        let tile = |part| Tile { part, share: Share::default(), kind: None, is_mixed: false };
        let drawn = Scope { prefix: b"user:".to_vec(), ..Scope::default() };
        let inner = Scope { prefix: b"user:1:".to_vec(), ..Scope::default() };
        assert_eq!(name(&tile(Part::Inner(inner)), &drawn), "1:");
        assert_eq!(name(&tile(Part::Key(b"user:7"[..].into())), &drawn), "7");
        assert_eq!(name(&tile(Part::Key(b"user:"[..].into())), &drawn), "user:");
        let kind = Scope { kind: Some("hash"), ..Scope::whole(true) };
        assert_eq!(name(&tile(Part::Inner(kind)), &Scope::whole(true)), "hash");
    }

    #[test]
    fn only_what_fits_whole_is_written() {
        assert!(fits("192 B", 6.0, 43.0) && !fits("192 B", 6.0, 42.0));
        assert!(!fits("user:", NAME, 60.0) && fits("user:", NAME, 63.0));
    }

    #[test]
    fn arrows_stop_at_the_ends() {
        assert_eq!((target("ArrowRight", 2, 3), target("ArrowLeft", 0, 3)), (Some(2), Some(0)));
        assert_eq!((target("End", 0, 3), target("Home", 0, 0)), (Some(2), None));
    }
}
