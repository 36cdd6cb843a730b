//! A sorted set as a ranking whose scores are edited in place: by typing one, or by steps up and down.

use playground_engine::picture::{Inside, Piece};
use yew::prelude::*;

use super::PictureProps;
use super::command::{self, Slot};
use super::edit::{Editable, Form, Verb, remove};
use super::pager::pager;
use super::roving::Roving;
use super::scene::{Scene, label, short_label};
use crate::components::ranking::{RankRow, Scale};
use crate::format;
use crate::state::inspect::PAGE;

#[component(Ranks)]
pub fn ranks(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::SortedSet(zset) = &picture.inside else { return Html::default() };
    let scale = Scale::between(zset.spread.low, zset.spread.high);
    let add = Verb {
        word: "ZADD",
        slots: vec!["ZADD".into(), (&*scene.key).into(), Slot::Field(0), Slot::Field(1)],
    };
    html! {
        <>
            <div class="ins-tools"><Form scene={scene.clone()} fields={vec!["Score", "Member"]} verbs={vec![add]} /></div>
            <Roving>
                <ol class="ranking ins-ranking">
                    { for zset.members.iter().enumerate().map(|(at, (member, score))| row(scene, zset.from + at, member, *score, &scale)) }
                </ol>
            </Roving>
            { pager(scene, zset.from, zset.members.len(), PAGE, picture.summary.len, "members") }
        </>
    }
}

fn row(scene: &Scene, at: usize, member: &Piece, score: f64, scale: &Scale) -> Html {
    let (key, shown, text) = (&*scene.key, short_label(member), format::score(score));
    let (score_html, tools) = match member.whole() {
        None => (html! { { text } }, html! { <span /> }),
        Some(name) => {
            let slots = vec!["ZADD".into(), key.into(), Slot::Field(0), name.into()];
            let step = |by: &'static str, sign: &'static str| {
                let words: [&[u8]; 4] = [b"ZINCRBY", key, by.as_bytes(), name];
                html! {
                    <button type="button" class="button button--quiet button--icon ins-remove" onclick={scene.runs::<MouseEvent>(&words)}
                        title={command::line(words)} aria-label={format!("{sign} 1 for {shown}")}>{ sign }</button>
                }
            };
            let edit = html! {
                <Editable scene={scene.clone()} shown={text.clone()} {text} label={format!("Score of {shown}")} {slots} />
            };
            let tools = html! {
                <span class="ins-ranking__tools">
                    { step("-1", "−") }
                    { step("1", "+") }
                    { remove(scene, &[b"ZREM", key, name], &format!("Remove {shown}")) }
                </span>
            };
            (edit, tools)
        }
    };
    html! { <RankRow key={label(member)} {at} name={shown} score={score_html} share={scale.share(score)} {tools} /> }
}
