//! Puts the chosen colours on the document, and remembers them.

use yew::prelude::*;

use super::browser;
use crate::app::Shared;
use crate::state::Action;
use crate::state::layout::Theme;

const NAME: &str = "playground.theme";

#[hook]
pub fn use_theme(state: &UseReducerHandle<Shared>) {
    let dispatcher = state.dispatcher();
    use_effect_with((), move |()| {
        if let Some(theme) = browser::remembered(NAME).and_then(|token| Theme::from_token(&token)) {
            dispatcher.dispatch(Action::Theme(theme));
        }
    });
    use_effect_with(state.layout.theme, |theme| {
        let root = browser::document().and_then(|document| document.document_element());
        if let (Some(theme), Some(root)) = (theme, root) {
            let _ = root.set_attribute("data-theme", theme.token());
            browser::remember(NAME, theme.token());
        }
    });
}

/// The colours on the screen: the chosen ones, else the system's.
pub fn shown_theme(chosen: Option<Theme>) -> Theme {
    chosen.unwrap_or_else(|| {
        if browser::media("(prefers-color-scheme: dark)") { Theme::Dark } else { Theme::Light }
    })
}
