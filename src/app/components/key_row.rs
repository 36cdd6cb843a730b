//! A key in the list: name, type, encoding, size, memory, and its time running down.

use std::rc::Rc;

use playground_engine::Expiry;
use yew::prelude::*;

use super::type_badge::TypeBadge;
use crate::format;
use crate::state::view::{Leaving, Row};

/// Letters at the end of a long name that are always shown.
const END: usize = 6;
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
    /// Which it is among the rows beside it, from 1 on, and how many these are; none of them once it has left.
    #[prop_or_default]
    pub among: Option<(usize, usize)>,
    /// In a tree: how deep it is, and where its own part of the name begins.
    #[prop_or_default]
    pub within: Option<(usize, usize)>,
    /// Whether the time since its last use is told in place of its size.
    #[prop_or_default]
    pub tells_idle: bool,
}

/// Two classes in turn: an animation starts anew only under another name.
pub fn flash(operation: u64) -> &'static str {
    if operation.is_multiple_of(2) { "key--flash-even" } else { "key--flash-odd" }
}

/// The part of a name that begins there.
pub fn part(name: &[u8], from: usize) -> String {
    format::short_name(name.get(from..).unwrap_or(name))
}

/// Names of one kind begin alike and differ at their ends: where there is no room for all of a name, its middle gives
/// way. Only of plain letters is it known that they may be parted.
fn parted(name: &str) -> (&str, &str) {
    if name.is_ascii() && name.len() > 2 * END { name.split_at(name.len() - END) } else { (name, "") }
}

/// By how many bytes an operation changed it. It lies over the row and takes no room of its own.
pub fn delta(changed: Option<(u64, i64)>) -> Html {
    let Some((operation, bytes)) = changed.filter(|(_, bytes)| *bytes != 0) else { return Html::default() };
    html! { <span class="key__delta" key={operation.to_string()} aria-hidden="true">{ format::change(bytes) }</span> }
}

#[component(KeyRow)]
pub fn key_row(props: &Props) -> Html {
    let key = &props.row.summary;
    let row = &props.row;
    let state = match props.left {
        Some(Leaving::Expired(_)) => Some("key--leaving"),
        Some(Leaving::Evicted(_)) => Some("key--leaving key--evicted"),
        None => row.changed.map(flash).or(row.fresh.then_some("key--fresh")),
    };
    let click = props.select.reform(|_: MouseEvent| ());
    let from = props.within.map_or(0, |(_, from)| from);
    let name = part(&key.key, from);
    let (start, end) = parted(&name);
    let (role, level) = match props.within {
        Some((depth, _)) => ("treeitem", Some((depth + 1).to_string())),
        None => ("option", None),
    };
    html! {
        <div class={classes!("key", state)} id={props.id.clone()} {role} onclick={click} aria-level={level}
            aria-selected={props.selected.to_string()} data-depth={props.within.map(|(depth, _)| depth.to_string())}
            aria-posinset={props.among.map(|(place, _)| place.to_string())} aria-setsize={props.among.map(|(_, of)| of.to_string())}
            title={format::short_name(&key.key)}>
            <span class="key__name">
                <bdi class="key__start">{ start }</bdi>
                if !end.is_empty() { <bdi class="key__end">{ end }</bdi> }
            </span>
            <TypeBadge kind={key.kind} />
            <span class="key__encoding">{ key.encoding }</span>
            <span class="key__number">{ if props.tells_idle { format::ago(key.idle) } else { format::short_count(key.len) } }</span>
            <span class="key__number">{ format::size(key.memory as u64) }</span>
            { time_to_live(props) }
            { delta(row.delta) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_long_name_stays() {
        assert_eq!(parted("oven:7:2026-01-01T09"), ("oven:7:2026-01", "-01T09"));
        assert_eq!(parted("leaderboard"), ("leaderboard", ""));
        assert_eq!(parted("ключ:с:длинным:именем"), ("ключ:с:длинным:именем", ""));
    }
}
