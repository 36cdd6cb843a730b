//! A dialog over the page. The browser's own: it keeps the keyboard inside, closes by Escape and gives the keyboard back.

use wasm_bindgen::JsCast;
use web_sys::HtmlDialogElement;
use yew::prelude::*;

use super::icon::Icon;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub open: bool,
    /// What stands at its top.
    pub title: AttrValue,
    /// Names its element.
    pub id: &'static str,
    pub close: Callback<()>,
    pub children: Html,
}

#[component(Dialog)]
pub fn dialog(props: &Props) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.open, move |open| {
            let Some(dialog) = node.cast::<HtmlDialogElement>() else { return };
            if *open && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !*open && dialog.open() {
                dialog.close();
            }
        });
    }
    let closed = props.close.reform(|_: Event| ());
    let shut = props.close.reform(|_: MouseEvent| ());
    // What lies around it is part of it, to the browser: a click there closes it.
    let around = {
        let (node, close) = (node.clone(), props.close.clone());
        Callback::from(move |event: MouseEvent| {
            let target = event.target().and_then(|target| target.dyn_into::<HtmlDialogElement>().ok());
            if target.is_some() && target == node.cast::<HtmlDialogElement>() {
                close.emit(());
            }
        })
    };
    let title = format!("{}-title", props.id);
    html! {
        <dialog class="dialog" id={props.id} ref={node} aria-labelledby={title.clone()} onclose={closed} onclick={around}>
            if props.open {
                <div class="dialog__inside">
                    <header class="dialog__head">
                        <h2 class="dialog__title" id={title}>{ &props.title }</h2>
                        <button class="button button--quiet button--icon" onclick={shut} title="Close (Escape)" aria-label="Close">
                            { Icon::Cross.draw() }
                        </button>
                    </header>
                    <div class="dialog__body" tabindex="0">{ props.children.clone() }</div>
                </div>
            }
        </dialog>
    }
}
