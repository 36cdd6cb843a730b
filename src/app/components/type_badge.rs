//! A data type by letter and colour, the same everywhere: told apart without colour, too.

use yew::prelude::*;

/// The letter of a type, for where there is no room for its word.
pub fn letter(kind: &str) -> &'static str {
    match kind {
        "string" => "S",
        "zset" => "Z",
        "list" => "L",
        "hash" => "H",
        "set" => "E",
        "stream" => "X",
        _ => "?",
    }
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// The word of `TYPE`.
    pub kind: &'static str,
}

#[component(TypeBadge)]
pub fn type_badge(Props { kind }: &Props) -> Html {
    html! {
        <span class="badge" data-kind={*kind}>
            <span class="badge__letter" aria-hidden="true">{ letter(kind) }</span>
            <span class="badge__word">{ *kind }</span>
        </span>
    }
}
