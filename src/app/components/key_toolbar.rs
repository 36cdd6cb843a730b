//! How the list of keys is arranged: a filter by name, type, encoding and time to live; the order; flat or a tree.

use std::rc::Rc;

use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::icon::Icon;
use super::type_badge::TypeBadge;
use crate::bridge::Intent;
use crate::state::keys::{Arrangement, Filter, KeysIntent, Order};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub arrangement: Rc<Arrangement>,
    /// Types and encodings that there have been.
    pub classes: Rc<[(&'static str, &'static str)]>,
    pub bridge: Callback<Intent>,
}

#[component(KeyToolbar)]
pub fn key_toolbar(props: &Props) -> Html {
    let is_open = use_state(|| false);
    let arrangement = &props.arrangement;
    let arrange = props.bridge.reform(|arrangement| Intent::Keys(KeysIntent::Arrange(arrangement)));
    let typed = {
        let arrangement = arrangement.clone();
        arrange.reform(move |event: InputEvent| {
            let pattern = event.target_unchecked_into::<HtmlInputElement>().value();
            arrangement.filtered(Filter { pattern, ..arrangement.filter.clone() })
        })
    };
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let conditions = arrangement.filter.conditions();
    html! {
        <div class="keybar" role="group" aria-label="Arrange the list of keys">
            <div class="keybar__row">
                <input class="field keybar__pattern" id="keys-pattern" type="search" value={arrangement.filter.pattern.clone()} oninput={typed}
                    aria-label="Filter by name" placeholder="Filter" autocomplete="off" spellcheck="false"
                    title="A pattern as KEYS takes it (* ? [a-z]), or a piece of a name" />
                <button class="button keybar__more" aria-expanded={is_open.to_string()} aria-controls="keys-filters" onclick={toggle}
                    title="Filter by type, encoding and time to live">
                    { Icon::Funnel.draw() }
                    <span class="hidden">{ "More filters" }</span>
                    if conditions > 0 { <span class="keybar__count">{ conditions.to_string() }<span class="hidden">{ " set" }</span></span> }
                </button>
                { shape(arrangement, &arrange) }
                { order(arrangement, &arrange) }
            </div>
            <div class="keybar__row keybar__filters" id="keys-filters" hidden={!*is_open}>
                if *is_open { { filters(props, &arrange) } }
            </div>
        </div>
    }
}

/// Flat or a tree, and what divides names.
fn shape(arrangement: &Rc<Arrangement>, arrange: &Callback<Arrangement>) -> Html {
    let button = |tree: bool, word: &'static str| {
        let to = Arrangement { tree, ..(**arrangement).clone() };
        let click = arrange.reform(move |_: MouseEvent| to.clone());
        html! {
            <button class="button" aria-pressed={(arrangement.tree == tree).to_string()} onclick={click}>{ word }</button>
        }
    };
    let divide = {
        let arrangement = arrangement.clone();
        arrange.reform(move |event: Event| {
            arrangement.divided_by(&event.target_unchecked_into::<HtmlInputElement>().value())
        })
    };
    let delimiters = String::from_utf8_lossy(&arrangement.delimiters).into_owned();
    html! {
        <>
            <div class="switch" role="group" aria-label="Shape of the list">
                { button(false, "List") }{ button(true, "Tree") }
            </div>
            if arrangement.tree {
                <input class="field keybar__delimiters" id="keys-delimiters" value={delimiters} onchange={divide} maxlength="8" size="3"
                    autocomplete="off" spellcheck="false" aria-label="Delimiters of namespaces"
                    title="Each of these marks ends a part of a name, such as :/." />
            }
        </>
    }
}

fn order(arrangement: &Rc<Arrangement>, arrange: &Callback<Arrangement>) -> Html {
    let chosen = {
        let arrangement = arrangement.clone();
        arrange.reform(move |event: Event| {
            let token = event.target_unchecked_into::<HtmlSelectElement>().value();
            arrangement.by(Order::from_token(&token).unwrap_or_default())
        })
    };
    let turn = {
        let to = Arrangement { falling: !arrangement.falling, ..(**arrangement).clone() };
        arrange.reform(move |_: MouseEvent| to.clone())
    };
    let (icon, words) = if arrangement.falling {
        (Icon::Falling, "Falling order: turn to rising")
    } else {
        (Icon::Rising, "Rising order: turn to falling")
    };
    html! {
        <span class="keybar__order">
            <select class="select" id="keys-order" aria-label="Sort by" onchange={chosen} title="Sort by">
                { for Order::ALL.into_iter().map(|order| html! {
                    <option value={order.token()} selected={order == arrangement.order}>{ order.word() }</option>
                }) }
            </select>
            <button class="button button--icon" id="keys-direction" onclick={turn} aria-label={words} title={words}>{ icon.draw() }</button>
        </span>
    }
}

fn filters(props: &Props, arrange: &Callback<Arrangement>) -> Html {
    let arrangement = &props.arrangement;
    let filter = &arrangement.filter;
    let (mut kinds, mut encodings): (Vec<_>, Vec<_>) = props.classes.iter().copied().unzip();
    for words in [&mut kinds, &mut encodings] {
        words.sort_unstable();
        words.dedup();
    }
    let chip = |kind: &'static str| {
        let is_chosen = filter.kinds.contains(&kind);
        let mut to = filter.clone();
        if is_chosen {
            to.kinds.retain(|known| *known != kind);
        } else {
            to.kinds.push(kind);
        }
        let to = arrangement.filtered(to);
        let click = arrange.reform(move |_: MouseEvent| to.clone());
        html! {
            <button class="button keybar__chip" aria-pressed={is_chosen.to_string()} onclick={click}><TypeBadge {kind} /></button>
        }
    };
    let encoding = {
        let (arrangement, encodings) = (arrangement.clone(), encodings.clone());
        arrange.reform(move |event: Event| {
            let word = event.target_unchecked_into::<HtmlSelectElement>().value();
            let encoding = encodings.iter().copied().find(|known| *known == word);
            arrangement.filtered(Filter { encoding, ..arrangement.filter.clone() })
        })
    };
    let volatile = {
        let arrangement = arrangement.clone();
        arrange.reform(move |event: Event| {
            let word = event.target_unchecked_into::<HtmlSelectElement>().value();
            let volatile = ["without", "with"].iter().position(|known| *known == word).map(|at| at == 1);
            arrangement.filtered(Filter { volatile, ..arrangement.filter.clone() })
        })
    };
    let clear = {
        let to = arrangement.filtered(Filter::default());
        arrange.reform(move |_: MouseEvent| to.clone())
    };
    html! {
        <>
            if kinds.is_empty() { <span class="keybar__note">{ "Types can be chosen from when there are keys." }</span> }
            <div class="keybar__chips" role="group" aria-label="Types">{ for kinds.into_iter().map(chip) }</div>
            <select class="select" id="keys-encoding" aria-label="Encoding" onchange={encoding}>
                <option value="" selected={filter.encoding.is_none()}>{ "any encoding" }</option>
                { for encodings.into_iter().map(|word| html! {
                    <option value={word} selected={filter.encoding == Some(word)}>{ word }</option>
                }) }
            </select>
            <select class="select" id="keys-volatile" aria-label="Time to live" onchange={volatile}>
                <option value="" selected={filter.volatile.is_none()}>{ "any TTL" }</option>
                <option value="with" selected={filter.volatile == Some(true)}>{ "with TTL" }</option>
                <option value="without" selected={filter.volatile == Some(false)}>{ "without TTL" }</option>
            </select>
            <button class="button" onclick={clear} disabled={filter.is_open()}>{ "Clear" }</button>
        </>
    }
}
