//! Small questions to the browser, each answered with a plain value: an absent window or a refused storage is no error
//! here, the page merely does without.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, Storage, Window};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// Puts the keyboard into an element.
pub fn focus(id: &str) {
    // Parts of a drawing can have the keyboard too; the binding only knows the method of the one kind.
    if let Some(found) = element(id) {
        let _ = found.unchecked_into::<HtmlElement>().focus();
    }
}

/// Whether the keyboard is in no element, as after the one that had it went away.
pub fn is_nowhere() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_none_or(|active| active.tag_name() == "BODY")
}

/// The element that an event is about, if it is one of that kind.
pub fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.target()?.dyn_into().ok()
}

/// What is written in the text field that an event is about.
pub fn typed(event: &Event) -> String {
    target::<HtmlInputElement>(event).map(|field| field.value()).unwrap_or_default()
}

/// Whether the box is ticked that an event is about.
pub fn checked(event: &Event) -> bool {
    target::<HtmlInputElement>(event).is_some_and(|field| field.checked())
}

/// What is chosen in the list that an event is about.
pub fn chosen(event: &Event) -> String {
    target::<HtmlSelectElement>(event).map(|list| list.value()).unwrap_or_default()
}

/// Milliseconds on a clock that never goes back.
pub fn monotonic_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |clock| clock.now())
}

/// Whether a media query holds.
pub fn media(query: &str) -> bool {
    window().and_then(|window| window.match_media(query).ok().flatten()).is_some_and(|media| media.matches())
}

/// The page's storage; readers may forbid it.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

pub fn remembered(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

pub fn remember(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(name, value);
    }
}

/// Sets a CSS property through the object model, which the page's policy allows where an attribute is not.
pub fn set_property(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// Lets an element glide from where it was to where it is, unless the reader wants no motion. `places` are its own heights
/// between the two: to ask for one in pixels would have the page laid out anew for each element that glides.
pub fn glide(element: &Element, places: f64) {
    const MS: f64 = 320.0;
    if media("(prefers-reduced-motion: reduce)") {
        return;
    }
    let frame = |transform: &str| {
        let frame = Object::new();
        let _ = Reflect::set(&frame, &"transform".into(), &JsValue::from_str(transform));
        frame
    };
    let frames = Array::of2(&frame(&format!("translateY({}%)", places * 100.0)), &frame("none"));
    let timing = Object::new();
    let _ = Reflect::set(&timing, &"duration".into(), &MS.into());
    let _ = Reflect::set(&timing, &"easing".into(), &"cubic-bezier(.2,.8,.2,1)".into());
    // Called by name: the typed options of the binding are many times the code.
    let animate = Reflect::get(element, &"animate".into()).ok().and_then(|found| found.dyn_into().ok());
    if let Some(animate) = animate {
        let animate: Function = animate;
        let _ = animate.call2(element, &frames, &timing);
    }
}

/// Shows the message that `index.html` keeps for the worst case, with the reason in it.
pub fn show_crash(reason: &str) {
    if let Some(place) = element("crash-reason") {
        place.set_text_content(Some(reason));
    }
    if let Some(message) = element("crash") {
        let _ = message.remove_attribute("hidden");
    }
}
