//! A command line in its colours.

use yew::prelude::*;

use crate::highlight::{self, Span};

/// The line with what each part of it is; `spans` are its own.
pub fn coloured(line: &str, spans: &[Span]) -> Html {
    html! {
        { for highlight::parts(line, spans).into_iter().map(|(class, text)| match class {
            Some(class) => html! { <span class={format!("code code--{}", class.token())}>{ text.to_owned() }</span> },
            None => html! { { text.to_owned() } },
        }) }
    }
}

/// A whole line, with what is wrong with it marked.
pub fn whole(line: &str) -> Html {
    coloured(line, &highlight::line(line))
}
