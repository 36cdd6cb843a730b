//! How much memory is in use, what for, and how much there may be: a gauge with its figures.

use yew::prelude::*;

use crate::format;
use crate::state::view::View;

/// What the gauge draws, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    pub used: u64,
    pub peak: u64,
    pub dataset: u64,
    pub overhead: u64,
    /// 0 is no limit.
    pub limit: u64,
}

impl Figures {
    pub fn of(view: &View) -> Self {
        let View { used_memory: used, peak_memory: peak, dataset, overhead, maxmemory: limit, .. } = *view;
        Self { used, peak, dataset, overhead, limit }
    }
}

#[derive(Debug, Properties, PartialEq)]
pub struct Props {
    pub figures: Figures,
}

/// The name of a figure, its bytes, how it is drawn, and what it means.
type Fact = (&'static str, u64, &'static str, &'static str);

#[component(Usage)]
pub fn usage(Props { figures }: &Props) -> Html {
    let Figures { used, peak, dataset, overhead, limit } = *figures;
    let facts: [Fact; 4] = [
        ("Used", used, "", "All that the server has allocated: used_memory"),
        (
            "Dataset",
            dataset,
            "data",
            "Keys, values, and all else that is no overhead, such as what is counted of each command: used_memory_dataset",
        ),
        (
            "Overhead",
            overhead,
            "overhead",
            "Server, clients, and the tables that keys are found by: used_memory_overhead",
        ),
        ("Peak", peak, "peak", "The most there ever was: used_memory_peak"),
    ];
    let whole = limit.max(peak).max(1) as f64;
    let percent = |bytes: u64| format!("{:.2}%", bytes as f64 / whole * 100.0);
    // What is counted as overhead may be more than what is in use: it has the script machines, which are not.
    let below = used.saturating_sub(dataset);
    let words = if limit > 0 {
        format!("{} of {} used", format::size(used), format::size(limit))
    } else {
        format!("{} used, no limit", format::size(used))
    };
    html! {
        <section class="usage" aria-label="Memory in use">
            <svg class="gauge" role="img" aria-label={words} height="20" width="100%">
                <rect class="gauge__room" width="100%" height="20" />
                <rect class="gauge__overhead" width={percent(below)} height="20" />
                <rect class="gauge__data" x={percent(below)} width={percent(used - below)} height="20" />
                <line class="gauge__peak" x1={percent(peak)} x2={percent(peak)} y1="0" y2="20" />
                if limit > 0 && limit < peak {
                    <line class="gauge__limit" x1={percent(limit)} x2={percent(limit)} y1="0" y2="20" />
                }
            </svg>
            <dl class="figures">
                { for facts.into_iter().map(fact) }
                <div class="figure" title="How much there may be: maxmemory">
                    <dt>{ "Limit" }</dt>
                    if limit > 0 { { amount(limit) } } else { <dd>{ "none" }</dd> }
                </div>
            </dl>
            if overhead > used {
                <p class="part__words">
                    { "Overhead is more than what is used: as in Redis, it counts the machines that run scripts, and used memory does not." }
                </p>
            }
        </section>
    }
}

fn fact((name, bytes, mark, meaning): Fact) -> Html {
    html! {
        <div class="figure" title={meaning}>
            <dt>
                if !mark.is_empty() { <span class="figure__mark" data-mark={mark} aria-hidden="true" /> }
                { name }
            </dt>
            { amount(bytes) }
        </div>
    }
}

fn amount(bytes: u64) -> Html {
    html! {
        <dd>
            <b>{ format::size(bytes) }</b>
            <span class="figure__bytes">{ format!("{} B", format::count(bytes as usize)) }</span>
        </dd>
    }
}
