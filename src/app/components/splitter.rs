//! The bar between two zones, or between the parts of one: dragged or moved with the arrow keys, it changes the size of
//! one of them, which the page remembers.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::hooks::browser;

/// What the bar makes larger and smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Learn,
    See,
    /// The list of keys, above what is in one.
    List,
}

/// Percent of what it divides.
const KEY_STEP: f64 = 2.0;

impl Edge {
    /// The custom property that the style sheet lays the zones out by.
    fn property(self) -> &'static str {
        match self {
            Self::Learn => "--learn-width",
            Self::See => "--see-width",
            Self::List => "--list-height",
        }
    }

    fn memory(self) -> &'static str {
        match self {
            Self::Learn => "playground.width.learn",
            Self::See => "playground.width.see",
            Self::List => "playground.height.list",
        }
    }

    fn usual(self) -> f64 {
        match self {
            Self::Learn => 27.0,
            Self::See => 34.0,
            Self::List => 40.0,
        }
    }

    /// The least and the most.
    fn ends(self) -> (f64, f64) {
        if self == Self::List { (20.0, 80.0) } else { (16.0, 48.0) }
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
    let (least, most) = edge.ends();
    let size = use_state(|| {
        let remembered = browser::remembered(edge.memory()).and_then(|text| text.parse::<f64>().ok());
        remembered.filter(|size| size.is_finite()).unwrap_or_else(|| edge.usual()).clamp(least, most)
    });
    {
        let bar = bar.clone();
        use_effect_with(*size, move |size| {
            if let Some(whole) = divided(&bar) {
                browser::set_property(&whole, edge.property(), &format!("{size}%"));
            }
            if (size - edge.usual()).abs() > 0.01 || browser::remembered(edge.memory()).is_some() {
                browser::remember(edge.memory(), &size.to_string());
            }
        });
    }
    let set = {
        let size = size.clone();
        move |to: f64| size.set(to.clamp(least, most))
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
            if let Some(whole) = divided(&bar).filter(|_| held) {
                let all = whole.get_bounding_client_rect();
                let from_left = (f64::from(event.client_x()) - all.left()) / all.width().max(1.0) * 100.0;
                let from_top = (f64::from(event.client_y()) - all.top()) / all.height().max(1.0) * 100.0;
                set(match edge {
                    Edge::Learn => from_left,
                    Edge::See => 100.0 - from_left,
                    Edge::List => from_top,
                });
            }
        })
    };
    let keys = {
        let now = *size;
        Callback::from(move |event: KeyboardEvent| {
            let by = if edge == Edge::See { -KEY_STEP } else { KEY_STEP };
            match (event.key().as_str(), edge) {
                ("ArrowRight", Edge::Learn | Edge::See) | ("ArrowDown", Edge::List) => set(now + by),
                ("ArrowLeft", Edge::Learn | Edge::See) | ("ArrowUp", Edge::List) => set(now - by),
                ("Home", _) => set(least),
                ("End", _) => set(most),
                _ => return,
            }
            event.prevent_default();
        })
    };
    html! {
        <div class="splitter" data-edge={edge.property()} ref={bar} role="separator" tabindex="0"
            aria-orientation={if edge == Edge::List { "horizontal" } else { "vertical" }} aria-label={props.label}
            aria-valuenow={format!("{:.0}", *size)} aria-valuemin={least.to_string()} aria-valuemax={most.to_string()}
            title="Drag, or use the arrow keys" onpointerdown={grab} onpointermove={drag} onkeydown={keys} />
    }
}

/// The element that holds what is divided, and the sizes.
fn divided(bar: &NodeRef) -> Option<HtmlElement> {
    bar.cast::<HtmlElement>()?.parent_element()?.dyn_into().ok()
}
