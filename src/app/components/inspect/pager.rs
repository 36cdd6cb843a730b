//! Which part of a long value is shown, and the way to the others.

use yew::prelude::*;

use super::scene::Scene;
use crate::format;
use crate::state::inspect::Turn;

/// Buttons to the other pages of `len` things; nothing where all are shown.
pub fn pager(scene: &Scene, from: usize, shown: usize, page: usize, len: usize, unit: &str) -> Html {
    if from == 0 && shown >= len {
        return Html::default();
    }
    let page = page.max(1);
    let last = len.saturating_sub(1) / page * page;
    let (before, after) = (from.saturating_sub(page), from.saturating_add(page).min(last));
    let to = |name: &'static str, sign: &'static str, place: usize, possible: bool| {
        let scene = scene.clone();
        let click = Callback::from(move |_: MouseEvent| scene.turn(Turn::Page(place)));
        html! {
            <button type="button" class="button ins-pager__button" onclick={click} disabled={!possible} aria-label={name} title={name}>{ sign }</button>
        }
    };
    let words = if shown == 0 {
        format!("none of {}", format::count(len))
    } else {
        format!(
            "{} – {} of {} {unit}",
            format::count(from + 1),
            format::count(from + shown),
            format::count(len)
        )
    };
    html! {
        <nav class="ins-pager" aria-label="Parts of the value">
            { to("First part", "«", 0, from > 0) }
            { to("Part before", "‹", before, from > 0) }
            <span class="ins-pager__words">{ words }</span>
            { to("Next part", "›", after, from + shown < len) }
            { to("Last part", "»", last, from + shown < len) }
        </nav>
    }
}
