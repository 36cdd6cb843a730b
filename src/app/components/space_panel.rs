//! A namespace looked at as a whole: what is in it, and the commands that would delete it, shown before they are run.

use std::rc::Rc;

use yew::prelude::*;

use super::icon::Icon;
use super::treemap::share;
use super::type_badge::TypeBadge;
use crate::bridge::Intent;
use crate::format;
use crate::hooks::browser;
use crate::state::keys::{KeysIntent, Plan, SpaceView};

/// Commands that are shown; the rest is counted.
const SHOWN: usize = 3;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub space: Rc<SpaceView>,
    /// The list is filtered, and so is what is counted here.
    pub is_filtered: bool,
    pub bridge: Callback<Intent>,
}

#[component(SpacePanel)]
pub fn space_panel(props: &Props) -> Html {
    let space = &props.space;
    let close = props.bridge.reform(|_: MouseEvent| Intent::Select(None));
    let name = format::short_name(&space.prefix);
    let is_planned = space.plan.is_some();
    let prepare = props.bridge.reform(move |_: MouseEvent| Intent::Keys(KeysIntent::Plan(!is_planned)));
    html! {
        <section class="inspector space-panel" aria-label="Inside the namespace">
            <header class="inspector__head">
                <h3 class="inspector__name" title={name.clone()}><bdi>{ name }</bdi></h3>
                <span class="space-panel__what">{ "namespace" }</span>
                <button class="button button--quiet button--icon" onclick={close} title="Close: follow what changes" aria-label="Close">
                    { Icon::Cross.draw() }
                </button>
            </header>
            <dl class="facts">
                <div class="facts__pair"><dt>{ "Keys" }</dt><dd>{ format::count(space.share.keys) }</dd></div>
                <div class="facts__pair"><dt>{ "Memory" }</dt><dd>{ format!("{} bytes", format::count(space.share.bytes as usize)) }</dd></div>
                <div class="facts__pair space-panel__state"><dt class="hidden">{ "Counted" }</dt>
                    <dd>{ if space.is_counted { "" } else { "counting…" } }</dd></div>
            </dl>
            <div class="inspector__value space-panel__body" tabindex="0" role="group" aria-label="What is in it">
                { kinds(space) }
                if props.is_filtered {
                    <p class="space-panel__note">{ "Only keys that the filter lists are counted, and deleted." }</p>
                }
                <div class="space-panel__actions">
                    <button class="button space-panel__delete" onclick={prepare} aria-expanded={is_planned.to_string()}
                        aria-controls="space-plan">{ "Delete: see the commands" }</button>
                </div>
                <div id="space-plan">
                    if let Some(plan) = &space.plan { { preview(plan, &props.bridge) } }
                </div>
            </div>
        </section>
    }
}

fn kinds(space: &SpaceView) -> Html {
    let whole = space.kinds.iter().map(|(_, share)| share.bytes).sum();
    html! {
        <table class="table">
            <thead><tr><th>{ "Type" }</th><th>{ "Keys" }</th><th>{ "Memory" }</th><th>{ "Share" }</th></tr></thead>
            <tbody>
                { for space.kinds.iter().map(|(kind, of)| html! {
                    <tr>
                        <th scope="row"><TypeBadge kind={*kind} /></th>
                        <td>{ format::count(of.keys) }</td>
                        <td>{ format::size(of.bytes) }</td>
                        <td>{ share(of.bytes, whole) }</td>
                    </tr>
                }) }
            </tbody>
        </table>
    }
}

fn preview(plan: &Plan, bridge: &Callback<Intent>) -> Html {
    let commands = format::counted(plan.lines.len(), "command", "commands");
    let keys = format::counted(plan.keys, "key", "keys");
    let more = plan.lines.len().saturating_sub(SHOWN);
    let run = {
        let bridge = bridge.clone();
        Callback::from(move |_: MouseEvent| {
            bridge.emit(Intent::Keys(KeysIntent::Delete));
            // The panel goes with what it showed.
            browser::focus("keys-list");
        })
    };
    html! {
        <div class="plan">
            <p>{ format!("{keys}, {commands}. They run at the prompt, as if typed. UNLINK deletes keys and frees their memory later.") }</p>
            <ol class="plan__lines" tabindex="0" aria-label="The commands">
                { for plan.lines.iter().take(SHOWN).map(|line| html! { <li><code>{ line }</code></li> }) }
            </ol>
            if more > 0 { <p>{ format!("and {} of this kind", format::counted(more, "command more", "commands more")) }</p> }
            <button class="button plan__run" onclick={run}>{ format!("Run {commands}") }</button>
        </div>
    }
}
