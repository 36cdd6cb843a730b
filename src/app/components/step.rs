//! One step of the lesson: its text, what there is to do, its exercise, what of the guide it teaches, and the way on.

use std::rc::Rc;

use playground_engine::snapshot::{Inspection, ValueView};
use playground_scenarios::document::Block;
use playground_scenarios::{Entry, Lesson};
use yew::prelude::*;

use super::guide;
use super::icon::Icon;
use super::learn;
use super::lesson_list::{SWITCH, choosing};
use super::living::race::Race;
use super::living::workload::Workload;
use super::play::Play;
use super::ranking::Ranking;
use crate::bridge::Intent;
use crate::format;
use crate::hooks::{browser, use_lesson};
use crate::state::Action;
use crate::state::lesson::LessonState;
use crate::state::lessons::{Lessons, LessonsAction};
use crate::state::living::{RaceView, WorkloadView};
use crate::state::sessions::MAIN;
use crate::state::turns::Turns;
use crate::state::view::Unmet;

/// Members of the picture inside the lesson.
const DRAWN: usize = 10;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub lesson: Rc<Lesson>,
    pub state: Rc<LessonState>,
    pub lessons: Rc<Lessons>,
    pub picture: Option<Rc<Inspection>>,
    pub workload: Option<Rc<WorkloadView>>,
    pub race: Option<Rc<RaceView>>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Step)]
pub fn step(props: &Props) -> Html {
    let top = use_node_ref();
    {
        let top = top.clone();
        use_effect_with(props.state.step, move |_| {
            if let Some(body) = top.cast::<web_sys::Element>() {
                body.set_scroll_top(0);
            }
        });
    }
    let Some(step) = props.lesson.steps.get(props.state.step) else { return Html::default() };
    let mut plays = 0;
    let turns = Turns::of(&props.lesson, props.state.step);
    html! {
        <>
            <div class="learn__body" ref={top} tabindex="0" role="group" aria-label={step.title.clone()}>
                <p class="learn__lesson">{ &props.lesson.head.title }</p>
                { learn::origin(&props.state) }
                <h3 class="learn__title">{ &step.title }</h3>
                <div class="prose">
                    { for step.blocks.iter().enumerate().map(|(number, block)| draw(props, &turns, number, block, &mut plays)) }
                </div>
                { picture(props) }
                { guide::taught(&step.guide, &props.dispatch) }
                { end(props) }
            </div>
            { way_on(props) }
        </>
    }
}

/// A block of the step and its number; `plays` counts the things to do so far.
fn draw(props: &Props, turns: &Turns, number: usize, block: &Block, plays: &mut usize) -> Html {
    match block {
        Block::Play(entries) => {
            let first = *plays;
            *plays += entries.len();
            things_to_do(props, turns, entries, Some(first))
        }
        Block::Check(_) => exercise(props),
        Block::Solution(entries) if props.state.solution_shown => html! {
            <div class="solution">
                <p class="solution__label">{ "One way to do it" }</p>
                { things_to_do(props, turns, entries, None) }
            </div>
        },
        Block::Solution(_) => {
            let show = props.dispatch.reform(|_: MouseEvent| Action::SolutionShown);
            html! { <button class="button" onclick={show}>{ "Show a solution" }</button> }
        }
        Block::Workload(plan) => {
            let view = props.workload.clone().filter(|view| view.plan.text == plan.text);
            // What the reader has set is of these clients, and not of others in the same place of another step.
            html! { <Workload key={plan.text.clone()} plan={plan.clone()} {view} bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} /> }
        }
        Block::Race(plan) => {
            let view = props.race.clone().filter(|view| view.plan == *plan);
            html! { <Race plan={plan.clone()} {view} bridge={props.bridge.clone()} /> }
        }
        Block::Wrong(_) => Html::default(),
        text => learn::text(text, number, &props.lessons, &props.dispatch),
    }
}

/// Commands and clock moves to click; those of a solution are no part of the step's progress.
fn things_to_do(props: &Props, turns: &Turns, entries: &[Entry], first: Option<usize>) -> Html {
    html! {
        <ul class="plays">
            { for entries.iter().enumerate().map(|(at, entry)| {
                let play = first.map(|first| (props.state.step, first + at));
                let done = play.and_then(|play| props.state.done.get(&play).cloned());
                let speaker = first.map_or_else(|| turns.at_solution(at), |first| turns.at_play(first + at));
                html! { <Play entry={entry.clone()} {play} {speaker} {done} is_last={at + 1 == entries.len()} bridge={props.bridge.clone()} /> }
            }) }
        </ul>
    }
}

