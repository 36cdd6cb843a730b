//! All figures of all policies as a table that is sorted by a click on a column's name.

use std::rc::Rc;

use playground_lab::{PolicyReport, Report};
use yew::prelude::*;

use super::ratio;
use crate::format;
use crate::state::lab::{self, Column, LabAction};

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub report: Rc<Report>,
    pub order: (Column, bool),
    pub chosen: Option<&'static str>,
    pub best: Option<&'static str>,
    pub act: Callback<LabAction>,
}

/// The columns, each with its name and what it means.
const COLUMNS: [(Column, &str, &str); 6] = [
    (Column::Policy, "Policy", "The word for CONFIG SET maxmemory-policy"),
    (Column::Hits, "Hits", "Requests that found their key"),
    (Column::Evicted, "Evicted", "Keys that left for want of room"),
    (Column::Expired, "Expired", "Keys past their time to live, lazily and actively"),
    (Column::Refused, "OOM", "Writes that were refused with an OOM error"),
    (Column::Memory, "Memory", "In use in the end: used_memory"),
];

#[component(Table)]
pub fn table(props: &Props) -> Html {
    let (sorted_by, turned) = props.order;
    let head = |(column, name, meaning): (Column, &'static str, &'static str)| {
        let sort = props.act.reform(move |_: MouseEvent| LabAction::Sort(column));
        // Names begin with A, figures with the most.
        let order = (column == sorted_by).then_some(if (column == Column::Policy) == turned {
            "descending"
        } else {
            "ascending"
        });
        html! {
            <th scope="col" aria-sort={order}>
                <button class="lab-table__sort" onclick={sort} title={meaning}>
                    { name }
                    <span class="lab-table__order" aria-hidden="true">{ match order { Some("ascending") => "↑", Some(_) => "↓", None => "" } }</span>
                </button>
            </th>
        }
    };
    html! {
        <div class="lab-table">
            <table class="table lab-table__table">
                <caption class="hidden">{ "Figures of each policy" }</caption>
                <thead><tr>{ for COLUMNS.into_iter().map(head) }</tr></thead>
                <tbody>{ for lab::sorted(&props.report, props.order).into_iter().map(|policy| row(policy, props)) }</tbody>
            </table>
        </div>
    }
}

fn row(policy: &PolicyReport, props: &Props) -> Html {
    let count = |n: u64| format::short_count(n as usize);
    let word = policy.policy;
    let expired =
        format!("{} lazily, {} actively", count(policy.expired_lazily), count(policy.expired_actively));
    html! {
        <tr key={word} data-best={(props.best == Some(word)).then_some("true")} data-chosen={(props.chosen == Some(word)).then_some("true")}>
            <th scope="row">{ word }</th>
            <td>{ ratio(policy.hit_ratio) }</td>
            <td>{ count(policy.evicted) }</td>
            <td title={expired}>{ count(policy.expired()) }</td>
            <td data-refused={(policy.refused > 0).then_some("true")}>{ count(policy.refused) }</td>
            <td>{ format::size(policy.used_memory) }</td>
        </tr>
    }
}
