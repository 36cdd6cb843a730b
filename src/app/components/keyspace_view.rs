//! The keyspace: the list of keys, how it is arranged, and a key or a namespace looked into.

use std::rc::Rc;

use yew::prelude::*;

use super::inspector::Inspector;
use super::key_list::KeyList;
use super::key_toolbar::KeyToolbar;
use super::space_panel::SpacePanel;
use super::splitter::{Edge, Splitter};
use crate::bridge::Intent;
use crate::format;
use crate::hooks::use_refresh;
use crate::state::Action;
use crate::state::inspect::Glances;
use crate::state::view::{Ghosts, View};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub view: Rc<View>,
    pub ghosts: Rc<Ghosts>,
    /// Whether it is the picture that is shown.
    pub shown: bool,
    pub glances: Rc<Glances>,
    pub bridge: Callback<Intent>,
    pub dispatch: Callback<Action>,
}

#[component(KeyspaceView)]
pub fn keyspace_view(props: &Props) -> Html {
    use_refresh("keyspace", props.bridge.clone());
    let view = &props.view;
    let listing = &view.listing;
    let elsewhere = view.elsewhere.iter().map(|(db, keys)| format!("db{db}: {}", format::count(*keys)));
    let is_filtered = !listing.arrangement.filter.is_open();
    html! {
        <>
            <header class="zone__head" id="keyspace">
                <h2 class="zone__name hidden">{ "Keyspace" }</h2>
                <span class="zone__fact">{ format!("db{}", view.db) }</span>
                <span class="zone__fact">{ format::counted(view.keys, "key", "keys") }</span>
                if is_filtered {
                    <span class="zone__fact keys__listed" role="status">{ format!("{} listed", format::count(listing.listed.keys)) }</span>
                }
                if !view.elsewhere.is_empty() {
                    <span class="zone__fact" title="Keys in other databases; SELECT goes there">
                        { elsewhere.collect::<Vec<_>>().join(", ") }
                    </span>
                }
                <span class="zone__fact see__used">{ format!("{} used", format::size(view.used_memory)) }</span>
            </header>
            <KeyToolbar arrangement={listing.arrangement.clone()} classes={listing.kinds.clone()} bridge={props.bridge.clone()} />
            <div class="see__parts">
                <KeyList view={view.clone()} ghosts={props.ghosts.clone()} shown={props.shown} bridge={props.bridge.clone()} />
                <Splitter edge={Edge::List} label="Height of the list of keys" />
                if let Some(space) = &listing.space {
                    <SpacePanel space={space.clone()} {is_filtered} bridge={props.bridge.clone()} />
                } else {
                    <Inspector selected={view.selected.clone()} picture={view.inspection.clone()} glances={props.glances.clone()}
                        now={view.now} bridge={props.bridge.clone()} dispatch={props.dispatch.clone()} />
                }
            </div>
        </>
    }
}
