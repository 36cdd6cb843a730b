//! Lessons on their way in: fetched from the page's own site, or read from a file of the reader's. What cannot be a lesson is
//! refused with the reason, and nothing else happens.

use std::rc::Rc;

use js_sys::futures::{JsFuture, spawn_local};
use playground_scenarios::Lesson;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, RequestInit, RequestMode, Response, Url};
use yew::Callback;

use super::{browser, files};
use crate::state::Action;
use crate::state::lesson::Source;
use crate::state::lessons::LessonsAction;

/// The last lesson from a file, kept for a reload: its name, and below that its text.
const KEPT: &str = "playground.lesson";
/// Bytes of a lesson's text.
const LARGEST: usize = 1 << 20;

/// Where a lesson is opened from, which is where the reader looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedIn {
    /// The list of lessons, which says itself what was wrong.
    List,
    /// Anywhere on the page.
    Page,
}

/// Opens a lesson from a file; the one that is open stays where that one cannot be read.
pub fn open_file(file: File, from: OpenedIn, dispatch: Callback<Action>) {
    let name = file.name();
    if file.size() > LARGEST as f64 {
        return refuse(from, &format!("{name} has more than a megabyte, which no lesson needs."), &dispatch);
    }
    let read = move |text: Option<String>| {
        let text = text.ok_or_else(|| format!("{name} could not be read by the browser."));
        match text.and_then(|text| Ok((parsed(&name, &text)?, text))) {
            Ok((lesson, text)) => {
                browser::remember(KEPT, &format!("{name}\n{text}"));
                dispatch.emit(Action::LessonOpened(Source::File(&name).name(), lesson));
            }
            Err(reason) => refuse(from, &reason, &dispatch),
        }
    };
    files::read(file.into(), LARGEST, Callback::from(read));
}

/// Opens the lesson at an address of this site, and tells what it is called then.
pub fn open_address(address: String, from: OpenedIn, dispatch: Callback<Action>, opened: Callback<Rc<str>>) {
    spawn_local(async move {
        match at(&address).await {
            Ok((name, lesson)) => {
                dispatch.emit(Action::LessonOpened(name.clone(), lesson));
                opened.emit(name);
            }
            Err(reason) => refuse(from, &reason, &dispatch),
        }
    });
}

fn refuse(from: OpenedIn, reason: &str, dispatch: &Callback<Action>) {
    match from {
        OpenedIn::List => dispatch.emit(Action::Lessons(LessonsAction::Refused(Some(reason.into())))),
        OpenedIn::Page => files::refuse("lesson", reason, dispatch),
    }
}

/// The lesson that a text is, or where and why it is none.
pub fn parsed(name: &str, text: &str) -> Result<Rc<Lesson>, String> {
    let parsed = Lesson::parse(text).map(Rc::new);
    parsed.map_err(|error| format!("{name}, line {}: {}.", error.line, error.reason))
}

/// The lesson at an address of this site, and its name.
pub async fn at(address: &str) -> Result<(Rc<str>, Rc<Lesson>), String> {
    let location = browser::window().map(|window| window.location()).ok_or("there is no window")?;
    let (here, origin) = (location.href().unwrap_or_default(), location.origin().unwrap_or_default());
    let url = Url::new_with_base(address, &here).map_err(|_| format!("{address} is no address."))?;
    if url.origin() != origin {
        return Err(format!(
            "{address} is not on {origin}, and a lesson is only opened from the site that the page is on. \
            Download it and open the file."
        ));
    }
    let path = url.pathname() + &url.search();
    let text = fetch(&path).await?;
    Ok((Source::Address(&path).name(), parsed(&path, &text)?))
}

/// The lesson from a file, as long as it is the one that was opened last.
pub fn kept(file: &str) -> Result<Rc<Lesson>, String> {
    let kept = browser::remembered(KEPT).unwrap_or_default();
    match kept.split_once('\n') {
        Some((name, text)) if name == file => parsed(name, text),
        _ => Err(format!("{file} was opened from a file, which is not here any more. Open it again.")),
    }
}

/// A text from the page's own site.
pub async fn fetch(path: &str) -> Result<String, String> {
    let failed = |_: JsValue| format!("{path} could not be loaded. Is the page still being served?");
    let window = browser::window().ok_or("there is no window")?;
    let options = RequestInit::new();
    // Not even by way of a redirection.
    options.set_mode(RequestMode::SameOrigin);
    let answer = JsFuture::from(window.fetch_with_str_and_init(path, &options)).await.map_err(failed)?;
    let response: Response = answer.dyn_into().map_err(failed)?;
    if !response.ok() {
        return Err(format!("{path} could not be loaded: the server answered {}.", response.status()));
    }
    let Some(body) = response.body() else { return Ok(String::new()) };
    let bytes = files::drain(body, LARGEST).await.map_err(|undrained| match undrained {
        files::Undrained::Broken => failed(JsValue::NULL),
        files::Undrained::TooMuch => format!("{path} has more than a megabyte, which no lesson needs."),
    })?;
    String::from_utf8(bytes).map_err(|_| format!("{path} is not text."))
}
