//! Sharing: a button in the header and what it opens. A link, files to take away, and a place for files that others gave.

use std::rc::Rc;

use js_sys::futures::spawn_local;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::dialog::Dialog;
use super::icon::Icon;
use crate::bridge::{Intent, SaveIntent};
use crate::format;
use crate::hooks::browser;
use crate::hooks::files;
use crate::link;
use crate::state::Action;
use crate::state::save::{SaveAction, SaveState};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub save: Rc<SaveState>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Share)]
pub fn share(props: &Props) -> Html {
    let (bridge, dispatch) = (props.bridge.clone(), props.dispatch.clone());
    let open = Callback::from(move |_: MouseEvent| {
        dispatch.emit(Action::Save(SaveAction::Panel(true)));
        bridge.emit(Intent::Save(SaveIntent::Export));
    });
    html! {
        <>
            <button class="button button--quiet share__open" onclick={open} aria-haspopup="dialog"
                title="A link or a file of all you did" aria-label="Share">
                { Icon::Share.draw() }<span class="share__word">{ "Share" }</span>
            </button>
            if props.save.panel {
                <Panel save={props.save.clone()} bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
            }
        </>
    }
}

/// A link, once it is made.
#[derive(Clone, PartialEq)]
enum Link {
    Making,
    Ready(String),
    TooLong(usize),
    TooMuch,
    Forgotten,
    Impossible,
}

#[component(Panel)]
fn panel(props: &Props) -> Html {
    let link = use_state(|| Link::Making);
    let copied = use_state(|| None::<bool>);
    {
        let link = link.clone();
        use_effect_with(props.save.exported.clone(), move |exported| {
            let Some(exported) = exported.clone() else { return };
            let Some(record) = exported.record.clone() else {
                link.set(Link::Forgotten);
                return;
            };
            if record.len() > files::LARGEST_LINK {
                link.set(Link::TooMuch);
                return;
            }
            spawn_local(async move {
                link.set(match files::link_to(&record).await {
                    Some(text) if text.len() <= link::LONGEST => Link::Ready(text),
                    Some(text) => Link::TooLong(text.len()),
                    None => Link::Impossible,
                });
            });
        });
    }
    let want = |intent: SaveIntent| props.bridge.reform(move |_: MouseEvent| Intent::Save(intent.clone()));
    let close = props.dispatch.reform(|()| Action::Save(SaveAction::Panel(false)));
    // What begins another work closes the panel: the work is what one wants to see then.
    let and_close = |intent: SaveIntent| {
        let (bridge, close) = (props.bridge.clone(), close.clone());
        Callback::from(move |_: MouseEvent| {
            bridge.emit(Intent::Save(intent.clone()));
            close.emit(());
        })
    };
    let chosen = {
        let dispatch = props.dispatch.clone();
        Callback::from(move |event: Event| {
            let input = browser::target::<HtmlInputElement>(&event);
            let file = input.as_ref().and_then(HtmlInputElement::files).and_then(|files| files.get(0));
            if let Some(file) = file {
                files::open_file(file.into(), dispatch.clone());
            }
        })
    };
    html! {
        <Dialog id="share" title="Share" onclose={close.clone()}>
            <section class="share__part">
                <h3>{ "A link" }</h3>
                <p class="share__about">{ "It holds every command and the time between them. Who opens it sees them before they run." }</p>
                { link_part(&link, &copied) }
                <h3>{ "Files" }</h3>
                <div class="share__files">
                    { file(want(SaveIntent::RecordFile), "All you did", "opens in this page") }
                    { file(want(SaveIntent::TypedFile), "Typed commands", "redis-cli < typed.redis; without the time between") }
                    { file(want(SaveIntent::DataFile), "The data", "RESTORE commands for redis-cli, Redis 7.4 or newer") }
                </div>
                <label class="share__drop">
                    <span>{ "Open a file: choose it, or drop it anywhere on the page. It is shown before it runs." }</span>
                    <input type="file" accept=".txt,text/plain" onchange={chosen} />
                </label>
                <h3>{ "This work" }</h3>
                <p class="share__about">
                    { "It is kept in this browser. Starting afresh empties the page; what was there can be taken back, even after a reload." }
                </p>
                <div class="share__files">
                    <button class="button" onclick={and_close(SaveIntent::Afresh)}>{ "Start afresh" }</button>
                    <button class="button" disabled={!props.save.previous} onclick={and_close(SaveIntent::TakeBack)}>
                        { "Take back the work before" }
                    </button>
                </div>
            </section>
        </Dialog>
    }
}

fn file(onclick: Callback<MouseEvent>, name: &'static str, about: &'static str) -> Html {
    html! {
        <button class="button share__file" {onclick}>
            { Icon::Download.draw() }<span>{ name }</span><small>{ about }</small>
        </button>
    }
}

fn link_part(link: &UseStateHandle<Link>, copied: &UseStateHandle<Option<bool>>) -> Html {
    let said = |text: &str| html! { <p role="status" class="share__said">{ text.to_owned() }</p> };
    let text = match &**link {
        Link::Making => return html! { <p role="status">{ "The link is being made…" }</p> },
        Link::Forgotten => {
            return said(
                "So much was done that its beginning is forgotten, so there is no link. The data can be downloaded.",
            );
        }
        Link::Impossible => {
            return said("This browser cannot compress, so there is no link. A file does the same.");
        }
        Link::TooLong(length) => {
            let (length, longest) = (format::count(*length), format::count(link::LONGEST));
            return said(&format!(
                "A link would have {length} characters, and mail and chats cut those above {longest}. \
                Send the file \"All you did\" instead."
            ));
        }
        Link::TooMuch => {
            return said(
                "All you did is more than a megabyte, and no link is opened that holds more. \
                Send the file \"All you did\" instead.",
            );
        }
        Link::Ready(text) => text.clone(),
    };
    let copy = {
        let (text, copied) = (text.clone(), copied.clone());
        Callback::from(move |_: MouseEvent| {
            let copied = copied.clone();
            files::copy(
                text.clone(),
                Callback::from(move |done: bool| {
                    if !done {
                        browser::focus("share-link");
                    }
                    copied.set(Some(done));
                }),
            );
        })
    };
    let select = Callback::from(|event: FocusEvent| {
        if let Some(input) = browser::target::<HtmlInputElement>(&event) {
            input.select();
        }
    });
    let length = format!("{} of {} characters", format::count(text.len()), format::count(link::LONGEST));
    html! {
        <>
            <div class="share__row">
                <input class="field share__link" id="share-link" readonly=true value={text} onfocus={select} aria-label="Link to all you did" />
                <button class="button button--primary share__copy" onclick={copy}>{ "Copy" }</button>
            </div>
            <p class="share__about" role="status">
                { match **copied {
                    None => length,
                    Some(true) => "Copied.".to_owned(),
                    Some(false) => "The browser does not allow copying. The link is selected: copy it by hand.".to_owned(),
                } }
            </p>
        </>
    }
}
