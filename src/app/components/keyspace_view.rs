//! The keyspace: the list of keys, and one of them looked into.

use std::rc::Rc;

use yew::prelude::*;

use super::inspector::Inspector;
use super::key_list::KeyList;
use crate::bridge::Intent;
use crate::format;
use crate::state::Action;
use crate::state::inspect::Glances;
use crate::state::view::{Ghosts, View};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub view: Rc<View>,
    pub ghosts: Rc<Ghosts>,
    pub glances: Rc<Glances>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(KeyspaceView)]
pub fn keyspace_view(props: &Props) -> Html {
    let view = &props.view;
    let elsewhere = view.elsewhere.iter().map(|(db, keys)| format!("db{db}: {}", format::count(*keys)));
    html! {
        <>
            <header class="zone__head">
                <h2 class="zone__name hidden">{ "Keyspace" }</h2>
                <span class="zone__fact">{ format!("db{}", view.db) }</span>
                <span class="zone__fact">{ format::counted(view.keys, "key", "keys") }</span>
                if !view.elsewhere.is_empty() {
                    <span class="zone__fact" title="Keys in other databases; SELECT goes there">
                        { elsewhere.collect::<Vec<_>>().join(", ") }
                    </span>
                }
                <span class="zone__fact see__used">{ format!("{} used", format::size(view.used_memory)) }</span>
            </header>
            <KeyList view={view.clone()} ghosts={props.ghosts.clone()} bridge={props.bridge.clone()} />
            <Inspector selected={view.selected.clone()} picture={view.inspection.clone()} glances={props.glances.clone()}
                now={view.now} bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
        </>
    }
}
