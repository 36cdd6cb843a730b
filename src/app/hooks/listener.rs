//! Hearing what happens to the page as a whole, until the listener is dropped.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, EventTarget};

/// Hears one kind of event of one thing.
#[derive(Debug)]
pub struct Listener {
    of: Option<EventTarget>,
    kind: &'static str,
    heard: Closure<dyn Fn(Event)>,
}

impl Listener {
    /// Where there is nothing to listen to, nothing is heard.
    pub fn on<T: Into<EventTarget>>(
        of: Option<T>,
        kind: &'static str,
        heard: impl Fn(Event) + 'static,
    ) -> Self {
        let (of, heard) = (of.map(Into::into), Closure::<dyn Fn(Event)>::new(heard));
        if let Some(of) = &of {
            let _ = of.add_event_listener_with_callback(kind, heard.as_ref().unchecked_ref());
        }
        Self { of, kind, heard }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(of) = &self.of {
            let _ = of.remove_event_listener_with_callback(self.kind, self.heard.as_ref().unchecked_ref());
        }
    }
}
