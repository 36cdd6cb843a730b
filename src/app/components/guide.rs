//! The usage guide: the lines that a step teaches, at its end, and all of them in a dialog, each with the steps that teach
//! it. The guide's words are the scenarios', which lessons there are is told by the list.

use std::rc::Rc;

use playground_scenarios::document::inline;
use playground_scenarios::guide::{self, Line};
use yew::prelude::*;

use super::dialog::Dialog;
use super::document;
use super::icon::Icon;
use super::lesson_list;
use crate::hooks::browser;
use crate::lessons;
use crate::state::Action;
use crate::state::lessons::{GuideAt, Index, Lessons, LessonsAction};

/// What a step teaches of the guide.
pub fn taught(taught: &[&'static Line], dispatch: &Callback<Action>) -> Html {
    if taught.is_empty() {
        return Html::default();
    }
    html! {
        <section class="taught" aria-label="From the guide">
            <h4 class="taught__title">{ Icon::Book.draw() }{ "From the guide" }</h4>
            <ul>
                { for taught.iter().map(|line| {
                    let name = line.name;
                    let open = dispatch.reform(move |_: MouseEvent| Action::Lessons(LessonsAction::Guide(Some(GuideAt(Some(name))))));
                    html! {
                        <li>
                            <button class="taught__line" onclick={open} aria-haspopup="dialog">
                                <span class="taught__section" data-section={line.section}>{ section(line.section) }</span>
                                <span>{ document::inlines(&inline(line.text)) }</span>
                            </button>
                        </li>
                    }
                }) }
            </ul>
        </section>
    }
}

/// One of a section.
fn section(of: &'static str) -> &'static str {
    match of {
        "Principles" => "Principle",
        "Patterns" => "Pattern",
        "Use cases" => "Use case",
        other => other,
    }
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub lessons: Rc<Lessons>,
    pub dispatch: Callback<Action>,
}

#[component(Guide)]
pub fn guide(props: &Props) -> Html {
    let Some(GuideAt(at)) = props.lessons.guide else { return Html::default() };
    let onclose = props.dispatch.reform(|()| Action::Lessons(LessonsAction::Guide(None)));
    html! {
        <Dialog id="guide" title="The guide" {onclose}>
            <Lines {at} lessons={props.lessons.clone()} dispatch={props.dispatch.clone()} />
        </Dialog>
    }
}

#[derive(Debug, Properties, PartialEq)]
struct LinesProps {
    at: Option<&'static str>,
    lessons: Rc<Lessons>,
    dispatch: Callback<Action>,
}

#[component(Lines)]
fn lines(props: &LinesProps) -> Html {
    use_effect_with(props.at, |at| {
        if let Some(line) = at.and_then(|name| browser::element(&id(name))) {
            line.scroll_into_view();
        }
    });
    let all = guide::lines();
    let mut sections: Vec<&str> = all.iter().map(|line| line.section).collect();
    sections.dedup();
    let state = match &props.lessons.index {
        Index::Loading => {
            html! { <p class="guide__state" role="status">{ "Loading the list of lessons…" }</p> }
        }
        Index::Failed(reason) => lesson_list::failed(reason, &props.dispatch),
        Index::Ready(_) => Html::default(),
    };
    html! {
        <div class="guide">
            <p class="guide__about">{ "What experience says of using Redis well, and where the lessons show it." }</p>
            { state }
            { for sections.into_iter().map(|of| html! {
                <section class="guide__section">
                    <h3>{ of }</h3>
                    <ul>{ for all.iter().filter(|line| line.section == of).map(|one| line(one, props)) }</ul>
                </section>
            }) }
        </div>
    }
}

fn id(name: &str) -> String {
    format!("guide-{name}")
}

/// A line and the steps that teach it. Their links are those that can be passed on; the page opens what they ask for.
fn line(line: &'static Line, props: &LinesProps) -> Html {
    let taught = lessons::teaching(props.lessons.list(), line.name);
    let close = props.dispatch.reform(|_: MouseEvent| Action::Lessons(LessonsAction::Guide(None)));
    html! {
        <li class="guide__line" id={id(line.name)} data-chosen={(props.at == Some(line.name)).to_string()}>
            <p>{ document::inlines(&inline(line.text)) }</p>
            if !taught.is_empty() {
                <ul class="guide__steps">
                    { for taught.into_iter().map(|(lesson, at)| {
                        let title = lesson.steps.get(at).map(|step| step.title.clone()).unwrap_or_default();
                        html! {
                            <li>
                                <a href={format!("#lesson={}&step={}", lesson.name, at + 1)} onclick={close.clone()}>
                                    { format!("{}, {}: {title}", lesson.head.title, at + 1) }
                                </a>
                            </li>
                        }
                    }) }
                </ul>
            }
        </li>
    }
}
