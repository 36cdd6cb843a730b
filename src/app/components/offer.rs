//! What a link or a file would do, shown before any of it is done.

use std::rc::Rc;

use yew::prelude::*;

use super::dialog::Dialog;
use crate::bridge::{Intent, SaveIntent};
use crate::format;
use crate::state::Action;
use crate::state::save::{Offer as Offered, SaveAction};

/// Bytes that are laid out at once; the rest is there on request.
const SHOWN: usize = 100_000;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub offer: Rc<Offered>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(Offer)]
pub fn offer(props: &Props) -> Html {
    let shown = use_state(|| SHOWN);
    let Offered { source, record, text } = &*props.offer;
    let gone = || Action::Save(SaveAction::Offered(None));
    let run = {
        let (bridge, dispatch, record) = (props.bridge.clone(), props.dispatch.clone(), record.clone());
        Callback::from(move |_: MouseEvent| {
            dispatch.emit(gone());
            bridge.emit(Intent::Save(SaveIntent::Accept(record.clone())));
        })
    };
    let more = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + 5 * SHOWN))
    };
    let (lines, sessions, passed) = record.figures();
    let mut end = (*shown).min(text.len());
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let head = text.get(..end).unwrap_or(text);
    let left = text.len() - head.len();
    html! {
        <Dialog id="offer" title={format!("Run what this {source} holds?")} onclose={props.dispatch.reform(move |()| gone())}>
            <p class="offer__facts">
                { format!("{}, {}, {} of virtual time.", format::counted(lines, "command", "commands"),
                    format::counted(sessions, "session", "sessions"), format::duration(passed)) }
                { " Nothing has run yet. Your present work gives way, and can be taken back." }
            </p>
            <pre class="offer__text" tabindex="0" role="region" aria-label="All that would run">{ visible(head) }</pre>
            if left > 0 {
                <button class="button offer__more" onclick={more}>
                    { format!("Show more ({} are not shown)", format::size(left as u64)) }
                </button>
            }
            <footer class="dialog__foot">
                <button class="button" onclick={props.dispatch.reform(move |_: MouseEvent| gone())}>{ "Not now" }</button>
                <button class="button button--primary" onclick={run}>{ "Run it" }</button>
            </footer>
        </Dialog>
    }
}

/// The text with what cannot be seen, or changes how the rest is seen, made visible.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        let hides = matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
        if hides || character.is_control() && character != '\n' {
            out.push_str(&format!("⟨U+{:04X}⟩", character as u32));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(visible("> a\u{202e}b\u{7}\n> é\t"), "> a⟨U+202E⟩b⟨U+0007⟩\n> é⟨U+0009⟩");
    }
}
