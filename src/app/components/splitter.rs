//! The bar between two zones: dragged or moved with the arrow keys, it changes the width of the outer one, which the
//! page remembers.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::hooks::browser;

/// Which zone the bar makes wider and narrower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Learn,
    See,
}

/// Percent of the page's width.
const NARROWEST: f64 = 16.0;
const WIDEST: f64 = 48.0;
const KEY_STEP: f64 = 2.0;

impl Edge {
    /// The custom property that the style sheet lays the zones out by.
    fn property(self) -> &'static str {
        match self {
            Self::Learn => "--learn-width",
            Self::See => "--see-width",
        }
    }

    fn memory(self) -> &'static str {
        match self {
            Self::Learn => "playground.width.learn",
            Self::See => "playground.width.see",
        }
    }

    fn usual(self) -> f64 {
        match self {
            Self::Learn => 27.0,
            Self::See => 34.0,
        }
    }
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub edge: Edge,
    pub label: &'static str,
}

#[component(Splitter)]
pub fn splitter(props: &Props) -> Html {
    let edge = props.edge;
    let bar = use_node_ref();
    let width = use_state(|| {
        let remembered = browser::remembered(edge.memory()).and_then(|text| text.parse::<f64>().ok());
        remembered.filter(|width| width.is_finite()).unwrap_or_else(|| edge.usual()).clamp(NARROWEST, WIDEST)
    });
    {
        let bar = bar.clone();
        use_effect_with(*width, move |width| {
            if let Some(zones) = zones(&bar) {
                browser::set_property(&zones, edge.property(), &format!("{width}%"));
            }
            if (width - edge.usual()).abs() > 0.01 || browser::remembered(edge.memory()).is_some() {
                browser::remember(edge.memory(), &width.to_string());
            }
        });
    }
    let set = {
        let width = width.clone();
        move |to: f64| width.set(to.clamp(NARROWEST, WIDEST))
    };
    let grab = Callback::from(|event: PointerEvent| {
        if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            let _ = target.set_pointer_capture(event.pointer_id());
            event.prevent_default();
        }
    });
    let drag = {
        let (bar, set) = (bar.clone(), set.clone());
        Callback::from(move |event: PointerEvent| {
            let held = event.target().and_then(|target| target.dyn_into::<Element>().ok());
            let held = held.is_some_and(|target| target.has_pointer_capture(event.pointer_id()));
            if let Some(zones) = zones(&bar).filter(|_| held) {
                let all = zones.get_bounding_client_rect();
                let from_left = (f64::from(event.client_x()) - all.left()) / all.width().max(1.0) * 100.0;
                set(if edge == Edge::Learn { from_left } else { 100.0 - from_left });
            }
        })
    };
    let keys = {
        let now = *width;
        Callback::from(move |event: KeyboardEvent| {
            let wider = if edge == Edge::Learn { KEY_STEP } else { -KEY_STEP };
            match event.key().as_str() {
                "ArrowRight" => set(now + wider),
                "ArrowLeft" => set(now - wider),
                "Home" => set(NARROWEST),
                "End" => set(WIDEST),
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <div class="splitter" data-edge={edge.property()} ref={bar} role="separator" tabindex="0"
            aria-orientation="vertical" aria-label={props.label} aria-valuenow={format!("{:.0}", *width)}
            aria-valuemin={NARROWEST.to_string()} aria-valuemax={WIDEST.to_string()}
            title="Drag, or use the arrow keys" onpointerdown={grab} onpointermove={drag} onkeydown={keys} />
    }
}

/// The element that holds the zones and their widths.
fn zones(bar: &NodeRef) -> Option<HtmlElement> {
    bar.cast::<HtmlElement>()?.parent_element()?.dyn_into().ok()
}
