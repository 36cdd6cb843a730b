//! The script debugger, in a dialog: the text with the line that comes next, what there is to do, and what is known.
//!
//! By the keyboard alone, too: the steps have keys of their own, and arrows go from line to line of the text.

mod known;
mod source;

use std::rc::Rc;

use playground_engine::Step;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use super::coloured;
use super::dialog::Dialog;
use super::icon::Icon;
use crate::bridge::{DebugIntent, Intent};
use crate::format;
use crate::hooks::browser;
use crate::hooks::listener::Listener;
use crate::state::Action;
use crate::state::debugger::{DebugAction, Debugging, Shown, Stepped};
use known::{commands, variables};
use source::SourceView;

/// Said of a script that is over.
const ON_THE_COPY: &str = "All of this was on the copy: run it for real, or nothing has happened.";

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub state: Rc<Debugging>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Debugger)]
pub fn debugger(props: &Props) -> Html {
    let Some(shown) = props.state.shown.clone() else { return Html::default() };
    let onclose = props.bridge.reform(|()| Intent::Debug(DebugIntent::Abort));
    html! {
        <Dialog id="debugger" title="Step through a script" {onclose}>
            { match shown {
                Shown::Refused(why) => html! { <p class="debugger__refused" role="alert">{ &*why }</p> },
                Shown::Script(stepped) => html! {
                    <Panel {stepped} state={props.state.clone()} bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
                },
            } }
        </Dialog>
    }
}

#[derive(Debug, Properties, PartialEq)]
struct PanelProps {
    stepped: Rc<Stepped>,
    state: Rc<Debugging>,
    bridge: Callback<Intent>,
    dispatch: Callback<Action>,
}

/// What can be done with the script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Act {
    Step(Step),
    Run,
    Break,
    Finish,
    Again,
    Abort,
}

#[component(Panel)]
fn panel(props: &PanelProps) -> Html {
    let PanelProps { stepped, state, .. } = props;
    let act = {
        let (bridge, dispatch) = (props.bridge.clone(), props.dispatch.clone());
        let (line, lines) = (stepped.line, state.breakpoints.iter().copied().collect::<Vec<_>>());
        Callback::from(move |act: Act| {
            let intent = match act {
                Act::Step(_) | Act::Run if line.is_none() => return,
                Act::Step(step) => DebugIntent::Step(step),
                Act::Run => DebugIntent::RunTo(lines.clone()),
                Act::Finish => DebugIntent::Finish,
                Act::Again => DebugIntent::Again,
                Act::Abort => DebugIntent::Abort,
                Act::Break => {
                    if let Some(line) = line {
                        dispatch.emit(Action::Debug(DebugAction::Break(line)));
                    }
                    return;
                }
            };
            bridge.emit(Intent::Debug(intent));
        })
    };
    {
        let act = act.clone();
        use_effect_with(act, |act| {
            let act = act.clone();
            let heard = Listener::on(browser::document(), "keydown", move |event| {
                let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
                if let Some(wanted) = of_key(event) {
                    event.prevent_default();
                    act.emit(wanted);
                }
            });
            move || drop(heard)
        });
    }
    let is_over = stepped.line.is_none();
    let button = |what: Act, label: &'static str, key: &'static str, title: &'static str, first: bool| {
        // What is disabled would lose the keyboard.
        let off = is_over && matches!(what, Act::Step(_) | Act::Run);
        html! {
            <button class="button" type="button" onclick={act.reform(move |_: MouseEvent| what)} {title}
                aria-disabled={off.then_some("true")} autofocus={first}>
                { label }<kbd class="debugger__key">{ key }</kbd>
            </button>
        }
    };
    let run = if state.breakpoints.is_empty() { "To the end" } else { "To a breakpoint" };
    html! {
        <div class="debugger">
            <p class="debugger__note">
                { "These steps are taken on a copy: nobody else sees any of it, and the clock stands still. A real script is as private: others wait until it is over, and then see all of its work at once." }
            </p>
            <div class="debugger__bar" role="toolbar" aria-label="Steps">
                { button(Act::Step(Step::Over), "Step", "S", "To the next line, over functions (S or F10)", true) }
                { button(Act::Step(Step::Into), "Into", "I", "To the next line, into functions (I or F11)", false) }
                { button(Act::Run, run, "C", "Goes on to a breakpoint, or to the end (C or F8)", false) }
                { button(Act::Again, "Again", "R", "Begins again (R)", false) }
                <span class="debugger__gap" />
                { button(Act::Abort, "Stop", "Esc", "Closes this; nothing has happened", false) }
                <button class="button button--primary" type="button" onclick={act.reform(|_: MouseEvent| Act::Finish)}
                    title={format!("Closes this and runs the command in {} (Ctrl+Enter)", stepped.session)}>
                    { Icon::Play.draw() }{ "Run it for real" }
                </button>
            </div>
            <p class="debugger__status" role="status">{ status(stepped) }</p>
            <div class="debugger__panes">
                <SourceView source={stepped.source.clone()} line={stepped.line} breakpoints={state.breakpoints.clone()}
                    dispatch={props.dispatch.clone()} />
                <div class="debugger__known" tabindex="0" role="group" aria-label="What is known">
                    if let Some(reply) = &stepped.reply {
                        <section>
                            <h3 class="debugger__title">{ "Its answer" }</h3>
                            <pre class={classes!("debugger__answer", reply.is_error.then_some("debugger__answer--error"))}>{ &reply.text }</pre>
                        </section>
                    }
                    { variables(stepped) }
                    { commands(stepped) }
                    <section>
                        <h3 class="debugger__title">{ "Command" }</h3>
                        <pre class="debugger__command">{ coloured::whole(head(&stepped.command)) }</pre>
                    </section>
                </div>
            </div>
        </div>
    }
}

/// The keys of the dialog; with Alt they are the page's.
fn of_key(event: &KeyboardEvent) -> Option<Act> {
    let with_control = event.ctrl_key() || event.meta_key();
    if event.alt_key() {
        return None;
    }
    match (event.key().as_str(), with_control) {
        ("Enter", true) => Some(Act::Finish),
        ("s" | "S" | "F10", false) => Some(Act::Step(Step::Over)),
        ("i" | "I" | "F11", false) => Some(Act::Step(Step::Into)),
        ("c" | "C" | "F8", false) => Some(Act::Run),
        ("b" | "B", false) => Some(Act::Break),
        ("r" | "R", false) => Some(Act::Again),
        _ => None,
    }
}

/// Where the script stands, in a sentence.
fn status(stepped: &Stepped) -> String {
    let so_far = usize::try_from(stepped.instructions).unwrap_or(usize::MAX);
    let so_far = format::counted(so_far, "instruction", "instructions");
    match (stepped.line, &stepped.reply) {
        (Some(line), _) if stepped.is_far => {
            format!("Line {line} comes next, after {so_far}. It takes long: go on, or stop.")
        }
        (Some(line), _) => format!("Line {line} comes next. {so_far} so far."),
        (None, Some(reply)) if reply.is_error => format!("It ended with an error. {ON_THE_COPY}"),
        (None, _) => format!("It is over. {ON_THE_COPY}"),
    }
}

/// The beginning of a command, which may be long.
fn head(command: &str) -> &str {
    const LONGEST: usize = 600;
    command.get(..command.floor_char_boundary(LONGEST)).unwrap_or(command)
}
