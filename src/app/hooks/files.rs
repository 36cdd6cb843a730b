//! Records on their way in and out of the browser: links, files, the clipboard. What comes in is only offered, never run.

use std::rc::Rc;

use js_sys::futures::{JsFuture, spawn_local};
use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, DragEvent, Event, HtmlAnchorElement, ReadableStream, ReadableStreamDefaultReader, Url};
use yew::Callback;

use super::browser;
use super::lesson_files::{self, OpenedIn};
use crate::link;
use crate::record::Record;
use crate::state::Action;
use crate::state::save::{Offer, SaveAction};

/// What a link holds at most once it is unpacked, and a file.
pub const LARGEST_LINK: usize = 1 << 20;
const LARGEST_FILE: usize = 48 << 20;

/// Bytes through one of the browser's own compressors.
fn through(kind: &str, bytes: &[u8]) -> Result<ReadableStream, JsValue> {
    let kind: Function = Reflect::get(&js_sys::global(), &kind.into())?.dyn_into()?;
    let stream = Reflect::construct(&kind, &Array::of1(&"deflate-raw".into()))?;
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    Ok(blob.stream().pipe_through(stream.unchecked_ref()))
}

/// Why a stream is not read to its end.
#[derive(Debug)]
pub enum Undrained {
    Broken,
    TooMuch,
}

impl From<JsValue> for Undrained {
    fn from(_: JsValue) -> Self {
        Self::Broken
    }
}

/// All that comes out of a stream.
pub async fn drain(stream: ReadableStream, limit: usize) -> Result<Vec<u8>, Undrained> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let piece = JsFuture::from(reader.read()).await?;
        if Reflect::get(&piece, &"done".into())?.is_truthy() {
            return Ok(bytes);
        }
        let value: Uint8Array = Reflect::get(&piece, &"value".into())?.dyn_into()?;
        if bytes.len() + value.length() as usize > limit {
            let _ = reader.cancel();
            return Err(Undrained::TooMuch);
        }
        bytes.extend(value.to_vec());
    }
}

/// The address that holds a record; nothing where the browser cannot compress.
pub async fn link_to(text: &str) -> Option<String> {
    let packed = drain(through("CompressionStream", text.as_bytes()).ok()?, LARGEST_FILE).await.ok()?;
    let location = browser::window()?.location();
    let here = format!("{}{}{}", location.origin().ok()?, location.pathname().ok()?, location.search().ok()?);
    Some(here + &link::fragment(&packed))
}

/// Offers what a link holds.
pub fn open_link(packed: Vec<u8>, dispatch: Callback<Action>) {
    spawn_local(async move {
        let stream = through("DecompressionStream", &packed);
        let bytes = match stream {
            Ok(stream) => drain(stream, LARGEST_LINK).await,
            Err(error) => Err(error.into()),
        };
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|_| Undrained::Broken));
        match text {
            Ok(text) => offer("link", &text, &dispatch),
            Err(Undrained::TooMuch) => {
                refuse("link", "It holds more than a megabyte. Ask for a file instead.", &dispatch);
            }
            Err(Undrained::Broken) => {
                refuse(
                    "link",
                    "It is damaged: what it holds cannot be unpacked. Ask for it again.",
                    &dispatch,
                );
            }
        }
    });
}

/// Offers what a file holds.
pub fn open_file(file: Blob, dispatch: Callback<Action>) {
    if file.size() > LARGEST_FILE as f64 {
        refuse("file", "It has more than 48 MB, which is more than this page ever writes.", &dispatch);
        return;
    }
    let opened = move |text: Option<String>| match text {
        Some(text) => offer("file", &text, &dispatch),
        None => refuse("file", "The browser could not read it.", &dispatch),
    };
    read(file, LARGEST_FILE, Callback::from(opened));
}

/// Takes files that are dragged over the page or dropped on it; what else is dragged is the browser's.
pub fn dragged(event: &Event, dispatch: &Callback<Action>) {
    let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) else { return };
    if !data.types().includes(&"Files".into(), 0) {
        return;
    }
    event.prevent_default();
    // While it is still dragged, nothing of it is told.
    if let Some(file) = data.files().and_then(|files| files.get(0)) {
        if file.name().to_lowercase().ends_with(".md") {
            lesson_files::open_file(file, OpenedIn::Page, dispatch.clone());
        } else {
            open_file(file.into(), dispatch.clone());
        }
    }
}

/// Gives the text of a file; nothing where it is larger than that, or the browser cannot read it.
pub fn read(file: Blob, largest: usize, done: Callback<Option<String>>) {
    spawn_local(async move {
        let text = if file.size() <= largest as f64 { JsFuture::from(file.text()).await.ok() } else { None };
        done.emit(text.and_then(|text| text.as_string()));
    });
}

fn offer(source: &str, text: &str, dispatch: &Callback<Action>) {
    match Record::parse(text) {
        Ok(record) => {
            // What is shown is what would be run.
            let text = record.write().into();
            let offer = Offer { source: source.into(), record: Rc::new(record), text };
            dispatch.emit(Action::Save(SaveAction::Panel(false)));
            dispatch.emit(Action::Save(SaveAction::Offered(Some(Rc::new(offer)))));
        }
        Err(problem) => refuse(source, &format!("{}.", problem.said()), dispatch),
    }
}

/// Says why a link or a file is not opened.
pub fn refuse(source: &str, why: &str, dispatch: &Callback<Action>) {
    let reason = format!("This {source} cannot be opened. {why} Your work is as it was.");
    dispatch.emit(Action::Save(SaveAction::Panel(false)));
    dispatch.emit(Action::Save(SaveAction::Refused(Some(reason.into()))));
}

/// Has the browser keep a text as a file.
pub fn download(name: &str, text: &str) {
    let save = || -> Result<(), JsValue> {
        let blob = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
        let url = Url::create_object_url_with_blob(&blob)?;
        if let Some(document) = browser::document() {
            let anchor: HtmlAnchorElement = document.create_element("a")?.unchecked_into();
            anchor.set_href(&url);
            anchor.set_download(name);
            anchor.click();
        }
        gloo_timers::callback::Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
        Ok(())
    };
    let _ = save();
}

/// Puts a text on the clipboard, and tells whether that was allowed.
pub fn copy(text: String, done: Callback<bool>) {
    spawn_local(async move {
        let clipboard = browser::window().map(|window| window.navigator().clipboard());
        let copied = match clipboard.filter(|clipboard| !clipboard.is_undefined()) {
            Some(clipboard) => JsFuture::from(clipboard.write_text(&text)).await.is_ok(),
            None => false,
        };
        done.emit(copied);
    });
}
