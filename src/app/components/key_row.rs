//! A key in the list: name, type, encoding, size, memory, and its time running down.

use std::rc::Rc;

use playground_engine::Expiry;
use yew::prelude::*;

use super::type_badge::TypeBadge;
use crate::format;
use crate::state::view::{Leaving, Row};

/// Percent of its lifetime below which a key is about to go.
const SOON: f64 = 15.0;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub id: String,
    pub row: Rc<Row>,
    /// Milliseconds to live.
    pub remaining: Option<u64>,
    pub selected: bool,
    /// It has left by itself, and why.
    #[prop_or_default]
    pub left: Option<Leaving>,
    #[prop_or_default]
    pub select: Callback<()>,
    /// Counted from 1 among all keys.
    pub place: usize,
    pub of: usize,
}

#[component(KeyRow)]
pub fn key_row(props: &Props) -> Html {
    let key = &props.row.summary;
    let row = &props.row;
    // Two classes in turn: an animation starts anew only under another name.
    let flash =
        row.changed.map(|operation| if operation % 2 == 0 { "key--flash-even" } else { "key--flash-odd" });
    let state = match props.left {
        Some(Leaving::Expired(_)) => Some("key--leaving"),
        Some(Leaving::Evicted(_)) => Some("key--leaving key--evicted"),
        None => flash.or(row.fresh.then_some("key--fresh")),
    };
    let click = props.select.reform(|_: MouseEvent| ());
    html! {
        <div class={classes!("key", state)} id={props.id.clone()} role="option" onclick={click}
            aria-selected={props.selected.to_string()} aria-posinset={(props.place > 0).then(|| props.place.to_string())}
            aria-setsize={props.of.to_string()} title={format::short_name(&key.key)}>
            <span class="key__name"><bdi>{ format::short_name(&key.key) }</bdi></span>
            <TypeBadge kind={key.kind} />
            <span class="key__encoding">{ key.encoding }</span>
            <span class="key__number">{ format::short_count(key.len) }</span>
            <span class="key__number">{ format::size(key.memory as u64) }</span>
            { time_to_live(props) }
        </div>
    }
}

fn time_to_live(props: &Props) -> Html {
    let Some(remaining) = props.remaining else {
        return html! {
            <span class="key__ttl key__ttl--none"><span aria-hidden="true">{ "—" }</span><span class="hidden">{ "none" }</span></span>
        };
    };
    let words = match props.left {
        Some(Leaving::Expired(Expiry::Lazy)) => "expired, lazy".to_owned(),
        Some(Leaving::Expired(Expiry::Active)) => "expired, active".to_owned(),
        Some(Leaving::Evicted(_)) => "evicted".to_owned(),
        None if remaining == 0 => "due".to_owned(),
        None => format::remaining(remaining),
    };
    let lifetime = props.row.lifetime.unwrap_or(remaining).max(1);
    let share = (remaining as f64 / lifetime as f64 * 100.0).clamp(0.0, 100.0);
    html! {
        <span class="key__ttl">
            <span class="key__left">{ words }</span>
            <svg class="drain" viewBox="0 0 100 2" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect class={classes!("drain__rest", (share < SOON).then_some("drain__rest--soon"))} x="0" y="0" height="2" width={format!("{share:.1}")} />
            </svg>
        </span>
    }
}
