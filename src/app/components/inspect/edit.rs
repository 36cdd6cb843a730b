//! Changing things in place: a value that becomes a field, a form that adds, a button that removes. Each sends one command
//! to the terminal, where the reader sees it.

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

use super::command::{self, Slot};
use super::scene::Scene;
use crate::components::icon::Icon;

#[derive(Debug, Properties, PartialEq)]
pub struct EditableProps {
    pub scene: Scene,
    /// What is shown.
    pub shown: String,
    /// What the field begins with.
    pub text: String,
    /// What it is, for ears and the field's name.
    pub label: String,
    /// The command, with field 0 for what is typed.
    pub slots: Vec<Slot>,
    /// Whether bytes are typed as hexadecimal digits.
    #[prop_or_default]
    pub hex: bool,
    #[prop_or_default]
    pub class: Classes,
}

/// A value that is edited by a double click, Enter or F2; Enter sends, Escape leaves.
#[component(Editable)]
pub fn editable(props: &EditableProps) -> Html {
    let editing = use_state(|| false);
    let broken = use_state(|| false);
    let (button, field) = (use_node_ref(), use_node_ref());
    let was = use_mut_ref(|| false);
    {
        let (button, field, text) = (button.clone(), field.clone(), props.text.clone());
        use_effect_with(*editing, move |editing| {
            if *editing && let Some(input) = field.cast::<HtmlInputElement>() {
                input.set_value(&text);
                let _ = input.focus();
                input.select();
            }
            if was.replace(*editing)
                && !*editing
                && let Some(button) = button.cast::<HtmlElement>()
            {
                let _ = button.focus();
            }
        });
    }
    if *editing {
        let send = {
            let (scene, slots, field) = (props.scene.clone(), props.slots.clone(), field.clone());
            let (editing, broken) = (editing.clone(), broken.clone());
            let read = if props.hex { command::digits } else { command::typed };
            Callback::from(move |event: SubmitEvent| {
                event.prevent_default();
                let Some(input) = field.cast::<HtmlInputElement>() else { return };
                let line = read(&input.value()).and_then(|typed| command::filled(&slots, &[typed]));
                match line {
                    Some(line) => {
                        editing.set(false);
                        broken.set(false);
                        scene.run(line);
                    }
                    None => broken.set(true),
                }
            })
        };
        let leave = {
            let (editing, broken) = (editing.clone(), broken.clone());
            move || {
                editing.set(false);
                broken.set(false);
            }
        };
        let escape = {
            let leave = leave.clone();
            Callback::from(move |event: KeyboardEvent| {
                // What is typed here is none of the page's shortcuts.
                event.stop_propagation();
                if event.key() == "Escape" {
                    event.prevent_default();
                    leave();
                }
            })
        };
        let onblur = Callback::from(move |_: FocusEvent| leave());
        return html! {
            <form class="ins-edit__form" onsubmit={send}>
                <input ref={field} class="field ins-edit__field" aria-label={props.label.clone()} autocomplete="off" spellcheck="false"
                    aria-invalid={broken.to_string()} onkeydown={escape} {onblur} />
                if *broken {
                    <span class="ins-edit__error" role="alert">
                        { if props.hex { "Two digits a byte, 00 to ff." } else { "The quotes do not close." } }
                    </span>
                }
            </form>
        };
    }
    let open = {
        let editing = editing.clone();
        move || editing.set(true)
    };
    let (on_click, on_double, on_key) = (open.clone(), open.clone(), open);
    // A click of the keyboard counts no presses of a button.
    let onclick = Callback::from(move |event: MouseEvent| {
        if event.detail() == 0 {
            on_click();
        }
    });
    let ondblclick = Callback::from(move |_: MouseEvent| on_double());
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "F2" {
            event.prevent_default();
            on_key();
        }
    });
    let title = format!("{}: double click, Enter or F2 to edit", props.label);
    html! {
        <button ref={button} type="button" class={classes!("ins-edit", props.class.clone())} {onclick} {ondblclick} {onkeydown} {title}>
            <bdi>{ &props.shown }</bdi>
        </button>
    }
}

/// One of the commands that a form can send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verb {
    pub word: &'static str,
    pub slots: Vec<Slot>,
}

#[derive(Debug, Properties, PartialEq)]
pub struct FormProps {
    pub scene: Scene,
    /// What the fields are called.
    pub fields: Vec<&'static str>,
    pub verbs: Vec<Verb>,
}

/// Fields and commands that take them; Enter sends the first.
#[component(Form)]
pub fn form(props: &FormProps) -> Html {
    let form = use_node_ref();
    let broken = use_state(|| false);
    let onsubmit = {
        let (scene, verbs, form, broken) =
            (props.scene.clone(), props.verbs.clone(), form.clone(), broken.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let chosen = event.submitter().and_then(|button| button.get_attribute("data-verb"));
            let verb = verbs.iter().find(|verb| chosen.as_deref() == Some(verb.word)).or(verbs.first());
            let inputs = inputs(&form);
            let typed: Option<Vec<_>> = inputs.iter().map(|input| command::typed(&input.value())).collect();
            let line = verb.zip(typed).and_then(|(verb, typed)| command::filled(&verb.slots, &typed));
            broken.set(line.is_none());
            if let Some(line) = line {
                scene.run(line);
                for input in &inputs {
                    input.set_value("");
                }
                if let Some(first) = inputs.first() {
                    let _ = first.focus();
                }
            }
        })
    };
    let onkeydown = Callback::from(|event: KeyboardEvent| event.stop_propagation());
    html! {
        <form class="ins-form" ref={form} {onsubmit} {onkeydown}>
            { for props.fields.iter().map(|name| html! {
                <input class="field ins-form__field" placeholder={*name} aria-label={*name} required=true autocomplete="off" spellcheck="false" />
            }) }
            { for props.verbs.iter().map(|verb| html! {
                <button class="button" type="submit" data-verb={verb.word}>{ verb.word }</button>
            }) }
            if *broken { <span class="ins-edit__error" role="alert">{ "The quotes do not close." }</span> }
        </form>
    }
}

fn inputs(form: &NodeRef) -> Vec<HtmlInputElement> {
    let Some(form) = form.cast::<web_sys::Element>() else { return Vec::new() };
    let found = form.get_elements_by_tag_name("input");
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// A small button that runs a command which takes something away.
pub fn remove(scene: &Scene, words: &[&[u8]], label: &str) -> Html {
    let line = command::line(words);
    let click = scene.runs::<MouseEvent>(words);
    html! {
        <button type="button" class="button button--quiet button--icon ins-remove" onclick={click} title={line} aria-label={label.to_owned()}>
            { Icon::Cross.draw() }
        </button>
    }
}

/// A command to click, as it will be typed.
pub fn run_button(scene: &Scene, line: String) -> Html {
    let click = {
        let (scene, line) = (scene.clone(), line.clone());
        Callback::from(move |_: MouseEvent| scene.run(line.clone()))
    };
    html! {
        <button type="button" class="run" onclick={click}>
            { Icon::Play.draw() }<code>{ line }</code><span class="run__word">{ "run" }</span>
        </button>
    }
}
