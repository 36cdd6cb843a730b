//! The prompt: a plain text field with its text in colours behind it, which grows with a command of several lines;
//! history with search, completion, a hint behind the text, and pasting of many lines.
//!
//! Only the text in the field is kept here. What a line does is told by whoever gets it.

mod acts;

use std::rc::Rc;

use web_sys::{HtmlElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::choices::{Choices, Choosable, option_id};
use super::coloured::coloured;
use super::icon::Icon;
use crate::bridge::{AssistIntent, DebugIntent, Intent};
use crate::complete::{self, Hint, KnownKey};
use crate::draft::{Draft, Search};
use crate::highlight;
use crate::hooks::browser;
use crate::hooks::use_sessions::has_mouse;
use crate::multiline::{self, Quote};
use crate::state::assist::Assist;
use crate::state::debugger::{Origin, runs_script};
use crate::state::sessions::TabId;

/// Under an empty prompt.
const HELD: &str = "What is typed here stays, to be run afterwards.";
const USAGE: &str = "Tab completes, arrows recall, Ctrl+R searches, HELP explains, pasted lines run in turn.";
/// Under a search.
const SEARCHING: &str =
    "Enter runs it, arrow right takes it to edit, Ctrl+R goes further back, Escape leaves.";
const NOT_FOUND: &str = "No line of the history has this in it.";
const SEARCHING_BY_HAND: &str = "Tap a line to take it into the prompt; Run runs the chosen one.";
/// Completions offered while typing, where there is no Tab key.
const OFFERED: usize = 12;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub tab: TabId,
    /// The field of the shown session has the plain name, by which shortcuts find it.
    pub shown: bool,
    /// Why nothing can be run now; the draft stays.
    pub held: Option<&'static str>,
    pub prompt: Rc<str>,
    /// Lines run in this session.
    pub history: Rc<Vec<Rc<str>>>,
    pub assist: Rc<Assist>,
    pub run: Callback<Vec<String>>,
    pub bridge: Callback<Intent>,
    /// Ends what the session waits for, while it does.
    pub cancel: Option<Callback<()>>,
    /// It has become higher or lower.
    pub grown: Callback<()>,
}

/// What the handlers of the field work with.
#[derive(Clone)]
struct Field {
    draft: UseStateHandle<Draft>,
    node: NodeRef,
    history: Rc<Vec<Rc<str>>>,
    /// A command of several lines that was given up; the history ends with it.
    given_up: UseStateHandle<Option<Rc<str>>>,
    keys: Rc<Vec<KnownKey>>,
}

impl Field {
    fn input(&self) -> Option<HtmlTextAreaElement> {
        self.node.cast()
    }

    /// The draft with the cursor where it is in the field.
    fn with_cursor(&self) -> Draft {
        let cursor = self.input().and_then(|input| input.selection_start().ok().flatten());
        let head = cursor.map(|units| Draft::typed_at(self.draft.text.clone(), units).head);
        let mut draft = (*self.draft).clone();
        draft.head = head.unwrap_or(draft.head);
        draft
    }
}

