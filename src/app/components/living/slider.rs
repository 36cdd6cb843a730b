//! A slider, or a switch, of simulated clients.

use playground_workload::Slider;
use yew::prelude::*;

use crate::format;
use crate::hooks::browser;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub slider: Slider,
    pub value: f64,
    pub moved: Callback<f64>,
}

/// So many steps from one end to the other, where the numbers are not whole.
const STEPS: f64 = 100.0;

#[component(Slide)]
pub fn slide(props: &Props) -> Html {
    let Slider { name, label, least, most, is_switch, .. } = &props.slider;
    let id = format!("slider-{name}");
    if *is_switch {
        let turn = props.moved.reform(|event: Event| f64::from(u8::from(browser::checked(&event))));
        return html! {
            <div class="slide slide--switch">
                <input type="checkbox" id={id.clone()} checked={props.value != 0.0} onchange={turn} />
                <label for={id}>{ label }</label>
            </div>
        };
    }
    let moved = props.moved.clone();
    let slide = Callback::from(move |event: InputEvent| {
        if let Ok(value) = browser::typed(&event).parse() {
            moved.emit(value);
        }
    });
    let whole = [*least, *most, props.slider.value].iter().all(|number| number.fract() == 0.0);
    let step = if whole { 1.0 } else { (most - least) / STEPS };
    html! {
        <div class="slide">
            <label for={id.clone()}>{ label }</label>
            <output for={id.clone()}>{ format::score(props.value) }</output>
            <input type="range" {id} min={least.to_string()} max={most.to_string()} step={step.to_string()}
                value={props.value.to_string()} oninput={slide} />
        </div>
    }
}
