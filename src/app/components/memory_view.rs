//! Memory: how much, what for, over time, and which keys take it. What the survey found is drawn as it comes.

use std::rc::Rc;

use yew::prelude::*;

use super::history_chart::{Curve, HistoryChart};
use super::lifetimes::Lifetimes;
use super::see;
use super::treemap::{Treemap, share};
use super::type_badge::TypeBadge;
use super::usage::{Figures, Usage};
use crate::bridge::Intent;
use crate::format;
use crate::hooks::use_survey;
use crate::state::Action;
use crate::state::history::History;
use crate::state::keys::KeysIntent;
use crate::state::layout::Picture;
use crate::state::memory::{Large, Memory, Scope, Survey};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub figures: Figures,
    pub history: Rc<History>,
    pub memory: Rc<Memory>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(MemoryView)]
pub fn memory_view(props: &Props) -> Html {
    use_survey(props.memory.scope.clone(), "memory", props.bridge.clone());
    let look_at = props.dispatch.reform(Action::LookAt);
    let select = {
        let (bridge, dispatch) = (props.bridge.clone(), props.dispatch.clone());
        Callback::from(move |key: Rc<[u8]>| {
            bridge.emit(Intent::Keys(KeysIntent::Reveal(key)));
            see::go_to(Picture::Keyspace, &dispatch);
        })
    };
    html! {
        <div class="sheet" id="memory">
            <Usage figures={props.figures} />
            <section class="part">
                <h3 class="part__name">{ "Used over virtual time" }</h3>
                <HistoryChart curve={Curve::Memory { limit: props.figures.limit }} history={props.history.clone()} />
            </section>
            if let Some(survey) = &props.memory.survey {
                if survey.whole.keys == 0 {
                    <p class="sheet__note">{ format!("db{} holds no keys yet. What keys take is drawn here as soon as there are any.", survey.db) }</p>
                } else {
                    <section class="part">
                        <h3 class="part__name">{ "What takes it" }</h3>
                        { way(&props.memory.scope, &look_at) }
                        if survey.tiles.is_empty() {
                            <p class="part__words">{ "No keys here any more." }</p>
                        } else {
                            <Treemap survey={survey.clone()} look_at={look_at.clone()} select={select.clone()} />
                        }
                        { extent(survey) }
                    </section>
                    { largest(survey, &select) }
                    <Lifetimes columns={survey.lifetimes} lasting={survey.lasting} whole={survey.whole} />
                }
            }
            <p class="sheet__note">{ "Fragmentation (memory that the allocator holds and cannot give out) is not simulated." }</p>
        </div>
    }
}

/// Where in the keyspace one is, and how it is divided.
fn way(scope: &Scope, look_at: &Callback<Scope>) -> Html {
    let way = scope.way();
    let here = way.len() - 1;
    let step = |(at, step): (usize, Scope)| {
        let name = match (&step.kind, step.prefix.is_empty()) {
            (Some(kind), true) => (*kind).to_owned(),
            (None, true) => "all keys".to_owned(),
            _ => format::short_name(step.last_part()),
        };
        let go = look_at.reform(move |_: MouseEvent| step.clone());
        html! {
            <li>
                if at == here { <span aria-current="true"><bdi>{ name }</bdi></span> } else {
                    <button class="link" onclick={go}><bdi>{ name }</bdi></button>
                }
            </li>
        }
    };
    let divide = |by_type: bool, word: &'static str| {
        let go = look_at.reform(move |_: MouseEvent| Scope::whole(by_type));
        html! {
            <button class="button" aria-pressed={(scope.by_type == by_type).to_string()} onclick={go}>{ word }</button>
        }
    };
    html! {
        <div class="way">
            <nav class="way__steps" aria-label="Part of the keyspace"><ol>{ for way.into_iter().enumerate().map(step) }</ol></nav>
            <div class="switch" role="group" aria-label="Divide memory by">
                { divide(false, "by name") }{ divide(true, "by type") }
            </div>
        </div>
    }
}

/// How much there is in all, and how sure that is.
fn extent(survey: &Survey) -> Html {
    let keys = format::counted(survey.inside.keys, "key", "keys");
    let estimate =
        if survey.is_estimate { " An estimate: keys changed while they were counted." } else { "" };
    html! {
        <p class="part__words">
            { format!("db{}: {keys}, {} as MEMORY USAGE counts them.{estimate}", survey.db, format::size(survey.inside.bytes)) }
        </p>
    }
}

fn largest(survey: &Survey, select: &Callback<Rc<[u8]>>) -> Html {
    let row = |large: &Large| {
        let key = large.key.clone();
        let click = select.reform(move |_: MouseEvent| key.clone());
        html! {
            <tr key={format::name(&large.key)}>
                <th scope="row"><button class="link" onclick={click} title={format::short_name(&large.key)}><bdi>{ format::short_name(&large.key) }</bdi></button></th>
                <td><TypeBadge kind={large.kind} /></td>
                <td>{ format::size(large.bytes) }</td>
                <td>{ share(large.bytes, survey.whole.bytes) }</td>
            </tr>
        }
    };
    html! {
        <section class="part">
            <h3 class="part__name">{ "Largest keys" }</h3>
            <table class="table table--keys">
                <thead><tr><th>{ "Key" }</th><th>{ "Type" }</th><th>{ "Memory" }</th><th>{ "Share" }</th></tr></thead>
                <tbody>{ for survey.largest.iter().map(row) }</tbody>
            </table>
        </section>
    }
}
