//! The lesson beside the terminal: loading, refused, not yet started, or at one of its steps.

use std::rc::Rc;

use playground_engine::snapshot::Inspection;
use playground_scenarios::Lesson;
use playground_scenarios::lesson::Level;
use yew::prelude::*;

use super::document;
use super::icon::Icon;
use super::step::Step;
use crate::bridge::Intent;
use crate::format;
use crate::state::Action;
use crate::state::lesson::{LessonState, Load};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub state: Rc<LessonState>,
    /// The key that the lesson draws.
    pub picture: Option<Rc<Inspection>>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Learn)]
pub fn learn(props: &Props) -> Html {
    let body = match &props.state.load {
        Load::Loading => loading(),
        Load::Failed(reason) => failed(reason, props),
        Load::Ready(lesson) if props.state.started => html! {
            <Step lesson={lesson.clone()} state={props.state.clone()} picture={props.picture.clone()}
                bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
        },
        Load::Ready(lesson) => cover(lesson, props),
    };
    let close = props.dispatch.reform(|_: MouseEvent| Action::Drawer(false));
    html! {
        <section class="zone learn" id="learn" data-zone="learn" aria-label="Lesson">
            <header class="zone__head">
                <h2 class="zone__name">{ "Learn" }</h2>
                <span class="zone__fact">{ progress(&props.state) }</span>
                <button class="button button--quiet button--icon learn__close" id="learn-close" onclick={close} title="Close (Escape)"
                    aria-label="Close the lesson">{ Icon::Cross.draw() }</button>
            </header>
            { body }
        </section>
    }
}

fn progress(state: &LessonState) -> String {
    match state.lesson() {
        Some(lesson) if state.started => format!("{} of {}", state.step + 1, lesson.steps.len()),
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
    let start = {
        let (dispatch, bridge, lesson) = (props.dispatch.clone(), props.bridge.clone(), lesson.clone());
        Callback::from(move |_: MouseEvent| {
            bridge.emit(Intent::SetUp(lesson.setup.clone()));
            dispatch.emit(Action::LessonStarted);
        })
    };
    let steps = format::counted(lesson.steps.len(), "step", "steps");
    html! {
        <div class="learn__body">
            <h3 class="learn__title">{ &lesson.head.title }</h3>
            <p class="learn__summary">{ &lesson.head.summary }</p>
            <p class="learn__facts">{ format!("{} · {} min · {steps}", level(lesson.head.level), lesson.head.minutes) }</p>
            <div class="prose">{ document::blocks(&lesson.intro) }</div>
            <button class="button button--primary learn__start" onclick={start}>
                { "Start the lesson" }{ Icon::Next.draw() }
            </button>
            <ol class="learn__contents">
                { for lesson.steps.iter().map(|step| html! { <li>{ &step.title }</li> }) }
            </ol>
        </div>
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Beginner => "Beginner",
        Level::Intermediate => "Intermediate",
        Level::Advanced => "Advanced",
    }
}
