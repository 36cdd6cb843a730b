//! What keys, pasting and sending do at the prompt.
//!
//! Which words a line has and what they do is not known here, only whether a quote is open.

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlTextAreaElement};
use yew::prelude::*;

use super::{Field, Props, can_step, step_through};
use crate::draft::Draft;
use crate::multiline;
use crate::paste::{self, Pasted};
use crate::shortcuts::STEP_THROUGH;

pub(super) fn on_input(field: &Field) -> Callback<InputEvent> {
    let field = field.clone();
    Callback::from(move |_: InputEvent| {
        let Some(input) = field.input() else { return };
        let text = input.value();
        field.draft.set(if field.draft.search.is_some() {
            // What is searched for is on one line.
            field.draft.search_for(text.replace('\n', " "))
        } else {
            let cursor = input.selection_start().ok().flatten().unwrap_or(u32::MAX);
            Draft::typed_at(text, cursor)
        });
    })
}

pub(super) fn on_submit(field: &Field, props: &Props) -> Callback<SubmitEvent> {
    submit(field, props).reform(|event: SubmitEvent| event.prevent_default())
}

/// Runs what is there, its quotes closed or not.
fn submit(field: &Field, props: &Props) -> Callback<()> {
    let (field, run, is_held) = (field.clone(), props.run.clone(), props.held.is_some());
    Callback::from(move |()| {
        if is_held {
            // To be told why nothing happens.
            run.emit(Vec::new());
            return;
        }
        let line = match &field.draft.search {
            Some(_) => match field.draft.take_found(&field.history) {
                Some(found) => found.text,
                None => return,
            },
            None => field.draft.text.clone(),
        };
        if !line.trim().is_empty() {
            field.given_up.set(None);
            run.emit(vec![line]);
        }
        field.draft.set(Draft::default());
    })
}

pub(super) fn on_key(field: &Field, props: &Props) -> Callback<KeyboardEvent> {
    let step = can_step(field, props).then(|| step_through(field, props));
    let (field, cancel, submit) = (field.clone(), props.cancel.clone(), submit(field, props));
    Callback::from(move |event: KeyboardEvent| {
        if event.alt_key()
            && event.code() == STEP_THROUGH
            && let Some(step) = &step
        {
            event.prevent_default();
            step.emit(());
            return;
        }
        if event.alt_key() || event.is_composing() {
            return;
        }
        if event.key() == "Enter" {
            if is_to_run(&field, &event) {
                event.prevent_default();
                submit.emit(());
            }
            return;
        }
        if event.meta_key() {
            return;
        }
        let next = if event.ctrl_key() {
            control_key(&field, &event.key())
        } else if field.draft.search.is_some() {
            search_key(&field, &event.key())
        } else {
            plain_key(&field, &event, cancel.as_ref())
        };
        if let Some(next) = next {
            event.prevent_default();
            field.draft.set(next);
        }
    })
}

/// Whether Enter runs the command; else it begins a new line, which the field does itself.
fn is_to_run(field: &Field, event: &KeyboardEvent) -> bool {
    let draft = &field.draft;
    let is_told = event.ctrl_key() || event.meta_key() || draft.search.is_some();
    is_told || !event.shift_key() && multiline::open(&draft.text).is_none()
}

/// An empty prompt in the place of a command of several lines, which the history keeps.
fn give_up(field: &Field) -> Option<Draft> {
    let text = &field.draft.text;
    if !text.contains('\n') {
        return None;
    }
    field.given_up.set(Some(text.as_str().into()));
    Some(Draft::default())
}

fn control_key(field: &Field, key: &str) -> Option<Draft> {
    let Field { draft, history, .. } = field;
    let is_selected = |input: HtmlTextAreaElement| input.selection_start() != input.selection_end();
    match key {
        "r" | "R" => Some(draft.search(history)),
        "s" if draft.search.is_some() => Some(draft.searched(history, false)),
        "g" if draft.search.is_some() => Some(draft.leave_search()),
        // Where something is selected, it is to be copied.
        "c" if draft.search.is_none() && !field.input().is_some_and(is_selected) => give_up(field),
        _ => None,
    }
}

fn search_key(field: &Field, key: &str) -> Option<Draft> {
    let Field { draft, history, .. } = field;
    match key {
        "ArrowUp" => Some(draft.searched(history, true)),
        "ArrowDown" => Some(draft.searched(history, false)),
        "ArrowRight" | "ArrowLeft" | "Tab" => draft.take_found(history),
        "Escape" => Some(draft.leave_search()),
        _ => None,
    }
}

fn plain_key(field: &Field, event: &KeyboardEvent, cancel: Option<&Callback<()>>) -> Option<Draft> {
    let Field { draft, history, keys, .. } = field;
    let is_choosing = draft.choice.is_some();
    let complete = |back| field.with_cursor().complete(keys, back);
    let at_end = || field.with_cursor().head == draft.text.len();
    // Among several lines, an arrow goes from line to line first, and with Shift selects.
    let recall = |up| {
        let stays = draft.lines() > 1 && event.shift_key() || field.with_cursor().has_line(up);
        if stays { None } else { draft.recall(history, up) }
    };
    match event.key().as_str() {
        "ArrowUp" if is_choosing => complete(true),
        "ArrowDown" if is_choosing => complete(false),
        "ArrowUp" => recall(true),
        "ArrowDown" => recall(false),
        "Tab" if event.shift_key() => {
            if is_choosing {
                complete(true)
            } else {
                None
            }
        }
        "Tab" => complete(false),
        "ArrowRight" if !is_choosing && !event.shift_key() && at_end() => complete(false),
        "Escape" if is_choosing => Some(draft.settle()),
        "Escape" => give_up(field).or_else(|| {
            if let Some(cancel) = cancel {
                cancel.emit(());
            }
            None
        }),
        _ => None,
    }
}

/// One pasted command is text like any other; several are run one after the other, the first behind what was typed. What
/// is open at their end stays, to be gone on with.
pub(super) fn on_paste(field: &Field, props: &Props) -> Callback<Event> {
    let (field, run) = (field.clone(), props.run.clone());
    Callback::from(move |event: Event| {
        let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let text = data.and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        let text = multiline::with_line_feeds(&text);
        let Some(input) = field.input().filter(|_| field.draft.search.is_none()) else { return };
        let draft = field.with_cursor();
        let open = multiline::open(draft.before_cursor());
        if !paste::is_several(open, &text) {
            // What a line was copied with, its end, is no text, unless it is inside a quote.
            let line = text.trim_end_matches('\n');
            if line.len() < text.len() && multiline::behind(open, line).is_none() {
                event.prevent_default();
                let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or(u32::MAX);
                let selected = place(input.selection_start())..place(input.selection_end());
                field.draft.set(draft.with_inserted(selected, line));
            }
            return;
        }
        event.prevent_default();
        let Pasted { commands, rest } = if open.is_some() {
            paste::commands(&[&draft.text, &*text].concat())
        } else {
            let mut pasted = paste::commands(&text);
            if let Some(first) = pasted.commands.first_mut() {
                first.insert_str(0, &draft.text);
            }
            pasted
        };
        run.emit(commands);
        field.draft.set(if rest.is_empty() { Draft::default() } else { Draft::typed(rest) });
    })
}
