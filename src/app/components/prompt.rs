//! The prompt: a plain text field with history, completion, a hint behind the text, and pasting of many lines.
//!
//! Only the text in the field is kept here. What a line does is told by whoever gets it.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, HtmlInputElement};
use yew::prelude::*;

use crate::complete::{self, Candidate};
use crate::state::sessions::TabId;

/// Under an empty prompt.
const USAGE: &str = "Tab completes, arrows recall, pasted lines run in turn.";
/// Candidates shown at once.
const SHOWN: usize = 8;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub tab: TabId,
    /// The field of the shown session has the plain name, by which shortcuts find it.
    pub shown: bool,
    /// The past is looked at, in which nothing can be run; the draft stays.
    pub past: bool,
    pub prompt: Rc<str>,
    pub history: Rc<Vec<Rc<str>>>,
    pub run: Callback<Vec<String>>,
    /// Ends what the session waits for, while it does.
    pub cancel: Option<Callback<()>>,
}

/// The text and what the reader is doing with it.
#[derive(Clone, Debug, Default, PartialEq)]
struct Draft {
    text: String,
    /// Position in the history, and what was typed before going there.
    recalled: Option<(usize, String)>,
    /// What Tab walks through, and the one chosen.
    cycle: Option<(Vec<Candidate>, usize)>,
}

impl Draft {
    fn typed(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// The line before (`up`) or after in the history; the newest is followed by what was being typed.
    fn recall(&self, history: &[Rc<str>], up: bool) -> Option<Self> {
        let at = self.recalled.as_ref().map_or(history.len(), |(at, _)| *at);
        let to = if up { at.checked_sub(1)? } else { at + 1 };
        let own = self.recalled.as_ref().map_or(&self.text, |(_, own)| own);
        match history.get(to) {
            Some(line) => {
                Some(Self { text: line.to_string(), recalled: Some((to, own.clone())), cycle: None })
            }
            None if self.recalled.is_some() => Some(Self::typed(own.clone())),
            None => None,
        }
    }

    /// The next candidate; none where there is nothing to complete, and Tab is free to move on.
    fn complete(&self) -> Option<Self> {
        let (found, next) = match &self.cycle {
            Some((found, at)) => (found.clone(), (at + 1) % found.len().max(1)),
            None => (complete::candidates(&self.text), 0),
        };
        let text = found.get(next)?.line.clone();
        if text == self.text {
            return None;
        }
        let cycle = (found.len() > 1).then_some((found, next));
        Some(Self { text, recalled: None, cycle })
    }
}

#[component(Prompt)]
pub fn prompt(props: &Props) -> Html {
    let draft = use_state(Draft::default);
    let field = use_node_ref();
    {
        // Text that did not come from typing: the cursor belongs at its end, and the end into sight.
        let field = field.clone();
        use_effect_with((*draft).clone(), move |draft| {
            let moved = draft.recalled.is_some() || draft.cycle.is_some();
            if let Some(input) = field.cast::<HtmlInputElement>().filter(|_| moved) {
                let end = input.value().encode_utf16().count() as u32;
                let _ = input.set_selection_range(end, end);
                input.set_scroll_left(input.scroll_width());
            }
        });
    }
    let oninput = {
        let draft = draft.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
            draft.set(Draft::typed(input.map(|input| input.value()).unwrap_or_default()));
        })
    };
    let submit = {
        let (draft, run, past) = (draft.clone(), props.run.clone(), props.past);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if past {
                // To be told why nothing happens.
                run.emit(Vec::new());
                return;
            }
            if !draft.text.trim().is_empty() {
                run.emit(vec![draft.text.clone()]);
            }
            draft.set(Draft::default());
        })
    };
    let onkeydown = on_key(&draft, &field, props);
    let onpaste = on_paste(&draft, &field, props);
    let id = if props.shown { "prompt".to_owned() } else { format!("prompt-{}", props.tab.0) };
    let help_id = format!("prompt-help-{}", props.tab.0);
    let label = props.prompt.trim_end_matches(['>', ' ']);
    // The server, and what state the session is in: the one can be left out where there is little room.
    let (server, mode) = label.split_at(label.find(['[', '(']).unwrap_or(label.len()));
    let hint = complete::hint(&draft.text);
    let help = if draft.text.is_empty() { USAGE } else { hint.summary };
    let gap =
        if draft.text.is_empty() || draft.text.ends_with(' ') || !hint.rest.is_empty() { "" } else { " " };
    html! {
        <form class="prompt" onsubmit={submit}>
            { candidates(&draft) }
            <div class="prompt__row">
                <label class="prompt__label" for={id.clone()}><span class="prompt__server">{ server.to_owned() }</span>{ format!("{mode}>") }</label>
                <div class="prompt__field">
                    <span class="prompt__hint" aria-hidden="true">
                        <span class="prompt__typed">{ &draft.text }</span>
                        <span>{ format!("{}{gap}{}", hint.rest, hint.arguments) }</span>
                    </span>
                    <input class="prompt__input" {id} ref={field} value={draft.text.clone()} {oninput} {onkeydown}
                        {onpaste} type="text" autocomplete="off" autocapitalize="off" autocorrect="off"
                        spellcheck="false" enterkeyhint="send" aria-describedby={help_id.clone()}
                        placeholder={if props.past { "Return or branch to run commands" } else { "Type a command" }} title="Tab completes, arrows recall (Alt+T comes here)" />
                </div>
                <button class="button prompt__send" type="submit">{ "Run" }</button>
            </div>
            <p class="prompt__help" id={help_id}>{ help }</p>
        </form>
    }
}

