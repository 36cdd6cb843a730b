//! The script editor: a text field with its colours, line numbers and marks in a layer behind it, and what runs it.
//!
//! Only the lines on the screen are coloured. The commands go to the shown session as if they were typed there.

use std::rc::Rc;

use web_sys::{File, HtmlElement, HtmlInputElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::coloured;
use super::icon::Icon;
use crate::bridge::{DebugIntent, Intent};
use crate::complete;
use crate::highlight;
use crate::hooks::{browser, files};
use crate::multiline::Quote;
use crate::shortcuts::STEP_THROUGH;
use crate::state::Action;
use crate::state::debugger::{Origin, runs_script};
use crate::state::editor::{
    EXAMPLE, Editor as EditorState, EditorAction, LARGEST, Mark, extent, line_at, refused,
};
use crate::state::sessions::TabId;

/// The height of a line, here and in the style sheet, in CSS pixels.
const LINE: i32 = 22;
/// Bytes of a file that is opened as a script.
const LARGEST_OPENED: usize = 4 << 20;
/// Lines that are drawn before anything is known of the room.
const FEW: usize = 40;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub editor: Rc<EditorState>,
    /// The session that its lines run in.
    pub tab: TabId,
    pub session: Rc<str>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

/// What is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The selected lines, or the one that the cursor is on.
    Here,
    All,
}

/// Where the reader is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct View {
    /// The first line on the screen, and how many fit.
    first: usize,
    fit: usize,
    /// The lines that are selected.
    from: usize,
    to: usize,
}

