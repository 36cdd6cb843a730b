//! The lesson beside the terminal: loading, refused, not yet started, or at one of its steps; or the list of all of them.

use std::rc::Rc;

use playground_engine::snapshot::Inspection;
use playground_scenarios::Lesson;
use playground_scenarios::document::Block;
use yew::prelude::*;

use super::client_code::ClientCode;
use super::document;
use super::icon::Icon;
use super::lesson_list::{LessonList, SWITCH, level};
use super::step::Step;
use crate::bridge::Intent;
use crate::format;
use crate::hooks::use_lesson;
use crate::state::Action;
use crate::state::lesson::{LessonState, Load, Source};
use crate::state::lessons::{Lessons, LessonsAction};
use crate::state::living::{RaceView, WorkloadView};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub state: Rc<LessonState>,
    pub lessons: Rc<Lessons>,
    /// There is something in Redis that would give way to a lesson.
    pub used: bool,
    /// The key that the lesson draws.
    pub picture: Option<Rc<Inspection>>,
    /// What lives in the step.
    pub workload: Option<Rc<WorkloadView>>,
    pub race: Option<Rc<RaceView>>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Learn)]
pub fn learn(props: &Props) -> Html {
    let body = match &props.state.load {
        _ if props.lessons.open => html! {
            <LessonList lessons={props.lessons.clone()} open={props.state.name().to_owned()} dispatch={props.dispatch.clone()} />
        },
        Load::Loading => loading(),
        Load::Failed(reason) => failed(reason, props),
        Load::Ready(lesson) if props.state.started => html! {
            <Step lesson={lesson.clone()} state={props.state.clone()} lessons={props.lessons.clone()} picture={props.picture.clone()}
                workload={props.workload.clone()} race={props.race.clone()} bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
        },
        Load::Ready(lesson) => cover(lesson, props),
    };
    let close = props.dispatch.reform(|_: MouseEvent| Action::Drawer(false));
    let switch = props.dispatch.reform(|_: MouseEvent| Action::Lessons(LessonsAction::Toggle));
    let (icon, word, title) = if props.lessons.open {
        (Icon::Back, "Back to the lesson", "Back to the lesson (Alt+L)")
    } else {
        (Icon::List, "All lessons", "The list of lessons (Alt+L)")
    };
    html! {
        <section class="zone learn" id="learn" data-zone="learn" aria-label="Lesson">
            <header class="zone__head">
                <h2 class="zone__name">{ "Learn" }</h2>
                <span class="zone__fact">{ progress(props) }</span>
                <button class="button button--quiet learn__all" id={SWITCH} onclick={switch} {title} aria-label={word}>
                    { icon.draw() }<span>{ word }</span>
                </button>
                <button class="button button--quiet button--icon learn__close" id="learn-close" onclick={close} title="Close (Escape)"
                    aria-label="Close the lesson">{ Icon::Cross.draw() }</button>
            </header>
            { body }
        </section>
    }
}

fn progress(props: &Props) -> String {
    let state = &props.state;
    match state.lesson() {
        Some(lesson) if state.started && !props.lessons.open => {
            format!("{} of {}", state.step + 1, lesson.steps.len())
        }
        _ => String::new(),
    }
}

fn loading() -> Html {
    html! {
        <div class="learn__body" role="status">
            <p class="learn__loading">{ "Loading the lesson…" }</p>
            <div class="skeleton" aria-hidden="true"><span /><span /><span /><span /></div>
        </div>
    }
}

fn failed(reason: &str, props: &Props) -> Html {
    let name: Rc<str> = props.state.name().into();
    let again = props.dispatch.reform(move |_: MouseEvent| Action::LessonChosen(name.clone()));
    html! {
        <div class="learn__body" role="alert">
            <div class="notice notice--error">
                { Icon::Alert.draw() }
                <div>
                    <p><b>{ "The lesson could not be loaded." }</b></p>
                    <p>{ reason }</p>
                    <p>{ "The terminal works without it." }</p>
                    <button class="button" onclick={again}>{ "Try again" }</button>
                </div>
            </div>
        </div>
    }
}

/// The first page of a lesson. What it sets up is played in the terminal, where the reader sees it.
fn cover(lesson: &Rc<Lesson>, props: &Props) -> Html {
    let begin = |step: usize, anew: bool| {
        let (dispatch, bridge, lesson) = (props.dispatch.clone(), props.bridge.clone(), lesson.clone());
        Callback::from(move |_: MouseEvent| use_lesson::begin(&lesson, step, anew, &bridge, &dispatch))
    };
    let count = lesson.steps.len();
    let steps = format::counted(count, "step", "steps");
    let mark = props.lessons.marks.get(props.state.name()).filter(|mark| mark.has_begun());
    let far = mark.map(|mark| (mark.step.min(count.saturating_sub(1)), mark.completed(count)));
    let about = |text: &str| html! { <p class="learn__about">{ text.to_owned() }</p> };
    html! {
        <div class="learn__body" tabindex="0" role="group" aria-label={lesson.head.title.clone()}>
            { origin(&props.state) }
            <h3 class="learn__title">{ &lesson.head.title }</h3>
            <p class="learn__summary">{ &lesson.head.summary }</p>
            <p class="learn__facts">{ format!("{} · {} min · {steps}", level(lesson.head.level), lesson.head.minutes) }</p>
            <div class="prose">
                { for lesson.intro.iter().enumerate().map(|(number, block)| text(block, number, &props.lessons, &props.dispatch)) }
            </div>
            <div class="learn__begin">
                if let Some((step, done)) = far {
                    <button class="button button--primary learn__start" onclick={begin(step, false)}>
                        { format!("Go on at step {}", step + 1) }{ Icon::Next.draw() }
                    </button>
                    <button class="button" onclick={begin(0, true)}>{ "Start over" }</button>
                    { about(&format!("{done} of {steps} done. The steps before are done again, on an empty Redis; what is there \
                        now can be taken back under Share.")) }
                } else {
                    <button class="button button--primary learn__start" onclick={begin(0, true)}>
                        { "Start the lesson" }{ Icon::Next.draw() }
                    </button>
                    if props.used {
                        { about("It begins with an empty Redis. What is there now can be taken back under Share.") }
                    }
                }
            </div>
            <ol class="learn__contents">
                { for lesson.steps.iter().map(|step| html! { <li>{ &step.title }</li> }) }
            </ol>
        </div>
    }
}

/// Says of a lesson that is in no list where it was opened from.
pub fn origin(state: &LessonState) -> Html {
    let from = match Source::of(state.name()) {
        Source::List(_) => return Html::default(),
        Source::File(file) => html! { <>{ "From the file " }<code>{ file.to_owned() }</code></> },
        Source::Address(address) => {
            html! { <>{ "From " }<code>{ address.to_owned() }</code>{ " on this site" }</> }
        }
    };
    html! { <p class="learn__origin">{ from }</p> }
}

/// A block to read, with code for the client that the reader chose.
pub fn text(block: &Block, number: usize, lessons: &Lessons, dispatch: &Callback<Action>) -> Html {
    match block {
        Block::Clients(snippets) => html! {
            <ClientCode snippets={snippets.clone()} chosen={lessons.client} {number} dispatch={dispatch.clone()} />
        },
        other => document::block(other),
    }
}