fn candidates(draft: &Draft) -> Html {
    let Some((found, chosen)) = &draft.cycle else { return Html::default() };
    let first = chosen.saturating_sub(SHOWN - 1);
    html! {
        <ul class="prompt__candidates" aria-label="Completions">
            if found.len() > SHOWN { <li class="prompt__of">{ format!("{} of {}", chosen + 1, found.len()) }</li> }
            { for found.iter().enumerate().skip(first).take(SHOWN).map(|(at, candidate)| html! {
                <li class={classes!("prompt__candidate", (at == *chosen).then_some("prompt__candidate--chosen"))}>
                    { &candidate.name }
                </li>
            }) }
        </ul>
    }
}

fn on_key(draft: &UseStateHandle<Draft>, field: &NodeRef, props: &Props) -> Callback<KeyboardEvent> {
    let (draft, field, history) = (draft.clone(), field.clone(), props.history.clone());
    let cancel = props.cancel.clone();
    Callback::from(move |event: KeyboardEvent| {
        if event.alt_key() || event.ctrl_key() || event.meta_key() || event.is_composing() {
            return;
        }
        let at_end = || {
            let input = field.cast::<HtmlInputElement>();
            let cursor = input.and_then(|input| input.selection_start().ok().flatten());
            cursor.is_some_and(|at| at as usize == draft.text.encode_utf16().count())
        };
        let next = match event.key().as_str() {
            "ArrowUp" => draft.recall(&history, true),
            "ArrowDown" => draft.recall(&history, false),
            "Tab" if !event.shift_key() => draft.complete(),
            "ArrowRight" if at_end() && draft.cycle.is_none() => draft.complete(),
            "Escape" if draft.cycle.is_none() => {
                if let Some(cancel) = &cancel {
                    cancel.emit(());
                }
                None
            }
            "Escape" => draft.cycle.as_ref().map(|_| Draft::typed(draft.text.clone())),
            _ => None,
        };
        if let Some(next) = next {
            event.prevent_default();
            draft.set(next);
        }
    })
}

/// One pasted line is text like any other; several are run one after the other, the first behind what was typed.
fn on_paste(draft: &UseStateHandle<Draft>, field: &NodeRef, props: &Props) -> Callback<Event> {
    let (draft, field, run) = (draft.clone(), field.clone(), props.run.clone());
    Callback::from(move |event: Event| {
        let data = event.dyn_ref::<ClipboardEvent>().and_then(ClipboardEvent::clipboard_data);
        let text = data.and_then(|data| data.get_data("text").ok()).unwrap_or_default();
        if !text.trim_end_matches(['\r', '\n']).contains('\n') {
            return;
        }
        event.prevent_default();
        let typed = field.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
        let mut lines: Vec<String> =
            text.lines().map(|line| complete::without_prompt(line).to_owned()).collect();
        if let Some(first) = lines.first_mut() {
            first.insert_str(0, &typed);
        }
        run.emit(lines);
        draft.set(Draft::default());
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_is_walked_and_the_draft_comes_back() {
        let history: Vec<Rc<str>> = vec!["GET a".into(), "GET b".into()];
        let draft = Draft::typed("SE".into());
        let newest = draft.recall(&history, true).expect("a line");
        let oldest = newest.recall(&history, true).expect("a line");
        assert_eq!((newest.text.as_str(), oldest.text.as_str()), ("GET b", "GET a"));
        assert!(oldest.recall(&history, true).is_none());
        let back = oldest.recall(&history, false).and_then(|d| d.recall(&history, false)).expect("the draft");
        assert_eq!(back, draft);
        assert!(back.recall(&history, false).is_none());
    }

    #[test]
    fn tab_walks_through_the_candidates_and_lets_go_where_there_are_none() {
        let first = Draft::typed("PE".into()).complete().expect("a candidate");
        let second = first.complete().expect("another");
        assert_ne!(first.text, second.text);
        assert!(Draft::default().complete().is_none());
        assert!(Draft::typed("ECHO hello".into()).complete().is_none());
        let only = Draft::typed("ECH".into()).complete().expect("one");
        assert!(only.cycle.is_none() && only.complete().is_none());
    }
}
