//! A string that is a number: its value, steps up and down as commands, and how far the limits of 64 bits are.

use playground_engine::picture::{Inside, Numeric};
use yew::prelude::*;

use super::PictureProps;
use super::command::{self, Slot};
use super::edit::{Editable, Form, Verb};
use crate::format;

#[component(Number)]
pub fn number(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::String(string) = &picture.inside else { return Html::default() };
    let Some(number) = string.number else { return Html::default() };
    let key = &*scene.key;
    let text = format::name(&string.bytes);
    let by = |word: &'static str| Verb { word, slots: vec![word.into(), key.into(), Slot::Field(0)] };
    let whole = matches!(number, Numeric::Integer(_));
    let verbs =
        if whole { vec![by("INCRBY"), by("DECRBY"), by("INCRBYFLOAT")] } else { vec![by("INCRBYFLOAT")] };
    let step = |word: &'static str, sign: &'static str| {
        let line = command::line([word.as_bytes(), key]);
        let click = scene.runs::<MouseEvent>(&[word.as_bytes(), key]);
        html! { <button type="button" class="button" onclick={click} title={line}>{ format!("{sign} {word}") }</button> }
    };
    html! {
        <div class="ins-number">
            <Editable class="ins-number__value" scene={scene.clone()} shown={text.clone()} {text} label="Value"
                slots={vec!["SET".into(), key.into(), Slot::Field(0), "KEEPTTL".into()]} />
            if whole {
                <div class="ins-form">{ step("INCR", "+1") }{ step("DECR", "−1") }</div>
            }
            <Form scene={scene.clone()} fields={vec!["By how much"]} {verbs} />
            { words(number) }
        </div>
    }
}

fn words(number: Numeric) -> Html {
    let Numeric::Integer(value) = number else {
        return html! {
            <p class="ins-note">{ "Not a whole number of 64 bits as Redis writes one: INCR refuses it, INCRBYFLOAT takes it." }</p>
        };
    };
    // Halved first: the whole span does not fit a signed number.
    let share =
        (value as f64 / 2.0 - i64::MIN as f64 / 2.0) / (i64::MAX as f64 / 2.0 - i64::MIN as f64 / 2.0);
    let at = format!("{:.2}", share.clamp(0.0, 1.0) * 400.0);
    let left = i128::from(i64::MAX) - i128::from(value);
    html! {
        <>
            <svg class="ins-axis" viewBox="0 0 400 16" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <line x1="0" y1="8" x2="400" y2="8" class="ins-axis__line" />
                <line x1="200" y1="4" x2="200" y2="12" class="ins-axis__line" />
                <line x1={at.clone()} y1="1" x2={at} y2="15" class="ins-axis__mark" />
            </svg>
            <div class="ins-axis__ends"><span>{ "−2⁶³" }</span><span>{ "0" }</span><span>{ "2⁶³ − 1" }</span></div>
            <p class="ins-note">{ format!("A whole number of 64 bits, from {} to {}. INCR can add {left} more before it says that this would overflow.", i64::MIN, i64::MAX) }</p>
        </>
    }
}
