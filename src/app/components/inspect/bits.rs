//! A string as bits by their offset: a press turns one over, by SETBIT.

use playground_engine::picture::Inside;
use yew::prelude::*;

use super::PictureProps;
use super::command::{self, Slot};
use super::edit::{Form, Verb, run_button};
use super::pager::pager;
use super::roving::Roving;
use crate::format;
use crate::state::inspect::{Face, page_len};

const COLUMNS: usize = 16;

#[component(Bits)]
pub fn bits(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::String(string) = &picture.inside else { return Html::default() };
    let page = string.bytes.get(..page_len(Face::Bits)).unwrap_or(&string.bytes);
    let first = string.from * 8;
    let count = page.len() * 8;
    let bit = |at: usize| {
        let on = page.get(at / 8).is_some_and(|byte| byte >> (7 - at % 8) & 1 == 1);
        let offset = (first + at).to_string();
        let words: [&[u8]; 4] = [b"SETBIT", &scene.key, offset.as_bytes(), if on { b"0" } else { b"1" }];
        html! {
            <button type="button" class="ins-bit" id={format!("ins-bit-{at}")} onclick={scene.runs::<MouseEvent>(&words)} data-on={on.to_string()} aria-label={format!("Bit {offset}: {}", u8::from(on))}
                title={format!("Bit {offset}")}>{ if on { "1" } else { "0" } }</button>
        }
    };
    let rows = (0..count.div_ceil(COLUMNS)).map(|row| {
        let bits = (row * COLUMNS..((row + 1) * COLUMNS).min(count)).map(bit);
        html! {
            <div class="ins-bits__row">
                <span class="ins-bits__offset" aria-hidden="true">{ first + row * COLUMNS }</span>
                { for bits }
            </div>
        }
    });
    let set = vec![
        Verb {
            word: "SETBIT 1",
            slots: vec!["SETBIT".into(), (&*scene.key).into(), Slot::Field(0), "1".into()],
        },
        Verb {
            word: "SETBIT 0",
            slots: vec!["SETBIT".into(), (&*scene.key).into(), Slot::Field(0), "0".into()],
        },
    ];
    html! {
        <>
            <p class="ins-note">{ match string.bits {
                Some(bits) => format!("{} of {} are 1 (BITCOUNT).", format::count(bits as usize), format::counted(picture.summary.len * 8, "bit", "bits")),
                None => format!("{}; too many to count at each look, BITCOUNT tells.", format::counted(picture.summary.len * 8, "bit", "bits")),
            } }</p>
            if count > 0 {
                <Roving><div class="ins-bits" role="group" aria-label="Bits">{ for rows }</div></Roving>
            } else {
                <p class="ins-note">{ "No bits yet: SETBIT makes the string as long as it must be." }</p>
            }
            { pager(scene, string.from, page.len(), page_len(Face::Bits), picture.summary.len, "bytes") }
            <Form scene={scene.clone()} fields={vec!["Offset of a bit"]} verbs={set} />
            { run_button(scene, command::line([&b"BITCOUNT"[..], &scene.key])) }
        </>
    }
}
