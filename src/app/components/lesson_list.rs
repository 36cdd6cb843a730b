//! The list of lessons, by part and in the order in which they are best read, with how far the reader is in each; below it
//! a place for a lesson of the reader's own.

use std::rc::Rc;

use playground_scenarios::lesson::{Level, Part};
use web_sys::{File, HtmlInputElement};
use yew::prelude::*;

use super::icon::Icon;
use crate::format;
use crate::hooks::browser;
use crate::hooks::lesson_files::{self, OpenedIn};
use crate::lessons::Listed;
use crate::progress::Mark;
use crate::state::Action;
use crate::state::lessons::{GuideAt, Index, Lessons, LessonsAction};

/// The button in the head of the zone, which is there whatever is shown below it.
pub const SWITCH: &str = "learn-lessons";
const ADDRESS: &str = "lesson-address";

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub lessons: Rc<Lessons>,
    /// The one that is open.
    pub open: AttrValue,
    pub dispatch: Callback<Action>,
}

#[component(LessonList)]
pub fn lesson_list(props: &Props) -> Html {
    let lessons = &props.lessons;
    let guide =
        props.dispatch.reform(|_: MouseEvent| Action::Lessons(LessonsAction::Guide(Some(GuideAt(None)))));
    html! {
        <div class="learn__body lessons" tabindex="0" role="group" aria-label="Lessons">
            <header class="lessons__head">
                <h3 class="learn__title">{ "Lessons" }</h3>
                <button class="button" onclick={guide} aria-haspopup="dialog">{ Icon::Book.draw() }{ "The guide" }</button>
            </header>
            { match &lessons.index {
                Index::Loading => html! { <p class="learn__loading" role="status">{ "Loading the list…" }</p> },
                Index::Failed(reason) => failed(reason, &props.dispatch),
                Index::Ready(list) => parts(list, props),
            } }
            { own(props) }
            { reset(props) }
        </div>
    }
}

/// Why there is no list, and once more.
pub fn failed(reason: &str, dispatch: &Callback<Action>) -> Html {
    let again = dispatch.reform(|_: MouseEvent| Action::Lessons(LessonsAction::Index(None)));
    html! {
        <div class="notice notice--error" role="alert">
            { Icon::Alert.draw() }
            <div>
                <p><b>{ "The list of lessons could not be loaded." }</b></p>
                <p>{ reason }</p>
                <button class="button" onclick={again}>{ "Try again" }</button>
            </div>
        </div>
    }
}

fn parts(list: &[Listed], props: &Props) -> Html {
    let marks = &props.lessons.marks;
    let is_done = |lesson: &&Listed| is_complete(lesson, marks.get(&lesson.name));
    let done = list.iter().filter(is_done).count();
    let all = format!("{} of {}", format::count(done), format::counted(list.len(), "lesson", "lessons"));
    html! {
        <>
            <p class="lessons__sum">{ all }{ " done" }</p>
            { for [Some(Part::Patterns), Some(Part::Principles), None].into_iter().map(|part| {
                let of_part: Vec<&Listed> = list.iter().filter(|lesson| lesson.head.part == part).collect();
                if of_part.is_empty() {
                    return Html::default();
                }
                html! {
                    <section class="lessons__part">
                        <h4>{ name(part) }</h4>
                        <ol>{ for of_part.into_iter().map(|lesson| html! { <li>{ card(lesson, props) }</li> }) }</ol>
                    </section>
                }
            }) }
        </>
    }
}

fn name(part: Option<Part>) -> &'static str {
    match part {
        Some(Part::Patterns) => "Patterns",
        Some(Part::Principles) => "Principles",
        None => "More",
    }
}

fn is_complete(lesson: &Listed, mark: Option<&Mark>) -> bool {
    let steps = lesson.steps.len();
    steps > 0 && mark.is_some_and(|mark| mark.completed(steps) == steps)
}

