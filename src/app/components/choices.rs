//! What a prompt offers to choose from: completions of the line, or lines of the history. A listbox of ARIA's, whose
//! keyboard stays in the field.

use std::rc::Rc;

use yew::prelude::*;

use super::coloured;
use super::type_badge::TypeBadge;
use crate::complete::Candidate;

/// Shown at once.
const SHOWN: usize = 8;

/// Something to choose.
#[derive(Clone, Debug, PartialEq)]
pub enum Choosable {
    Candidate(Candidate),
    Line(Rc<str>),
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// Of the list; its options are numbered behind it.
    pub id: String,
    pub label: &'static str,
    pub all: Vec<Choosable>,
    /// Which one is chosen.
    pub at: Option<usize>,
    /// In one row, to be reached by a finger.
    #[prop_or_default]
    pub strip: bool,
    pub choose: Callback<usize>,
}

#[component(Choices)]
pub fn choices(props: &Props) -> Html {
    let Props { all, at, .. } = props;
    let shown = if props.strip { all.len() } else { SHOWN };
    let first = at.unwrap_or(0).saturating_sub(shown.saturating_sub(1));
    // A click must not take the keyboard from the field.
    let stay = Callback::from(|event: MouseEvent| event.prevent_default());
    html! {
        <div class={classes!("choices", props.strip.then_some("choices--strip"))} onmousedown={stay}>
            <ul class="choices__list" id={props.id.clone()} role="listbox" aria-label={props.label}>
                { for all.iter().enumerate().skip(first).take(shown).map(|(place, one)| option(props, place, one)) }
            </ul>
            if let Some(at) = at.filter(|_| all.len() > SHOWN) {
                <p class="choices__of" aria-hidden="true">{ format!("{} of {}", at + 1, all.len()) }</p>
            }
        </div>
    }
}

fn option(props: &Props, place: usize, one: &Choosable) -> Html {
    let chosen = props.at == Some(place);
    let click = props.choose.reform(move |_: MouseEvent| place);
    let class = classes!("choices__one", chosen.then_some("choices__one--chosen"));
    html! {
        <li key={place} {class} id={option_id(&props.id, place)} role="option" aria-selected={chosen.to_string()}
            aria-posinset={(place + 1).to_string()} aria-setsize={props.all.len().to_string()} onclick={click}>
            { match one {
                Choosable::Candidate(candidate) => html! {
                    <>
                        <span class="choices__name">{ &candidate.name }</span>
                        if let Some(kind) = candidate.kind { <TypeBadge {kind} /> }
                    </>
                },
                Choosable::Line(line) => html! { <span class="choices__name">{ coloured::whole(line) }</span> },
            } }
        </li>
    }
}

/// The name of an option, by which a field points at the chosen one.
pub fn option_id(list: &str, place: usize) -> String {
    format!("{list}-{place}")
}
