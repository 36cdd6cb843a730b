//! How long keys have to live: a histogram, with those that have no time to live apart.

use yew::prelude::*;

use super::treemap::share;
use crate::format;
use crate::state::memory::{LIFETIMES, Share};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub columns: [Share; LIFETIMES.len() + 1],
    /// Keys without a time to live.
    pub lasting: Share,
    pub whole: Share,
}

#[component(Lifetimes)]
pub fn lifetimes(props: &Props) -> Html {
    let most =
        props.columns.iter().chain([&props.lasting]).map(|share| share.keys).max().unwrap_or_default().max(1);
    let limits = LIFETIMES.iter().map(|limit| format!("up to {}", format::duration(*limit)));
    let names = limits.chain(["longer".to_owned()]);
    let row = |name: String, share: Share, lasting: bool| {
        let width = format!("{:.2}", share.keys as f64 / most as f64 * 100.0);
        html! {
            <li class="life" data-lasting={lasting.then_some("true")}>
                <span class="life__name">{ name }</span>
                <svg class="life__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="life__fill" {width} height="10" />
                </svg>
                <span class="life__keys">{ format::counted(share.keys, "key", "keys") }</span>
                <span class="life__bytes">{ format::size(share.bytes) }</span>
            </li>
        }
    };
    html! {
        <section class="part">
            <h3 class="part__name">{ "Time to live" }</h3>
            <ol class="lives">
                { for names.zip(props.columns).map(|(name, share)| row(name, share, false)) }
                { row("none".to_owned(), props.lasting, true) }
            </ol>
            <p class="part__words">
                { format!("{} without a time to live take {} ({}): they stay until they are deleted or evicted.",
                    format::counted(props.lasting.keys, "key", "keys"), format::size(props.lasting.bytes),
                    share(props.lasting.bytes, props.whole.bytes)) }
            </p>
        </section>
    }
}
