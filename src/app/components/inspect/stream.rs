//! The entries of a stream, the newest first, each with its ID and fields.

use playground_engine::picture::{EntryPicture, Inside, StreamPicture};
use yew::prelude::*;

use super::PictureProps;
use super::command::Slot;
use super::edit::{Form, Verb, remove};
use super::roving::Roving;
use super::scene::{Scene, label, short_label};
use crate::format;
use crate::state::inspect::Turn;

/// An ID as clients write it.
pub fn id((ms, seq): (u64, u64)) -> String {
    format!("{ms}-{seq}")
}

#[component(Entries)]
pub fn entries(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::Stream(stream) = &picture.inside else { return Html::default() };
    let add = Verb {
        word: "XADD",
        slots: vec!["XADD".into(), (&*scene.key).into(), "*".into(), Slot::Field(0), Slot::Field(1)],
    };
    html! {
        <>
            <div class="ins-tools"><Form scene={scene.clone()} fields={vec!["Field", "Its value"]} verbs={vec![add]} /></div>
            <p class="ins-note">{ format!("{} ever added; the last ID given is {}.", format::counted(usize::try_from(stream.added).unwrap_or(usize::MAX), "entry was", "entries were"), id(stream.last_id)) }</p>
            if stream.entries.is_empty() {
                <p class="ins-gap">{ "No entries here: the stream keeps its last ID and its groups." }</p>
            }
            <Roving>
                <ol class="log" aria-label="Entries, the newest first">{ for stream.entries.iter().map(|one| entry(scene, one)) }</ol>
            </Roving>
            { pages(scene, stream) }
        </>
    }
}

/// The ways to older entries and back.
pub fn pages(scene: &Scene, stream: &StreamPicture) -> Html {
    let last = stream.entries.last().map(|entry| entry.id);
    let older = last.zip(stream.ends).filter(|(last, (first, _))| last > first).and_then(|((ms, seq), _)| {
        Some(if seq > 0 { (ms, seq - 1) } else { (ms.checked_sub(1)?, u64::MAX) })
    });
    let go = |turn: Option<Turn>, word: &'static str| {
        let (scene, disabled) = (scene.clone(), turn.is_none());
        let click =
            Callback::from(move |_: MouseEvent| turn.iter().for_each(|turn| scene.turn(turn.clone())));
        html! { <button type="button" class="button" onclick={click} {disabled}>{ word }</button> }
    };
    let newer = (!scene.glance.until.is_empty()).then_some(Turn::Newer);
    if older.is_none() && newer.is_none() {
        return Html::default();
    }
    html! {
        <nav class="ins-pager" aria-label="Parts of the stream">
            { go(newer, "Newer") }
            { go(older.map(Turn::Older), "Older") }
        </nav>
    }
}

fn entry(scene: &Scene, entry: &EntryPicture) -> Html {
    let name = id(entry.id);
    let (date, time) = format::date_time(entry.id.0.min(MOST));
    let hidden = entry.field_count.saturating_sub(entry.fields.len());
    html! {
        <li class="entry" key={name.clone()}>
            <div class="ins-entry__head">
                <span class="entry__id" title={format!("{date} {time} UTC, if the ID is a time")}>{ &name }</span>
                { remove(scene, &[b"XDEL", &scene.key, name.as_bytes()], &format!("Delete entry {name}")) }
            </div>
            <dl class="entry__fields">
                { for entry.fields.iter().map(|(field, value)| html! {
                    <div class="entry__pair">
                        <dt><bdi>{ short_label(field) }</bdi></dt>
                        <dd title={label(value)}><bdi>{ short_label(value) }</bdi></dd>
                    </div>
                }) }
            </dl>
            if hidden > 0 { <p class="ins-gap">{ format!("and {}", format::counted(hidden, "more field", "more fields")) }</p> }
        </li>
    }
}

/// The end of the year 9999: later moments have no date that anybody reads.
const MOST: u64 = 253_402_300_799_999;
