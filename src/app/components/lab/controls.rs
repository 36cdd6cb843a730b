//! What is to be played: workloads to begin with, and every setting, each with what is wrong with it below.

use std::rc::Rc;

use yew::prelude::*;

use super::Setting;
use crate::components::icon::Icon;
use crate::hooks::browser;
use crate::state::lab::LabAction;
use crate::state::lab::form::{Field, Form, PATTERNS, Wrong};
use crate::state::lab::presets::{self, Preset};
use crate::state::memory::Survey;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub form: Form,
    pub preset: Preset,
    pub wrong: Vec<Wrong>,
    pub running: bool,
    pub setting: Setting,
    pub survey: Option<Rc<Survey>>,
    pub act: Callback<LabAction>,
}

#[component(Controls)]
pub fn controls(props: &Props) -> Html {
    let submit = {
        let (act, first, running) =
            (props.act.clone(), props.wrong.first().map(|(field, _)| *field), props.running);
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match first {
                Some(field) => browser::focus(&id(field)),
                None if running => {}
                None => act.emit(LabAction::Start),
            }
        })
    };
    let cancel = props.act.reform(|event: MouseEvent| {
        // The button is the same that runs, so that it keeps the keyboard: before the click is over, it would run anew.
        event.prevent_default();
        LabAction::Cancel
    });
    let fields = Field::ALL.into_iter().filter(|field| *field != Field::Pattern && props.form.uses(*field));
    html! {
        <form class="lab-form" onsubmit={submit} aria-label="What to play" novalidate={true}>
            { workloads(props) }
            <div class="lab-form__fields">
                { pattern(props) }
                { for fields.map(|field| html! {
                    <TextField key={field.token()} {field} text={props.form.get(field).to_owned()} wrong={wrong(props, field)}
                        act={props.act.clone()} />
                }) }
            </div>
            <p class="part__words">
                { "Limit: +2mb is room for data, 3mb is maxmemory itself. Sizes and times may be ranges (64-4kb, 10s-60s); 0.5:10s gives half of the keys a time to live." }
            </p>
            if props.running {
                <button class="button lab-form__go" type="button" onclick={cancel} title="Escape">
                    { Icon::Cross.draw() }{ "Cancel" }
                </button>
            } else {
                <button class="button button--primary lab-form__go" type="submit">{ Icon::Play.draw() }{ "Run" }</button>
            }
        </form>
    }
}

fn id(field: Field) -> String {
    format!("lab-{}", field.token())
}

fn wrong(props: &Props, field: Field) -> Option<String> {
    props.wrong.iter().find(|(at, _)| *at == field).map(|(_, why)| why.clone())
}

fn workloads(props: &Props) -> Html {
    let like_page = props.survey.as_ref().and_then(|survey| {
        let Setting { maxmemory, used, samples, .. } = props.setting;
        presets::like_page(survey, maxmemory, used, samples)
    });
    let without_keys = like_page.is_none();
    let choose = props.act.reform(move |event: Event| {
        let preset = Preset::from_token(&browser::chosen(&event)).unwrap_or_default();
        match &like_page {
            Some(form) if preset == Preset::Page => LabAction::LikePage(form.clone()),
            _ => LabAction::Choose(preset),
        }
    });
    html! {
        <div class="setting">
            <label class="setting__label" for="lab-workload">{ "Workload" }</label>
            <select class="select" id="lab-workload" onchange={choose} aria-describedby="lab-workload-words">
                { for Preset::ALL.into_iter().map(|preset| {
                    let missing = preset == Preset::Page && without_keys;
                    html! {
                        <option value={preset.token()} selected={preset == props.preset} disabled={missing}>
                            { preset.name() }{ if missing { " (it has no keys yet)" } else { "" } }
                        </option>
                    }
                }) }
            </select>
            <p class="part__words lab-form__words" id="lab-workload-words">{ props.preset.sentence() }</p>
        </div>
    }
}

fn pattern(props: &Props) -> Html {
    let field = Field::Pattern;
    let choose = props.act.reform(move |event: Event| LabAction::Type(field, browser::chosen(&event)));
    html! {
        <div class="setting lab-form__wide">
            <label class="setting__label" for={id(field)}>{ field.label() }</label>
            <select class="select" id={id(field)} onchange={choose}>
                { for PATTERNS.into_iter().map(|(name, words)| html! {
                    <option value={name} selected={name == props.form.get(field)}>{ words }</option>
                }) }
            </select>
        </div>
    }
}

#[derive(Debug, Properties, PartialEq)]
struct FieldProps {
    field: Field,
    text: String,
    wrong: Option<String>,
    act: Callback<LabAction>,
}

/// A setting that is typed; what is wrong with it is told as soon as it is so.
#[component(TextField)]
fn text_field(props: &FieldProps) -> Html {
    let field = props.field;
    let typed = props.act.reform(move |event: InputEvent| LabAction::Type(field, browser::typed(&event)));
    let (id, told) = (id(field), format!("lab-{}-wrong", field.token()));
    let described = props.wrong.is_some().then(|| told.clone());
    let wide = matches!(field, Field::Mix).then_some("lab-form__wide");
    let number = !matches!(field, Field::Mix | Field::Sizes | Field::Lifetimes | Field::Maxmemory);
    html! {
        <div class={classes!("setting", wide)} data-wrong={described.is_some().then_some("true")}>
            <label class="setting__label" for={id.clone()}>{ field.label() }</label>
            <input class="field lab-form__field" {id} value={props.text.clone()} oninput={typed} title={format!("such as {}", field.example())}
                placeholder={if field == Field::Lifetimes { "none" } else { "" }} inputmode={if number { "decimal" } else { "text" }}
                autocomplete="off" spellcheck="false" autocapitalize="off" maxlength="200"
                aria-invalid={described.is_some().then_some("true")} aria-describedby={described} />
            if let Some(why) = &props.wrong { <p class="lab-form__wrong" id={told}>{ why }</p> }
        </div>
    }
}
