//! A dialog over the page: the browser's own, which keeps the keyboard inside and closes at Escape.
//!
//! It is there as long as it is drawn; whoever draws it hears when it was closed.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::icon::Icon;
use crate::hooks::browser;
use crate::hooks::listener::Listener;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub title: AttrValue,
    /// Names its element.
    pub id: &'static str,
    pub onclose: Callback<()>,
    pub children: Html,
}

#[component(Dialog)]
pub fn dialog(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let (node, onclose) = (node.clone(), props.onclose.clone());
        use_effect_with((), move |()| {
            let before = browser::document().and_then(|document| document.active_element());
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = &dialog {
                let _ = dialog.show_modal();
            }
            let closed = Listener::on(dialog, "close", move |_| onclose.emit(()));
            move || {
                drop(closed);
                // What had the keyboard has it again.
                if let Some(element) = before.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
                    let _ = element.focus();
                }
            }
        });
    }
    let close = props.onclose.reform(|_: MouseEvent| ());
    // What lies around it is part of it, to the browser: a click there closes it.
    let around = {
        let (node, onclose) = (node.clone(), props.onclose.clone());
        Callback::from(move |event: MouseEvent| {
            let target = browser::target::<HtmlDialogElement>(&event);
            if target.is_some() && target == node.cast::<HtmlDialogElement>() {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog class="dialog" id={props.id} ref={node} aria-label={props.title.clone()} onclick={around}>
            <header class="dialog__head">
                <h2 class="dialog__title">{ &props.title }</h2>
                <button class="button button--quiet button--icon" onclick={close} title="Close (Escape)" aria-label="Close">
                    { Icon::Cross.draw() }
                </button>
            </header>
            <div class="dialog__body" tabindex="0">{ props.children.clone() }</div>
        </dialog>
    }
}
