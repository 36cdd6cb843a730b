//! A dialog over the page: the browser's own, which keeps the keyboard inside and closes at Escape.
//!
//! It is there as long as it is drawn; whoever draws it hears when it was closed.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

use super::icon::Icon;
use crate::hooks::browser;

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
            let closed = Closure::<dyn Fn()>::new(move || onclose.emit(()));
            if let Some(dialog) = node.cast::<HtmlDialogElement>() {
                let _ = dialog.add_event_listener_with_callback("close", closed.as_ref().unchecked_ref());
                let _ = dialog.show_modal();
            }
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
            let target = event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
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
