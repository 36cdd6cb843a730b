//! A hash as a table: each field with its value and the time it has to live, all of which are edited in place.

use playground_engine::picture::{Inside, Piece};
use yew::prelude::*;

use super::TimedProps;
use super::command::{self, Slot};
use super::edit::{Editable, Form, Verb, remove};
use super::pager::pager;
use super::roving::Roving;
use super::scene::{Scene, label, short_label};
use crate::format;
use crate::state::inspect::PAGE;

#[component(Fields)]
pub fn fields(TimedProps { scene, picture, now }: &TimedProps) -> Html {
    let Inside::Hash(hash) = &picture.inside else { return Html::default() };
    let set = Verb {
        word: "HSET",
        slots: vec!["HSET".into(), (&*scene.key).into(), Slot::Field(0), Slot::Field(1)],
    };
    html! {
        <>
            <div class="ins-tools"><Form scene={scene.clone()} fields={vec!["Field", "Its value"]} verbs={vec![set]} /></div>
            <Roving>
                <table class="fields">
                    <thead>
                        <tr>
                            <th scope="col">{ "Field" }</th>
                            <th scope="col">{ "Value" }</th>
                            <th scope="col">{ "Time to live" }</th>
                            <th scope="col"><span class="hidden">{ "Remove" }</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        { for hash.fields.iter().map(|(field, value, expires_at)| row(scene, field, value, *expires_at, *now)) }
                    </tbody>
                </table>
            </Roving>
            { pager(scene, hash.from, hash.fields.len(), PAGE, picture.summary.len, "fields") }
        </>
    }
}

fn row(scene: &Scene, field: &Piece, value: &Piece, expires_at: Option<u64>, now: u64) -> Html {
    let key = &*scene.key;
    let shown = short_label(field);
    let left = expires_at.map(|at| at.saturating_sub(now));
    let ttl = left.map_or_else(|| "—".to_owned(), format::remaining);
    // A name too long to be shown whole cannot be written into a command here.
    let Some(name) = field.whole() else {
        return html! {
            <tr key={label(field)}>
                <th scope="row"><bdi>{ shown }</bdi></th>
                <td class="fields__value"><bdi>{ short_label(value) }</bdi></td>
                <td class="fields__ttl">{ ttl }</td>
                <td />
            </tr>
        };
    };
    let seconds = left.map_or_else(String::new, |left| left.div_ceil(1000).to_string());
    let expire = vec!["HEXPIRE".into(), key.into(), Slot::Field(0), "FIELDS".into(), "1".into(), name.into()];
    let persist: [&[u8]; 5] = [b"HPERSIST", key, b"FIELDS", b"1", name];
    html! {
        <tr key={label(field)}>
            <th scope="row" title={shown.clone()}><bdi>{ shown.clone() }</bdi></th>
            <td class="fields__value">
                if value.whole().is_some() {
                    <Editable scene={scene.clone()} shown={short_label(value)} text={label(value)} label={format!("Value of {shown}")}
                        slots={vec!["HSET".into(), key.into(), name.into(), Slot::Field(0)]} />
                } else {
                    <bdi>{ short_label(value) }</bdi>
                }
            </td>
            <td class="fields__ttl">
                <Editable scene={scene.clone()} shown={ttl} text={seconds} label={format!("Seconds to live of {shown}")} slots={expire} />
                if left.is_some() {
                    <button type="button" class="button button--quiet ins-ttl__keep" onclick={scene.runs::<MouseEvent>(&persist)}
                        title={command::line(persist)} aria-label={format!("Persist {shown}")}>{ "Persist" }</button>
                }
            </td>
            <td class="fields__remove">{ remove(scene, &[b"HDEL", key, name], &format!("Remove {shown}")) }</td>
        </tr>
    }
}
