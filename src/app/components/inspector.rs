//! One key looked into: what it is, how near its encoding is to converting, and what is in it.

use std::rc::Rc;

use playground_engine::snapshot::{Conversion, Inspection, ValueView};
use yew::prelude::*;

use super::elements::Elements;
use super::fields::Fields;
use super::icon::Icon;
use super::members::Members;
use super::ranking::Ranking;
use super::stream_log::StreamLog;
use super::type_badge::TypeBadge;
use crate::bridge::Intent;
use crate::format;

/// Members drawn; the rest is counted.
const DRAWN: usize = 100;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub selected: Option<Rc<[u8]>>,
    pub inspection: Option<Rc<Inspection>>,
    pub now: u64,
    pub bridge: Callback<Intent>,
}

#[component(Inspector)]
pub fn inspector(props: &Props) -> Html {
    let Some(selected) = &props.selected else {
        return html! {
            <div class="inspector inspector--empty">
                <p>{ "The key that changes is shown here. Choose one in the list to stay with it." }</p>
            </div>
        };
    };
    let close = props.bridge.reform(|_: MouseEvent| Intent::Select(None));
    html! {
        <section class="inspector" aria-label="Inside the key">
            <header class="inspector__head">
                <h3 class="inspector__name" title={format::short_name(selected)}><bdi>{ format::short_name(selected) }</bdi></h3>
                if let Some(found) = &props.inspection { <TypeBadge kind={found.summary.kind} /> }
                <button class="button button--quiet button--icon" onclick={close} title="Close: follow what changes" aria-label="Close">
                    { Icon::Cross.draw() }
                </button>
            </header>
            { match &props.inspection {
                Some(found) => inside(found, props.now),
                None => html! { <p class="inspector__gone">{ "There is no such key now." }</p> },
            } }
        </section>
    }
}

fn inside(found: &Inspection, now: u64) -> Html {
    let summary = &found.summary;
    let (one, many) = format::parts(summary.kind);
    let ttl =
        summary.expires_at.map_or_else(|| "none".to_owned(), |at| format::remaining(at.saturating_sub(now)));
    let facts = [
        ("Encoding", summary.encoding.to_owned()),
        ("Size", format::counted(summary.len, one, many)),
        ("Memory", format!("{} bytes", format::count(summary.memory))),
        ("Time to live", ttl),
    ];
    html! {
        <>
            <dl class="facts">
                { for facts.into_iter().map(|(name, fact)| html! {
                    <div class="facts__pair"><dt>{ name }</dt><dd>{ fact }</dd></div>
                }) }
            </dl>
            if let Some(conversion) = found.conversion { { conversion_meter(summary.encoding, conversion) } }
            <div class="inspector__value" tabindex="0" role="group" aria-label="Value">{ value(found, now) }</div>
        </>
    }
}

/// How much of a compact encoding's room is used.
fn conversion_meter(encoding: &str, Conversion { entries, limit }: Conversion) -> Html {
    let left = limit.saturating_sub(entries);
    let left_words = format::counted(left, "more entry fits", "more entries fit");
    let words = format!("{left_words} before {encoding} converts");
    html! {
        <div class="conversion" data-near={(left * 8 <= limit).to_string()}>
            <meter class="conversion__meter" min="0" max={limit.to_string()} value={entries.to_string()} aria-label={words.clone()} />
            <span class="conversion__figure">{ format!("{entries}/{limit}") }</span>
            <span class="conversion__words">{ words }</span>
        </div>
    }
}

fn value(found: &Inspection, now: u64) -> Html {
    let (kind, len) = (found.summary.kind, found.summary.len);
    match &found.value {
        ValueView::String { bytes } => {
            let (text, shown) = format::text(bytes, bytes.len() < len);
            // Escaped bytes have no words to break a line between.
            let escaped = text.starts_with('"').then_some("value--bytes");
            html! {
                <>
                    <pre class={classes!("value", escaped)}>{ text }</pre>
                    { more(len.saturating_sub(shown), kind) }
                </>
            }
        }
        ValueView::Set { members, integer_bits } => html! {
            <>
                <Members members={members.iter().take(DRAWN).cloned().collect::<Rc<[_]>>()} integer_bits={*integer_bits} />
                { more(len.saturating_sub(members.len().min(DRAWN)), kind) }
            </>
        },
        ValueView::List { elements } => html! {
            <>
                <Elements elements={elements.iter().take(DRAWN).cloned().collect::<Rc<[_]>>()} {len} />
                { more(len.saturating_sub(elements.len().min(DRAWN)), kind) }
            </>
        },
        ValueView::Stream { entries, groups } => html! {
            <>
                <StreamLog entries={entries.iter().take(DRAWN).cloned().collect::<Rc<[_]>>()}
                    groups={groups.iter().take(DRAWN).cloned().collect::<Rc<[_]>>()} />
                { more(len.saturating_sub(entries.len().min(DRAWN)), kind) }
            </>
        },
        ValueView::SortedSet { members } => html! {
            <>
                <Ranking members={members.iter().take(DRAWN).cloned().collect::<Rc<[_]>>()} />
                { more(len.saturating_sub(members.len().min(DRAWN)), kind) }
            </>
        },
        ValueView::Hash { fields } => html! {
            <>
                <Fields fields={fields.iter().take(DRAWN).cloned().collect::<Rc<[_]>>()} {now} />
                { more(len.saturating_sub(fields.len().min(DRAWN)), kind) }
            </>
        },
    }
}

fn more(n: usize, kind: &str) -> Html {
    let (one, many) = format::parts(kind);
    if n == 0 {
        return Html::default();
    }
    html! { <p class="value__more">{ format!("and {} more", format::counted(n, one, many)) }</p> }
}
