//! The list of shortcuts, in a dialog.

use yew::prelude::*;

use super::dialog::Dialog;
use crate::shortcuts::{EVERYWHERE, PLACES};
use crate::state::Action;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    pub dispatch: Callback<Action>,
}

#[component(ShortcutList)]
pub fn shortcut_list(props: &Props) -> Html {
    if !props.open {
        return Html::default();
    }
    let onclose = props.dispatch.reform(|()| Action::Shortcuts(false));
    let row = |keys: Html, what: &'static str| html! { <div class="shortcut"><dt>{ keys }</dt><dd>{ what }</dd></div> };
    html! {
        <Dialog id="shortcuts" title="Keyboard shortcuts" {onclose}>
            <div class="shortcuts">
                <section>
                    <h3 class="shortcuts__place">{ "Everywhere" }</h3>
                    <dl>
                        { for EVERYWHERE.iter().map(|shortcut| {
                            row(html! { <><kbd>{ "Alt" }</kbd><kbd>{ shortcut.key }</kbd></> }, shortcut.what)
                        }) }
                    </dl>
                </section>
                <div>
                    { for PLACES.iter().map(|(place, keys)| html! {
                        <section>
                            <h3 class="shortcuts__place">{ *place }</h3>
                            <dl>{ for keys.iter().map(|(key, what)| row(html! { <kbd>{ *key }</kbd> }, what)) }</dl>
                        </section>
                    }) }
                </div>
            </div>
        </Dialog>
    }
}