#[component(Editor)]
pub fn editor(props: &Props) -> Html {
    let editor = &props.editor;
    let (field, layer) = (use_node_ref(), use_node_ref());
    let view = use_state(View::default);
    // Tab completes, unless Escape was pressed before it: then it goes on, as everywhere.
    let leaves = use_mut_ref(|| false);
    // A place for the cursor, once the text that it is meant for is there.
    let cursor = use_mut_ref(|| None::<u32>);
    let look = {
        let (field, layer, view) = (field.clone(), layer.clone(), view.clone());
        Callback::from(move |()| {
            let Some(field) = field.cast::<HtmlTextAreaElement>() else { return };
            let top = field.scroll_top();
            if let Some(layer) = layer.cast::<HtmlElement>() {
                browser::set_property(&layer, "--editor-top", &format!("-{}px", top % LINE));
                browser::set_property(&layer, "--editor-left", &format!("-{}px", field.scroll_left()));
            }
            let text = field.value();
            let line = |place: Result<Option<u32>, _>| {
                line_at(&text, place.ok().flatten().unwrap_or_default() as usize)
            };
            let seen = View {
                first: usize::try_from(top / LINE).unwrap_or(0),
                fit: usize::try_from(field.client_height() / LINE).unwrap_or(0) + 2,
                from: line(field.selection_start()),
                to: line(field.selection_end()),
            };
            if *view != seen {
                view.set(seen);
            }
        })
    };
    {
        let (field, look, cursor) = (field.clone(), look.clone(), cursor.clone());
        use_effect_with(editor.text.clone(), move |_| {
            if let (Some(at), Some(field)) = (cursor.borrow_mut().take(), field.cast::<HtmlTextAreaElement>())
            {
                let _ = field.set_selection_range(at, at);
            }
            look.emit(());
        });
    }
    let oninput = {
        let leaves = leaves.clone();
        props.dispatch.reform(move |event: InputEvent| {
            *leaves.borrow_mut() = false;
            let field = browser::target::<HtmlTextAreaElement>(&event);
            Action::Editor(EditorAction::Type(field.map(|field| field.value()).unwrap_or_default()))
        })
    };
    let run = run(props, &field, &look);
    let step = step_through(props, view.from);
    let onkeydown = on_key(props, &field, &leaves, &cursor, &run, step.clone());
    let go = |part: Part| run.reform(move |_: MouseEvent| part);
    let seen = look.reform(|_: Event| ());
    let part = match () {
        () if editor.last_of(view.from) < view.to => "Run selection",
        () if editor.block(view.from).is_some() => "Run command",
        () => "Run line",
    };
    let too_much = editor.text.len() > LARGEST;
    html! {
        <section class="editor" aria-label="Script">
            <div class="editor__bar">
                <button class="button" onclick={go(Part::Here)} title="Ctrl+Enter">
                    { Icon::Play.draw() }{ part }
                </button>
                <button class="button" onclick={go(Part::All)} title="Ctrl+Shift+Enter">{ "Run all" }</button>
                if let Some(step) = step {
                    <button class="button" onclick={step.reform(|_: MouseEvent| ())} title="Step through the script of this command (Alt+G)">
                        { Icon::Step.draw() }{ "Step through" }
                    </button>
                }
                <span class="editor__where">{ "in " }{ &*props.session }</span>
                <label class="button editor__file" title="Open a file of commands">
                    { "Open…" }<input class="hidden" type="file" accept=".txt,.redis,text/plain" onchange={opened(props)} />
                </label>
                <button class="button" onclick={saved(props)} disabled={editor.text.is_empty()}>{ "Download" }</button>
                <button class="button button--quiet button--icon" onclick={props.dispatch.reform(|_: MouseEvent| Action::Editor(EditorAction::Open(false)))}
                    title="Close the script; it stays as it is (Alt+E)" aria-label="Close the script">{ Icon::Cross.draw() }</button>
            </div>
            <div class="editor__field">
                <div class="editor__layer" aria-hidden="true" ref={layer}>{ lines(editor, *view) }</div>
                <textarea class="editor__text" id="script" ref={field} value={editor.text.to_string()} {oninput} {onkeydown}
                    onscroll={seen.clone()} onselect={seen} onkeyup={look.reform(|_: KeyboardEvent| ())}
                    onpointerup={look.reform(|_: PointerEvent| ())} onfocus={look.reform(|_: FocusEvent| ())}
                    spellcheck="false" autocomplete="off" autocapitalize="off" aria-label="Script of commands"
                    aria-describedby="script-help" wrap="off" />
                if editor.text.is_empty() {
                    <div class="editor__empty">
                        <p>{ "Write commands here, one a line, and run them as often as you like. A quote may go on over several lines." }</p>
                        <button class="button" onclick={example(props)}>
                            { "Begin with an example" }
                        </button>
                    </div>
                }
            </div>
            <p class="editor__help" id="script-help">
                if too_much { <b>{ "Too long to be remembered: download it. " }</b> }
                if editor.unread { <b role="alert">{ "That file could not be opened: it is larger than 4 MB, or no text. " }</b> }
                { status(editor, *view) }
            </p>
        </section>
    }
}

