//! A string as text: what is not text is escaped as redis-cli does it. A long one is shown in parts.

use playground_engine::picture::Inside;
use yew::prelude::*;

use super::PictureProps;
use super::command::Slot;
use super::edit::{Editable, Form, Verb};
use super::pager::pager;
use crate::format;
use crate::state::inspect::{Face, page_len};

/// Longer than this one does not edit in a field.
const EDITED: usize = 4_096;

#[component(Text)]
pub fn text(PictureProps { scene, picture }: &PictureProps) -> Html {
    let Inside::String(string) = &picture.inside else { return Html::default() };
    let len = picture.summary.len;
    let page = string.bytes.get(..page_len(Face::Text)).unwrap_or(&string.bytes);
    let is_cut = string.from + page.len() < len;
    let (text, shown) = format::text(page, is_cut);
    // Escaped bytes have no words to break a line between.
    let escaped = text.starts_with('"').then_some("value--bytes");
    let whole = string.from == 0 && !is_cut && len <= EDITED;
    let append =
        vec![Verb { word: "APPEND", slots: vec!["APPEND".into(), (&*scene.key).into(), Slot::Field(0)] }];
    html! {
        <>
            if whole {
                <Editable class={classes!("value", escaped)} scene={scene.clone()} shown={text} text={format::name(page)} label="Value"
                    slots={vec!["SET".into(), (&*scene.key).into(), Slot::Field(0), "KEEPTTL".into()]} />
            } else {
                <pre class={classes!("value", escaped)}>{ text }</pre>
            }
            { pager(scene, string.from, shown, page_len(Face::Text), len, "bytes") }
            <Form scene={scene.clone()} fields={vec!["Text to append"]} verbs={append} />
        </>
    }
}