/// A lesson of the list, to be opened by a click.
fn card(lesson: &Listed, props: &Props) -> Html {
    let mark = props.lessons.marks.get(&lesson.name);
    let steps = lesson.steps.len();
    let choose = choosing(lesson.name.clone(), &props.dispatch);
    let is_open = *props.open == *lesson.name;
    let (state, far) = match mark {
        Some(mark) if is_complete(lesson, Some(mark)) => ("done", "Done".to_owned()),
        Some(mark) if mark.has_begun() => ("begun", format!("{} of {steps}", mark.completed(steps))),
        _ => ("new", format::counted(steps, "step", "steps")),
    };
    html! {
        <button class="lesson" data-state={state} data-lesson={lesson.name.to_string()} onclick={choose}
            aria-current={is_open.then_some("true")}>
            <span class="lesson__mark">if state == "done" { { Icon::Check.draw() } }</span>
            <span class="lesson__title">{ &lesson.head.title }</span>
            <span class="lesson__summary">{ &lesson.head.summary }</span>
            <span class="lesson__facts">
                { format!("{} · {} min · ", level(lesson.head.level), lesson.head.minutes) }<b>{ far }</b>
            </span>
        </button>
    }
}

/// Opens a lesson of the list. What was clicked goes away: the keyboard stays in the zone.
pub fn choosing(name: Rc<str>, dispatch: &Callback<Action>) -> Callback<MouseEvent> {
    dispatch.reform(move |_: MouseEvent| {
        browser::focus(SWITCH);
        Action::LessonChosen(name.clone())
    })
}

pub fn level(level: Level) -> &'static str {
    match level {
        Level::Beginner => "Beginner",
        Level::Intermediate => "Intermediate",
        Level::Advanced => "Advanced",
    }
}

/// A lesson from a file or from this site.
fn own(props: &Props) -> Html {
    let file = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            let Some(input) = browser::target::<HtmlInputElement>(&event) else { return };
            let file: Option<File> = input.files().and_then(|files| files.get(0));
            if let Some(file) = file {
                lesson_files::open_file(file, OpenedIn::List, dispatch.clone());
            }
            // The same file can be opened again.
            input.set_value("");
        })
    };
    let fetch = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let field =
                browser::element(ADDRESS).map(wasm_bindgen::JsCast::unchecked_into::<HtmlInputElement>);
            let address = field.map(|field| field.value().trim().to_owned()).unwrap_or_default();
            if !address.is_empty() {
                lesson_files::open_address(address, OpenedIn::List, dispatch.clone(), Callback::noop());
            }
        })
    };
    html! {
        <section class="lessons__part lessons__own">
            <h4>{ "A lesson of your own" }</h4>
            <p>{ "A Markdown file, from disk or from this site. It can also be dropped anywhere on the page." }</p>
            <label class="button lessons__file">
                { "Open a lesson…" }<input class="hidden" type="file" accept=".md,text/markdown" onchange={file} />
            </label>
            <form class="lessons__address" onsubmit={fetch}>
                <input class="field" id={ADDRESS} aria-label="Address of a lesson on this site" placeholder="/lessons/mine.md"
                    autocomplete="off" autocapitalize="off" spellcheck="false" />
                <button class="button">{ "Open" }</button>
            </form>
            if let Some(reason) = &props.lessons.refused {
                <div class="notice notice--error" role="alert">
                    { Icon::Alert.draw() }
                    <div><p><b>{ "This lesson cannot be opened." }</b></p><p>{ &**reason }</p></div>
                </div>
            }
        </section>
    }
}

/// Forgets how far all lessons are, and remembers it again.
fn reset(props: &Props) -> Html {
    let act =
        |action: LessonsAction| props.dispatch.reform(move |_: MouseEvent| Action::Lessons(action.clone()));
    if props.lessons.forgotten.is_some() {
        return html! {
            <p class="lessons__reset" role="status">
                <span>{ "The progress of all lessons is forgotten." }</span>
                <button class="button" onclick={act(LessonsAction::TakeBack)}>{ "Take that back" }</button>
            </p>
        };
    }
    if props.lessons.marks.is_empty() {
        return Html::default();
    }
    html! {
        <p class="lessons__reset">
            <button class="button" onclick={act(LessonsAction::Forget)} title="What is in Redis stays as it is">
                { "Forget the progress of all lessons" }
            </button>
        </p>
    }
}
