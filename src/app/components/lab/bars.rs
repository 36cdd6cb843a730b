//! The hit ratio of each policy as a bar with its number, always in the same order, so that nothing moves while it is
//! played. The best is marked; a click looks at a policy.

use std::rc::Rc;

use playground_lab::{PolicyReport, Report};
use yew::prelude::*;

use super::ratio;
use crate::components::icon::Icon;
use crate::state::lab::LabAction;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub report: Rc<Report>,
    pub chosen: Option<&'static str>,
    pub best: Option<&'static str>,
    pub act: Callback<LabAction>,
}

#[component(Bars)]
pub fn bars(props: &Props) -> Html {
    let row = |policy: &PolicyReport| {
        let word = policy.policy;
        let look = props.act.reform(move |_: MouseEvent| LabAction::Look(word));
        let best = props.best == Some(word);
        let chosen = props.chosen == Some(word);
        html! {
            <li key={word}>
                <button class="lab-bar" onclick={look} aria-pressed={chosen.to_string()} data-best={best.then_some("true")}>
                    <span class="lab-bar__name">{ word }</span>
                    <svg class="lab-bar__bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="lab-bar__room" width="100" height="10" />
                        <rect class="lab-bar__fill" width={format!("{:.2}", policy.hit_ratio * 100.0)} height="10" />
                    </svg>
                    <span class="lab-bar__ratio">{ ratio(policy.hit_ratio) }</span>
                    <span class="lab-bar__mark">
                        if best { { Icon::Check.draw() }{ "best" } }
                        else if policy.refused > 0 { <span class="lab-bar__refused" title="It refused writes: OOM errors">{ "refused" }</span> }
                    </span>
                </button>
            </li>
        }
    };
    let refusing = props.report.policies.iter().any(|policy| policy.refused > 0);
    html! {
        <>
            <ol class="lab-bars" aria-label="Hit ratio of each policy">{ for props.report.policies.iter().map(row) }</ol>
            if refusing {
                <p class="part__words">
                    { "Policies marked “refused” found no key to evict and answered writes with an OOM error. The best is the one with most hits of those that refused none, if there is one." }
                </p>
            }
        </>
    }
}
