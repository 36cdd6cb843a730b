//! A stream as the log it is: the newest entries first, each with its fields, and above them who reads it and how far.

use std::rc::Rc;

use playground_engine::snapshot::{EntryView, GroupView};
use yew::prelude::*;

use crate::format;

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    /// The newest first.
    pub entries: Rc<[EntryView]>,
    pub groups: Rc<[GroupView]>,
}

#[component(StreamLog)]
pub fn stream_log(Props { entries, groups }: &Props) -> Html {
    html! {
        <>
            if !groups.is_empty() {
                <ul class="groups" aria-label="Consumer groups">{ for groups.iter().map(group) }</ul>
            }
            <ol class="log" aria-label="Entries, the newest first">{ for entries.iter().map(entry) }</ol>
        </>
    }
}

fn group(view: &GroupView) -> Html {
    let name = format::short_name(&view.name);
    let pending = format::counted(view.pending, "entry pending", "entries pending");
    html! {
        <li class="group" key={format::name(&view.name)}>
            <p class="group__name"><bdi>{ name }</bdi></p>
            <p class="group__state">{ format!("delivered up to {}, {pending}", view.last_id) }</p>
            <ul class="members">
                { for view.consumers.iter().map(|(name, pending)| html! {
                    <li class="member" key={format::name(name)}>
                        <bdi>{ format::short_name(name) }</bdi>{ format!(" {} pending", format::count(*pending)) }
                    </li>
                }) }
            </ul>
        </li>
    }
}

fn entry(view: &EntryView) -> Html {
    html! {
        <li class="entry" key={view.id.clone()}>
            <span class="entry__id">{ &view.id }</span>
            <dl class="entry__fields">
                { for view.fields.iter().map(|(field, value)| html! {
                    <div class="entry__pair">
                        <dt><bdi>{ format::short_name(field) }</bdi></dt>
                        <dd><bdi>{ format::short_name(value) }</bdi></dd>
                    </div>
                }) }
            </dl>
        </li>
    }
}