/// The lines on the screen, in colours, each with its number and how its command went.
fn lines(editor: &EditorState, view: View) -> Html {
    let fit = if view.fit > 2 { view.fit } else { FEW };
    let current = editor.first_of(view.from)..=editor.last_of(view.to);
    let mut end = 0;
    let placed = editor.text.split_inclusive('\n').map(|line| {
        let start = end;
        end += line.len();
        start..start + line.trim_end_matches('\n').len()
    });
    // The colours of a command of several lines are made once.
    let mut known: Option<(usize, Vec<highlight::Span>)> = None;
    html! {
        { for placed.enumerate().skip(view.first).take(fit).map(|(at, bytes)| {
            let first = editor.first_of(at);
            let mark = editor.marks.get(&first);
            let state = mark.map(|mark| match mark {
                Mark::Sent => "sent",
                Mark::Done => "done",
                Mark::Failed(_) => "failed",
            });
            let sign = match mark.filter(|_| at == first) {
                Some(Mark::Done) => "✓",
                Some(Mark::Failed(_)) => "!",
                Some(Mark::Sent) => "…",
                None => "",
            };
            let current = current.contains(&at).then_some("true");
            let line = editor.text.get(bytes.clone()).unwrap_or_default();
            let text = match editor.block(at) {
                Some(block) => {
                    if known.as_ref().is_none_or(|(of, _)| *of != first) {
                        let whole = editor.text.get(block.bytes.clone()).unwrap_or_default();
                        // What is open may still be closed.
                        let is_open = block.open.is_some();
                        let spans = if is_open { highlight::unfinished(whole) } else { highlight::line(whole) };
                        known = Some((first, spans));
                    }
                    let spans = known.as_ref().map(|(_, spans)| spans.as_slice()).unwrap_or_default();
                    let (start, end) = (bytes.start - block.bytes.start, bytes.end - block.bytes.start);
                    coloured::coloured(line, &highlight::within(spans, start..end))
                }
                None if refused(line.trim_start()).is_some() => html! { { line.to_owned() } },
                None => coloured::whole(line),
            };
            html! {
                <div class="editor__line" data-mark={state} data-current={current} data-within={(at != first).then_some("true")}>
                    <span class="editor__sign">{ sign }</span><span class="editor__number">{ at + 1 }</span>
                    <span class="editor__code"><span class="editor__shift">{ text }</span></span>
                </div>
            }
        }) }
    }
}

/// What there is to say of the command that the cursor is on, or of the first one that failed.
fn status(editor: &EditorState, view: View) -> String {
    let wrong = |at: usize| match editor.marks.get(&at) {
        Some(Mark::Failed(why)) => Some(format!("Line {}: {why}", at + 1)),
        _ => None,
    };
    let first = || editor.marks.keys().find_map(|at| wrong(*at));
    let open = || {
        let last = editor.blocks.last()?;
        let mark = match last.open? {
            Quote::Double => '"',
            Quote::Single => '\'',
        };
        Some(format!(
            "Line {}: the quote {mark} is still open, and all below belongs to it.",
            last.lines.start + 1
        ))
    };
    wrong(editor.first_of(view.from)).or_else(first).or_else(open).unwrap_or_else(|| {
        "Ctrl+Enter runs the line or the selection, with Shift all. Tab completes; Escape, then Tab, leaves.".to_owned()
    })
}

/// Hands commands to the session; after one alone, the cursor goes on to the next.
fn run(props: &Props, field: &NodeRef, look: &Callback<()>) -> Callback<Part> {
    let (editor, tab, field, look) = (props.editor.clone(), props.tab, field.clone(), look.clone());
    let (bridge, dispatch) = (props.bridge.clone(), props.dispatch.clone());
    Callback::from(move |part: Part| {
        let Some(field) = field.cast::<HtmlTextAreaElement>() else { return };
        let place = |place: Result<Option<u32>, _>| place.ok().flatten().unwrap_or_default() as usize;
        let (start, end) = (place(field.selection_start()), place(field.selection_end()));
        let from = line_at(&editor.text, start);
        // A selection that ends at the beginning of a line does not hold that line.
        let to = line_at(&editor.text, if end > start { end - 1 } else { end });
        let commands = editor.commands(if part == Part::All { 0..=usize::MAX } else { from..=to });
        let sent = commands.iter().filter(|(_, line)| refused(line).is_none());
        let lines: Vec<Rc<str>> = sent.map(|(_, line)| line.clone()).collect();
        dispatch.emit(Action::Editor(EditorAction::Sent(tab, commands)));
        if !lines.is_empty() {
            bridge.emit(Intent::RunScript(tab, lines));
        }
        // After a click, the keyboard goes on where the script is.
        let _ = field.focus();
        if part == Part::Here && start == end {
            let at = u32::try_from(extent(&editor.text, editor.next(from)).1).unwrap_or(0);
            let _ = field.set_selection_range(at, at);
            look.emit(());
        }
    })
}

