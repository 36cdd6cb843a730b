//! A hash as a table: each field with its value and, where any field has one, its time to live.

use std::rc::Rc;

use yew::prelude::*;

use crate::format;

/// A field, its value, and when it expires.
pub type Field = (Vec<u8>, Vec<u8>, Option<u64>);

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub fields: Rc<[Field]>,
    pub now: u64,
}

#[component(Fields)]
pub fn fields(Props { fields, now }: &Props) -> Html {
    let timed = fields.iter().any(|(.., expires_at)| expires_at.is_some());
    html! {
        <table class="fields">
            <thead>
                <tr>
                    <th scope="col">{ "Field" }</th>
                    <th scope="col">{ "Value" }</th>
                    if timed { <th scope="col">{ "Time to live" }</th> }
                </tr>
            </thead>
            <tbody>
                { for fields.iter().map(|(field, value, expires_at)| html! {
                    <tr key={format::name(field)}>
                        <th scope="row" title={format::name(field)}><bdi>{ format::short_name(field) }</bdi></th>
                        <td class="fields__value" title={format::name(value)}><bdi>{ format::short_name(value) }</bdi></td>
                        if timed { <td class="fields__ttl">{ left(*expires_at, *now) }</td> }
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

/// What is left of a field's life; nothing is said where it has no end.
fn left(expires_at: Option<u64>, now: u64) -> String {
    expires_at.map(|at| format::remaining(at.saturating_sub(now))).unwrap_or_default()
}