#[component(Prompt)]
pub fn prompt(props: &Props) -> Html {
    let draft = use_state(Draft::default);
    let (node, layer) = (use_node_ref(), use_node_ref());
    let tab = props.tab;
    // Lines of earlier visits come before those of this session.
    let given_up = use_state(|| None::<Rc<str>>);
    let all = (props.assist.past.clone(), props.history.clone(), (*given_up).clone());
    let history = use_memo(all, |(past, own, given_up)| {
        past.iter().chain(own.iter()).chain(given_up).cloned().collect::<Vec<_>>()
    });
    let wanted = if draft.search.is_none() { complete::wanted(draft.before_cursor()) } else { None };
    let keys = Rc::new(props.assist.known.of(tab, wanted.as_ref()).to_vec());
    let field = Field { draft: draft.clone(), node: node.clone(), history, given_up, keys };
    {
        let bridge = props.bridge.clone();
        use_effect_with(wanted, move |wanted| {
            if let Some(wanted) = wanted {
                bridge.emit(Intent::Assist(AssistIntent::Keys(tab, wanted.clone())));
            }
        });
    }
    {
        let draft = draft.clone();
        let inserted = props.assist.inserted.clone().filter(|inserted| inserted.tab == tab);
        use_effect_with(inserted, move |inserted| {
            if let Some(inserted) = inserted {
                draft.set(Draft::typed(inserted.line.to_string()));
            }
        });
    }
    {
        let (node, layer) = (node.clone(), layer.clone());
        use_effect_with((*draft).clone(), move |draft| {
            if let Some(input) = node.cast::<HtmlTextAreaElement>().filter(|_| draft.is_placed) {
                let head = draft.before_cursor().encode_utf16().count() as u32;
                let _ = input.set_selection_range(head, head);
                if draft.head == draft.text.len() {
                    // Of several lines, the last one is hardly the longest.
                    input.set_scroll_left(if draft.lines() > 1 { 0 } else { input.scroll_width() });
                    input.set_scroll_top(input.scroll_height());
                }
            }
            follow(&node, &layer);
        });
    }
    let rows = if draft.search.is_some() { 1 } else { draft.lines() };
    {
        let grown = props.grown.clone();
        use_effect_with(rows, move |_| grown.emit(()));
    }
    let offers_unasked = use_memo((), |()| !has_mouse());
    let id = if props.shown { "prompt".to_owned() } else { format!("prompt-{}", tab.0) };
    let list = format!("choices-{}", tab.0);
    let help_id = format!("prompt-help-{}", tab.0);
    let choices = offered(&field, *offers_unasked, &list);
    let expanded = choices.is_some();
    let active = choices.as_ref().and_then(|choices| choices.at).map(|at| option_id(&list, at));
    let choices = choices.map(Offered::draw);
    let hint = if draft.search.is_some() { Hint::default() } else { complete::hint(&draft.text) };
    let open = if draft.search.is_some() { None } else { multiline::open(&draft.text) };
    // On one line, the hint says more.
    let goes_on = open.filter(|_| rows > 1);
    let hint = if goes_on.is_some() { Hint { summary: hint.summary, ..Hint::default() } } else { hint };
    let help = match () {
        () if props.held.is_some() => HELD,
        () if draft.search.is_some() && !expanded => NOT_FOUND,
        () if draft.search.is_some() && *offers_unasked => SEARCHING_BY_HAND,
        () if draft.search.is_some() => SEARCHING,
        () if draft.text.is_empty() => USAGE,
        () => goes_on.map_or(hint.summary, |quote| going_on(quote, *offers_unasked)),
    };
    let value = draft.search.as_ref().map_or(&draft.text, |search| &search.query).clone();
    let search = {
        let (field, id) = (field.clone(), id.clone());
        Callback::from(move |_: MouseEvent| {
            let draft = &field.draft;
            let is_searching = draft.search.is_some();
            draft.set(if is_searching { draft.leave_search() } else { draft.search(&field.history) });
            browser::focus(&id);
        })
    };
    let scrolled = {
        let (node, layer) = (node.clone(), layer.clone());
        Callback::from(move |_: Event| follow(&node, &layer))
    };
    let (typed, released, moved) = (
        scrolled.clone(),
        scrolled.reform(|event: KeyboardEvent| event.into()),
        scrolled.reform(|event: PointerEvent| event.into()),
    );
    html! {
        <form class="prompt" onsubmit={acts::on_submit(&field, props)}>
            { for choices }
            <div class="prompt__row" data-several={(rows > 1).then_some("true")}>
                { label(props, draft.search.is_some(), &id) }
                <div class="prompt__field">
                    <span class="prompt__hint" aria-hidden="true" ref={layer}>
                        if draft.search.is_none() { { behind(&draft.text, &hint) } }
                    </span>
                    <textarea class={classes!("prompt__input", draft.search.is_none().then_some("prompt__input--clear"))} {id}
                        ref={node} {value} oninput={acts::on_input(&field)} onkeydown={acts::on_key(&field, props)}
                        onpaste={acts::on_paste(&field, props)} onscroll={scrolled} onselect={typed} onkeyup={released}
                        onpointermove={moved} rows={rows.to_string()} wrap="off" autocomplete="off"
                        autocapitalize="off" autocorrect="off" spellcheck="false"
                        enterkeyhint={if open.is_some() { "enter" } else { "send" }}
                        role="combobox" aria-autocomplete="list" aria-expanded={expanded.to_string()}
                        aria-controls={expanded.then(|| list.clone())} aria-activedescendant={active}
                        aria-describedby={help_id.clone()}
                        placeholder={match () {
                            () if draft.search.is_some() => "Part of a line",
                            () => props.held.unwrap_or("Type a command"),
                        }}
                        title="Tab completes, arrows recall, Ctrl+R searches (Alt+T comes here)" />
                </div>
                <button class="button button--icon prompt__search" type="button" onclick={search} disabled={props.held.is_some()}
                    aria-pressed={draft.search.is_some().to_string()} aria-label="Search the history"
                    title="Search the history (Ctrl+R)">{ Icon::Search.draw() }</button>
                if can_step(&field, props) {
                    <button class="button prompt__step" type="button" title="Step through the script (Alt+G)"
                        aria-label="Step through" onclick={step_through(&field, props).reform(|_: MouseEvent| ())}>
                        { Icon::Step.draw() }<span class="prompt__word">{ "Step through" }</span>
                    </button>
                }
                <button class="button prompt__send" type="submit">{ "Run" }</button>
            </div>
            <p class="prompt__help" id={help_id}>
                // The line itself may be too long for it to be seen there.
                if let Some(piece) = hint.arguments.iter().find(|piece| piece.is_current) {
                    <code class="prompt__now">{ &piece.text }</code>{ " · " }
                }
                { help }
            </p>
        </form>
    }
}