fn exercise(props: &Props) -> Html {
    if props.state.passed.contains(&props.state.step) {
        return html! {
            <p class="check check--passed" role="status">{ Icon::Check.draw() }<b>{ "Exercise passed." }</b></p>
        };
    }
    html! {
        <div class="check" role="status">
            <p class="check__title"><span class="check__box" aria-hidden="true" /><b>{ "Exercise" }</b>{ " checked as you go" }</p>
            if let Some(unmet) = &props.state.unmet { { still_wanted(unmet) } }
        </div>
    }
}

/// Says what is asked and what it answers now, not what to type.
fn still_wanted(unmet: &Unmet) -> Html {
    html! {
        <dl class="check__facts">
            <dt>{ "Checks" }</dt><dd><code>{ &unmet.command }</code></dd>
            <dt>{ "Wants" }</dt><dd><code>{ unmet.expected.trim_end() }</code></dd>
            <dt>{ "Now" }</dt><dd><code>{ unmet.answered.trim_end() }</code></dd>
        </dl>
    }
}

/// The ranking under the text: shown where there is no room for it beside.
fn picture(props: &Props) -> Html {
    let Some(picture) = &props.picture else { return Html::default() };
    let ValueView::SortedSet { members } = &picture.value else { return Html::default() };
    html! {
        <figure class="learn__picture">
            <figcaption>{ format::short_name(&picture.summary.key) }</figcaption>
            <Ranking members={members.iter().take(DRAWN).cloned().collect::<Rc<[_]>>()} />
        </figure>
    }
}

fn way_on(props: &Props) -> Html {
    let (at, steps) = (props.state.step, props.lesson.steps.len());
    let go = |to: usize| {
        let (lesson, dispatch, bridge) = (props.lesson.clone(), props.dispatch.clone(), props.bridge.clone());
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(Action::LessonStep(to));
            // What the reader types next is for whoever speaks there. Another than main may have gone, and is not called back.
            if let Some(name) = Turns::of(&lesson, to).at_start().filter(|name| **name == *MAIN) {
                let entry = Entry::Session { line: 0, name: name.to_string() };
                bridge.emit(Intent::Play { entry, play: None, speaker: Some(name) });
            }
        })
    };
    let complete = props.state.is_complete(at);
    let all = props.state.completed() == steps;
    let next = classes!("button", complete.then_some("button--primary"));
    let after = props.lessons.after(props.state.name()).filter(|_| all);
    html! {
        <footer class="learn__foot">
            <progress class="learn__progress" max={steps.to_string()} value={props.state.completed().to_string()}
                aria-label="Steps done" />
            <div class="learn__ways">
                <button class="button" onclick={go(at.saturating_sub(1))} disabled={at == 0}>
                    { Icon::Back.draw() }{ "Back" }
                </button>
                <span class="learn__done" role="status">
                    if all && at + 1 == steps { { Icon::Check.draw() }{ "Lesson complete" } }
                    else if complete { { Icon::Check.draw() }{ "Step done" } }
                </span>
                if at + 1 < steps {
                    <button class={next} onclick={go(at + 1)}>{ "Next" }{ Icon::Next.draw() }</button>
                } else if let Some(after) = after {
                    <button class={next} onclick={choosing(after.name.clone(), &props.dispatch)} title={after.head.title.clone()}>
                        { "Next lesson" }{ Icon::Next.draw() }
                    </button>
                } else {
                    { again(props) }
                }
            </div>
        </footer>
    }
}

/// Where to go from the end of a lesson.
fn end(props: &Props) -> Html {
    let steps = props.lesson.steps.len();
    if props.state.step + 1 < steps || props.state.completed() < steps {
        return Html::default();
    }
    let list = props.dispatch.reform(|_: MouseEvent| {
        browser::focus(SWITCH);
        Action::Lessons(LessonsAction::Open)
    });
    let after = props.lessons.after(props.state.name());
    html! {
        <section class="learn__end" aria-label="What comes next">
            if let Some(after) = after {
                <p>{ "Next in the list: " }<b>{ &after.head.title }</b>{ format!(". {}", after.head.summary) }</p>
            } else {
                <p>{ "There are more lessons in the list." }</p>
            }
            <div class="learn__begin">
                <button class="button" onclick={list}>{ Icon::List.draw() }{ "All lessons" }</button>
                // Where there is nothing to go on to, it stands at the foot.
                if after.is_some() { { again(props) } }
            </div>
        </section>
    }
}

/// Starts over, on an empty Redis.
fn again(props: &Props) -> Html {
    let (dispatch, bridge, lesson) = (props.dispatch.clone(), props.bridge.clone(), props.lesson.clone());
    let click = Callback::from(move |_: MouseEvent| use_lesson::begin(&lesson, 0, true, &bridge, &dispatch));
    let title = "Begins again on an empty Redis; what is there now can be taken back under Share";
    html! { <button class="button" onclick={click} {title}>{ "Start over" }</button> }
}
