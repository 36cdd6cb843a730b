//! Which zones are shown, where several have room: a button each, pressed while its zone is there.

use yew::prelude::*;

use super::icon::Icon;
use crate::state::Action;
use crate::state::layout::{Hidden, Zone};

impl Zone {
    pub fn icon(self) -> Icon {
        match self {
            Self::Learn => Icon::Book,
            Self::Do => Icon::Prompt,
            Self::See => Icon::Eye,
        }
    }
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub hidden: Hidden,
    pub dispatch: Callback<Action>,
}

#[component(ZoneToggles)]
pub fn zone_toggles(props: &Props) -> Html {
    let zones = Zone::ALL.into_iter().zip(1..);
    html! {
        <div class="toggles" role="group" aria-label="Zones shown">
            { for zones.map(|(zone, number)| {
                let toggle = props.dispatch.reform(move |_: MouseEvent| Action::ToggleZone(zone));
                let shown = !props.hidden.has(zone);
                html! {
                    <button class="toggles__zone" data-toggles={zone.token()} onclick={toggle} aria-pressed={shown.to_string()}
                        aria-label={zone.word()} title={format!("{} {} (Alt+{number})", if shown { "Hide" } else { "Show" }, zone.word())}>
                        { zone.icon().draw() }
                    </button>
                }
            }) }
        </div>
    }
}