/// Goes through the script of the command on a line, if it runs one.
fn step_through(props: &Props, line: usize) -> Option<Callback<()>> {
    let (at, command) = props.editor.commands(line..=line).into_iter().next()?;
    let tab = props.tab;
    runs_script(&command).then(|| {
        props.bridge.reform(move |()| {
            Intent::Debug(DebugIntent::Begin { tab, line: command.clone(), origin: Origin::Script(at) })
        })
    })
}

fn on_key(
    props: &Props,
    field: &NodeRef,
    leaves: &Rc<std::cell::RefCell<bool>>,
    cursor: &Rc<std::cell::RefCell<Option<u32>>>,
    run: &Callback<Part>,
    step: Option<Callback<()>>,
) -> Callback<KeyboardEvent> {
    let (field, leaves, cursor, run) = (field.clone(), leaves.clone(), cursor.clone(), run.clone());
    let (editor, dispatch) = (props.editor.clone(), props.dispatch.clone());
    Callback::from(move |event: KeyboardEvent| {
        let plain = !event.alt_key() && !event.ctrl_key() && !event.meta_key() && !event.shift_key();
        match event.key().as_str() {
            "Enter" if event.ctrl_key() || event.meta_key() => {
                event.prevent_default();
                run.emit(if event.shift_key() { Part::All } else { Part::Here });
            }
            _ if event.alt_key() && event.code() == STEP_THROUGH => {
                if let Some(step) = &step {
                    event.prevent_default();
                    step.emit(());
                }
            }
            "Escape" => *leaves.borrow_mut() = true,
            "Tab" if plain && !*leaves.borrow() => {
                let Some((text, at)) =
                    field.cast::<HtmlTextAreaElement>().and_then(|field| completed(&editor, &field))
                else {
                    return;
                };
                event.prevent_default();
                *cursor.borrow_mut() = Some(at);
                dispatch.emit(Action::Editor(EditorAction::Type(text)));
            }
            _ => {}
        }
    })
}

/// The text with the word at the cursor completed, and where the cursor is then.
fn completed(editor: &EditorState, field: &HtmlTextAreaElement) -> Option<(String, u32)> {
    let text = field.value();
    let place = field.selection_end().ok().flatten()? as usize;
    let line = line_at(&text, place);
    // A command's first line says what may follow in the others.
    let (begin, _) = extent(&text, editor.first_of(line));
    let units: Vec<u16> = text.encode_utf16().collect();
    let head = String::from_utf16_lossy(units.get(begin..place)?);
    let found = complete::candidates(&head, &[]).into_iter().next().filter(|found| found.line != head)?;
    let before = String::from_utf16_lossy(units.get(..begin)?) + &found.line;
    let at = u32::try_from(before.encode_utf16().count()).ok()?;
    Some((before + &String::from_utf16_lossy(units.get(place..)?), at))
}

fn example(props: &Props) -> Callback<MouseEvent> {
    props.dispatch.reform(|_: MouseEvent| {
        browser::focus("script");
        Action::Editor(EditorAction::Type(EXAMPLE.to_owned()))
    })
}

fn opened(props: &Props) -> Callback<Event> {
    let dispatch = props.dispatch.clone();
    Callback::from(move |event: Event| {
        let input = browser::target::<HtmlInputElement>(&event);
        let file: Option<File> =
            input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
        if let Some(file) = file {
            let dispatch = dispatch.clone();
            let read = move |text: Option<String>| {
                dispatch.emit(Action::Editor(text.map_or(EditorAction::Unread, EditorAction::Type)));
            };
            files::read(file.into(), LARGEST_OPENED, Callback::from(read));
        }
        // The same file can be opened again.
        if let Some(input) = input {
            input.set_value("");
        }
    })
}

fn saved(props: &Props) -> Callback<MouseEvent> {
    let editor = props.editor.clone();
    Callback::from(move |_: MouseEvent| files::download("script.redis", &editor.text))
}