/// Whether the line runs a script that can be gone through now.
fn can_step(field: &Field, props: &Props) -> bool {
    props.held.is_none() && field.draft.search.is_none() && runs_script(&field.draft.text)
}

/// Goes through the script of the line, which stays where it is.
fn step_through(field: &Field, props: &Props) -> Callback<()> {
    let (line, tab): (Rc<str>, _) = (field.draft.text.trim().into(), props.tab);
    props.bridge.reform(move |()| {
        Intent::Debug(DebugIntent::Begin { tab, line: line.clone(), origin: Origin::Prompt })
    })
}

/// Keeps the coloured text under the one in the field.
fn follow(node: &NodeRef, layer: &NodeRef) {
    if let (Some(input), Some(layer)) = (node.cast::<HtmlTextAreaElement>(), layer.cast::<HtmlElement>()) {
        let left = input.scroll_left();
        let _ = layer.toggle_attribute_with_force("data-scrolled", left > 0);
        layer.set_scroll_left(left);
        layer.set_scroll_top(input.scroll_top());
    }
}

/// Under a command whose quote is open.
fn going_on(quote: Quote, by_hand: bool) -> &'static str {
    match (quote, by_hand) {
        (Quote::Double, false) => "Enter goes on in the next line until \" is closed. Esc gives it up.",
        (Quote::Single, false) => "Enter goes on in the next line until ' is closed. Esc gives it up.",
        (Quote::Double, true) => "It goes on in the next line until \" is closed.",
        (Quote::Single, true) => "It goes on in the next line until ' is closed.",
    }
}

/// The name of the field: the server, and what state the session is in, or that the history is being searched.
fn label(props: &Props, searching: bool, id: &str) -> Html {
    let label = props.prompt.trim_end_matches(['>', ' ']);
    // The server can be left out where there is little room.
    let (server, mode) = label.split_at(label.find(['[', '(']).unwrap_or(label.len()));
    html! {
        <label class="prompt__label" for={id.to_owned()}>
            if searching { { "History:" } } else {
                <span class="prompt__server">{ server.to_owned() }</span>{ format!("{mode}>") }
            }
        </label>
    }
}

/// The text in colours, and what may follow it.
fn behind(text: &str, hint: &Hint) -> Html {
    let ends = text.is_empty() || text.ends_with([' ', '\n']);
    let gap = if (ends && hint.rest.is_empty()) || hint.arguments.is_empty() { "" } else { " " };
    html! {
        <>
            <span class="prompt__typed">{ coloured(text, &highlight::unfinished(text)) }</span>
            <span>{ format!("{}{gap}", hint.rest) }</span>
            { for hint.arguments.iter().enumerate().map(|(at, piece)| html! {
                <>
                    { if at > 0 { " " } else { "" } }
                    <span class={piece.is_current.then_some("prompt__current")}>{ &piece.text }</span>
                </>
            }) }
        </>
    }
}

/// What the list above the prompt offers.
struct Offered {
    list: String,
    label: &'static str,
    all: Vec<Choosable>,
    at: Option<usize>,
    strip: bool,
    choose: Callback<usize>,
}

impl Offered {
    fn draw(self) -> Html {
        let Self { list, label, all, at, strip, choose } = self;
        html! { <Choices id={list} {label} {all} {at} {strip} {choose} /> }
    }
}

fn offered(field: &Field, unasked: bool, list: &str) -> Option<Offered> {
    let draft = &field.draft;
    if let Some(search) = &draft.search {
        return found(field, search, list);
    }
    let (found, at) = match &draft.choice {
        Some(choice) => (choice.found.clone(), Some(choice.at)),
        None if unasked && !draft.text.is_empty() => {
            let mut found = complete::candidates(draft.before_cursor(), &field.keys);
            found.truncate(OFFERED);
            (found, None)
        }
        None => return None,
    };
    if found.is_empty() {
        return None;
    }
    let all = found.iter().cloned().map(Choosable::Candidate).collect();
    let choose = {
        let field = field.clone();
        Callback::from(move |place: usize| {
            if let Some(next) = field.draft.choose(found.clone(), place) {
                field.draft.set(next);
            }
        })
    };
    Some(Offered { list: list.to_owned(), label: "Completions", all, at, strip: unasked, choose })
}

fn found(field: &Field, search: &Search, list: &str) -> Option<Offered> {
    let lines = search.found(&field.history);
    if lines.is_empty() {
        return None;
    }
    let all = lines.into_iter().cloned().map(Choosable::Line).collect();
    let choose = {
        let field = field.clone();
        Callback::from(move |place: usize| {
            let mut draft = (*field.draft).clone();
            if let Some(search) = &mut draft.search {
                search.at = place;
            }
            if let Some(next) = draft.take_found(&field.history) {
                field.draft.set(next);
            }
        })
    };
    let label = "Lines of the history, the newest first";
    Some(Offered { list: list.to_owned(), label, all, at: Some(search.at), strip: false, choose })
}
