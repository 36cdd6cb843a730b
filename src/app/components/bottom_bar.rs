//! On a phone: which zone is shown.

use yew::prelude::*;

use crate::state::Action;
use crate::state::layout::Zone;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub zone: Zone,
    pub dispatch: Callback<Action>,
}

#[component(BottomBar)]
pub fn bottom_bar(props: &Props) -> Html {
    html! {
        <nav class="bottom" aria-label="Zones">
            { for Zone::ALL.into_iter().map(|zone| {
                let show = props.dispatch.reform(move |_: MouseEvent| Action::ShowZone(zone));
                html! {
                    <button class="bottom__tab" onclick={show} aria-current={(zone == props.zone).then_some("true")}>
                        { zone.icon().draw() }<span>{ zone.word() }</span>
                    </button>
                }
            }) }
        </nav>
    }
}
